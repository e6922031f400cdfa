#include "valija/store/move_files.hpp"

#include <algorithm>
#include <cerrno>
#include <map>
#include <set>

#include "file_name.hpp"
#include "mail_tree.hpp"
#include "valija/base/words.hpp"

namespace valija::store {
namespace {

/// "/mail/work/INBOX/cur/BASE:2,S" taken apart.
struct Place {
  std::string directory, name;
  bool is_fresh = false;  ///< in new/
};

Place place_of(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) return {};
  const std::string below = path.substr(0, slash);
  const bool is_fresh = below.ends_with("/new");
  if (!is_fresh && !below.ends_with("/cur")) return {};
  return {below.substr(0, below.size() - 4), path.substr(slash + 1), is_fresh};
}

using Directories = std::map<std::string, std::shared_ptr<const MailDirectory>>;

/// The folders of the tree that the files lie in, by path.
Result<Directories> find_directories(MailTree& tree, const std::vector<std::string>& paths) {
  std::set<std::string> wanted;
  for (const std::string& path : paths) wanted.insert(place_of(path).directory);
  const auto folders = tree.folders();
  if (!folders) return fail(folders.error());
  Directories found;
  for (const FolderPath& folder : *folders) {
    auto directory = tree.folder(folder);
    if (!directory) return fail(std::move(directory).error());
    if (*directory && wanted.contains((*directory)->path)) found.emplace((*directory)->path, *directory);
  }
  return found;
}

int rename(Files& files, const MailDirectory& source, const Place& place, const MailDirectory& target) {
  const Fd& from = place.is_fresh ? source.fresh : source.cur;
  const Fd& into = place.is_fresh ? target.fresh : target.cur;
  return files.rename(from.get(), place.name.c_str(), into.get(), place.name.c_str());
}

/// Another program changed the letters of the file since the index was told. False: it is gone.
bool find_again(const MailDirectory& source, Place& place) {
  const Result<std::vector<MailFile>> files = list_files(source);
  if (!files) return false;
  const std::string_view base = split_file_name(place.name).base;
  const auto found = std::lower_bound(files->begin(), files->end(), base, ByBase());
  if (found == files->end() || found->base != base) return false;
  place.is_fresh = found->file.starts_with("new/");
  place.name = found->file.substr(4);
  return true;
}

}  // namespace

Result<void> move_files(const std::string& mail_root, const std::string& account, const std::vector<std::string>& paths, const FolderPath& to,
                        std::vector<MovedFile>& moved) {
  SystemFiles files;
  const auto tree = MailTree::open(mail_root, account, files);
  if (!tree) return fail(tree.error());
  if (!*tree) return {};
  const auto sources = find_directories(**tree, paths);
  if (!sources) return fail(sources.error());
  const auto target = (*tree)->make_folder(to);
  if (!target) return fail(target.error());

  for (const std::string& path : paths) {
    Place place = place_of(path);
    const auto source = sources->find(place.directory);
    if (source == sources->end() || place.directory == (*target)->path) continue;
    int error = rename(files, *source->second, place, **target);
    if (error == ENOENT && find_again(*source->second, place)) error = rename(files, *source->second, place, **target);
    if (error == ENOENT) continue;
    if (error != 0) return fail(folder_error(_("Moving"), path, error));
    moved.push_back({path, (*target)->path + (place.is_fresh ? "/new/" : "/cur/") + place.name});
  }
  return moved.empty() ? Result<void>() : (*tree)->sync_all();
}

}  // namespace valija::store
