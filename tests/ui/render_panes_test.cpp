#include "screen.hpp"

using namespace valija;
using namespace valija::testing;

TEST_CASE("a thread beside the list has a line between them from top to bottom") {
  Screen screen(160, 48);
  screen.press("<enter><c-w>v");
  const app::Area rule = screen.state.geometry().reader_rule;
  REQUIRE(rule.columns == 1);
  const ui::Canvas canvas = screen.draw();
  for (int row = rule.row; row < rule.row + rule.rows; ++row) CHECK(canvas.at(row, rule.column).text == "│");
  CHECK(screen.draw(true).at(rule.row, rule.column).text == "|");
}

TEST_CASE("the tabs stand in the title line where a click finds them") {
  Screen screen(120, 30);
  screen.press("T");
  screen.state.run("open-tab from:tanaka");
  screen.answer();
  const ui::Canvas canvas = screen.draw();
  const auto tabs = screen.state.tabs();
  REQUIRE(screen.state.tab_places().size() == 3);
  for (const app::TabPlace& place : screen.state.tab_places()) {
    std::string shown;
    for (int column = place.column; column < place.column + place.columns; ++column) shown += canvas.at(0, column).text;
    const std::string& name = tabs[place.number].text;
    CHECK_MESSAGE(shown.find(name.substr(0, 6)) != std::string::npos, shown);
  }
}

TEST_CASE("the text of a link leads to its target, unless that is not wanted") {
  const auto linked_cells = [](bool has_links) {
    config::Settings settings = canned_settings();
    settings.ui_links = has_links;
    Screen screen(160, 48, {}, settings);
    screen.press("<enter>");
    const ui::Canvas canvas = screen.draw();
    int cells = 0;
    for (int row = 0; row < canvas.rows(); ++row) {
      for (int column = 0; column < canvas.columns(); ++column) cells += canvas.target_of(canvas.at(row, column)) == "https://example.org/budget/2027" ? 1 : 0;
    }
    return cells;
  };
  CHECK(linked_cells(true) == 31);
  CHECK(linked_cells(false) == 0);
}
