#include "paths.hpp"

#include <sys/stat.h>

#include <filesystem>

namespace valija::config {

namespace {

bool is_below(const std::string& path, const std::string& root) {
  return path == root || root == "/" ||
         (path.starts_with(root) && path.size() > root.size() && path[root.size()] == '/');
}

std::string where_links_lead(const std::string& path) {
  std::error_code error;
  const auto real = std::filesystem::weakly_canonical(path, error);
  return error ? path : real.string();
}

}  // namespace

std::string expand_home(std::string_view path, const std::string& home) {
  if (path != "~" && !path.starts_with("~/")) return std::string(path);
  return home + std::string(path.substr(1));
}

std::string tidy_path(const std::string& path) {
  std::string tidy = std::filesystem::path(path).lexically_normal().string();
  if (tidy.size() > 1 && tidy.ends_with('/')) tidy.pop_back();
  return tidy;
}

bool is_inside(const std::string& path, const std::string& root) {
  return is_below(tidy_path(path), tidy_path(root)) || is_below(where_links_lead(path), where_links_lead(root));
}

bool is_directory(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

bool is_regular_file(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode);
}

}  // namespace valija::config
