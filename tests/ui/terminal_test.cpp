// The whole interface on a real pseudo-terminal: how it starts, ends, and gives the screen back.
#include "valija/ui/terminal.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <string>

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr char leave_screen[] = "\x1b[?1049l";

/// The playground on a pseudo-terminal of its own.
class Session {
 public:
  explicit Session(const char* terminal = "xterm-256color", unsigned short columns = 100, unsigned short rows = 30) {
    winsize size{rows, columns, 0, 0};
    child_ = forkpty(&master_, nullptr, nullptr, &size);
    if (child_ != 0) return;
    setenv("TERM", terminal, 1);
    setenv("LC_ALL", "C.UTF-8", 1);
    unsetenv("COLORTERM");
    unsetenv("NO_COLOR");
    execl(VALIJA_PLAYGROUND, VALIJA_PLAYGROUND, nullptr);
    _exit(127);
  }
  ~Session() {
    if (child_ > 0) {
      kill(child_, SIGKILL);
      waitpid(child_, nullptr, 0);
    }
    if (master_ >= 0) close(master_);
  }

  void type(std::string_view keys) { CHECK(write(master_, keys.data(), keys.size()) == static_cast<ssize_t>(keys.size())); }
  void signal(int number) { kill(child_, number); }
  void hang_up() {
    close(master_);
    master_ = -1;
  }
  void resize(unsigned short columns, unsigned short rows) {
    winsize size{rows, columns, 0, 0};
    ioctl(master_, TIOCSWINSZ, &size);
  }
  /// Reads until `text` came or a minute passed.
  bool sees(std::string_view text) {
    const auto end = steady_clock::now() + milliseconds(60'000);
    while (all.find(text) == std::string::npos && steady_clock::now() < end && read_some()) {
    }
    return all.find(text) != std::string::npos;
  }
  /// The wait status, or -1 if it still runs after a minute.
  int ended() {
    const auto end = steady_clock::now() + milliseconds(60'000);
    int status = 0;
    while (steady_clock::now() < end) {
      if (master_ >= 0) read_some(20);
      if (waitpid(child_, &status, WNOHANG) == child_) {
        child_ = -1;
        while (master_ >= 0 && read_some(20)) {
        }
        return status;
      }
    }
    return -1;
  }

  std::string all;

 private:
  bool read_some(int timeout = 200) {
    pollfd ready{master_, POLLIN, 0};
    if (poll(&ready, 1, timeout) <= 0) return timeout >= 200;
    char bytes[65536];
    const ssize_t count = read(master_, bytes, sizeof bytes);
    if (count <= 0) return false;
    all.append(bytes, static_cast<std::size_t>(count));
    return true;
  }

  int master_ = -1;
  pid_t child_ = -1;
};

}  // namespace

TEST_CASE("q ends it with success and gives the screen back") {
  Session session;
  REQUIRE(session.sees("Presupuesto"));
  session.type("q");
  const int status = session.ended();
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
  CHECK(session.all.find(leave_screen) != std::string::npos);
}

TEST_CASE("TERM and HUP end it in order and give the screen back") {
  for (const int number : {SIGTERM, SIGHUP, SIGINT}) {
    Session session;
    REQUIRE(session.sees("Presupuesto"));
    session.signal(number);
    const int status = session.ended();
    CHECK(WIFEXITED(status));
    if (number != SIGHUP) CHECK(session.all.find(leave_screen) != std::string::npos);
  }
}

TEST_CASE("a terminal that hangs up ends it in order") {
  Session session;
  REQUIRE(session.sees("Presupuesto"));
  session.hang_up();
  CHECK(WIFEXITED(session.ended()));
}

TEST_CASE("a crash gives the screen back and is still a crash") {
  for (const int number : {SIGSEGV, SIGABRT}) {
    Session session;
    REQUIRE(session.sees("Presupuesto"));
    session.signal(number);
    const int status = session.ended();
    CHECK((WIFSIGNALED(status) || WIFEXITED(status)));
    CHECK(status != 0);
    CHECK(session.all.find(leave_screen) != std::string::npos);
  }
}

TEST_CASE("a storm of resizes and ten thousand keys at once are survived") {
  Session session;
  REQUIRE(session.sees("Presupuesto"));
  for (unsigned short i = 0; i < 200; ++i) session.resize(static_cast<unsigned short>(1 + i * 7 % 200), static_cast<unsigned short>(1 + i * 5 % 60));
  session.resize(1, 1);
  session.resize(500, 200);
  std::string keys;
  for (int i = 0; i < 3000; ++i) keys += "jk";
  session.type("\x1b[200~q\nQ\n\x1b[201~");
  session.type(keys);
  session.type("q");
  CHECK(session.ended() == 0);
}

TEST_CASE("terminals from the museum to today are drawn on") {
  for (const char* name : {"vt100", "linux", "screen-256color", "xterm-direct"}) {
    Session session(name, 80, 24);
    CHECK_MESSAGE(session.sees("Presupuesto"), name);
    session.type("q");
    CHECK(session.ended() == 0);
  }
}

TEST_CASE("a terminal that cannot move its cursor is an error with words") {
  Session session("dumb");
  CHECK(session.sees("cannot move its cursor"));
  const int status = session.ended();
  CHECK(WEXITSTATUS(status) == 64);
}

TEST_CASE("a copy goes to the clipboard through what the terminal runs in") {
  CHECK(valija::ui::copy_bytes("", "", "") == "\x1b]52;c;\a");
  CHECK(valija::ui::copy_bytes("a", "", "") == "\x1b]52;c;YQ==\a");
  CHECK(valija::ui::copy_bytes("ab", "", "") == "\x1b]52;c;YWI=\a");
  CHECK(valija::ui::copy_bytes("abc\xff", "", "") == "\x1b]52;c;YWJj/w==\a");
  const std::string in_tmux = valija::ui::copy_bytes("a", "/tmp/tmux-1000/default,1,0", "");
  CHECK(in_tmux == "\x1b]52;c;YQ==\a\x1bPtmux;\x1b\x1b]52;c;YQ==\a\x1b\\");
  CHECK(valija::ui::copy_bytes("a", "", "123.pts") == "\x1bP\x1b]52;c;YQ==\a\x1b\\");
  // screen takes only short strings.
  const std::string in_screen = valija::ui::copy_bytes(std::string(3000, 'x'), "", "123.pts");
  for (std::size_t at = 0; at < in_screen.size();) {
    const std::size_t end = in_screen.find("\x1b\\", at);
    REQUIRE(end != std::string::npos);
    CHECK(end - at < 768);
    at = end + 2;
  }
}

TEST_CASE("right-to-left text is ordered here unless the settings or the terminal say otherwise") {
  valija::config::Settings settings;
  unsetenv("KONSOLE_VERSION");
  unsetenv("MLTERM");
  CHECK(valija::ui::orders_text(settings));
  setenv("KONSOLE_VERSION", "220400", 1);
  CHECK_FALSE(valija::ui::orders_text(settings));
  settings.ui_bidi = "on";
  CHECK(valija::ui::orders_text(settings));
  unsetenv("KONSOLE_VERSION");
  settings.ui_bidi = "off";
  CHECK_FALSE(valija::ui::orders_text(settings));
}
