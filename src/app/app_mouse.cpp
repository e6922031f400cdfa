#include <algorithm>

#include "valija/app/reading.hpp"

namespace valija::app {
namespace {

constexpr long wheel_rows = 3;

long step(std::size_t from, std::size_t to) { return static_cast<long>(to) - static_cast<long>(from); }

}  // namespace

void App::mouse(const MouseEvent& event) {
  switch (event.kind) {
    case MouseEvent::Kind::press: click(event); break;
    case MouseEvent::Kind::drag: drag(event); break;
    case MouseEvent::Kind::release: dragged_ = Dragged::nothing; break;
    default: wheel(event);
  }
  settle();
}

void App::click(const MouseEvent& event) {
  const bool is_left = event.button == MouseEvent::Button::left;
  if (prompt_.is_open() || is_help_open_ || desk_.question()) return;
  pending_.clear();
  shows_which_key_ = false;
  if (geometry_.title.has(event.row, event.column)) {
    for (const TabPlace& place : tab_places()) {
      if (is_left && event.column >= place.column && event.column < place.column + place.columns) return go_to_tab(place.number);
    }
    return;
  }
  if (!desk_.is_mail_in_front() || reading_->is_page_open()) return;
  if (geometry_.sidebar_rule.has(event.row, event.column)) {
    dragged_ = Dragged::sidebar;
  } else if (geometry_.reader_rule.has(event.row, event.column)) {
    dragged_ = Dragged::split;
  } else if (geometry_.sidebar.has(event.row, event.column)) {
    const std::size_t at = sidebar_.top_row() + static_cast<std::size_t>(event.row - geometry_.sidebar.row);
    if (!is_left || at >= sidebar_.rows().size() || !sidebar_.rows()[at].is_open_able()) return;
    sidebar_.select(sidebar_.rows()[at].query);
    open_row(SidebarRow(sidebar_.rows()[at]));
  } else if (geometry_.list.has(event.row, event.column)) {
    click_in_list(static_cast<std::size_t>(event.row - geometry_.list.row), event.button == MouseEvent::Button::middle);
  } else if (geometry_.reader.has(event.row, event.column) && is_left) {
    click_in_reader(static_cast<std::size_t>(event.row - geometry_.reader.row));
  }
}

/// The first click puts the cursor on a row, another one there opens it.
void App::click_in_list(std::size_t line, bool in_new_tab) {
  const std::vector<ListLine> lines = list_.visible();
  const bool had_keys = focus_ == Pane::list;
  focus_ = Pane::list;
  if (line >= lines.size() || !lines[line].heading.empty()) return;
  const bool was_there = lines[line].row == list_.cursor();
  opens_when_listed_ = false;
  list_.move(step(list_.cursor(), lines[line].row));
  if (in_new_tab) return open_tab({});
  if (was_there && had_keys) open();
}

/// The head of a message opens and folds it.
void App::click_in_reader(std::size_t line) {
  const std::vector<Reader::VisibleRow> rows = reader_.visible();
  focus_ = Pane::reader;
  if (line >= rows.size()) return;
  const Reader::VisibleRow& row = rows[line];
  if (row.row.kind != ReaderRow::Kind::folded && row.row.kind != ReaderRow::Kind::sender) return;
  const bool is_other = row.message != reader_.current();
  if (is_other) reader_.go_to_message(step(reader_.current(), row.message));
  if (!is_other || row.row.kind == ReaderRow::Kind::sender) reader_.toggle_fold();
}

/// Scrolls what the mouse is over; the keys stay where they are.
void App::wheel(const MouseEvent& event) {
  const long rows = event.kind == MouseEvent::Kind::wheel_up ? -wheel_rows : wheel_rows;
  if (prompt_.is_open() || desk_.question()) return;
  if (is_help_open_ || !desk_.is_mail_in_front() || reading_->is_page_open()) return move(rows);
  if (geometry_.sidebar.has(event.row, event.column)) return sidebar_.move(rows);
  if (geometry_.reader.has(event.row, event.column)) return reader_.scroll(rows);
  if (geometry_.list.has(event.row, event.column)) list_.move(rows);
}

void App::drag(const MouseEvent& event) {
  if (dragged_ == Dragged::sidebar) {
    sidebar_width_ = std::clamp(event.column, narrowest_sidebar, std::max(narrowest_sidebar, geometry_.columns / 2));
  } else if (dragged_ == Dragged::split && !geometry_.reader_rule.empty()) {
    const bool is_beside = geometry_.reader_rule.columns == 1;
    const int wanted = is_beside ? event.column - geometry_.list.column : event.row - geometry_.list.row;
    const int room = is_beside ? geometry_.list.columns + 1 + geometry_.reader.columns : geometry_.list.rows + 1 + geometry_.reader.rows;
    list_share() = std::clamp((wanted * 1000 + room - 1) / std::max(1, room), 0, 1000);
  }
}

}  // namespace valija::app
