#include "valija/pty/program.hpp"

#include <doctest/doctest.h>
#include <poll.h>

#include <chrono>
#include <fstream>
#include <functional>

#include "support/temporary_directory.hpp"
#include "valija/base/fd.hpp"

using namespace valija;
using namespace valija::pty;

namespace {

std::string text_of(const Screen& screen) {
  std::string text;
  for (int row = 0; row < screen.rows; ++row) {
    std::string line;
    for (int column = 0; column < screen.columns; ++column) line += screen.at(row, column).text;
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

/// Pumps until it holds, within a minute.
bool wait_until(Program& program, const std::function<bool()>& holds) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!holds()) {
    if (std::chrono::steady_clock::now() > end) return false;
    pollfd ready{program.fd(), POLLIN, 0};
    ::poll(&ready, 1, 100);
    program.pump();
  }
  return true;
}

std::unique_ptr<Program> start(const std::string& command, const std::vector<std::string>& arguments = {}, int columns = 40, int rows = 10) {
  auto program = Program::start(command, arguments, columns, rows);
  REQUIRE(program);
  return std::move(*program);
}

void type(Program& program, std::string_view text) {
  for (const char letter : text) program.key(config::Key::character(static_cast<char32_t>(letter)));
}

}  // namespace

TEST_CASE("a program's screen is seen, and its end") {
  const auto program = start("printf 'one \\033[1mtwo\\033[0m\\n\\033[31m漢\\033[m'; exit 7; :");
  REQUIRE(wait_until(*program, [&] { return program->has_ended(); }));
  CHECK(program->exit_status() == 7);
  const Screen& screen = program->screen();
  CHECK(text_of(screen).starts_with("one two\n漢\n"));
  CHECK_FALSE(screen.at(0, 0).bold);
  CHECK(screen.at(0, 4).bold);
  CHECK(screen.at(1, 0).width == 2);
  CHECK(screen.at(1, 0).foreground == 1);
  CHECK(screen.at(1, 1).width == 0);
  CHECK(screen.cursor_row == 1);
  CHECK(screen.cursor_column == 2);
}

TEST_CASE("keys reach the program, and it writes the file it was given") {
  const test::TemporaryDirectory place;
  const std::string file = place / "a $(touch x); b.txt";
  const auto program = start("stty -echo; f() { printf ready; IFS= read -r line; printf '%s' \"$line\" > \"$1\"; }; f", {file});
  REQUIRE(wait_until(*program, [&] { return text_of(program->screen()).starts_with("ready"); }));
  type(*program, "hola");
  program->key(config::Key::named(config::KeyName::enter));
  REQUIRE(wait_until(*program, [&] { return program->has_ended(); }));
  CHECK(program->exit_status() == 0);
  CHECK(read_file(file, 100).value() == "hola");
  CHECK_FALSE(std::ifstream(place / "x").good());
}

TEST_CASE("what is pasted cannot end the paste") {
  const test::TemporaryDirectory place;
  const auto program = start("stty -echo; printf '\\033[?2004hready'; IFS= read -r line; printf '%s' \"$line\" | od -An -c -w200 > " + (place / "seen") + "; :");
  REQUIRE(wait_until(*program, [&] { return text_of(program->screen()).starts_with("ready"); }));
  program->paste("a\x1b[201~b");
  program->key(config::Key::named(config::KeyName::enter));
  REQUIRE(wait_until(*program, [&] { return program->has_ended(); }));
  const std::string seen = read_file(place / "seen", 1000).value();
  CHECK(seen.find("033   [   2   0   0   ~   a   [   2   0   1   ~   b 033   [   2   0   1   ~") != std::string::npos);
}

TEST_CASE("the program learns its size") {
  const auto program = start("stty size; read -r line; stty size; :", {}, 33, 12);
  REQUIRE(wait_until(*program, [&] { return text_of(program->screen()).starts_with("12 33\n"); }));
  program->resize(50, 20);
  program->key(config::Key::named(config::KeyName::enter));
  REQUIRE(wait_until(*program, [&] { return program->has_ended(); }));
  CHECK(text_of(program->screen()).find("20 50\n") != std::string::npos);
}

TEST_CASE("a program that is left hangs up, and one that does not listen is killed") {
  const test::TemporaryDirectory place;
  {
    const auto polite = start("trap 'echo saved > " + (place / "saved") + "; exit' HUP; echo ready; while :; do read -r line || exit; done; :");
    REQUIRE(wait_until(*polite, [&] { return text_of(polite->screen()).starts_with("ready"); }));
  }
  CHECK(std::ifstream(place / "saved").good());
  const auto deaf = start("trap '' HUP TERM; echo ready; while :; do sleep 100; done; :");
  REQUIRE(wait_until(*deaf, [&] { return text_of(deaf->screen()).starts_with("ready"); }));
}

TEST_CASE("nothing that it prints is more than text and colours") {
  const auto program = start("printf '\\033]52;c;aG9sYQ==\\007\\033[6n\\033[c\\302\\233x\\000y\\033]0;title\\007'; :");
  REQUIRE(wait_until(*program, [&] { return program->has_ended(); }));
  for (const ScreenCell& cell : program->screen().cells) {
    for (const char letter : cell.text) CHECK((static_cast<unsigned char>(letter) >= 0x20 && letter != 0x7f));
  }
}
