#include "tagging.hpp"

#include <algorithm>
#include <array>

#include "valija/mail/folder.hpp"

namespace valija::index {
namespace {

bool holds(const std::vector<std::string>& tags, const std::string& tag) {
  return std::find(tags.begin(), tags.end(), tag) != tags.end();
}

bool is_allowed(const std::string& tag) { return !tag.empty() && tag.size() <= NOTMUCH_TAG_MAX; }

}  // namespace

const std::vector<std::string>& flag_tags() {
  static const std::vector<std::string> tags = {"draft", "flagged", "passed", "replied", "unread"};
  return tags;
}

bool is_place_tag(std::string_view tag) {
  constexpr std::array roles = {FolderRole::inbox, FolderRole::archive, FolderRole::drafts, FolderRole::sent,
                                FolderRole::trash, FolderRole::junk,    FolderRole::flagged, FolderRole::all};
  return !tag.empty() && std::any_of(roles.begin(), roles.end(), [&](FolderRole role) { return place_tag(role) == tag; });
}

bool would_change(notmuch_message_t* message, const std::vector<std::string>& add, const std::vector<std::string>& remove) {
  const auto tags = take_tags(notmuch_message_get_tags(message));
  return std::any_of(add.begin(), add.end(), [&](const auto& tag) { return is_allowed(tag) && !holds(tags, tag); }) ||
         std::any_of(remove.begin(), remove.end(), [&](const auto& tag) { return holds(tags, tag) && !holds(add, tag); });
}

notmuch_status_t change(notmuch_message_t* message, const std::vector<std::string>& add, const std::vector<std::string>& remove) {
  if (!would_change(message, add, remove)) return NOTMUCH_STATUS_SUCCESS;  // a write costs as much as half an indexing
  auto status = notmuch_message_freeze(message);
  for (const auto& tag : remove) {
    if (status == NOTMUCH_STATUS_SUCCESS && is_allowed(tag) && !holds(add, tag)) status = notmuch_message_remove_tag(message, tag.c_str());
  }
  for (const auto& tag : add) {
    if (status == NOTMUCH_STATUS_SUCCESS && is_allowed(tag)) status = notmuch_message_add_tag(message, tag.c_str());
  }
  const auto thawed = notmuch_message_thaw(message);
  return status == NOTMUCH_STATUS_SUCCESS ? thawed : status;
}

}  // namespace valija::index
