#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "valija/app/mouse.hpp"
#include "valija/config/key.hpp"

namespace valija::ui {

/// Text between the marks of a bracketed paste; never keys.
struct Paste {
  std::string text;
  friend bool operator==(const Paste&, const Paste&) = default;
};
/// The terminal's answer to the question for its background.
struct Background {
  std::uint32_t rgb = 0;
  bool is_dark() const;
  friend bool operator==(const Background&, const Background&) = default;
};
/// The terminal got the keyboard, or lost it.
struct Focus {
  bool has = true;
  friend bool operator==(const Focus&, const Focus&) = default;
};
/// An answer to the question what pictures the terminal can draw; each answer says one of these.
struct GraphicsAnswer {
  bool has_sixel = false, has_kitty = false;
  int cell_width = 0, cell_height = 0;  ///< pixels
  friend bool operator==(const GraphicsAnswer&, const GraphicsAnswer&) = default;
};
using Input = std::variant<config::Key, Paste, Background, app::MouseEvent, Focus, GraphicsAnswer>;

/// Bytes of a terminal to keys. Reads may be split anywhere; what no person typed (answers that nobody asked for) is
/// swallowed, and memory is bounded.
class InputDecoder {
 public:
  /// `keys`: what terminfo says about this terminal, over the sequences that all know.
  explicit InputDecoder(std::vector<std::pair<std::string, config::Key>> keys = {}) : keys_(std::move(keys)) {}

  void feed(std::string_view bytes);
  /// The next whole input; nothing: more bytes are needed, or time (see waits_for_more).
  std::optional<Input> next();
  /// Something waits that may be a key alone (Escape) or the beginning of a sequence: call `give_up` after a short while.
  bool waits_for_more() const { return !buffer_.empty() && !is_pasting_; }
  /// No more bytes came: what is there is taken as typed.
  void give_up() { gives_up_ = true; }

 private:
  std::optional<Input> take_one(bool& is_incomplete);
  std::optional<Input> paste();
  std::optional<Input> from_terminfo(bool& is_incomplete);
  std::optional<Input> escape(bool& is_incomplete);
  std::optional<Input> control_sequence(bool& is_incomplete);
  std::optional<Input> mouse(std::string_view parameters, bool is_release) const;
  std::optional<Input> control_string(bool& is_incomplete);
  std::optional<Input> character(std::size_t at, bool is_alt, bool& is_incomplete);
  void drop(std::size_t octets) { buffer_.erase(0, octets); }

  std::vector<std::pair<std::string, config::Key>> keys_;
  std::string buffer_, pasted_;
  bool is_pasting_ = false, gives_up_ = false;
};

}  // namespace valija::ui
