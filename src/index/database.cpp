#include "database.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

#include "lock.hpp"
#include "valija/base/fd.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::index {
namespace {

struct FreeText {
  void operator()(char* text) const { std::free(text); }
};
using OwnedText = std::unique_ptr<char, FreeText>;

std::string first_line(std::string_view text) {
  text = trim(text);
  return clean(text.substr(0, text.find('\n')));
}

Kind kind_of(notmuch_status_t status) {
  switch (status) {
    case NOTMUCH_STATUS_NO_CONFIG:
    case NOTMUCH_STATUS_UPGRADE_REQUIRED:
    case NOTMUCH_STATUS_PATH_ERROR:
    case NOTMUCH_STATUS_NO_MAIL_ROOT:
      return Kind::settings;
    default:
      return Kind::disk;
  }
}

Unexpected cannot_open(notmuch_status_t status, const std::string& path, const char* detail) {
  const std::string reason = detail != nullptr ? detail : notmuch_status_to_string(status);
  return index_failed(kind_of(status), fmt::format(fmt::runtime(_("Opening the mail index at {} failed")), clean(path)),
                      reason);
}

/// A creation that was cut off before the version was written looks like a very old database, but an empty one.
bool finish_creation(notmuch_database_t* database) {
  try {
    const std::unique_ptr<notmuch_query_t, Release> all(notmuch_query_create(database, "*"));
    unsigned int messages = 1;
    if (notmuch_database_get_version(database) != 0 || !all) return false;
    if (notmuch_query_count_messages(all.get(), &messages) != NOTMUCH_STATUS_SUCCESS || messages > 0) return false;
    return notmuch_database_upgrade(database, nullptr, nullptr) == NOTMUCH_STATUS_SUCCESS;
  } catch (...) {
    return false;
  }
}

}  // namespace

Unexpected no_database(const std::string& database) {
  return fail(Kind::disk, Blast::program, fmt::format(fmt::runtime(_("There is no mail index at {}.")), clean(database)),
              _("It is created by the first sync: run valija sync. Without an account, notmuch new creates it."));
}

Unexpected index_failed(Kind kind, const std::string& action, const std::string& reason) {
  return fail(kind, Blast::program, fmt::format("{}: {}", action, first_line(reason)),
              _("valija doctor checks the index; it can always be built again from the mail files."));
}

std::string xapian_directory(const std::string& database) {
  struct stat status = {};
  for (const char* below : {"/xapian", "/.notmuch/xapian", ""}) {
    const std::string directory = database + below;
    if (::stat((directory + "/iamglass").c_str(), &status) == 0) return directory;
  }
  return {};
}

Stamp stamp_of(const std::string& xapian_directory) {
  struct stat status = {};
  if (::stat((xapian_directory + "/iamglass").c_str(), &status) != 0) return {};
  constexpr std::int64_t billion = 1'000'000'000;
  return {status.st_ino, status.st_mtim.tv_sec * billion + status.st_mtim.tv_nsec, status.st_size};
}

void Database::Destroy::operator()(notmuch_database_t* database) const noexcept {
  try {
    notmuch_database_destroy(database);
  } catch (...) {
    // Xapian's exceptions pass through the C interface; whoever must know has called close() before.
    return;
  }
}

Result<Database> Database::open(const Location& location, Mode mode) {
  const std::string directory = xapian_directory(location.database);
  if (directory.empty()) return no_database(location.database);
  const Stamp stamp = stamp_of(directory);
  notmuch_database_t* handle = nullptr;
  char* detail = nullptr;
  notmuch_status_t status = NOTMUCH_STATUS_XAPIAN_EXCEPTION;
  try {
    status = notmuch_database_open_with_config(
        location.database.c_str(),
        mode == Mode::read_write ? NOTMUCH_DATABASE_MODE_READ_WRITE : NOTMUCH_DATABASE_MODE_READ_ONLY,
        location.config.c_str(), nullptr, &handle, &detail);
  } catch (...) {
    handle = nullptr;
  }
  const OwnedText owned(detail);
  if (status != NOTMUCH_STATUS_SUCCESS || handle == nullptr) return cannot_open(status, location.database, detail);
  Database database(handle, stamp);
  if (mode == Mode::read_write && notmuch_database_needs_upgrade(handle) != 0 && !finish_creation(handle)) {
    return fail(Kind::settings, Blast::program,
                fmt::format(fmt::runtime(_("The mail index at {} was made by an older notmuch.")), clean(location.database)),
                _("Run notmuch new once; it converts the index."));
  }
  return database;
}

Result<void> Database::create(const Location& location) {
  if (auto made = make_directories(location.database); !made) return made;
  notmuch_database_t* handle = nullptr;
  char* detail = nullptr;
  notmuch_status_t status = NOTMUCH_STATUS_XAPIAN_EXCEPTION;
  try {
    status = notmuch_database_create_with_config(location.database.c_str(), location.config.c_str(), nullptr, &handle, &detail);
  } catch (...) {
    handle = nullptr;
  }
  const OwnedText owned(detail);
  const std::unique_ptr<notmuch_database_t, Destroy> created(handle);
  if (status != NOTMUCH_STATUS_SUCCESS) {
    const std::string reason = detail != nullptr ? detail : notmuch_status_to_string(status);
    return index_failed(kind_of(status),
                        fmt::format(fmt::runtime(_("Creating the mail index at {} failed")), clean(location.database)), reason);
  }
  for (const char* below : {"/.notmuch", "/.notmuch/xapian", "/xapian"}) {
    ::chmod((location.database + below).c_str(), 0700);
  }
  return {};
}

bool Database::clear_half_made(const std::string& database, int wait_ms) {
  constexpr off_t most = 64L * 1024;  // an empty table has one block, if any
  constexpr std::array names{"postlist.glass", "docdata.glass", "termlist.glass", "position.glass", "spelling.glass", "synonym.glass", "v.tmp"};
  const std::string directory = database + "/.notmuch/xapian/";
  if (!WriteLock(database + "/.notmuch/xapian").wait_until_free(wait_ms) || !xapian_directory(database).empty()) return false;
  std::vector<std::string> left;
  for (const char* name : names) {
    struct stat status = {};
    if (::lstat((directory + name).c_str(), &status) != 0) continue;
    if (!S_ISREG(status.st_mode) || status.st_size > most) return false;
    left.push_back(directory + name);
  }
  for (const std::string& file : left) {
    if (::unlink(file.c_str()) != 0) return false;
  }
  return !left.empty();
}

std::string Database::identity() const {
  const char* uuid = nullptr;
  notmuch_database_get_revision(handle_.get(), &uuid);
  return text_or_empty(uuid);
}

std::string commit_directory(const Location& location) { return xapian_directory(location.database); }

Result<std::string> identity_of(const Location& location) {
  if (xapian_directory(location.database).empty()) return std::string();
  const auto database = Database::open(location, Mode::read_only);
  if (!database) return Unexpected(Error(database.error()));
  return database->identity();
}

std::string Database::complaint() const {
  const char* text = notmuch_database_status_string(handle_.get());
  return text_or_empty(text);
}

std::string Database::mail_root() const {
  std::string root = text_or_empty(notmuch_config_get(handle_.get(), NOTMUCH_CONFIG_MAIL_ROOT));
  while (root.size() > 1 && root.back() == '/') root.pop_back();
  return root;
}

std::vector<std::string> Database::values(notmuch_config_key_t key) const {
  std::vector<std::string> found;
  const std::unique_ptr<notmuch_config_values_t, Release> values(notmuch_config_get_values(handle_.get(), key));
  if (!values) return found;
  for (; notmuch_config_values_valid(values.get()) != 0; notmuch_config_values_move_to_next(values.get())) {
    const std::string value = text_or_empty(notmuch_config_values_get(values.get()));
    if (!value.empty()) found.push_back(value);
  }
  return found;
}

bool Database::flag(notmuch_config_key_t key) const {
  notmuch_bool_t value = 0;
  return notmuch_config_get_bool(handle_.get(), key, &value) == NOTMUCH_STATUS_SUCCESS && value != 0;
}

bool Database::reopen(const std::string& xapian_directory) {
  const Stamp stamp = stamp_of(xapian_directory);
  try {
    if (notmuch_database_reopen(handle_.get(), NOTMUCH_DATABASE_MODE_READ_ONLY) != NOTMUCH_STATUS_SUCCESS) return false;
  } catch (...) {
    return false;
  }
  stamp_ = stamp;
  return true;
}

bool Database::close() {
  try {
    return notmuch_database_close(handle_.get()) == NOTMUCH_STATUS_SUCCESS;
  } catch (...) {
    return false;
  }
}

}  // namespace valija::index
