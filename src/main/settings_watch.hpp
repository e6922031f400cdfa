#pragma once

#include <string>

#include "valija/base/fd.hpp"

namespace valija {

/// Tells when the settings file was saved. Its directory is watched, since editors write another file and rename it; where that is a link, also the directory
/// of what it leads to. UI thread.
class SettingsWatch {
 public:
  /// An empty path, or a system without inotify: nothing is ever told.
  explicit SettingsWatch(const std::string& file);

  /// To poll; -1: nothing to wait for.
  int fd() const { return fd_.get(); }
  /// Reads what happened. True: the file is another one, or has another text.
  bool has_changed();

 private:
  void watch(const std::string& path);

  Fd fd_;
  std::string name_, target_name_;
};

}  // namespace valija
