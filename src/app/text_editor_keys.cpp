#include <algorithm>

#include "valija/app/text_editor.hpp"
#include "valija/base/text.hpp"
#include "valija/base/utf8.hpp"

namespace valija::app {
namespace {

using config::Key;
using config::KeyName;

bool is_ctrl(const Key& key, char32_t letter) { return key.ctrl && !key.alt && key.point == letter; }
bool is_alt(const Key& key, char32_t letter) { return key.alt && !key.ctrl && key.point == letter; }

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace

bool TextEditor::key(const Key& key) { return move_key(key) || edit_key(key); }

bool TextEditor::move_key(const Key& key) {
  const int goal = goal_;
  const bool is_text = kind_ == Kind::text;
  if ((key.name == KeyName::left && (key.ctrl || key.alt)) || is_alt(key, U'b')) {
    cursor_ = word_before();
  } else if ((key.name == KeyName::right && (key.ctrl || key.alt)) || is_alt(key, U'f')) {
    cursor_ = word_after();
  } else if (key.name == KeyName::left || is_ctrl(key, U'b')) {
    left();
  } else if (key.name == KeyName::right || is_ctrl(key, U'f')) {
    right();
  } else if (is_text && key.name == KeyName::home && key.ctrl) {
    cursor_ = {};
  } else if (is_text && key.name == KeyName::end && key.ctrl) {
    cursor_ = {lines_.size() - 1, lines_.back().size()};
  } else if (key.name == KeyName::home || is_ctrl(key, U'a')) {
    cursor_.octet = 0;
  } else if (key.name == KeyName::end || is_ctrl(key, U'e')) {
    cursor_.octet = line().size();
  } else if (is_text && (key.name == KeyName::up || is_ctrl(key, U'p'))) {
    goal_ = goal;
    move_rows(-1);
    return true;
  } else if (is_text && (key.name == KeyName::down || is_ctrl(key, U'n'))) {
    move_rows(1);
    return true;
  } else if (is_text && key.name == KeyName::page_up) {
    move_rows(-std::max(1, screen_rows_ - 2));
    return true;
  } else if (is_text && key.name == KeyName::page_down) {
    move_rows(std::max(1, screen_rows_ - 2));
    return true;
  } else {
    return false;
  }
  last_edit_ = Edit::none;
  goal_ = -1;
  keep_visible();
  return true;
}

bool TextEditor::edit_key(const Key& key) {
  const bool is_text = kind_ == Kind::text;
  if (is_ctrl(key, U'_') || is_alt(key, U'u')) {
    undo();
  } else if (is_ctrl(key, U'r') || is_alt(key, U'r')) {
    redo();
  } else if (is_ctrl(key, U'w') || (key.name == KeyName::backspace && (key.alt || key.ctrl))) {
    erase(word_before(), cursor_, true);
  } else if (is_alt(key, U'd') || (key.name == KeyName::del && key.ctrl)) {
    erase(cursor_, word_after(), true);
  } else if (key.name == KeyName::backspace || is_ctrl(key, U'h')) {
    erase_before();
  } else if (key.name == KeyName::del || is_ctrl(key, U'd')) {
    erase_after();
  } else if (is_ctrl(key, U'k')) {
    erase_to_end();
  } else if (is_ctrl(key, U'u')) {
    erase({cursor_.line, 0}, cursor_, true);
  } else if (is_ctrl(key, U'y')) {
    insert(std::string(cut_));
  } else if (is_text && is_alt(key, U'k')) {
    erase_paragraph();
  } else if (is_text && is_alt(key, U'q')) {
    reflow();
  } else if (is_text && key.name == KeyName::enter) {
    enter();
  } else if (is_text && key.name == KeyName::tab && !key.shift) {
    insert(std::string(4 - static_cast<std::size_t>(display_width(line().substr(0, cursor_.octet))) % 4, ' '));
  } else if (key.name == KeyName::none && key.point >= U' ' && !key.ctrl && !key.alt) {
    insert(to_utf8(key.point));
  } else {
    return false;
  }
  return true;
}

void TextEditor::left() {
  if (cursor_.octet > 0) {
    const std::string_view before = std::string_view(line()).substr(0, cursor_.octet);
    const std::vector<Grapheme> all = graphemes(before);
    cursor_.octet = static_cast<std::size_t>(all.back().bytes.data() - before.data());
  } else if (cursor_.line > 0) {
    --cursor_.line;
    cursor_.octet = line().size();
  }
}

void TextEditor::right() {
  if (cursor_.octet < line().size()) {
    const std::string_view rest = std::string_view(line()).substr(cursor_.octet);
    const std::vector<Grapheme> all = graphemes(rest);
    cursor_.octet = all.size() > 1 ? cursor_.octet + static_cast<std::size_t>(all[1].bytes.data() - rest.data()) : line().size();
  } else if (cursor_.line + 1 < lines_.size()) {
    cursor_ = {cursor_.line + 1, 0};
  }
}

TextEditor::Place TextEditor::word_before() const {
  Place place = cursor_;
  if (place.octet == 0) return place.line == 0 ? place : Place{place.line - 1, lines_[place.line - 1].size()};
  const std::string& text = lines_[place.line];
  while (place.octet > 0 && !is_word(text[place.octet - 1])) --place.octet;
  while (place.octet > 0 && is_word(text[place.octet - 1])) --place.octet;
  place.octet = snapped(text, place.octet, -1);
  return place;
}

TextEditor::Place TextEditor::word_after() const {
  Place place = cursor_;
  const std::string& text = lines_[place.line];
  if (place.octet == text.size()) return place.line + 1 == lines_.size() ? place : Place{place.line + 1, 0};
  while (place.octet < text.size() && !is_word(text[place.octet])) ++place.octet;
  while (place.octet < text.size() && is_word(text[place.octet])) ++place.octet;
  place.octet = snapped(text, place.octet, 1);
  return place;
}

void TextEditor::move_rows(int rows) {
  RowPlace place = row_of_cursor();
  const auto begin_of = [this](const RowPlace& at) { return rows_of(at.line)[at.row].begin; };
  if (goal_ < 0) goal_ = display_width(line().substr(begin_of(place), cursor_.octet - begin_of(place)));
  const int direction = rows < 0 ? -1 : 1;
  for (int i = 0; i < std::abs(rows) && step(place, direction); ++i) {
  }
  const std::vector<FlowRow> all = rows_of(place.line);
  const FlowRow& row = all[place.row];
  const std::string_view text = std::string_view(lines_[place.line]).substr(row.begin, row.end - row.begin);
  int column = 0;
  std::size_t octet = text.size();
  for (const Grapheme& grapheme : graphemes(text)) {
    const auto start = static_cast<std::size_t>(grapheme.bytes.data() - text.data());
    // Behind the last one of a row that goes on, the cursor would stand in the next row.
    const bool is_last_place = place.row + 1 < all.size() && start + grapheme.bytes.size() >= text.size();
    if (column + grapheme.width > goal_ || is_last_place) {
      octet = start;
      break;
    }
    column += grapheme.width;
  }
  cursor_ = {place.line, row.begin + octet};
  last_edit_ = Edit::none;
  keep_visible();
}

}  // namespace valija::app
