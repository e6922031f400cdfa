#include "child.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <pty.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "valija/base/process_start.hpp"
#include "valija/base/text.hpp"
#include "valija/base/wakeup.hpp"
#include "valija/base/words.hpp"

namespace valija::pty {
namespace {

constexpr int hang_up_ms = 500;  // an editor that was left alone saves what it can

winsize size_of(int columns, int rows) {
  winsize size{};
  size.ws_col = static_cast<unsigned short>(columns);
  size.ws_row = static_cast<unsigned short>(rows);
  return size;
}

/// Between fork and exec: only async-signal-safe calls.
[[noreturn]] void become(char* const* arguments, char* const* environment) {
  reset_signals();
  ::close_range(STDERR_FILENO + 1, ~0U, 0);
  ::execve("/bin/sh", arguments, environment);
  ::_exit(127);
}

/// Ours, but for what describes the terminal.
std::vector<std::string> child_environment() {
  std::vector<std::string> variables;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string_view text = *variable;
    const bool is_of_terminal = text.starts_with("TERM=") || text.starts_with("COLUMNS=") || text.starts_with("LINES=") || text.starts_with("TMUX=");
    if (!is_of_terminal) variables.emplace_back(text);
  }
  variables.emplace_back("TERM=xterm-256color");
  return variables;
}

}  // namespace

Result<Child> Child::start(const std::string& command, const std::vector<std::string>& arguments, int columns, int rows) {
  // "$@" keeps the file out of the text that the shell reads.
  std::vector<std::string> words{"/bin/sh", "-c", command + " \"$@\"", "sh"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<std::string> variables = child_environment();
  const std::vector<char*> argv = to_argv(words), environment = to_argv(variables);
  const winsize size = size_of(columns, rows);
  int terminal = -1;
  const pid_t pid = ::forkpty(&terminal, nullptr, nullptr, &size);
  if (pid < 0) {
    return fail(Kind::settings, Blast::program, fmt::format(fmt::runtime(_("{} cannot be started: {}.")), clean(command), std::strerror(errno)),
                _("Set compose.editor to another program, or to \"built-in\"."));
  }
  if (pid == 0) become(argv.data(), environment.data());
  ::fcntl(terminal, F_SETFD, FD_CLOEXEC);
  ::fcntl(terminal, F_SETFL, O_NONBLOCK);
  return Child(pid, Fd(terminal), open_process_descriptor(pid));
}

Child::Child(Child&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), terminal_(std::move(other.terminal_)), process_(std::move(other.process_)), exit_status_(other.exit_status_) {}

Child::~Child() {
  terminal_.reset();  // the kernel sends HUP
  if (pid_ < 0 || has_ended()) return;
  wait_readable({process_.get()}, hang_up_ms);
  if (has_ended()) return;
  ::kill(-pid_, SIGKILL);
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

void Child::resize(int columns, int rows) {
  const winsize size = size_of(columns, rows);
  ::ioctl(terminal_.get(), TIOCSWINSZ, &size);
}

bool Child::has_ended() {
  if (pid_ < 0) return true;
  int status = 0;
  if (::waitpid(pid_, &status, WNOHANG) != pid_) return false;
  pid_ = -1;
  exit_status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return true;
}

}  // namespace valija::pty
