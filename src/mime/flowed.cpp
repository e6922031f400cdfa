#include "flowed.hpp"

#include <algorithm>

#include "valija/base/text.hpp"

namespace valija::mime {
namespace {

constexpr auto none = std::string_view::npos;
constexpr int widest_fixed = 78;
constexpr int widest_flowed = 72;
constexpr std::string_view signature_mark = "-- ";

/// Calls `use` with each line, without its end.
template <typename Use>
void each_line(std::string_view text, Use use) {
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    use(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

std::string_view marks_of(std::string_view line) { return line.substr(0, std::min(line.find_first_not_of('>'), line.size())); }

std::string_view without_blanks_behind(std::string_view text) {
  const auto last = text.find_last_not_of(' ');
  return text.substr(0, last == none ? 0 : last + 1);
}

/// One physical line: marks, the stuffed blank where it is needed, text.
void put(std::string& flowed, std::string_view marks, std::string_view text) {
  flowed += marks;
  const bool needs_stuffing = !marks.empty() ? !text.empty() : text.starts_with(' ') || text.starts_with('>') || text.starts_with("From ");
  if (needs_stuffing) flowed += ' ';
  flowed += text;
  flowed += '\n';
}

/// Breaks behind blanks; a word that is wider than the line stands alone.
void put_wrapped(std::string& flowed, std::string_view marks, std::string_view text) {
  const int columns = widest_flowed - static_cast<int>(std::min<std::size_t>(marks.size(), 40));
  int width = 0;
  std::size_t begin = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto blank = text.find_first_not_of(' ', std::min(text.find(' ', at), text.size()));
    const auto end = blank == none ? text.size() : blank;
    const int word_width = display_width(text.substr(at, end - at));
    if (width > 0 && width + word_width > columns) {
      put(flowed, marks, text.substr(begin, at - begin));
      begin = at;
      width = 0;
    }
    width += word_width;
    at = end;
  }
  put(flowed, marks, text.substr(begin));
}

}  // namespace

std::string to_flowed(std::string_view text) {
  std::string flowed;
  each_line(text, [&](std::string_view line) {
    if (line == signature_mark) {
      flowed += "-- \n";
      return;
    }
    const auto marks = marks_of(line);
    auto rest = line.substr(marks.size());
    if (!marks.empty() && rest.starts_with(' ')) rest.remove_prefix(1);
    const auto bare = without_blanks_behind(rest);
    const bool goes_on = !marks.empty() && !bare.empty() && bare.size() + 1 == rest.size() && rest != signature_mark;
    rest = goes_on ? rest : bare;
    display_width(line) > widest_fixed ? put_wrapped(flowed, marks, rest) : put(flowed, marks, rest);
  });
  return flowed;
}

bool holds_patch(std::string_view text) {
  bool is_old_named = false, is_patch = false;
  each_line(text, [&](std::string_view line) {
    is_patch = is_patch || line.starts_with("diff --git ") || (is_old_named && line.starts_with("+++ "));
    is_old_named = line.starts_with("--- ");
  });
  return is_patch;
}

std::string from_flowed(std::string_view text, bool deletes_space) {
  std::string plain;
  bool is_continued = false;
  std::string_view marks_before;
  each_line(text, [&](std::string_view line) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    const auto marks = marks_of(line);
    auto rest = line.substr(marks.size());
    if (rest.starts_with(' ')) rest.remove_prefix(1);
    const bool is_mark = rest == signature_mark;
    const bool joins = is_continued && !is_mark && marks == marks_before;
    is_continued = !is_mark && rest.ends_with(' ');
    marks_before = marks;
    if (joins) {
      plain.pop_back();
    } else {
      plain += marks;
      if (!marks.empty() && !rest.empty()) plain += ' ';
    }
    plain += is_continued && deletes_space ? rest.substr(0, rest.size() - 1) : rest;
    plain += '\n';
  });
  return plain;
}

}  // namespace valija::mime
