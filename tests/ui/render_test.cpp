#include "valija/ui/render.hpp"

#include <rapidcheck.h>

#include "screen.hpp"
#include "support/cpu_time.hpp"
#include "terminal_model.hpp"
#include "valija/ui/painter.hpp"

using namespace valija;
using namespace valija::testing;

TEST_CASE("the screens look as they should at every size") {
  for (const auto& [columns, rows] : {std::pair(80, 24), std::pair(160, 48), std::pair(60, 16)}) {
    const std::string size = "-" + std::to_string(columns) + "x" + std::to_string(rows);
    check_golden("list" + size, Screen(columns, rows).draw());
    check_golden("reader" + size, Screen(columns, rows).press("<enter>").draw());
    check_golden("help" + size, Screen(columns, rows).press("?").draw());
    check_golden("sidebar" + size, Screen(columns, rows).press("<tab>").draw());
    check_golden("completion" + size, Screen(columns, rows).press(":").type("to").press("<tab>").draw());
    check_golden("no-match" + size, Screen(columns, rows).press("/").type("nothing like it").press("<enter>").draw());
    config::Settings none;
    app::Options first_start;
    first_start.settings_file = "~/.config/valija/valijarc";
    first_start.is_unconfigured = true;
    check_golden("welcome" + size, Screen(columns, rows, first_start, none).draw());
  }
}

TEST_CASE("for screen readers each screen is words, one pane at a time") {
  config::Settings settings = canned_settings();
  settings.ui_linear = true;
  Screen screen(80, 24, {}, settings);
  check_golden("linear-list-80x24", screen.draw());
  check_golden("linear-reader-80x24", screen.press("<enter>").draw());
  check_golden("linear-parts-80x24", screen.press("v").draw());
  check_golden("linear-sidebar-80x24", screen.press("qq<tab>").draw());
  check_golden("linear-help-80x24", screen.press("?").draw());
}

TEST_CASE("what runs and what failed is said") {
  Screen screen(80, 24);
  screen.state.handle(messages::SyncProgress{"work", messages::SyncProgress::Stage::downloading, "INBOX", 1204, 20000, 310, 180});
  CHECK(screen.draw().to_text().find("work 1,204 of 20,000, 310/s, 3 min") != std::string::npos);
  screen.state.handle(messages::Failed{0, {Kind::unreachable, Blast::account, "The server imap.example.org does not answer.", "$ tries again, and valija doctor work says more about it."}, "work", ""});
  check_golden("failed-80x24", screen.draw());
  screen.clock.milliseconds += 5000;
  CHECK(screen.press("j").draw().to_text().find("does not answer") != std::string::npos);
  CHECK(screen.press("<esc>").draw().to_text().find("does not answer") == std::string::npos);
  CHECK(screen.draw().to_text().find("✕ work") != std::string::npos);
}

TEST_CASE("what moves, what was moved and what is held back is said") {
  for (const auto& [columns, rows] : {std::pair(80, 24), std::pair(160, 48)}) {
    const std::string size = "-" + std::to_string(columns) + "x" + std::to_string(rows);
    Screen screen(columns, rows);
    screen.state.handle(testing::canned_folders("work"));
    screen.press("a");
    screen.state.handle(messages::SyncProgress{"work", messages::SyncProgress::Stage::changing, "INBOX", 0, 0, 0, -1, 0, 12, 3});
    check_golden("archived" + size, screen.draw());
    screen.state.handle(messages::Failed{0, {Kind::try_later, Blast::folder, "120 messages of the folder Archive are gone on the server; they were kept here.", "x"},
                                         "work", "Archive", false, true});
    screen.state.handle(messages::SyncFinished{"work", 0, 0, 0, 0, false});
    check_golden("held" + size, screen.draw());
  }
}

TEST_CASE("a message in several folders names them") {
  Screen screen(80, 24);
  screen.mailroom.copies = {"work/INBOX", "work/Archive", "home/Lists/budget"};
  screen.mailroom.threads().front().messages.clear();  // those that were read ahead lie in one folder
  CHECK(screen.press("jk<enter>").draw().to_text().find("in work/INBOX, work/Archive, home/Lists/budget") != std::string::npos);
  check_golden("places-80x24", screen.draw());
}

TEST_CASE("a first sync and an empty view have words of their own") {
  Screen screen(80, 24);
  screen.mailroom.threads().clear();
  screen.press("gf");
  check_golden("empty-80x24", screen.draw());
  screen.state.handle(messages::SyncProgress{"work", messages::SyncProgress::Stage::downloading, "INBOX", 0, 20000, 0, -1});
  check_golden("first-sync-80x24", screen.draw());
}

TEST_CASE("a prefix shows what can follow after a while") {
  Screen screen(80, 24);
  screen.state.key(Key::character(U'g'));
  CHECK(screen.draw().to_text().find("Flagged") == std::string::npos);
  screen.clock.milliseconds += 500;
  screen.state.tick();
  check_golden("which-key-80x24", screen.draw());
}

TEST_CASE("without Unicode the signs are ASCII") {
  Screen screen(80, 24);
  screen.mailroom.threads().clear();
  screen.press("gi");
  for (const char c : screen.draw(true).to_text()) CHECK(static_cast<unsigned char>(c) < 0x80);
}

TEST_CASE("moving the cursor by a row sends under 200 bytes") {
  auto capabilities = ui::find_capabilities("xterm-256color");
  REQUIRE(capabilities.has_value());
  for (const auto depth : {config::ColorDepth::indexed256, config::ColorDepth::rgb}) {
    Screen screen(160, 48);
    screen.theme = config::Theme::make("dark", depth, {});
    ui::Painter painter(*capabilities, depth, true);
    painter.paint(screen.draw());
    std::vector<std::size_t> sizes;
    for (int i = 0; i < 36; ++i) {
      screen.press("j");
      sizes.push_back(painter.paint(screen.draw()).size());
    }
    std::sort(sizes.begin(), sizes.end());
    MESSAGE("octets for a cursor move: median ", sizes[sizes.size() / 2], ", most ", sizes.back());
    CHECK(sizes[sizes.size() / 2] < 200);
    CHECK(sizes.back() < 200);
  }
}

TEST_CASE("a frame is drawn within a few milliseconds") {
  auto capabilities = ui::find_capabilities("xterm-256color");
  REQUIRE(capabilities.has_value());
  Screen screen(160, 48);
  ui::Painter painter(*capabilities, config::ColorDepth::rgb, true);
  painter.paint(screen.draw());
  const test::CpuTime time;
  for (int i = 0; i < 100; ++i) {
    screen.state.key(Key::character(i % 40 < 20 ? U'j' : U'k'));
    painter.paint(screen.draw());
  }
  const double milliseconds = time.seconds() * 1000 / 100;
  MESSAGE("milliseconds from key to bytes: ", milliseconds);
  CHECK(milliseconds < 20);
}

TEST_CASE("hostile text sends nothing but our own sequences") {
  auto capabilities = ui::find_capabilities("xterm-256color");
  REQUIRE(capabilities.has_value());
  const std::vector<std::string> attacks{"\x1b]0;title\x07", "\x1b[2J\x1b[H", "\x1bP+q544e\x1b\\", "\xc2\x9b" "31m", "\xc2\x9d" "52;c;eA==\xc2\x9c", "\x0e\x0f\x08\x0b\r\n",
                                         "\u202egpj.exe", "\u2066\u2069", std::string(5000, '\a'), "田田田田田", "👨‍👩‍👧‍👦🇪🇸👍🏽", "\u0301\u0301\u0301", "\xff\xfe\x80 broken", "─│┌┐ fake"};
  for (const std::string& attack : attacks) {
    Screen screen(80, 24);
    for (auto& thread : screen.mailroom.threads()) {
      thread.summary.subject = attack + thread.summary.subject + attack;
      thread.summary.authors = {attack + "name", attack};
      thread.summary.tags.push_back(attack + "tag");
    }
    screen.state.handle(messages::Failed{0, {Kind::protocol, Blast::account, attack + "said the server", attack}, "wo" + attack, attack});
    screen.press("gi");
    ui::Painter painter(*capabilities, config::ColorDepth::rgb, true);
    testing::TerminalModel terminal(80, 24);
    terminal.feed(painter.paint(screen.draw()));
    terminal.feed(painter.paint(screen.press("<enter>").draw()));
    terminal.feed(painter.paint(screen.press("q:").type("tag +").press("<tab>").draw()));
    CHECK_MESSAGE(terminal.foreign() == "", attack);
  }
}

TEST_CASE("no size and no key crashes") {
  CHECK(rc::check([] {
    Screen screen(*rc::gen::inRange(0, 200), *rc::gen::inRange(0, 60));
    constexpr std::string_view keys = "jkGgnpNstqNS?/:lhO[]$ \r\t\x1bJKio+-abc12";
    const int count = *rc::gen::inRange(0, 60);
    for (int i = 0; i < count; ++i) {
      const char c = keys[static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(keys.size())))];
      Key key = Key::character(static_cast<unsigned char>(c));
      if (c == '\r') key = Key::named(config::KeyName::enter);
      if (c == '\t') key = Key::named(config::KeyName::tab);
      if (c == '\x1b') key = Key::named(config::KeyName::escape);
      screen.state.key(key);
      if (*rc::gen::inRange(0, 3) == 0) screen.answer();
      if (*rc::gen::inRange(0, 10) == 0) screen.state.resize(*rc::gen::inRange(0, 200), *rc::gen::inRange(0, 60));
      if (*rc::gen::inRange(0, 10) == 0) screen.mailroom.arrive("New", "arrived", noon + i);
      if (*rc::gen::inRange(0, 10) == 0) screen.state.handle(messages::IndexChanged{1, 0});
      const ui::Canvas canvas = screen.draw();
      RC_ASSERT(canvas.columns() == screen.state.geometry().columns);
    }
  }));
}
