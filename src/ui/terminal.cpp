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
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::ui {
namespace {

constexpr std::size_t most_read_at_once = 64 << 10;
// Bracketed paste, and whether the terminal has the keyboard.
constexpr char manners_on[] = "\x1b[?2004h\x1b[?1004h";
constexpr char manners_off[] = "\x1b[?1004l\x1b[?2004l";
// Presses, moves with a button down, and coordinates beyond 223.
constexpr char mouse_on[] = "\x1b[?1000h\x1b[?1002h\x1b[?1006h";
constexpr char mouse_off[] = "\x1b[?1006l\x1b[?1002l\x1b[?1000l";
// Right-to-left text comes in the order in which it stands (ECMA-48 BDSM explicit): VTE would turn it around again.
constexpr char order_is_ours[] = "\x1b[8l";
constexpr char order_is_theirs[] = "\x1b[8h";
// The title of before is kept by the terminal.
constexpr char title_kept[] = "\x1b[22;2t";
constexpr char title_back[] = "\x1b[23;2t";
constexpr std::size_t longest_title = 200;      // octets
constexpr std::size_t longest_passed_on = 512;  // octets that screen takes in one string

/// RFC 4648 §4.
std::string base64(std::string_view text) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string encoded;
  for (std::size_t at = 0; at < text.size(); at += 3) {
    const std::size_t count = std::min<std::size_t>(3, text.size() - at);
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 3; ++i) bits = bits << 8 | (i < count ? static_cast<unsigned char>(text[at + i]) : 0u);
    for (std::size_t i = 0; i < 4; ++i) encoded += i <= count ? digits[bits >> (18 - 6 * i) & 63] : '=';
  }
  return encoded;
}

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

/// A string for programs (APC) is a title to tmux and screen, and text to terminals that do not know it: it goes only where kitty's pictures may be known.
bool may_know_kitty(std::string_view name) {
  if (!environment("TMUX").empty() || !environment("STY").empty()) return false;
  const std::string program = environment("TERM_PROGRAM");
  return name.find("kitty") != std::string_view::npos || name.find("ghostty") != std::string_view::npos || program == "WezTerm" || program == "ghostty" ||
         !environment("KITTY_WINDOW_ID").empty() || !environment("KONSOLE_VERSION").empty();
}

}  // namespace

std::string copy_bytes(std::string_view text, std::string_view tmux, std::string_view screen) {
  const std::string order = "\x1b]52;c;" + base64(text) + "\a";
  if (!tmux.empty()) {
    // By its own clipboard where that is on, and passed on where that is allowed.
    return order + "\x1bPtmux;\x1b" + order + "\x1b\\";
  }
  if (screen.empty()) return order;
  std::string passed;
  for (std::size_t at = 0; at < order.size(); at += longest_passed_on) passed += "\x1bP" + order.substr(at, longest_passed_on) + "\x1b\\";
  return passed;
}

bool orders_text(const config::Settings& settings) {
  if (settings.ui_bidi != "auto") return settings.ui_bidi == "on";
  return environment("KONSOLE_VERSION").empty() && environment("MLTERM").empty();
}

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
  // What GNU screen inherits is true of the terminal around it, not of screen.
  const std::string colorterm = environment("STY").empty() ? environment("COLORTERM") : std::string();
  terminal->depth_ = color_depth(settings.ui_colors, environment("NO_COLOR"), colorterm, terminal->capabilities_);
  terminal->has_mouse_ = settings.ui_mouse;
  terminal->orders_text_ = orders_text(settings);
  terminal->is_utf8_ = std::string_view(nl_langinfo(CODESET)) == "UTF-8";
  int ends[2];
  if (pipe2(ends, O_NONBLOCK | O_CLOEXEC) != 0) return fail(disk_error(_("Opening"), "pipe", errno));
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
  remember_for_crash(tty_.get(), before_, leave_bytes());
  is_entered_ = true;
  std::string bytes = capabilities_.enter_screen + capabilities_.keypad_on + capabilities_.wrap_off;
  if (capabilities_.is_modern) bytes += std::string(title_kept) + manners_on + (has_mouse_ ? mouse_on : "") + (orders_text_ ? order_is_ours : "");
  send(bytes);
}

std::string Terminal::leave_bytes() const {
  std::string bytes;
  if (capabilities_.is_modern) {
    bytes = std::string("\x1b[?2026l") + mouse_off + manners_off + title_back + (orders_text_ ? order_is_theirs : "");
  }
  return bytes + capabilities_.reset + capabilities_.wrap_on + capabilities_.keypad_off + capabilities_.cursor_show + capabilities_.leave_screen;
}

void Terminal::leave() {
  forget_for_crash();
  is_entered_ = false;
  if (!is_gone_) {
    waiting_ += leave_bytes();
    title_.clear();
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

void Terminal::set_title(std::string_view title) {
  if (!capabilities_.is_modern || title == title_) return;
  title_ = title;
  std::string plain = clean(title_);
  if (plain.size() > longest_title) plain = fit(plain, static_cast<int>(longest_title) / 4);
  send("\x1b]2;" + plain + "\x1b\\");
}

void Terminal::set_mouse(bool is_wanted) {
  if (is_wanted == has_mouse_) return;
  has_mouse_ = is_wanted;
  if (capabilities_.is_modern && is_entered_) send(is_wanted ? mouse_on : mouse_off);
}

void Terminal::copy(std::string_view text) {
  if (capabilities_.is_modern) send(copy_bytes(text, environment("TMUX"), environment("STY")));
}

void Terminal::ask_graphics() {
  if (!capabilities_.is_modern) return;
  send(std::string(may_know_kitty(capabilities_.name) ? "\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\" : "") + "\x1b[16t\x1b[c");
}

void Terminal::ask_background() {
  if (capabilities_.is_modern) send("\x1b]11;?\x1b\\");
}

}  // namespace valija::ui
