#include "quote.hpp"

#include <vector>

#include "valija/base/text.hpp"
#include "valija/mail/reply.hpp"

namespace valija {
namespace {

constexpr int quoted_columns = 74;

bool is_signature(const Line& line) { return line.role == Line::Role::signature; }

/// A line as it is shown, with the blank that the mark of a signature lost on the way.
std::string text_of(const Line& line) {
  std::string text(line.indent > 0 && line.marker.empty() ? static_cast<std::size_t>(line.indent) : 0, ' ');
  text += line.marker;
  for (const Span& span : line.spans) text += span.text;
  return is_signature(line) && text == "--" ? "-- " : text;
}

/// Breaks a long line at blanks; each piece but the last keeps its blank, which joins them again when they are sent as format=flowed.
std::vector<std::string> pieces_of(const std::string& text, bool wraps, int columns) {
  if (!wraps || display_width(text) <= columns) return {text};
  std::vector<std::string> pieces(1);
  int width = 0;
  for (std::size_t start = 0; start < text.size();) {
    const auto end = std::min(text.find(' ', start), text.size() - 1) + 1;
    const auto word = std::string_view(text).substr(start, end - start);
    const int word_width = display_width(word);
    if (width > 0 && width + word_width > columns) {
      pieces.emplace_back();
      width = 0;
    }
    pieces.back() += word;
    width += word_width;
    start = end;
  }
  return pieces;
}

std::string marks(int level) { return std::string(static_cast<std::size_t>(level), '>'); }

/// What goes in front of a line: another ">" follows the first without a blank (RFC 3676 §4.5).
std::string mark_of(std::string_view prefix, int level) {
  const auto bare = prefix.substr(0, prefix.find_last_not_of(' ') + 1);
  if (level == 0) return std::string(prefix);
  return (bare == ">" ? std::string(bare) : std::string(prefix)) + marks(level) + " ";
}

}  // namespace

std::string quoted(const Document& document, std::string_view prefix) {
  std::string text;
  for (const Line& line : document.lines) {
    if (is_signature(line)) continue;
    const std::string mark = mark_of(prefix, line.quote_level);
    const std::string shown = text_of(line);
    if (shown.empty()) {
      text += mark.substr(0, mark.find_last_not_of(' ') + 1) + '\n';
      continue;
    }
    for (const std::string& piece : pieces_of(shown, line.wraps, quoted_columns - display_width(mark))) text += mark + piece + '\n';
  }
  const auto empty_line = std::string(prefix.substr(0, prefix.find_last_not_of(' ') + 1)) + '\n';
  while (text.ends_with('\n' + empty_line)) text.resize(text.size() - empty_line.size());
  return text;
}

std::string plain_text(const Document& document) {
  std::string text;
  for (const Line& line : document.lines) {
    const std::string shown = text_of(line);
    if (line.quote_level > 0) text += marks(line.quote_level) + (shown.empty() ? "" : " ");
    text += shown + '\n';
  }
  return text;
}

}  // namespace valija
