#include "database.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "valija/base/fd.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::store {
namespace {

constexpr int busy_timeout_ms = 30000;

Error database_error(sqlite3* database, int code, const std::string& path) {
  const std::string reason = database != nullptr ? sqlite3_errmsg(database) : sqlite3_errstr(code);
  const std::string message = fmt::format(fmt::runtime(_("The state {} could not be read or written: {}.")), clean(path), clean(reason));
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {Kind::try_later, Blast::account, message, _("Another valija process is busy with it. Try again in a moment.")};
    case SQLITE_FULL:
      return {Kind::disk, Blast::account, message, _("Free some space on this disk, then try again.")};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {Kind::disk, Blast::account, message,
              _("Move the file away: the next sync writes a new one and recognises the mail that is here.")};
    default:
      return {Kind::disk, Blast::account, message, _("Check the disk, and who owns this file.")};
  }
}

/// Takes care that the file is there with mode 0600 whatever the umask; its side files take that mode too. Neither an existing file nor
/// one that another thread can already see is opened: closing it would drop the POSIX locks that SQLite holds on it in this process.
Result<void> create_private(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) == 0) {
    if (!S_ISREG(status.st_mode)) return fail(disk_error(_("Opening"), path, ELOOP));
    const bool is_private = (status.st_mode & 077) == 0;
    if (!is_private && ::chmod(path.c_str(), 0600) != 0) return fail(disk_error(_("Opening"), path, errno));
    return {};
  }
  std::string fresh = path + ".XXXXXX";
  if (!Fd(::mkostemp(fresh.data(), O_CLOEXEC))) return fail(disk_error(_("Creating"), path, errno));
  const int linked = ::link(fresh.c_str(), path.c_str());
  const int error = errno;
  ::unlink(fresh.c_str());
  if (linked != 0 && error != EEXIST) return fail(disk_error(_("Creating"), path, error));
  return {};
}

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
void Database::Close::operator()(sqlite3* database) const { sqlite3_close_v2(database); }

Statement& Statement::start() {
  sqlite3_reset(statement_.get());
  next_ = 1;
  return *this;
}

Statement& Statement::bind(std::int64_t value) {
  sqlite3_bind_int64(statement_.get(), next_++, value);
  return *this;
}

Statement& Statement::bind(std::string_view text) {
  sqlite3_bind_text64(statement_.get(), next_++, text.empty() ? "" : text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  return *this;
}

Statement& Statement::bind_null() {
  sqlite3_bind_null(statement_.get(), next_++);
  return *this;
}

Statement& Statement::bind_bytes(std::string_view bytes) {
  sqlite3_bind_blob64(statement_.get(), next_++, bytes.empty() ? "" : bytes.data(), bytes.size(), SQLITE_TRANSIENT);
  return *this;
}

Result<bool> Statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) {
    sqlite3_reset(statement_.get());
    return false;
  }
  Error error = database_error(sqlite3_db_handle(statement_.get()), code, *path_);
  sqlite3_reset(statement_.get());
  return fail(std::move(error));
}

Result<void> Statement::run() {
  const Result<bool> row = step();
  if (!row) return fail(row.error());
  if (*row) sqlite3_reset(statement_.get());
  return {};
}

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(statement_.get(), column); }

bool Statement::is_null(int column) const { return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL; }

std::string_view Statement::text(int column) const {
  const void* bytes = sqlite3_column_blob(statement_.get(), column);
  const int size = sqlite3_column_bytes(statement_.get(), column);
  if (bytes == nullptr) return {};
  return {static_cast<const char*>(bytes), static_cast<std::size_t>(size)};
}

Result<Database> Database::open(const std::string& path) {
  if (Result<void> created = create_private(path); !created) return fail(std::move(created).error());
  Database result;
  result.path_ = std::make_unique<std::string>(path);
  sqlite3* opened = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  result.database_.reset(opened);
  if (code != SQLITE_OK) return fail(database_error(opened, code, path));
  sqlite3_extended_result_codes(opened, 1);
  sqlite3_busy_timeout(opened, busy_timeout_ms);
  for (const char* setting : {"PRAGMA synchronous = FULL", "PRAGMA foreign_keys = ON", "PRAGMA trusted_schema = OFF"}) {
    if (Result<void> set = result.run(setting); !set) return fail(std::move(set).error());
  }
  return result;
}

Result<void> Database::run(const char* sql) {
  const int code = sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return fail(database_error(database_.get(), code, *path_));
  return {};
}

Result<Statement> Database::prepare(std::string_view sql) {
  sqlite3_stmt* prepared = nullptr;
  const int code = sqlite3_prepare_v3(database_.get(), sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &prepared, nullptr);
  if (code != SQLITE_OK) return fail(database_error(database_.get(), code, *path_));
  Statement statement;
  statement.statement_.reset(prepared);
  statement.path_ = path_.get();
  return statement;
}

Result<void> Database::prepare(std::initializer_list<Source> sources) {
  for (const Source& source : sources) {
    Result<Statement> statement = prepare(source.sql);
    if (!statement) return fail(std::move(statement).error());
    *source.statement = std::move(*statement);
  }
  return {};
}

std::int64_t Database::last_row() const { return sqlite3_last_insert_rowid(database_.get()); }

std::int64_t Database::changes() const { return sqlite3_changes64(database_.get()); }

Result<Transaction> Transaction::begin(Database& database) {
  if (Result<void> begun = database.run("BEGIN IMMEDIATE"); !begun) return fail(std::move(begun).error());
  return Transaction(database);
}

Transaction::~Transaction() {
  if (database_ != nullptr) (void)database_->run("ROLLBACK");
}

Result<void> Transaction::commit() {
  Result<void> committed = database_->run("COMMIT");
  if (committed) database_ = nullptr;
  return committed;
}

}  // namespace valija::store
