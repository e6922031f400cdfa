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
  std::string message, help{};     ///< sentences; the help may be empty
  bool is_refused = false;         ///< notmuch does not take it; else it may find something all the same
};

/// Operators without a side, quotes and brackets that do not close, and prefixes that are nearly one of notmuch's.
std::optional<QueryFault> check_query(std::string_view query);

/// The query as it is asked while its last word is not finished: a plain word, also behind from:, to:, subject:, body: or attachment:, matches as the
/// beginning of a longer one too; the beginning of one of `tags` behind tag: or is: matches that; a prefix alone is left out. All else stays as it is.
std::string as_typed(std::string_view query, const std::vector<std::string>& tags);
/// The same backwards, for a title.
std::string as_written(std::string_view query);

/// The query without one of the terms that all must hold, and that term.
struct Shortened {
  std::string query, left_out;
};
/// One for each term; empty where there are not two to six such terms.
std::vector<Shortened> shortened(std::string_view query);

}  // namespace valija::app
