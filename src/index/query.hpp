#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "handles.hpp"
#include "valija/index/reader.hpp"

namespace valija::index {

/// A query as the user wrote it, and what narrows it, for the parts of this layer. `parts` are notmuch queries that must all hold;
/// `none` must not hold. They are joined as s-expressions, each parsed by itself, so that no bracket or quote of one can change another.
struct Narrowed {
  std::string query;
  std::vector<std::string> parts;
  std::string none;
};

/// What matches both, however libnotmuch was built.
Narrowed both(const std::string& query, const std::string& part);

/// True if this libnotmuch can narrow queries; without it only whole queries can be asked.
bool can_narrow();

/// A handle for the query with its tag exclusions, as the notmuch command sets them up. Null: libnotmuch failed.
QueryHandle make_query(notmuch_database_t* database, const Narrowed& query, Sort sort, const std::vector<std::string>& excluded_tags);

/// The s-expression for `query`; exposed for its test.
std::string to_expression(const Narrowed& query);

}  // namespace valija::index
