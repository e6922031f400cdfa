#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "valija/html/render.hpp"

namespace valija::html {

/// Where text stands: goes into the lines that it makes.
struct Place {
  int quote_level = 0;
  int indent = 0;
  bool is_heading = false;
  bool is_preformatted = false;
  bool keeps_breaks = false;  ///< newlines break lines, and what is preformatted may wrap
  bool is_signature = false;
  bool is_history = false;
  bool is_right_to_left = false;
};

/// Collects text as a browser lays it out: white space collapses, blocks begin on a new line, never two blank lines in a row. At most
/// 100,000 lines and 16 MiB; more is dropped.
class TextBuilder {
 public:
  /// Clean or not, any bytes. White space collapses unless the place is preformatted.
  void text(std::string_view text, const Style& style, const Place& place);
  /// Between two cells on one line, if there is text on both sides.
  void gap() { needs_gap_ = is_open_; }
  /// Characters of our own that keep their blanks.
  void literal(std::string_view text, const Style& style, const Place& place);
  /// `<br>`.
  void break_line(const Place& place);
  /// Ends the line; at least one blank line before the next text if `has_margin`.
  void end_block(bool has_margin);
  void rule(const Place& place);
  /// Hangs in front of the next text.
  void marker(std::string marker) { marker_ = std::move(marker); }
  /// The last line before a quote, if it looks like "Ana wrote:" or is known to be it.
  void mark_attribution(bool is_sure = false);
  /// The last line, if it is the "--" before a signature.
  void mark_signature();
  /// Lines that were laid out elsewhere, as a block.
  void add(std::vector<Line> lines);
  std::size_t line_count() const { return lines_.size(); }
  /// Without the blank ones.
  std::size_t text_line_count() const { return text_lines_; }
  bool is_full() const { return lines_.size() >= most_lines || size_ >= most_text; }

  /// All lines; then it is as new.
  std::vector<Line> take();

 private:
  static constexpr std::size_t most_lines = 100'000;
  static constexpr std::size_t most_text = 16 * 1024 * 1024;

  void collapse(std::string_view text, const Style& style, const Place& place);
  void preformatted(std::string_view text, const Style& style, const Place& place);
  void open_line(const Place& place);
  void append(std::string_view text, const Style& style);
  void append_space(const Style& style);

  std::vector<Line> lines_;
  std::string marker_;
  std::size_t size_ = 0, text_lines_ = 0;
  bool is_open_ = false;  ///< the last line takes more text
  bool needs_space_ = false, needs_gap_ = false;
  bool needs_blank_line_ = false;
  bool has_blank_ = false;  ///< no-break blanks and nothing else since the last block: a line of its own
};

}  // namespace valija::html
