#include "valija/config/key.hpp"

#include <array>

#include "valija/base/text.hpp"
#include "valija/base/utf8.hpp"

namespace valija::config {

namespace {

constexpr std::size_t longest_sequence = 8;

struct NameRow {
  std::string_view text;
  Key key;
};

/// The first row of a key is the one that is printed.
constexpr std::array name_rows{
    NameRow{"enter", Key::named(KeyName::enter)},
    NameRow{"return", Key::named(KeyName::enter)},
    NameRow{"escape", Key::named(KeyName::escape)},
    NameRow{"esc", Key::named(KeyName::escape)},
    NameRow{"tab", Key::named(KeyName::tab)},
    NameRow{"backspace", Key::named(KeyName::backspace)},
    NameRow{"bs", Key::named(KeyName::backspace)},
    NameRow{"insert", Key::named(KeyName::insert)},
    NameRow{"delete", Key::named(KeyName::del)},
    NameRow{"del", Key::named(KeyName::del)},
    NameRow{"home", Key::named(KeyName::home)},
    NameRow{"end", Key::named(KeyName::end)},
    NameRow{"pageup", Key::named(KeyName::page_up)},
    NameRow{"pgup", Key::named(KeyName::page_up)},
    NameRow{"pagedown", Key::named(KeyName::page_down)},
    NameRow{"pgdn", Key::named(KeyName::page_down)},
    NameRow{"up", Key::named(KeyName::up)},
    NameRow{"down", Key::named(KeyName::down)},
    NameRow{"left", Key::named(KeyName::left)},
    NameRow{"right", Key::named(KeyName::right)},
    NameRow{"f1", Key::named(KeyName::f1)},
    NameRow{"f2", Key::named(KeyName::f2)},
    NameRow{"f3", Key::named(KeyName::f3)},
    NameRow{"f4", Key::named(KeyName::f4)},
    NameRow{"f5", Key::named(KeyName::f5)},
    NameRow{"f6", Key::named(KeyName::f6)},
    NameRow{"f7", Key::named(KeyName::f7)},
    NameRow{"f8", Key::named(KeyName::f8)},
    NameRow{"f9", Key::named(KeyName::f9)},
    NameRow{"f10", Key::named(KeyName::f10)},
    NameRow{"f11", Key::named(KeyName::f11)},
    NameRow{"f12", Key::named(KeyName::f12)},
    NameRow{"space", Key::character(U' ')},
    NameRow{"lt", Key::character(U'<')},
    NameRow{"gt", Key::character(U'>')},
    NameRow{"minus", Key::character(U'-')},
};

/// Takes one code point from the front; the text is known to be valid UTF-8.
char32_t take_point(std::string_view& text) {
  const auto first = static_cast<unsigned char>(text.front());
  const std::size_t size = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  char32_t point = size == 1 ? first : first & (0xffU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) point = (point << 6) | (static_cast<unsigned char>(text[i]) & 0x3fU);
  text.remove_prefix(size);
  return point;
}

bool is_control(char32_t point) { return point < 0x20 || (point >= 0x7f && point < 0xa0); }

/// The inside of <...>: modifiers, then a name or one character.
std::optional<Key> parse_named(std::string_view inside) {
  Key modifiers;
  while (inside.size() > 2 && inside[1] == '-') {
    switch (inside[0]) {
      case 'c':
      case 'C':
        modifiers.ctrl = true;
        break;
      case 'a':
      case 'A':
      case 'm':
      case 'M':
        modifiers.alt = true;
        break;
      case 's':
      case 'S':
        modifiers.shift = true;
        break;
      default:
        return std::nullopt;
    }
    inside.remove_prefix(2);
  }
  std::optional<Key> key;
  for (const NameRow& row : name_rows) {
    if (equal_ignoring_case(row.text, inside)) {
      key = row.key;
      break;
    }
  }
  if (!key) {
    if (inside.empty()) return std::nullopt;
    const char32_t point = take_point(inside);
    if (!inside.empty() || is_control(point)) return std::nullopt;
    key = Key::character(point);
  }
  key->ctrl = modifiers.ctrl;
  key->alt = modifiers.alt;
  key->shift = modifiers.shift;
  return normalised(*key);
}

bool is_blank(char c) { return c == ' ' || c == '\t'; }

}  // namespace

Key normalised(Key key) {
  if (key.name != KeyName::none) {
    key.point = 0;
    return key;
  }
  const bool is_lower = key.point >= U'a' && key.point <= U'z';
  const bool is_upper = key.point >= U'A' && key.point <= U'Z';
  if (key.shift && is_lower && !key.ctrl) key.point -= 32;
  if (key.ctrl && is_upper) key.point += 32;
  key.shift = false;
  if (!key.ctrl) return key;
  KeyName same = KeyName::none;
  if (key.point == U'i') same = KeyName::tab;
  if (key.point == U'm') same = KeyName::enter;
  if (key.point == U'[') same = KeyName::escape;
  if (same == KeyName::none) return key;
  Key named = Key::named(same);
  named.alt = key.alt;
  return named;
}

std::optional<KeySequence> parse_keys(std::string_view text) {
  if (!is_valid_utf8(text)) return std::nullopt;
  KeySequence keys;
  while (!text.empty()) {
    if (is_blank(text.front())) {
      text.remove_prefix(1);
      continue;
    }
    if (keys.size() == longest_sequence) return std::nullopt;
    const bool is_lone_bracket = text.front() == '<' && (text.size() == 1 || is_blank(text[1]));
    if (text.front() == '<' && !is_lone_bracket) {
      const std::size_t end = text.find('>', 1);
      if (end == std::string_view::npos) return std::nullopt;
      const auto key = parse_named(text.substr(1, end - 1));
      if (!key) return std::nullopt;
      keys.push_back(*key);
      text.remove_prefix(end + 1);
      continue;
    }
    const char32_t point = take_point(text);
    if (is_control(point)) return std::nullopt;
    keys.push_back(Key::character(point));
  }
  if (keys.empty()) return std::nullopt;
  return keys;
}

std::string to_text(const Key& key) {
  const bool is_character = key.name == KeyName::none && key.point != U' ' && key.point != U'<';
  std::string name;
  if (is_character && !key.ctrl && !key.alt) {
    name += to_utf8(key.point);
    return name;
  }
  for (const NameRow& row : name_rows) {
    if (row.key.name == key.name && row.key.point == key.point) {
      name = row.text;
      break;
    }
  }
  if (name.empty()) name += to_utf8(key.point);
  std::string text = "<";
  if (key.ctrl) text += "c-";
  if (key.alt) text += "a-";
  if (key.shift) text += "s-";
  return text + name + ">";
}

std::string to_text(const KeySequence& keys) {
  std::string text;
  for (const Key& key : keys) text += to_text(key);
  return text;
}

}  // namespace valija::config
