#include "terminal_model.hpp"

#include <algorithm>

#include "valija/base/text.hpp"

namespace valija::testing {

bool is_common(const ui::Cell& cell) { return cell.text.size() <= 1 || (cell.text.size() <= 3 && graphemes(cell.text).size() == 1 && static_cast<unsigned char>(cell.text[0]) >= 0xC3 && cell.text.find("\u200d") == std::string::npos); }

void TerminalModel::resize(int columns, int rows) {
  TerminalModel resized(columns, rows);
  resized.has_narrow_emoji = has_narrow_emoji;
  resized.cursor_visible_ = cursor_visible_;
  resized.foreign_ = foreign_;
  *this = std::move(resized);
  // What a terminal shows after a resize is its own affair.
  for (ui::Cell& each : cells_) each.text = "#";
}

void TerminalModel::feed(std::string_view bytes) {
  std::size_t at = 0;
  while (at < bytes.size()) {
    const auto octet = static_cast<unsigned char>(bytes[at]);
    if (octet == 0x1b) {
      if (at + 1 < bytes.size() && bytes[at + 1] == '[') {
        std::size_t end = at + 2;
        while (end < bytes.size() && (bytes[end] < '@' || bytes[end] > '~')) ++end;
        if (end < bytes.size()) control(bytes.substr(at + 2, end - at - 2), bytes[end]);
        at = end + 1;
        continue;
      }
      if (const std::size_t end = bytes.find("\x1b\\", at + 1); bytes.substr(at).starts_with("\x1b]8;;") && end != std::string_view::npos) {
        link_ = bytes.substr(at + 5, end - at - 5);
        if (!link_.empty()) ++links_;
        at = end + 2;
        continue;
      }
      foreign_ += "ESC ";
      ++at;
    } else if (octet == '\r') {
      column_ = 0;
      ++at;
    } else if (octet == '\b') {
      column_ = std::max(0, column_ - 1);
      ++at;
    } else if (octet < 0x20 || octet == 0x7f) {
      foreign_ += "control ";
      ++at;
    } else {
      std::size_t end = at;
      while (end < bytes.size() && static_cast<unsigned char>(bytes[end]) >= 0x20 && bytes[end] != 0x7f) ++end;
      text(bytes.substr(at, end - at));
      at = end;
    }
  }
}

void TerminalModel::text(std::string_view run) {
  if (clean(run) != run) foreign_ += "unclean ";
  for (const Grapheme& grapheme : graphemes(run)) {
    ui::Cell tested;
    tested.text = grapheme.bytes;
    const int width = has_narrow_emoji && !is_common(tested) ? 1 : grapheme.width;
    write(grapheme.bytes, width);
  }
}

void TerminalModel::write(std::string_view grapheme, int width) {
  if (column_ + width > columns_) column_ = std::max(0, columns_ - width);  // autowrap is off
  for (int i = 0; i < width && column_ + i < columns_; ++i) {
    // Half of a wide character that is written over takes its other half with it.
    ui::Cell& old = cell(row_, column_ + i);
    if (old.width == 2 && column_ + i + 1 < columns_) cell(row_, column_ + i + 1) = {" ", old.look, 1};
    if (old.width == 0 && column_ + i > 0) cell(row_, column_ + i - 1) = {" ", cell(row_, column_ + i - 1).look, 1};
    old = {"", look_, 0};
  }
  ui::Cell& first = cell(row_, column_);
  first.text = grapheme;
  first.width = static_cast<std::uint8_t>(width);
  column_ = std::min(columns_ - 1, column_ + width);
}

void TerminalModel::blank(int row, int from, int to) {
  config::Look look;
  look.background = look_.background;
  for (int column = from; column < to; ++column) cell(row, column) = {" ", look, 1};
}

void TerminalModel::control(std::string_view parameters, char final) {
  if (parameters.starts_with("?")) {
    if (parameters == "?25") cursor_visible_ = final == 'h';
    else if (parameters != "?2026" && parameters != "?12" && parameters != "?12;25") foreign_ += std::string(parameters) + final;
    if (parameters == "?12;25") cursor_visible_ = final == 'h';
    return;
  }
  std::vector<int> numbers;
  for (const std::string& field : split(parameters, ';')) numbers.push_back(field.empty() ? 0 : std::stoi(field));
  const int first = numbers.empty() ? 0 : numbers[0];
  const int count = std::max(1, first);
  switch (final) {
    case 'H':
      row_ = std::clamp(count - 1, 0, rows_ - 1);
      column_ = std::clamp(numbers.size() > 1 ? numbers[1] - 1 : 0, 0, columns_ - 1);
      break;
    case 'G': column_ = std::clamp(count - 1, 0, columns_ - 1); break;
    case 'A': row_ = std::max(0, row_ - count); break;
    case 'B': row_ = std::min(rows_ - 1, row_ + count); break;
    case 'C': column_ = std::min(columns_ - 1, column_ + count); break;
    case 'D': column_ = std::max(0, column_ - count); break;
    case 'K': blank(row_, column_, columns_); break;
    case 'X': blank(row_, column_, std::min(columns_, column_ + count)); break;
    case 'J':
      for (int row = 0; row < rows_; ++row) blank(row, 0, columns_);
      break;
    case 'r':
      top_ = count - 1;
      bottom_ = (numbers.size() > 1 ? numbers[1] : rows_) - 1;
      row_ = column_ = 0;
      break;
    case 'S':
    case 'T':
      for (int i = 0; i < count; ++i) {
        const auto begin = cells_.begin() + top_ * columns_, end = cells_.begin() + (bottom_ + 1) * columns_;
        if (final == 'S') std::rotate(begin, begin + columns_, end);
        if (final == 'T') std::rotate(begin, end - columns_, end);
        blank(final == 'S' ? bottom_ : top_, 0, columns_);
      }
      break;
    case 'm': select_look(numbers.empty() ? std::vector<int>{0} : numbers); break;
    default: foreign_ += std::string(parameters) + final;
  }
}

void TerminalModel::select_look(const std::vector<int>& numbers) {
  using config::Color;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const int n = numbers[i];
    if (n == 0) look_ = {};
    else if (n == 1) look_.bold = true;
    else if (n == 2) look_.dim = true;
    else if (n == 3) look_.italic = true;
    else if (n == 4) look_.underline = true;
    else if (n == 7) look_.reverse = true;
    else if (n == 22) look_.bold = look_.dim = false;
    else if (n == 23) look_.italic = false;
    else if (n == 24) look_.underline = false;
    else if (n == 27) look_.reverse = false;
    else if (n == 39) look_.foreground = {};
    else if (n == 49) look_.background = {};
    else if (n == 38 || n == 48) {
      Color& color = n == 38 ? look_.foreground : look_.background;
      if (i + 2 < numbers.size() && numbers[i + 1] == 5) {
        color = {Color::Kind::index, static_cast<std::uint32_t>(numbers[i + 2])};
        i += 2;
      } else if (i + 4 < numbers.size()) {
        color = {Color::Kind::rgb, static_cast<std::uint32_t>(numbers[i + 2] << 16 | numbers[i + 3] << 8 | numbers[i + 4])};
        i += 4;
      }
    } else if (n >= 30 && n <= 37) look_.foreground = {Color::Kind::index, static_cast<std::uint32_t>(n - 30)};
    else if (n >= 40 && n <= 47) look_.background = {Color::Kind::index, static_cast<std::uint32_t>(n - 40)};
    else if (n >= 90 && n <= 97) look_.foreground = {Color::Kind::index, static_cast<std::uint32_t>(n - 82)};
    else if (n >= 100 && n <= 107) look_.background = {Color::Kind::index, static_cast<std::uint32_t>(n - 92)};
    else foreign_ += "sgr" + std::to_string(n) + " ";
  }
}

}  // namespace valija::testing
