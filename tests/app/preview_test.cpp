#include "desk.hpp"

using namespace valija;
using namespace valija::testing;

namespace {

struct PreviewDesk : Desk {
  explicit PreviewDesk(int columns = 160, int rows = 48) : Desk({}, 0, columns, rows) { press("<c-w>p"); }
  std::string shown() const { return state.reader().is_open() ? state.reader().subject() : std::string(); }
};

}  // namespace

TEST_CASE("with a preview the thread of the cursor is shown while the list keeps the keys") {
  PreviewDesk desk;
  CHECK_FALSE(desk.state.geometry().reader.empty());
  CHECK_FALSE(desk.state.geometry().list.empty());
  const std::size_t opened = desk.count<messages::OpenThread>();
  desk.press("j");
  desk.press("j");
  CHECK(desk.count<messages::OpenThread>() == opened);  // nothing is opened on the way
  CHECK(desk.state.next_tick_ms() >= 0);
  desk.pass(200);
  CHECK(desk.count<messages::OpenThread>() == opened + 1);
  CHECK(desk.shown() == desk.active());
  CHECK(desk.state.focus() == app::Pane::list);

  SUBCASE("it is not read by that") {
    desk.pass(60000);
    desk.pass(60000);
    CHECK(desk.last<messages::ChangeTags>() == nullptr);
  }
  SUBCASE("Enter goes into it, q comes back and the thread stays") {
    desk.press("<enter>");
    CHECK(desk.state.focus() == app::Pane::reader);
    CHECK(desk.count<messages::OpenThread>() == opened + 1);
    desk.press("q");
    CHECK(desk.state.focus() == app::Pane::list);
    CHECK(desk.shown() == desk.active());
    CHECK_FALSE(desk.state.wants_quit());
  }
  SUBCASE("what is archived makes room for the next") {
    const std::string before = desk.active();
    desk.press("a");
    desk.pass(200);
    CHECK(desk.active() != before);
    CHECK(desk.shown() == desk.active());
  }
  SUBCASE("the same key ends it") {
    desk.press("<c-w>p");
    CHECK_FALSE(desk.state.reader().is_open());
    CHECK(desk.state.geometry().reader.empty());
  }
  SUBCASE("a list without rows shows nothing") {
    desk.state.run("search nothing like it");
    desk.answer();
    desk.pass(200);
    CHECK(desk.shown().empty());
  }
}

TEST_CASE("a preview needs room: in a small window the list stays whole, and that is said") {
  PreviewDesk desk(60, 8);
  CHECK(desk.state.geometry().reader.empty());
  CHECK(desk.state.notice().text.find("too small") != std::string::npos);
  desk.press("j");
  desk.pass(200);
  CHECK_FALSE(desk.state.reader().is_open());
  desk.state.resize(80, 24);
  desk.pass(200);
  CHECK(desk.shown() == desk.active());
}

TEST_CASE("beside a thread the list keeps columns enough to be read") {
  Desk desk({}, 0, 160, 48);
  desk.press("<c-w>v<enter>");
  CHECK(desk.state.geometry().list.columns >= 60);
  CHECK(desk.state.geometry().reader.columns >= 70);
  const int before = desk.state.geometry().list.columns;
  desk.press("<c-w>+");
  CHECK(desk.state.geometry().list.columns > before);
  desk.press("<c-w>=");
  CHECK(desk.state.geometry().list.columns == before);
  desk.press("<c-w>s");
  CHECK(desk.state.geometry().list.rows < 20);  // below it has a share of its own
}
