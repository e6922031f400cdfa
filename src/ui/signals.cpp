#include "signals.hpp"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdlib>

namespace valija::ui {
namespace {

// Signal handlers have no other place to keep what they need.
std::atomic<int> signal_pipe{-1};
std::atomic<int> crash_tty{-1};
termios crash_termios;
std::array<char, 256> crash_bytes;
std::size_t crash_size = 0;
std::array<char, 65536> crash_stack;

constexpr std::array routed{SIGWINCH, SIGTSTP, SIGCONT, SIGTERM, SIGHUP, SIGINT};
constexpr std::array crashes{SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};

void on_signal(int number) {
  const int saved = errno;
  const char octet = static_cast<char>(number);
  // A full pipe has enough to tell already.
  if (const int fd = signal_pipe.load(); fd >= 0) static_cast<void>(!write(fd, &octet, 1));
  errno = saved;
}

void give_back_terminal() {
  if (const int tty = crash_tty.exchange(-1); tty >= 0) {
    static_cast<void>(!write(tty, crash_bytes.data(), crash_size));
    tcsetattr(tty, TCSANOW, &crash_termios);
  }
}

void on_crash(int number) {
  give_back_terminal();
  // SA_RESETHAND: this time it ends the process, with the core and the status of the crash.
  raise(number);
}

void set_handler(int number, void (*handler)(int), int flags) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = flags;
  sigemptyset(&action.sa_mask);
  sigaction(number, &action, nullptr);
}

}  // namespace

void install_signals(int pipe_fd) {
  signal_pipe = pipe_fd;
  for (const int number : routed) set_handler(number, on_signal, SA_RESTART);
  set_handler(SIGPIPE, SIG_IGN, 0);
  // A stack that overflowed is no place for a handler.
  stack_t stack{};
  stack.ss_sp = crash_stack.data();
  stack.ss_size = crash_stack.size();
  sigaltstack(&stack, nullptr);
  for (const int number : crashes) set_handler(number, on_crash, static_cast<int>(SA_RESETHAND) | SA_NODEFER | SA_ONSTACK);
}

void remove_signals() {
  for (const int number : routed) set_handler(number, SIG_DFL, 0);
  for (const int number : crashes) set_handler(number, SIG_DFL, 0);
  signal_pipe = -1;
  stack_t none{};
  none.ss_flags = SS_DISABLE;
  sigaltstack(&none, nullptr);
}

void remember_for_crash(int tty, const termios& before, std::string_view leave) {
  // A library that gives up by exit(), as libnotmuch does over an index that breaks under it, is a crash too.
  [[maybe_unused]] static const bool is_registered = std::atexit(give_back_terminal) == 0;
  crash_tty = -1;
  crash_termios = before;
  crash_size = std::min(leave.size(), crash_bytes.size());
  std::copy_n(leave.begin(), crash_size, crash_bytes.begin());
  crash_tty = tty;
}

void forget_for_crash() { crash_tty = -1; }

void stop_process() {
  set_handler(SIGTSTP, SIG_DFL, 0);
  raise(SIGTSTP);
  set_handler(SIGTSTP, on_signal, SA_RESTART);
}

}  // namespace valija::ui
