#include "valija/app/commands.hpp"

#include <doctest/doctest.h>

#include <map>
#include <set>

#include "canned_mailroom.hpp"
#include "valija/app/app.hpp"

using namespace valija;

TEST_CASE("all default keys can be read and none hides another") {
  std::vector<config::KeyFault> faults;
  const auto defaults = app::default_keys();
  config::Keymap::build(defaults, {}, faults);
  CHECK(faults.empty());
  for (const config::DefaultKey& key : defaults) {
    const auto keys = config::parse_keys(key.keys);
    REQUIRE_MESSAGE(keys.has_value(), key.keys);
    CHECK_MESSAGE(app::fault_of_command_line(key.command).empty(), key.command);
    for (const config::DefaultKey& other : defaults) {
      const auto others = config::parse_keys(other.keys);
      if (std::string_view(key.context) != other.context || key.keys == other.keys || !others) continue;
      CHECK_FALSE_MESSAGE((others->size() > keys->size() && std::equal(keys->begin(), keys->end(), others->begin())), key.keys);
    }
  }
}

TEST_CASE("settings that bind a key to no command, or twice, are faulted; taking a key away is not") {
  config::Settings settings;
  settings.keys = {{"list", "x", "serch tag:todo", 7, 1}, {"list", "y", "search tag:todo", 8, 1}, {"list", "s", "", 9, 1},
                   {"list", "y z", "quit", 10, 1}};
  const auto faults = app::key_faults(settings);
  REQUIRE(faults.size() == 2);
  for (const auto& fault : faults) {
    CHECK((fault.binding.line == 7 || fault.binding.line == 10));
    if (fault.binding.line == 7) CHECK(fault.message.find("search") != std::string::npos);
  }
}

TEST_CASE("the help screen has every command and every default key") {
  std::vector<config::KeyFault> faults;
  const std::vector<app::HelpRow> rows = app::help_rows(config::Keymap::build(app::default_keys(), {}, faults));
  std::string all;
  for (const app::HelpRow& row : rows) all += row.keys + "\n" + row.command + "\n";
  for (const app::Command& command : app::commands()) {
    const bool is_typed = command.where != app::in_prompt;
    CHECK(all.find(std::string(is_typed ? ":" : "") + command.name) != std::string::npos);
  }
  for (const config::DefaultKey& key : app::default_keys()) CHECK(all.find(app::key_names(*config::parse_keys(key.keys))) != std::string::npos);
}

TEST_CASE("a key that runs a command with arguments is told in a sentence") {
  std::vector<config::KeyFault> faults;
  std::map<std::string, std::string> docs;
  for (const app::HelpRow& row : app::help_rows(config::Keymap::build(app::default_keys(), {}, faults))) {
    if (row.keys.empty() || row.command.empty()) continue;
    CHECK_FALSE(row.doc.starts_with(":"));
    docs[row.command] = row.doc;
  }
  CHECK(docs["thread archive"] == "The whole thread: Moves to the archive, out of the inbox.");
  CHECK(docs["view inbox"] == "Opens the view inbox.");
  CHECK(docs["tab 3"] == "Goes to tab 3.");
  CHECK(docs["split none"] == "Opens threads below the list, beside it, or instead of it (none): none.");
}

TEST_CASE("every command runs in every pane without mail and with it") {
  class StillClock final : public Clock {
   public:
    UnixTime now() const override { return 1795341600; }
    std::int64_t monotonic_ms() const override { return 5; }
  };
  const config::Settings settings = testing::canned_settings();
  StillClock clock;
  for (const bool has_mail : {true, false}) {
    for (const app::Command& command : app::commands()) {
      for (const char* argument : {"", "1", "inbox", "+a -b", "dark", "nonsense ((", "\x1b[31m"}) {
        testing::CannedMailroom mailroom(1795341600);
        if (!has_mail) mailroom.threads().clear();
        std::vector<messages::Event> waiting;
        mailroom.answer = [&waiting](messages::Event event) { waiting.push_back(std::move(event)); };
        app::App state(settings, mailroom, clock, {});
        const auto answer = [&] {
          for (int rounds = 0; rounds < 2000 && !waiting.empty(); ++rounds) {
            for (messages::Event& event : std::exchange(waiting, {})) state.handle(std::move(event));
          }
          REQUIRE_MESSAGE(waiting.empty(), command.name);
        };
        state.resize(100, 40);
        answer();
        const std::string line = std::string(command.name) + " " + argument;
        for (const char* place : {"open", "next-pane", "next-pane", "help"}) {
          state.run(line);
          answer();
          state.run(place);
          answer();
        }
        state.run(line);
        answer();
      }
    }
  }
}

TEST_CASE("key names read as on a keyboard") {
  CHECK(app::key_names(*config::parse_keys("gg")) == "gg");
  CHECK(app::key_names(*config::parse_keys("<enter>")) == "Enter");
  CHECK(app::key_names(*config::parse_keys("<c-d>")) == "Ctrl-D");
  CHECK(app::key_names(*config::parse_keys("<s-tab>")) == "Shift-Tab");
}

TEST_CASE("a command line is split at its first blank") {
  CHECK(app::split_command_line("  tag  +a -b ").name == "tag");
  CHECK(app::split_command_line("  tag  +a -b ").arguments == "+a -b");
  CHECK(app::split_command_line("").name.empty());
}
