#include "local_watch.hpp"

#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <system_error>
#include <utility>

namespace valija::workers {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t stirring = IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ONLYDIR;
constexpr int deepest = 32;            // folders within folders
constexpr std::size_t most = 50'000;  // directories: more would leave other programs none

/// cur/ and new/ hold messages, maybe a great many: they are watched, not read. tmp/ is nobody's business.
enum class Part { folder, messages, none };

Part part_of(const fs::path& directory) {
  const fs::path name = directory.filename();
  if (name == "cur" || name == "new") return Part::messages;
  return name == "tmp" ? Part::none : Part::folder;
}

std::vector<std::string> directories_below(const std::string& tree) {
  std::vector<std::string> found;
  std::error_code error;
  fs::recursive_directory_iterator entry(tree, error);
  if (!error) found.push_back(tree);
  for (; !error && entry != fs::recursive_directory_iterator() && found.size() < most; entry.increment(error)) {
    std::error_code gone;
    const fs::file_status status = entry->symlink_status(gone);
    if (!fs::is_directory(status)) continue;
    const Part part = part_of(entry->path());
    if (part != Part::folder || entry.depth() >= deepest) entry.disable_recursion_pending();
    if (part != Part::none) found.push_back(entry->path().string());
  }
  return found;
}

}  // namespace

LocalWatch::LocalWatch(index::Location index, std::string account_tree)
    : index_(std::move(index)), account_tree_(std::move(account_tree)), inotify_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {
  refresh();
}

void LocalWatch::watch(const std::string& directory) {
  if (inotify_ && !directory.empty()) ::inotify_add_watch(inotify_.get(), directory.c_str(), stirring);
}

/// An index that is not there yet: who makes it stirs the directories around it, and they are watched before it is looked for.
void LocalWatch::watch_index() {
  if (index_.database.empty()) return;
  if (!has_index_) {
    for (const char* around : {"", "/.notmuch", "/.notmuch/xapian", "/xapian"}) watch(index_.database + around);
  }
  const std::string directory = index::commit_directory(index_);
  has_index_ = !directory.empty();
  if (has_index_) watch(directory);
}

void LocalWatch::refresh() {
  watch_index();
  for (const auto& directory : directories_below(account_tree_)) watch(directory);
}

bool LocalWatch::take() {
  std::array<char, 64UL * 1024> events;
  bool stirred = false;
  while (inotify_ && ::read(inotify_.get(), events.data(), events.size()) > 0) stirred = true;
  if (stirred && !has_index_) watch_index();
  return stirred;
}

}  // namespace valija::workers
