#include "valija/app/app.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>

#include "canned_mailroom.hpp"

using namespace valija;
using config::Key;
using config::KeyName;
using testing::CannedMailroom;

namespace {

constexpr UnixTime noon = 1795341600;

class StillClock final : public Clock {
 public:
  UnixTime now() const override { return noon; }
  std::int64_t monotonic_ms() const override { return milliseconds; }
  std::int64_t milliseconds = 1000000;
};

struct Desk {
  explicit Desk(app::Options options = {}, std::size_t more = 0, int columns = 80, int rows = 24)
      : settings(testing::canned_settings()), mailroom(noon, more), state(settings, mailroom, clock, std::move(options)) {
    mailroom.answer = [this](messages::Event event) { waiting.push_back(std::move(event)); };
    state.resize(columns, rows);
    answer();
  }
  void answer() {
    for (int rounds = 0; rounds < 2000 && !waiting.empty(); ++rounds) {
      for (messages::Event& event : std::exchange(waiting, {})) state.handle(std::move(event));
    }
  }
  void pass(std::int64_t milliseconds) {
    clock.milliseconds += milliseconds;
    state.tick();
    answer();
  }
  void press(std::string_view keys) {
    const auto parsed = config::parse_keys(keys);
    REQUIRE(parsed.has_value());
    for (const Key& key : *parsed) {
      state.key(key);
      answer();
    }
  }
  void type(std::string_view text) {
    for (const char c : text) state.key(Key::character(static_cast<unsigned char>(c)));
  }
  std::string active() const { return state.list().active() == nullptr ? "" : state.list().active()->subject; }
  /// The line of the list pane that the cursor is on.
  std::size_t line() const {
    const auto lines = state.list().visible();
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (lines[i].heading.empty() && lines[i].row == state.list().cursor()) return i;
    }
    return 999;
  }
  template <typename T>
  const T* last() const {
    for (auto request = mailroom.requests.rbegin(); request != mailroom.requests.rend(); ++request) {
      if (const T* found = std::get_if<T>(&*request)) return found;
    }
    return nullptr;
  }
  template <typename T>
  std::size_t count() const {
    return static_cast<std::size_t>(std::count_if(mailroom.requests.begin(), mailroom.requests.end(),
                                                  [](const messages::Request& request) { return std::holds_alternative<T>(request); }));
  }

  config::Settings settings;
  StillClock clock;
  CannedMailroom mailroom;
  std::vector<messages::Event> waiting;
  app::App state;
};

}  // namespace

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
  CHECK(desk.state.list().known() > 20000);
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
  CHECK(desk.state.notice().text.find("s takes it back") != std::string::npos);
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

TEST_CASE("archive, trash and spam move what the list shows of a thread and go on to the next row") {
  Desk desk;
  desk.state.handle(testing::canned_folders("work"));
  const std::string first = desk.state.list().active()->id;
  for (const auto& [key, place] : {std::pair("a", "archive"), std::pair("d", "trash"), std::pair("!", "spam")}) {
    const std::string id = desk.state.list().active()->id;
    const std::size_t row = desk.state.list().cursor();
    desk.press(key);
    const auto* change = desk.last<messages::ChangeTags>();
    CHECK(change->add == std::vector<std::string>{place});
    CHECK(std::find(change->remove.begin(), change->remove.end(), "inbox") != change->remove.end());
    CHECK(std::find(change->remove.begin(), change->remove.end(), place) == change->remove.end());
    CHECK(std::find(change->remove.begin(), change->remove.end(), "sent") == change->remove.end());
    CHECK(change->query.starts_with("thread:" + id + " and (tag:inbox)"));
    CHECK((change->query.find("not ((tag:sent or tag:draft) and not tag:inbox)") == std::string::npos) == (std::string(place) == "trash"));
    CHECK(desk.state.list().cursor() == row + 1);
  }
  desk.pass(1000);
  CHECK(std::none_of(desk.state.list().rows().begin(), desk.state.list().rows().end(), [&](const auto& row) { return row.id == first; }));
}

TEST_CASE("an action says which places it touched") {
  Desk desk;
  desk.state.handle(testing::canned_folders("work"));
  desk.state.handle(testing::canned_folders("home"));
  const auto answered = [&](std::uint64_t messages, std::vector<FilesInFolder> places) {
    desk.state.handle(messages::TagsChanged{desk.last<messages::ChangeTags>()->id, messages, std::move(places)});
    return desk.state.notice().text;
  };
  desk.mailroom.answer = [](const messages::Event&) {};
  desk.press("a");
  CHECK(answered(1, {{"/mail/work/INBOX", 1}}) == "Archived 1 message: work/INBOX to work/Archive.");
  // What lies there already, and what is sent, is not moved.
  CHECK(answered(2, {{"/mail/work/Archive", 1}, {"/mail/work/INBOX", 2}, {"/mail/work/Sent", 1}}) == "Archived 2 messages: work/INBOX to work/Archive.");
  CHECK(answered(4, {{"/mail/home/INBOX", 1}, {"/mail/work/INBOX", 3}}) == "Archived 4 messages: work/INBOX 3, home/INBOX 1.");
  CHECK(answered(0, {}) == "It is there already.");
  desk.press("d");
  CHECK(answered(3, {}) == "Deleted 3 messages.");
  desk.press(":");
  desk.type("tag +todo");
  desk.press("<enter>");
  CHECK(answered(3, {{"/mail/work/INBOX", 3}}) == "Changed the tags: +todo.");
  CHECK(answered(3, {{"/mail/home/INBOX", 1}, {"/mail/work/INBOX", 3}}) == "Tagged 3 messages in 4 places: work/INBOX 3, home/INBOX 1.");
  // The answer to an older action, and a failure that is being read, stay.
  desk.state.handle(messages::TagsChanged{1, 9, {{"/mail/work/INBOX", 10}}});
  CHECK(desk.state.notice().text.find("Tagged 3") == 0);
  desk.state.handle(messages::Failed{0, {Kind::disk, Blast::program, "The disk is full.", ""}, {}, {}});
  CHECK(answered(3, {{"/mail/home/INBOX", 1}, {"/mail/work/INBOX", 3}}) == "The disk is full.");
}

TEST_CASE("in an open thread the message goes, then the next one is shown, then the next row") {
  Desk desk;
  desk.state.handle(testing::canned_folders("work"));
  desk.press("<enter>");
  for (std::size_t i = desk.state.reader().current(); i < desk.state.reader().messages().size(); ++i) {
    CHECK(desk.state.reader().is_open());
    desk.press("a");
    CHECK(desk.last<messages::ChangeTags>()->query.starts_with("id:"));
  }
  CHECK_FALSE(desk.state.reader().is_open());
  CHECK(desk.state.list().cursor() == 1);
}

TEST_CASE("move goes to folders that a tag stands for") {
  Desk desk;
  desk.state.handle(testing::canned_folders("work"));
  desk.press("M");
  CHECK(desk.state.prompt().text() == "move ");
  desk.type("arch");
  REQUIRE(desk.state.prompt().completions().list.size() == 1);
  desk.press("<tab><enter>");
  CHECK(desk.last<messages::ChangeTags>()->add == std::vector<std::string>{"archive"});
  desk.state.run("move Archivee");
  CHECK(desk.state.notice().hint == "Did you mean \"Archive\"?");
  desk.state.run("move Lists/debian-devel");
  CHECK(desk.state.notice().text == "No tag stands for the folder Lists/debian-devel.");
}

TEST_CASE("deletions that are held back are confirmed for once, and only where there are any") {
  Desk desk;
  desk.state.run("sync confirm");
  CHECK(desk.count<messages::SyncAccounts>() == 0);
  CHECK(desk.state.notice().text == "No deletions are held back.");
  desk.state.handle(messages::Failed{0, {Kind::try_later, Blast::folder, "90 messages of the folder INBOX are gone.", "x"}, "home", "INBOX", false, true});
  CHECK(desk.state.notice().hint.find(":sync confirm") != std::string::npos);
  desk.clock.milliseconds += 5000;
  desk.press("j");
  desk.state.run("failures");
  CHECK(desk.state.notice().text == "home: 90 messages of the folder INBOX are gone.");
  desk.state.run("sync confirm");
  REQUIRE(desk.count<messages::SyncAccounts>() == 1);
  CHECK(desk.last<messages::SyncAccounts>()->deletes_confirmed);
  CHECK(desk.last<messages::SyncAccounts>()->accounts == std::vector<std::string>{"home"});
  desk.state.run("sync");
  CHECK_FALSE(desk.last<messages::SyncAccounts>()->deletes_confirmed);
  desk.state.run("sync everything");
  CHECK(desk.count<messages::SyncAccounts>() == 2);
}

TEST_CASE("an unknown command names the nearest, an unknown key the help") {
  Desk desk;
  desk.press(":");
  desk.type("serch debian");
  desk.press("<enter>");
  CHECK(desk.state.notice().text.find("search") != std::string::npos);
  desk.clock.milliseconds += 10000;
  desk.press("x");
  CHECK(desk.state.notice().text.find("x") != std::string::npos);
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
  CHECK(desk.state.prompt().completions().list.size() == 2);
  desk.type("2 /tmp");
  desk.press("<enter>");
  const auto* save = desk.last<messages::SavePart>();
  REQUIRE(save != nullptr);
  CHECK(save->number == "3");
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
