#include <rapidcheck.h>

#include "../../src/ui/list_columns.hpp"
#include "screen.hpp"
#include "valija/base/text.hpp"

using namespace valija;
using namespace valija::testing;
using config::ColumnKind;
using ui::PlacedColumn;

namespace {

/// Where `text` stands in the rows of the screen, from the left edge of the list; the row is -1 if it is nowhere.
std::pair<int, int> place_of(const Screen& screen, const ui::Canvas& canvas, std::string_view text) {
  for (int row = 0; row < canvas.rows(); ++row) {
    for (int column = screen.state.geometry().list.column; column < canvas.columns(); ++column) {
      std::string rest;
      for (int i = column; i < canvas.columns() && rest.size() < text.size(); ++i) rest += canvas.at(row, i).text;
      if (rest.starts_with(text)) return {row, column};
    }
  }
  return {-1, 0};
}

}  // namespace

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
  const int row = place_of(screen, canvas, "Marta, you").first;
  REQUIRE(row >= 0);
  std::string bold;
  for (int column = screen.state.geometry().list.column; column < 60; ++column) {
    if (canvas.at(row, column).look.bold && canvas.at(row, column).text != " ") bold += canvas.at(row, column).text;
  }
  CHECK(bold == "Marta");
}

TEST_CASE("the letter of an account has its colour, its own or one of the palette") {
  config::Settings settings = canned_settings();
  settings.accounts[1].color = "#102030";
  Screen screen(160, 48, {}, settings);
  screen.theme = config::Theme::make("dark", config::ColorDepth::rgb, {});
  const auto canvas = screen.press("jj").draw();
  const int list = screen.state.geometry().list.column;
  const auto letter_in = [&](std::string_view of) {
    const int row = place_of(screen, canvas, of).first;
    REQUIRE(row >= 0);
    return canvas.at(row, list + 2);
  };
  CHECK(letter_in("Nora Lindqvist").text == "H");
  CHECK(letter_in("Nora Lindqvist").look.foreground == config::parse_color("#102030"));
  CHECK(letter_in("build bot").text == "W");
  CHECK(letter_in("build bot").look.foreground == screen.theme.account(0, "").foreground);
  CHECK(letter_in("build bot").look.foreground != letter_in("Nora Lindqvist").look.foreground);
}

TEST_CASE("what is signed has a sign, beside its other marks") {
  Screen screen(160, 48);
  auto& thread = screen.mailroom.threads().front().summary;
  const auto marks = [&] {
    const auto canvas = screen.press("gi").draw();
    const auto [row, column] = place_of(screen, canvas, "Presupuesto 2027");
    REQUIRE(row >= 0);
    std::string text;
    for (int i = column - 6; i < column; ++i) text += canvas.at(row, i).text;
    return std::string(trim(text));
  };
  CHECK(marks() == "@");
  thread.tags.push_back("signed");
  CHECK(marks() == "@§");
}
