#include "valija/config/keymap.hpp"

#include <doctest/doctest.h>

using namespace valija::config;

namespace {

constexpr std::array defaults{
    DefaultKey{"global", "q", "quit"},      DefaultKey{"global", "?", "help"},     DefaultKey{"list", "gg", "top"},
    DefaultKey{"list", "gi", "open inbox"}, DefaultKey{"list", "<enter>", "open"}, DefaultKey{"list", "o", "open"},
    DefaultKey{"reader", "q", "close"},
};

KeyBinding binding(const char* context, const char* keys, const char* command) {
  return {context, keys, command, 0, 0};
}

Keymap build(const std::vector<KeyBinding>& settings) {
  std::vector<KeyFault> faults;
  Keymap keymap = Keymap::build(defaults, settings, faults);
  CHECK(faults.empty());
  return keymap;
}

std::string command_of(const Keymap& keymap, std::string_view context, const char* typed) {
  const auto found = keymap.find({context, "global"}, *parse_keys(typed));
  return found.match == Keymap::Match::prefix ? "..." : std::string(found.command);
}

}  // namespace

TEST_CASE("a sequence is a prefix until it is whole") {
  const Keymap keymap = build({});
  CHECK(command_of(keymap, "list", "g") == "...");
  CHECK(command_of(keymap, "list", "gg") == "top");
  CHECK(command_of(keymap, "list", "gi") == "open inbox");
  CHECK(command_of(keymap, "list", "gx").empty());
  CHECK(command_of(keymap, "list", "z").empty());
}

TEST_CASE("the nearer context decides, the next one is asked for what it does not know") {
  const Keymap keymap = build({});
  CHECK(command_of(keymap, "reader", "q") == "close");
  CHECK(command_of(keymap, "list", "q") == "quit");
  CHECK(command_of(keymap, "nowhere", "?") == "help");
}

TEST_CASE("a setting replaces the default of its keys and the defaults that it hides") {
  const Keymap keymap =
      build({binding("list", "g g", "bottom"), binding("list", "o", ""), binding("global", "?", "search")});
  CHECK(command_of(keymap, "list", "gg") == "bottom");
  CHECK(command_of(keymap, "list", "gi") == "open inbox");
  CHECK(command_of(keymap, "list", "o").empty());
  CHECK(command_of(keymap, "list", "?") == "search");

  const Keymap hiding = build({binding("list", "g", "go")});
  CHECK(command_of(hiding, "list", "g") == "go");
  CHECK(command_of(hiding, "list", "gi").empty());
}

TEST_CASE("settings that hide each other are faults, and so are keys that cannot be read") {
  std::vector<KeyFault> faults;
  Keymap::build(defaults,
                {binding("list", "x", "one"), binding("list", "xy", "two"), binding("list", "<c-i>", "three"),
                 binding("list", "<tab>", "four"), binding("list", "<nokey>", "five"), binding("reader", "x", "six")},
                faults);
  REQUIRE(faults.size() == 3);
  CHECK(faults[0].binding.command == "two");
  CHECK(faults[1].binding.command == "four");
  CHECK(faults[2].binding.command == "five");
  for (const KeyFault& fault : faults) {
    CHECK_FALSE(fault.message.empty());
    CHECK_FALSE(fault.help.empty());
  }
}

TEST_CASE("hints name the shortest keys of a command") {
  const Keymap keymap = build({binding("list", "zo", "open")});
  CHECK(keymap.keys_of("list", "open inbox") == "gi");
  CHECK(keymap.keys_of("list", "open").size() < 8);
  CHECK(keymap.keys_of("list", "nothing").empty());
  CHECK(keymap.rows("list").size() == 5);
}
