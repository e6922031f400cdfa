#include <utility>

#include "completion.hpp"
#include "valija/app/app.hpp"
#include "valija/base/text.hpp"
#include "valija/base/utf8.hpp"

namespace valija::app {

using Kind = Prompt::Kind;

void App::prompt_key(const config::Key& key) {
  using config::KeyName;
  if (key.name == KeyName::escape) return cancel_prompt();
  typed_in_prompt_.push_back(key);
  const config::Keymap::Found found = keymap_.find({"prompt"}, typed_in_prompt_);
  if (found.match == config::Keymap::Match::prefix) return;
  const config::KeySequence typed = std::exchange(typed_in_prompt_, {});
  if (found.match == config::Keymap::Match::command) {
    const std::string line(found.command);
    const CommandLine parts = split_command_line(line);
    const Command* command = find_command(parts.name);
    if (command != nullptr && (command->where & in_prompt) != 0) return command->run(*this, parts.arguments);
    cancel_prompt();
    return run(line);
  }
  for (const config::Key& one : typed) {
    if (one.name == KeyName::none && one.point >= U' ' && !one.ctrl && !one.alt) prompt_.insert(to_utf8(one.point));
  }
  line_changed();
}

void App::edit_line(void (Prompt::*how)()) {
  const std::string before = prompt_.text();
  (prompt_.*how)();
  if (prompt_.text() != before) line_changed();
}

void App::complete_line(int direction) {
  prompt_.choose(direction);
  if (prompt_.kind() == Kind::search) search_as_typed();
}

void App::line_changed() {
  complete_prompt();
  if (prompt_.kind() == Kind::search) search_as_typed();
  if (prompt_.kind() == Kind::help) {
    help_wanted_ = prompt_.text();
    show_help_that_fits();
  }
}

void App::complete_prompt() {
  const std::string& text = prompt_.text();
  switch (prompt_.kind()) {
    case Kind::command: {
      const CommandLine line = split_command_line(text);
      if (line.name == "attach") desk_.look_up_path(line.arguments);
      if (line.name == "bounce" || line.name == "compose") desk_.look_up_person(line.arguments);
      if (line.name == "search") desk_.look_up_person(person_in_query(line.arguments));
      return prompt_.set_completions(complete_command_line(*this, text));
    }
    case Kind::search:
      desk_.look_up_person(person_in_query(text));
      return prompt_.set_completions(complete_query(*this, text));
    case Kind::palette: return prompt_.set_completions(complete_palette(*this, text));
    default: return;
  }
}

void App::accept_prompt() {
  const Kind kind = prompt_.kind();
  if (kind == Kind::palette) return run_chosen();
  const std::string line = prompt_.text();
  if (prompt_.remember()) post(messages::KeepHistory{kind == Kind::search, line});
  prompt_.close();
  const bool is_found = live_.is_shown && live_.rows_id == 0 && !(live_.fault && live_.fault->is_refused);
  end_live_search(kind == Kind::search && is_found);
  if (trim(line).empty() || kind == Kind::help) return;
  if (kind == Kind::command) return run(line);
  if (!is_found) open_list(check_query(line) ? std::string(trim(line)) : as_typed(line, known_tags()), true);
}

void App::cancel_prompt() {
  if (prompt_.kind() == Kind::help) {
    help_wanted_.clear();
    show_help_that_fits();
  }
  prompt_.close();
  typed_in_prompt_.clear();
  end_live_search(false);
}

void App::run_chosen() {
  const int chosen = prompt_.chosen();
  if (chosen < 0) return;
  const std::string line = prompt_.completions().list[static_cast<std::size_t>(chosen)].text;
  prompt_.close();
  const Command* command = find_command(line);
  const bool lacks_arguments = command != nullptr && command->arguments[0] != '\0' && command->arguments[0] != '[';
  if (lacks_arguments) return open_prompt(Kind::command, line + " ");
  run(line);
}

void App::open_prompt(Kind kind, const std::string& text) {
  if (prompt_.is_open()) cancel_prompt();
  prompt_.open(kind, text);
  complete_prompt();
}

}  // namespace valija::app
