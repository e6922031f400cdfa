#include "schema.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>

#include <array>
#include <cerrno>

#include "valija/base/fd.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::store {
namespace {

constexpr std::int64_t application_id = 0x76616c69;  // "vali"

/// Version n is reached from n - 1 by its text. Never change one that was released: add the next.
constexpr std::array<const char*, 7> versions = {R"sql(
CREATE TABLE account(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, marker TEXT NOT NULL) STRICT;
CREATE TABLE folder(id INTEGER PRIMARY KEY, account INTEGER NOT NULL REFERENCES account(id), path TEXT NOT NULL, role INTEGER NOT NULL,
  uid_validity INTEGER NOT NULL, uid_next INTEGER NOT NULL, highest INTEGER NOT NULL, UNIQUE(account, path)) STRICT;
-- file: below the folder's directory, as the index last heard of it ("cur/BASE:2,S"); keywords: one a line
CREATE TABLE pair(folder INTEGER NOT NULL, uid INTEGER NOT NULL, file TEXT NOT NULL, flags INTEGER NOT NULL, keywords TEXT NOT NULL,
  PRIMARY KEY(folder, uid)) STRICT, WITHOUT ROWID;
-- messages on their way from tmp/ to cur/, for recovery
CREATE TABLE batch(id INTEGER PRIMARY KEY AUTOINCREMENT, folder INTEGER NOT NULL, uid_validity INTEGER NOT NULL, messages BLOB NOT NULL) STRICT;
CREATE TABLE index_task(row INTEGER PRIMARY KEY AUTOINCREMENT, action INTEGER NOT NULL, path TEXT NOT NULL, old_path TEXT NOT NULL,
  tags TEXT NOT NULL) STRICT;
CREATE TABLE unindexed(path TEXT PRIMARY KEY, reason TEXT NOT NULL, date INTEGER NOT NULL, sender TEXT NOT NULL, subject TEXT NOT NULL)
  STRICT, WITHOUT ROWID;
CREATE TABLE known_folder(account TEXT NOT NULL, position INTEGER NOT NULL, path TEXT NOT NULL, role INTEGER NOT NULL,
  selectable INTEGER NOT NULL, wire_name BLOB NOT NULL, PRIMARY KEY(account, position)) STRICT, WITHOUT ROWID;
)sql",
                                                   R"sql(
-- index_id: the index that has all mail of the account but what waits in index_task; '': all of it waits
ALTER TABLE account ADD COLUMN index_id TEXT NOT NULL DEFAULT '';
UPDATE account SET index_id = 'unknown';
)sql",
                                                   R"sql(
-- messages: how many the server had; settled: nothing was left over; *_time: mtimes of cur/ and new/ in ns as of the last agreement, 0: not known
ALTER TABLE folder ADD COLUMN messages INTEGER NOT NULL DEFAULT 0;
ALTER TABLE folder ADD COLUMN settled INTEGER NOT NULL DEFAULT 0;
ALTER TABLE folder ADD COLUMN cur_time INTEGER NOT NULL DEFAULT 0;
ALTER TABLE folder ADD COLUMN new_time INTEGER NOT NULL DEFAULT 0;
-- tags: the journal, what the index should have, one a line; NULL: to be learned from the index. size: octets with CRLF, 0: not known.
-- message: a hash of the Message-ID, which copies share; 0: not known
ALTER TABLE pair ADD COLUMN tags TEXT;
ALTER TABLE pair ADD COLUMN size INTEGER NOT NULL DEFAULT 0;
ALTER TABLE pair ADD COLUMN message INTEGER NOT NULL DEFAULT 0;
ALTER TABLE pair ADD COLUMN print TEXT NOT NULL DEFAULT '';
CREATE INDEX pair_file ON pair(file);
CREATE INDEX pair_message ON pair(message) WHERE message <> 0;
ALTER TABLE index_task ADD COLUMN dropped TEXT NOT NULL DEFAULT '';
ALTER TABLE index_task ADD COLUMN all_tags TEXT NOT NULL DEFAULT '';
-- message: the Message-ID, by which the index is asked where another program gave the file a name that was not known here
ALTER TABLE index_task ADD COLUMN message TEXT NOT NULL DEFAULT '';
-- what persons did through tags and the server was not told yet; learned: added are all tags of the index; carried: the files follow already
CREATE TABLE tag_change(id INTEGER PRIMARY KEY AUTOINCREMENT, folder INTEGER NOT NULL, uid INTEGER NOT NULL, added TEXT NOT NULL,
  dropped TEXT NOT NULL, learned INTEGER NOT NULL, carried INTEGER NOT NULL, UNIQUE(folder, uid)) STRICT;
-- one row: up to where the index was read
CREATE TABLE tag_mark(id INTEGER PRIMARY KEY CHECK(id = 1), index_id TEXT NOT NULL, revision INTEGER NOT NULL) STRICT;
-- how many tasks left index_task: what was read from the index before one did is too old to be told from a person's change
CREATE TABLE queue_count(done INTEGER NOT NULL) STRICT;
INSERT INTO queue_count VALUES(0);
CREATE TRIGGER index_task_done AFTER DELETE ON index_task BEGIN UPDATE queue_count SET done = done + 1; END;
-- to be asked for again; idle: nothing waited for it the last time
CREATE TABLE delayed_path(path TEXT PRIMARY KEY, idle INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE operation(id INTEGER PRIMARY KEY, time INTEGER NOT NULL, account TEXT NOT NULL, folder TEXT NOT NULL, base TEXT NOT NULL,
  what TEXT NOT NULL, why TEXT NOT NULL) STRICT;
CREATE INDEX operation_base ON operation(base);
-- numbers for the messages of a server that names them by text (UIDL), never given twice; name: '' where the server has it no more
CREATE TABLE uid_book(uid INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, name TEXT NOT NULL, first_seen INTEGER NOT NULL,
  size INTEGER NOT NULL, deleted INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX uid_book_account ON uid_book(account);
-- changes of tags that persons asked for and the index does not have yet; ids: of the messages that it is for, one a line; '': all that match then
CREATE TABLE asked_change(row INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER NOT NULL, query TEXT NOT NULL, ids TEXT NOT NULL,
  added TEXT NOT NULL, dropped TEXT NOT NULL) STRICT;
)sql",
                                                   R"sql(
-- mail on its way out; file: its name in outbox/; recipients: one a line; state: OutgoingState; draft: its text, '' if a program sent it
CREATE TABLE outbox(id INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, file TEXT NOT NULL UNIQUE, message_id TEXT NOT NULL,
  sender TEXT NOT NULL, subject TEXT NOT NULL, recipients TEXT NOT NULL, needs_smtputf8 INTEGER NOT NULL, is_eight_bit INTEGER NOT NULL,
  wants_dsn INTEGER NOT NULL, size INTEGER NOT NULL, queued INTEGER NOT NULL, due INTEGER NOT NULL, state INTEGER NOT NULL, tries INTEGER NOT NULL,
  answer TEXT NOT NULL, draft TEXT NOT NULL, stored TEXT NOT NULL, original TEXT NOT NULL, original_tag TEXT NOT NULL) STRICT;
-- what mail history knows of people
CREATE TABLE person(mailbox TEXT PRIMARY KEY COLLATE NOCASE, name TEXT NOT NULL, written_to INTEGER NOT NULL, written_by INTEGER NOT NULL,
  last_written_to INTEGER NOT NULL, last_written_by INTEGER NOT NULL) STRICT, WITHOUT ROWID;
-- hashes of the Message-IDs that were counted for it
CREATE TABLE person_letter(hash INTEGER PRIMARY KEY) STRICT;
-- one row: up to where the index was read for it
CREATE TABLE person_mark(id INTEGER PRIMARY KEY CHECK(id = 1), index_id TEXT NOT NULL, revision INTEGER NOT NULL) STRICT;
)sql",
                                                   R"sql(
-- delivered: recipients that have it; later: those that the transaction handed over last does not go to; one a line
ALTER TABLE outbox ADD COLUMN delivered TEXT NOT NULL DEFAULT '';
ALTER TABLE outbox ADD COLUMN later TEXT NOT NULL DEFAULT '';
)sql",
                                                   R"sql(
-- what persons did to mail, for undo and redo; undone: it was taken back
CREATE TABLE action(id INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER NOT NULL, label TEXT NOT NULL, place_tag TEXT NOT NULL,
  messages INTEGER NOT NULL, undone INTEGER NOT NULL DEFAULT 0) STRICT;
-- messages: Message-IDs, one a line; tags likewise
CREATE TABLE action_effect(action INTEGER NOT NULL, position INTEGER NOT NULL, messages TEXT NOT NULL, added TEXT NOT NULL, dropped TEXT NOT NULL,
  PRIMARY KEY(action, position)) STRICT, WITHOUT ROWID;
-- came_from, went_to: folders as work/INBOX
CREATE TABLE action_move(action INTEGER NOT NULL, position INTEGER NOT NULL, message TEXT NOT NULL, came_from TEXT NOT NULL, went_to TEXT NOT NULL,
  PRIMARY KEY(action, position)) STRICT, WITHOUT ROWID;
CREATE TRIGGER action_gone AFTER DELETE ON action BEGIN
  DELETE FROM action_effect WHERE action = old.id;
  DELETE FROM action_move WHERE action = old.id;
END;
-- action: the one that is to be carried out, instead of what this row says; 0: none. step: ChangeStep
ALTER TABLE asked_change ADD COLUMN action INTEGER NOT NULL DEFAULT 0;
ALTER TABLE asked_change ADD COLUMN step INTEGER NOT NULL DEFAULT 0;
)sql",
                                                   R"sql(
-- senders of newsletters that were unsubscribed from; mailbox: in lower case
CREATE TABLE left_list(mailbox TEXT PRIMARY KEY, time INTEGER NOT NULL) STRICT, WITHOUT ROWID;
)sql"};

Result<std::int64_t> pragma(Database& database, std::string_view sql) {
  Result<Statement> statement = database.prepare(sql);
  if (!statement) return fail(std::move(statement).error());
  const Result<bool> row = statement->start().step();
  if (!row) return fail(row.error());
  return *row ? statement->integer(0) : 0;
}

Error foreign_error(const std::string& path) {
  return {Kind::disk, Blast::program, fmt::format(fmt::runtime(_("{} is not a state of valija.")), clean(path)),
          _("Move it away if it is in the place of ours by mistake.")};
}

Error newer_error(const std::string& path) {
  return {Kind::disk, Blast::program, fmt::format(fmt::runtime(_("The state {} was written by a newer valija.")), clean(path)),
          _("Install that version again; this one left the file as it is.")};
}

struct Stamp {
  std::int64_t application = 0, version = 0, tables = 0;
};

Result<Stamp> read_stamp(Database& database) {
  const Result<std::int64_t> application = pragma(database, "PRAGMA application_id");
  if (!application) return fail(application.error());
  const Result<std::int64_t> version = pragma(database, "PRAGMA user_version");
  if (!version) return fail(version.error());
  const Result<std::int64_t> tables = pragma(database, "SELECT count(*) FROM sqlite_schema");
  if (!tables) return fail(tables.error());
  return Stamp{*application, *version, *tables};
}

constexpr auto newest = static_cast<std::int64_t>(versions.size());

/// Whether the file has to be brought up to date; an error where it is not ours to touch.
Result<bool> is_behind(Database& database) {
  const Result<Stamp> stamp = read_stamp(database);
  if (!stamp) return fail(stamp.error());
  if (stamp->application == 0 && stamp->version == 0 && stamp->tables == 0) return true;
  if (stamp->application != application_id) return fail(foreign_error(database.path()));
  if (stamp->version > newest || stamp->version < 0) return fail(newer_error(database.path()));
  return stamp->version < newest;
}

/// In one transaction, so that two processes that start together do it once.
Result<void> migrate(Database& database) {
  Result<Transaction> transaction = Transaction::begin(database);
  if (!transaction) return fail(std::move(transaction).error());
  const Result<Stamp> stamp = read_stamp(database);
  if (!stamp) return fail(stamp.error());
  for (auto step = static_cast<std::size_t>(stamp->version); step < versions.size(); ++step) {
    if (Result<void> done = database.run(versions[step]); !done) return done;
  }
  const std::string sql = fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}", application_id, newest);
  if (Result<void> done = database.run(sql.c_str()); !done) return done;
  return transaction->commit();
}

/// Held while a state is opened: who opens it at the same moment sees it made or not made, never in the middle. A file of its own, because
/// the locks of state.db are SQLite's.
Result<Fd> take_turn(const std::string& state_dir) {
  const std::string path = state_dir + "/state.lock";
  Fd lock(::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!lock) return fail(disk_error(_("Opening"), path, errno));
  while (::flock(lock.get(), LOCK_EX) != 0) {
    if (errno != EINTR) return fail(disk_error(_("Locking"), path, errno));
  }
  return lock;
}

}  // namespace

Result<Database> open_state(const std::string& state_dir) {
  if (Result<void> made = make_directories(state_dir); !made) return fail(std::move(made).error());
  const Result<Fd> turn = take_turn(state_dir);
  if (!turn) return fail(turn.error());
  Result<Database> database = Database::open(state_dir + "/state.db");
  if (!database) return database;
  const Result<bool> behind = is_behind(*database);
  if (!behind) return fail(behind.error());
  if (Result<void> migrated = *behind ? migrate(*database) : Result<void>(); !migrated) return fail(std::move(migrated).error());
  if (Result<void> set = database->run("PRAGMA journal_mode = WAL"); !set) return fail(std::move(set).error());
  return database;
}

}  // namespace valija::store
