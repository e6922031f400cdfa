#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "valija/app/text_flow.hpp"
#include "valija/config/key.hpp"

namespace valija::app {

/// The built-in editor: of a message's text, or of one line of a field. Holds valid UTF-8 without control characters; the cursor stands between
/// graphemes. A paragraph may be one long line: it wraps softly, at words.
class TextEditor {
 public:
  enum class Kind : std::uint8_t { text, line };
  struct Place {
    std::size_t line = 0, octet = 0;
    friend auto operator<=>(const Place&, const Place&) = default;
  };
  /// One line of the screen: octets [begin, end) of a line.
  struct Row {
    std::size_t line = 0, begin = 0, end = 0;
  };

  explicit TextEditor(Kind kind = Kind::text) : kind_(kind) {}
  /// Another text, cleaned, with nothing to undo; the cursor stands at its beginning.
  void set_text(std::string_view text);
  std::string text() const;
  void resize(int columns, int rows);

  /// False: the key means nothing here.
  bool key(const config::Key& key);
  /// At the cursor, as typed or pasted; in a line without line ends.
  void insert(std::string_view text);
  /// Replaces octets [begin, end) of the cursor's line; the cursor goes behind them.
  void replace(std::size_t begin, std::size_t end, std::string_view text);
  void go_to(Place place);
  void undo();
  void redo();

  const std::vector<std::string>& lines() const { return lines_; }
  Place cursor() const { return cursor_; }
  bool is_at_start() const { return cursor_ == Place{}; }
  /// What is on the screen, at most the rows that it was given.
  std::vector<Row> visible() const;
  /// Grows with every change of the text.
  std::uint64_t revision() const { return revision_; }

 private:
  enum class Edit : std::uint8_t { none, typing, erasing, other };
  struct State {
    std::vector<std::string> lines;
    Place cursor;
  };
  /// A row by its line and its number within it.
  struct RowPlace {
    std::size_t line = 0, row = 0;
  };

  /// The border between graphemes at or before (-1), or behind (1) an octet.
  static std::size_t snapped(const std::string& text, std::size_t octet, int direction);
  std::string& line() { return lines_[cursor_.line]; }
  std::vector<FlowRow> rows_of(std::size_t line) const;
  RowPlace row_of_cursor() const;
  bool step(RowPlace& place, int direction) const;
  void keep_visible();
  void begin(Edit edit);
  void settle();
  void restore(std::vector<State>& from, std::vector<State>& to);
  bool edit_key(const config::Key& key);
  bool move_key(const config::Key& key);
  void move_rows(int rows);
  void left();
  void right();
  Place word_before() const;
  Place word_after() const;
  void erase(Place from, Place to, bool is_kept);
  void erase_before();
  void erase_after();
  void erase_to_end();
  void join_with_next();
  void enter();
  void open_gap();
  std::pair<std::size_t, std::size_t> paragraph() const;
  void erase_paragraph();
  void reflow();

  Kind kind_;
  std::vector<std::string> lines_{""};
  Place cursor_;
  int goal_ = -1;  ///< column that going up and down keeps to; -1: the cursor's
  RowPlace top_;
  int columns_ = 72, screen_rows_ = 1;
  std::vector<State> undo_, redo_;
  Edit last_edit_ = Edit::none;
  std::string cut_;  ///< what was erased by the line, the word or the paragraph
  std::uint64_t revision_ = 0;
};

/// Octets of the marks of quotation that a line begins with ("> > "), 0 for none.
std::size_t quote_size(std::string_view line);

}  // namespace valija::app
