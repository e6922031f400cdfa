#include "completion.hpp"
#include "valija/app/app.hpp"
#include "valija/base/text.hpp"
#include "valija/base/utf8.hpp"

namespace valija::app {

void App::prompt_key(const config::Key& key) {
  using config::KeyName;
  const auto is_ctrl = [&key](char32_t letter) { return key.ctrl && key.point == letter; };
  if (key.name == KeyName::escape || is_ctrl(U'g')) return prompt_.close();
  if (key.name == KeyName::enter) return accept_prompt();
  if (key.name == KeyName::tab) return prompt_.choose(key.shift ? -1 : 1);
  if (key.name == KeyName::left || is_ctrl(U'b')) return prompt_.left();
  if (key.name == KeyName::right || is_ctrl(U'f')) return prompt_.right();
  if (key.name == KeyName::home || is_ctrl(U'a')) return prompt_.home();
  if (key.name == KeyName::end || is_ctrl(U'e')) return prompt_.end();
  if (key.name == KeyName::backspace && prompt_.text().empty()) return prompt_.close();
  if (key.name == KeyName::up || is_ctrl(U'p')) {
    prompt_.older();
  } else if (key.name == KeyName::down || is_ctrl(U'n')) {
    prompt_.newer();
  } else if (is_ctrl(U'w')) {
    prompt_.erase_word();
  } else if (is_ctrl(U'u')) {
    prompt_.erase_to_start();
  } else if (is_ctrl(U'k')) {
    prompt_.erase_to_end();
  } else if (key.name == KeyName::backspace || is_ctrl(U'h')) {
    prompt_.erase_before();
  } else if (key.name == KeyName::del || is_ctrl(U'd')) {
    prompt_.erase_after();
  } else if (key.name == KeyName::none && key.point >= U' ' && !key.ctrl && !key.alt) {
    prompt_.insert(to_utf8(key.point));
  }
  complete_prompt();
}

void App::complete_prompt() {
  if (prompt_.kind() == Prompt::Kind::command) {
    const CommandLine line = split_command_line(prompt_.text());
    if (line.name == "attach") desk_.look_up_path(line.arguments);
    if (line.name == "bounce" || line.name == "compose") desk_.look_up_person(line.arguments);
    prompt_.set_completions(complete_command_line(*this, prompt_.text()));
  } else if (prompt_.kind() == Prompt::Kind::search) {
    prompt_.set_completions(complete_query(*this, prompt_.text()));
  }
}

void App::accept_prompt() {
  const Prompt::Kind kind = prompt_.kind();
  std::string line = prompt_.text();
  prompt_.remember();
  prompt_.close();
  if (trim(line).empty()) return;
  if (kind == Prompt::Kind::search) {
    search(line);
  } else {
    run(line);
  }
}

void App::open_prompt(Prompt::Kind kind, const std::string& text) {
  prompt_.open(kind, text);
  complete_prompt();
}

}  // namespace valija::app
