#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "valija/app/prompt.hpp"
#include "valija/config/keymap.hpp"

namespace valija::app {

class App;

/// Where a command does something; several by |.
enum Where : std::uint16_t {
  in_list = 1,
  in_reader = 2,
  in_sidebar = 4,
  in_help = 8,
  in_compose = 16,
  in_outbox = 32,
  in_drafts = 64,
  in_editor = 128,  ///< a text or a field has the keyboard
  in_activity = 256,
  in_prompt = 512,  ///< a line is typed at the bottom
  in_parts = 1024,
  in_view = 2048,
  in_senders = 4096,
  in_note = 8192,  ///< in the place of a part, what valija or a command says
  in_mail = in_list | in_reader,
  in_desk = in_compose | in_outbox | in_drafts,
  in_panes = in_list | in_reader | in_sidebar | in_desk,
  in_page = in_parts | in_view | in_note | in_senders,
  everywhere = in_panes | in_page | in_help | in_activity,
};

/// One row of the command table, from which the default keys, the help screen, the key hints, the command line's completion and the
/// manual come. Keys bind to command lines: nothing can be bound that cannot be typed.
struct Command {
  const char* name;
  const char* arguments;  ///< "" or as in a synopsis: "[QUERY]"
  const char* doc;        ///< N_(), a sentence
  const char* hint;       ///< N_(), a word for the line at the bottom; nullptr: not shown there
  std::uint16_t where;
  void (*run)(App& app, const std::string& arguments);
  /// What could stand after the name; `from` counts from the start of `arguments`. nullptr: nothing.
  Completions (*complete)(const App& app, const std::string& arguments);
  std::array<config::DefaultKey, 9> keys;
  bool takes_count = false;    ///< a number typed before the key is its argument
  bool is_repeatable = false;  ///< `repeat` does it again; a number typed before is for that many rows
};

std::span<const Command> commands();
/// nullptr: no such command.
const Command* find_command(std::string_view name);
/// All default keys of the table: those of the preset vim.
std::span<const config::DefaultKey> default_keys();
/// The same for another preset ("mutt", "gmail", "alpine"): its own keys, and those of vim that they leave free.
std::span<const config::DefaultKey> default_keys(std::string_view preset);
/// For the settings' check: empty, or what is wrong with a command line ("no command ...; did you mean ...?").
std::string fault_of_command_line(std::string_view line);
/// What is wrong with the key bindings of the settings: keys that hide each other, commands that do not exist.
std::vector<config::KeyFault> key_faults(const config::Settings& settings);

/// One line of the help screen, made from the table and the keys in force.
struct HelpRow {
  bool is_heading = false;
  std::string keys, command, doc;
  bool is_rest = false;  ///< of the sentence that begins above
};
std::vector<HelpRow> help_rows(const config::Keymap& keymap);
/// Those that fit every word of `wanted`, with their headings; empty: all.
std::vector<HelpRow> matching_help(const std::vector<HelpRow>& rows, std::string_view wanted);
/// The columns of a row of the help, on a screen that wide: `lead` for its keys or its name, `doc` for its sentence.
struct HelpColumns {
  int lead = 0, doc = 0;
};
HelpColumns help_columns(const HelpRow& row, int columns);
/// A row for each line of the screen.
std::vector<HelpRow> wrapped_help(const std::vector<HelpRow>& rows, int columns);

/// Keys as a person reads them: "gg", "Enter", "Ctrl-D", "Shift-Tab".
std::string key_names(const config::KeySequence& keys);

/// "name arguments" without blanks around; arguments may be empty.
struct CommandLine {
  std::string name, arguments;
};
CommandLine split_command_line(std::string_view line);

}  // namespace valija::app
