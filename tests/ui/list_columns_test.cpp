#include <rapidcheck.h>

#include "../../src/ui/list_columns.hpp"
#include "screen.hpp"

using namespace valija;
using namespace valija::testing;
using config::ColumnKind;
using ui::PlacedColumn;

TEST_CASE("columns stand as the settings have them, and the subject takes what is left") {
  CHECK(ui::place_columns("subject date:10", 80, false) == std::vector<PlacedColumn>{{ColumnKind::subject, 2, 66}, {ColumnKind::date, 69, 10}});
  const auto usual = ui::place_columns("account date people count marks subject tags", 120, true);
  REQUIRE(usual.size() == 6);
  CHECK(usual.front() == PlacedColumn{ColumnKind::account, 2, 1});
  CHECK(usual.back().kind == ColumnKind::subject);
  CHECK(usual.back().at + usual.back().width == 119);
  CHECK(ui::place_columns("account subject", 80, false).size() == 1);
  CHECK(ui::place_columns("tags subject", 80, false).size() == 2);
}

TEST_CASE("columns stay inside of every list, in order") {
  CHECK(rc::check([] {
    const std::vector<std::string> names{"account", "date", "people:30", "count", "marks", "subject", "tags:12", "people", "tags", "subject:40"};
    std::string text;
    for (int i = *rc::gen::inRange(0, 8); i > 0; --i) text += *rc::gen::elementOf(names) + " ";
    const int width = *rc::gen::inRange(0, 200);
    int at = 0;
    for (const PlacedColumn& column : ui::place_columns(text, width, true)) {
      RC_ASSERT(column.at >= at);
      RC_ASSERT(column.width > 0);
      at = column.at + column.width;
      RC_ASSERT(at <= width);
    }
  }));
}

TEST_CASE("lists by other columns, with snippets, of messages") {
  config::Settings settings = canned_settings();
  settings.ui_columns = "marks date people:24 subject:40 tags";
  settings.ui_snippets = true;
  settings.ui_date_headings = false;
  settings.ui_list = "messages";
  settings.accounts[1].letter = "~";
  for (const auto& [columns, rows] : {std::pair(80, 24), std::pair(160, 48)}) {
    const Screen screen(columns, rows, {}, settings);
    check_golden("list-columns-" + std::to_string(columns) + "x" + std::to_string(rows), screen.draw());
  }
  settings = canned_settings();
  settings.ui_snippets = true;
  const Screen screen(60, 16, {}, settings);
  check_golden("list-snippets-60x16", screen.draw());
}

TEST_CASE("people who wrote what is unread are bold, and only they") {
  const Screen screen(160, 48);
  const auto canvas = screen.draw();
  // The first row: Marta's is unread, "you" is read.
  int row = -1;
  for (int i = 0; i < canvas.rows() && row < 0; ++i) {
    std::string text;
    for (int column = 0; column < canvas.columns(); ++column) text += canvas.at(i, column).text;
    if (text.find("Marta, you") != std::string::npos) row = i;
  }
  REQUIRE(row >= 0);
  std::string bold;
  for (int column = screen.state.geometry().list.column; column < 60; ++column) {
    if (canvas.at(row, column).look.bold && canvas.at(row, column).text != " ") bold += canvas.at(row, column).text;
  }
  CHECK(bold == "Marta");
}
