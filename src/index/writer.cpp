#include "valija/index/writer.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <set>
#include <utility>

#include "database.hpp"
#include "excerpt_root.hpp"
#include "lock.hpp"
#include "place_counter.hpp"
#include "query.hpp"
#include "tagging.hpp"
#include "writer_errors.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"
#include "valija/mail/mailbox_query.hpp"

namespace valija::index {
namespace {

using std::chrono::steady_clock;

/// Of a file in a Maildir: what stays when its flags change.
std::string_view base_of(std::string_view path) {
  path.remove_prefix(path.rfind('/') + 1);
  return path.substr(0, path.find(":2,"));
}

class NotmuchWriter final : public Writer {
 public:
  NotmuchWriter(Location location, int wait_ms, Excerpts excerpts)
      : location_(std::move(location)), wait_ms_(wait_ms), excerpts_(std::move(excerpts)), lock_(xapian_directory(location_.database)) {}

  Result<void> open() {
    if (auto begun = begin(); !begun) return begun;
    mail_root_ = database_->mail_root();
    new_tags_ = database_->values(NOTMUCH_CONFIG_NEW_TAGS);
    excluded_tags_ = database_->values(NOTMUCH_CONFIG_EXCLUDE_TAGS);
    renames_files_ = database_->flag(NOTMUCH_CONFIG_SYNC_MAILDIR_FLAGS) && !location_.config.empty();
    return {};
  }

  Result<Added> add(const std::string& path, const std::vector<std::string>& tags, const std::vector<std::string>& of_new) override {
    return writing<Added>([&]() -> Result<Added> {
      std::vector<std::string> all = tags;
      all.insert(all.end(), of_new.begin(), of_new.end());
      if (const MessageHandle message = find(path)) return expect(replace_new_tags(message.get(), new_tags_.empty() ? tags : all, new_tags_), path, Added::duplicate);
      return index(path, [&](notmuch_message_t* message, Added added) {
        return added == Added::added ? change(message, all, {}) : merge_copy(message, tags);
      });
    });
  }

  Result<bool> restore(const std::string& path, const std::vector<std::string>& tags) override {
    return writing<bool>([&]() -> Result<bool> {
      const MessageHandle message = find(path);
      if (!message) return false;
      return expect(replace_new_tags(message.get(), tags, new_tags_), path, true);
    });
  }

  Result<std::string> name_of(const std::string& path, const std::string& id) override {
    return writing<std::string>([&]() -> Result<std::string> {
      if (id.empty() || find(path)) return path;
      notmuch_message_t* raw = nullptr;
      const auto status = notmuch_database_find_message(database_->get(), id.c_str(), &raw);
      const MessageHandle message(raw);
      if (status != NOTMUCH_STATUS_SUCCESS) return give_up(status);
      std::string found = path;
      for (auto& name : message ? take_filenames(notmuch_message_get_filenames(raw)) : std::vector<std::string>()) {
        if (base_of(name) != base_of(path)) continue;
        found = std::move(name);
        if (::access(found.c_str(), F_OK) != 0) break;
      }
      return found;
    });
  }

  Result<std::optional<Reader::Change>> message(const std::string& id) override {
    return writing<std::optional<Reader::Change>>([&]() -> Result<std::optional<Reader::Change>> {
      notmuch_message_t* raw = nullptr;
      const auto status = notmuch_database_find_message(database_->get(), id.c_str(), &raw);
      const MessageHandle message(raw);
      if (status != NOTMUCH_STATUS_SUCCESS) return give_up(status);
      std::optional<Reader::Change> found;
      if (message) found = {take_tags(notmuch_message_get_tags(raw)), take_filenames(notmuch_message_get_filenames(raw)), id};
      return found;
    });
  }

  Result<bool> has_written_to(const std::string& mailbox) override {
    const std::string query = written_to_query(mailbox);
    if (query.empty()) return false;
    return writing<bool>([&]() -> Result<bool> {
      const QueryHandle handle = make_query(database_->get(), {query, {}, {}}, Sort::newest_first, {});
      unsigned count = 0;
      if (!handle || notmuch_query_count_messages(handle.get(), &count) != NOTMUCH_STATUS_SUCCESS) return give_up(NOTMUCH_STATUS_XAPIAN_EXCEPTION);
      return count > 0;
    });
  }

  Result<void> remove(const std::string& path) override {
    return writing<void>([&]() -> Result<void> {
      if (!is_in_root(path)) return outside(path, mail_root_);
      const auto status = notmuch_database_remove_message(database_->get(), path.c_str());
      if (status != NOTMUCH_STATUS_SUCCESS && status != NOTMUCH_STATUS_DUPLICATE_MESSAGE_ID) return failed(path, status);
      removed_ = path;
      return {};
    });
  }

  Result<bool> rename(const std::string& from, const std::string& to) override {
    return writing<bool>([&]() -> Result<bool> {
      const bool has_new = find(to) != nullptr;
      const bool has_old = from != to && find(from) != nullptr;
      if (!has_old) return has_new;
      if (!has_new) {
        const auto added = index(to, [](notmuch_message_t*, Added) { return NOTMUCH_STATUS_SUCCESS; });
        if (!added) return Unexpected(Error(added.error()));
        if (*added == Added::refused) return unknown(to);
      }
      const auto status = notmuch_database_remove_message(database_->get(), from.c_str());
      if (status != NOTMUCH_STATUS_SUCCESS && status != NOTMUCH_STATUS_DUPLICATE_MESSAGE_ID) return failed(from, status);
      removed_ = from;
      return true;
    });
  }

  Result<TagsChanged> change_tags(const std::string& query, const std::vector<std::string>& add, const std::vector<std::string>& remove) override {
    auto ids = writing<std::vector<std::string>>([&] { return matching(query); });
    if (!ids) return Unexpected(std::move(ids).error());
    return change_tags_of(*ids, add, remove);
  }

  Result<TagsChanged> change_tags_of(const std::vector<std::string>& ids, const std::vector<std::string>& add,
                                     const std::vector<std::string>& remove) override {
    return apply({{ids, add, remove}}, {});
  }

  Result<TagsChanged> apply(const std::vector<TagEffect>& effects, const GoOn& go_on) override {
    TagsChanged changed;
    PlaceCounter places;
    std::uint64_t looked_at = 0;
    bool goes_on = true;
    for (auto effect = effects.begin(); goes_on && effect != effects.end(); ++effect) {
      for (auto id = effect->ids.begin(); goes_on && id != effect->ids.end(); ++id) {
        auto done = writing<bool>([&] { return change_one(*id, effect->add, effect->remove, places); });
        if (!done) return Unexpected(std::move(done).error());
        changed.messages += *done ? 1 : 0;
        goes_on = !go_on || go_on(++looked_at);
        if (!is_wanted_by_others()) continue;
        if (auto committed = commit(); !committed) return Unexpected(std::move(committed).error());
      }
    }
    changed.places = places.take();
    return changed;
  }

  Result<void> retag(const std::string& path, const std::vector<std::string>& add, const std::vector<std::string>& remove) override {
    return writing<void>([&]() -> Result<void> {
      const MessageHandle message = find(path);
      if (!message) return unknown(path);
      const auto status = change(message.get(), add, remove);
      if (status != NOTMUCH_STATUS_SUCCESS) return failed(path, status);
      return {};
    });
  }

  Result<std::uint64_t> commit() override {
    if (!database_) return committed_revision_;
    const bool ended = end_atomic();
    const std::uint64_t expected = database_->revision();
    const bool closed = database_->close();
    const std::string complaint = database_->complaint();
    database_.reset();
    const std::string removed = std::exchange(removed_, {});
    if (!ended || !closed) return not_stored(location_.database, complaint);
    auto stored = Database::open(location_, Mode::read_only);
    if (!stored) return Unexpected(std::move(stored).error());
    const bool is_emptied = !removed.empty() && stored->revision() == 0;  // Xapian forgets the revision with the last message
    if (stored->revision() < expected && !is_emptied) return not_stored(location_.database, complaint);
    if (!removed.empty() && knows(*stored, removed)) return not_stored(location_.database, complaint);
    committed_revision_ = stored->revision();
    return committed_revision_;
  }

  std::string identity() const override { return identity_; }

  bool is_wanted_by_others() const override {
    constexpr std::chrono::milliseconds interval(50);
    const auto now = steady_clock::now();
    if (now - looked_ < interval) return false;
    looked_ = now;
    return database_.has_value() && lock_.has_waiter();
  }

 private:
  /// Opens the database for writing if it is not, and starts the transaction that `commit` ends.
  Result<void> begin() { return database_ ? Result<void>() : begin(location_); }

  Result<void> begin(const Location& location) {
    if (!lock_.wait_until_free(wait_ms_)) return in_use(lock_.holder());
    auto opened = Database::open(location, Mode::read_write);
    if (!opened) return Unexpected(std::move(opened).error());
    database_.emplace(std::move(*opened));
    const auto status = notmuch_database_begin_atomic(database_->get());
    if (status != NOTMUCH_STATUS_SUCCESS) {
      auto error = give_up(status);
      drop_given_up();
      return error;
    }
    committed_revision_ = database_->revision();
    identity_ = database_->identity();
    looked_ = steady_clock::now();
    return {};
  }

  bool end_atomic() {
    try {
      return notmuch_database_end_atomic(database_->get()) == NOTMUCH_STATUS_SUCCESS;
    } catch (...) {
      return false;
    }
  }

  /// Runs one change. Xapian's exceptions end here: the transaction is given up, what was not committed is to be done again.
  template <typename T, typename Change>
  Result<T> writing(Change body) {
    if (auto begun = begin(); !begun) return Unexpected(std::move(begun).error());
    auto result = attempt<T>(body);
    drop_given_up();
    return result;
  }

  template <typename T, typename Change>
  Result<T> attempt(Change& body) {
    try {
      return body();
    } catch (...) {
      return give_up(NOTMUCH_STATUS_XAPIAN_EXCEPTION);
    }
  }

  /// Only a note: the change that fails still holds handles, which must die before the database.
  Unexpected give_up(notmuch_status_t status) {
    const std::string complaint = database_->complaint();
    is_given_up_ = true;
    return index_failed(Kind::disk, _("Writing to the mail index failed"),
                        complaint.empty() ? notmuch_status_to_string(status) : complaint);
  }

  /// Closes inside the transaction: nothing of it reaches the disk.
  void drop_given_up() {
    if (!std::exchange(is_given_up_, false)) return;
    database_.reset();
    removed_.clear();
  }

  /// A message whose terms Xapian will not take is its own fault; everything else is the disk's.
  Unexpected failed(const std::string& path, notmuch_status_t status) {
    const std::string complaint = database_->complaint();
    if (status == NOTMUCH_STATUS_FILE_ERROR || status == NOTMUCH_STATUS_PATH_ERROR || complaint.find("too long") != std::string::npos) {
      return fail(Kind::input, Blast::message, fmt::format(fmt::runtime(_("The message {} could not be read.")), clean(path)), {});
    }
    return give_up(status);
  }

  template <typename T>
  Result<T> expect(notmuch_status_t status, const std::string& path, T value) {
    if (status != NOTMUCH_STATUS_SUCCESS) return failed(path, status);
    return value;
  }

  bool is_in_root(std::string_view path) const {
    return path.size() > mail_root_.size() + 1 && path.substr(0, mail_root_.size()) == mail_root_ && path[mail_root_.size()] == '/';
  }

  bool is_long(const std::string& path) const {
    struct stat status = {};
    return ::stat(path.c_str(), &status) == 0 && static_cast<std::uint64_t>(status.st_size) > excerpts_.above;
  }

  /// Indexes one file, and tags its message in the same transaction.
  template <typename Tag>
  Result<Added> index(const std::string& path, const Tag& tag) {
    if (!is_in_root(path)) return outside(path, mail_root_);
    const ExcerptRoot excerpt = is_long(path) ? ExcerptRoot(location_, mail_root_, path, excerpts_) : ExcerptRoot();
    if (!excerpt.is_used()) return index_file(path, path, tag);
    // To libnotmuch the excerpt is the file of that name below the mail root.
    if (auto committed = commit(); !committed) return Unexpected(std::move(committed).error());
    if (auto begun = begin(excerpt.location()); !begun) return Unexpected(std::move(begun).error());
    auto added = index_file(path, excerpt.file(), tag);
    auto committed = added ? commit() : Result<std::uint64_t>(0U);
    drop_given_up();
    database_.reset();
    if (!added) return added;
    if (!committed) return Unexpected(std::move(committed).error());
    if (auto begun = begin(location_); !begun) return Unexpected(std::move(begun).error());
    return added;
  }

  template <typename Tag>
  Result<Added> index_file(const std::string& path, const std::string& file, const Tag& tag) {
    notmuch_message_t* raw = nullptr;
    const auto status = notmuch_database_index_file(database_->get(), file.c_str(), nullptr, &raw);
    const MessageHandle message(raw);
    if (status == NOTMUCH_STATUS_FILE_NOT_EMAIL) return Added::refused;
    const Added added = status == NOTMUCH_STATUS_DUPLICATE_MESSAGE_ID ? Added::duplicate : Added::added;
    if (added == Added::added && status != NOTMUCH_STATUS_SUCCESS) return failed(path, status);
    return expect(tag(raw, added), path, added);
  }

  MessageHandle find(const std::string& path) const {
    notmuch_message_t* raw = nullptr;
    if (!is_in_root(path)) return nullptr;
    if (notmuch_database_find_message_by_filename(database_->get(), path.c_str(), &raw) != NOTMUCH_STATUS_SUCCESS) return nullptr;
    return MessageHandle(raw);
  }

  static bool knows(const Database& database, const std::string& path) {
    notmuch_message_t* raw = nullptr;
    try {
      if (notmuch_database_find_message_by_filename(database.get(), path.c_str(), &raw) != NOTMUCH_STATUS_SUCCESS) return false;
    } catch (...) {
      return false;
    }
    return MessageHandle(raw) != nullptr;
  }

  Result<std::vector<std::string>> matching(const std::string& query) {
    const QueryHandle handle = make_query(database_->get(), {query, {}, {}}, Sort::newest_first, excluded_tags_);
    notmuch_messages_t* raw = nullptr;
    if (!handle || notmuch_query_search_messages(handle.get(), &raw) != NOTMUCH_STATUS_SUCCESS) {
      return fail(Kind::usage, Blast::message, fmt::format(fmt::runtime(_("The search {} is not understood.")), clean(query)), {});
    }
    const MessagesHandle messages(raw);
    std::vector<std::string> ids;
    for (; notmuch_messages_valid(raw) != 0; notmuch_messages_move_to_next(raw)) {
      const MessageHandle message(notmuch_messages_get(raw));
      const char* id = message ? notmuch_message_get_message_id(message.get()) : nullptr;
      if (id == nullptr) return give_up(NOTMUCH_STATUS_XAPIAN_EXCEPTION);
      ids.emplace_back(id);
    }
    return ids;
  }

  Result<bool> change_one(const std::string& id, const std::vector<std::string>& add, const std::vector<std::string>& remove, PlaceCounter& places) {
    notmuch_message_t* raw = nullptr;
    const auto found = notmuch_database_find_message(database_->get(), id.c_str(), &raw);
    const MessageHandle message(raw);
    if (found != NOTMUCH_STATUS_SUCCESS) return give_up(found);
    if (!message || !would_change(raw, add, remove)) return false;
    // Xapian takes only what changed from the document that it read last; else it writes all positions of all words again. So the directories,
    // which are documents too, are read behind the change.
    const auto status = change(raw, add, remove);
    if (status != NOTMUCH_STATUS_SUCCESS) return failed(id, status);
    places.add(raw);
    if (renames_files_) notmuch_message_tags_to_maildir_flags(raw);
    return true;
  }

  Location location_;
  int wait_ms_;
  Excerpts excerpts_;
  WriteLock lock_;
  std::string mail_root_;
  std::vector<std::string> new_tags_;
  std::vector<std::string> excluded_tags_;
  bool renames_files_ = false;  ///< the user's notmuch configuration keeps flags in the file names
  std::optional<Database> database_;
  bool is_given_up_ = false;  ///< `database_` failed and is to be closed
  std::string removed_;  ///< the last removed file since the commit; removals do not advance the revision
  std::uint64_t committed_revision_ = 0;
  std::string identity_;
  mutable steady_clock::time_point looked_;
};

}  // namespace

Result<std::unique_ptr<Writer>> Writer::open(const Location& location, int wait_ms, Excerpts excerpts) {
  if (xapian_directory(location.database).empty()) {
    auto created = Database::create(location);
    if (!created && Database::clear_half_made(location.database, wait_ms)) created = Database::create(location);
    const bool someone_was_faster = !created && !xapian_directory(location.database).empty();
    if (!created && !someone_was_faster) return Unexpected(std::move(created).error());
  }
  auto writer = std::make_unique<NotmuchWriter>(location, wait_ms, std::move(excerpts));
  if (auto opened = writer->open(); !opened) return Unexpected(std::move(opened).error());
  return std::unique_ptr<Writer>(std::move(writer));
}

}  // namespace valija::index
