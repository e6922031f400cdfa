// Moving mail by the tags that stand for places.
#include <fmt/format.h>

#include <algorithm>

#include "completion.hpp"
#include "valija/app/app.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::app {
namespace {

std::string account_in(const std::string& place) { return place.substr(0, place.find('/')); }

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
  change({place_tag}, std::move(left), place_tag);
}

void App::put_query_in(const std::string& query, const std::string& place_tag) {
  std::vector<std::string> left = place_tags();
  std::erase(left, place_tag);
  begin_change({query, {}, {}, false, 0}, query, {place_tag}, std::move(left), place_tag);
}

std::vector<std::string> App::move_targets() const {
  std::vector<std::string> names;
  for (const messages::FolderInfo& folder : sidebar_.folders()) {
    if (folder.role != FolderRole::sent && folder.role != FolderRole::drafts) names.push_back(folder.path.text());
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

void App::move_to(const std::string& folder) {
  if (folder.empty()) return open_prompt(Prompt::Kind::command, takes_whole_thread_ ? "thread move " : "move ");
  const std::vector<messages::FolderInfo> all = sidebar_.folders();
  const auto at = [&all](const std::string& name) {
    return std::find_if(all.begin(), all.end(), [&](const auto& one) { return equal_ignoring_case(one.path.text(), name); });
  };
  auto found = at(folder);
  if (found == all.end()) {
    // What is typed in short may mean one folder only.
    const std::vector<std::string> likely = folders_like(move_targets(), folder);
    if (likely.size() != 1) {
      const std::string near = likely.empty() ? nearest(folder, move_targets()) : likely.front();
      return say(Notice::Kind::failed, fmt::format(fmt::runtime(_("There is no folder \"{}\".")), folder),
                 near.empty() ? "" : fmt::format(fmt::runtime(_("Did you mean \"{}\"?")), near));
    }
    found = at(likely.front());
  }
  const std::string tag = tags_.place_tag_of(found->path, found->role);
  if (tag.empty()) return move_files_to(found->path.text());
  put_in(tag);
}

/// No tag stands for the folder: the files go there.
void App::move_files_to(const std::string& folder) {
  ShownChange shown{next_id(), target({}), {}, place_tags(), folder, {}, {}};
  if (shown.target.query.empty()) return say(Notice::Kind::hint, _("There is no mail here to change."));
  const std::string query = shown.target.query + only_what_moves(shown.target, {});
  show(shown);
  tag_changes_.insert(shown.id);
  begin_work(shown.id, _("Moving"));
  post(messages::MoveMessages{shown.id, query, folder});
  const Target was = shown.target;
  under_way_.push_back(std::move(shown));
  go_on_after(was);
}

void App::on(messages::MessagesMoved& event) {
  tag_changes_.erase(event.id);
  counts_are_stale_ = index_changed_ = true;
  settle_change(event.id);
  if (event.messages == 0) return say(Notice::Kind::hint, _("It is there already."));
  const auto count = static_cast<unsigned long>(event.messages);
  const char* words = n_("Moved {} message to {}.", "Moved {} messages to {}.", count);
  say(Notice::Kind::done, fmt::format(fmt::runtime(words), number(event.messages), clean(event.folder)));
}

/// Where the messages were, by the names of the folders; `target` becomes the folder that they go to, where it is one only.
std::vector<FilesInFolder> App::places_of(const messages::TagsChanged& event, const std::string& place_tag, std::string& target) const {
  std::vector<FilesInFolder> places = event.places, sources;
  for (FilesInFolder& place : places) place.folder = place_name(place.folder, settings_.mail_root);
  const auto to = place_tag.empty() ? std::nullopt : tags_.place_of(place_tag);
  if (!to) return places;
  std::vector<std::string> targets;
  for (const FilesInFolder& place : places) {
    const std::string account = account_in(place.folder);
    const std::string there = sidebar_.folder_at(account, *to);
    const auto is_role = [&](FolderRole role) { return place.folder == sidebar_.folder_at(account, {role, {}}); };
    if (place.folder == there || is_role(FolderRole::sent) || is_role(FolderRole::drafts)) continue;
    sources.push_back(place);
    if (std::find(targets.begin(), targets.end(), there) == targets.end()) targets.push_back(there);
  }
  if (targets.size() == 1) target = targets.front();
  return sources.empty() ? places : sources;
}

std::string App::with_places(const std::string& done, const messages::TagsChanged& event, const std::string& place_tag) const {
  std::string target;
  const std::vector<FilesInFolder> places = places_of(event, place_tag, target);
  if (places.size() == 1 && !target.empty()) {
    return fmt::format(fmt::runtime(_("{}: {} to {}.")), done, clean(places.front().folder), clean(target));
  }
  return sentence_with_places(done, event.messages, places, static_cast<std::size_t>(std::max(geometry_.columns - 3, 20)));
}

}  // namespace valija::app
