#include "valija/app/commands.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <tuple>

#include "compose_commands.hpp"
#include "list_commands.hpp"
#include "mail_commands.hpp"
#include "pane_commands.hpp"
#include "prompt_commands.hpp"
#include "reading_commands.hpp"
#include "search_commands.hpp"
#include "settings_commands.hpp"
#include "valija/app/app.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::app {
namespace {

/// All tables, one behind the other.
template <typename... Tables>
constexpr auto joined(const Tables&... tables) {
  std::array<Command, (std::tuple_size_v<Tables> + ...)> all{};
  auto next = all.begin();
  ((next = std::copy(tables.begin(), tables.end(), next)), ...);
  return all;
}

constexpr auto command_table = joined(mail_commands, reading_commands, list_commands, pane_commands, search_commands, settings_commands, compose_commands, prompt_commands);

constexpr bool equal(const char* a, const char* b) { return std::string_view(a) == b; }

constexpr std::size_t key_count() {
  std::size_t count = 0;
  for (const Command& command : command_table) {
    for (const config::DefaultKey& key : command.keys) count += key.keys != nullptr ? 1 : 0;
  }
  return count;
}

constexpr auto all_default_keys = [] {
  std::array<config::DefaultKey, key_count()> keys{};
  std::size_t next = 0;
  for (const Command& command : command_table) {
    for (const config::DefaultKey& key : command.keys) {
      if (key.keys != nullptr) keys[next++] = key;
    }
  }
  return keys;
}();

static_assert(
    [] {
      for (std::size_t i = 0; i < command_table.size(); ++i) {
        if (command_table[i].doc[0] == '\0' || command_table[i].where == 0) return false;
        for (std::size_t j = 0; j < i; ++j) {
          if (equal(command_table[i].name, command_table[j].name)) return false;
        }
      }
      return true;
    }(),
    "names are unique, and every command says what it does and where");

static_assert(
    [] {
      for (const Command& command : command_table) {
        for (const config::DefaultKey& key : command.keys) {
          if (key.keys == nullptr) continue;
          const std::string_view line = key.command, name = command.name;
          if (line.substr(0, name.size()) != name) return false;
          if (line.size() > name.size() && line[name.size()] != ' ') return false;
        }
      }
      return true;
    }(),
    "the keys of a row run the command of the row");

static_assert(
    [] {
      for (std::size_t i = 0; i < all_default_keys.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
          const auto &a = all_default_keys[i], &b = all_default_keys[j];
          if (equal(a.context, b.context) && equal(a.keys, b.keys)) return false;
        }
      }
      return true;
    }(),
    "no default key is bound twice");

}  // namespace

std::span<const Command> commands() { return command_table; }
std::span<const config::DefaultKey> default_keys() { return all_default_keys; }

const Command* find_command(std::string_view name) {
  const auto found = std::find_if(command_table.begin(), command_table.end(), [&](const Command& command) { return command.name == name; });
  return found == command_table.end() ? nullptr : &*found;
}

std::string key_names(const config::KeySequence& keys) {
  std::string all;
  bool was_named = false;
  for (const config::Key& key : keys) {
    std::string text = config::to_text(key);
    if (text == "<lt>") text = "<";
    const bool is_named = text.size() > 2 && text.front() == '<';
    if (!all.empty() && (is_named || was_named)) all += ' ';
    was_named = is_named;
    if (!is_named) {
      all += text;
      continue;
    }
    text = text.substr(1, text.size() - 2);
    std::string name;
    while (text.size() > 2 && text[1] == '-') {
      name += text[0] == 'c' ? "Ctrl-" : text[0] == 'a' ? "Alt-" : "Shift-";
      text.erase(0, 2);
    }
    if (text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
    if (text == "Pageup" || text == "Pagedown") text = text == "Pageup" ? "PgUp" : "PgDn";
    all += name + (text == "Lt" ? "<" : text);
  }
  return all;
}

CommandLine split_command_line(std::string_view line) {
  line = trim(line);
  const std::size_t blank = line.find(' ');
  if (blank == std::string_view::npos) return {std::string(line), {}};
  return {std::string(line.substr(0, blank)), std::string(trim(line.substr(blank)))};
}

std::string fault_of_command_line(std::string_view line) {
  const std::string name = split_command_line(line).name;
  if (find_command(name) != nullptr) return {};
  std::vector<std::string> names;
  for (const Command& command : command_table) names.emplace_back(command.name);
  const std::string near = nearest(name, names);
  if (near.empty()) return fmt::format(fmt::runtime(_("There is no command \"{}\".")), name);
  return fmt::format(fmt::runtime(_("There is no command \"{}\". Did you mean \"{}\"?")), name, near);
}

std::vector<config::KeyFault> key_faults(const config::Settings& settings) {
  std::vector<config::KeyFault> faults;
  config::Keymap::build(default_keys(settings.ui_keys), settings.keys, faults);
  for (const config::KeyBinding& binding : settings.keys) {
    if (trim(binding.command).empty()) continue;  // unbinds
    std::string fault = fault_of_command_line(binding.command);
    if (!fault.empty()) faults.push_back({binding, std::move(fault), _("In valija, ? shows every command.")});
  }
  return faults;
}

}  // namespace valija::app
