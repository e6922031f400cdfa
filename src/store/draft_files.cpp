#include "valija/store/draft_files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/random.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "directory_reader.hpp"
#include "file_lock.hpp"
#include "valija/base/fd.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::store {
namespace {

constexpr std::string_view ending = ".draft";
constexpr std::size_t longest_draft = 64 << 20;
constexpr std::size_t longest_id = 64;

/// Names come from our own files, but a file can be named by anybody.
bool is_id(std::string_view id) {
  return !id.empty() && id.size() <= longest_id && std::all_of(id.begin(), id.end(), [](char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || byte == '-';
  });
}

Error id_error(const std::string& id) {
  return {Kind::input, Blast::message, fmt::format(fmt::runtime(_("{} is no name of a draft.")), clean_phrase(id)), {}};
}

}  // namespace

std::string DraftFiles::new_id() const {
  std::uint64_t random = 0;
  std::string id;
  do {
    if (::getrandom(&random, sizeof random, 0) != sizeof random) ++random;
    id = fmt::format("{:016x}", random);
  } while (has(id));
  return id;
}

bool DraftFiles::has(const std::string& id) const { return is_id(id) && ::access((directory_ + "/" + id + std::string(ending)).c_str(), F_OK) == 0; }

Result<void> DraftFiles::save(const Draft& draft) const {
  if (!is_id(draft.id)) return fail(id_error(draft.id));
  if (Result<void> made = make_directories(directory_); !made) return made;
  return write_file_durably(directory_ + "/" + draft.id + std::string(ending), to_text(draft));
}

Result<Draft> DraftFiles::read(const std::string& id) const {
  if (!is_id(id)) return fail(id_error(id));
  const Result<std::string> text = read_file(directory_ + "/" + id + std::string(ending), longest_draft);
  if (!text) return fail(text.error());
  Result<Draft> draft = parse_draft(*text);
  if (draft) draft->id = id;
  return draft;
}

Result<void> DraftFiles::remove(const std::string& id) const {
  if (!is_id(id)) return fail(id_error(id));
  const std::string path = directory_ + "/" + id + std::string(ending);
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) return fail(disk_error(_("Removing"), path, errno));
  std::vector<std::string> rest;
  const Fd directory(::open(directory_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory) {
    static_cast<void>(read_directory(directory.get(), [&](const DirectoryEntry& entry) {
      if (entry.is_file && entry.name.starts_with(id + ".")) rest.emplace_back(entry.name);
    }));
  }
  for (const std::string& name : rest) ::unlinkat(directory.get(), name.c_str(), 0);
  return {};
}

Result<std::vector<Draft>> DraftFiles::all(std::vector<std::string>* unreadable) const {
  std::vector<Draft> drafts;
  const Fd directory(::open(directory_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory && errno == ENOENT) return drafts;
  if (!directory) return fail(disk_error(_("Opening"), directory_, errno));
  std::vector<std::string> ids;
  const int error = read_directory(directory.get(), [&](const DirectoryEntry& entry) {
    if (!entry.is_file || !entry.name.ends_with(ending)) return;
    const std::string_view id = entry.name.substr(0, entry.name.size() - ending.size());
    if (is_id(id)) ids.emplace_back(id);
  });
  if (error != 0) return fail(disk_error(_("Reading"), directory_, error));
  for (const std::string& id : ids) {
    Result<Draft> draft = read(id);
    if (draft) {
      drafts.push_back(std::move(*draft));
    } else if (unreadable != nullptr) {
      unreadable->push_back(directory_ + "/" + id + std::string(ending));
    }
  }
  std::sort(drafts.begin(), drafts.end(), [](const Draft& a, const Draft& b) { return a.changed != b.changed ? a.changed > b.changed : a.id < b.id; });
  return drafts;
}

std::string DraftFiles::editor_file(const std::string& id) const { return directory_ + "/" + id + ".eml"; }

Result<std::optional<Fd>> DraftFiles::claim_editor_file(const std::string& id) const {
  if (!is_id(id)) return fail(id_error(id));
  const std::string path = directory_ + "/" + id + ".lock";
  Result<Fd> lock = open_lock(path);
  if (!lock) return fail(std::move(lock).error());
  const Result<bool> is_ours = try_lock(*lock, F_WRLCK, path);
  if (!is_ours) return fail(is_ours.error());
  return *is_ours ? std::optional(*std::move(lock)) : std::nullopt;
}

}  // namespace valija::store
