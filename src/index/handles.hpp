#pragma once

#include <notmuch.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace valija::index {

/// The deleter of libnotmuch's handles; children must die before the database that they belong to.
struct Release {
  void operator()(notmuch_query_t* query) const { notmuch_query_destroy(query); }
  void operator()(notmuch_threads_t* threads) const { notmuch_threads_destroy(threads); }
  void operator()(notmuch_thread_t* thread) const { notmuch_thread_destroy(thread); }
  void operator()(notmuch_messages_t* messages) const { notmuch_messages_destroy(messages); }
  void operator()(notmuch_message_t* message) const { notmuch_message_destroy(message); }
  void operator()(notmuch_config_values_t* values) const { notmuch_config_values_destroy(values); }
  void operator()(notmuch_config_pairs_t* pairs) const { notmuch_config_pairs_destroy(pairs); }
};

using QueryHandle = std::unique_ptr<notmuch_query_t, Release>;
using ThreadsHandle = std::unique_ptr<notmuch_threads_t, Release>;
using ThreadHandle = std::unique_ptr<notmuch_thread_t, Release>;
using MessagesHandle = std::unique_ptr<notmuch_messages_t, Release>;
using MessageHandle = std::unique_ptr<notmuch_message_t, Release>;

/// The next thread, or nothing if it could not be read. Where another program's commits take the revision away in the middle of it, libnotmuch hands out a
/// thread that it has freed, and says so only in its last complaint.
inline ThreadHandle take_thread(notmuch_database_t* database, notmuch_threads_t* threads) {
  notmuch_thread_t* thread = notmuch_threads_get(threads);
  const char* complaint = notmuch_database_status_string(database);
  const bool is_freed = complaint != nullptr && std::string_view(complaint).find("Xapian exception") != std::string_view::npos;
  return ThreadHandle(is_freed ? nullptr : thread);
}

/// Copies what an iterator of tags yields, in its order; the iterator (may be null) is used up.
inline std::vector<std::string> take_tags(notmuch_tags_t* tags) {
  std::vector<std::string> values;
  if (tags == nullptr) return values;
  for (; notmuch_tags_valid(tags) != 0; notmuch_tags_move_to_next(tags)) values.emplace_back(notmuch_tags_get(tags));
  notmuch_tags_destroy(tags);
  return values;
}

inline std::vector<std::string> take_filenames(notmuch_filenames_t* names) {
  std::vector<std::string> values;
  if (names == nullptr) return values;
  for (; notmuch_filenames_valid(names) != 0; notmuch_filenames_move_to_next(names)) {
    values.emplace_back(notmuch_filenames_get(names));
  }
  notmuch_filenames_destroy(names);
  return values;
}

inline std::string text_or_empty(const char* text) { return text == nullptr ? std::string() : std::string(text); }

}  // namespace valija::index
