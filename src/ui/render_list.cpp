#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "frame.hpp"
#include "list_columns.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::ui {
namespace {

using config::ColumnKind;
using config::Look;
using config::Role;

std::string short_date(const app::App& app, UnixTime date, int columns) {
  std::string text = app.list_date(date);
  // A whole date of an earlier year: the month is enough here.
  if (display_width(text) > columns) text = fit(text.substr(0, 7), columns);
  return text;
}

/// The letter of an account: its own, else the first of its name.
std::string letter_of(const config::Account& account) {
  if (!account.letter.empty()) return account.letter;
  const std::string name = clean(account.name);
  const auto parts = graphemes(name);
  if (parts.empty()) return "?";
  std::string letter(parts.front().bytes);
  if (letter[0] >= 'a' && letter[0] <= 'z') letter[0] = static_cast<char>(letter[0] - 'a' + 'A');
  return letter;
}

class RowPainter {
 public:
  RowPainter(Frame& frame, const app::Area& area)
      : frame_(frame), area_(area), columns_(place_columns(frame.app.settings().ui_columns, area.columns, frame.app.settings().accounts.size() > 1)) {}

  void heading(int row, const std::string& text) {
    const int used = frame_.canvas.put_fitted(row, area_.column + 2, area_.columns - 3, text, frame_.look(Role::heading));
    frame_.canvas.repeat(row, area_.column + used + 3, area_.columns - used - 4, frame_.signs.rule, frame_.look(Role::rule));
  }

  void thread(int row, const ThreadSummary& thread, bool is_active, bool is_focused) {
    if (frame_.app.settings().ui_linear) return draw_linear_row(frame_, area_, row, thread, is_active);
    const bool is_marked = frame_.app.selection().has(thread);
    Canvas& canvas = frame_.canvas;
    const int left = area_.column;
    if (is_marked) canvas.tint({row, left, 1, area_.columns}, frame_.look(Role::row_marked));
    // Only the left part is marked: it names the row, and moving the cursor stays cheap over a slow line.
    if (is_active) canvas.tint({row, left, 1, std::min(active_width(), area_.columns)}, frame_.look(Role::row_active));
    const Look& accent = accent_of(is_active);
    if (is_active) canvas.put(row, left, 1, frame_.signs.bar, is_focused || !is_soft() ? accent : frame_.look(Role::dim));
    if (is_marked && !is_active) canvas.put(row, left, 1, frame_.signs.done, accent);
    if (app::has_tag(thread.tags, "unread")) canvas.put(row, left + 1, 1, frame_.signs.dot, accent);
    for (const PlacedColumn& column : columns_) draw(row, column, thread, is_active);
  }

  /// The line below a row.
  void snippet(int row, const ThreadSummary& thread) {
    const std::string* text = frame_.app.list().snippet(thread);
    const int start = text_start();
    if (text != nullptr) frame_.canvas.put_fitted(row, area_.column + start, area_.columns - start - 1, *text, frame_.look(Role::dim));
  }

 private:
  void draw(int row, const PlacedColumn& column, const ThreadSummary& thread, bool is_active) {
    const int at = area_.column + column.at;
    switch (column.kind) {
      case ColumnKind::account: return account(row, at, thread, is_active);
      case ColumnKind::date:
        frame_.canvas.put_right(row, at, column.width, short_date(frame_.app, thread.newest, column.width), is_active ? accent_of(true) : frame_.look(Role::date));
        return;
      case ColumnKind::people: return people(row, at, column.width, thread);
      case ColumnKind::count: return count(row, at, column.width, thread);
      case ColumnKind::marks: return marks(row, at, column.width, thread.tags);
      case ColumnKind::subject: return subject(row, at, column.width, thread);
      case ColumnKind::tags: draw_tags(frame_, row, at, column.width, shown_tags(thread.tags)); return;
    }
  }

  /// The row of the cursor has one colour from its bar to its date: few octets for a move.
  void account(int row, int at, const ThreadSummary& thread, bool is_active) {
    const auto number = frame_.app.account_of(thread);
    if (!number) return;
    const config::Account& account = frame_.app.settings().accounts[*number];
    frame_.canvas.put_fitted(row, at, 1, letter_of(account), is_active ? accent_of(true) : frame_.theme.account(*number, account.color));
  }

  void people(int row, int at, int columns, const ThreadSummary& thread) {
    const auto people = frame_.app.people().participants(thread);
    std::string all;
    for (const auto& person : people) all += (all.empty() ? "" : ", ") + person.name;
    const std::string shown = fit(clean(all), columns);
    // What fits is put as one text, so that it is cut once; then the unread names get their look.
    frame_.canvas.put(row, at, columns, shown, frame_.look(Role::text));
    int column = 0;
    for (const auto& person : people) {
      const int width = display_width(clean(person.name));
      if (person.is_unread && column < columns) frame_.canvas.tint({row, at + column, 1, std::min(width, columns - column)}, frame_.look(Role::unread));
      column += width + 2;
    }
  }

  void count(int row, int at, int columns, const ThreadSummary& thread) {
    if (thread.total < 2) return;
    frame_.canvas.put_right(row, at, columns, thread.total > 999 ? "999" : std::to_string(thread.total), frame_.look(Role::count));
  }

  /// Each in its own place where there is one for all of them, else side by side.
  void marks(int row, int at, int columns, const std::vector<std::string>& tags) {
    struct Mark {
      const char *tag, *sign;
      Role role;
    };
    const std::array<Mark, 4> all{{{"flagged", frame_.signs.flag, Role::flagged},
                                   {"replied", frame_.signs.replied, Role::dim},
                                   {"attachment", frame_.signs.attachment, Role::attachment},
                                   {"signed", frame_.signs.is_signed, Role::dim}}};
    int used = 0;
    for (const Mark& mark : all) {
      const bool is_set = app::has_tag(tags, mark.tag);
      if (is_set && used < columns) frame_.canvas.put(row, at + used, 1, mark.sign, frame_.look(mark.role));
      if (is_set || columns >= static_cast<int>(all.size())) ++used;
    }
  }

  void subject(int row, int at, int room, const ThreadSummary& thread) {
    const bool has_own_tags = std::any_of(columns_.begin(), columns_.end(), [](const PlacedColumn& column) { return column.kind == ColumnKind::tags; });
    const bool shows_tags = !has_own_tags && frame_.app.settings().ui_columns.find("tags") != std::string::npos;
    const std::vector<std::string> tags = shows_tags ? shown_tags(thread.tags) : std::vector<std::string>();
    const int wanted = tags_width(frame_, tags), gap = tags_gap(frame_);
    const int for_tags = wanted > 0 && room >= 30 ? std::min(wanted + gap, room * 2 / 5) : 0;
    const bool has_subject = !trim(thread.subject).empty();
    const bool is_unread = app::has_tag(thread.tags, "unread");
    const int used = frame_.canvas.put_fitted(row, at, room - for_tags, has_subject ? thread.subject : _("(no subject)"),
                                              frame_.look(!has_subject ? Role::dim : is_unread ? Role::unread : Role::text));
    if (for_tags > 0) draw_tags(frame_, row, at + used + gap, room - used - gap, tags);
  }

  bool is_soft() const {
    const Look& active = frame_.look(Role::row_active);
    return !active.reverse && (active.background.kind == config::Color::Kind::rgb || active.background.value >= 16);
  }

  /// On one of the sixteen colours the accent may not be seen.
  const Look& accent_of(bool is_active) const { return frame_.look(is_active && !is_soft() ? Role::text : Role::accent); }

  const PlacedColumn* find(ColumnKind kind) const {
    const auto found = std::find_if(columns_.begin(), columns_.end(), [kind](const PlacedColumn& column) { return column.kind == kind; });
    return found == columns_.end() ? nullptr : &*found;
  }

  /// Up to the first column that does not name the row.
  int active_width() const {
    for (std::size_t i = 1; i < columns_.size(); ++i) {
      const ColumnKind kind = columns_[i].kind;
      if (kind != ColumnKind::account && kind != ColumnKind::date && kind != ColumnKind::people) return columns_[i - 1].at + columns_[i - 1].width;
    }
    return area_.columns;
  }

  int text_start() const {
    const auto* people = find(ColumnKind::people);
    const auto* subject = find(ColumnKind::subject);
    return area_.columns >= 100 && subject != nullptr ? subject->at : people != nullptr ? people->at : 2;
  }

  Frame& frame_;
  app::Area area_;
  std::vector<PlacedColumn> columns_;
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
    if (line.is_snippet) {
      painter.snippet(row++, list.rows()[line.row]);
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
