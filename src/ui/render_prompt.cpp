#include <algorithm>

#include "frame.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::ui {
namespace {

using config::Look;
using config::Role;

const char* mark_of(app::Prompt::Kind kind) {
  switch (kind) {
    case app::Prompt::Kind::search:
    case app::Prompt::Kind::help: return "/";
    case app::Prompt::Kind::palette: return ">";
    default: return ":";
  }
}

/// What is known about the line, at its right end: how much a search finds, or how many rows fit.
std::string found_in_words(const Frame& frame) {
  using Kind = app::Prompt::Kind;
  const Kind kind = frame.app.prompt().kind();
  return kind == Kind::search ? clean(frame.app.found_in_words()) : std::string();
}

bool is_wrong(const app::LiveSearch& search) { return search.fault && (search.fault->is_refused || search.count == 0U); }

/// What is found is said beside the line where both have room.
bool fits_beside(const Frame& frame, std::string_view found) {
  return display_width(frame.app.prompt().text()) + display_width(found) + 5 <= frame.app.geometry().columns;
}

/// The octets of `text` that are named, in another look; `column` is where the text begins.
void draw_marked(Frame& frame, int row, int column, int columns, const app::Completion& completion) {
  frame.canvas.put_fitted(row, column, columns, completion.text, frame.look(Role::text));
  for (const std::size_t octet : completion.marked) {
    if (octet >= completion.text.size() || static_cast<unsigned char>(completion.text[octet]) >= 0x80) continue;
    const int at = display_width(std::string_view(completion.text).substr(0, octet));
    if (at < columns - 1) frame.canvas.put(row, column + at, 1, std::string_view(completion.text).substr(octet, 1), frame.look(Role::match));
  }
}

}  // namespace

void draw_prompt(Frame& frame, const app::Area& area) {
  const app::Prompt& prompt = frame.app.prompt();
  frame.canvas.put(area.row, 0, 1, mark_of(prompt.kind()), frame.look(Role::prompt));
  int cursor = 0;
  const std::string_view seen = window_of(prompt.text(), prompt.cursor(), std::max(1, area.columns - 2), cursor);
  frame.canvas.put_part(area.row, 1, area.columns - 1, seen, frame.look(Role::text));
  const app::LiveSearch& search = frame.app.live_search();
  if (prompt.kind() == app::Prompt::Kind::search && is_wrong(search) && seen.size() == prompt.text().size()) {
    // Where the fault is.
    const std::size_t begin = std::min(search.fault->begin, seen.size()), end = std::min(search.fault->end, seen.size());
    Look look = frame.look(Role::danger);
    look.underline = true;
    frame.canvas.put_part(area.row, 1 + display_width(seen.substr(0, begin)), area.columns, seen.substr(begin, end - begin), look);
  }
  frame.canvas.cursor_row = area.row;
  frame.canvas.cursor_column = 1 + frame.canvas.order(area.row, 1, std::min(area.columns - 1, display_width(seen) + 1), cursor);
  const std::string found = found_in_words(frame);
  if (found.empty() || !fits_beside(frame, found)) return;
  const int width = display_width(found);
  frame.canvas.put(area.row, area.columns - width - 1, width, found, frame.look(is_wrong(search) ? Role::danger : Role::dim));
}

std::string_view window_of(std::string_view text, std::size_t cursor_octet, int columns, int& cursor) {
  cursor = display_width(text.substr(0, cursor_octet));
  std::size_t skipped = 0;
  for (const Grapheme& grapheme : graphemes(text)) {
    if (cursor < columns) break;
    skipped += grapheme.bytes.size();
    cursor -= grapheme.width;
  }
  return text.substr(skipped);
}

void draw_completions(Frame& frame) {
  const app::Prompt& prompt = frame.app.prompt();
  if (!prompt.is_open()) return;
  const std::vector<app::Completion>& list = prompt.completions().list;
  const std::string found = found_in_words(frame);
  const int notice_rows = found.empty() || fits_beside(frame, found) ? 0 : 1;
  // What a search finds is to be seen above its completions.
  const int rows = frame.app.geometry().rows;
  const int most = prompt.kind() == app::Prompt::Kind::search ? std::min(5, std::max(1, rows / 4)) : std::min(prompt.is_palette() ? 14 : 10, std::max(1, rows / 3));
  if (list.empty() && notice_rows == 0) return;
  app::Area area = panel(frame, std::min(most, static_cast<int>(list.size())) + notice_rows);
  if (notice_rows > 0 && area.rows > 0) {
    frame.canvas.put_fitted(area.row, 2, area.columns - 3, found, frame.look(is_wrong(frame.app.live_search()) ? Role::danger : Role::text));
    ++area.row;
    --area.rows;
  }
  int text_columns = 0;
  for (const app::Completion& completion : list) text_columns = std::max(text_columns, display_width(clean(completion.text)));
  text_columns = std::min(text_columns, std::max(8, area.columns / 2));
  const int chosen = prompt.chosen();
  const int top = std::clamp(chosen - area.rows + 1, 0, std::max(0, static_cast<int>(list.size()) - area.rows));
  for (int i = 0; i < area.rows; ++i) {
    const app::Completion& completion = list[static_cast<std::size_t>(top + i)];
    const int row = area.row + i;
    if (top + i == chosen) {
      frame.canvas.tint({row, 0, 1, area.columns}, frame.look(Role::row_active));
      frame.canvas.put(row, 0, 1, frame.signs.bar, frame.look(Role::accent));
    }
    draw_marked(frame, row, 2, text_columns, completion);
    frame.canvas.put_right(row, 3 + text_columns, 8, completion.keys, frame.look(Role::key));
    frame.canvas.put_fitted(row, 13 + text_columns, area.columns - text_columns - 14, completion.doc, frame.look(Role::dim));
  }
}

}  // namespace valija::ui
