#include "screen.hpp"

using namespace valija;
using namespace valija::testing;

TEST_CASE("writing and sending look as they should at every size") {
  for (const auto& [columns, rows] : {std::pair(80, 24), std::pair(160, 48), std::pair(60, 16)}) {
    const std::string size = "-" + std::to_string(columns) + "x" + std::to_string(rows);
    check_golden("reply" + size, Screen(columns, rows).press("r").type("Gracias, Marta.").draw());
    check_golden("people" + size, Screen(columns, rows).press("c").press("mar<down>").draw());
    Screen draft(columns, rows);
    draft.press("R").press("<esc>").state.run("attach /tmp/presupuesto.pdf");
    draft.answer();
    check_golden("draft" + size, draft.press("k").draw());
    check_golden("doubts" + size, Screen(columns, rows).press("c").type("marta@example.org").press("<esc>e").type("I attached the file").press("<esc>y").draw());
    check_golden("departure" + size, Screen(columns, rows).press("r").type("x").press("<esc>y").draw());
    Screen outbox(columns, rows);
    outbox.mailroom.outbox = testing::canned_outbox(noon);
    check_golden("outbox" + size, outbox.press("go").press("jjj").draw());
  }
}

TEST_CASE("the cursor of the terminal stands where one types") {
  Screen screen(80, 24);
  screen.press("r").type("Gracias");
  const ui::Canvas text = screen.draw();
  const std::size_t row = static_cast<std::size_t>(text.cursor_row);
  CHECK(text.cursor_column == 9);
  CHECK(text.at(static_cast<int>(row), 2).text == "G");
  CHECK(text.cursor_visible);
  screen.press("<esc>s<c-u>").type("Hola");
  const ui::Canvas field = screen.draw();
  CHECK(field.at(field.cursor_row, field.cursor_column - 1).text == "a");
}

TEST_CASE("what another editor shows fills its pane, with its cursor") {
  app::Options options;
  options.editor = "vim";
  Screen screen(80, 24, options);
  screen.press("r");
  const app::Area area = screen.state.editor_area();
  REQUIRE_FALSE(area.empty());
  pty::Screen shown;
  shown.columns = area.columns;
  shown.rows = area.rows;
  shown.cells.resize(static_cast<std::size_t>(area.columns * area.rows));
  shown.cells[0].text = "V";
  shown.cells[0].foreground = 3;
  shown.cursor_row = 1;
  shown.cursor_column = 5;
  const ui::Canvas canvas = ui::render(screen.state, screen.theme, false, &shown);
  CHECK(canvas.at(area.row, area.column).text == "V");
  CHECK(canvas.at(area.row, area.column).look.foreground.value == 3);
  CHECK(canvas.cursor_row == area.row + 1);
  CHECK(canvas.cursor_column == area.column + 5);
}

TEST_CASE("any size draws a draft, the outbox and a question without leaving the screen") {
  for (int columns = 0; columns < 70; columns += 3) {
    for (int rows = 0; rows < 20; ++rows) {
      Screen screen(columns, rows);
      screen.mailroom.outbox = testing::canned_outbox(noon);
      screen.press("R").type("x").draw();
      screen.press("<esc>X").draw();
      screen.press("<esc>").press("go").draw();
      screen.state.resize(80, 24);
      screen.draw();
    }
  }
}
