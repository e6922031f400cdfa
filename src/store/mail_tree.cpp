#include "mail_tree.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "directory_reader.hpp"
#include "file_name.hpp"
#include "folder_name.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::store {
namespace {

constexpr const char* marker_name = ".valija";
constexpr std::int64_t one_second = 1000000000;

Fd open_directory(int parent, const char* name) {
  return Fd(::openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

Error open_error(const std::string& path, int error_number) {
  if (error_number != ELOOP && error_number != ENOTDIR) return folder_error(_("Opening"), path, error_number);
  return {Kind::disk, Blast::folder, fmt::format(fmt::runtime(_("{} is not a directory.")), clean(path)),
          _("Links and other files are not followed in the mail tree. Move it away.")};
}

/// Opens one step of a path, making it if asked. An empty descriptor: not there.
Result<Fd> enter(int parent, const std::string& name, const std::string& path, Files* maker, bool& made) {
  Fd directory = open_directory(parent, name.c_str());
  if (directory) return directory;
  if (errno != ENOENT) return fail(open_error(path, errno));
  if (maker == nullptr) return Fd();
  if (const int error = maker->make_directory(parent, name.c_str()); error != 0 && error != EEXIST) {
    return fail(folder_error(_("Creating"), path, error));
  }
  made = true;
  directory = open_directory(parent, name.c_str());
  if (!directory) return fail(open_error(path, errno));
  return directory;
}

std::string account_path(const std::string& mail_root, const std::string& account) { return mail_root + "/" + directory_name(account); }

}  // namespace

Error folder_error(const char* action, const std::string& path, int error_number) {
  Error error = disk_error(action, path, error_number);
  const bool is_whole_disk = error_number == ENOSPC || error_number == EDQUOT || error_number == EIO || error_number == EROFS ||
                             error_number == EMFILE || error_number == ENFILE || error_number == ENOMEM;
  error.blast = is_whole_disk ? Blast::account : Blast::folder;
  return error;
}

Result<std::unique_ptr<MailTree>> MailTree::open(const std::string& mail_root, const std::string& account, Files& files) {
  const std::string path = account_path(mail_root, account);
  const Fd root(::open(mail_root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!root && errno == ENOENT) return std::unique_ptr<MailTree>();
  if (!root) return fail(disk_error(_("Opening"), mail_root, errno));
  bool made = false;
  Result<Fd> directory = enter(root.get(), directory_name(account), path, nullptr, made);
  if (!directory) return fail(std::move(directory).error());
  if (!*directory) return std::unique_ptr<MailTree>();
  return std::unique_ptr<MailTree>(new MailTree(path, std::move(*directory), files));
}

Result<std::unique_ptr<MailTree>> MailTree::create(const std::string& mail_root, const std::string& account, Files& files) {
  if (Result<void> made = make_directories(mail_root); !made) return fail(std::move(made).error());
  const Fd root(::open(mail_root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!root) return fail(disk_error(_("Opening"), mail_root, errno));
  const std::string path = account_path(mail_root, account);
  bool made = false;
  Result<Fd> directory = enter(root.get(), directory_name(account), path, &files, made);
  if (!directory) return fail(std::move(directory).error());
  auto tree = std::unique_ptr<MailTree>(new MailTree(path, std::move(*directory), files));
  tree->unsynced_ = made;
  return tree;
}

Result<std::unique_ptr<std::string>> MailTree::marker() const {
  const std::string path = path_ + "/" + marker_name;
  const Fd directory = open_directory(account_.get(), marker_name);
  if (!directory && errno == ENOENT) return std::unique_ptr<std::string>();
  if (!directory) return fail(open_error(path, errno));
  auto name = std::make_unique<std::string>();
  const int error = read_directory(directory.get(), [&](const DirectoryEntry& entry) { *name = std::max(*name, std::string(entry.name)); });
  if (error != 0) return fail(folder_error(_("Reading"), path, error));
  return name;
}

Result<void> MailTree::mark(const std::string& name) {
  bool made = false;
  const std::string path = path_ + "/" + marker_name;
  Result<Fd> directory = enter(account_.get(), marker_name, path, &files_, made);
  if (!directory) return fail(std::move(directory).error());
  Result<Fd> own = enter(directory->get(), name, path + "/" + name, &files_, made);
  if (!own) return fail(std::move(own).error());
  unsynced_ = true;
  return sync_all();
}

Result<std::shared_ptr<const MailDirectory>> MailTree::folder(const FolderPath& folder) { return open_folder(folder, false); }

Result<std::shared_ptr<const MailDirectory>> MailTree::make_folder(const FolderPath& folder) { return open_folder(folder, true); }

Result<std::shared_ptr<const MailDirectory>> MailTree::open_folder(const FolderPath& folder, bool make) {
  auto result = std::make_shared<MailDirectory>();
  result->path = path_;
  Files* maker = make ? &files_ : nullptr;
  Fd current;
  for (const std::string& component : folder.components()) {
    const std::string name = directory_name(component);
    result->path += "/" + name;
    Result<Fd> next = enter(current ? current.get() : account_.get(), name, result->path, maker, unsynced_);
    if (!next) return fail(std::move(next).error());
    if (!*next) return std::shared_ptr<const MailDirectory>();
    current = std::move(*next);
  }
  const std::array<std::pair<const char*, Fd*>, 3> parts = {{{"tmp", &result->tmp}, {"new", &result->fresh}, {"cur", &result->cur}}};
  for (const auto& part : parts) {
    Result<Fd> opened = enter(current.get(), part.first, result->path + "/" + part.first, maker, unsynced_);
    if (!opened) return fail(std::move(opened).error());
    if (!*opened) return std::shared_ptr<const MailDirectory>();
    *part.second = std::move(*opened);
  }
  if (Result<void> alone = refuse_mixing(folder, *result); !alone) return fail(std::move(alone).error());
  return std::shared_ptr<const MailDirectory>(std::move(result));
}

Result<MailTree::Parent> MailTree::parent_of(const FolderPath& folder, bool make) {
  Parent parent;
  parent.path = path_;
  parent.directory = Fd(::openat(account_.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!parent.directory) return fail(open_error(path_, errno));
  for (const std::string& component : folder.components()) {
    if (!parent.name.empty()) {
      Result<Fd> next = enter(parent.directory.get(), parent.name, parent.path, make ? &files_ : nullptr, unsynced_);
      if (!next) return fail(std::move(next).error());
      parent.directory = std::move(*next);
      if (!parent.directory) return parent;
    }
    parent.name = directory_name(component);
    parent.path += "/" + parent.name;
  }
  return parent;
}

Result<void> MailTree::rename_folder(const FolderPath& from, const FolderPath& to) {
  Result<Parent> source = parent_of(from, false);
  if (!source) return fail(std::move(source).error());
  Result<Parent> target = parent_of(to, true);
  if (!target) return fail(std::move(target).error());
  const int error = source->directory ? files_.rename(source->directory.get(), source->name.c_str(), target->directory.get(), target->name.c_str()) : ENOENT;
  // A person, or a run before this one that was stopped, has renamed it already.
  const bool is_done = error == ENOENT && target->directory && open_directory(target->directory.get(), target->name.c_str());
  if (error != 0 && !is_done) return fail(folder_error(_("Renaming"), source->path, error));
  unsynced_ = true;
  seen_.clear();
  return {};
}

Result<void> MailTree::remove_folder(const FolderPath& folder, bool& has_mail) {
  const Result<std::shared_ptr<const MailDirectory>> directory = open_folder(folder, false);
  if (!directory) return fail(directory.error());
  if (!*directory) return {};
  for (const Fd* part : {&(*directory)->cur, &(*directory)->fresh, &(*directory)->tmp}) {
    const int error = read_directory(part->get(), [&](const DirectoryEntry&) { has_mail = true; });
    if (error != 0) return fail(folder_error(_("Reading"), (*directory)->path, error));
  }
  if (has_mail) return {};
  Result<Parent> parent = parent_of(folder, false);
  if (!parent) return fail(std::move(parent).error());
  const Fd own = open_directory(parent->directory.get(), parent->name.c_str());
  if (!own) return fail(open_error(parent->path, errno));
  for (const char* part : {"tmp", "new", "cur"}) {
    const int error = files_.remove_directory(own.get(), part);
    // Mail that came in this very moment stays.
    has_mail = has_mail || error == ENOTEMPTY || error == EEXIST;
    if (error != 0 && !has_mail) return fail(folder_error(_("Removing"), parent->path + "/" + part, error));
  }
  seen_.clear();
  unsynced_ = true;
  const int error = has_mail ? 0 : files_.remove_directory(parent->directory.get(), parent->name.c_str());
  // Folders below it stay, and so does what other programs keep there.
  if (error != 0 && error != ENOTEMPTY && error != EEXIST) return fail(folder_error(_("Removing"), parent->path, error));
  return {};
}

Result<std::vector<FolderPath>> MailTree::folders() const {
  constexpr std::size_t most_folders = 100000, deepest = 100;
  struct Level {
    std::vector<std::string> components;
    std::string path;
  };
  std::vector<FolderPath> result;
  std::vector<Level> waiting{{{}, "."}};
  for (std::size_t next = 0; next < waiting.size() && waiting.size() < most_folders; ++next) {
    const Level level = waiting[next];
    const Fd directory(::openat(account_.get(), level.path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!directory || level.components.size() > deepest) continue;
    bool is_folder = false;
    const int error = read_directory(directory.get(), [&](const DirectoryEntry& entry) {
      if (entry.is_file || entry.name.front() == '.') return;
      is_folder = is_folder || entry.name == "cur";
      const std::optional<std::string> component = component_of(entry.name);
      if (!component || !FolderPath::from_components({*component})) return;
      waiting.push_back({level.components, level.path + "/" + std::string(entry.name)});
      waiting.back().components.push_back(*component);
    });
    if (error != 0) return fail(folder_error(_("Reading"), path_ + "/" + level.path, error));
    if (std::optional<FolderPath> path = FolderPath::from_components(level.components); is_folder && path && !level.components.empty()) {
      result.push_back(std::move(*path));
    }
  }
  std::sort(result.begin(), result.end());
  return result;
}

/// On a file system that ignores case or normalises, two folders of the server can be one directory.
Result<void> MailTree::refuse_mixing(const FolderPath& folder, const MailDirectory& directory) {
  struct stat status{};
  if (::fstat(directory.cur.get(), &status) != 0) return fail(folder_error(_("Opening"), directory.path, errno));
  const auto entry = seen_.emplace(std::pair<std::uint64_t, std::uint64_t>(status.st_dev, status.st_ino), folder).first;
  if (entry->second == folder) return {};
  const std::string sentence = fmt::format(fmt::runtime(_("The folders {} and {} would be one directory on this file system: {}.")),
                                           clean(entry->second.text()), clean(folder.text()), clean(directory.path));
  return fail(Kind::disk, Blast::folder, sentence, _("Rename one of them on the server, or exclude it in the setting folders."));
}

Result<void> MailTree::sync_all() {
  if (!unsynced_) return {};
  if (const int error = files_.sync_all(account_.get()); error != 0) return fail(folder_error(_("Writing"), path_, error));
  unsynced_ = false;
  return {};
}

Result<std::vector<MailFile>> list_files(const MailDirectory& directory) {
  std::vector<MailFile> files;
  const auto read = [&](int descriptor, const char* part) {
    return read_directory(descriptor, [&](const DirectoryEntry& entry) {
      if (!entry.is_file || entry.name.front() == '.') return;
      std::string file;
      file.reserve(4 + entry.name.size());
      file.append(part).append(entry.name);
      files.push_back({std::string(split_file_name(entry.name).base), std::move(file)});
    });
  };
  // new/ first: what moves from there to cur/ meanwhile is seen twice rather than never.
  int error = read(directory.fresh.get(), "new/");
  if (error == 0) error = read(directory.cur.get(), "cur/");
  if (error != 0) return fail(folder_error(_("Reading"), directory.path, error));
  std::sort(files.begin(), files.end(), [](const MailFile& a, const MailFile& b) {
    if (const int order = a.base.compare(b.base); order != 0) return order < 0;
    const bool a_is_cur = a.file.front() == 'c', b_is_cur = b.file.front() == 'c';
    if (a_is_cur != b_is_cur) return a_is_cur;
    return a.file > b.file;
  });
  files.erase(std::unique(files.begin(), files.end(), [](const MailFile& a, const MailFile& b) { return a.base == b.base; }), files.end());
  return files;
}

FolderTimes raw_times_of(const MailDirectory& directory) {
  const auto time_of = [](const Fd& part) {
    struct stat status{};
    return ::fstat(part.get(), &status) == 0 ? status.st_mtim.tv_sec * one_second + status.st_mtim.tv_nsec : std::int64_t{0};
  };
  return {time_of(directory.cur), time_of(directory.fresh)};
}

FolderTimes times_of(const MailDirectory& directory) {
  timespec clock{};
  ::clock_gettime(CLOCK_REALTIME, &clock);
  const FolderTimes times = raw_times_of(directory);
  const std::int64_t now = clock.tv_sec * one_second + clock.tv_nsec;
  const auto settled = [&](std::int64_t time) {
    // Whole seconds are the clock of a file system that knows nothing finer. A time that is still to come is of a clock that jumped.
    const std::int64_t tick = time % one_second == 0 ? 2 * one_second + one_second / 2 : one_second / 20;
    return now - time > tick ? time : 0;
  };
  return {settled(times.cur), settled(times.fresh)};
}

Result<std::vector<std::string>> list_unfinished(const MailDirectory& directory) {
  std::vector<std::string> names;
  const int error = read_directory(directory.tmp.get(), [&](const DirectoryEntry& entry) {
    if (entry.is_file) names.emplace_back(entry.name);
  });
  if (error != 0) return fail(folder_error(_("Reading"), directory.path, error));
  return names;
}

}  // namespace valija::store
