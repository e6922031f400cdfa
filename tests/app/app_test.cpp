#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>

#include "desk.hpp"

using namespace valija;
using namespace valija::testing;

TEST_CASE("the start asks for two screens of the inbox, the counts and what is not indexed") {
  Desk desk;
  const auto* list = desk.last<messages::ListThreads>();
  REQUIRE(list != nullptr);
  CHECK(list->query == "tag:inbox");
  CHECK(list->count <= 50);
  CHECK(desk.count<messages::CountMessages>() == 1);
  CHECK(desk.count<messages::ListUnindexed>() == 1);
  CHECK(desk.active() == "Presupuesto 2027: última versión");
}

TEST_CASE("a query of the command line opens as a search, and q goes back to the inbox before it quits") {
  app::Options options;
  options.query = "debian";
  Desk desk(options);
  CHECK(desk.state.is_search());
  CHECK(desk.active() == "Re: packaging for Debian trixie");
  desk.press("q");
  CHECK_FALSE(desk.state.is_search());
  CHECK_FALSE(desk.state.wants_quit());
  desk.press("q");
  CHECK(desk.state.wants_quit());
}

TEST_CASE("enter typed before the list is there opens its first thread") {
  Desk desk;
  const auto search = [&desk](std::string_view words) {
    desk.press("/");
    desk.type(words);
    desk.state.key(*config::parse_keys("<enter>")->begin());
    desk.state.key(*config::parse_keys("<enter>")->begin());
    CHECK_FALSE(desk.state.reader().is_open());
  };
  SUBCASE("it is opened once") {
    search("invoice");
    desk.answer();
    CHECK(desk.state.reader().subject() == "Invoice 2026-114");
    desk.press("q");
    desk.state.handle(messages::IndexChanged{1, 0});
    desk.pass(300);
    CHECK_FALSE(desk.state.reader().is_open());
  }
  SUBCASE("any other key takes it back") {
    for (const char* key : {"j", "<tab>", "<esc>", "<c-c>", "s", "q"}) {
      search("invoice");
      desk.state.key(*config::parse_keys(key)->begin());
      desk.answer();
      CHECK_MESSAGE(!desk.state.reader().is_open(), key);
      CHECK_FALSE(desk.state.wants_quit());
    }
  }
  SUBCASE("mail that comes into an empty list later is not opened") {
    search("zeppelin");
    desk.answer();
    desk.mailroom.arrive("Zoe", "a zeppelin", noon);
    desk.state.handle(messages::IndexChanged{1, 0});
    desk.pass(300);
    CHECK(desk.active() == "a zeppelin");
    CHECK_FALSE(desk.state.reader().is_open());
  }
  SUBCASE("nor is what comes after a failure") {
    search("invoice");
    desk.waiting.clear();
    desk.state.handle(messages::Failed{desk.last<messages::ListThreads>()->id, {Kind::disk, Blast::account, "The index cannot be read.", ""}, {}, {}});
    CHECK(desk.state.list_state() == app::ListState::failed);
    desk.state.handle(messages::IndexChanged{1, 0});
    desk.pass(300);
    CHECK(desk.active() == "Invoice 2026-114");
    CHECK_FALSE(desk.state.reader().is_open());
  }
}

TEST_CASE("new mail slides in and the cursor stays on its thread") {
  Desk desk({}, 500);
  desk.press("jjj");
  const std::string before = desk.active();
  desk.mailroom.arrive("Zoe", "just arrived", noon);
  desk.state.handle(messages::IndexChanged{1, 0});
  desk.pass(300);
  CHECK(desk.active() == before);
  CHECK(desk.state.list().rows()[0].subject == "just arrived");
  CHECK(desk.state.list().visible()[1].row == 0);
}

TEST_CASE("below the first screen new mail moves neither the cursor nor its line") {
  Desk desk({}, 500);
  for (int i = 0; i < 60; ++i) desk.press("j");
  const std::string before = desk.state.list().active()->id;
  const std::size_t line = desk.line();
  for (int i = 0; i < 5; ++i) desk.mailroom.arrive("Zoe", "arrived " + std::to_string(i), noon);
  desk.state.handle(messages::IndexChanged{5, 0});
  desk.pass(300);
  CHECK(desk.state.list().active()->id == before);
  CHECK(desk.line() == line);
}

TEST_CASE("a thread that vanishes leaves the cursor on its neighbour") {
  Desk desk;
  desk.press("jj");
  const std::string next = desk.state.list().rows()[3].subject;
  desk.mailroom.threads().erase(desk.mailroom.threads().begin() + 2);
  desk.state.handle(messages::IndexChanged{0, 0});
  desk.pass(300);
  CHECK(desk.active() == next);
}

TEST_CASE("the index may change a thousand times a second and is asked four times") {
  Desk desk;
  const std::size_t before = desk.count<messages::ListThreads>();
  for (int i = 0; i < 1000; ++i) {
    desk.state.handle(messages::IndexChanged{1, 1});
    desk.pass(1);
  }
  CHECK(desk.count<messages::ListThreads>() - before <= 5);
}

TEST_CASE("memory does not grow with the list, and the way back works") {
  Desk desk({}, 20000);
  desk.press("G");
  CHECK(desk.state.list().at_end());
  CHECK(desk.state.list().rows().size() <= 2100);
  for (int i = 0; i < 300; ++i) desk.press("<pgup>");
  for (int i = 0; i < 900; ++i) desk.press("<pgup>");
  CHECK(desk.active() == "Presupuesto 2027: última versión");
  CHECK(desk.state.list().rows().size() <= 2100);
}

TEST_CASE("an open message is marked read after its time, and only that") {
  Desk desk;
  desk.press("<enter>");
  CHECK(desk.count<messages::ChangeTags>() == 0);
  desk.pass(500);
  CHECK(desk.count<messages::ChangeTags>() == 0);
  CHECK(desk.state.next_tick_ms() <= 500);
  desk.pass(600);
  const auto* change = desk.last<messages::ChangeTags>();
  REQUIRE(change != nullptr);
  CHECK(change->remove == std::vector<std::string>{"unread"});
  CHECK(change->query.starts_with("id:\""));
  CHECK_FALSE(app::has_tag(desk.state.list().rows()[0].tags, "unread"));
  desk.pass(5000);
  CHECK(desk.count<messages::ChangeTags>() == 1);
}

TEST_CASE("closing before the time leaves a message unread") {
  Desk desk;
  desk.press("<enter>");
  desk.pass(300);
  desk.press("q");
  desk.pass(5000);
  CHECK(desk.count<messages::ChangeTags>() == 0);
}

TEST_CASE("space reads through a thread and goes on to the next unread one") {
  Desk desk;
  desk.press("<enter>");
  const std::string first = desk.state.reader().thread_id();
  for (int i = 0; i < 40 && desk.state.reader().thread_id() == first; ++i) desk.press("<space>");
  CHECK(desk.state.reader().subject() == "Re: packaging for Debian trixie");
  CHECK(desk.state.reader().current_message()->is_unread());
}

TEST_CASE("the toggles change the list at once and say how to take it back") {
  Desk desk;
  desk.press("s");
  CHECK(app::has_tag(desk.state.list().active()->tags, "flagged"));
  CHECK(desk.last<messages::ChangeTags>()->add == std::vector<std::string>{"flagged"});
  CHECK(desk.state.notice().text == "Flagged.");
  CHECK(desk.state.notice().hint == "u undoes.");
  desk.press("s");
  CHECK_FALSE(app::has_tag(desk.state.list().active()->tags, "flagged"));
  desk.press("N");
  CHECK_FALSE(app::has_tag(desk.state.list().active()->tags, "unread"));
}

TEST_CASE("tags are changed by a typed line, with completion") {
  Desk desk;
  desk.press("t");
  CHECK(desk.state.prompt().text() == "tag ");
  desk.type("+cli");
  REQUIRE_FALSE(desk.state.prompt().completions().list.empty());
  desk.press("<tab><enter>");
  CHECK(desk.last<messages::ChangeTags>()->add == std::vector<std::string>{"client"});
  desk.press(":");
  desk.type("tag nothing");
  desk.press("<enter>");
  CHECK(desk.state.notice().kind == app::Notice::Kind::failed);
}

TEST_CASE("an unknown command names the nearest, an unknown key the help") {
  Desk desk;
  desk.press(":");
  desk.type("serch debian");
  desk.press("<enter>");
  CHECK(desk.state.notice().text.find("search") != std::string::npos);
  desk.clock.milliseconds += 10000;
  desk.press("&");
  CHECK(desk.state.notice().text.find("&") != std::string::npos);
  CHECK(desk.state.notice().hint.find("?") != std::string::npos);
}

TEST_CASE("Ctrl-C takes back what is half done and quits when pressed twice") {
  Desk desk;
  desk.press(":");
  desk.type("tag +");
  desk.press("<c-c>");
  CHECK_FALSE(desk.state.prompt().is_open());
  desk.press("<c-c>");
  CHECK_FALSE(desk.state.wants_quit());
  desk.press("j<c-c>");
  CHECK_FALSE(desk.state.wants_quit());
  desk.press("<c-c>");
  CHECK(desk.state.wants_quit());
}

TEST_CASE("pasted text never runs as keys") {
  Desk desk;
  desk.state.paste("qqqQ\n");
  CHECK_FALSE(desk.state.wants_quit());
  desk.press("/");
  desk.state.paste("one\ntwo");
  CHECK(desk.state.prompt().text() == "one two");
}

TEST_CASE("an answer for an older question is dropped") {
  Desk desk;
  desk.state.run("view sent");
  std::vector<messages::Event> late = std::exchange(desk.waiting, {});
  desk.state.run("view inbox");
  for (messages::Event& event : late) desk.state.handle(std::move(event));
  CHECK_FALSE(desk.state.list().has_answer());
  desk.answer();
  CHECK(desk.active() == "Presupuesto 2027: última versión");
}

TEST_CASE("attachments are saved by number") {
  Desk desk;
  desk.press("<enter>S");
  CHECK(desk.state.prompt().text() == "save ");
  CHECK(desk.state.prompt().completions().list.size() == 3);
  desk.type("2 /tmp");
  desk.press("<enter>");
  const auto* save = desk.last<messages::SaveParts>();
  REQUIRE(save != nullptr);
  CHECK(save->numbers == std::vector<std::string>{"3"});
  CHECK(save->directory == "/tmp");
  CHECK(desk.state.notice().text.find("/tmp/part-3") != std::string::npos);
  desk.press(":");
  desk.type("save 9");
  desk.press("<enter>");
  CHECK(desk.state.notice().kind == app::Notice::Kind::failed);
}

TEST_CASE("a failed list says why instead of being empty") {
  Desk desk;
  desk.state.run("view flagged");
  desk.waiting.clear();
  const auto id = desk.last<messages::ListThreads>()->id;
  desk.state.handle(messages::Failed{id, {Kind::disk, Blast::program, "The index cannot be read.", "Run valija doctor."}, "", ""});
  CHECK(desk.state.list_state() == app::ListState::failed);
  CHECK(desk.state.list_error().message == "The index cannot be read.");
}

TEST_CASE("mail that is not indexed is listed and opens") {
  Desk desk;
  desk.mailroom.unindexed = {{"/mail/work/INBOX/cur/7", "The header block is empty.", noon - 60, "", ""}};
  desk.state.handle(messages::SyncFinished{"work", 1, 0, 0, 1, true});
  desk.answer();
  CHECK(desk.state.sidebar().find("not-indexed") != nullptr);
  desk.state.run("view not-indexed");
  CHECK(desk.active() == "The header block is empty.");
  desk.press("<enter>");
  CHECK(desk.last<messages::RenderMessage>()->files == std::vector<std::string>{"/mail/work/INBOX/cur/7"});
}

TEST_CASE("without settings and index nothing is asked for") {
  app::Options options;
  options.is_unconfigured = true;
  Desk desk(options);
  CHECK(desk.mailroom.requests.empty());
  CHECK(desk.state.list_state() == app::ListState::welcome);
  desk.press("q");
  CHECK(desk.state.wants_quit());
}

TEST_CASE("the settings' keys win over the defaults") {
  config::Settings settings = testing::canned_settings();
  settings.keys.push_back({"list", "x", "toggle-flag"});
  settings.keys.push_back({"global", "j", "up"});
  StillClock clock;
  CannedMailroom mailroom(noon);
  mailroom.answer = [](messages::Event) {};
  app::App state(settings, mailroom, clock, {});
  state.resize(80, 24);
  CHECK(state.keymap().find({"list", "global"}, std::vector<Key>{Key::character(U'x')}).command == "toggle-flag");
  CHECK(state.keymap().find({"list", "global"}, std::vector<Key>{Key::character(U'j')}).command == "up");
}

TEST_CASE("a screen that grows fills its list from above") {
  Desk desk({}, 100);
  desk.press("G");
  const std::string active = desk.active();
  desk.state.resize(80, 48);
  desk.answer();
  CHECK(desk.active() == active);
  const auto lines = desk.state.list().visible();
  CHECK(lines.size() >= 44);
  CHECK(lines.back().row + 1 == desk.state.list().rows().size());
}
