#include "tagging.hpp"

#include <algorithm>
#include <string_view>

#include "valija/mail/flags.hpp"

namespace valija::index {
namespace {

bool holds(const std::vector<std::string>& tags, const std::string& tag) {
  return std::find(tags.begin(), tags.end(), tag) != tags.end();
}

constexpr const char* unread = "unread";

bool is_allowed(const std::string& tag) { return !tag.empty() && tag.size() <= NOTMUCH_TAG_MAX; }

bool has_seen_file(notmuch_message_t* message) {
  const auto names = take_filenames(notmuch_message_get_filenames(message));
  const auto is_seen = [](const std::string& name) {
    const std::size_t letters = name.rfind(":2,");
    return letters != std::string::npos && from_maildir_letters(std::string_view(name).substr(letters + 3)).has(Flag::seen);
  };
  return std::any_of(names.begin(), names.end(), is_seen);
}

}  // namespace

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

notmuch_status_t merge_copy(notmuch_message_t* message, const std::vector<std::string>& tags) {
  std::vector<std::string> added = tags;
  std::vector<std::string> removed;
  if (std::erase(added, unread) == 0) removed.emplace_back(unread);
  return change(message, added, removed);
}

notmuch_status_t replace_new_tags(notmuch_message_t* message, const std::vector<std::string>& tags, const std::vector<std::string>& new_tags) {
  const auto has = take_tags(notmuch_message_get_tags(message));
  const auto is_as_made = [&](const std::string& tag) { return holds(has, tag) == (tag != unread || !has_seen_file(message)); };
  if (!std::all_of(new_tags.begin(), new_tags.end(), is_as_made)) return NOTMUCH_STATUS_SUCCESS;
  return change(message, tags, new_tags);
}

}  // namespace valija::index
