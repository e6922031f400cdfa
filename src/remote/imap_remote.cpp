#include "imap_remote.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "fetcher.hpp"
#include "folder_names.hpp"
#include "header_fetcher.hpp"
#include "waiter.hpp"
#include "valija/base/words.hpp"

namespace valija::remote {
namespace {

/// In a row without one message settled, and in all.
constexpr int fruitless_limit = 2;
constexpr int redials_limit = 20;

bool is_cut(const Error& error) { return error.kind == Kind::unreachable; }

/// A server that breaks the protocol or goes silent over a folder spoils that folder; one that cannot be dialled, the account.
Error in_folder(Error error, const sync::ServerFolder& folder, bool dial_failed) {
  const bool spoils_folder = error.kind == Kind::protocol || (is_cut(error) && !dial_failed);
  if (!spoils_folder || error.blast != Blast::account) return error;
  error.blast = Blast::folder;
  error.message = fmt::format(fmt::runtime(_("The folder {} cannot be read: {}")), shown_name(folder), error.message);
  return error;
}

}  // namespace

ImapRemote::ImapRemote(Dialler dialler, ImapOptions options, std::unique_ptr<const Clock> clock, std::unique_ptr<Surroundings> surroundings)
    : dialler_(std::move(dialler)),
      options_(options),
      clock_(std::move(clock)),
      surroundings_(std::move(surroundings)),
      lanes_(std::max<std::size_t>(options.connections, 1) - 1,
             [this] { return make_imap_remote(dialler_, {.compress = options_.compress}); }) {}

Result<void> ImapRemote::connect() {
  if (connection_) return {};
  auto stream = dialler_();
  dial_failed_ = !stream;
  if (!stream) return fail(std::move(stream).error());
  connection_ = std::make_unique<Connection>(std::move(*stream), *clock_, options_.compress);
  selected_.reset();
  auto started = connection_->start();
  if (!started) disconnect();
  return started;
}

void ImapRemote::disconnect() {
  connection_.reset();
  selected_.reset();
}

/// Runs on a connection; after a cut again on a fresh one. A connection that failed is never used again.
template <typename Value>
Result<Value> ImapRemote::with_retry(const std::function<Result<Value>()>& work) {
  for (int attempt = 0;; ++attempt) {
    auto connected = connect();
    auto result = connected ? work() : Result<Value>(fail(std::move(connected).error()));
    if (result || result.error().blast == Blast::message) return result;
    // The server said no in good order: the connection goes on.
    if (result.error().kind != Kind::try_later) disconnect();
    if (dial_failed_ || !is_cut(result.error()) || attempt >= fruitless_limit) return result;
  }
}

Result<std::vector<sync::ServerFolder>> ImapRemote::list_folders() {
  return with_retry<std::vector<sync::ServerFolder>>([this]() -> Result<std::vector<sync::ServerFolder>> {
    const bool with_special_use = (connection_->has("SPECIAL-USE") && connection_->has("LIST-EXTENDED")) ||
                                  connection_->has("IMAP4REV2");
    warnings_.take();
    FolderNames names(warnings_);
    const auto condition =
        connection_->run(imap::list_all(with_special_use ? "SPECIAL-USE" : ""), [&](imap::Event& event) -> Result<void> {
          const auto* untagged = std::get_if<imap::Untagged>(&event);
          const auto* entry = untagged != nullptr ? std::get_if<imap::ListEntry>(untagged) : nullptr;
          if (entry != nullptr) return names.add(*entry);
          if (const auto* malformed = std::get_if<imap::Malformed>(&event); malformed && malformed->word == "LIST") {
            warnings_.add({Kind::protocol, Blast::folder, _("The server sent a folder name that breaks the protocol."),
                           _("That folder is left out.")});
          }
          return {};
        });
    if (!condition) return fail(condition.error());
    if (condition->status != imap::Status::ok) {
      return fail(Kind::try_later, Blast::account, _("The server does not list its folders."), _("Try again later."));
    }
    return names.take();
  });
}

Result<sync::ServerSnapshot> ImapRemote::list_messages(const sync::ServerFolder& folder,
                                                       const sync::SyncedState& known) {
  auto snapshot = with_retry<sync::ServerSnapshot>([&]() -> Result<sync::ServerSnapshot> {
    selected_.reset();
    const auto selected = examine(*connection_, folder);
    if (!selected) return fail(selected.error());
    selected_ = folder.wire_name;
    validity_ = selected->uid_validity;
    return list(*connection_, folder, *selected, known, warnings_);
  });
  if (!snapshot) return fail(in_folder(std::move(snapshot).error(), folder, dial_failed_));
  return snapshot;
}

std::vector<Result<sync::ServerSnapshot>> ImapRemote::list_messages(std::span<const sync::ServerFolder> folders,
                                                                    std::span<const sync::SyncedState> known) {
  return lanes_.list(*this, folders, known);
}

std::vector<Error> ImapRemote::take_warnings() {
  std::vector<Error> warnings = warnings_.take();
  for (Error& warning : lanes_.take_warnings()) warnings.push_back(std::move(warning));
  return warnings;
}

Result<void> ImapRemote::open(const sync::ServerFolder& folder, sync::UidValidity validity) {
  if (auto connected = connect(); !connected) return connected;
  if (selected_ != folder.wire_name) {
    selected_.reset();
    const auto selected = examine(*connection_, folder);
    if (!selected) return fail(selected.error());
    selected_ = folder.wire_name;
    validity_ = selected->uid_validity;
  }
  if (validity_ == validity) return {};
  return fail(Kind::try_later, Blast::folder,
              fmt::format(fmt::runtime(_("The server has renumbered the folder {}.")), shown_name(folder)),
              _("The next sync reads it anew."));
}

Result<void> ImapRemote::fetch_once(const sync::ServerFolder& folder, sync::UidValidity validity, FetchJob& job,
                                    sync::FetchSink& sink, bool& sink_failed) {
  if (auto opened = open(folder, validity); !opened) return opened;
  Fetcher fetcher(*connection_, shown_name(folder), job, sink, warnings_);
  auto result = fetcher.run();
  sink_failed = fetcher.sink_failed();
  return result;
}

Result<void> ImapRemote::fetch(const sync::ServerFolder& folder, sync::UidValidity validity,
                               std::span<const sync::ServerMessage> messages, sync::FetchSink& sink) {
  FetchJob job(messages);
  int fruitless = 0;
  for (int dials = 0; job.left() > 0; ++dials) {
    const std::size_t left_before = job.left();
    bool sink_failed = false;
    auto result = fetch_once(folder, validity, job, sink, sink_failed);
    if (result) return {};
    disconnect();
    const Error& error = result.error();
    const bool can_go_on = !sink_failed && !dial_failed_ && (is_cut(error) || error.kind == Kind::protocol);
    fruitless = job.left() < left_before ? 0 : fruitless + 1;
    if (job.left() == 0 && can_go_on) return {};
    if (!can_go_on || fruitless > fruitless_limit || dials >= redials_limit) return fail(in_folder(error, folder, dial_failed_));
  }
  return {};
}

Result<std::vector<sync::ServerMessage>> ImapRemote::fingerprints(const sync::ServerFolder& folder, sync::UidValidity validity,
                                                                  std::span<const sync::ServerMessage> messages) {
  auto answers = with_retry<std::vector<sync::ServerMessage>>([&]() -> Result<std::vector<sync::ServerMessage>> {
    if (auto opened = open(folder, validity); !opened) return fail(std::move(opened).error());
    return fetch_fingerprints(*connection_, messages);
  });
  if (!answers) return fail(in_folder(std::move(answers).error(), folder, dial_failed_));
  return answers;
}

namespace {

Unexpected not_yet() { return fail(Kind::try_later, Blast::folder, "not yet"); }

}  // namespace

Result<std::vector<sync::Uid>> ImapRemote::store(const sync::ServerFolder&, sync::UidValidity, sync::ModSeq, std::span<const sync::MarkChange>) {
  return not_yet();
}
Result<std::vector<sync::MovedMessage>> ImapRemote::move(const sync::ServerFolder&, sync::UidValidity, std::span<const sync::Uid>,
                                                         const sync::ServerFolder&) {
  return not_yet();
}
Result<std::vector<sync::Uid>> ImapRemote::expunge(const sync::ServerFolder&, sync::UidValidity, std::span<const sync::Uid>) { return not_yet(); }
Result<void> ImapRemote::append(const sync::ServerFolder&, sync::UploadSource&) { return not_yet(); }
Result<sync::ServerFolder> ImapRemote::create_folder(const FolderPath&) { return not_yet(); }
Result<sync::ServerFolder> ImapRemote::rename_folder(const sync::ServerFolder&, const FolderPath&) { return not_yet(); }
Result<void> ImapRemote::delete_folder(const sync::ServerFolder&) { return not_yet(); }
Result<bool> ImapRemote::is_gone(const sync::ServerFolder&) { return not_yet(); }
Result<sync::Woken> ImapRemote::wait(std::span<const sync::ServerFolder> folders, int wake_fd, std::int64_t timeout_ms) {
  Line line;
  line.connect = [this]() -> Result<Connection*> {
    if (auto connected = connect(); !connected) return fail(std::move(connected).error());
    selected_.reset();
    return connection_.get();
  };
  line.drop = [this] { disconnect(); };
  return Waiter(std::move(line), *surroundings_, folders, wake_fd, timeout_ms).run();
}

std::unique_ptr<sync::Remote> make_imap_remote(Dialler dialler, ImapOptions options, std::stop_token stop) {
  return std::make_unique<ImapRemote>(std::move(dialler), options, std::make_unique<SystemClock>(),
                                      std::make_unique<SystemSurroundings>(std::move(stop)));
}

}  // namespace valija::remote
