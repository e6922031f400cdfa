#include "valija/ui/painter.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <rapidcheck.h>

#include <array>

#include "terminal_model.hpp"
#include "valija/base/text.hpp"

using namespace valija;
using config::Color;
using config::ColorDepth;
using config::Look;
using testing::TerminalModel;
using ui::Canvas;

namespace {

constexpr std::array<const char*, 14> pieces{"plain words", " ", "          ", "é", "田中", "한글", "e\u0301", "👍🏽", "👨‍👩‍👧",
                                             "🇪🇸", "اجتماع", "▌●", "\u0301x", "a\x1b[31mb\u202e\u0085"};
constexpr std::array<Look, 6> looks{Look{}, Look{.bold = true}, Look{.foreground = {Color::Kind::index, 110}},
                                    Look{.background = {Color::Kind::index, 236}},
                                    Look{.foreground = {Color::Kind::rgb, 0x112233}, .background = {Color::Kind::rgb, 0x445566}, .italic = true},
                                    Look{.underline = true, .reverse = true}};

void scribble(Canvas& canvas, int strokes) {
  for (int i = 0; i < strokes; ++i) {
    const auto& piece = pieces[static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(pieces.size())))];
    const Look& look = looks[static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(looks.size())))];
    const int row = *rc::gen::inRange(-1, canvas.rows() + 1), column = *rc::gen::inRange(-1, canvas.columns() + 1);
    const int room = *rc::gen::inRange(0, 30);
    switch (*rc::gen::inRange(0, 4)) {
      case 0: canvas.fill({row, column, 3, room}, look); break;
      case 1: canvas.put_right(row, column, room, piece, look); break;
      default: canvas.put(row, column, room, piece, look);
    }
  }
  canvas.cursor_row = *rc::gen::inRange(0, canvas.rows());
  canvas.cursor_column = *rc::gen::inRange(0, canvas.columns());
  canvas.cursor_visible = *rc::gen::arbitrary<bool>();
}

/// A blank shows neither its foreground nor whether it is bold.
bool is_same_to_the_eye(const ui::Cell& a, const ui::Cell& b) {
  if (a.text != " " || b.text != " ") return a == b;
  const auto seen = [](const Look& look) {
    return Look{.foreground = look.reverse || look.underline ? look.foreground : Color{}, .background = look.background, .underline = look.underline, .reverse = look.reverse};
  };
  return a.width == b.width && seen(a.look) == seen(b.look);
}

/// Empty: equal; else where they differ.
std::string difference(const Canvas& canvas, const TerminalModel& terminal, bool only_common) {
  for (int row = 0; row < canvas.rows(); ++row) {
    for (int column = 0; column < canvas.columns(); ++column) {
      const ui::Cell& wanted = canvas.at(row, column);
      const ui::Cell& shown = terminal.at(row, column);
      if (only_common) {
        const bool is_half = wanted.width == 0 && column > 0 && !testing::is_common(canvas.at(row, column - 1));
        if (is_half || !testing::is_common(wanted)) continue;
      }
      if (is_same_to_the_eye(wanted, shown)) continue;
      return fmt::format("{},{}: '{}' is '{}'", row, column, wanted.text, shown.text);
    }
  }
  if (terminal.row() != canvas.cursor_row || terminal.column() != canvas.cursor_column) return "cursor";
  return terminal.cursor_visible() == canvas.cursor_visible ? "" : "cursor visibility";
}

ui::Capabilities capabilities(const char* name = "xterm-256color") {
  auto found = ui::find_capabilities(name);
  REQUIRE(found.has_value());
  return *found;
}

}  // namespace

TEST_CASE("any sequence of canvases of any sizes ends equal on the terminal") {
  const ui::Capabilities xterm = capabilities();
  for (const bool has_narrow_emoji : {false, true}) {
    CHECK(rc::check([&] {
      ui::Painter painter(xterm, ColorDepth::rgb, true);
      TerminalModel terminal(1, 1);
      terminal.has_narrow_emoji = has_narrow_emoji;
      Canvas canvas;
      const int frames = *rc::gen::inRange(1, 8);
      for (int frame = 0; frame < frames; ++frame) {
        if (frame == 0 || *rc::gen::inRange(0, 4) == 0) {
          const int columns = *rc::gen::inRange(1, 60), rows = *rc::gen::inRange(1, 30);
          canvas = Canvas(columns, rows);
          terminal.resize(columns, rows);
          painter.forget();
        }
        scribble(canvas, *rc::gen::inRange(0, 30));
        terminal.feed(painter.paint(canvas));
        RC_ASSERT(difference(canvas, terminal, has_narrow_emoji) == "");
        RC_ASSERT(terminal.foreign() == "");
      }
    }));
  }
}

TEST_CASE("the way to the cursor leads over cells as they are now, not as they were") {
  ui::Painter painter(capabilities(), ColorDepth::rgb, true);
  TerminalModel terminal(8, 1);
  for (const char* text : {"plain wo", "        "}) {
    Canvas canvas(8, 1);
    canvas.put(0, 0, 8, text, Look{.bold = true});
    canvas.cursor_column = 1;
    terminal.feed(painter.paint(canvas));
    CHECK(difference(canvas, terminal, false) == "");
  }
}

TEST_CASE("rows that move together are moved by the terminal") {
  ui::Painter painter(capabilities(), ColorDepth::rgb, true);
  TerminalModel terminal(100, 40);
  const auto draw = [](int from) {
    Canvas canvas(100, 40);
    canvas.put(0, 0, 100, "a title that stays", {.bold = true});
    for (int row = 1; row < 39; ++row) {
      canvas.put(row, 0, 100, fmt::format("row {} of many, with words enough to be worth the move, and some more of them {}", from + row, from * row), {});
    }
    return canvas;
  };
  for (const int from : {0, 10, 11, 8, 0, 20, 21}) {
    const Canvas canvas = draw(from);
    const std::string bytes = painter.paint(canvas);
    terminal.feed(bytes);
    CHECK(difference(canvas, terminal, false) == "");
  }
  // One row further, of which only the numbers at the ends differ.
  terminal.feed(painter.paint(draw(22)));
  CHECK(painter.paint(draw(22)).empty());
}

TEST_CASE("rows are not moved beside a picture, which would go along") {
  ui::Painter painter(capabilities(), ColorDepth::rgb, true);
  const auto bytes = std::make_shared<const std::string>("\x1bPq\x1b\\");
  const auto draw = [&bytes](int from, bool has_picture) {
    Canvas canvas(100, 40);
    for (int row = 0; row < 40; ++row) canvas.put(row, 0, 90, std::string(90, static_cast<char>('a' + (from + row) % 26)), {});
    if (has_picture) canvas.picture = ui::PlacedPicture{0, 90, bytes};
    return canvas;
  };
  const std::string region = "\x1b[1;40r";
  painter.paint(draw(0, false));
  CHECK(painter.paint(draw(1, false)).find(region) != std::string::npos);
  painter.paint(draw(1, true));
  const std::string moved = painter.paint(draw(2, true));
  CHECK_FALSE(moved.empty());
  CHECK(moved.find(region) == std::string::npos);
}

TEST_CASE("what did not change costs nothing") {
  ui::Painter painter(capabilities(), ColorDepth::indexed256, true);
  Canvas canvas(80, 24);
  canvas.put(3, 5, 20, "hello", {});
  CHECK_FALSE(painter.paint(canvas).empty());
  CHECK(painter.paint(canvas).empty());
  canvas.put(3, 9, 1, "x", {});
  CHECK(painter.paint(canvas).size() < 16);
}

TEST_CASE("a look is changed with few octets") {
  const Look colored{.foreground = {Color::Kind::rgb, 0x112233}, .background = {Color::Kind::rgb, 0x445566}};
  Look bold = colored;
  bold.bold = true;
  Canvas canvas(40, 2);
  canvas.put(0, 0, 10, "read", bold);
  canvas.put(0, 4, 10, "able", colored);
  canvas.put(1, 0, 10, "a", {.foreground = {Color::Kind::rgb, 0x112233}});
  canvas.put(1, 2, 10, "b", {.foreground = {Color::Kind::rgb, 0x112233}});
  const std::string modern = ui::Painter(capabilities(), ColorDepth::rgb, true).paint(canvas);
  CHECK(modern.find("read\x1b[22mable") != std::string::npos);
  CHECK(modern.find("a b") != std::string::npos);  // the blank between shows no colour
  // Old terminals know only the end of all.
  CHECK(ui::Painter(capabilities("vt100"), ColorDepth::mono, true).paint(canvas).find("read\x1b[mable") != std::string::npos);
}

TEST_CASE("no colour is sent to a terminal without colours") {
  ui::Painter painter(capabilities(), ColorDepth::mono, true);
  Canvas canvas(40, 5);
  canvas.put(0, 0, 40, "red on blue", {.foreground = {Color::Kind::rgb, 0xff0000}, .background = {Color::Kind::index, 4}});
  canvas.put(1, 0, 40, "bold", {.bold = true});
  const std::string bytes = painter.paint(canvas);
  CHECK(bytes.find("38;") == std::string::npos);
  CHECK(bytes.find("44") == std::string::npos);
  CHECK(bytes.find("\x1b[1m") != std::string::npos);
}

TEST_CASE("a terminal that is not UTF-8 gets ASCII only") {
  ui::Painter painter(capabilities(), ColorDepth::mono, false);
  Canvas canvas(40, 2);
  canvas.put(0, 0, 40, "田é👍 ok", {});
  for (const char c : painter.paint(canvas)) CHECK(static_cast<unsigned char>(c) < 0x80);
}

TEST_CASE("terminals of many kinds are drawn on") {
  for (const char* name : {"xterm-256color", "xterm", "vt100", "linux", "screen-256color", "tmux-256color", "xterm-direct", "no-such-terminal"}) {
    auto found = ui::find_capabilities(name);
    if (!found) continue;
    ui::Painter painter(*found, ui::color_depth("auto", "", "", *found), true);
    TerminalModel terminal(40, 10);
    Canvas canvas(40, 10);
    canvas.put(2, 3, 30, "words on a terminal", {.bold = true});
    CHECK_MESSAGE(painter.paint(canvas).find("words on a terminal") != std::string::npos, name);
  }
  CHECK_FALSE(ui::find_capabilities("dumb").has_value());
}

TEST_CASE("the depth of colour follows the settings, then NO_COLOR, then COLORTERM, then terminfo") {
  const ui::Capabilities xterm = capabilities();
  CHECK(ui::color_depth("auto", "", "", xterm) == ColorDepth::indexed256);
  CHECK(ui::color_depth("auto", "", "truecolor", xterm) == ColorDepth::rgb);
  CHECK(ui::color_depth("auto", "1", "truecolor", xterm) == ColorDepth::mono);
  CHECK(ui::color_depth("16", "1", "truecolor", xterm) == ColorDepth::ansi16);
}

TEST_CASE("a link is told where it begins and ends, and once") {
  ui::Painter painter(capabilities(), ColorDepth::mono, true);
  Canvas canvas(40, 5);
  canvas.put(1, 2, 30, "see this page for more", {});
  canvas.link(1, 6, 9, "https://example.org/page");
  const std::string bytes = painter.paint(canvas);
  CHECK(bytes.find("\x1b]8;;https://example.org/page\x1b\\this page") != std::string::npos);
  TerminalModel terminal(40, 5);
  terminal.feed(bytes);
  CHECK(terminal.foreign() == "");
  CHECK(terminal.links() == 1);
  CHECK(terminal.link() == "");
  CHECK(painter.paint(canvas).empty());
  canvas.link(1, 6, 9, "https://example.org/other");
  CHECK(painter.paint(canvas).find("https://example.org/other") != std::string::npos);
  SUBCASE("a terminal that may not know it gets none") {
    ui::Painter plain(capabilities("vt100"), ColorDepth::mono, true);
    CHECK(plain.paint(canvas).find("]8;") == std::string::npos);
  }
}
