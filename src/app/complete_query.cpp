#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "completion.hpp"
#include "valija/app/app.hpp"
#include "valija/app/commands.hpp"
#include "valija/app/fuzzy.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"
#include "valija/mail/address.hpp"

namespace valija::app {
namespace {

constexpr std::size_t most_completions = 200;

struct Term {
  const char* text;
  const char* doc;
};
/// notmuch-search-terms(7)
constexpr std::array query_terms{
    Term{"from:", N_("who wrote it: a name or an address")},
    Term{"to:", N_("who got it, also by Cc")},
    Term{"subject:", N_("a word of the subject; \"...\" for several")},
    Term{"tag:", N_("a tag")},
    Term{"is:", N_("the same as tag:")},
    Term{"date:", N_("today, yesterday, 2026-11-01..2026-11-30, 2weeks..")},
    Term{"folder:", N_("one folder")},
    Term{"path:", N_("a folder and, with /**, all below it")},
    Term{"attachment:", N_("a word of an attachment's file name")},
    Term{"mimetype:", N_("a type of a part, such as application/pdf")},
    Term{"body:", N_("a word of the text only")},
    Term{"thread:", N_("a thread's number")},
    Term{"id:", N_("a Message-ID")},
    Term{"and", N_("both sides")},
    Term{"or", N_("one of both sides")},
    Term{"not", N_("everything else")},
};
constexpr std::array dates{
    Term{"date:today", N_("since midnight")},
    Term{"date:yesterday", N_("the day before")},
    Term{"date:this_week", N_("since Monday")},
    Term{"date:last_week", N_("the week before this one")},
    Term{"date:this_month", N_("since the first of the month")},
    Term{"date:last_month", N_("the month before this one")},
    Term{"date:7days..", N_("the last seven days")},
    Term{"date:2weeks..", N_("the last two weeks")},
    Term{"date:1month..", N_("the last month")},
    Term{"date:1year..", N_("the last year")},
    Term{"date:..1year", N_("older than a year")},
};

std::size_t last_word(const std::string& line) {
  const std::size_t at = line.find_last_of(" (");
  return at == std::string::npos ? 0 : at + 1;
}

void add_folders(Completions& completions, const App& app, const std::string& before, const std::string& word) {
  for (const SidebarRow& row : app.sidebar().rows()) {
    if (row.kind != SidebarRow::Kind::folder || completions.list.size() >= most_completions) continue;
    const std::string text = before + quoted_term(app.options().folder_prefix + row.id);
    const bool fits = starts_with_ignoring_case(text, word) || fuzzy_match(word.substr(before.size()), row.id);
    if (fits) completions.list.push_back({text, {}, {}});
  }
}

void add_people(Completions& completions, const App& app, const std::string& before, const std::string& typed) {
  for (const AddressSuggestion& person : app.desk().people_for(typed)) {
    for (const Address& address : parse_addresses(person.text)) {
      if (!address.mailbox.empty()) completions.list.push_back({before + address.mailbox, address.name, {}});
    }
  }
}

}  // namespace

std::string person_in_query(const std::string& query) {
  const std::string word = query.substr(last_word(query));
  for (const std::string_view before : {"from:", "to:"}) {
    if (word.starts_with(before)) return word.substr(before.size());
  }
  return {};
}

Completions complete_query(const App& app, const std::string& arguments) {
  Completions completions{last_word(arguments), {}};
  const std::string word = arguments.substr(completions.from);
  if (word.empty()) return completions;
  for (const std::string before : {"tag:", "is:"}) {
    if (!word.starts_with(before)) continue;
    for (const std::string& tag : app.known_tags()) {
      if (completions.list.size() < most_completions && starts_with_ignoring_case(tag, word.substr(before.size()))) completions.list.push_back({before + tag, {}, {}});
    }
  }
  for (const char* before : {"folder:", "path:"}) {
    if (word.starts_with(before)) add_folders(completions, app, before, word);
  }
  for (const std::string before : {"from:", "to:"}) {
    if (word.starts_with(before)) add_people(completions, app, before, word.substr(before.size()));
  }
  if (word.starts_with("date:")) {
    for (const Term& date : dates) {
      if (std::string_view(date.text).starts_with(word)) completions.list.push_back({date.text, _(date.doc), {}});
    }
  }
  for (const Term& term : query_terms) {
    if (word.size() < std::string_view(term.text).size() && std::string_view(term.text).starts_with(word)) {
      completions.list.push_back({term.text, _(term.doc), {}});
    }
  }
  return completions;
}

Completions complete_palette(const App& app, const std::string& typed) {
  struct Row {
    int score;
    Completion completion;
  };
  std::vector<Row> rows;
  for (const Command& command : commands()) {
    if (command.where == in_prompt || std::string_view(command.name) == "palette") continue;
    const std::string doc = _(command.doc);
    const auto name = fuzzy_match(typed, command.name);
    const bool is_in_doc = fold(doc).find(fold(trim(typed))) != std::string::npos;
    if (!name && !is_in_doc) continue;
    std::string keys = app.key_of(command.name);
    if (keys.starts_with(":")) keys.clear();
    // What does nothing here stands behind.
    const int score = (name ? name->score : 0) - (app.works_here(command) ? 0 : 1000);
    rows.push_back({score, {command.name, doc, std::move(keys), name ? name->octets : std::vector<std::size_t>()}});
  }
  for (const SidebarRow& row : app.sidebar().rows()) {
    if (!row.is_open_able() || trim(typed).empty()) continue;
    const std::string line = "view " + row.id;
    const auto match = fuzzy_match(typed, line);
    if (match) rows.push_back({match->score - 8, {line, row.id == row.label ? "" : row.label, {}, match->octets}});
  }
  std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.score > b.score; });
  Completions completions;
  for (Row& row : rows) {
    if (completions.list.size() < most_completions) completions.list.push_back(std::move(row.completion));
  }
  return completions;
}

}  // namespace valija::app
