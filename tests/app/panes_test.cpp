#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>

#include "desk.hpp"

using namespace valija;
using namespace valija::testing;
using app::Area;
using app::Geometry;
using app::MouseEvent;
using app::Pane;
using app::Split;
using app::TabName;
using app::Wish;

namespace {

MouseEvent at(int row, int column, MouseEvent::Kind kind = MouseEvent::Kind::press) { return {.kind = kind, .row = row, .column = column}; }

void do_mouse(Desk& desk, const MouseEvent& event) {
  desk.state.mouse(event);
  desk.answer();
}

/// The line of the screen on which a row of the list stands.
int line_of(const Desk& desk, std::size_t row) {
  const auto lines = desk.state.list().visible();
  const auto found = std::find_if(lines.begin(), lines.end(), [row](const app::ListLine& line) { return line.heading.empty() && line.row == row; });
  return desk.state.geometry().list.row + static_cast<int>(found - lines.begin());
}

std::vector<std::string> names_of(const Desk& desk) {
  std::vector<std::string> names;
  for (const TabName& tab : desk.state.tabs()) names.push_back((tab.is_front ? "*" : "") + tab.text);
  return names;
}

std::string front_of(const Desk& desk) {
  for (const TabName& tab : desk.state.tabs()) {
    if (tab.is_front) return tab.text;
  }
  return {};
}

}  // namespace

TEST_CASE("every wish at every size gives panes that lie beside one another on the screen") {
  CHECK(rc::check([] {
    Wish wish;
    wish.sidebar_width = *rc::gen::inRange(0, 100);
    wish.sidebar_shown = *rc::gen::arbitrary<bool>();
    wish.sidebar_focused = *rc::gen::arbitrary<bool>();
    wish.reader_open = *rc::gen::arbitrary<bool>();
    wish.split = static_cast<Split>(*rc::gen::inRange(0, 4));
    wish.list_share = *rc::gen::inRange(-10, 1100);
    wish.linear = *rc::gen::arbitrary<bool>();
    const int columns = *rc::gen::inRange(0, 250), rows = *rc::gen::inRange(0, 90);
    const Geometry all = app::lay_out(columns, rows, wish);
    std::vector<int> owners(static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows), 0);
    for (const Area& area : {all.title, all.sidebar, all.sidebar_rule, all.list, all.reader_rule, all.reader, all.message}) {
      if (area.empty()) continue;
      RC_ASSERT(area.row >= 0 && area.column >= 0 && area.row + area.rows <= rows && area.column + area.columns <= columns);
      for (int row = area.row; row < area.row + area.rows; ++row) {
        for (int column = area.column; column < area.column + area.columns; ++column) {
          RC_ASSERT(++owners[static_cast<std::size_t>(row) * static_cast<std::size_t>(columns) + static_cast<std::size_t>(column)] == 1);
        }
      }
    }
    for (const int owner : owners) RC_ASSERT(owner == 1);
  }));
}

TEST_CASE("a thread opens below, beside or instead of the list") {
  Desk desk({}, 0, 160, 48);
  desk.press("<enter>");
  CHECK(desk.state.geometry().reader_rule.rows == 1);
  CHECK(desk.state.geometry().list.rows > 3);
  desk.press("<c-w>v");
  const Geometry beside = desk.state.geometry();
  CHECK(beside.reader_rule.columns == 1);
  CHECK(beside.list.rows == beside.reader.rows);
  CHECK(beside.reader.column == beside.list.column + beside.list.columns + 1);
  desk.press("<c-w>o");
  CHECK(desk.state.geometry().list.empty());
  desk.press("<c-w>s");
  CHECK(desk.state.geometry().reader_rule.rows == 1);
  desk.state.run("split sideways");
  CHECK(desk.state.notice().kind == app::Notice::Kind::failed);
  SUBCASE("where there is no room beside it stands below, and where there is none there instead") {
    desk.press("<c-w>v");
    desk.state.resize(70, 48);
    CHECK(desk.state.geometry().reader_rule.rows == 1);
    desk.state.resize(70, 10);
    CHECK(desk.state.geometry().list.empty());
    CHECK_FALSE(desk.state.geometry().reader.empty());
  }
}

TEST_CASE("sizes change by key, stay in their bounds and come back") {
  Desk desk({}, 0, 160, 48);
  desk.press("<enter>");
  const int before = desk.state.geometry().list.rows;
  desk.press("<c-w>+<c-w>+");
  CHECK(desk.state.geometry().list.rows > before);
  for (int i = 0; i < 60; ++i) desk.press("<c-w>+");
  CHECK(desk.state.geometry().reader.rows >= 4);
  for (int i = 0; i < 60; ++i) desk.press("<c-w>-");
  CHECK(desk.state.geometry().list.rows >= 3);
  desk.press("<c-w>=");
  CHECK(desk.state.geometry().list.rows == before);
  desk.state.run("split-size forty");
  CHECK(desk.state.notice().kind == app::Notice::Kind::failed);
  const int side = desk.state.geometry().sidebar.columns;
  desk.press("<c-w>>");
  CHECK(desk.state.geometry().sidebar.columns == side + 4);
  desk.press("<c-w><lt><c-w><lt>");
  CHECK(desk.state.geometry().sidebar.columns == side - 4);
  desk.state.run("sidebar-width");
  CHECK(desk.state.geometry().sidebar.columns == side);
}

TEST_CASE("the side bar hides, and whoever stood in it goes to the list") {
  Desk desk({}, 0, 120, 30);
  desk.press("<tab>");
  REQUIRE(desk.state.focus() == Pane::sidebar);
  desk.press("<c-w>b");
  CHECK(desk.state.geometry().sidebar.empty());
  CHECK(desk.state.focus() == Pane::list);
  desk.press("<c-w>b");
  CHECK_FALSE(desk.state.geometry().sidebar.empty());
  SUBCASE("on a narrow window it is said that it cannot stay") {
    desk.state.resize(60, 16);
    desk.press("<c-w>b");
    CHECK(desk.state.geometry().sidebar.empty());
    CHECK(desk.state.notice().kind == app::Notice::Kind::hint);
  }
}

TEST_CASE("a click puts the cursor on a row, another one opens it") {
  Desk desk({}, 0, 160, 48);
  do_mouse(desk, at(line_of(desk, 2), 60));
  CHECK(desk.state.list().cursor() == 2);
  CHECK_FALSE(desk.state.reader().is_open());
  do_mouse(desk, at(line_of(desk, 2), 60));
  CHECK(desk.state.reader().is_open());
  CHECK(desk.state.focus() == Pane::reader);
  do_mouse(desk, at(line_of(desk, 1), 60));
  CHECK(desk.state.focus() == Pane::list);
  CHECK(desk.state.list().cursor() == 1);
  CHECK(desk.state.reader().is_open());
  SUBCASE("a heading and the blank below are no rows") {
    desk.press("q");
    do_mouse(desk, at(desk.state.geometry().list.row, 60));
    do_mouse(desk, at(desk.state.geometry().list.row + desk.state.geometry().list.rows - 1, 60));
    CHECK(desk.state.list().cursor() == 1);
  }
  SUBCASE("nothing outside of the screen is clicked") {
    for (const MouseEvent& event : {at(-1, -1), at(1000, 1000), at(0, 0), at(47, 159)}) do_mouse(desk, event);
    CHECK(desk.state.list().cursor() == 1);
  }
}

TEST_CASE("a click on a view opens it, one on the head of a message folds it") {
  Desk desk({}, 0, 160, 48);
  const auto& rows = desk.state.sidebar().rows();
  const auto flagged = std::find_if(rows.begin(), rows.end(), [](const app::SidebarRow& row) { return row.id == "flagged"; });
  REQUIRE(flagged != rows.end());
  do_mouse(desk, at(desk.state.geometry().sidebar.row + static_cast<int>(flagged - rows.begin()), 4));
  CHECK(desk.state.list().query() == flagged->query);
  desk.press("gi<enter>");
  const auto lines = desk.state.reader().visible();
  const auto head = std::find_if(lines.begin(), lines.end(), [](const auto& line) { return line.row.kind == app::ReaderRow::Kind::sender; });
  REQUIRE(head != lines.end());
  const std::size_t message = head->message;
  do_mouse(desk, at(desk.state.geometry().reader.row + static_cast<int>(head - lines.begin()), 60));
  CHECK_FALSE(desk.state.reader().messages()[message].is_open);
}

TEST_CASE("the wheel scrolls what it is over and leaves the keys where they are") {
  Desk desk({}, 200, 160, 48);
  desk.press("<enter>");
  do_mouse(desk, at(desk.state.geometry().list.row + 1, 60, MouseEvent::Kind::wheel_down));
  CHECK(desk.state.list().cursor() == 3);
  CHECK(desk.state.focus() == Pane::reader);
  do_mouse(desk, at(desk.state.geometry().list.row + 1, 60, MouseEvent::Kind::wheel_up));
  CHECK(desk.state.list().cursor() == 0);
  desk.press("?");
  do_mouse(desk, at(10, 60, MouseEvent::Kind::wheel_down));
  CHECK(desk.state.help_top() == 3);
}

TEST_CASE("the lines between the panes can be dragged") {
  Desk desk({}, 0, 160, 48);
  desk.press("<enter>");
  const Geometry before = desk.state.geometry();
  do_mouse(desk, at(before.reader_rule.row, 80));
  for (const int row : {20, 25, 30}) {
    do_mouse(desk, at(row, 80, MouseEvent::Kind::drag));
    CHECK(desk.state.geometry().reader_rule.row == row);
  }
  for (const int row : {-5, 0, 47, 300}) {
    do_mouse(desk, at(row, 80, MouseEvent::Kind::drag));
    CHECK_FALSE(desk.state.geometry().list.empty());
    CHECK_FALSE(desk.state.geometry().reader.empty());
  }
  do_mouse(desk, at(20, 80, MouseEvent::Kind::drag));
  do_mouse(desk, at(20, 80, MouseEvent::Kind::release));
  do_mouse(desk, at(30, 80, MouseEvent::Kind::drag));
  CHECK(desk.state.geometry().reader_rule.row == 20);
  SUBCASE("beside") {
    desk.press("<c-w>v");
    do_mouse(desk, at(10, desk.state.geometry().reader_rule.column));
    do_mouse(desk, at(10, 100, MouseEvent::Kind::drag));
    CHECK(desk.state.geometry().reader_rule.column == 100);
  }
  SUBCASE("the side bar") {
    do_mouse(desk, at(10, desk.state.geometry().sidebar_rule.column));
    do_mouse(desk, at(10, 40, MouseEvent::Kind::drag));
    CHECK(desk.state.geometry().sidebar_rule.column == 40);
  }
}

TEST_CASE("a thread opens in a tab of its own, and closing it goes back to the list as it was") {
  Desk desk({}, 100, 160, 48);
  desk.press("jj");
  const std::string subject = desk.active();
  desk.press("T");
  CHECK(names_of(desk).size() == 2);
  CHECK(front_of(desk) == subject);
  CHECK(desk.state.reader().subject() == subject);
  CHECK(desk.state.geometry().list.empty());
  desk.press("gt");
  CHECK(front_of(desk) == "Inbox");
  CHECK(desk.active() == subject);
  CHECK_FALSE(desk.state.reader().is_open());
  desk.press("jjjj");
  const std::string here = desk.active();
  desk.press("gT");
  CHECK(desk.state.reader().subject() == subject);
  desk.press("q");
  CHECK(names_of(desk) == std::vector<std::string>{"*Inbox"});
  CHECK(desk.active() == here);
  CHECK_FALSE(desk.state.wants_quit());
}

TEST_CASE("a search in a tab leaves the list beside it") {
  Desk desk;
  desk.press("j");
  const std::string here = desk.active();
  desk.state.run("open-tab invoice");
  desk.answer();
  CHECK(desk.active() == "Invoice 2026-114");
  desk.state.run("open-tab flagged");
  desk.answer();
  CHECK(desk.state.list().query() == "tag:flagged");
  CHECK(desk.state.tabs()[1].kind == TabName::Kind::search);
  CHECK(desk.state.tabs()[2].kind == TabName::Kind::mail);
  desk.press("<a-1>");
  CHECK(desk.active() == here);
  desk.press("<a-2>");
  CHECK(desk.active() == "Invoice 2026-114");
  desk.press("<enter>qq");
  CHECK(names_of(desk).size() == 2);
  desk.press("<a-9>");
  CHECK(desk.state.notice().kind == app::Notice::Kind::hint);
}

TEST_CASE("what a tab asked for arrives in it, also behind another one") {
  Desk desk({}, 100);
  desk.state.run("open-tab invoice");
  CHECK(desk.state.list().rows().empty());
  desk.state.run("tab 1");
  desk.answer();
  desk.press("gt");
  CHECK(desk.active() == "Invoice 2026-114");
  desk.state.key(*config::parse_keys("<enter>")->begin());
  desk.state.run("tab 1");
  desk.answer();
  desk.press("gt");
  desk.answer();
  CHECK(desk.state.reader().has_answer());
  CHECK(desk.state.reader().current_message()->state == app::OpenMessage::State::shown);
}

TEST_CASE("what is written is behind the mail, and all tabs are gone round") {
  Desk desk;
  desk.press("Tc");
  desk.answer();
  REQUIRE(desk.state.tabs().size() == 3);
  CHECK(desk.state.tabs()[2].kind == TabName::Kind::draft);
  CHECK(desk.state.tabs()[2].is_front);
  desk.press("<esc>");
  desk.press("gt");
  CHECK(front_of(desk) == "Inbox");
  desk.press("gT");
  CHECK(desk.state.tabs()[2].is_front);
  desk.press("gT");
  CHECK(desk.state.tabs()[1].is_front);
}

TEST_CASE("with one tab there is nowhere to go, and there are never too many") {
  Desk desk;
  desk.press("gt");
  CHECK(desk.state.notice().text == "There is only this tab.");
  for (int i = 0; i < 100; ++i) desk.state.run("open-tab invoice");
  CHECK(desk.state.tabs().size() < 60);
  desk.answer();
  for (int i = 0; i < 100; ++i) desk.state.run("tab 2"), desk.press("q");
  CHECK(desk.state.tabs().size() == 1);
}

TEST_CASE("tabs stand in the title line without touching, the one in front always") {
  CHECK(rc::check([] {
    std::vector<TabName> tabs(*rc::gen::inRange<std::size_t>(1, 30));
    for (TabName& tab : tabs) tab.text = std::string(*rc::gen::inRange<std::size_t>(0, 60), 'x');
    const std::size_t front = *rc::gen::inRange<std::size_t>(0, tabs.size());
    tabs[front].is_front = true;
    tabs[front].text += "!";
    const int end = *rc::gen::inRange(0, 200);
    int behind = 10;
    bool has_front = false;
    for (const app::TabPlace& place : app::place_tabs(tabs, 10, end)) {
      RC_ASSERT(place.column >= behind);
      RC_ASSERT(place.columns > 0);
      RC_ASSERT(place.column + place.columns <= end);
      behind = place.column + place.columns + app::tab_rule_columns;
      has_front = has_front || place.number == front;
    }
    RC_ASSERT(has_front || end < 10 + 11);
  }));
}

TEST_CASE("a click on a tab brings it to the front") {
  Desk desk({}, 0, 160, 48);
  desk.press("T");
  const auto places = desk.state.tab_places();
  REQUIRE(places.size() == 2);
  do_mouse(desk, at(0, places[0].column + 1));
  CHECK(front_of(desk) == "Inbox");
  do_mouse(desk, at(0, places[1].column));
  CHECK(front_of(desk) != "Inbox");
}

TEST_CASE("the window is called after the view and its unread mail") {
  Desk desk;
  desk.pass(2000);
  CHECK(desk.state.window_title().starts_with("valija: Inbox"));
  CHECK(desk.state.window_title().ends_with(")"));
  desk.press("/");
  desk.type("invoice");
  desk.press("<enter>");
  CHECK(desk.state.window_title() == "valija: invoice");
}

TEST_CASE("what nobody looks at is not read") {
  Desk desk;
  desk.press("<enter>");
  desk.state.focus_changed(false);
  desk.pass(60000);
  CHECK(desk.count<messages::ChangeTags>() == 0);
  CHECK(desk.state.next_tick_ms() != 0);
  desk.state.focus_changed(true);
  desk.pass(60000);
  CHECK(desk.count<messages::ChangeTags>() > 0);
}

TEST_CASE("a link, the Message-ID, the sender's address and the text are copied") {
  Desk desk;
  desk.press("ya");
  REQUIRE(desk.state.take_copy().has_value());
  CHECK_FALSE(desk.state.take_copy().has_value());
  desk.press("<enter>yi");
  const auto id = desk.state.take_copy();
  REQUIRE(id.has_value());
  CHECK(id->front() == '<');
  desk.press("yl");
  CHECK(desk.state.take_copy() == "https://example.org/budget/2027");
  desk.press("yy");
  CHECK(desk.state.take_copy().value_or("").find("https://example.org/budget/2027") != std::string::npos);
  desk.state.run("copy link 7");
  CHECK_FALSE(desk.state.take_copy().has_value());
  CHECK(desk.state.notice().kind == app::Notice::Kind::failed);
  desk.state.run("copy everything");
  CHECK(desk.state.notice().kind == app::Notice::Kind::failed);
}
