// Moving mail by the tags that stand for places.
#include <fmt/format.h>

#include <algorithm>

#include "valija/app/app.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::app {
namespace {

constexpr char own_writing[] = "((tag:sent or tag:draft) and not tag:inbox)";

std::string account_of(const std::string& place) { return place.substr(0, place.find('/')); }

const char* done_words(const std::string& place_tag, unsigned long count) {
  if (place_tag.empty()) return n_("Tagged {} message", "Tagged {} messages", count);
  if (place_tag == "archive") return n_("Archived {} message", "Archived {} messages", count);
  if (place_tag == "trash") return n_("Deleted {} message", "Deleted {} messages", count);
  if (place_tag == "spam") return n_("Marked {} message as spam", "Marked {} messages as spam", count);
  return n_("Moved {} message", "Moved {} messages", count);
}

}  // namespace

/// The tags that a message loses when it goes to another place. What is written by oneself stays sent.
std::vector<std::string> App::place_tags() const {
  std::vector<std::string> all{"inbox", "archive", "trash", "spam"};
  for (const auto& [tag, meaning] : settings_.tags) all.push_back(tag);
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  std::erase_if(all, [this](const std::string& tag) {
    const auto place = tags_.place_of(tag);
    return !place || place->role == FolderRole::sent || place->role == FolderRole::drafts;
  });
  return all;
}

void App::put_in(const std::string& place_tag) {
  std::vector<std::string> left = place_tags();
  std::erase(left, place_tag);
  std::string only;
  // Of a thread goes what the list shows of it.
  if (focus_ != Pane::reader && !list_.query().empty() && list_.query() != "*") only = " and (" + list_.query() + ")";
  if (focus_ != Pane::reader && place_tag != "trash") only += fmt::format(" and not {}", own_writing);
  if (!change_tags({place_tag}, std::move(left), only)) return;
  told_place_ = place_tag;
  if (focus_ != Pane::reader) {
    list_.move(1);
  } else if (!reader_.go_to_message(1)) {
    reader_.close();
    focus_ = Pane::list;
    list_.move(1);
  }
}

std::vector<std::string> App::move_targets() const {
  std::vector<std::string> names;
  for (const messages::FolderInfo& folder : sidebar_.folders()) {
    if (folder.role != FolderRole::sent && !tags_.place_tag_of(folder.path, folder.role).empty()) names.push_back(folder.path.text());
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

void App::move_to(const std::string& folder) {
  if (folder.empty()) return open_prompt(Prompt::Kind::command, "move ");
  const std::vector<messages::FolderInfo> all = sidebar_.folders();
  const auto found = std::find_if(all.begin(), all.end(), [&](const auto& one) { return equal_ignoring_case(one.path.text(), folder); });
  if (found == all.end()) {
    const std::string near = nearest(folder, move_targets());
    return say(Notice::Kind::failed, fmt::format(fmt::runtime(_("There is no folder \"{}\".")), folder),
               near.empty() ? "" : fmt::format(fmt::runtime(_("Did you mean \"{}\"?")), near));
  }
  const std::string tag = tags_.place_tag_of(found->path, found->role);
  if (tag.empty()) {
    return say(Notice::Kind::failed, fmt::format(fmt::runtime(_("No tag stands for the folder {}.")), found->path.text()),
               fmt::format(fmt::runtime(_("Write one into [tags] of the settings: work = \"folder:{}\"")), found->path.text()));
  }
  put_in(tag);
}

/// Where the messages were, by the names of the folders; `target` becomes the folder that they go to, where it is one only.
std::vector<FilesInFolder> App::places_of(const messages::TagsChanged& event, const std::string& place_tag, std::string& target) const {
  std::vector<FilesInFolder> places = event.places, sources;
  for (FilesInFolder& place : places) place.folder = place_name(place.folder, settings_.mail_root);
  const auto to = place_tag.empty() ? std::nullopt : tags_.place_of(place_tag);
  if (!to) return places;
  std::vector<std::string> targets;
  for (const FilesInFolder& place : places) {
    const std::string account = account_of(place.folder);
    const std::string there = sidebar_.folder_at(account, *to);
    const auto is_role = [&](FolderRole role) { return place.folder == sidebar_.folder_at(account, {role, {}}); };
    if (place.folder == there || is_role(FolderRole::sent) || is_role(FolderRole::drafts)) continue;
    sources.push_back(place);
    if (std::find(targets.begin(), targets.end(), there) == targets.end()) targets.push_back(there);
  }
  if (targets.size() == 1) target = targets.front();
  return sources.empty() ? places : sources;
}

std::string App::done_in_words(const messages::TagsChanged& event, const std::string& place_tag) const {
  const char* words = done_words(place_tag, static_cast<unsigned long>(event.messages));
  const std::string done = fmt::format(fmt::runtime(words), number(event.messages));
  std::string target;
  const std::vector<FilesInFolder> places = places_of(event, place_tag, target);
  if (places.size() == 1 && !target.empty()) {
    return fmt::format(fmt::runtime(_("{}: {} to {}.")), done, clean(places.front().folder), clean(target));
  }
  return sentence_with_places(done, event.messages, places, static_cast<std::size_t>(std::max(geometry_.columns - 3, 20)));
}

}  // namespace valija::app
