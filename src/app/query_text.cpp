#include "valija/app/query_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::app {
namespace {

struct Token {
  enum class Kind : std::uint8_t { word, open, close };
  Kind kind = Kind::word;
  std::size_t begin = 0, end = 0;
  bool is_open_quote = false;  ///< its quote does not close
};

/// notmuch-search-terms(7)
constexpr std::array prefixes{"body",  "from",     "to",   "subject", "attachment", "mimetype", "tag",      "is",   "id",    "mid",
                              "thread", "path",    "folder", "date",  "lastmod",    "query",    "property", "sexp", "keyword"};
/// Those whose words are looked for as words, so that a beginning of one can be asked for.
constexpr std::array word_prefixes{"from", "to", "subject", "body", "attachment"};

template <typename Names>
bool is_one_of(const Names& names, std::string_view word) {
  return std::any_of(names.begin(), names.end(), [word](std::string_view name) { return name == word; });
}

bool is_blank(char c) { return c == ' ' || c == '\t'; }

/// Behind the value that begins at `at`: a quoted text, a /regular expression/, or what goes on to a blank or a closing bracket.
std::size_t end_of_value(std::string_view query, std::size_t at, bool& is_open_quote) {
  if (at < query.size() && query[at] == '/') {
    const std::size_t slash = query.find('/', at + 1);
    if (slash != std::string_view::npos) at = slash + 1;
  }
  while (at < query.size() && !is_blank(query[at]) && query[at] != ')') {
    if (query[at] == '"') {
      const std::size_t quote = query.find('"', at + 1);
      is_open_quote = quote == std::string_view::npos;
      at = is_open_quote ? query.size() - 1 : quote;
    }
    ++at;
  }
  return at;
}

std::vector<Token> tokens_of(std::string_view query) {
  std::vector<Token> tokens;
  for (std::size_t at = 0; at < query.size();) {
    if (is_blank(query[at])) {
      ++at;
    } else if (query[at] == '(' || query[at] == ')') {
      tokens.push_back({query[at] == '(' ? Token::Kind::open : Token::Kind::close, at, at + 1});
      ++at;
    } else {
      Token token{Token::Kind::word, at, at};
      const std::size_t name = std::min(query.size(), query.find_first_not_of("abcdefghijklmnopqrstuvwxyz_", at));
      // from:(one two): the bracket is a token of its own.
      if (name + 1 < query.size() && query[name] == ':' && query[name + 1] == '(') {
        token.end = name + 1;
      } else {
        token.end = end_of_value(query, name < query.size() && query[name] == ':' ? name + 1 : at, token.is_open_quote);
      }
      at = token.end;
      tokens.push_back(token);
    }
  }
  return tokens;
}

std::string_view text_of(std::string_view query, const Token& token) { return query.substr(token.begin, token.end - token.begin); }

bool is_operator(std::string_view query, const Token& token, std::initializer_list<std::string_view> names) {
  if (token.kind != Token::Kind::word) return false;
  const std::string word = to_lower_ascii(text_of(query, token));
  return std::find(names.begin(), names.end(), word) != names.end();
}

/// "name:" in front of a value; empty: it has none.
std::string_view prefix_of(std::string_view word) {
  const std::size_t colon = word.find(':');
  if (colon == std::string_view::npos || colon == 0) return {};
  const std::string_view name = word.substr(0, colon);
  return std::all_of(name.begin(), name.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; }) ? name : std::string_view();
}

bool is_plain_word(std::string_view word) {
  return word.size() >= 2 && std::all_of(word.begin(), word.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
  });
}

std::optional<QueryFault> operator_fault(std::string_view query, const std::vector<Token>& tokens) {
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const Token& token = tokens[i];
    const bool is_not = is_operator(query, token, {"not"});
    if (!is_not && !is_operator(query, token, {"and", "or", "xor"})) continue;
    const bool lacks_left = !is_not && (i == 0 || tokens[i - 1].kind == Token::Kind::open);
    const bool lacks_right = i + 1 == tokens.size() || tokens[i + 1].kind == Token::Kind::close || is_operator(query, tokens[i + 1], {"and", "or", "xor"});
    if (!lacks_left && !lacks_right) continue;
    const char* text = lacks_left ? _("Something must stand before \"{}\".") : _("Something must follow \"{}\".");
    return QueryFault{token.begin, token.end, fmt::format(fmt::runtime(text), text_of(query, token)), _("As a word it is written in quotes."), true};
  }
  return std::nullopt;
}

std::optional<QueryFault> prefix_fault(std::string_view query, const Token& token) {
  const std::string_view word = text_of(query, token), name = prefix_of(word);
  if (name.empty() || is_one_of(prefixes, name)) return std::nullopt;
  const std::vector<std::string> known(prefixes.begin(), prefixes.end());
  const std::string near = nearest(name, known);
  if (near.empty()) return std::nullopt;  // words with a colon are words to notmuch
  return QueryFault{token.begin, token.begin + name.size() + 1, fmt::format(fmt::runtime(_("There is no \"{}:\".")), name),
                    fmt::format(fmt::runtime(_("Did you mean \"{}:\"?")), near)};
}

}  // namespace

std::optional<QueryFault> check_query(std::string_view query) {
  const std::vector<Token> tokens = tokens_of(query);
  if (auto fault = operator_fault(query, tokens)) return fault;
  std::vector<const Token*> open;
  for (const Token& token : tokens) {
    if (token.kind == Token::Kind::open) {
      open.push_back(&token);
    } else if (token.kind == Token::Kind::close) {
      if (open.empty()) return QueryFault{token.begin, token.end, _("This bracket closes nothing."), {}};
      open.pop_back();
    } else if (token.is_open_quote) {
      const std::size_t quote = query.rfind('"');
      return QueryFault{quote, quote + 1, _("This quote does not end."), {}};
    } else if (auto fault = prefix_fault(query, token)) {
      return fault;
    }
  }
  if (!open.empty()) return QueryFault{open.back()->begin, open.back()->end, _("This bracket does not close."), {}};
  return std::nullopt;
}

std::string as_typed(std::string_view query, const std::vector<std::string>& tags) {
  const std::vector<Token> tokens = tokens_of(query);
  if (tokens.empty() || tokens.back().kind != Token::Kind::word || tokens.back().end != query.size()) return std::string(trim(query));
  const Token& last = tokens.back();
  const std::string_view word = text_of(query, last), name = prefix_of(word);
  const std::string before(query.substr(0, last.begin));
  const std::string_view value = name.empty() ? word : word.substr(name.size() + 1);
  if (!name.empty() && value.empty() && is_one_of(prefixes, name)) {
    // What is to be looked for comes yet.
    const bool is_joined = tokens.size() > 1 && is_operator(query, tokens[tokens.size() - 2], {"and", "or", "xor", "not"});
    return is_joined ? as_typed(query.substr(0, tokens[tokens.size() - 2].begin), {}) : std::string(trim(before));
  }
  if (name == "tag" || name == "is") {
    std::string either(word);
    for (const std::string& tag : tags) {
      if (tag == value) return std::string(trim(query));
      if (starts_with_ignoring_case(tag, value) && either.size() < 400 && tag.find_first_of(" ()\"") == std::string::npos) either += fmt::format(" or {}:{}", name, tag);
    }
    return either == word ? std::string(trim(query)) : fmt::format("{}({})", before, either);
  }
  if (!name.empty() && !is_one_of(word_prefixes, name)) return std::string(trim(query));
  if (!is_plain_word(value) || is_operator(query, last, {"and", "or", "xor", "not", "near", "adj"})) return std::string(trim(query));
  if (tokens.size() > 1 && is_operator(query, tokens[tokens.size() - 2], {"near", "adj"})) return std::string(trim(query));
  return fmt::format("{}({} or {}*)", before, word, word);
}

std::string as_written(std::string_view query) {
  const std::size_t open = query.rfind('(');
  if (open == std::string_view::npos || !query.ends_with(')')) return std::string(query);
  const std::string_view inside = query.substr(open + 1, query.size() - open - 2);
  const std::size_t end = inside.find(" or ");
  if (end == std::string_view::npos) return std::string(query);
  const std::string_view word = inside.substr(0, end), rest = inside.substr(end + 4);
  const bool is_begun_word = rest == fmt::format("{}*", word);
  const bool is_begun_tag = (word.starts_with("tag:") || word.starts_with("is:")) && rest.starts_with(word) && rest.find('(') == std::string_view::npos;
  return is_begun_word || is_begun_tag ? fmt::format("{}{}", query.substr(0, open), word) : std::string(query);
}

std::vector<Shortened> shortened(std::string_view query) {
  constexpr std::size_t most_terms = 6;
  struct Term {
    std::size_t begin, end;
  };
  std::vector<Term> terms;
  int depth = 0;
  bool is_negated = false, is_prefixed = false;
  for (const Token& token : tokens_of(query)) {
    if (depth == 0 && is_operator(query, token, {"or", "xor", "near", "adj"})) return {};
    if (depth == 0 && is_operator(query, token, {"and"})) continue;
    const bool continues = depth > 0 || is_negated || is_prefixed;
    if (token.kind == Token::Kind::close && terms.empty()) return {};
    if (continues) {
      terms.back().end = token.end;
    } else {
      terms.push_back({token.begin, token.end});
    }
    depth += token.kind == Token::Kind::open ? 1 : token.kind == Token::Kind::close ? -1 : 0;
    is_negated = is_operator(query, token, {"not"});
    is_prefixed = token.kind == Token::Kind::word && text_of(query, token).ends_with(':');
  }
  std::vector<Shortened> all;
  if (terms.size() < 2 || terms.size() > most_terms || depth != 0) return all;
  for (std::size_t left_out = 0; left_out < terms.size(); ++left_out) {
    std::vector<std::string> kept;
    for (std::size_t i = 0; i < terms.size(); ++i) {
      if (i != left_out) kept.emplace_back(query.substr(terms[i].begin, terms[i].end - terms[i].begin));
    }
    all.push_back({join(kept, " and "), std::string(query.substr(terms[left_out].begin, terms[left_out].end - terms[left_out].begin))});
  }
  return all;
}

}  // namespace valija::app
