#include "valija/app/commands.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "completion.hpp"
#include "valija/app/app.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::app {
namespace {

using Arguments = const std::string&;

constexpr std::array command_table{
    Command{"down", "[N]", N_("Goes down a row, or N rows."), nullptr, everywhere,
            [](App& app, Arguments n) { app.move(count_of(n)); }, nullptr,
            {{{"global", "j", "down"}, {"global", "<down>", "down"}}}},
    Command{"up", "[N]", N_("Goes up a row, or N rows."), nullptr, everywhere,
            [](App& app, Arguments n) { app.move(-count_of(n)); }, nullptr,
            {{{"global", "k", "up"}, {"global", "<up>", "up"}}}},
    Command{"page-down", "", N_("Goes down a screen."), nullptr, everywhere, [](App& app, Arguments) { app.page(1); }, nullptr,
            {{{"global", "<pgdn>", "page-down"}, {"global", "<c-f>", "page-down"}}}},
    Command{"page-up", "", N_("Goes up a screen."), nullptr, everywhere, [](App& app, Arguments) { app.page(-1); }, nullptr,
            {{{"global", "<pgup>", "page-up"}, {"global", "<c-b>", "page-up"}}}},
    Command{"half-page-down", "", N_("Goes down half a screen."), nullptr, everywhere,
            [](App& app, Arguments) { app.page(0.5); }, nullptr, {{{"global", "<c-d>", "half-page-down"}}}},
    Command{"half-page-up", "", N_("Goes up half a screen."), nullptr, everywhere,
            [](App& app, Arguments) { app.page(-0.5); }, nullptr, {{{"global", "<c-u>", "half-page-up"}}}},
    Command{"top", "", N_("Goes to the beginning."), nullptr, everywhere, [](App& app, Arguments) { app.go_to_top(); }, nullptr,
            {{{"global", "gg", "top"}, {"global", "<home>", "top"}}}},
    Command{"bottom", "", N_("Goes to the end."), nullptr, everywhere, [](App& app, Arguments) { app.go_to_bottom(); }, nullptr,
            {{{"global", "G", "bottom"}, {"global", "<end>", "bottom"}}}},
    Command{"open", "", N_("Opens what the cursor is on."), N_("open"),
            in_list | in_sidebar, [](App& app, Arguments) { app.open(); }, nullptr,
            {{{"list", "<enter>", "open"}, {"sidebar", "<enter>", "open"}, {"list", "l", "open"}, {"list", "<right>", "open"},
              {"sidebar", "l", "open"}, {"sidebar", "<right>", "open"}}}},
    Command{"read-on", "", N_("Goes down a screen, and after the end to the next unread message."), N_("read on"), in_mail,
            [](App& app, Arguments) { app.read_on(); }, nullptr,
            {{{"reader", "<space>", "read-on"}, {"list", "<space>", "read-on"}}}},
    Command{"next-message", "", N_("Goes to the next message of the thread."), N_("next message"), in_reader,
            [](App& app, Arguments) { app.next_message(1); }, nullptr,
            {{{"reader", "n", "next-message"}, {"reader", "J", "next-message"}}}},
    Command{"previous-message", "", N_("Goes to the previous message of the thread."), nullptr, in_reader,
            [](App& app, Arguments) { app.next_message(-1); }, nullptr,
            {{{"reader", "p", "previous-message"}, {"reader", "K", "previous-message"}}}},
    Command{"next-unread", "", N_("Goes to the next unread message, in this thread or a later one."), nullptr, in_mail,
            [](App& app, Arguments) { app.next_unread(1); }, nullptr,
            {{{"list", "n", "next-unread"}, {"global", "]", "next-unread"}}}},
    Command{"previous-unread", "", N_("Goes to the previous unread message, in this thread or an earlier one."), nullptr, in_mail,
            [](App& app, Arguments) { app.next_unread(-1); }, nullptr,
            {{{"list", "p", "previous-unread"}, {"global", "[", "previous-unread"}}}},
    Command{"fold", "", N_("Folds the message to one line, or unfolds it."), nullptr, in_reader, [](App& app, Arguments) { app.fold(); },
            nullptr, {{{"reader", "<enter>", "fold"}}}},
    Command{"fold-all", "", N_("Folds all messages of the thread, or unfolds them."), nullptr, in_reader,
            [](App& app, Arguments) { app.fold_all(); }, nullptr, {{{"reader", "O", "fold-all"}}}},
    Command{"close", "", N_("Closes what is open, goes back, or quits when nothing is open."), N_("close"), everywhere,
            [](App& app, Arguments) { app.close(); }, nullptr,
            {{{"global", "q", "close"}, {"reader", "h", "close"}, {"reader", "<left>", "close"}}}},
    Command{"toggle-unread", "", N_("Marks as read, or as unread."), N_("unread"), in_mail,
            [](App& app, Arguments) { app.toggle_tag("unread"); }, nullptr,
            {{{"list", "N", "toggle-unread"}, {"reader", "N", "toggle-unread"}}}},
    Command{"toggle-flag", "", N_("Flags, or takes the flag away."), N_("flag"), in_mail,
            [](App& app, Arguments) { app.toggle_tag("flagged"); }, nullptr,
            {{{"list", "s", "toggle-flag"}, {"reader", "s", "toggle-flag"}}}},
    Command{"archive", "", N_("Moves to the archive, out of the inbox."), N_("archive"), in_mail, [](App& app, Arguments) { app.put_in("archive"); },
            nullptr, {{{"list", "a", "archive"}, {"reader", "a", "archive"}}}},
    Command{"trash", "", N_("Moves to the trash."), N_("delete"), in_mail, [](App& app, Arguments) { app.put_in("trash"); }, nullptr,
            {{{"list", "d", "trash"}, {"reader", "d", "trash"}}}},
    Command{"spam", "", N_("Moves to the folder for spam."), nullptr, in_mail, [](App& app, Arguments) { app.put_in("spam"); }, nullptr,
            {{{"list", "!", "spam"}, {"reader", "!", "spam"}}}},
    Command{"move", "FOLDER", N_("Moves to a folder that a tag of [tags] stands for."), nullptr, in_mail,
            [](App& app, Arguments folder) { app.move_to(folder); }, complete_move_targets, {{{"list", "M", "move"}, {"reader", "M", "move"}}}},
    Command{"tag", "+TAG|-TAG ...", N_("Adds and removes tags."), N_("tag"), in_mail, [](App& app, Arguments changes) { app.tag(changes); },
            complete_tags, {{{"list", "t", "tag"}, {"reader", "t", "tag"}}}},
    Command{"save", "[NUMBER [FOLDER]]", N_("Saves an attachment of the message."), N_("save"), in_reader,
            [](App& app, Arguments arguments) { app.save_part(arguments); }, complete_parts, {{{"reader", "S", "save"}}}},
    Command{"search", "[QUERY]", N_("Searches all mail, in the words of notmuch."), N_("search"), in_panes,
            [](App& app, Arguments query) { app.search(query); }, complete_query, {{{"global", "/", "search"}}}},
    Command{"view", "NAME", N_("Opens a view or folder of the side bar by its name."), nullptr, in_panes,
            [](App& app, Arguments name) { app.open_view(name); }, complete_views,
            {{{"global", "gi", "view inbox"}, {"global", "gu", "view unread"}, {"global", "gf", "view flagged"},
              {"global", "gs", "view sent"}, {"global", "gm", "view all"}}}},
    Command{"sync", "[confirm]", N_("Syncs now; with confirm also deletes what was held back."), N_("sync"), in_panes,
            [](App& app, Arguments arguments) { app.start_sync(arguments); }, complete_sync,
            {{{"global", "$", "sync"}, {"global", "<f5>", "sync"}}}},
    Command{"failures", "", N_("Says again what failed in the last sync."), nullptr, in_panes, [](App& app, Arguments) { app.say_failures(); },
            nullptr, {}},
    Command{"stop", "", N_("Stops the running sync; what has arrived stays."), nullptr, in_panes, [](App& app, Arguments) { app.stop(); },
            nullptr, {}},
    Command{"next-pane", "", N_("Goes to the next pane."), N_("views"), in_panes, [](App& app, Arguments) { app.next_pane(1); }, nullptr,
            {{{"global", "<tab>", "next-pane"}}}},
    Command{"previous-pane", "", N_("Goes to the previous pane."), nullptr, in_panes, [](App& app, Arguments) { app.next_pane(-1); },
            nullptr, {{{"global", "<s-tab>", "previous-pane"}, {"list", "h", "previous-pane"}, {"list", "<left>", "previous-pane"}}}},
    Command{"command", "", N_("Types a command by its name."), nullptr, in_panes,
            [](App& app, Arguments) { app.open_prompt(Prompt::Kind::command, {}); }, nullptr, {{{"global", ":", "command"}}}},
    Command{"theme", "auto|dark|light", N_("Changes the colours until the end of the session."), nullptr, everywhere,
            [](App& app, Arguments name) { app.set_theme(name); }, complete_themes, {}},
    Command{"help", "", N_("Shows every key and command."), N_("help"), everywhere, [](App& app, Arguments) { app.toggle_help(); }, nullptr,
            {{{"global", "?", "help"}, {"global", "<f1>", "help"}}}},
    Command{"redraw", "", N_("Draws the whole screen again."), nullptr, everywhere, [](App& app, Arguments) { app.redraw(); }, nullptr,
            {{{"global", "<c-l>", "redraw"}}}},
    Command{"suspend", "", N_("Goes back to the shell; fg returns."), nullptr, everywhere, [](App& app, Arguments) { app.suspend(); }, nullptr,
            {{{"global", "<c-z>", "suspend"}}}},
    Command{"quit", "", N_("Ends valija. Nothing is lost."), nullptr, everywhere, [](App& app, Arguments) { app.quit(); }, nullptr,
            {{{"global", "Q", "quit"}}}},
};

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

/// Keys that cannot be bound: the way out, and those of every line that is typed.
struct FixedKey {
  const char* keys;
  const char* doc;
};
constexpr std::array fixed_keys{
    FixedKey{"Esc", N_("Takes back what is half done: a typed line, a prefix, a search for unread mail.")},
    FixedKey{"Ctrl-C", N_("The same; pressed again it quits. Nothing is lost.")},
    FixedKey{"Tab  Shift-Tab", N_("In a typed line: the next and the previous completion.")},
    FixedKey{"Up  Down", N_("In a typed line: what was typed before.")},
    FixedKey{"Ctrl-W  Ctrl-U", N_("In a typed line: removes a word, or all before the cursor.")},
};

const char* heading_of(std::string_view context) {
  if (context == "global") return N_("Everywhere");
  if (context == "list") return N_("In the list");
  if (context == "reader") return N_("In an open thread");
  if (context == "sidebar") return N_("In the side bar");
  if (context == "help") return N_("In this help");
  return N_("In a line that is typed");
}

void add_section(std::vector<HelpRow>& rows, const config::Keymap& keymap, const char* context) {
  const std::vector<config::Keymap::Row>& bound = keymap.rows(context);
  if (bound.empty()) return;
  if (!rows.empty()) rows.push_back({});
  rows.push_back({true, {}, _(heading_of(context)), {}});
  for (const Command& command : command_table) {
    std::vector<std::pair<std::string, std::string>> lines;  // command line, keys
    for (const config::Keymap::Row& row : bound) {
      if (split_command_line(row.command).name != command.name) continue;
      const auto same = std::find_if(lines.begin(), lines.end(), [&](const auto& line) { return line.first == row.command; });
      if (same == lines.end()) {
        lines.emplace_back(row.command, key_names(row.keys));
      } else {
        // The shortest keys are the ones to learn.
        const std::string keys = key_names(row.keys);
        same->second = keys.size() < same->second.size() ? keys + "  " + same->second : same->second + "  " + keys;
      }
    }
    for (auto& [line, keys] : lines) rows.push_back({false, keys, line, line == command.name ? _(command.doc) : ":" + line});
  }
}

}  // namespace

std::span<const Command> commands() { return command_table; }
std::span<const config::DefaultKey> default_keys() { return all_default_keys; }

const Command* find_command(std::string_view name) {
  const auto found = std::find_if(command_table.begin(), command_table.end(), [&](const Command& command) { return command.name == name; });
  return found == command_table.end() ? nullptr : &*found;
}

std::string key_names(const config::KeySequence& keys) {
  std::string all;
  for (const config::Key& key : keys) {
    std::string text = config::to_text(key);
    if (text.size() < 3 || text.front() != '<') {
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
    all += (all.empty() ? "" : " ") + name + (text == "Lt" ? "<" : text);
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
  config::Keymap::build(default_keys(), settings.keys, faults);
  for (const config::KeyBinding& binding : settings.keys) {
    if (trim(binding.command).empty()) continue;  // unbinds
    std::string fault = fault_of_command_line(binding.command);
    if (!fault.empty()) faults.push_back({binding, std::move(fault), _("In valija, ? shows every command.")});
  }
  return faults;
}

std::vector<HelpRow> help_rows(const config::Keymap& keymap) {
  std::vector<HelpRow> rows;
  for (const char* context : {"global", "list", "reader", "sidebar", "help", "prompt"}) add_section(rows, keymap, context);
  rows.push_back({});
  rows.push_back({true, {}, _("Always the same"), {}});
  for (const FixedKey& key : fixed_keys) rows.push_back({false, key.keys, {}, _(key.doc)});
  rows.push_back({});
  rows.push_back({true, {}, _("By name, after a colon"), {}});
  for (const Command& command : command_table) {
    const std::string synopsis = std::string(":") + command.name + (command.arguments[0] == '\0' ? "" : " ") + command.arguments;
    rows.push_back({false, {}, synopsis, _(command.doc)});
  }
  return rows;
}

}  // namespace valija::app
