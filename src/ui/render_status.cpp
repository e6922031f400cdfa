#include <fmt/format.h>

#include <algorithm>

#include "frame.hpp"
#include "valija/app/text_flow.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::ui {
namespace {

using config::Look;
using config::Role;

struct Piece {
  std::string text;
  Look look;
};

int width_of(const std::vector<Piece>& pieces) {
  int width = 0;
  for (const Piece& piece : pieces) width += display_width(piece.text);
  return width;
}

/// What the accounts are doing, for the right end of the title.
std::vector<Piece> activity_pieces(const Frame& frame) {
  using State = app::AccountActivity::State;
  std::vector<Piece> pieces;
  const auto add = [&pieces](std::string text, const Look& look) {
    if (!pieces.empty()) pieces.push_back({"   ", {}});
    pieces.push_back({clean(text), look});
  };
  const app::Activity& activity = frame.app.activity();
  UnixTime newest = 0;
  for (const app::AccountActivity& account : activity.accounts()) {
    if (account.state == State::failed) add(fmt::format("{} {}", frame.signs.failed, account.account), frame.look(Role::danger));
    if (account.state == State::working) add(fmt::format("{} {}", frame.signs.sync, app::to_text(account.progress)), frame.look(Role::bar));
    if (account.state == State::done) newest = std::max(newest, account.finished);
  }
  const app::ComposeDesk& desk = frame.app.desk();
  if (const std::size_t refused = desk.refused_count(); refused > 0) {
    add(fmt::format(fmt::runtime(n_("{} {} not sent", "{} {} not sent", static_cast<unsigned long>(refused))), frame.signs.failed, refused), frame.look(Role::danger));
  }
  if (const std::size_t waiting = desk.waiting_count(); waiting > 0) add(fmt::format("{} {}", frame.signs.outgoing, waiting), frame.look(Role::bar));
  if (!activity.is_working() && activity.messages_to_index() > 0) {
    add(fmt::format(fmt::runtime(_("{} indexing, {} to go")), frame.signs.sync, number(activity.messages_to_index())), frame.look(Role::bar));
  } else if (pieces.empty() && newest > 0) {
    add(fmt::format("{} {}", frame.signs.done, frame.app.list_date(newest)), frame.look(Role::dim));
  }
  return pieces;
}

std::vector<app::KeyHint> fitting_hints(std::vector<app::KeyHint> hints, int columns) {
  const auto width = [&hints] {
    int sum = 0;
    for (const app::KeyHint& hint : hints) sum += display_width(hint.keys) + display_width(hint.text) + 3;
    return sum;
  };
  // The last one tells where all others are: it goes last.
  while (!hints.empty() && width() > columns) hints.erase(hints.end() - (hints.size() > 1 ? 2 : 1));
  return hints;
}

int draw_hints(Frame& frame, const app::Area& area, int columns) {
  const std::vector<app::KeyHint> hints = fitting_hints(frame.app.hints(), columns);
  int width = 0;
  for (const app::KeyHint& hint : hints) width += display_width(hint.keys) + display_width(hint.text) + 3;
  int column = area.columns - width + 1;
  for (const app::KeyHint& hint : hints) {
    column += frame.canvas.put(area.row, column, columns, hint.keys, frame.look(Role::key)) + 1;
    column += frame.canvas.put(area.row, column, columns, hint.text, frame.look(Role::hint)) + 2;
  }
  return width;
}

/// What does not fit into a line gets a panel: a failure is said whole. False: it fits.
bool draw_failure(Frame& frame, const app::Notice& notice) {
  const app::Geometry& geometry = frame.app.geometry();
  const int columns = geometry.columns - 3;
  if (geometry.rows < 8 || display_width(clean(notice.text)) + display_width(clean(notice.hint)) + 2 <= columns) return false;
  const auto rows_of = [columns](const std::string& text) {
    Line line;
    line.spans.push_back({clean(text), {}});
    return text.empty() ? 0 : static_cast<int>(app::flow({line}, columns, columns).size());
  };
  app::Area area = panel(frame, std::min({rows_of(notice.text) + rows_of(notice.hint), geometry.rows / 2, 8}));
  area.column = 1;
  area.columns = columns;
  const int row = draw_paragraph(frame, area, area.row, notice.text, frame.look(Role::danger));
  if (!notice.hint.empty()) draw_paragraph(frame, area, row, notice.hint, frame.look(Role::text));
  return true;
}

}  // namespace

app::Area panel(Frame& frame, int rows) {
  const app::Geometry& geometry = frame.app.geometry();
  const int most = std::max(0, geometry.rows - 2);
  const int height = std::min(rows, most);
  const app::Area area{geometry.rows - 1 - height, 0, height, geometry.columns};
  frame.canvas.fill(area, frame.look(Role::bar));
  return area;
}

void draw_title(Frame& frame) {
  const app::Area& area = frame.app.geometry().title;
  if (area.empty()) return;
  Canvas& canvas = frame.canvas;
  const Look& bar = frame.look(Role::bar);
  canvas.fill(area, bar);
  Look strong = over(bar, frame.look(Role::accent));
  strong.bold = true;
  const int column = 1 + canvas.put(area.row, 1, area.columns - 1, "valija", strong) + 3;
  const std::vector<app::TabPlace> tabs = frame.app.tab_places();
  const int behind_tabs = tabs.size() > 1 ? tabs.back().column + tabs.back().columns : column + 12;
  std::vector<Piece> pieces = activity_pieces(frame);
  const int most_right = std::max(0, area.columns - behind_tabs - 3);
  const int right = std::min(width_of(pieces), most_right);
  int at = area.columns - right - 1;
  for (const Piece& piece : pieces) at += canvas.put_fitted(area.row, at, area.columns - 1 - at, piece.text, piece.look);
  const int room = area.columns - column - right - 3;
  if (frame.app.is_help_open()) {
    const int used = canvas.put_fitted(area.row, column, room, _("Keys and commands"), frame.look(Role::title));
    if (!frame.app.help_wanted().empty()) canvas.put_fitted(area.row, column + used + 2, room - used - 2, "/ " + frame.app.help_wanted(), frame.look(Role::match));
    return;
  }
  if (frame.app.is_activity_open()) {
    canvas.put_fitted(area.row, column, room, _("What goes on"), frame.look(Role::title));
    return;
  }
  draw_tabs(frame, column + room);
}

void draw_message_line(Frame& frame) {
  const app::Area& area = frame.app.geometry().message;
  if (area.empty()) return;
  if (frame.app.prompt().is_open()) return draw_prompt(frame, area);
  app::Notice notice = frame.app.notice();
  // What is under way comes before what was said, but for what failed.
  if (std::string doing = frame.app.progress_in_words(); !doing.empty() && notice.kind != app::Notice::Kind::failed) notice = {app::Notice::Kind::hint, std::move(doing), {}};
  // One that was read keeps its line, not its panel.
  if (notice.kind == app::Notice::Kind::failed && !notice.is_read && draw_failure(frame, notice)) notice = {};
  const Role role = notice.kind == app::Notice::Kind::failed ? Role::danger
                    : notice.kind == app::Notice::Kind::done ? Role::success
                                                             : Role::status;
  if (notice.kind == app::Notice::Kind::none) notice.text = frame.app.departure();
  if (notice.kind == app::Notice::Kind::none && notice.text.empty()) notice.text = frame.app.marked_in_words();
  const std::string text = clean(notice.text), hint = clean(notice.hint);
  const int text_width = display_width(text), hint_width = hint.empty() ? 0 : display_width(hint) + 2;
  int column = frame.canvas.put_fitted(area.row, 1, area.columns - 2, text, frame.look(role)) + 1;
  if (!hint.empty()) column += frame.canvas.put_fitted(area.row, column + 2, area.columns - column - 3, hint, frame.look(Role::hint)) + 2;
  const std::string pending = frame.app.pending_keys();
  if (text.empty() && !pending.empty()) column += frame.canvas.put(area.row, 1, area.columns - 2, pending, frame.look(Role::key));
  draw_hints(frame, area, area.columns - std::max(column, text_width + hint_width + 1) - 3);
}

void draw_which_key(Frame& frame) {
  const std::vector<app::KeyHint> keys = frame.app.which_key();
  if (keys.empty()) return;
  int widest = 0;
  for (const app::KeyHint& key : keys) widest = std::max(widest, display_width(key.keys) + display_width(clean(key.text)) + 6);
  const int columns = frame.app.geometry().columns;
  const int across = std::clamp(columns / std::max(1, std::min(widest, 40)), 1, 4);
  const int down = (static_cast<int>(keys.size()) + across - 1) / across;
  const app::Area area = panel(frame, down);
  const int width = columns / across;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const int row = area.row + static_cast<int>(i) % down, column = static_cast<int>(i) / down * width;
    if (row >= area.row + area.rows) continue;
    frame.canvas.put_right(row, column + 1, 4, keys[i].keys, frame.look(Role::key));
    frame.canvas.put_fitted(row, column + 7, width - 8, keys[i].text, frame.look(Role::text));
  }
}

}  // namespace valija::ui
