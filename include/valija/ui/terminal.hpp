#pragma once

#include <termios.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "valija/base/fd.hpp"
#include "valija/base/result.hpp"
#include "valija/config/settings.hpp"
#include "valija/ui/capabilities.hpp"

namespace valija::ui {

/// What the kernel or another program wants from the screen.
enum class Signal : std::uint8_t { resized, suspend, resumed, quit };

/// The order that puts text into the clipboard (OSC 52), wrapped for tmux ($TMUX) or screen ($STY) where it runs in one.
std::string copy_bytes(std::string_view text, std::string_view tmux, std::string_view screen);

/// Whether right-to-left text is put into its order here: not where the terminal is known to do it, and would again.
bool orders_text(const config::Settings& settings);

/// The controlling terminal: raw mode, the alternate screen, signals, and the way back, also when the program crashes or is killed.
/// One at a time; the UI thread owns it.
class Terminal {
 public:
  /// Takes the screen. Kind::usage: there is no terminal, or one that cannot be drawn on.
  static Result<std::unique_ptr<Terminal>> open(const config::Settings& settings);
  ~Terminal();
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  const Capabilities& capabilities() const { return capabilities_; }
  config::ColorDepth depth() const { return depth_; }
  bool is_utf8() const { return is_utf8_; }
  /// What COLORFGBG says, before the terminal answers; true where nothing does.
  bool guesses_dark() const;

  int fd() const { return tty_.get(); }
  int signal_fd() const { return signals_.get(); }
  /// What was typed; empty: nothing now. Sets `is_gone` when the terminal hung up.
  std::string read();
  /// The signals that came, each kind once.
  std::vector<Signal> take_signals();
  bool is_gone() const { return is_gone_; }
  /// Columns and rows; 80x24 where the kernel does not know.
  void size(int& columns, int& rows) const;

  /// Writes what the terminal takes now and keeps the rest: never blocks.
  void send(std::string_view bytes);
  /// The last frame is out: another one may be drawn.
  bool is_idle() const { return waiting_.empty(); }
  void flush() { send({}); }

  /// Asks for the background colour; the answer comes as input, if ever.
  void ask_background();
  /// Asks which pictures it can draw, and how large its cells are; the answers come as input, if ever.
  void ask_graphics();
  /// What the window is called; nothing happens where it is called so already.
  void set_title(std::string_view title);
  /// Whether the mouse is told to us.
  void set_mouse(bool is_wanted);
  /// To the clipboard, where the terminal allows it (OSC 52), also through tmux and screen.
  void copy(std::string_view text);
  /// Gives the screen back to the shell, stops, and takes the screen again when it is resumed.
  void suspend();

 private:
  Terminal() = default;
  void enter();
  void leave();
  std::string leave_bytes() const;

  Capabilities capabilities_;
  config::ColorDepth depth_ = config::ColorDepth::ansi16;
  bool is_utf8_ = true, is_gone_ = false, is_entered_ = false;
  bool has_mouse_ = false, orders_text_ = false;
  std::string title_;
  Fd tty_, signals_, signal_writer_;
  termios before_{};
  std::string waiting_;
};

}  // namespace valija::ui
