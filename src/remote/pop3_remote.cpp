#include "pop3_remote.hpp"

#include <algorithm>
#include <limits>
#include <unordered_map>

#include <fmt/format.h>

#include "valija/base/wakeup.hpp"
#include "valija/base/words.hpp"
#include "valija/sync/fingerprint.hpp"

namespace valija::remote {
namespace {

/// In a row without one message settled, and in all.
constexpr int fruitless_limit = 2;
constexpr std::size_t redials_limit = 20;
constexpr std::size_t messages_a_redial = 100;
/// The book never gives a number twice, so the one folder is never numbered anew.
constexpr sync::UidValidity uid_validity{1};
constexpr std::int64_t day_s = 24 * 60 * 60;

bool is_cut(const Error& error) { return error.kind == Kind::unreachable; }

Unexpected not_in_pop3() {
  return fail(Kind::input, Blast::folder, _("A POP3 server has one folder, and nothing in it can be changed from here."),
              _("What was changed here stays as it is. Use IMAP if the server has it."));
}

}  // namespace

Pop3Remote::Pop3Remote(Dialler dialler, std::unique_ptr<sync::UidBook> book, Pop3Options options, std::unique_ptr<Clock> clock, std::stop_token stop)
    : dialler_(std::move(dialler)), book_(std::move(book)), options_(options), clock_(std::move(clock)), stop_(std::move(stop)) {}

Result<void> Pop3Remote::connect() {
  if (connection_) return {};
  auto stream = dialler_();
  dial_failed_ = !stream;
  if (!stream) return fail(std::move(stream).error());
  connection_ = std::make_unique<Pop3Connection>(std::move(*stream), *clock_);
  auto started = connection_->start();
  if (!started) disconnect();
  return started;
}

void Pop3Remote::disconnect() {
  connection_.reset();
  drop_.reset();
  marked_ = 0;
}

/// Runs on a connection; after a cut again on a fresh one. A connection that failed is never used again.
template <typename Value>
Result<Value> Pop3Remote::with_retry(const std::function<Result<Value>()>& work) {
  for (int attempt = 0;; ++attempt) {
    auto connected = connect();
    auto result = connected ? work() : Result<Value>(fail(std::move(connected).error()));
    if (result) return result;
    disconnect();
    if (dial_failed_ || !is_cut(result.error()) || attempt >= fruitless_limit) return result;
  }
}

Result<std::vector<sync::ServerFolder>> Pop3Remote::list_folders() {
  close();
  return with_retry<std::vector<sync::ServerFolder>>([]() -> Result<std::vector<sync::ServerFolder>> {
    sync::ServerFolder inbox;
    inbox.path = *FolderPath::from_text("INBOX");
    inbox.role = FolderRole::inbox;
    inbox.wire_name = "INBOX";
    return std::vector{inbox};
  });
}

/// What the server has in this session, numbered by the book; at its first sight what is due there is deleted.
Result<void> Pop3Remote::open_drop() {
  if (auto connected = connect(); !connected) return connected;
  if (drop_) return {};
  auto drop = list_maildrop(*connection_, warnings_);
  if (!drop) return fail(std::move(drop).error());
  const auto rows = number_messages(*connection_, *drop, *book_, clock_->now());
  if (!rows) return fail(rows.error());
  drop_ = std::move(*drop);
  for (const sync::BookedMessage& row : *rows) uid_next_.value = std::max(uid_next_.value, row.uid.value + 1);
  for (const DropMessage& message : drop_->messages) uid_next_.value = std::max(uid_next_.value, message.uid.value + 1);
  return delete_due(*rows);
}

Result<sync::ServerSnapshot> Pop3Remote::list_messages(const sync::ServerFolder&, const sync::SyncedState&) {
  return with_retry<sync::ServerSnapshot>([this]() -> Result<sync::ServerSnapshot> {
    if (auto opened = open_drop(); !opened) return fail(std::move(opened).error());
    sync::ServerSnapshot snapshot;
    snapshot.uid_validity = uid_validity;
    snapshot.uid_next = uid_next_;
    snapshot.read_only = true;
    snapshot.storable = {.flags = {}, .any_keyword = false, .keywords = {}};
    for (const DropMessage& message : drop_->messages) snapshot.messages.push_back({.uid = message.uid, .marks = {}, .size = message.size});
    std::sort(snapshot.messages.begin(), snapshot.messages.end(), [](const auto& a, const auto& b) { return a.uid < b.uid; });
    return snapshot;
  });
}

Result<void> Pop3Remote::fetch_once(Pop3Job& job, sync::FetchSink& sink, bool& sink_failed) {
  if (auto opened = open_drop(); !opened) return opened;
  Pop3Fetcher fetcher(*connection_, *drop_, job, sink, warnings_);
  auto result = fetcher.run();
  sink_failed = fetcher.sink_failed();
  return result;
}

Result<void> Pop3Remote::fetch(const sync::ServerFolder&, sync::UidValidity, std::span<const sync::ServerMessage> messages, sync::FetchSink& sink) {
  Pop3Job job(messages);
  int fruitless = 0;
  const std::size_t most_dials = redials_limit + messages.size() / messages_a_redial;
  for (std::size_t dials = 0; job.left() > 0; ++dials) {
    const std::size_t left_before = job.left();
    bool sink_failed = false;
    auto result = fetch_once(job, sink, sink_failed);
    if (result) return result;
    disconnect();
    const bool can_go_on = !sink_failed && !dial_failed_ && (is_cut(result.error()) || result.error().kind == Kind::protocol);
    fruitless = job.left() < left_before ? 0 : fruitless + 1;
    if (job.left() == 0 && can_go_on) return {};
    if (fruitless > 0) job.postpone_next();
    if (!can_go_on || fruitless > fruitless_limit || dials >= most_dials) return result;
  }
  return {};
}

Result<std::vector<sync::ServerMessage>> Pop3Remote::fingerprints(const sync::ServerFolder&, sync::UidValidity,
                                                                  std::span<const sync::ServerMessage> messages) {
  return with_retry<std::vector<sync::ServerMessage>>([&]() -> Result<std::vector<sync::ServerMessage>> {
    if (auto opened = open_drop(); !opened) return fail(std::move(opened).error());
    std::unordered_map<std::uint32_t, const DropMessage*> by_uid;
    for (const DropMessage& message : drop_->messages) by_uid.emplace(message.uid.value, &message);
    std::vector<sync::ServerMessage> answers;
    std::vector<pop3::MessageNumber> numbers;
    for (const sync::ServerMessage& asked : messages) {
      const auto found = by_uid.find(asked.uid.value);
      if (found == by_uid.end()) continue;
      answers.push_back(asked);
      answers.back().size = found->second->size;
      numbers.push_back(found->second->number);
    }
    const auto read = read_headers(*connection_, numbers, [&](std::size_t index, const std::optional<std::string>& header) {
      answers[index].fingerprint = header ? sync::fingerprint(*header, answers[index].size) : std::string();
    });
    if (!read) return fail(read.error());
    return answers;
  });
}

bool Pop3Remote::is_due(const sync::BookedMessage& message) const {
  if (!message.is_safe || looks_only_) return false;
  if (!options_.leave_on_server) return true;
  return options_.delete_after_days > 0 && clock_->now() - message.first_seen >= options_.delete_after_days * day_s;
}

/// Takes effect with QUIT. Recorded before, so that a message that is gone next time is known to be gone because of us.
Result<void> Pop3Remote::delete_due(const std::vector<sync::BookedMessage>& rows) {
  std::unordered_map<std::uint32_t, const sync::BookedMessage*> by_uid;
  for (const sync::BookedMessage& row : rows) by_uid.emplace(row.uid.value, &row);
  const auto is_due_there = [&](const DropMessage& message) {
    const auto row = by_uid.find(message.uid.value);
    return row != by_uid.end() && is_due(*row->second);
  };
  const auto first_due = std::stable_partition(drop_->messages.begin(), drop_->messages.end(), [&](const auto& message) { return !is_due_there(message); });
  const std::vector<DropMessage> due(first_due, drop_->messages.end());
  drop_->messages.erase(first_due, drop_->messages.end());
  if (due.empty()) return {};
  std::vector<sync::Uid> uids;
  for (const DropMessage& message : due) uids.push_back(message.uid);
  if (auto marked = book_->mark_deleted(uids); !marked) return marked;
  return run_all(
      *connection_, due.size(), [&](std::size_t index) { return pop3::dele(due[index].number); },
      [&](std::size_t index, const pop3::Event& event) -> Result<void> {
        const auto* completed = std::get_if<pop3::Completed>(&event);
        if (completed == nullptr) return {};
        if (completed->reply.is_ok) ++marked_;
        if (completed->reply.is_ok) return {};
        warnings_.add({Kind::try_later, Blast::message,
                       fmt::format(fmt::runtime(_("The server does not delete message {}: {}.")), due[index].uid.value, words_of(completed->reply)),
                       _("It is safe here. The next sync tries again.")});
        return {};
      });
}

/// What has become safe since the list goes now.
Result<void> Pop3Remote::end_session() {
  if (drop_) {
    const auto rows = book_->read();
    if (!rows) return fail(rows.error());
    if (auto deleted = delete_due(*rows); !deleted) return deleted;
  }
  const auto reply = connection_->run(pop3::quit());
  if (!reply) return fail(reply.error());
  if (!reply->is_ok) {
    return fail(Kind::try_later, Blast::account, fmt::format(fmt::runtime(_("The server could not delete all messages: {}.")), words_of(*reply)),
                _("They are safe here. The next sync tries again."));
  }
  deleted_ += std::exchange(marked_, 0);
  return {};
}

/// A cut is no harm: what was not deleted is known, and goes next time.
void Pop3Remote::close() {
  if (!connection_) return;
  auto ended = end_session();
  const bool matters = !ended && !is_cut(ended.error()) && ended.error().kind != Kind::cancelled;
  if (matters) warnings_.add(std::move(ended).error());
  disconnect();
}

Result<sync::Woken> Pop3Remote::wait(std::span<const sync::ServerFolder>, std::size_t, int wake_fd, std::int64_t timeout_ms) {
  close();
  const Wakeup stopped;
  const std::stop_callback on_stop(stop_, [&] { stopped.notify(); });
  const auto timeout = static_cast<int>(std::clamp<std::int64_t>(timeout_ms, 0, std::numeric_limits<int>::max()));
  switch (wait_readable({stopped.fd(), wake_fd}, timeout)) {
    case 0:
      return fail(Kind::cancelled, Blast::account, _("Stopped."));
    case 1:
      return sync::Woken::asked;
    default:
      return sync::Woken::time;
  }
}

Result<std::vector<sync::Uid>> Pop3Remote::store(const sync::ServerFolder&, sync::UidValidity, sync::ModSeq, std::span<const sync::MarkChange>) {
  return not_in_pop3();
}
Result<std::vector<sync::MovedMessage>> Pop3Remote::move(const sync::ServerFolder&, sync::UidValidity, std::span<const sync::Uid>,
                                                         const sync::ServerFolder&) {
  return not_in_pop3();
}
Result<std::vector<sync::Uid>> Pop3Remote::expunge(const sync::ServerFolder&, sync::UidValidity, std::span<const sync::Uid>) { return not_in_pop3(); }
Result<void> Pop3Remote::append(const sync::ServerFolder&, sync::UploadSource&) { return not_in_pop3(); }
Result<sync::ServerFolder> Pop3Remote::create_folder(const FolderPath&) { return not_in_pop3(); }
Result<sync::ServerFolder> Pop3Remote::rename_folder(const sync::ServerFolder&, const FolderPath&) { return not_in_pop3(); }
Result<void> Pop3Remote::delete_folder(const sync::ServerFolder&) { return not_in_pop3(); }

std::unique_ptr<sync::Remote> make_pop3_remote(Dialler dialler, std::unique_ptr<sync::UidBook> book, Pop3Options options, std::stop_token stop) {
  return std::make_unique<Pop3Remote>(std::move(dialler), std::move(book), options, std::make_unique<SystemClock>(), std::move(stop));
}

}  // namespace valija::remote
