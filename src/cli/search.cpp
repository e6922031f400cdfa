#include <fmt/format.h>

#include <algorithm>

#include "json.hpp"
#include "relative_date.hpp"
#include "session.hpp"
#include "valija/base/text.hpp"
#include "valija/mail/date.hpp"

namespace valija::cli {

namespace {

constexpr std::size_t rows_per_request = 500;
constexpr int date_columns = 10;

/// "id:..." as notmuch writes it: quoted only where it must be.
std::string id_term(const std::string& id) {
  const bool is_plain = !id.empty() && std::all_of(id.begin(), id.end(), [](char c) {
    return c > ' ' && c < 0x7f && c != ')' && c != '(' && c != '"';
  });
  if (is_plain) return "id:" + id;
  std::string term = "id:\"";
  for (const char c : id) term += c == '"' ? std::string("\"\"") : std::string(1, c);
  return term + "\"";
}

std::string authors_of(const ThreadSummary& thread) {
  std::string authors = join(thread.authors, ", ");
  if (!thread.other_authors.empty()) authors += "| " + join(thread.other_authors, ", ");
  return authors;
}

/// Two queries that find exactly the matched and the other messages of a thread.
Json queries_of(std::vector<ThreadMessage> messages) {
  std::stable_sort(messages.begin(), messages.end(),
                   [](const ThreadMessage& a, const ThreadMessage& b) { return a.date < b.date; });
  std::vector<std::string> matched, others;
  for (const ThreadMessage& message : messages) (message.matched ? matched : others).push_back(id_term(message.id));
  Json queries = Json::array();
  queries.push_back(matched.empty() ? Json() : Json(join(matched, " ")));
  queries.push_back(others.empty() ? Json() : Json(join(others, " ")));
  return queries;
}

/// Prints the results one by one, as text or as one JSON array.
class Results {
 public:
  Results(bool is_json, Output& out) : is_json_(is_json), out_(out) {
    if (is_json_) out_.put("[");
  }
  void json(const Json& value) {
    out_.put(std::exchange(is_first_, false) ? "" : ",\n");
    out_.put(to_text(value));
  }
  void text(std::string_view line) { out_.line(line); }
  void finish() {
    if (is_json_) out_.put("]\n");
  }
  bool is_json() const { return is_json_; }

 private:
  bool is_json_;
  Output& out_;
  bool is_first_ = true;
};

struct Search {
  std::string query;
  std::size_t limit = 0;  ///< 0: all
  index::Sort sort = index::Sort::newest_first;
};

class ThreadSearch {
 public:
  ThreadSearch(const Search& search, index::Reader& reader, UnixTime now, Results& results)
      : search_(search), reader_(reader), now_(now), results_(results) {}

  Result<void> print() {
    for (std::size_t first = 0;;) {
      const std::size_t left =
          search_.limit == 0 ? rows_per_request : std::min(rows_per_request, search_.limit - first);
      const auto page = reader_.threads(search_.query, first, left, search_.sort, {});
      if (!page) return Unexpected(Error(page.error()));
      for (const ThreadSummary& row : page->rows) {
        if (auto printed = results_.is_json() ? print_json(row) : print_text(row); !printed) return printed;
      }
      first += page->rows.size();
      if (page->at_end || page->rows.empty() || (search_.limit > 0 && first >= search_.limit)) return {};
    }
  }

 private:
  UnixTime date_of(const ThreadSummary& row) const {
    return search_.sort == index::Sort::newest_first ? row.newest : row.oldest;
  }

  Result<void> print_text(const ThreadSummary& row) {
    const std::string date = list_date(date_of(row), now_);
    const std::string margin(static_cast<std::size_t>(std::max(0, date_columns - display_width(date))), ' ');
    results_.text(fmt::format("thread:{} {}{} [{}/{}] {}; {} ({})", row.id, margin, date, row.matched, row.total,
                              authors_of(row), row.subject, join(row.tags, " ")));
    return {};
  }

  Result<void> print_json(const ThreadSummary& row) {
    auto messages = reader_.thread(row.id, search_.query);
    if (!messages) return Unexpected(std::move(messages).error());
    Json object;
    object["thread"] = row.id;
    object["timestamp"] = date_of(row);
    object["date_relative"] = relative_date(date_of(row), now_);
    object["matched"] = row.matched;
    object["total"] = row.total;
    object["authors"] = authors_of(row);
    object["subject"] = row.subject;
    object["query"] = queries_of(std::move(*messages));
    object["tags"] = to_json(row.tags);
    results_.json(object);
    return {};
  }

  const Search& search_;
  index::Reader& reader_;
  const UnixTime now_;
  Results& results_;
};

Result<void> print_list(const std::vector<std::string>& texts, Results& results) {
  for (const std::string& text : texts) results.is_json() ? results.json(text) : results.text(text);
  return {};
}

Result<void> print_messages(const Search& search, index::Reader& reader, Results& results) {
  const auto messages = reader.messages(search.query, search.limit, search.sort);
  if (!messages) return Unexpected(Error(messages.error()));
  for (const ThreadMessage& message : *messages)
    results.is_json() ? results.json(message.id) : results.text(id_term(message.id));
  return {};
}

Result<void> print_results(std::string_view output, const Search& search, index::Reader& reader, UnixTime now,
                           Results& results) {
  if (output == "threads") return ThreadSearch(search, reader, now, results).print();
  if (output == "messages") return print_messages(search, reader, results);
  auto texts = output == "files" ? reader.files(search.query, search.limit, search.sort) : reader.tags(search.query);
  if (!texts) return Unexpected(std::move(texts).error());
  if (search.limit > 0 && texts->size() > search.limit) texts->resize(search.limit);
  return print_list(*texts, results);
}

}  // namespace

Result<int> search(const Arguments& arguments, Session& session) {
  const auto query = query_of(arguments);
  if (!query) return Unexpected(Error(query.error()));
  auto reader = open_index(session);
  if (!reader) return Unexpected(std::move(reader).error());

  const Search wanted{
      *query, limit_of(arguments, 0),
      arguments.value("--sort", "newest") == "oldest" ? index::Sort::oldest_first : index::Sort::newest_first};
  Results results(arguments.value("--format", "text") == "json", session.out);
  const bool is_nothing_asked = arguments.has("--limit") && wanted.limit == 0;
  if (!is_nothing_asked) {
    auto printed =
        print_results(arguments.value("--output", "threads"), wanted, **reader, session.clock.now(), results);
    if (!printed) return Unexpected(std::move(printed).error());
  }
  results.finish();
  return 0;
}

Result<int> count(const Arguments& arguments, Session& session) {
  const std::string query = arguments.words.empty() ? "*" : arguments.query();
  auto reader = open_index(session);
  if (!reader) return Unexpected(std::move(reader).error());
  const bool of_threads = arguments.value("--output", "messages") == "threads";
  const auto number = of_threads ? (*reader)->count_threads(query) : (*reader)->count_messages(query);
  if (!number) return Unexpected(Error(number.error()));
  session.out.put(fmt::format("{}\n", *number));
  return 0;
}

}  // namespace valija::cli
