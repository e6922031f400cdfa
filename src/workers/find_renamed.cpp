#include "find_renamed.hpp"

#include <dirent.h>
#include <unistd.h>

#include <memory>
#include <string_view>

namespace valija::workers {
namespace {

struct CloseDirectory {
  void operator()(DIR* directory) const { ::closedir(directory); }
};

std::string_view base_of(std::string_view name) { return name.substr(0, name.find(":2,")); }

std::string find_base(const std::string& directory, std::string_view base) {
  const std::unique_ptr<DIR, CloseDirectory> open(::opendir(directory.c_str()));
  if (!open) return {};
  while (const dirent* entry = ::readdir(open.get())) {
    if (base_of(entry->d_name) == base) return directory + "/" + entry->d_name;
  }
  return {};
}

}  // namespace

std::string find_renamed(const std::string& path) {
  const std::size_t name = path.rfind('/');
  const std::size_t folder = name == std::string::npos || name == 0 ? name : path.rfind('/', name - 1);
  if (name == std::string::npos || folder == std::string::npos) return {};
  const std::string_view base = base_of(std::string_view(path).substr(name + 1));
  for (const char* below : {"/cur", "/new"}) {
    std::string found = find_base(path.substr(0, folder) + below, base);
    if (!found.empty()) return found;
  }
  return {};
}

std::string now_at(const std::string& path) {
  if (::access(path.c_str(), F_OK) == 0) return path;
  std::string renamed = find_renamed(path);
  return renamed.empty() ? path : renamed;
}

void remove_stored(const std::string& path) {
  if (path.empty() || ::unlink(path.c_str()) == 0) return;
  const std::string renamed = find_renamed(path);
  if (!renamed.empty()) ::unlink(renamed.c_str());
}

}  // namespace valija::workers
