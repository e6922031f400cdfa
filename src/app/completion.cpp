#include "completion.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "valija/app/app.hpp"
#include "valija/app/commands.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"
#include "valija/config/options.hpp"
#include "valija/config/theme.hpp"

namespace valija::app {
namespace {

constexpr std::size_t most_completions = 200;

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

Completions complete_views(const App& app, const std::string& arguments) {
  Completions completions;
  for (const SidebarRow& row : app.sidebar().rows()) {
    if (!row.is_open_able() || completions.list.size() >= most_completions) continue;
    if (starts_with_ignoring_case(row.id, arguments)) completions.list.push_back({row.id, row.id == row.label ? "" : row.label, {}});
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
  const auto add = [&](std::string_view name, const char* doc) {
    if (name.starts_with(arguments)) completions.list.push_back({std::string(name), doc, {}});
  };
  add("auto", _("dark or light, as the terminal's background is"));
  for (const config::ThemeName& theme : config::theme_names()) add(theme.name, _(theme.doc));
  return completions;
}

Completions complete_options(const App& app, const std::string& arguments) {
  Completions completions;
  const std::size_t blank = arguments.find(' ');
  for (const config::OptionDoc& option : config::option_docs()) {
    if (!option.is_live) continue;
    if (blank == std::string::npos) {
      if (option.name.starts_with(arguments)) completions.list.push_back({option.name, option.doc, {}});
    } else if (option.name == std::string_view(arguments).substr(0, blank)) {
      completions.from = blank + 1;
      const std::string typed = arguments.substr(blank + 1);
      if (option.name == "ui.theme") {
        completions.list = complete_themes(app, typed).list;
      } else {
        for (const std::string& choice : option.choices) {
          if (choice.starts_with(typed)) completions.list.push_back({choice, {}, {}});
        }
      }
    }
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
      if (command.where == in_prompt || !std::string_view(command.name).starts_with(line)) continue;
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
