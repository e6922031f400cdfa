#include "emulator.hpp"

#include <vterm.h>

#include <algorithm>
#include <array>
#include <utility>

#include "valija/base/text.hpp"
#include "valija/base/utf8.hpp"

namespace valija::pty {
namespace {

std::string text_of(const VTermScreenCell& cell) {
  std::string text;
  for (const uint32_t point : cell.chars) {
    if (point == 0 || point > 0x10ffff) break;
    text += to_utf8(point);
  }
  text = clean(text);
  return text.empty() ? " " : text;
}

int color_of(const VTermColor& color) {
  if (VTERM_COLOR_IS_DEFAULT_FG(&color) || VTERM_COLOR_IS_DEFAULT_BG(&color)) return -1;
  if (VTERM_COLOR_IS_INDEXED(&color)) return color.indexed.idx;
  return 0x1000000 | color.rgb.red << 16 | color.rgb.green << 8 | color.rgb.blue;
}

VTermKey named_key(config::KeyName name) {
  using config::KeyName;
  constexpr std::array<std::pair<KeyName, VTermKey>, 14> names{{
      {KeyName::enter, VTERM_KEY_ENTER}, {KeyName::escape, VTERM_KEY_ESCAPE}, {KeyName::tab, VTERM_KEY_TAB}, {KeyName::backspace, VTERM_KEY_BACKSPACE},
      {KeyName::insert, VTERM_KEY_INS}, {KeyName::del, VTERM_KEY_DEL}, {KeyName::home, VTERM_KEY_HOME}, {KeyName::end, VTERM_KEY_END},
      {KeyName::page_up, VTERM_KEY_PAGEUP}, {KeyName::page_down, VTERM_KEY_PAGEDOWN}, {KeyName::up, VTERM_KEY_UP}, {KeyName::down, VTERM_KEY_DOWN},
      {KeyName::left, VTERM_KEY_LEFT}, {KeyName::right, VTERM_KEY_RIGHT},
  }};
  for (const auto& [ours, theirs] : names) {
    if (ours == name) return theirs;
  }
  if (name < KeyName::f1) return VTERM_KEY_NONE;
  return static_cast<VTermKey>(VTERM_KEY_FUNCTION(1 + static_cast<int>(name) - static_cast<int>(KeyName::f1)));
}

VTermModifier modifiers_of(const config::Key& key) {
  return static_cast<VTermModifier>((key.shift ? VTERM_MOD_SHIFT : 0) | (key.alt ? VTERM_MOD_ALT : 0) | (key.ctrl ? VTERM_MOD_CTRL : 0));
}

}  // namespace

void Emulator::Free::operator()(VTerm* terminal) const { vterm_free(terminal); }

Emulator::Emulator(int columns, int rows) : terminal_(vterm_new(rows, columns)), cells_(vterm_obtain_screen(terminal_.get())) {
  vterm_set_utf8(terminal_.get(), 1);
  vterm_output_set_callback(
      terminal_.get(), [](const char* octets, std::size_t count, void* self) { static_cast<Emulator*>(self)->output_.append(octets, count); }, this);
  static constexpr VTermScreenCallbacks callbacks{
      .damage = [](VTermRect, void* self) { return static_cast<Emulator*>(self)->is_changed_ = true, 1; },
      .moverect = nullptr,
      .movecursor = [](VTermPos, VTermPos, int, void* self) { return static_cast<Emulator*>(self)->is_changed_ = true, 1; },
      .settermprop =
          [](VTermProp property, VTermValue* value, void* self) {
            if (property == VTERM_PROP_CURSORVISIBLE) static_cast<Emulator*>(self)->cursor_visible_ = value->boolean != 0;
            return static_cast<Emulator*>(self)->is_changed_ = true, 1;
          },
      .bell = nullptr,
      .resize = nullptr,
      .sb_pushline = nullptr,
      .sb_popline = nullptr,
  };
  vterm_screen_set_callbacks(cells_, &callbacks, this);
  vterm_screen_enable_altscreen(cells_, 1);
  vterm_screen_reset(cells_, 1);
  resize(columns, rows);
}

void Emulator::feed(std::string_view octets) { vterm_input_write(terminal_.get(), octets.data(), octets.size()); }

void Emulator::key(const config::Key& key) {
  if (key.name != config::KeyName::none) {
    vterm_keyboard_key(terminal_.get(), named_key(key.name), modifiers_of(key));
  } else {
    vterm_keyboard_unichar(terminal_.get(), key.point, modifiers_of(key));
  }
}

/// What is pasted is text: no control of it can end the paste and type.
void Emulator::paste(std::string_view text) {
  vterm_keyboard_start_paste(terminal_.get());
  std::string lines = clean_lines(text);
  std::replace(lines.begin(), lines.end(), '\n', '\r');
  output_ += lines;
  vterm_keyboard_end_paste(terminal_.get());
}

void Emulator::resize(int columns, int rows) {
  columns = std::max(columns, 2), rows = std::max(rows, 1);
  vterm_set_size(terminal_.get(), rows, columns);
  screen_.columns = columns, screen_.rows = rows;
  screen_.cells.assign(static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows), {});
  is_changed_ = true;
}

std::string Emulator::take_output() { return std::exchange(output_, {}); }

bool Emulator::refresh() {
  if (!std::exchange(is_changed_, false)) return false;
  for (int row = 0; row < screen_.rows; ++row) {
    for (int column = 0; column < screen_.columns; ++column) copy_cell(row, column);
  }
  VTermPos at{};
  vterm_state_get_cursorpos(vterm_obtain_state(terminal_.get()), &at);
  screen_.cursor_row = std::clamp(at.row, 0, screen_.rows - 1);
  screen_.cursor_column = std::clamp(at.col, 0, screen_.columns - 1);
  screen_.cursor_visible = cursor_visible_;
  return true;
}

void Emulator::copy_cell(int row, int column) {
  ScreenCell& ours = screen_.cells[static_cast<std::size_t>(row) * static_cast<std::size_t>(screen_.columns) + static_cast<std::size_t>(column)];
  VTermScreenCell cell{};
  if (vterm_screen_get_cell(cells_, {row, column}, &cell) == 0) return;
  const bool is_right_half = cell.chars[0] == static_cast<uint32_t>(-1);
  ours = {.text = is_right_half ? std::string() : text_of(cell),
          .foreground = color_of(cell.fg),
          .background = color_of(cell.bg),
          .bold = cell.attrs.bold != 0,
          .italic = cell.attrs.italic != 0,
          .underline = cell.attrs.underline != 0,
          .reverse = cell.attrs.reverse != 0,
          .width = static_cast<std::uint8_t>(is_right_half ? 0 : std::clamp<int>(cell.width, 1, 2))};
}

}  // namespace valija::pty
