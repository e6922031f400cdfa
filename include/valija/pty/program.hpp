#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "valija/base/result.hpp"
#include "valija/config/key.hpp"

namespace valija::pty {

/// One cell of another program's screen. Colours: -1 the default, 0 to 255 the palette, else 0x1000000 | rgb.
struct ScreenCell {
  std::string text = " ";
  int foreground = -1, background = -1;
  bool bold = false, italic = false, underline = false, reverse = false;
  std::uint8_t width = 1;
  friend bool operator==(const ScreenCell&, const ScreenCell&) = default;
};

/// What another program shows: a plain value.
struct Screen {
  int columns = 0, rows = 0;
  std::vector<ScreenCell> cells;  ///< row by row
  int cursor_row = 0, cursor_column = 0;
  bool cursor_visible = true;
  const ScreenCell& at(int row, int column) const { return cells[static_cast<std::size_t>(row) * static_cast<std::size_t>(columns) + static_cast<std::size_t>(column)]; }
};

/// A program in a pseudo-terminal of its own (an editor in a pane). It gets no terminal of ours: nothing it prints reaches it. The UI thread owns it; nothing blocks.
class Program {
 public:
  /// `command` is the person's own ($EDITOR, settings) and is run by /bin/sh -c 'COMMAND "$@"' with `arguments` behind it. Kind::settings: it cannot be started.
  static Result<std::unique_ptr<Program>> start(const std::string& command, const std::vector<std::string>& arguments, int columns, int rows);
  virtual ~Program() = default;
  /// Readable when it printed something or ended.
  virtual int fd() const = 0;
  /// Takes in what it printed, writes what waits for it; true if the screen changed.
  virtual bool pump() = 0;
  virtual void resize(int columns, int rows) = 0;
  virtual void key(const config::Key& key) = 0;
  virtual void paste(std::string_view text) = 0;
  virtual const Screen& screen() const = 0;
  /// It ended; `exit_status` is its own, 128 + the signal.
  virtual bool has_ended() const = 0;
  virtual int exit_status() const = 0;
};

}  // namespace valija::pty
