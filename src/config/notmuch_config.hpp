#pragma once

#include <string>
#include <string_view>

namespace valija::config {

/// What we need of a notmuch configuration file (notmuch-config(1)); as written there, empty: not set.
struct NotmuchConfig {
  std::string database_path;
  std::string mail_root;
};

/// Reads the key file format of GLib: groups, comments, the escapes \s \n \t \r \\. Lines that are neither are skipped.
NotmuchConfig read_notmuch_config(std::string_view text);

}  // namespace valija::config
