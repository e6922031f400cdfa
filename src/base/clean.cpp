// The gate for untrusted text: what a terminal could take for an order, or a reader for something else, stops here.
#include <utf8proc.h>

#include <algorithm>

#include "valija/base/text.hpp"

namespace valija {
namespace {

constexpr std::string_view replacement = "\xef\xbf\xbd";

bool is_plain(char c) { return c >= 0x20 && c < 0x7f; }

std::size_t plain_prefix(std::string_view text) {
  return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_plain) - text.begin());
}

bool is_line_separator(utf8proc_int32_t c) { return c == 0x2028 || c == 0x2029; }

/// Characters that are never shown: controls, everything that steers the writing direction, and the marks without
/// width that would put the columns out of step. ZWJ and ZWNJ stay, scripts and emoji need them.
bool is_removed(utf8proc_int32_t c) {
  if (c < 0x20 || (c >= 0x7f && c < 0xa0)) return true;
  if (c < 0xad) return false;
  return c == 0xad || c == 0x61c || c == 0x180e || c == 0x200b || c == 0x200e || c == 0x200f ||
         (c >= 0x202a && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb) ||
         c == 0xe0001;
}

struct Character {
  utf8proc_int32_t code = -1;  ///< negative: invalid bytes
  std::size_t size = 1;
};

Character decode(std::string_view text) {
  Character character;
  const auto size = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                     static_cast<utf8proc_ssize_t>(text.size()), &character.code);
  if (size > 0) {
    character.size = static_cast<std::size_t>(size);
  } else {
    character.code = -1;
  }
  return character;
}

/// What may be shown of `text`. `place(code, text, cleaned)` puts in what it knows better for that character, and says so.
template <typename Place>
std::string clean_with(std::string_view text, Place place) {
  std::string cleaned;
  cleaned.reserve(text.size());
  while (true) {
    const std::size_t plain = plain_prefix(text);
    cleaned.append(text.substr(0, plain));
    text.remove_prefix(plain);
    if (text.empty()) return cleaned;

    const Character character = decode(text);
    if (character.code < 0) {
      cleaned += replacement;
    } else if (!place(character.code, text, cleaned) && !is_removed(character.code)) {
      cleaned.append(text.substr(0, character.size));
    }
    text.remove_prefix(character.size);
  }
}

}  // namespace

std::string clean(std::string_view text) {
  return clean_with(text, [](utf8proc_int32_t code, std::string_view, std::string& cleaned) {
    const bool is_blank = code == '\t' || code == '\n' || is_line_separator(code);
    if (is_blank) cleaned += ' ';
    return is_blank;
  });
}

std::string clean_lines(std::string_view text) {
  std::size_t measured = 0;  // how far into `cleaned` the column was counted
  std::size_t column = 0;
  return clean_with(text, [&](utf8proc_int32_t code, std::string_view rest, std::string& cleaned) {
    if (code == '\t') {
      column += static_cast<std::size_t>(display_width(std::string_view(cleaned).substr(measured)));
      const std::size_t spaces = 8 - column % 8;
      cleaned.append(spaces, ' ');
      column += spaces;
      measured = cleaned.size();
      return true;
    }
    const bool is_lone_return = code == '\r' && !rest.starts_with("\r\n");
    if (code != '\n' && !is_line_separator(code) && !is_lone_return) return false;
    cleaned += '\n';
    measured = cleaned.size();
    column = 0;
    return true;
  });
}

bool is_valid_utf8(std::string_view text) {
  while (true) {
    const auto ascii = std::find_if(text.begin(), text.end(), [](char c) { return (c & 0x80) != 0; });
    text.remove_prefix(static_cast<std::size_t>(ascii - text.begin()));
    if (text.empty()) return true;
    const Character character = decode(text);
    if (character.code < 0) return false;
    text.remove_prefix(character.size);
  }
}

std::string clean_phrase(std::string_view text) {
  constexpr std::size_t longest_phrase = 300;
  const std::string cleaned = clean(text.substr(0, longest_phrase));
  std::string_view phrase = trim(cleaned);
  while (phrase.ends_with('.') && !phrase.ends_with("..")) phrase = trim(phrase.substr(0, phrase.size() - 1));
  return std::string(phrase);
}

}  // namespace valija
