#include "imap_remote.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "answers.hpp"
#include "appender.hpp"
#include "expunger.hpp"
#include "fetcher.hpp"
#include "folder_list.hpp"
#include "gmail.hpp"
#include "header_fetcher.hpp"
#include "mark_store.hpp"
#include "mover.hpp"
#include "selection.hpp"
#include "waiter.hpp"
#include "valija/base/words.hpp"

namespace valija::remote {
namespace {

/// In a row without one message settled, and in all; many messages may see many cuts.
constexpr int fruitless_limit = 2;
constexpr std::size_t redials_limit = 20;
constexpr std::size_t messages_a_redial = 100;

/// A server that breaks the protocol or goes silent over a folder spoils that folder; one that cannot be dialled, the account.
/// `sentence` has places for the folder and for what happened.
Error in_folder(Error error, const char* sentence, const FolderPath& folder, bool dial_failed) {
  const bool spoils_folder = error.kind == Kind::protocol || (Link::is_cut(error) && !dial_failed);
  if (!spoils_folder || error.blast != Blast::account) return error;
  error.blast = Blast::folder;
  error.message = fmt::format(fmt::runtime(_(sentence)), clean(folder.text()), error.message);
  return error;
}

template <typename Value>
Result<Value> read_of(Result<Value> result, const FolderPath& folder, const Link& link) {
  if (result) return result;
  return fail(in_folder(std::move(result).error(), N_("The folder {} cannot be read: {}"), folder, link.dial_failed()));
}

template <typename Value>
Result<Value> write_of(Result<Value> result, const FolderPath& folder, const Link& link) {
  if (result) return result;
  return fail(in_folder(std::move(result).error(), N_("The folder {} cannot be changed: {}"), folder, link.dial_failed()));
}

Unexpected no_such_folder(const FolderPath& path) {
  return fail(Kind::settings, Blast::folder, fmt::format(fmt::runtime(_("Gmail has labels, and no folder {} beside its own.")), clean(path.text())),
              _("Tag the messages: their tags are labels there."));
}

}  // namespace

ImapRemote::ImapRemote(Dialler dialler, ImapOptions options, std::unique_ptr<const Clock> clock, std::unique_ptr<Surroundings> surroundings,
                       std::stop_token stop)
    : dialler_(std::move(dialler)),
      options_(options),
      clock_(std::move(clock)),
      surroundings_(std::move(surroundings)),
      lanes_(std::max<std::size_t>(options.connections, 1) - 1,
             [this, stop = std::move(stop)] { return make_imap_remote(dialler_, {.compress = options_.compress}, stop); }) {}

Result<std::vector<sync::ServerFolder>> ImapRemote::list_folders() {
  return link_.with_retry([this](Connection& connection) -> Result<std::vector<sync::ServerFolder>> {
    if (auto left = link_.leave_folder(); !left) return fail(std::move(left).error());
    auto folders = remote::list_folders(connection, warnings_);
    if (!folders) return folders;
    has_labels_ = connection.has("X-GM-EXT-1") && keep_gmail_folders(*folders, warnings_);
    const auto trash = std::find_if(folders->begin(), folders->end(), [](const auto& folder) { return folder.role == FolderRole::trash; });
    trash_ = trash != folders->end() ? std::optional(*trash) : std::nullopt;
    return folders;
  });
}

Result<sync::ServerSnapshot> ImapRemote::list_messages(const sync::ServerFolder& folder, const sync::SyncedState& known) {
  const auto list_since = [&](const sync::SyncedState& state) {
    return link_.with_retry([&](Connection&) { return link_.list(folder, state, warnings_); });
  };
  auto snapshot = list_since(known);
  // What a server says of changes may break the protocol where its full list does not.
  if (!snapshot && snapshot.error().kind == Kind::protocol && known.highest.value > 0) snapshot = list_since({});
  return read_of(std::move(snapshot), folder.path, link_);
}

std::vector<Result<sync::ServerSnapshot>> ImapRemote::list_messages(std::span<const sync::ServerFolder> folders,
                                                                    std::span<const sync::SyncedState> known) {
  return lanes_.list(*this, folders, known);
}

void ImapRemote::look_only(bool only) {
  link_.set_access(only ? imap::Access::read : imap::Access::write);
  lanes_.look_only(only);
}

std::vector<Error> ImapRemote::take_warnings() {
  std::vector<Error> warnings = warnings_.take();
  for (Error& warning : lanes_.take_warnings()) warnings.push_back(std::move(warning));
  return warnings;
}

void ImapRemote::close() {
  lanes_.close();
  link_.end();
}

Result<void> ImapRemote::fetch_once(const sync::ServerFolder& folder, sync::UidValidity validity, FetchJob& job,
                                    sync::FetchSink& sink, bool& sink_failed) {
  const auto connection = link_.connect();
  if (!connection) return fail(connection.error());
  if (auto opened = link_.open(folder, validity); !opened) return opened;
  Fetcher fetcher(**connection, shown_name(folder), job, sink, warnings_);
  auto result = fetcher.run();
  sink_failed = fetcher.sink_failed();
  return result;
}

Result<void> ImapRemote::fetch(const sync::ServerFolder& folder, sync::UidValidity validity,
                               std::span<const sync::ServerMessage> messages, sync::FetchSink& sink) {
  FetchJob job(messages);
  int fruitless = 0;
  const std::size_t most_dials = redials_limit + messages.size() / messages_a_redial;
  for (std::size_t dials = 0; job.left() > 0; ++dials) {
    const std::size_t left_before = job.left();
    bool sink_failed = false;
    auto result = fetch_once(folder, validity, job, sink, sink_failed);
    if (result) return {};
    link_.drop();
    const Error& error = result.error();
    const bool can_go_on = !sink_failed && !link_.dial_failed() && (Link::is_cut(error) || error.kind == Kind::protocol);
    fruitless = job.left() < left_before ? 0 : fruitless + 1;
    if (job.left() == 0 && can_go_on) return {};
    if (!can_go_on || fruitless > fruitless_limit || dials >= most_dials) return read_of(std::move(result), folder.path, link_);
  }
  return {};
}

Result<std::vector<sync::ServerMessage>> ImapRemote::fingerprints(const sync::ServerFolder& folder, sync::UidValidity validity,
                                                                  std::span<const sync::ServerMessage> messages) {
  auto answers = link_.with_retry([&](Connection& connection) -> Result<std::vector<sync::ServerMessage>> {
    if (auto opened = link_.open(folder, validity); !opened) return fail(std::move(opened).error());
    return fetch_fingerprints(connection, messages);
  });
  return read_of(std::move(answers), folder.path, link_);
}

Result<std::vector<sync::Uid>> ImapRemote::store(const sync::ServerFolder& folder, sync::UidValidity validity, sync::ModSeq since,
                                                 std::span<const sync::MarkChange> changes) {
  auto unchanged = link_.with_retry([&](Connection& connection) -> Result<std::vector<sync::Uid>> {
    if (auto opened = link_.open(folder, validity); !opened) return fail(std::move(opened).error());
    return remote::has_labels(connection, folder) ? store_marks_and_labels(connection, folder, since, changes, warnings_)
                                                  : store_marks(connection, folder, since, changes, warnings_);
  });
  return write_of(std::move(unchanged), folder.path, link_);
}

Result<std::vector<sync::MovedMessage>> ImapRemote::move(const sync::ServerFolder& from, sync::UidValidity validity,
                                                         std::span<const sync::Uid> uids, const sync::ServerFolder& to) {
  if (from.wire_name == to.wire_name) return std::vector<sync::MovedMessage>{};
  Mover mover(from, to, warnings_);
  auto result = link_.with_retry([&](Connection& connection) -> Result<void> {
    if (auto opened = link_.open(from, validity); !opened) return opened;
    return mover.prepare(connection, uids);
  });
  if (result) result = link_.once([&](Connection& connection) { return mover.run(connection); });
  auto moved = mover.moved();
  if (result) return moved;
  Error error = in_folder(std::move(result).error(), N_("The folder {} cannot be changed: {}"), from.path, link_.dial_failed());
  if (moved.empty()) return fail(std::move(error));
  // What was confirmed is worth recording; the next call meets the trouble again, if it lasts.
  warnings_.add(std::move(error));
  return moved;
}

Result<std::vector<sync::Uid>> ImapRemote::expunge(const sync::ServerFolder& folder, sync::UidValidity validity, std::span<const sync::Uid> uids) {
  if (has_labels_ && folder.role == FolderRole::all) return expunge_all_mail(folder, validity, uids);
  std::vector<std::uint32_t> asked;
  for (const sync::Uid uid : uids) {
    if (uid.value != 0) asked.push_back(uid.value);
  }
  std::sort(asked.begin(), asked.end());
  asked.erase(std::unique(asked.begin(), asked.end()), asked.end());
  auto gone = link_.with_retry([&](Connection& connection) -> Result<std::vector<sync::Uid>> {
    if (auto opened = link_.open(folder, validity); !opened) return fail(std::move(opened).error());
    const auto numbers = expunge_exactly(connection, folder, asked, warnings_);
    if (!numbers) return fail(numbers.error());
    std::vector<sync::Uid> values;
    for (const std::uint32_t number : *numbers) values.push_back({number});
    return values;
  });
  return write_of(std::move(gone), folder.path, link_);
}

/// What is expunged there is only archived: the way out of Gmail is its Trash.
Result<std::vector<sync::Uid>> ImapRemote::expunge_all_mail(const sync::ServerFolder& folder, sync::UidValidity validity,
                                                            std::span<const sync::Uid> uids) {
  if (!trash_) {
    return fail(Kind::settings, Blast::folder, _("Gmail hides its folder Trash, so that nothing can be deleted there."),
                _("In the settings of Gmail, under Labels, let Trash be shown in IMAP."));
  }
  const auto moved = move(folder, validity, uids, *trash_);
  if (!moved) return fail(moved.error());
  std::vector<sync::Uid> gone;
  for (const sync::MovedMessage& message : *moved) gone.push_back(message.from);
  return gone;
}

Result<void> ImapRemote::append(const sync::ServerFolder& folder, sync::UploadSource& source) {
  // This also finds out whether the line is alive, before there is anything that could be done twice.
  auto validity = link_.with_retry([&](Connection& connection) { return ask_validity(connection, folder); });
  if (!validity) return fail(write_of(std::move(validity), folder.path, link_).error());
  const auto connection = link_.connect();
  if (!connection) return fail(connection.error());
  LabelledUpload labelled(source);
  const bool with_labels = remote::has_labels(**connection, folder);
  auto result = Appender(**connection, folder, *validity, with_labels ? labelled : source).run();
  if (result && !labelled.labels().empty()) result = label(folder, *validity, labelled);
  if (!result) link_.drop();
  return write_of(std::move(result), folder.path, link_);
}

Result<void> ImapRemote::label(const sync::ServerFolder& folder, sync::UidValidity validity, LabelledUpload& upload) {
  if (auto opened = link_.open(folder, validity); !opened) return opened;
  return link_.once([&](Connection& connection) -> Result<void> {
    const auto refused = store_labels(connection, upload.labels());
    return refused ? upload.tell_taken() : fail(refused.error());
  });
}

Result<sync::ServerFolder> ImapRemote::name(Connection& connection, const FolderPath& path) {
  if (!hierarchy_) {
    auto hierarchy = ask_hierarchy(connection);
    if (!hierarchy) return fail(std::move(hierarchy).error());
    hierarchy_ = std::move(*hierarchy);
  }
  return folder_of(path, *hierarchy_);
}

Result<sync::ServerFolder> ImapRemote::create_folder(const FolderPath& path) {
  if (has_labels_) return no_such_folder(path);
  auto folder = link_.with_retry([&](Connection& connection) -> Result<sync::ServerFolder> {
    auto named = name(connection, path);
    if (!named) return named;
    if (auto created = create(connection, *named); !created) return fail(std::move(created).error());
    return named;
  });
  return write_of(std::move(folder), path, link_);
}

Result<sync::ServerFolder> ImapRemote::rename_folder(const sync::ServerFolder& folder, const FolderPath& to) {
  if (has_labels_) return no_such_folder(to);
  auto named = link_.with_retry([&](Connection& connection) -> Result<sync::ServerFolder> {
    if (auto left = link_.leave_folder(); !left) return fail(std::move(left).error());
    return name(connection, to);
  });
  if (named) {
    auto renamed = link_.once([&](Connection& connection) { return rename(connection, folder, *named); });
    if (!renamed) named = fail(std::move(renamed).error());
  }
  if (named) named->role = folder.role, named->selectable = folder.selectable;
  return write_of(std::move(named), folder.path, link_);
}

Result<void> ImapRemote::delete_folder(const sync::ServerFolder& folder) {
  if (has_labels_) return no_such_folder(folder.path);
  auto deleted = link_.with_retry([&](Connection& connection) -> Result<void> {
    if (auto left = link_.leave_folder(); !left) return left;
    return delete_empty(connection, folder);
  });
  return write_of(std::move(deleted), folder.path, link_);
}

Result<bool> ImapRemote::is_gone(const sync::ServerFolder& folder) {
  auto gone = link_.with_retry([&](Connection& connection) -> Result<bool> {
    if (!folder.wire_name.empty()) return remote::is_gone(connection, folder);
    const auto named = name(connection, folder.path);
    return named ? remote::is_gone(connection, *named) : Result<bool>(fail(named.error()));
  });
  return read_of(std::move(gone), folder.path, link_);
}

Result<sync::Woken> ImapRemote::wait(std::span<const sync::ServerFolder> folders, std::size_t watched, int wake_fd, std::int64_t timeout_ms) {
  Line line;
  line.connect = [this]() -> Result<Connection*> {
    // What STATUS says of an open folder may be old.
    if (auto left = link_.leave_folder(); !left) return fail(std::move(left).error());
    link_.forget_folder();
    return link_.connect();
  };
  line.drop = [this] { link_.drop(); };
  const auto wait_here = [&](int wake) { return Waiter(line, *surroundings_, folders, wake, timeout_ms).run(); };
  const auto others = folders.first(std::min(watched, folders.size())).subspan(watched > 0 && !folders.empty() ? 1 : 0);
  if (others.empty()) return wait_here(wake_fd);
  const auto connection = link_.connect();
  const bool needs_more = connection && (*connection)->has("IDLE") && !(*connection)->has("NOTIFY");
  return needs_more ? lanes_.wait(wait_here, others, wake_fd, timeout_ms) : wait_here(wake_fd);
}

std::unique_ptr<sync::Remote> make_imap_remote(Dialler dialler, ImapOptions options, std::stop_token stop) {
  return std::make_unique<ImapRemote>(std::move(dialler), options, std::make_unique<SystemClock>(), std::make_unique<SystemSurroundings>(stop), stop);
}

}  // namespace valija::remote
