#include "settings_watch.hpp"

#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string_view>

namespace valija {
namespace {

std::string directory_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, std::max<std::size_t>(slash, 1));
}

std::string name_of(const std::string& path) { return path.substr(path.rfind('/') + 1); }

}  // namespace

SettingsWatch::SettingsWatch(const std::string& file) {
  if (file.empty()) return;
  fd_ = Fd(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
  if (fd_.get() < 0) return;
  name_ = name_of(file);
  watch(directory_of(file));
  const std::unique_ptr<char, decltype(&std::free)> target(::realpath(file.c_str(), nullptr), &std::free);
  if (target == nullptr || file == target.get()) return;
  target_name_ = name_of(target.get());
  watch(directory_of(target.get()));
}

void SettingsWatch::watch(const std::string& path) {
  // Only a whole text: one that is closed behind the last octet, or put in place.
  (void)::inotify_add_watch(fd_.get(), path.c_str(), IN_CLOSE_WRITE | IN_MOVED_TO);
}

bool SettingsWatch::has_changed() {
  if (fd_.get() < 0) return false;
  alignas(inotify_event) std::array<char, 4096> buffer{};
  bool has_changed = false;
  for (;;) {
    const ssize_t size = ::read(fd_.get(), buffer.data(), buffer.size());
    if (size <= 0) return has_changed;
    for (ssize_t at = 0; at + static_cast<ssize_t>(sizeof(inotify_event)) <= size;) {
      inotify_event event{};
      std::memcpy(&event, buffer.data() + at, sizeof event);
      const std::string_view name = event.len == 0 ? std::string_view() : std::string_view(buffer.data() + at + sizeof event);
      has_changed = has_changed || (!name.empty() && (name == name_ || name == target_name_)) || (event.mask & IN_Q_OVERFLOW) != 0;
      at += static_cast<ssize_t>(sizeof event + event.len);
    }
  }
}

}  // namespace valija
