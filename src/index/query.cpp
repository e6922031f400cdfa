#include "query.hpp"

namespace valija::index {
namespace {

/// (infix "..."): a query in notmuch's usual syntax inside of an s-expression.
std::string infix(std::string_view query) {
  std::string expression = "(infix \"";
  for (const char c : query) {
    if (c == '"' || c == '\\') expression.push_back('\\');
    expression.push_back(c);
  }
  return expression + "\")";
}

/// The notmuch command takes an empty query and a lone star for "all mail".
bool is_everything(std::string_view query) {
  return query.find_first_not_of(" \t\r\n") == std::string_view::npos || query == "*";
}

}  // namespace

std::string quoted(std::string_view text) {
  std::string term = "\"";
  for (const char c : text) {
    if (c == '\0') continue;  // a query is a C string: what follows would be lost, the closing quote too
    if (c == '"') term.push_back('"');
    term.push_back(c);
  }
  return term + "\"";
}

Narrowed both(const std::string& query, const std::string& part) {
  if (can_narrow()) return {query, {part}, {}};
  return {is_everything(query) ? part : "(" + query + ") and " + part, {}, {}};
}

bool can_narrow() { return notmuch_built_with("sexp_queries") != 0; }

std::string to_expression(const Narrowed& query) {
  std::string expression = "(and";
  if (!is_everything(query.query)) expression += " " + infix(query.query);
  for (const auto& part : query.parts) expression += " " + infix(part);
  if (!query.none.empty()) expression += " (not " + infix(query.none) + ")";
  return expression + ")";
}

QueryHandle make_query(notmuch_database_t* database, const Narrowed& query, Sort sort,
                       const std::vector<std::string>& excluded_tags) {
  notmuch_query_t* raw = nullptr;
  const bool is_plain = query.parts.empty() && query.none.empty();
  const std::string text = is_plain ? query.query : to_expression(query);
  const auto syntax = is_plain ? NOTMUCH_QUERY_SYNTAX_XAPIAN : NOTMUCH_QUERY_SYNTAX_SEXP;
  if (notmuch_query_create_with_syntax(database, text.c_str(), syntax, &raw) != NOTMUCH_STATUS_SUCCESS) return nullptr;
  QueryHandle handle(raw);
  notmuch_query_set_sort(raw, sort == Sort::newest_first ? NOTMUCH_SORT_NEWEST_FIRST : NOTMUCH_SORT_OLDEST_FIRST);
  notmuch_query_set_omit_excluded(raw, NOTMUCH_EXCLUDE_TRUE);
  for (const auto& tag : excluded_tags) notmuch_query_add_tag_exclude(raw, tag.c_str());
  return handle;
}

}  // namespace valija::index
