#include "valija/store/outbox.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <set>

#include "directory_reader.hpp"
#include "file_lock.hpp"
#include "schema.hpp"
#include "tag_set.hpp"
#include "valija/base/words.hpp"

namespace valija::store {
namespace {

/// A file without a row that is older belongs to a process that died before its `put`.
constexpr time_t orphan_age_s = 24 * 3600;

std::int64_t number_of(OutgoingState state) { return static_cast<std::int64_t>(state); }

std::int64_t number_of(bool value) { return value ? 1 : 0; }

std::string last_part(const std::string& path) { return path.substr(path.rfind('/') + 1); }

Result<void> sync_path(const std::string& path, int flags) {
  const Fd file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | flags));
  if (!file) return fail(disk_error(_("Opening"), path, errno));
  if (::fsync(file.get()) != 0) return fail(disk_error(_("Writing"), path, errno));
  return {};
}

class StateOutbox final : public Outbox {
 public:
  StateOutbox(Database database, const std::string& state_dir)
      : database_(std::move(database)), directory_(state_dir + "/outbox"), lock_path_(state_dir + "/outbox.lock") {}

  Result<void> prepare() {
    if (Result<void> made = make_directories(directory_); !made) return made;
    return database_.prepare({
        {&put_, "INSERT INTO outbox(account, file, message_id, sender, subject, recipients, needs_smtputf8, is_eight_bit, wants_dsn, size, queued, due, "
                "state, tries, answer, draft, stored, original, original_tag) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"},
        {&all_, "SELECT * FROM outbox ORDER BY id"},
        {&find_, "SELECT * FROM outbox WHERE id = ?"},
        {&change_, "UPDATE outbox SET state = ?3, answer = ?4 WHERE id = ?1 AND state = ?2"},
        {&postpone_, "UPDATE outbox SET state = ?5, tries = tries + 1, due = ?3, answer = ?4 WHERE id = ?1 AND state = ?2"},
        {&hand_, "UPDATE outbox SET state = ?3, later = ?4 WHERE id = ?1 AND state = ?2"},
        {&deliver_part_, "UPDATE outbox SET state = ?3, delivered = ?4, later = '' WHERE id = ?1 AND state = ?2"},
        {&cancel_, "DELETE FROM outbox WHERE id = ? AND state IN (?, ?, ?) RETURNING file"},
        {&done_, "DELETE FROM outbox WHERE id = ? AND state NOT IN (?, ?) RETURNING file"},
        {&left_, "UPDATE outbox SET state = ? WHERE state = ?"},
        {&has_file_, "SELECT 1 FROM outbox WHERE file = ?"},
    });
  }

  std::string new_file() override {
    std::uint64_t random[2] = {};
    // Where there is no randomness yet, the number of the process and of the file tell names apart.
    if (::getrandom(random, sizeof random, 0) != sizeof random) random[0] = static_cast<std::uint64_t>(::getpid()), random[1] = ++count_;
    return fmt::format("{}/{:016x}{:016x}.eml", directory_, random[0], random[1]);
  }

  Result<std::int64_t> put(const Outgoing& entry) override {
    if (Result<void> durable = sync_path(entry.file, 0); !durable) return fail(std::move(durable).error());
    if (Result<void> durable = sync_path(directory_, O_DIRECTORY); !durable) return fail(std::move(durable).error());
    Result<Transaction> transaction = Transaction::begin(database_);
    if (!transaction) return fail(std::move(transaction).error());
    // Orphans go in a transaction, too: now it is there and stays.
    if (::access(entry.file.c_str(), R_OK) != 0) return fail(disk_error(_("Opening"), entry.file, errno));
    put_.start().bind(entry.account).bind(last_part(entry.file)).bind(entry.message_id).bind(entry.sender).bind(entry.subject);
    put_.bind(to_lines(entry.recipients)).bind(number_of(entry.needs_smtputf8)).bind(number_of(entry.is_eight_bit)).bind(number_of(entry.wants_dsn));
    put_.bind(static_cast<std::int64_t>(entry.size)).bind(std::int64_t{entry.queued}).bind(std::int64_t{entry.due}).bind(number_of(entry.state));
    put_.bind(std::int64_t{entry.tries}).bind(entry.answer).bind(entry.draft).bind(entry.stored).bind(entry.original).bind(entry.original_tag);
    if (Result<void> stored = put_.run(); !stored) return fail(std::move(stored).error());
    const std::int64_t id = database_.last_row();
    if (Result<void> committed = transaction->commit(); !committed) return fail(std::move(committed).error());
    return id;
  }

  Result<std::vector<Outgoing>> all() override {
    std::vector<Outgoing> entries;
    all_.start();
    while (true) {
      const Result<bool> row = all_.step();
      if (!row) return fail(row.error());
      if (!*row) return entries;
      entries.push_back(entry_of(all_));
    }
  }

  Result<std::optional<Outgoing>> find(std::int64_t id) override {
    const Result<bool> row = find_.start().bind(id).step();
    if (!row) return fail(row.error());
    if (!*row) return std::optional<Outgoing>();
    std::optional<Outgoing> entry(entry_of(find_));
    find_.start();
    return entry;
  }

  Result<bool> change(std::int64_t id, OutgoingState from, OutgoingState to, const std::string& answer) override {
    return has_changed(change_.start().bind(id).bind(number_of(from)).bind(number_of(to)).bind(answer));
  }

  Result<bool> hand(std::int64_t id, const std::vector<std::string>& later) override {
    hand_.start().bind(id).bind(number_of(OutgoingState::waiting)).bind(number_of(OutgoingState::handing));
    return has_changed(hand_.bind(to_lines(later)));
  }

  Result<bool> deliver_part(std::int64_t id, OutgoingState from, const std::vector<std::string>& delivered) override {
    deliver_part_.start().bind(id).bind(number_of(from)).bind(number_of(OutgoingState::waiting));
    return has_changed(deliver_part_.bind(to_lines(delivered)));
  }

  Result<bool> postpone(std::int64_t id, OutgoingState from, UnixTime due, const std::string& answer) override {
    postpone_.start().bind(id).bind(number_of(from)).bind(std::int64_t{due}).bind(answer);
    return has_changed(postpone_.bind(number_of(OutgoingState::waiting)));
  }

  Result<bool> cancel(std::int64_t id) override {
    cancel_.start().bind(id).bind(number_of(OutgoingState::waiting)).bind(number_of(OutgoingState::refused));
    return remove(cancel_.bind(number_of(OutgoingState::maybe_sent)));
  }

  Result<void> done(std::int64_t id) override {
    const Result<bool> removed = remove(done_.start().bind(id).bind(number_of(OutgoingState::waiting)).bind(number_of(OutgoingState::handing)));
    return removed ? Result<void>() : fail(removed.error());
  }

  Result<std::optional<Fd>> try_lock() override {
    Result<Fd> file = open_lock(lock_path_);
    if (!file) return fail(std::move(file).error());
    const Result<bool> locked = store::try_lock(*file, F_WRLCK, lock_path_);
    if (!locked) return fail(locked.error());
    if (!*locked) return std::optional<Fd>();
    left_.start().bind(number_of(OutgoingState::maybe_sent)).bind(number_of(OutgoingState::handing));
    if (Result<void> changed = left_.run(); !changed) return fail(std::move(changed).error());
    if (Result<void> cleaned = remove_orphans(); !cleaned) return fail(std::move(cleaned).error());
    return std::optional<Fd>(std::move(*file));
  }

 private:
  Outgoing entry_of(const Statement& row) const {
    Outgoing entry;
    int column = 0;
    const auto number = [&] { return row.integer(column++); };
    const auto text = [&] { return std::string(row.text(column++)); };
    entry.id = number();
    entry.account = text();
    entry.file = directory_ + "/" + text();
    entry.message_id = text();
    entry.sender = text();
    entry.subject = text();
    entry.recipients = from_lines(text());
    entry.needs_smtputf8 = number() != 0;
    entry.is_eight_bit = number() != 0;
    entry.wants_dsn = number() != 0;
    entry.size = static_cast<std::uint64_t>(number());
    entry.queued = number();
    entry.due = number();
    entry.state = static_cast<OutgoingState>(number());
    entry.tries = static_cast<int>(number());
    entry.answer = text();
    entry.draft = text();
    entry.stored = text();
    entry.original = text();
    entry.original_tag = text();
    entry.delivered = from_lines(text());
    entry.later = from_lines(text());
    return entry;
  }

  Result<bool> has_changed(Statement& statement) {
    if (Result<void> done = statement.run(); !done) return fail(std::move(done).error());
    return database_.changes() > 0;
  }

  /// Of a DELETE that returns the file: the row first, durable, then the file.
  Result<bool> remove(Statement& statement) {
    Result<bool> row = statement.step();
    if (!row || !*row) return row;
    const std::string file(statement.text(0));
    // Only the end of the statement is the end of its transaction.
    if (row = statement.step(); !row) return row;
    ::unlink((directory_ + "/" + file).c_str());
    return true;
  }

  Result<void> remove_orphans() {
    const Fd directory(::open(directory_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!directory) return fail(disk_error(_("Opening"), directory_, errno));
    std::vector<std::string> old;
    const time_t now = ::time(nullptr);
    const int error = read_directory(directory.get(), [&](const DirectoryEntry& entry) {
      struct stat status{};
      const std::string name(entry.name);
      const bool is_old = entry.is_file && ::fstatat(directory.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 && now - status.st_mtime > orphan_age_s;
      if (is_old) old.push_back(name);
    });
    if (error != 0) return fail(disk_error(_("Reading"), directory_, error));
    if (old.empty()) return {};
    Result<Transaction> transaction = Transaction::begin(database_);
    if (!transaction) return fail(std::move(transaction).error());
    for (const std::string& name : old) {
      const Result<bool> has_row = has_file_.start().bind(name).step();
      if (!has_row) return fail(has_row.error());
      if (!*has_row) ::unlinkat(directory.get(), name.c_str(), 0);
      has_file_.start();
    }
    return transaction->commit();
  }

  Database database_;
  const std::string directory_, lock_path_;
  std::uint64_t count_ = 0;
  Statement put_, all_, find_, change_, hand_, deliver_part_, postpone_, cancel_, done_, left_, has_file_;
};

}  // namespace

Result<std::unique_ptr<Outbox>> Outbox::open(const std::string& state_dir) {
  Result<Database> database = open_state(state_dir);
  if (!database) return fail(std::move(database).error());
  auto outbox = std::make_unique<StateOutbox>(std::move(*database), state_dir);
  if (Result<void> prepared = outbox->prepare(); !prepared) return fail(std::move(prepared).error());
  return std::unique_ptr<Outbox>(std::move(outbox));
}

}  // namespace valija::store
