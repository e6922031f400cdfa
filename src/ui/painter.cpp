#include "valija/ui/painter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace valija::ui {
namespace {

constexpr std::size_t large_frame = 512;  // octets; below, a frame arrives in one packet
constexpr int shortest_erase = 8;         // blanks that cost more than an erase sequence
constexpr int widest_reprint = 4;         // unchanged cells that cost less than a jump over them

/// Terminals agree on the width of these; behind all others the cursor is placed anew.
bool has_agreed_width(const Cell& cell) {
  const auto first = static_cast<unsigned char>(cell.text[0]);
  if (first < 0x80) return cell.text.size() == 1;
  if (first < 0xE0) return cell.width == 1 && cell.text.size() == 2 && first < 0xD6;  // Latin, Greek, Cyrillic
  if (first < 0xF0 && cell.text.size() == 3) {
    if (cell.width == 2) return first >= 0xE3 && first <= 0xED;  // kana, Han, Hangul
    return first == 0xE2;                                        // our own lines and dots, punctuation
  }
  return false;
}

bool is_blank(const Cell& cell) { return cell.width == 1 && cell.text == " " && cell.link == 0; }

}  // namespace

std::string Painter::paint(Canvas next) {
  out_.clear();
  const bool has_other_picture = next.picture != last_.picture;
  const bool is_fresh = !is_known_ || has_other_picture || last_.columns() != next.columns() || last_.rows() != next.rows();
  if (is_fresh) {
    if (last_.picture) out_ += last_.picture->erase;
    last_ = Canvas(next.columns(), next.rows());
    look_is_known_ = false;
    show_look({});
    out_ += capabilities_.clear;
    row_ = column_ = -1;
    is_known_ = true;
  }
  if (!is_fresh && !next.picture) scroll_like(next);  // rows would take a picture with them
  for (int row = 0; row < next.rows(); ++row) paint_row(next, row);
  show_link({});
  if (is_fresh && next.picture) {
    move_to(next, next.picture->row, next.picture->column);
    out_ += *next.picture->bytes;
    row_ = column_ = -1;
  }

  const std::size_t drawn = out_.size();
  if (next.rows() > 0 && next.columns() > 0) {
    const int row = std::clamp(next.cursor_row, 0, next.rows() - 1);
    move_to(next, row, std::clamp(next.cursor_column, 0, next.columns() - 1));
  }
  std::string before, after;
  if (drawn > large_frame) {
    if (cursor_visible_) before = capabilities_.cursor_hide;
    if (next.cursor_visible) after = capabilities_.cursor_show;
    if (capabilities_.is_modern) {
      before += "\x1b[?2026h";
      after += "\x1b[?2026l";
    }
  } else if (is_fresh || next.cursor_visible != cursor_visible_) {
    after = next.cursor_visible ? capabilities_.cursor_show : capabilities_.cursor_hide;
  }
  cursor_visible_ = next.cursor_visible;
  last_ = std::move(next);
  return before + out_ + after;
}

void Painter::paint_row(const Canvas& next, int row) {
  const int columns = next.columns();
  int tail = columns;  // blanks of one look up to the end
  while (tail > 0 && is_blank(next.at(row, tail - 1)) && next.at(row, tail - 1).look == next.at(row, columns - 1).look) --tail;
  for (int column = 0; column < columns;) {
    if (next.at(row, column) == last_.at(row, column)) {
      ++column;
      continue;
    }
    if (next.at(row, column).width == 0 && column > 0) --column;
    if (column >= tail && columns - column >= 4 && may_erase(next.at(row, column).look) && !capabilities_.clear_to_end.empty()) {
      move_to(next, row, column);
      show_link({});
      show_look(look_for(next.at(row, column)));
      out_ += capabilities_.clear_to_end;
      return;
    }
    if (const int erased = paint_blanks(next, row, column); erased > 0) {
      column += erased;
      continue;
    }
    column += paint_cell(next, row, column);
  }
}

bool Painter::may_erase(const config::Look& look) const {
  if (look.underline || look.reverse || look.strike) return false;
  return capabilities_.erases_with_background || look.background == config::Color{} || depth_ == config::ColorDepth::mono;
}

int Painter::paint_blanks(const Canvas& next, int row, int column) {
  if (capabilities_.erase_characters.empty()) return 0;
  const Cell& first = next.at(row, column);
  if (!is_blank(first) || !may_erase(first.look)) return 0;
  int end = column;
  int last_changed = column;
  while (end < next.columns() && next.at(row, end) == first) {
    if (last_.at(row, end) != first) last_changed = end;
    ++end;
  }
  const int count = last_changed + 1 - column;
  if (count < shortest_erase) return 0;
  move_to(next, row, column);
  show_link({});
  show_look(look_for(first));
  out_ += formatted(capabilities_.erase_characters, count);
  return count;
}

int Painter::paint_cell(const Canvas& next, int row, int column) {
  const Cell& cell = next.at(row, column);
  const int width = std::max<int>(1, cell.width);
  if (!capabilities_.can_write_corner && row == next.rows() - 1 && column + width >= next.columns()) return width;
  move_to(next, row, column);
  show_link(next.target_of(cell));
  show_look(look_for(cell));
  const bool is_agreed = has_agreed_width(cell);
  if (!is_utf8_ && static_cast<unsigned char>(cell.text[0]) >= 0x80) {
    out_.append(static_cast<std::size_t>(width), '?');
    column_ += width;
  } else if (is_agreed) {
    out_ += cell.text;
    column_ += width;
  } else {
    // A terminal may give it another width: nothing old may stay beside it, and the next cell finds its own place.
    if (width == 2) {
      out_ += "  ";
      column_ = -1;
      move_to(next, row, column);
    }
    out_ += cell.text;
    column_ = -1;
  }
  if (column_ >= next.columns()) column_ = -1;
  return width;
}

void Painter::move_to(const Canvas& next, int row, int column) {
  if (row == row_ && column == column_) return;
  std::string best = formatted(capabilities_.cursor_address, row, column);
  const auto consider = [&best](std::string other) {
    if (!other.empty() && other.size() < best.size()) best = std::move(other);
  };
  if (row == row_ && column_ >= 0) {
    const int gap = column - column_;
    if (gap > 0 && gap <= widest_reprint && row < next.rows()) {
      // Cells in between are done: writing them again may be shorter than jumping.
      std::string between;
      for (int at = column_; at < column; ++at) {
        const Cell& cell = next.at(row, at);
        const bool is_same = cell.text.size() == 1 && cell.width == 1 && look_for(cell) == look_ && look_is_known_ && next.target_of(cell) == link_;
        between += is_same ? cell.text : std::string(99, ' ');
      }
      consider(std::move(between));
    }
    if (gap > 0) consider(formatted(capabilities_.cursor_right, gap));
    if (gap < 0 && gap > -4) consider(std::string(static_cast<std::size_t>(-gap), '\b'));
  }
  if (row == row_) {
    if (column == 0) consider("\r");
    consider(formatted(capabilities_.column_address, column));
  }
  if (row_ >= 0 && column == column_) {
    consider(row > row_ ? formatted(capabilities_.cursor_down, row - row_) : formatted(capabilities_.cursor_up, row_ - row));
  }
  out_ += best;
  row_ = row;
  column_ = column;
}

void Painter::add_color(std::string& parameters, config::Color color, bool is_foreground) const {
  color = config::reduced(color, depth_);
  const int base = is_foreground ? 30 : 40;
  if (!parameters.empty()) parameters += ';';
  if (color.kind == config::Color::Kind::standard || depth_ == config::ColorDepth::mono) {
    parameters += std::to_string(base + 9);
  } else if (color.kind == config::Color::Kind::rgb) {
    parameters += fmt::format("{};2;{};{};{}", base + 8, color.value >> 16 & 255, color.value >> 8 & 255, color.value & 255);
  } else if (color.value < 8) {
    parameters += std::to_string(base + static_cast<int>(color.value));
  } else if (color.value < 16) {
    // Where a terminal has no bright ones the standard colour stays: legible, as bright black made black would not be.
    parameters += std::to_string(base + 60 + static_cast<int>(color.value) - 8);
  } else {
    parameters += fmt::format("{};5;{}", base + 8, color.value);
  }
}

/// What turns one look into another, as parameters of SGR (ECMA-48 8.3.117).
std::string Painter::change_of(config::Look from, const config::Look& look) const {
  std::string parameters;
  const auto add = [&parameters](std::string_view number) { parameters += (parameters.empty() ? "" : ";") + std::string(number); };
  const auto attribute = [&add](bool before, bool now, const char* on, const char* off) {
    if (before != now) add(now ? on : off);
  };
  if ((from.bold && !look.bold) || (from.dim && !look.dim)) {
    add("22");  // the end of both
    from.bold = from.dim = false;
  }
  attribute(from.bold, look.bold, "1", "22");
  attribute(from.dim, look.dim, "2", "22");
  attribute(from.italic, look.italic, "3", "23");
  attribute(from.underline, look.underline, "4", "24");
  attribute(from.reverse, look.reverse, "7", "27");
  attribute(from.strike, look.strike, "9", "29");
  if (depth_ != config::ColorDepth::mono) {
    if (look.foreground != from.foreground) add_color(parameters, look.foreground, true);
    if (look.background != from.background) add_color(parameters, look.background, false);
  }
  return parameters;
}

config::Look Painter::look_for(const Cell& cell) const {
  const auto has_lines = [](const config::Look& look) { return look.underline || look.reverse || look.strike; };
  if (!is_blank(cell) || !look_is_known_ || has_lines(cell.look) || has_lines(look_)) return cell.look;
  config::Look look = look_;
  look.background = cell.look.background;
  return look;
}

void Painter::show_look(const config::Look& look) {
  if (look_is_known_ && look == look_) return;
  if (!capabilities_.is_ecma) return show_look_by_terminfo(look);
  const bool loses = (look_.bold && !look.bold) || (look_.dim && !look.dim) || (look_.italic && !look.italic) ||
                     (look_.underline && !look.underline) || (look_.reverse && !look.reverse) || (look_.strike && !look.strike);
  const std::string change = change_of(look_, look);
  std::string anew = change_of({}, look);
  if (!anew.empty()) anew = "0;" + anew;
  // Old terminals end attributes only all together.
  const bool may_change = look_is_known_ && (!loses || capabilities_.is_modern);
  if (!may_change || anew.size() < change.size()) {
    out_ += "\x1b[" + anew + "m";
  } else if (!change.empty()) {
    out_ += "\x1b[" + change + "m";
  }
  look_ = look;
  look_is_known_ = true;
}

void Painter::show_link(const std::string& target) {
  if (target == link_ || !capabilities_.is_modern) return;
  out_ += "\x1b]8;;" + target + "\x1b\\";
  link_ = target;
}

void Painter::show_look_by_terminfo(const config::Look& look) {
  out_ += capabilities_.reset;
  if (look.bold) out_ += capabilities_.bold;
  if (look.dim) out_ += capabilities_.dim;
  if (look.underline) out_ += capabilities_.underline;
  if (look.reverse) out_ += capabilities_.reverse;
  look_ = look;
  look_is_known_ = true;
}

}  // namespace valija::ui
