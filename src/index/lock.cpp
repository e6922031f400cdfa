#include "lock.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <chrono>
#include <memory>

#include "valija/base/fd.hpp"

namespace valija::index {
namespace {

struct CloseDirectory {
  void operator()(DIR* directory) const { ::closedir(directory); }
};
using Directory = std::unique_ptr<DIR, CloseDirectory>;

bool is_link_to(const std::string& link, std::string_view target) {
  std::array<char, 4096> buffer;
  const ssize_t size = ::readlink(link.c_str(), buffer.data(), buffer.size());
  return size > 0 && std::string_view(buffer.data(), static_cast<std::size_t>(size)) == target;
}

bool has_open(const std::string& process, std::string_view file) {
  const std::string descriptors = "/proc/" + process + "/fd";
  const Directory directory(::opendir(descriptors.c_str()));
  if (!directory) return false;
  while (const dirent* entry = ::readdir(directory.get())) {
    if (entry->d_name[0] != '.' && is_link_to(descriptors + "/" + entry->d_name, file)) return true;
  }
  return false;
}

std::string real_path(const std::string& path) {
  const std::unique_ptr<char, void (*)(void*)> resolved(::realpath(path.c_str(), nullptr), std::free);
  return resolved ? std::string(resolved.get()) : path;
}

}  // namespace

bool has_waiter(std::string_view locks, ino_t file) {
  const std::string wanted = ":" + std::to_string(file) + " ";
  while (!locks.empty()) {
    const std::string_view line = locks.substr(0, locks.find('\n'));
    if (line.find(" -> ") != std::string_view::npos && line.find(wanted) != std::string_view::npos) return true;
    locks.remove_prefix(std::min(locks.size(), line.size() + 1));
  }
  return false;
}

WriteLock::WriteLock(const std::string& xapian_directory) : file_(xapian_directory + "/flintlock") {}

bool WriteLock::is_held() const {
  const Fd file(::open(file_.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return false;
  struct flock lock = {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  lock.l_len = 1;
  return ::fcntl(file.get(), F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

bool WriteLock::has_waiter() const {
  struct stat status = {};
  if (::stat(file_.c_str(), &status) != 0) return false;
  constexpr std::size_t most = 1024 * 1024;
  const auto locks = read_file("/proc/locks", most);
  return locks && index::has_waiter(*locks, status.st_ino);
}

bool WriteLock::wait_until_free(int wait_ms) const {
  using std::chrono::milliseconds;
  constexpr milliseconds courtesy(500);
  const auto start = std::chrono::steady_clock::now();
  while (true) {
    const auto waited = std::chrono::steady_clock::now() - start;
    const bool is_free = !is_held();
    if (is_free && (waited > courtesy || !has_waiter())) return true;
    if (!is_free && waited >= milliseconds(wait_ms)) return false;
    ::poll(nullptr, 0, 5);
  }
}

pid_t WriteLock::holder() const {
  const Directory directory(::opendir("/proc"));
  if (!directory) return 0;
  const std::string file = real_path(file_);
  while (const dirent* entry = ::readdir(directory.get())) {
    const std::string_view name = entry->d_name;
    pid_t pid = 0;
    const auto parsed = std::from_chars(name.data(), name.data() + name.size(), pid);
    if (parsed.ec != std::errc() || pid == ::getpid()) continue;
    if (has_open(std::string(name), file)) return pid;
  }
  return 0;
}

}  // namespace valija::index
