#include "valija/workers/sender.hpp"

#include <fmt/format.h>

#include <utility>

#include "outbox_pass.hpp"
#include "valija/base/words.hpp"

namespace valija::workers {
namespace {

Error no_mail(std::int64_t id) {
  return {Kind::usage, Blast::message, fmt::format(fmt::runtime(_("No mail {} is in the outbox.")), id), _("See: valija outbox")};
}

Error sends_elsewhere() {
  return {Kind::try_later, Blast::program, _("Another valija process is sending."), _("It sends this mail too.")};
}

}  // namespace

Sender::Sender(Options options) : desk_(std::make_unique<OutboxDesk>(std::move(options))) {}

Sender::~Sender() = default;

Result<SendReport> Sender::send_due(std::stop_token stop, bool whatever_due) {
  if (auto opened = desk_->open(); !opened) return fail(std::move(opened).error());
  OutboxPass pass(*desk_, std::move(stop), whatever_due);
  Result<bool> has_more = true;
  for (bool is_first = true; has_more && *has_more; is_first = false) {
    {
      const auto lock = desk_->outbox().try_lock();
      if (!lock) return fail(lock.error());
      if (!*lock && is_first) return fail(sends_elsewhere());
      if (!*lock) break;
      if (auto done = pass.run(); !done) return fail(std::move(done).error());
    }
    has_more = pass.has_more();
  }
  if (!has_more) return fail(has_more.error());
  return pass.report();
}

Result<bool> Sender::is_in_sent(const Outgoing& entry, std::stop_token stop) {
  const auto account = desk_->account(entry.account);
  if (!account) return fail(account.error());
  if (!can_be_looked_for(entry)) return false;
  const auto found = desk_->options().find_sent(**account, {entry.message_id}, std::move(stop));
  if (!found) return fail(found.error());
  return !found->empty();
}

Result<void> Sender::send_again(std::int64_t id, std::stop_token stop) {
  if (auto opened = desk_->open(); !opened) return opened;
  const auto found = desk_->outbox().find(id);
  if (!found) return fail(found.error());
  if (!*found) return fail(no_mail(id));
  const Outgoing& entry = **found;
  if (entry.state == OutgoingState::handing || entry.state == OutgoingState::accepted) {
    return fail(Kind::usage, Blast::message, fmt::format(fmt::runtime(_("Mail {} is being sent.")), id));
  }
  if (entry.state != OutgoingState::waiting) {
    const auto is_sent = is_in_sent(entry, std::move(stop));
    if (!is_sent) return fail(is_sent.error());
    if (*is_sent && !entry.later.empty()) {
      const auto has_part = desk_->outbox().deliver_part(id, entry.state, without(entry.recipients, entry.later));
      desk_->tell();
      return has_part ? Result<void>() : fail(has_part.error());
    }
    if (*is_sent) {
      auto finished = desk_->finish(entry, true);
      desk_->tell(1);
      return finished;
    }
  }
  const auto is_due = desk_->outbox().postpone(id, entry.state, desk_->now(), entry.answer);
  if (!is_due) return fail(is_due.error());
  desk_->tell();
  return {};
}

}  // namespace valija::workers
