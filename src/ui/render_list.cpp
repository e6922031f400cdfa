#include <fmt/format.h>

#include <algorithm>

#include "frame.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::ui {
namespace {

using config::Look;
using config::Role;

constexpr int date_columns = 7;  // "2024-11", " 09:41", "23 Nov"
constexpr int count_columns = 4;

/// Where the columns of a row stand, by the width of the list.
struct RowColumns {
  int date = 2, people = 10, people_width = 12, count = 0, marks = 0, subject = 0;
};

RowColumns columns_of(int width) {
  RowColumns columns;
  if (width < 50) {
    columns.people = columns.date + date_columns + 1;
    columns.people_width = std::clamp(width / 4, 0, 12);
  } else {
    columns.people_width = width >= 130 ? 23 : width >= 100 ? 20 : width >= 76 ? 17 : 14;
  }
  columns.count = columns.people + columns.people_width;
  columns.marks = columns.count + count_columns + 1;
  columns.subject = columns.marks + 2;
  return columns;
}

std::string short_date(const app::App& app, UnixTime date) {
  std::string text = app.list_date(date);
  // A whole date of an earlier year: the month is enough here.
  if (display_width(text) > date_columns) text = fit(text.substr(0, date_columns), date_columns);
  return text;
}

class RowPainter {
 public:
  RowPainter(Frame& frame, const app::Area& area) : frame_(frame), area_(area), columns_(columns_of(area.columns)) {}

  void heading(int row, const std::string& text) {
    const int used = frame_.canvas.put_fitted(row, area_.column + 2, area_.columns - 3, text, frame_.look(Role::heading));
    frame_.canvas.repeat(row, area_.column + used + 3, area_.columns - used - 4, frame_.signs.rule, frame_.look(Role::rule));
  }

  void thread(int row, const ThreadSummary& thread, bool is_active, bool is_focused) {
    const bool is_unread = app::has_tag(thread.tags, "unread");
    Canvas& canvas = frame_.canvas;
    const int left = area_.column;
    // Only the left part is marked: it names the row, and moving the cursor stays cheap over a slow line.
    const Look& active = frame_.look(Role::row_active);
    if (is_active) canvas.tint({row, left, 1, std::min(columns_.marks - 1, area_.columns)}, active);
    // On one of the sixteen colours the accent may not be seen.
    const bool is_soft = !active.reverse && (active.background.kind == config::Color::Kind::rgb || active.background.value >= 16);
    const Look& accent = frame_.look(is_active && !is_soft ? Role::text : Role::accent);
    // Blanks in the colour of what stands beside them: fewer changes to send.
    canvas.tint({row, left + (is_active ? 0 : columns_.date), 1, std::min(columns_.people - (is_active ? 0 : columns_.date), area_.columns)},
                is_active ? accent : frame_.look(Role::date));
    if (is_active) canvas.put(row, left, 1, frame_.signs.bar, is_focused || !is_soft ? accent : frame_.look(Role::dim));
    if (is_unread) canvas.put(row, left + 1, 1, frame_.signs.dot, accent);
    put_right(row, columns_.date, date_columns, short_date(frame_.app, thread.newest), {});
    const Look& name = frame_.look(is_unread ? Role::unread : Role::text);
    put(row, columns_.people, columns_.people_width, frame_.app.people().participants(thread), name);
    if (thread.total > 1) {
      put_right(row, columns_.count, count_columns, thread.total > 999 ? "999" : std::to_string(thread.total),
                is_active ? name : frame_.look(Role::count));
    }
    if (app::has_tag(thread.tags, "flagged")) put(row, columns_.marks, 1, frame_.signs.flag, frame_.look(Role::flagged));
    if (app::has_tag(thread.tags, "attachment")) put(row, columns_.marks + 1, 1, frame_.signs.attachment, frame_.look(Role::attachment));
    subject(row, thread, is_unread);
  }

 private:
  void subject(int row, const ThreadSummary& thread, bool is_unread) {
    const int start = columns_.subject + 1;
    const int room = area_.columns - start - 1;
    if (room <= 0) return;
    const std::vector<std::string> tags = shown_tags(thread.tags);
    int wanted = 0;
    for (const std::string& tag : tags) wanted += display_width(clean(tag)) + 1;
    const int for_tags = room >= 30 ? std::min(wanted, room * 2 / 5) : 0;
    const bool has_subject = !trim(thread.subject).empty();
    const int used = frame_.canvas.put_fitted(row, area_.column + start, room - for_tags - (for_tags > 0 ? 1 : 0),
                                              has_subject ? thread.subject : _("(no subject)"),
                                              frame_.look(!has_subject ? Role::dim : is_unread ? Role::unread : Role::text));
    if (for_tags > 0) draw_tags(frame_, row, area_.column + start + used + 2, room - used - 2, tags);
  }

  void put(int row, int column, int columns, std::string_view text, const Look& look) {
    if (column < area_.columns) frame_.canvas.put_fitted(row, area_.column + column, std::min(columns, area_.columns - column), text, look);
  }
  void put_right(int row, int column, int columns, std::string_view text, const Look& look) {
    if (column + columns <= area_.columns) frame_.canvas.put_right(row, area_.column + column, columns, text, look);
  }

  Frame& frame_;
  app::Area area_;
  RowColumns columns_;
};

}  // namespace

void draw_list(Frame& frame) {
  const app::Area& area = frame.app.geometry().list;
  if (area.empty()) return;
  const app::ThreadList& list = frame.app.list();
  if (frame.app.list_state() != app::ListState::rows) return draw_empty_list(frame, area);
  RowPainter painter(frame, area);
  const bool is_focused = frame.app.focus() == app::Pane::list;
  int row = area.row;
  for (const app::ListLine& line : list.visible()) {
    if (row >= area.row + area.rows) break;
    if (!line.heading.empty()) {
      painter.heading(row++, line.heading);
      continue;
    }
    const bool is_active = line.row == list.cursor();
    if (is_active && is_focused) {
      frame.canvas.cursor_row = row;
      frame.canvas.cursor_column = area.column;
    }
    painter.thread(row++, list.rows()[line.row], is_active, is_focused);
  }
}

}  // namespace valija::ui
