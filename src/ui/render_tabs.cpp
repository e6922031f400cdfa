#include <fmt/format.h>

#include <algorithm>

#include "frame.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::ui {

using config::Role;

namespace {

const char* sign_of(const Frame& frame, app::TabName::Kind kind) {
  using Kind = app::TabName::Kind;
  switch (kind) {
    case Kind::search: return "/";
    case Kind::outbox: return frame.signs.outgoing;
    case Kind::draft:
    case Kind::drafts: return frame.signs.draft;
    default: return nullptr;
  }
}

}  // namespace

void draw_tabs(Frame& frame, int end) {
  Canvas& canvas = frame.canvas;
  const int row = frame.app.geometry().title.row;
  const std::vector<app::TabName> tabs = frame.app.tabs();
  bool is_first = true;
  for (const app::TabPlace& place : frame.app.tab_places()) {
    const app::TabName& tab = tabs[place.number];
    if (!is_first) canvas.put(row, place.column - app::tab_rule_columns, app::tab_rule_columns, fmt::format(" {} ", frame.signs.rule_down), frame.look(Role::dim));
    is_first = false;
    int column = place.column;
    const int right = std::min(place.column + place.columns, end);
    const config::Look& look = frame.look(tab.is_front ? Role::title : Role::dim);
    if (const char* sign = sign_of(frame, tab.kind)) column += canvas.put(row, column, right - column, fmt::format("{} ", sign), look);
    const std::string count = tab.unread > 0 ? " " + number(tab.unread) : std::string();
    column += canvas.put_fitted(row, column, right - column - static_cast<int>(count.size()), tab.text, look);
    canvas.put(row, column, right - column, count, frame.look(Role::count));
  }
}

}  // namespace valija::ui
