#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace valija::app {

/// One thing that could stand at the end of the line.
struct Completion {
  std::string text;  ///< replaces the line from `Completions::from` on
  std::string doc;   ///< a sentence, may be empty
  std::string keys;  ///< how it is typed without the prompt, may be empty
  std::vector<std::size_t> marked{};  ///< octets of the text that fit what was typed, to be shown
};

struct Completions {
  std::size_t from = 0;  ///< octet of the line that they replace
  std::vector<Completion> list;
};

/// The line that is being typed, with its history. Completions come from outside.
class Prompt {
 public:
  /// palette: a command is chosen among those that fit; help: the rows of the help that fit are shown.
  enum class Kind : std::uint8_t { none, command, search, palette, help };

  void open(Kind kind, std::string text);
  void close();
  Kind kind() const { return kind_; }
  bool is_open() const { return kind_ != Kind::none; }
  const std::string& text() const { return text_; }
  /// Octet before which the cursor stands.
  std::size_t cursor() const { return cursor_; }

  void insert(std::string_view text);
  void erase_before();
  void erase_after();
  void erase_word();
  void erase_to_start();
  void erase_to_end();
  void left();
  void right();
  void home() { cursor_ = 0; }
  void end() { cursor_ = text_.size(); }
  void older();
  void newer();
  /// Keeps the line in the history of its kind. False: there is nothing to keep.
  bool remember();
  /// Lines of earlier runs, the oldest first; they go in front of those of this one.
  void take_history(std::vector<std::string> commands, std::vector<std::string> searches);

  /// Called after every change of the text with what fits it; a chosen one stays in the line.
  void set_completions(Completions completions);
  const Completions& completions() const { return completions_; }
  /// -1: none is chosen yet.
  int chosen() const { return chosen_; }
  /// Puts the next (1) or previous (-1) completion into the line; in the palette the line stays.
  void choose(int direction);
  bool is_palette() const { return kind_ == Kind::palette; }

 private:
  std::vector<std::string>& history() { return kind_ == Kind::search ? searches_ : kind_ == Kind::command ? commands_ : none_; }
  void changed();
  void recall(std::size_t number);

  Kind kind_ = Kind::none;
  std::string text_, typed_, unsent_;  ///< typed_: what a completion replaced; unsent_: what the history did
  std::size_t cursor_ = 0;
  Completions completions_;
  int chosen_ = -1;
  std::vector<std::string> commands_, searches_, none_;  ///< none_: the other kinds keep nothing
  std::size_t recalled_ = 0;  ///< number in the history; its size: the new line
};

}  // namespace valija::app
