#include "local_trash.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>

#include "directory_reader.hpp"
#include "folder_name.hpp"
#include "valija/base/words.hpp"

namespace valija::store {
namespace {

constexpr UnixTime rest_time = 30 * 24 * 3600;
constexpr std::size_t longest_name = 255;

bool is_over(std::string_view name, UnixTime now) {
  UnixTime since = 0;
  const auto read = std::from_chars(name.data(), name.data() + name.size(), since);
  const bool is_ours = read.ec == std::errc() && read.ptr != name.data() + name.size() && *read.ptr == '.';
  // A clock that was wrong for a while must not empty the trash: what comes from the future stays.
  return is_ours && since <= now && now - since > rest_time;
}

}  // namespace

FilePlace place_of(const MailDirectory& directory, const std::string& file) {
  const bool is_cur = file.starts_with("cur/");
  return {is_cur ? directory.cur.get() : directory.fresh.get(), file.c_str() + 4};
}

LocalTrash::LocalTrash(const std::string& state_dir, const std::string& account, const Clock& clock, Files& files)
    : path_(state_dir + "/trash/" + directory_name(account)), clock_(clock), files_(files) {}

Result<void> LocalTrash::open(const FolderPath& folder) {
  if (directory_ && folder == folder_) return {};
  if (Result<void> synced = sync(); !synced) return synced;
  folder_path_ = path_ + "/" + flat_name(folder).substr(0, longest_name);
  if (Result<void> made = make_directories(folder_path_); !made) return made;
  directory_ = Fd(::open(folder_path_.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!directory_) return fail(folder_error(_("Opening"), folder_path_, errno));
  folder_ = folder;
  return {};
}

Result<void> LocalTrash::take(const FolderPath& folder, const MailDirectory& directory, const std::string& file) {
  if (Result<void> opened = open(folder); !opened) return opened;
  const FilePlace from = place_of(directory, file);
  const std::string target = fmt::format("{}.{}", clock_.now(), from.name).substr(0, longest_name);
  int error = files_.rename(from.directory, from.name, directory_.get(), target.c_str());
  unsynced_ = true;
  if (error == EXDEV) {
    if (Result<void> copied = copy(from.directory, from.name, target); !copied) return copied;
    error = files_.unlink(from.directory, from.name);
  }
  if (error != 0) {
    Error failure = folder_error(_("Moving to the trash"), directory.path + "/" + file, error);
    if (error == ENOENT || error == EEXIST) failure.blast = Blast::message;
    return fail(std::move(failure));
  }
  return {};
}

/// The state directory may lie on another file system than the mail.
Result<void> LocalTrash::copy(int from, const char* name, const std::string& target) {
  const Fd source(::openat(from, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!source) return fail(folder_error(_("Reading"), name, errno));
  int error = 0;
  Fd copied = files_.create(directory_.get(), target.c_str(), error);
  std::array<char, 65536> buffer;
  while (error == 0) {
    const ssize_t count = ::read(source.get(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) error = errno;
    if (count <= 0) break;
    error = files_.write(copied.get(), {buffer.data(), static_cast<std::size_t>(count)});
  }
  if (error == 0) error = files_.sync_file(copied.get());
  if (copied) {
    const int close_error = files_.close(std::move(copied));
    if (error == 0) error = close_error;
    if (error == 0) error = files_.sync_file(directory_.get());
    if (error != 0) (void)files_.unlink(directory_.get(), target.c_str());
  }
  if (error != 0) return fail(folder_error(_("Writing"), folder_path_ + "/" + target, error));
  return {};
}

Result<void> LocalTrash::sync() {
  if (!unsynced_) return {};
  if (const int error = files_.sync_file(directory_.get()); error != 0) return fail(folder_error(_("Writing"), folder_path_, error));
  unsynced_ = false;
  return {};
}

void LocalTrash::purge() {
  const Fd root(::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!root) return;
  const UnixTime now = clock_.now();
  (void)read_directory(root.get(), [&](const DirectoryEntry& folder) {
    const Fd directory(::openat(root.get(), std::string(folder.name).c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!directory) return;
    (void)read_directory(directory.get(), [&](const DirectoryEntry& file) {
      if (file.is_file && is_over(file.name, now)) (void)files_.unlink(directory.get(), std::string(file.name).c_str());
    });
  });
}

}  // namespace valija::store
