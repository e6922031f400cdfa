#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "valija/base/error.hpp"
#include "valija/index/reader.hpp"
#include "valija/index/writer.hpp"
#include "valija/mail/change.hpp"
#include "valija/mail/thread.hpp"
#include "valija/store/account_store.hpp"

namespace valija::workers {

/// The first frame to the index process; the descriptor of the CrashNote rides along.
struct StartIndexing {
  index::Location location;
  std::int32_t lock_wait_ms = 10'000;  ///< how long another program may hold the index before that is an error
  bool gives_categories = false;
};

/// Work to do in order, until `budget_ms` are over (and enough is done to be worth a commit) or somebody else comes first; then one
/// commit and a BatchIndexed.
struct IndexBatch {
  std::vector<store::IndexTask> tasks;
  std::uint32_t budget_ms = 0;
};

/// What a person asked for; cuts a running batch short. Answered by MessagesTagged, before that by TaggingProgress.
struct TagMessages {
  std::uint64_t id = 0;
  std::string query;  ///< for whatever matches now: one effect, without messages; else empty
  std::vector<TagEffect> effects;
};

/// Gives each of these messages that has no tag of a category yet the one of its category, until `budget_ms` are over or somebody else comes first. Answered
/// by MessagesCategorised, before that by TaggingProgress.
struct CategoriseMessages {
  std::uint64_t id = 0;
  std::uint32_t budget_ms = 0;
  std::vector<std::string> ids;
};

/// Cuts short what is under way; no answer of its own.
struct CutBatch {};

using IndexRequest = std::variant<StartIndexing, IndexBatch, TagMessages, CategoriseMessages, CutBatch>;

/// A file that will not be in the index, and why.
struct Unindexed {
  std::int64_t row = 0;
  UnindexedMessage message;
};

/// What of a batch is committed: on disk, checked. Rows in neither list were not tried, or are lost with `error`.
struct BatchIndexed {
  std::vector<std::int64_t> done;
  std::vector<Unindexed> unindexed;
  std::uint64_t added = 0;  ///< messages that were new
  std::optional<Error> error;
  std::int64_t failed_row = 0;  ///< the task at which `error` came; 0: none in particular
  std::string index = {};       ///< the identity of the database that it was committed to
};

/// How many messages were looked at; at most ten a second.
struct TaggingProgress {
  std::uint64_t id = 0;
  std::uint64_t looked_at = 0;
};

struct MessagesTagged {
  std::uint64_t id = 0;
  index::TagsChanged changed;
  std::optional<Error> error;
};

/// The first `looked_at` are done, and `changed` of them got a tag.
struct MessagesCategorised {
  std::uint64_t id = 0;
  std::uint64_t looked_at = 0, changed = 0;
  std::optional<Error> error;
};

using IndexAnswer = std::variant<BatchIndexed, MessagesTagged, TaggingProgress, MessagesCategorised>;

std::string encode(const IndexRequest& request);
std::string encode(const IndexAnswer& answer);

/// Nothing for bytes that are no such message: the index process parses hostile mail and is not trusted.
std::optional<IndexRequest> decode_index_request(std::string_view bytes);
std::optional<IndexAnswer> decode_index_answer(std::string_view bytes);

}  // namespace valija::workers
