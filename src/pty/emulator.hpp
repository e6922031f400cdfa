#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "valija/pty/program.hpp"

struct VTerm;
struct VTermScreen;

namespace valija::pty {

/// What a terminal makes of octets: libvterm, wrapped.
class Emulator {
 public:
  Emulator(int columns, int rows);
  Emulator(const Emulator&) = delete;
  Emulator& operator=(const Emulator&) = delete;

  /// What the program prints.
  void feed(std::string_view octets);
  void key(const config::Key& key);
  void paste(std::string_view text);
  void resize(int columns, int rows);
  /// What is to be written to the program: keys, and answers to its questions.
  std::string take_output();
  /// True: the screen changed since the last call, and `screen` is new.
  bool refresh();
  const Screen& screen() const { return screen_; }

 private:
  struct Free {
    void operator()(VTerm* terminal) const;
  };
  void copy_cell(int row, int column);

  std::unique_ptr<VTerm, Free> terminal_;
  VTermScreen* cells_;  ///< of terminal_
  Screen screen_;
  bool is_changed_ = true, cursor_visible_ = true;
  std::string output_;
};

}  // namespace valija::pty
