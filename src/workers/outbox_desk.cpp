#include "outbox_desk.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "command_submission.hpp"
#include "dial_of.hpp"
#include "find_renamed.hpp"
#include "sent_copy.hpp"
#include "sent_search.hpp"
#include "tag_original.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"
#include "valija/store/draft_files.hpp"

namespace valija::workers {
namespace {

using Submission = remote::Submission;

constexpr int command_timeout_ms = 10 * 60 * 1000;

Result<std::unique_ptr<Submission>> open_line(const config::Account& account, const config::Settings& settings, const std::stop_token& stop) {
  if (!account.send_command.empty()) return std::unique_ptr<Submission>(std::make_unique<CommandSubmission>(account.send_command, command_timeout_ms));
  if (!account.send) {
    return fail(Kind::settings, Blast::account, fmt::format(fmt::runtime(_("Account {} has no server to send by.")), account.name),
                _("Write send = \"smtps://user@host\" into its section of the settings."));
  }
  const auto dial = dial_with_password(account, *account.send, settings, stop);
  if (!dial) return fail(dial.error());
  return Submission::open([dial](std::stop_token asked) { return net::dial(*dial, std::move(asked)); }, stop);
}

}  // namespace

OutboxDesk::OutboxDesk(Sender::Options options) : options_(std::move(options)), log_(options_.places.state_dir + "/log") {
  if (!options_.open) {
    options_.open = [settings = &options_.settings](const config::Account& account, const std::stop_token& stop) { return open_line(account, *settings, stop); };
  }
  if (!options_.find_sent) {
    options_.find_sent = [settings = &options_.settings, places = &options_.places](const config::Account& account, const std::vector<std::string>& ids,
                                                                                    const std::stop_token& stop) {
      return find_sent(account, *settings, *places, ids, stop);
    };
  }
}

Result<void> OutboxDesk::open() {
  if (outbox_) return {};
  auto opened = store::Outbox::open(options_.places.state_dir);
  if (!opened) return fail(std::move(opened).error());
  outbox_ = std::move(*opened);
  return {};
}

void OutboxDesk::tell(std::uint64_t sent) const {
  if (options_.changed) options_.changed(sent);
}

Result<const config::Account*> OutboxDesk::account(const std::string& name) const {
  const auto& accounts = options_.settings.accounts;
  const auto found = std::find_if(accounts.begin(), accounts.end(), [&](const auto& one) { return one.name == name; });
  if (found != accounts.end()) return &*found;
  return fail(Kind::settings, Blast::account, fmt::format(fmt::runtime(_("The settings have no account {} any more, which mail is to be sent by.")), clean(name)),
              _("Write it into the settings again, or cancel the mail: valija outbox"));
}

Result<void> OutboxDesk::finish(const Outgoing& entry, bool has_copy) {
  const auto by = account(entry.account);
  if (by && !has_copy && needs_sent_copy(**by)) {
    const auto copied = make_sent_copy(entry, **by, options_.settings, options_.places);
    if (!copied) return fail(copied.error());
  }
  if (entry.stored.starts_with(options_.settings.mail_root + "/")) remove_stored(entry.stored);
  // Of a process that was killed when it had queued the mail: the draft would be offered again.
  if (const auto draft = parse_draft(entry.draft); draft && !draft->id.empty()) static_cast<void>(store::DraftFiles(options_.places.state_dir).remove(draft->id));
  if (!entry.original.empty() && !entry.original_tag.empty()) {
    if (auto tagged = tag_original(entry, options_.settings, options_.places, now()); !tagged) return tagged;
  }
  return outbox_->done(entry.id);
}

}  // namespace valija::workers
