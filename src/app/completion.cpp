#include "completion.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "valija/app/app.hpp"
#include "valija/app/commands.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

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

std::size_t last_word(const std::string& line) {
  const std::size_t at = line.find_last_of(" (");
  return at == std::string::npos ? 0 : at + 1;
}

void add_tags(Completions& completions, const App& app, const std::string& before, std::string_view typed) {
  for (const std::string& tag : app.known_tags()) {
    if (completions.list.size() >= most_completions) return;
    if (starts_with_ignoring_case(tag, typed)) completions.list.push_back({before + tag, {}, {}});
  }
}

}  // namespace

long count_of(const std::string& arguments) {
  long count = 1;
  const auto result = std::from_chars(arguments.data(), arguments.data() + arguments.size(), count);
  return result.ec == std::errc() ? std::clamp(count, 0L, 1000000L) : 1;
}

Completions complete_tags(const App& app, const std::string& arguments) {
  Completions completions{last_word(arguments), {}};
  const std::string word = arguments.substr(completions.from);
  if (word.empty()) {
    add_tags(completions, app, "+", {});
  } else if (word[0] == '+' || word[0] == '-') {
    add_tags(completions, app, word.substr(0, 1), std::string_view(word).substr(1));
  }
  return completions;
}

Completions complete_parts(const App& app, const std::string& arguments) {
  Completions completions;
  const OpenMessage* open = app.reader().current_message();
  if (open == nullptr || arguments.find(' ') != std::string::npos) return completions;
  int counted = 0;
  for (const Part& part : open->document.parts) {
    if (!part.is_attachment) continue;
    const std::string count = std::to_string(++counted);
    if (!count.starts_with(arguments)) continue;
    completions.list.push_back({count, clean(part.filename) + ", " + byte_count(part.size), {}});
  }
  return completions;
}

Completions complete_query(const App& app, const std::string& arguments) {
  Completions completions{last_word(arguments), {}};
  const std::string word = arguments.substr(completions.from);
  if (word.empty()) return completions;
  for (const char* before : {"tag:", "is:"}) {
    if (word.starts_with(before)) add_tags(completions, app, before, std::string_view(word).substr(std::string_view(before).size()));
  }
  for (const char* before : {"folder:", "path:"}) {
    if (!word.starts_with(before)) continue;
    for (const SidebarRow& row : app.sidebar().rows()) {
      if (row.kind != SidebarRow::Kind::folder || completions.list.size() >= most_completions) continue;
      const std::string text = before + quoted_term(app.options().folder_prefix + row.id);
      if (starts_with_ignoring_case(text, word)) completions.list.push_back({text, {}, {}});
    }
  }
  for (const Term& term : query_terms) {
    if (word.size() < std::string_view(term.text).size() && std::string_view(term.text).starts_with(word)) {
      completions.list.push_back({term.text, _(term.doc), {}});
    }
  }
  return completions;
}

Completions complete_views(const App& app, const std::string& arguments) {
  Completions completions;
  for (const SidebarRow& row : app.sidebar().rows()) {
    if (!row.is_open_able() || completions.list.size() >= most_completions) continue;
    if (starts_with_ignoring_case(row.id, arguments)) completions.list.push_back({row.id, row.id == row.label ? "" : row.label, {}});
  }
  return completions;
}

Completions complete_move_targets(const App& app, const std::string& arguments) {
  Completions completions;
  for (const std::string& folder : app.move_targets()) {
    if (starts_with_ignoring_case(folder, arguments) && completions.list.size() < most_completions) completions.list.push_back({folder, {}, {}});
  }
  return completions;
}

Completions complete_sync(const App&, const std::string& arguments) {
  Completions completions;
  if (std::string_view("confirm").starts_with(arguments)) completions.list.push_back({"confirm", {}, {}});
  return completions;
}

Completions complete_themes(const App&, const std::string& arguments) {
  Completions completions;
  for (const char* name : {"auto", "dark", "light"}) {
    if (std::string_view(name).starts_with(arguments)) completions.list.push_back({name, {}, {}});
  }
  return completions;
}

Completions complete_paths(const App& app, const std::string& arguments) {
  Completions completions;
  for (const std::string& path : app.desk().paths_for(arguments)) completions.list.push_back({path, {}, {}});
  return completions;
}

Completions complete_people(const App& app, const std::string& arguments) {
  Completions completions;
  for (const AddressSuggestion& person : app.desk().people_for(arguments)) completions.list.push_back({person.text, person.doc, {}});
  return completions;
}

Completions complete_command_line(const App& app, const std::string& line) {
  const std::size_t blank = line.find(' ');
  if (blank == std::string::npos) {
    Completions completions;
    for (const Command& command : commands()) {
      if (!std::string_view(command.name).starts_with(line)) continue;
      std::string keys = app.key_of(command.name);
      if (keys.starts_with(":")) keys.clear();
      completions.list.push_back({command.name, _(command.doc), std::move(keys)});
    }
    return completions;
  }
  const Command* command = find_command(std::string_view(line).substr(0, blank));
  if (command == nullptr || command->complete == nullptr) return {};
  Completions completions = command->complete(app, line.substr(blank + 1));
  completions.from += blank + 1;
  return completions;
}

}  // namespace valija::app
