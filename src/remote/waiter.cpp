#include "waiter.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "selection.hpp"
#include "valija/base/words.hpp"

namespace valija::remote {
namespace {

using Ready = Surroundings::Ready;

/// Routers forget a silent connection after ten minutes or more.
constexpr std::int64_t renew_ms = 9 * 60'000;
constexpr std::int64_t status_every_ms = 2 * 60'000;
/// A probe that is not answered within this time was sent into a dead line.
constexpr std::int64_t probe_ms = 10'000;
constexpr std::int64_t hasty_probe_ms = 3'000;
constexpr std::int64_t silence_ms = 60'000;
/// How soon a suspension is noticed behind its end, or a network that is another one.
constexpr std::int64_t glance_ms = 5'000;
constexpr std::int64_t first_pause_ms = 2'000;
constexpr std::int64_t longest_pause_ms = 300'000;
/// A connection that lived shorter than this counts as failed, or one that is always closed at once would be dialled without rest.
constexpr std::int64_t fair_life_ms = 60'000;
/// Lines without news during one IDLE.
constexpr std::uint64_t chatter_limit = 10'000;

Unexpected stopped() { return fail(Kind::cancelled, Blast::account, _("Stopped.")); }

bool can_pass(const Error& error) {
  return error.kind == Kind::unreachable || error.kind == Kind::try_later || error.kind == Kind::protocol;
}

template <typename T>
const T* untagged_of(const imap::Event& event) {
  const auto* untagged = std::get_if<imap::Untagged>(&event);
  return untagged != nullptr ? std::get_if<T>(untagged) : nullptr;
}

/// True if the field was known and is another now.
template <typename Field, typename Told>
bool replace(Field& field, const std::optional<Told>& told) {
  if (!told) return false;
  const Field value{static_cast<decltype(field.value)>(*told)};
  return std::exchange(field, value) != value;
}

}  // namespace

Waiter::Waiter(Line line, Surroundings& surroundings, std::span<const sync::ServerFolder> folders, int wake_fd, std::int64_t timeout_ms)
    : line_(std::move(line)),
      surroundings_(surroundings),
      folders_(folders),
      wake_fd_(wake_fd),
      deadline_ms_(surroundings.monotonic_ms() + timeout_ms) {
  for (const sync::ServerFolder& folder : folders) {
    if (folder.counters) known_.emplace(folder.wire_name, *folder.counters);
  }
}

Result<sync::Woken> Waiter::run() {
  while (true) {
    auto woken = watch();
    if (woken) return woken;
    leave();
    if (!can_pass(woken.error())) return woken;
    const auto ending = pause();
    if (!ending) return fail(ending.error());
    if (*ending) return **ending;
  }
}

/// Forgets a connection that failed.
void Waiter::leave() {
  line_.drop();
  connection_ = nullptr;
  is_open_ = is_notified_ = is_listening_ = false;
  idle_ = 0;
}

/// At once for the first time, then longer and longer, and never in step with others whom the same fault hit.
Result<Waiter::Ending> Waiter::pause() {
  const bool was_fair = connected_ms_ != 0 && surroundings_.monotonic_ms() - connected_ms_ >= fair_life_ms;
  connected_ms_ = 0;
  failures_ = was_fair ? 1 : failures_ + 1;
  std::int64_t pause_ms = 0;
  if (failures_ > 1) {
    const std::int64_t longest = std::min(longest_pause_ms, first_pause_ms << std::min(failures_ - 2, 16));
    pause_ms = longest / 2 + static_cast<std::int64_t>(surroundings_.chance() * static_cast<double>(longest / 2));
  }
  const std::int64_t until_ms = std::min(surroundings_.monotonic_ms() + pause_ms, deadline_ms_);
  const std::string addresses = surroundings_.addresses();
  while (true) {
    const std::int64_t left_ms = std::max<std::int64_t>(0, until_ms - surroundings_.monotonic_ms());
    const auto ready = surroundings_.poll(nullptr, wake_fd_, std::min(left_ms, glance_ms));
    if (!ready) return fail(ready.error());
    if (*ready == Ready::stop) return stopped();
    if (*ready == Ready::wake) return Ending(sync::Woken::asked);
    if (surroundings_.monotonic_ms() >= deadline_ms_) return Ending(sync::Woken::time);
    // A network that came back is worth a try at once.
    if (left_ms <= glance_ms || surroundings_.addresses() != addresses) return Ending();
  }
}

/// On one connection, until something ends the wait or the connection fails.
Result<sync::Woken> Waiter::watch() {
  const auto connection = line_.connect();
  if (!connection) return fail(connection.error());
  connection_ = *connection;
  connected_ms_ = surroundings_.monotonic_ms();
  while (true) {
    auto ending = look();
    if (ending && !*ending) ending = linger();
    if (!ending) return fail(ending.error());
    if (!*ending) continue;
    // What ends the wait is worth more than a connection that does not end well.
    if (const auto silenced = set_notify(false); !silenced) leave();
    return **ending;
  }
}

/// Compares what is with what was known.
Result<Waiter::Ending> Waiter::look() {
  if (const auto notified = set_notify(true); !notified) return fail(notified.error());
  auto changed = ask_counters();
  if (changed && !*changed) changed = open_first();
  if (!changed) return fail(changed.error());
  return *changed ? Ending(sync::Woken::change) : Ending();
}

/// Whatever the server tells itself need not be asked.
Result<bool> Waiter::ask_counters() {
  if (is_notified_ && is_open_) return is_changed_;
  const bool has_modseq = connection_->has("CONDSTORE") || connection_->has("QRESYNC");
  const std::string_view items = has_modseq ? "(MESSAGES UIDNEXT UIDVALIDITY HIGHESTMODSEQ)" : "(MESSAGES UIDNEXT UIDVALIDITY)";
  imap::CommandId last = 0;
  for (const sync::ServerFolder& folder : folders_) {
    const bool is_told = is_open_ && &folder == folders_.data();
    if (folder.selectable && !is_told) last = connection_->send(imap::status(folder.wire_name, items));
  }
  if (last != 0) {
    if (const auto answered = answer_of(last, silence_ms); !answered) return fail(answered.error());
  }
  return is_changed_;
}

Result<bool> Waiter::open_first() {
  if (is_open_ || is_first_refused_ || folders_.empty() || !connection_->has("IDLE")) return false;
  const sync::ServerFolder& first = folders_.front();
  const auto selected = select(*connection_, first, imap::Access::write);
  is_first_refused_ = !selected && selected.error().blast == Blast::folder;
  if (is_first_refused_) return false;
  if (!selected) return fail(selected.error());
  is_open_ = true;
  exists_ = selected->exists;
  const auto known = known_.find(first.wire_name);
  if (known == known_.end()) return false;
  const bool is_renumbered = selected->uid_validity != known->second.uid_validity;
  const bool has_new = selected->uid_next.value != 0 && selected->uid_next != known->second.uid_next;
  return is_renumbered || has_new || exists_ != known->second.messages;
}

/// Listens, then asks for a sign of life. Nothing: there was one, look again.
Result<Waiter::Ending> Waiter::linger() {
  const bool can_idle = is_open_ && !is_idle_refused_;
  const bool must_ask = !can_idle || (folders_.size() > 1 && !is_notified_);
  const std::int64_t until_ms = std::min(deadline_ms_, surroundings_.monotonic_ms() + (must_ask ? status_every_ms : renew_ms));
  chatter_ = 0;
  is_listening_ = true;
  idle_ = can_idle ? connection_->idle() : 0;
  auto ending = listen(until_ms);
  if (ending) {
    const bool somebody_waits = *ending == sync::Woken::asked;
    if (const auto alive = prove_life(somebody_waits ? hasty_probe_ms : probe_ms); !alive) {
      if (!*ending) return fail(alive.error());
      leave();
    }
  }
  is_listening_ = false;
  if (ending && !*ending && is_changed_) return Ending(sync::Woken::change);
  return ending;
}

Result<Waiter::Ending> Waiter::listen(std::int64_t until_ms) {
  const bool was_idle = idle_ != 0;
  const std::int64_t suspended_ms = surroundings_.boot_ms() - surroundings_.monotonic_ms();
  const std::string addresses = surroundings_.addresses();
  while (true) {
    auto event = connection_->next_at_hand();
    if (!event) return fail(event.error());
    if (*event) {
      if (const auto taken = take(**event); !taken) return fail(taken.error());
      if (is_changed_) return Ending(sync::Woken::change);
      if (was_idle && idle_ == 0) return Ending();
      continue;
    }
    const std::int64_t left_ms = until_ms - surroundings_.monotonic_ms();
    if (left_ms <= 0) return until_ms >= deadline_ms_ ? Ending(sync::Woken::time) : Ending();
    const bool was_suspended = surroundings_.boot_ms() - surroundings_.monotonic_ms() - suspended_ms > glance_ms;
    if (was_suspended || surroundings_.addresses() != addresses) return Ending();
    const auto ready = surroundings_.poll(&connection_->stream(), wake_fd_, std::min(left_ms, glance_ms));
    if (!ready) return fail(ready.error());
    if (*ready == Ready::stop) return stopped();
    if (*ready == Ready::wake) return Ending(sync::Woken::asked);
  }
}

/// The answer to DONE, or where nothing idles to NOOP.
Result<void> Waiter::prove_life(std::int64_t within_ms) {
  const imap::CommandId idle = std::exchange(idle_, 0);
  if (idle == 0) return answer_of(connection_->send(imap::noop()), within_ms);
  connection_->end_idle();
  return answer_of(idle, within_ms);
}

Result<void> Waiter::set_notify(bool on) {
  if (connection_ == nullptr || is_notified_ == on) return {};
  if (!on) {
    is_notified_ = false;
    return answer_of(connection_->send(imap::Command("NOTIFY NONE")), probe_ms);
  }
  if (is_notify_refused_ || !connection_->has("NOTIFY")) return {};
  // An event that a server does not know makes it refuse all.
  for (const std::string_view events : {"MessageNew MessageExpunge FlagChange MailboxName", "MessageNew MessageExpunge FlagChange"}) {
    imap::Condition condition;
    const auto command = connection_->send(imap::Command(
        fmt::format("NOTIFY SET (selected (MessageNew MessageExpunge FlagChange)) (personal ({}))", events)));
    if (const auto answered = answer_of(command, silence_ms, &condition); !answered) return answered;
    is_notified_ = condition.status == imap::Status::ok;
    if (is_notified_) return {};
  }
  is_notify_refused_ = true;
  return {};
}

Result<void> Waiter::answer_of(imap::CommandId command, std::int64_t silence, imap::Condition* condition) {
  std::int64_t until_ms = surroundings_.monotonic_ms() + silence;
  const bool is_probe = is_listening_;
  while (true) {
    auto event = connection_->next_at_hand();
    if (!event) return fail(event.error());
    const std::int64_t now_ms = surroundings_.monotonic_ms();
    if (*event) {
      if (const auto taken = take(**event); !taken) return taken;
      const auto* completed = std::get_if<imap::Completed>(&**event);
      if (completed != nullptr && completed->command == command) {
        if (condition != nullptr) *condition = completed->condition;
        return {};
      }
      // A probe is answered in time, whatever else is told.
      if (!is_probe) until_ms = now_ms + silence;
      if (now_ms <= until_ms) continue;
    }
    const auto ready = now_ms < until_ms ? surroundings_.poll(&connection_->stream(), -1, until_ms - now_ms) : Result<Ready>(Ready::time);
    if (!ready) return fail(ready.error());
    if (*ready == Ready::stop) return stopped();
    if (*ready == Ready::time) return fail(Kind::unreachable, Blast::account, _("The server does not answer any more."), _("Check the network."));
  }
}

Result<void> Waiter::take(const imap::Event& event) {
  if (is_listening_ && ++chatter_ > chatter_limit) return fail(Kind::protocol, Blast::account, _("The server sends without end."));
  const auto* completed = std::get_if<imap::Completed>(&event);
  if (completed != nullptr && idle_ != 0 && completed->command == idle_) {
    // Refused, or ended by itself: it would be so again and again.
    idle_ = 0;
    is_idle_refused_ = true;
  }
  if (tells_of_change(event)) is_changed_ = true;
  return {};
}

bool Waiter::tells_of_change(const imap::Event& event) {
  if (const auto* status = untagged_of<imap::FolderStatus>(event)) return differs(*status);
  if (const auto* entry = untagged_of<imap::ListEntry>(event)) return is_notified_ && is_new_or_gone(*entry);
  if (const auto* condition = untagged_of<imap::Condition>(event)) return condition->code.name == "NOTIFICATIONOVERFLOW";
  if (!is_open_) return false;
  if (const auto* exists = untagged_of<imap::Exists>(event)) return std::exchange(exists_, exists->count) != exists->count;
  if (const auto* vanished = untagged_of<imap::Vanished>(event)) return !vanished->earlier;
  return untagged_of<imap::Expunged>(event) != nullptr || untagged_of<imap::Fetched>(event) != nullptr;
}

bool Waiter::is_ours(std::string_view name) const {
  return std::any_of(folders_.begin(), folders_.end(), [&](const auto& folder) { return folder.wire_name == name; });
}

/// A name that was given or taken away (RFC 5465 §5.4); one that was changed is told under the new one.
bool Waiter::is_new_or_gone(const imap::ListEntry& entry) const {
  const bool is_gone = std::find(entry.attributes.begin(), entry.attributes.end(), "\\nonexistent") != entry.attributes.end();
  return is_gone == is_ours(entry.name);
}

/// Of a folder that we wait for; the first look at one whose counters nobody knew is no change.
bool Waiter::differs(const imap::FolderStatus& status) {
  if (!is_ours(status.name)) return false;
  const auto [known, is_new] = known_.try_emplace(status.name);
  sync::FolderCounters& counters = known->second;
  bool differs = replace(counters.uid_validity, status.uid_validity);
  differs = replace(counters.uid_next, status.uid_next) || differs;
  differs = replace(counters.highest, status.highest_modseq) || differs;
  if (status.messages) differs = std::exchange(counters.messages, *status.messages) != *status.messages || differs;
  // Told of its own accord where nothing counts flags.
  return (differs || (is_listening_ && !status.highest_modseq)) && !is_new;
}

}  // namespace valija::remote
