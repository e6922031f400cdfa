#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "valija/base/fd.hpp"
#include "valija/base/result.hpp"

namespace valija::pty {

/// A program that leads a session of its own on a pseudo-terminal. When this dies the terminal hangs up (HUP), as behind a lost line, and the program is
/// reaped.
class Child {
 public:
  static Result<Child> start(const std::string& command, const std::vector<std::string>& arguments, int columns, int rows);
  Child(Child&& other) noexcept;
  Child& operator=(Child&&) = delete;
  ~Child();

  int terminal() const { return terminal_.get(); }
  /// A pidfd: readable when it ended.
  int process() const { return process_.get(); }
  void resize(int columns, int rows);
  /// Whether it ended; then `exit_status` is its own, or 128 + the signal.
  bool has_ended();
  int exit_status() const { return exit_status_; }

 private:
  Child(pid_t pid, Fd terminal, Fd process) : pid_(pid), terminal_(std::move(terminal)), process_(std::move(process)) {}

  pid_t pid_ = -1;
  Fd terminal_, process_;
  int exit_status_ = 0;
};

}  // namespace valija::pty
