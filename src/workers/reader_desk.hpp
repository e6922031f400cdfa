#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "valija/messages/request.hpp"

namespace valija::workers {

/// A CountMessages of which some queries are answered.
struct CountJob {
  messages::CountMessages request;
  std::vector<std::uint64_t> counts;
};

/// A ListTags of which some are counted.
struct TagsJob {
  messages::ListTags request;
  std::optional<std::vector<std::string>> tags{};  ///< none: not read yet
  std::vector<std::pair<std::string, std::uint64_t>> counted{};
};

/// What waits for the index reader, and what of it comes next. Pure: no thread, no index.
class ReaderDesk {
 public:
  void add(messages::Request request);
  bool is_empty() const { return urgent_.empty() && counts_.empty() && !tags_; }

  /// The newest list, thread or list of unindexed files; nothing if only counts wait.
  std::optional<messages::Request> take_urgent();
  /// The count to go on with; null if none waits. Valid until the next call of `add`.
  CountJob* current_count() { return counts_.empty() ? nullptr : &counts_.front(); }
  void finish_count() { counts_.erase(counts_.begin()); }
  /// The same for the list of tags, which comes last.
  TagsJob* current_tags() { return tags_ ? &*tags_ : nullptr; }
  void finish_tags() { tags_.reset(); }

 private:
  std::vector<messages::Request> urgent_;  ///< newest last
  std::vector<CountJob> counts_;           ///< oldest first
  std::optional<TagsJob> tags_;
};

}  // namespace valija::workers
