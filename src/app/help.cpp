#include "help.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "valija/app/commands.hpp"
#include "valija/app/text_flow.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::app {
namespace {

/// Keys that cannot be bound: the way out, and those of every text.
struct FixedKey {
  const char* keys;
  const char* doc;
};
constexpr std::array fixed_keys{
    FixedKey{"Esc", N_("Takes back what is half done: a typed line, a prefix, a search for unread mail.")},
    FixedKey{"Ctrl-C", N_("The same; pressed again it quits. Nothing is lost.")},
    FixedKey{"Ctrl-W  Ctrl-U", N_("In a text: removes a word, or all before the cursor.")},
    FixedKey{"Ctrl-K  Ctrl-Y", N_("In a text: removes the rest of the line, and puts back what was removed.")},
    FixedKey{"Alt-U  Alt-R", N_("In a text: undoes and redoes.")},
    FixedKey{"Alt-Q  Alt-K", N_("In a text: fills the lines of a paragraph anew, or removes the paragraph.")},
};

/// The command lines of a context and their keys, by the name of the command.
using BoundLines = std::map<std::string, std::vector<std::pair<std::string, std::string>>, std::less<>>;

BoundLines bound_lines(const std::vector<config::Keymap::Row>& bound) {
  BoundLines all;
  for (const config::Keymap::Row& row : bound) {
    auto& lines = all[split_command_line(row.command).name];
    const std::string keys = key_names(row.keys);
    const auto same = std::find_if(lines.begin(), lines.end(), [&](const auto& line) { return line.first == row.command; });
    if (same == lines.end()) {
      lines.emplace_back(row.command, keys);
    } else {
      // The shortest keys are the ones to learn.
      same->second = keys.size() < same->second.size() ? keys + "  " + same->second : same->second + "  " + keys;
    }
  }
  return all;
}

void add_section(std::vector<HelpRow>& rows, const config::Keymap& keymap, const char* context) {
  const BoundLines bound = bound_lines(keymap.rows(context));
  if (bound.empty()) return;
  if (!rows.empty()) rows.push_back({});
  rows.push_back({true, {}, _(heading_of(context)), {}});
  for (const Command& command : commands()) {
    const auto lines = bound.find(std::string_view(command.name));
    if (lines == bound.end()) continue;
    for (const auto& [line, keys] : lines->second) rows.push_back({false, keys, line, sentence_of(line)});
  }
}

bool fits(const HelpRow& row, std::string_view wanted) {
  const std::string text = fold(row.keys + " " + row.command + " " + row.doc);
  for (const std::string& word : split(fold(wanted), ' ')) {
    if (text.find(word) == std::string::npos) return false;
  }
  return true;
}

}  // namespace

const char* heading_of(std::string_view context) {
  if (context == "global") return N_("Everywhere");
  if (context == "list") return N_("In the list");
  if (context == "reader") return N_("In an open thread");
  if (context == "sidebar") return N_("In the side bar");
  if (context == "help") return N_("In this help");
  if (context == "compose") return N_("In a message that is being written");
  if (context == "outbox") return N_("In the outbox");
  if (context == "parts") return N_("Among the parts of a message");
  if (context == "view") return N_("In a part that is shown by itself");
  if (context == "senders") return N_("Among the newsletters");
  if (context == "drafts") return N_("In the list of drafts");
  if (context == "editor") return N_("In an editor");
  return N_("In a line that is typed");
}

std::string sentence_of(const std::string& line) {
  const CommandLine parts = split_command_line(line);
  const Command* command = find_command(parts.name);
  if (command == nullptr) return ":" + line;
  std::string sentence = _(command->doc);
  if (parts.arguments.empty()) return sentence;
  if (parts.name == "thread") return fmt::format(fmt::runtime(_("The whole thread: {}")), sentence_of(parts.arguments));
  if (parts.name == "view") return fmt::format(fmt::runtime(_("Opens the view {}.")), parts.arguments);
  if (parts.name == "tab") return fmt::format(fmt::runtime(_("Goes to tab {}.")), parts.arguments);
  if (sentence.ends_with('.')) sentence.pop_back();
  return fmt::format("{}: {}.", sentence, parts.arguments);
}

std::vector<HelpRow> help_rows(const config::Keymap& keymap) {
  std::vector<HelpRow> rows;
  for (const char* context : {"global", "list", "reader", "parts", "view", "senders", "sidebar", "compose", "editor", "outbox", "drafts", "help", "prompt"}) add_section(rows, keymap, context);
  rows.push_back({});
  rows.push_back({true, {}, _("Always the same"), {}});
  for (const FixedKey& key : fixed_keys) rows.push_back({false, key.keys, {}, _(key.doc)});
  rows.push_back({});
  rows.push_back({true, {}, _("By name, after a colon"), {}});
  for (const Command& command : commands()) {
    if (command.where == in_prompt) continue;
    const std::string synopsis = std::string(":") + command.name + (command.arguments[0] == '\0' ? "" : " ") + command.arguments;
    rows.push_back({false, {}, synopsis, _(command.doc)});
  }
  return rows;
}

std::vector<HelpRow> matching_help(const std::vector<HelpRow>& rows, std::string_view wanted) {
  if (trim(wanted).empty()) return rows;
  std::vector<HelpRow> found;
  const HelpRow* heading = nullptr;  // of what comes, until it is shown
  for (const HelpRow& row : rows) {
    if (row.is_heading) {
      heading = &row;
    } else if (!(row.keys + row.command + row.doc).empty() && fits(row, wanted)) {
      if (heading != nullptr && !found.empty()) found.push_back({});
      if (heading != nullptr) found.push_back(*heading);
      heading = nullptr;
      found.push_back(row);
    }
  }
  return found;
}

HelpColumns help_columns(const HelpRow& row, int columns) {
  constexpr int margins = 4;
  if (row.keys.empty()) {
    const int lead = columns >= 90 ? 28 : columns / 3;
    return {lead, columns - lead - margins};
  }
  constexpr int command = 23;  // shown behind the sentence, where there is room
  const int lead = columns >= 70 ? 18 : 12;
  const int room = columns - lead - margins;
  return {lead, columns >= 100 ? std::min(92, room - command) : room};
}

std::vector<HelpRow> wrapped_help(const std::vector<HelpRow>& rows, int columns) {
  std::vector<HelpRow> wrapped;
  for (const HelpRow& row : rows) {
    const int room = std::max(1, help_columns(row, columns).doc);
    Line sentence;
    sentence.spans = {{row.doc, {}}};
    for (const FlowRow& part : flow({sentence}, room, room)) {
      wrapped.push_back(row);
      wrapped.back().doc = trim(std::string_view(row.doc).substr(part.begin, part.end - part.begin));
      wrapped.back().is_rest = !part.is_first;
    }
  }
  return wrapped;
}

}  // namespace valija::app
