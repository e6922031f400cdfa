#include "convert.hpp"

#include <algorithm>

#include "valija/mail/address.hpp"

namespace valija::index {
namespace {

std::vector<std::string> split_names(std::string_view names) {
  std::vector<std::string> parts;
  while (!names.empty()) {
    const std::size_t comma = names.find(", ");
    parts.emplace_back(names.substr(0, comma));
    if (comma == std::string_view::npos) break;
    names.remove_prefix(comma + 2);
  }
  return parts;
}

bool is_matched(notmuch_message_t* message) {
  notmuch_bool_t matched = 0;
  return notmuch_message_get_flag_st(message, NOTMUCH_MESSAGE_FLAG_MATCH, &matched) == NOTMUCH_STATUS_SUCCESS && matched != 0;
}

/// The person of a message as notmuch names them in a thread.
std::string author_of(notmuch_message_t* message) {
  const std::string from = text_or_empty(notmuch_message_get_header(message, "from"));
  const auto addresses = parse_addresses(from);
  return addresses.empty() ? from : short_name(addresses.front());
}

/// What only the messages of the thread tell: who wrote what is unread, and where the newest match lies.
void look_at_messages(notmuch_thread_t* thread, bool with_path, ThreadSummary& summary) {
  notmuch_message_t* newest = nullptr;
  const MessagesHandle messages(notmuch_thread_get_messages(thread));  // oldest first; each is owned by the thread
  for (; notmuch_messages_valid(messages.get()) != 0; notmuch_messages_move_to_next(messages.get())) {
    notmuch_message_t* message = notmuch_messages_get(messages.get());
    if (message == nullptr) return;
    if (is_matched(message)) newest = message;
    const auto tags = take_tags(notmuch_message_get_tags(message));
    if (std::find(tags.begin(), tags.end(), "unread") != tags.end()) summary.unread_authors.push_back(author_of(message));
  }
  if (with_path && newest != nullptr) summary.path = text_or_empty(notmuch_message_get_filename(newest));
}

}  // namespace

void split_authors(std::string_view authors, ThreadSummary& summary) {
  const std::size_t bar = authors.find("| ");
  summary.authors = split_names(authors.substr(0, bar));
  if (bar != std::string_view::npos) summary.other_authors = split_names(authors.substr(bar + 2));
}

std::optional<ThreadSummary> to_summary(notmuch_thread_t* thread, bool with_path) {
  const char* id = notmuch_thread_get_thread_id(thread);
  if (id == nullptr) return std::nullopt;
  ThreadSummary summary;
  summary.id = id;
  summary.newest = notmuch_thread_get_newest_date(thread);
  summary.oldest = notmuch_thread_get_oldest_date(thread);
  summary.matched = notmuch_thread_get_matched_messages(thread);
  summary.total = notmuch_thread_get_total_messages(thread);
  summary.subject = text_or_empty(notmuch_thread_get_subject(thread));
  split_authors(text_or_empty(notmuch_thread_get_authors(thread)), summary);
  summary.tags = take_tags(notmuch_thread_get_tags(thread));
  const bool has_unread = std::find(summary.tags.begin(), summary.tags.end(), "unread") != summary.tags.end();
  if (with_path || has_unread) look_at_messages(thread, with_path, summary);
  return summary;
}

std::optional<ThreadSummary> to_summary(notmuch_message_t* message, bool with_path) {
  const char* id = notmuch_message_get_message_id(message);
  const char* thread = notmuch_message_get_thread_id(message);
  if (id == nullptr || thread == nullptr) return std::nullopt;
  ThreadSummary summary;
  summary.id = thread;
  summary.message = id;
  summary.newest = summary.oldest = notmuch_message_get_date(message);
  summary.matched = summary.total = 1;
  summary.subject = text_or_empty(notmuch_message_get_header(message, "subject"));
  summary.authors = {author_of(message)};
  summary.tags = take_tags(notmuch_message_get_tags(message));
  if (std::find(summary.tags.begin(), summary.tags.end(), "unread") != summary.tags.end()) summary.unread_authors = summary.authors;
  if (with_path) summary.path = text_or_empty(notmuch_message_get_filename(message));
  return summary;
}

std::optional<ThreadMessage> to_message(notmuch_message_t* message, int depth) {
  const char* id = notmuch_message_get_message_id(message);
  const char* from = notmuch_message_get_header(message, "from");
  const char* subject = notmuch_message_get_header(message, "subject");
  if (id == nullptr || from == nullptr || subject == nullptr) return std::nullopt;
  notmuch_bool_t matched = 0;
  if (notmuch_message_get_flag_st(message, NOTMUCH_MESSAGE_FLAG_MATCH, &matched) != NOTMUCH_STATUS_SUCCESS) return std::nullopt;
  ThreadMessage copy;
  copy.id = id;
  copy.depth = depth;
  copy.matched = matched != 0;
  copy.date = notmuch_message_get_date(message);
  copy.from = from;
  copy.subject = subject;
  copy.tags = take_tags(notmuch_message_get_tags(message));
  copy.files = take_filenames(notmuch_message_get_filenames(message));
  return copy;
}

std::optional<std::vector<ThreadMessage>> to_messages(notmuch_thread_t* thread) {
  std::vector<ThreadMessage> copies;
  std::vector<notmuch_messages_t*> levels = {notmuch_thread_get_toplevel_messages(thread)};
  while (!levels.empty()) {
    notmuch_messages_t* siblings = levels.back();
    if (siblings == nullptr || notmuch_messages_valid(siblings) == 0) {
      levels.pop_back();
      continue;
    }
    notmuch_message_t* message = notmuch_messages_get(siblings);  // owned by the thread
    if (message == nullptr) return std::nullopt;
    auto copy = to_message(message, static_cast<int>(levels.size()) - 1);
    if (!copy) return std::nullopt;
    copies.push_back(std::move(*copy));
    notmuch_messages_move_to_next(siblings);
    levels.push_back(notmuch_message_get_replies(message));
  }
  return copies;
}

}  // namespace valija::index
