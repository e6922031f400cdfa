#pragma once

#include <string>
#include <string_view>

#include "valija/base/error.hpp"
#include "valija/base/result.hpp"

namespace valija::cli {

/// What a command prints: buffered, and the only way out for text from mail. Not for several threads.
class Output {
 public:
  /// Does not own the descriptor.
  explicit Output(int fd) : fd_(fd) {}
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;
  ~Output() { flush(); }

  /// Our own words, or text that passed the gate.
  void put(std::string_view safe);
  /// One line of text from outside, through the gate.
  void line(std::string_view text);
  /// Octets as they are; on a terminal through the gate, lines kept.
  void octets(std::string_view octets);
  void flush();

  bool is_terminal() const;
  /// Columns of the terminal, 80 where there is none.
  int width() const;
  /// The disk error of the first write that failed; a closed pipe is none.
  Result<void> result() const;

 private:
  int fd_;
  std::string buffer_;
  int error_number_ = 0;
};

}  // namespace valija::cli
