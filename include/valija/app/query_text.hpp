#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace valija::app {

/// What is wrong with a query, and where.
struct QueryFault {
  std::size_t begin = 0, end = 0;  ///< octets of the query
  std::string message, help{};     ///< sentences
  bool is_unfinished = false;      ///< typing on may mend it: a quote or bracket that is still open, a prefix without a word
};

/// Quotes and brackets that do not close, operators without a side, prefixes that notmuch does not have or that lack their word, dates that it cannot read.
/// What notmuch accepts and finds is never a fault.
std::optional<QueryFault> check_query(std::string_view query);

/// The query as it is asked while its last word is not finished: that word also matches as the beginning of a longer one.
/// Anything but a plain word, or from:, to:, subject:, body:, attachment: and a plain word, stays as it is.
std::string as_typed(std::string_view query);
/// The same backwards, for a title.
std::string as_written(std::string_view query);

/// Each is the query without one of the terms that all must hold, and that term; empty where there are not at least two such terms.
struct Shortened {
  std::string query, left_out;
};
std::vector<Shortened> shortened(std::string_view query);

}  // namespace valija::app
