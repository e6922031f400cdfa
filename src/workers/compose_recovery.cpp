#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <set>
#include <utility>

#include "compose_desk.hpp"
#include "find_renamed.hpp"
#include "role_folder.hpp"
#include "valija/base/words.hpp"

namespace valija::workers {
namespace {

namespace fs = std::filesystem;

std::string_view without_flags(std::string_view path) { return path.substr(0, path.rfind(":2,")); }

/// Whatever flags it has now.
bool is_same_message(const std::string& path, const std::string& other) { return !path.empty() && without_flags(path) == without_flags(other); }

}  // namespace

Result<std::optional<Draft>> ComposeDesk::in_work(const std::vector<std::string>& files) {
  auto left = left_drafts();
  if (!left) return Unexpected(std::move(left).error());
  for (Draft& draft : *left) {
    if (std::any_of(files.begin(), files.end(), [&](const std::string& file) { return is_same_message(draft.stored, file); })) return std::optional(std::move(draft));
  }
  return std::optional<Draft>();
}

Result<std::vector<Draft>> ComposeDesk::left_drafts() {
  // The outbox first: who sends removes the draft, then the entry.
  auto out = outbox();
  if (!out) return Unexpected(std::move(out).error());
  const auto entries = (*out)->all();
  if (!entries) return Unexpected(Error(entries.error()));
  std::set<std::string> queued;
  for (const Outgoing& entry : *entries) {
    if (const auto draft = parse_draft(entry.draft)) queued.insert(draft->id);
  }
  auto drafts = files_.all();
  if (!drafts) return drafts;
  std::erase_if(*drafts, [&](Draft& draft) { return queued.contains(draft.id) || !take_back_edited(draft) || is_stored(draft); });
  return drafts;
}

bool ComposeDesk::take_back_edited(Draft& draft) {
  const std::string file = files_.editor_file(draft.id);
  std::error_code none;
  if (!fs::exists(file, none)) return true;
  const auto claim = files_.claim_editor_file(draft.id);
  if (!claim) return true;
  if (!*claim) return false;
  // What nano writes when it loses its terminal.
  fs::rename(file + ".save", file, none);
  // What is not understood stays: the editor gets it again.
  if (auto edited = read_editor(draft, settings_.compose_edit_headers)) draft = *std::move(edited);
  return true;
}

bool ComposeDesk::is_stored(Draft& draft) {
  const config::Account* sender = account(draft.account);
  if (sender == nullptr) return false;
  const fs::path folder = fs::path(settings_.mail_root) / draft.account / role_folder(*sender, FolderRole::drafts, places_.state_dir, "Drafts") / "cur";
  const std::string part = fmt::format(".{}.draft:", draft.id);
  std::error_code none;
  for (fs::directory_iterator entry(folder, none), end; entry != end; entry.increment(none)) {
    const std::string name = entry->path().filename().string();
    UnixTime when = 0;
    if (name.find(part) == std::string::npos || std::from_chars(name.data(), name.data() + name.size(), when).ec != std::errc()) continue;
    const std::string path = entry->path().string();
    if (draft.stored != path) remove_stored(draft.stored);
    // Somebody went on with it: the next one that is stored replaces this one.
    draft.stored = path;
    return draft.changed <= when && static_cast<bool>(drop(draft.id));
  }
  return false;
}

Result<void> ComposeDesk::nothing_left_by_editor(const Draft& draft) const {
  if (std::error_code none; !fs::exists(files_.editor_file(draft.id), none)) return {};
  return fail(Kind::input, Blast::message, _("The editor has written what is not understood yet."), _("e opens it again."));
}

}  // namespace valija::workers
