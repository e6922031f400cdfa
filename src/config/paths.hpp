#pragma once

#include <string>
#include <string_view>

namespace valija::config {

/// "~" and "~/x" become paths below `home`; everything else stays.
std::string expand_home(std::string_view path, const std::string& home);

/// Without "." and "..", doubled and trailing slashes; does not look at the disk.
std::string tidy_path(const std::string& path);

/// `path` is `root` or lies below it, as written or where their links lead.
bool is_inside(const std::string& path, const std::string& root);

bool is_directory(const std::string& path);
bool is_regular_file(const std::string& path);

}  // namespace valija::config
