// Graphemes and the columns they take, after UAX #29 and UAX #11; ambiguous width is 1.
#include <utf8proc.h>

#include <algorithm>

#include "valija/base/text.hpp"

namespace valija {
namespace {

using CodePoint = utf8proc_int32_t;

constexpr std::string_view ellipsis = "…";
constexpr int most_marks = 8;         // stacked marks above this are dropped
constexpr int most_code_points = 16;  // the longest emoji family has 11

bool is_ascii(char c) { return (c & 0x80) == 0; }

/// Reads the code point at the front; an invalid byte counts as U+FFFD of one byte.
CodePoint decode(std::string_view text, std::size_t& size) {
  CodePoint code = 0;
  const auto got = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                    static_cast<utf8proc_ssize_t>(text.size()), &code);
  size = got > 0 ? static_cast<std::size_t>(got) : 1;
  return got > 0 ? code : 0xfffd;
}

bool is_mark(CodePoint code) {
  const auto category = utf8proc_category(code);
  return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_MC || category == UTF8PROC_CATEGORY_ME;
}

bool is_pictograph(CodePoint code) {
  return utf8proc_get_property(code)->boundclass == UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC;
}

bool is_regional_indicator(CodePoint code) { return code >= 0x1f1e6 && code <= 0x1f1ff; }

int width_of(CodePoint code) {
  if (code < 0x300) return 1;
  return is_mark(code) ? 0 : utf8proc_charwidth(code);
}

/// Adds up what the code points of one grapheme say about its width.
class WidthRule {
 public:
  explicit WidthRule(CodePoint base) : previous_(base), width_(width_of(base)) {}

  void add(CodePoint code) {
    constexpr CodePoint emoji_presentation = 0xfe0f, keycap = 0x20e3;
    const bool becomes_emoji = code == emoji_presentation && is_pictograph(previous_);
    const bool is_flag = is_regional_indicator(code) && is_regional_indicator(previous_);
    if (becomes_emoji || is_flag || code == keycap) width_ = 2;
    width_ = std::max(width_, width_of(code));
    previous_ = code;
  }

  int columns() const { return std::clamp(width_, 1, 2); }

 private:
  CodePoint previous_;
  int width_;
};

/// Cuts the first grapheme off `rest`. Marks beyond the limits belong to it but are not in its bytes.
Grapheme next_grapheme(std::string_view& rest) {
  if (is_ascii(rest[0]) && (rest.size() == 1 || is_ascii(rest[1]))) {
    const Grapheme ascii{rest.substr(0, 1), 1};
    rest.remove_prefix(1);
    return ascii;
  }
  std::size_t size = 0;
  CodePoint previous = decode(rest, size);
  WidthRule width(previous);
  std::size_t position = size;
  std::size_t kept = size;
  int marks = 0;
  utf8proc_int32_t state = 0;
  for (int count = 1; position < rest.size(); ++count) {
    const CodePoint code = decode(rest.substr(position), size);
    if (utf8proc_grapheme_break_stateful(previous, code, &state)) break;
    if (is_mark(code)) ++marks;
    if (marks <= most_marks && count < most_code_points) {
      width.add(code);
      kept = position + size;
    } else {
      marks = most_marks + 1;  // nothing after the first dropped one: the bytes stay in one piece
    }
    previous = code;
    position += size;
  }
  const Grapheme grapheme{rest.substr(0, kept), width.columns()};
  rest.remove_prefix(position);
  return grapheme;
}

std::size_t ascii_prefix(std::string_view text) {
  return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_ascii) - text.begin());
}

}  // namespace

std::vector<Grapheme> graphemes(std::string_view text) {
  std::vector<Grapheme> found;
  found.reserve(text.size());
  while (!text.empty()) found.push_back(next_grapheme(text));
  return found;
}

int display_width(std::string_view text) {
  int width = 0;
  while (!text.empty()) {
    const std::size_t ascii = ascii_prefix(text);
    if (ascii == text.size()) return width + static_cast<int>(ascii);
    if (ascii > 1) {  // the last one may be the base of a mark
      width += static_cast<int>(ascii - 1);
      text.remove_prefix(ascii - 1);
    }
    width += next_grapheme(text).width;
  }
  return width;
}

std::string fit(std::string_view text, int columns) {
  if (columns <= 0) return {};
  const auto limit = static_cast<std::size_t>(columns);
  if (text.size() <= limit && ascii_prefix(text) == text.size()) return std::string(text);

  std::string_view rest = text;
  std::string fitted;
  int width = 0;
  std::size_t before_last_column = 0;  // bytes that leave one column for the ellipsis
  while (!rest.empty()) {
    const Grapheme grapheme = next_grapheme(rest);
    width += grapheme.width;
    if (width > columns) {
      fitted.resize(before_last_column);
      return fitted.append(ellipsis);
    }
    fitted.append(grapheme.bytes);
    if (width < columns) before_last_column = fitted.size();
  }
  return fitted;
}

}  // namespace valija
