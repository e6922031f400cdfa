#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace valija::config {

/// Keys that are no character. `none`: the key is the character `Key::point`.
enum class KeyName : std::uint8_t {
  none,
  enter,
  escape,
  tab,
  backspace,
  insert,
  del,
  home,
  end,
  page_up,
  page_down,
  up,
  down,
  left,
  right,
  f1,
  f2,
  f3,
  f4,
  f5,
  f6,
  f7,
  f8,
  f9,
  f10,
  f11,
  f12
};

/// One key press in its only form, so that equal presses are equal values: `shift` is set for named keys only (a
/// capital is the capital letter), ctrl-letters are lower case, and what a terminal cannot tell apart is one key
/// (ctrl-i is tab, ctrl-m is enter, ctrl-[ is escape).
struct Key {
  char32_t point = 0;
  KeyName name = KeyName::none;
  bool ctrl = false, alt = false, shift = false;
  friend constexpr auto operator<=>(const Key&, const Key&) = default;

  static constexpr Key character(char32_t point) { return {.point = point}; }
  static constexpr Key named(KeyName name) { return {.name = name}; }
};

using KeySequence = std::vector<Key>;

/// Brings a key as a terminal reports it into the one form above.
Key normalised(Key key);

/// "g i", "gg", "<c-d>", "<a-enter>", "<s-tab>", "g<space>", "<lt>": keys one after the other, blanks between them
/// ignored. Nothing for a text that is no key sequence, is empty, or is longer than 8 keys.
std::optional<KeySequence> parse_keys(std::string_view text);

/// The way back: parse_keys(to_text(keys)) == keys.
std::string to_text(const Key& key);
std::string to_text(const KeySequence& keys);

}  // namespace valija::config
