#include "valija/ui/terminal.hpp"

#include <fcntl.h>
#include <langinfo.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include "signals.hpp"
#include "valija/base/words.hpp"

namespace valija::ui {
namespace {

constexpr std::size_t most_read_at_once = 64 << 10;
constexpr char paste_on[] = "\x1b[?2004h";
constexpr char paste_off[] = "\x1b[?2004l";

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

std::string enter_bytes(const Capabilities& terminal) {
  return terminal.enter_screen + terminal.keypad_on + terminal.wrap_off + (terminal.is_modern ? paste_on : "");
}

std::string leave_bytes(const Capabilities& terminal) {
  return (terminal.is_modern ? std::string("\x1b[?2026l") + paste_off : std::string()) + terminal.reset + terminal.wrap_on +
         terminal.keypad_off + terminal.cursor_show + terminal.leave_screen;
}

}  // namespace

Result<std::unique_ptr<Terminal>> Terminal::open(const config::Settings& settings) {
  std::unique_ptr<Terminal> terminal(new Terminal());
  // A description of its own, so that the shell's descriptors do not become non-blocking.
  terminal->tty_ = Fd(::open("/dev/tty", O_RDWR | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
  if (!terminal->tty_ || tcgetattr(terminal->tty_.get(), &terminal->before_) != 0) {
    return fail(Kind::usage, Blast::program, _("There is no terminal to draw on."),
                _("Start valija in a terminal, or use the commands: valija search, valija show, valija sync."));
  }
  auto capabilities = find_capabilities(environment("TERM"));
  if (!capabilities) return Unexpected(std::move(capabilities).error());
  terminal->capabilities_ = std::move(*capabilities);
  terminal->depth_ = color_depth(settings.ui_colors, environment("NO_COLOR"), environment("COLORTERM"), terminal->capabilities_);
  terminal->is_utf8_ = std::string_view(nl_langinfo(CODESET)) == "UTF-8";
  int ends[2];
  if (pipe2(ends, O_NONBLOCK | O_CLOEXEC) != 0) return fail(disk_error(_("open"), "pipe", errno));
  terminal->signals_ = Fd(ends[0]);
  terminal->signal_writer_ = Fd(ends[1]);
  install_signals(ends[1]);
  terminal->enter();
  return terminal;
}

Terminal::~Terminal() {
  if (is_entered_) leave();
  remove_signals();
}

void Terminal::enter() {
  termios raw = before_;
  cfmakeraw(&raw);
  raw.c_cc[VMIN] = 1;
  raw.c_cc[VTIME] = 0;
  tcsetattr(tty_.get(), TCSADRAIN, &raw);
  remember_for_crash(tty_.get(), before_, leave_bytes(capabilities_));
  is_entered_ = true;
  send(enter_bytes(capabilities_));
}

void Terminal::leave() {
  forget_for_crash();
  is_entered_ = false;
  if (!is_gone_) {
    waiting_ += leave_bytes(capabilities_);
    // The way back must come out: a slow terminal gets half a second, a dead one nothing.
    pollfd out{tty_.get(), POLLOUT, 0};
    for (int tries = 0; tries < 10 && !waiting_.empty() && poll(&out, 1, 50) >= 0 && (out.revents & POLLHUP) == 0; ++tries) flush();
  }
  waiting_.clear();
  tcsetattr(tty_.get(), TCSAFLUSH, &before_);
}

void Terminal::suspend() {
  leave();
  stop_process();
  enter();
}

bool Terminal::guesses_dark() const {
  // "15;0" or "0;default;15": the last field is the background.
  const std::string colors = environment("COLORFGBG");
  const std::size_t at = colors.rfind(';');
  if (at == std::string::npos) return true;
  const int background = std::atoi(colors.c_str() + at + 1);
  return background != 7 && background != 15;
}

std::string Terminal::read() {
  std::string bytes(4096, '\0');
  std::string all;
  while (all.size() < most_read_at_once) {
    const ssize_t count = ::read(tty_.get(), bytes.data(), bytes.size());
    if (count > 0) {
      all.append(bytes, 0, static_cast<std::size_t>(count));
      continue;
    }
    if (count < 0 && errno == EINTR) continue;
    if (count == 0 || (errno != EAGAIN && errno != EWOULDBLOCK)) is_gone_ = true;
    break;
  }
  return all;
}

std::vector<Signal> Terminal::take_signals() {
  std::vector<Signal> signals;
  const auto add = [&signals](Signal signal) {
    if (std::find(signals.begin(), signals.end(), signal) == signals.end()) signals.push_back(signal);
  };
  char octets[256];
  for (ssize_t count = ::read(signals_.get(), octets, sizeof octets); count > 0; count = ::read(signals_.get(), octets, sizeof octets)) {
    for (ssize_t i = 0; i < count; ++i) {
      switch (octets[i]) {
        case SIGWINCH: add(Signal::resized); break;
        case SIGTSTP: add(Signal::suspend); break;
        case SIGCONT: add(Signal::resumed); break;
        case SIGHUP:  // maybe not from the terminal: it is told goodbye, which a dead one does not hear
        default: add(Signal::quit); break;
      }
    }
  }
  return signals;
}

void Terminal::size(int& columns, int& rows) const {
  winsize window{};
  columns = 80;
  rows = 24;
  if (ioctl(tty_.get(), TIOCGWINSZ, &window) != 0 || window.ws_col == 0 || window.ws_row == 0) return;
  columns = window.ws_col;
  rows = window.ws_row;
}

void Terminal::send(std::string_view bytes) {
  waiting_ += bytes;
  while (!waiting_.empty() && !is_gone_) {
    const ssize_t count = ::write(tty_.get(), waiting_.data(), waiting_.size());
    if (count > 0) {
      waiting_.erase(0, static_cast<std::size_t>(count));
    } else if (count < 0 && errno == EINTR) {
      continue;
    } else {
      if (count < 0 && errno != EAGAIN && errno != EWOULDBLOCK) is_gone_ = true;
      return;
    }
  }
}

void Terminal::ask_background() {
  if (capabilities_.is_modern) send("\x1b]11;?\x1b\\");
}

}  // namespace valija::ui
