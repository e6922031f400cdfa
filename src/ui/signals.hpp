#pragma once

#include <termios.h>

#include <string_view>

namespace valija::ui {

/// Routes WINCH, TSTP, CONT, TERM, HUP and INT as one octet each into `pipe_fd`, and makes a crash bring the screen back first.
/// Handlers belong to the process, so this state does, too: one terminal at a time.
void install_signals(int pipe_fd);
void remove_signals();

/// What a crash writes to the terminal and sets it to; at most 256 octets. Async-signal-safe to use at any time.
void remember_for_crash(int tty, const termios& before, std::string_view leave);
void forget_for_crash();

/// Stops the process as the shell's job control expects, until it is continued.
void stop_process();

}  // namespace valija::ui
