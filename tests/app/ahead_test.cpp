#include "valija/app/ahead.hpp"

#include "desk.hpp"

using namespace valija;
using namespace valija::testing;

namespace {

/// The cursor has been for a while on a row of one message.
struct AheadDesk : Desk {
  AheadDesk() : Desk({}, 0, 100, 40) { press("j"); }
  void rest() { pass(200); }
  /// The same, but only what was asked so far is answered, and that so many times.
  void rest(int answers) {
    clock.milliseconds += 200;
    state.tick();
    for (; answers > 0; --answers) answer_once();
  }
  void answer_once() {
    for (messages::Event& event : std::exchange(waiting, {})) state.handle(std::move(event));
  }
  /// The key, and what is on the screen before anything is answered.
  const app::OpenMessage* enter() {
    state.key(Key::named(KeyName::enter));
    return state.reader().current_message();
  }
  std::size_t opened() const { return count<messages::OpenThread>(); }
  std::size_t rendered() const { return count<messages::RenderMessage>(); }
  bool shows(const std::string& subject) const {
    const app::OpenMessage* open = state.reader().current_message();
    return open != nullptr && open->state == app::OpenMessage::State::shown && open->message.subject.ends_with(subject) && open->document.headers.subject == subject;
  }
  bool is_shown() const { return shows(active()); }
};

}  // namespace

TEST_CASE("what the cursor rests on is ready when it is opened") {
  AheadDesk desk;
  CHECK(desk.opened() == 0);
  CHECK(desk.state.next_tick_ms() > 0);
  desk.rest();
  CHECK(desk.opened() == 1);
  REQUIRE(desk.rendered() == 1);
  CHECK(desk.last<messages::RenderMessage>()->is_ahead);
  CHECK_FALSE(desk.state.reader().is_open());
  desk.enter();
  CHECK(desk.is_shown());
  desk.answer();
  CHECK(desk.is_shown());
  CHECK(desk.opened() == 1);
  CHECK(desk.rendered() == 1);

  SUBCASE("and again behind it, laid out for the columns that it will have") {
    desk.mailroom.threads()[1].messages[0].document.depends_on_width = true;
    desk.press("q");
    desk.rest();
    CHECK(desk.opened() == 2);
    desk.enter();
    CHECK(desk.is_shown());
    CHECK(desk.rendered() == 2);
  }
}

TEST_CASE("a tab of its own takes what is ready as well") {
  AheadDesk desk;
  desk.rest();
  const std::string subject = desk.active();
  desk.state.run("open-tab");
  CHECK(desk.shows(subject));
  CHECK(desk.opened() == 1);
}

TEST_CASE("of a thread only what is seen first is rendered ahead") {
  AheadDesk desk;
  desk.press("k<enter>q");
  for (CannedMessage& canned : desk.mailroom.threads()[0].messages) canned.message.tags = {"inbox", "unread"};
  const std::size_t before = desk.rendered();
  desk.rest();
  CHECK(desk.rendered() == before + 1);
  desk.enter();
  desk.answer();
  CHECK(desk.rendered() == before + 3);
  CHECK_FALSE(desk.last<messages::RenderMessage>()->is_ahead);
}

TEST_CASE("nothing is read on the way down a list, nor while something is typed") {
  AheadDesk desk;
  for (int i = 0; i < 3; ++i) {
    desk.press("j");
    desk.pass(30);
  }
  CHECK(desk.opened() == 0);
  desk.press("/");
  desk.rest();
  CHECK(desk.opened() == 0);
}

TEST_CASE("a long thread is not read ahead") {
  AheadDesk desk;
  desk.mailroom.threads()[1].summary.total = 5000;
  desk.state.handle(messages::IndexChanged{});
  desk.answer();
  desk.pass(300);
  desk.rest();
  CHECK(desk.opened() == 0);
}

TEST_CASE("what is ready counts as read only when it is opened") {
  AheadDesk desk;
  desk.press("k");
  desk.rest();
  desk.pass(60000);
  CHECK(desk.last<messages::ChangeTags>() == nullptr);
  desk.press("<enter>");
  CHECK(desk.last<messages::ChangeTags>() == nullptr);
  desk.pass(60000);
  CHECK(desk.last<messages::ChangeTags>() != nullptr);
}

TEST_CASE("what was read ahead is thrown away where the index changes or the cursor moves") {
  AheadDesk desk;
  desk.rest();
  SUBCASE("the index") {
    desk.state.handle(messages::IndexChanged{});
    desk.enter();
    CHECK_FALSE(desk.is_shown());
    CHECK(desk.opened() == 2);
  }
  SUBCASE("the index, and nobody opens it: it is read again") {
    desk.state.handle(messages::IndexChanged{});
    desk.pass(300);
    desk.rest();
    CHECK(desk.opened() == 2);
    CHECK(desk.last<messages::RenderMessage>()->is_ahead);
  }
  SUBCASE("the cursor") {
    desk.press("k");
    desk.enter();
    CHECK_FALSE(desk.is_shown());
  }
}

TEST_CASE("what was read ahead never comes under another header") {
  AheadDesk desk;
  SUBCASE("its thread is not known yet") { desk.rest(0); }
  SUBCASE("its message is not rendered yet") { desk.rest(1); }
  desk.state.key(Key::character('j'));
  desk.enter();
  desk.answer();
  CHECK(desk.is_shown());
}

TEST_CASE("what is opened before it is ready waits behind nothing else") {
  AheadDesk desk;
  desk.rest(1);
  REQUIRE(desk.rendered() == 1);
  const std::vector<messages::Event> late = std::exchange(desk.waiting, {});
  desk.enter();
  CHECK(desk.rendered() == 2);
  CHECK_FALSE(desk.last<messages::RenderMessage>()->is_ahead);
  for (const messages::Event& event : late) desk.state.handle(event);
  CHECK_FALSE(desk.is_shown());
  desk.answer();
  CHECK(desk.is_shown());
}

TEST_CASE("what fails ahead is told when it is opened, not before") {
  AheadDesk desk;
  SUBCASE("the thread") {
    desk.rest(0);
    desk.waiting.clear();
    desk.state.handle(messages::Failed{desk.last<messages::OpenThread>()->id, {Kind::disk, Blast::message, "No index.", {}}, {}, {}});
  }
  SUBCASE("the message") {
    desk.rest(1);
    desk.waiting.clear();
    desk.state.handle(messages::Failed{desk.last<messages::RenderMessage>()->id, {Kind::disk, Blast::message, "No file.", {}}, {}, {}});
  }
  const std::size_t asked = desk.mailroom.requests.size();
  CHECK(desk.state.notice().text.empty());
  desk.pass(60000);
  CHECK(desk.opened() == 1);  // nor tried again and again
  desk.enter();
  CHECK(desk.mailroom.requests.size() > asked);
  desk.answer();
  CHECK(desk.is_shown());
}
