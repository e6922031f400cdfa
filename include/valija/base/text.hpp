#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace valija {

/// One user-perceived character (UAX #29) and the columns it takes on a terminal: 0 never occurs, 1 or 2.
struct Grapheme {
  std::string_view bytes;
  int width = 1;
};

/// Splits valid UTF-8 into graphemes; at most 8 combining marks are kept per grapheme. Invalid bytes become U+FFFD first
/// if you call `clean`.
std::vector<Grapheme> graphemes(std::string_view text);
inline std::vector<Grapheme> graphemes(const char* text) { return graphemes(std::string_view(text)); }
std::vector<Grapheme> graphemes(std::string&& text) = delete;  // the result points into its argument

/// Columns that `text` takes.
int display_width(std::string_view text);

/// `text` cut to at most `columns`, ending in "…" if something was cut.
std::string fit(std::string_view text, int columns);

/// The gate for untrusted text (DESIGN 10): invalid UTF-8 becomes U+FFFD; C0, C1 and DEL controls and bidi overrides and
/// isolates are removed, tab and newline become one space.
std::string clean(std::string_view text);

/// The same, but newlines stay (text of several lines); CRLF and CR become LF, tabs advance to the next multiple of 8.
std::string clean_lines(std::string_view text);

/// Words of somebody else (a server, a library) that stand within a sentence of ours: clean, at most 300 octets, no blanks around them and no full
/// stop behind.
std::string clean_phrase(std::string_view text);

bool is_valid_utf8(std::string_view text);

/// For comparing as a person does who types without care: case, accents and compatibility forms (ligatures, wide letters) are gone; clean where it
/// is not ASCII. Two texts with the same fold look alike, nothing more.
std::string fold(std::string_view text);

/// ASCII only, so that protocol words do not depend on the locale.
std::string to_lower_ascii(std::string_view text);
bool equal_ignoring_case(std::string_view a, std::string_view b);
std::string_view trim(std::string_view text);
std::vector<std::string> split(std::string_view text, char separator);
std::string join(const std::vector<std::string>& parts, std::string_view separator);
bool starts_with_ignoring_case(std::string_view text, std::string_view prefix);

/// Smallest number of single-character edits (insert, delete, replace, swap) between two short words.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The candidate nearest to `word`, if it is near enough to be what was meant; else empty.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace valija
