#pragma once

#include <sys/types.h>

#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "valija/base/fd.hpp"
#include "valija/base/result.hpp"

namespace valija {

/// A child process of ours with a socketpair to it as its descriptor 3. Killed (KILL) and reaped when it dies.
class Child {
 public:
  Child() = default;
  Child(pid_t pid, Fd socket) : pid_(pid), socket_(std::move(socket)) {}
  Child(Child&& other) noexcept;
  Child& operator=(Child&& other) noexcept;
  ~Child();

  bool is_running() const { return pid_ > 0; }
  pid_t pid() const { return pid_; }
  int socket() const { return socket_.get(); }
  /// Asks it to end (TERM), waits up to `ms`, then kills; reaps. Returns the wait status.
  int stop(int ms);

 private:
  pid_t pid_ = -1;
  Fd socket_;
};

/// Starts this very binary (/proc/self/exe) with `arguments`, no shell, every descriptor but 0-2 and 3 closed, standard
/// input and output on /dev/null, signals at default, dead when we die. `niceness` is added.
Result<Child> spawn_self(const std::vector<std::string>& arguments, int niceness);

constexpr int no_such_program = 127;  ///< the exit code by which a shell says so
constexpr int cannot_start = 126;     ///< and that a program is there, but cannot be run

struct CommandOutput {
  std::string standard_output;
  std::string standard_error;  ///< the first 4 KiB, for the message when it failed
  int exit_code = 0;
};

/// What a command gets beside its text.
struct CommandInput {
  int standard_input = -1;             ///< -1: nothing to read
  std::vector<std::string> arguments;  ///< "$@" of its text: the shell hands them on and reads nothing in them
  std::function<bool()> confine{};     ///< in the child, as its last thing before exec: async-signal-safe calls only. False: nothing is started, exit code cannot_start
};

/// Runs a settings command (`password-command`) by /bin/sh -c, as the user wrote it; nothing from a message ever comes
/// into its text. Ends it after `timeout_ms`; output above `limit` bytes is Kind::settings.
/// Kind::cancelled: stop asked. No copy of the standard output is left in memory but the one returned.
Result<CommandOutput> run_shell_command(const std::string& command, int timeout_ms, std::size_t limit,
                                        std::stop_token stop = {}, const CommandInput& input = {});

}  // namespace valija
