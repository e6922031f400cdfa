#include "../../src/ui/legible.hpp"
#include "screen.hpp"
#include "terminal_model.hpp"
#include "valija/app/reading.hpp"
#include "valija/base/text.hpp"
#include "valija/ui/painter.hpp"

using namespace valija;
using namespace valija::testing;

namespace {

Document& opened(Screen& screen) {
  screen.press("<enter>q");
  return screen.mailroom.threads()[0].messages.back().document;
}

Line line(std::vector<Span> spans, Line::Role role = Line::Role::text) {
  Line made;
  made.role = role;
  made.wraps = role != Line::Role::table;
  made.spans = std::move(spans);
  return made;
}

/// A newsletter with everything that a message can show.
void write_newsletter(Document& document) {
  document.headers.list_name = "The Weekly Build";
  document.trackers = 3;
  document.remote_pictures = 5;
  document.links = {{"https://build.example/1"}, {"https://build.example/2"}};
  document.pictures = {{Picture::Kind::enclosed, "1.2", "logo", 100, 40}};
  document.lines = {line({{"Smaller binaries", {}}}, Line::Role::heading), line({}),
                    line({{"Read ", {}}, {"the first story", {.link = 0}}, {" or ", {}}, {"the second", {.link = 1}}, {", not ", {}}, {"the old one", {.strike = true}}, {".", {}}}),
                    line({{"[logo]", {.picture = 0}}}), line({}),
                    line({{"item                       size       before", {.bold = true}}}, Line::Role::table),
                    line({{std::string("valija                   4.1 MB       5.0 MB   ") + std::string(90, '.') + " the end", {}}}, Line::Role::table), line({})};
  for (int i = 0; i < 7; ++i) {
    document.lines.push_back(line({{"What was written before.", {}}}));
    document.lines.back().is_history = true;
  }
}

/// Left half red, right half blue.
Pixels two_colors(int width, int height) {
  Pixels pixels{width, height, {}};
  for (int i = 0; i < width * height; ++i) pixels.rgba += i % width < width / 2 ? std::string("\xff\x00\x00\xff", 4) : std::string("\x00\x00\xff\xff", 4);
  return pixels;
}

}  // namespace

TEST_CASE("what is read and done around a message looks as it should") {
  for (const auto& [columns, rows] : {std::pair(80, 24), std::pair(160, 48)}) {
    const std::string size = "-" + std::to_string(columns) + "x" + std::to_string(rows);
    Screen screen(columns, rows);
    Document& document = opened(screen);
    write_newsletter(document);
    document.all_headers = {{"From", "Marta Gil <marta@example.org>"}, {"X-Mailer", "a program with a name that is long enough to be wrapped where there is little room for it"}};
    check_golden("newsletter" + size, screen.press("<enter>").draw());
    check_golden("numbers" + size, screen.press("o").draw());
    screen.press("<esc>H");
    check_golden("headers" + size, screen.draw());
    document.headers.unsubscribe = {"https://build.example/leave", "", true};
    document.parts.push_back({"4", 0, "message/rfc822", "", 5000, true, false});
    document.parts.push_back({"4.1", 1, "text/html", "", 4000, false, true, "iso-8859-15"});
    screen.press("q<enter>");
    check_golden("parts" + size, screen.press("v").draw());
    check_golden("leave-list" + size, screen.press("qU").draw());
    screen.press("<esc>");
    screen.mailroom.senders = {{"The Weekly Build", "weekly@build.example", 1204, 1204, noon - 7200, "/mail/1", 0},
                               {"Librería Cálamo", "hola@calamo.example", 88, 12, noon - 900000, "/mail/2", 0},
                               {"", "daily@news.example", 31, 0, noon - 90000, "/mail/3", noon - 86400}};
    check_golden("newsletters" + size, screen.press("gnm").draw());
  }
}

TEST_CASE("what is found is marked, and nothing else") {
  Screen screen(80, 24);
  write_newsletter(opened(screen));
  screen.press("<enter>").state.run("find STORY");
  const ui::Canvas canvas = screen.draw();
  const config::Look& match = screen.theme.look(config::Role::match);
  std::string marked;
  for (int row = 0; row < canvas.rows() - 1; ++row) {
    for (int column = 0; column < canvas.columns(); ++column) {
      if (canvas.at(row, column).look.background == match.background) marked += canvas.at(row, column).text;
    }
  }
  CHECK(marked == "story");
}

TEST_CASE("a long warning is shown whole") {
  Screen screen(80, 24);
  opened(screen).warnings = {"The text does not say in which character set it is written; guessed: windows-1252. Another is chosen with C."};
  const std::string text = screen.press("<enter>").draw().to_text();
  CHECK(text.find("The text does not say") != std::string::npos);
  CHECK(text.find("chosen with C.") != std::string::npos);
}

TEST_CASE("an empty page of newsletters says what it does not know") {
  Screen screen(80, 24);
  const std::string text = screen.press("gn").draw().to_text();
  CHECK(text.find("newsletter or marketing") != std::string::npos);
  CHECK(text.find("c gives") != std::string::npos);
}

TEST_CASE("all rows of a right-to-left paragraph run from right to left") {
  Screen screen(80, 24);
  const std::string first(50, 'a'), second(50, 'b');
  opened(screen).lines = {line({{"אב " + first + " ", {}}, {second, {.bold = true}}, {" גד", {}}})};
  const std::string text = screen.press("<enter>").draw().to_text();
  CHECK(text.find(first + " בא") != std::string::npos);
  CHECK(text.find("דג " + second) != std::string::npos);
}

TEST_CASE("right-to-left paragraphs and their bullets stand at the right, and tables turn as a whole") {
  Screen screen(80, 24);
  std::vector<Line> lines = {line({{"PC.", {}}}), line({{"אב", {}}}), line({{"item", {}}}), line({{"lamp  3  אב", {}}}, Line::Role::table), line({{"LED  12  אב", {}}}, Line::Role::table)};
  for (const std::size_t i : {0U, 2U, 3U}) lines[i].is_right_to_left = true;
  lines[2].indent = 4;
  lines[2].marker = "1. ";
  opened(screen).lines = lines;
  const std::vector<std::string> rows = split(screen.press("<enter>").draw().to_text(), '\n');
  const auto end_of = [&rows](std::string_view end) {
    const auto row = std::find_if(rows.begin(), rows.end(), [end](const std::string& text) { return text.ends_with(end); });
    return row == rows.end() ? -1 : display_width(*row);
  };
  const int edge = end_of(".PC");
  CHECK(edge > 40);
  CHECK(end_of("בא") == edge);
  CHECK(end_of("item .1") == edge - 1);
  CHECK(end_of("בא  3  lamp") == edge);
  CHECK(end_of("LED  12  בא") < edge);
}

TEST_CASE("a button looks like one") {
  Screen screen(80, 24);
  Document& document = opened(screen);
  document.links = {{"https://build.example/1"}};
  document.lines = {line({{"Press me", {.button = true, .link = 0}}})};
  const ui::Canvas& canvas = screen.press("<enter>").draw();
  std::string reversed;
  for (int row = 0; row < canvas.rows() - 1; ++row) {
    for (int column = 0; column < canvas.columns(); ++column) {
      const config::Look& look = canvas.at(row, column).look;
      if (look.reverse && !look.underline) reversed += canvas.at(row, column).text;
    }
  }
  CHECK(reversed == "Press me");
}

TEST_CASE("a colour of a message is shown where it can be read") {
  const auto rgb = [](std::uint32_t value) { return config::Color{config::Color::Kind::rgb, value}; };
  CHECK(ui::contrast(0x000000, 0xffffff) > 20.9);
  CHECK(ui::contrast(0x777777, 0x777777) == 1);
  CHECK_FALSE(ui::legible(0x202020, rgb(0x16161e)).has_value());
  CHECK(ui::legible(0xffcc00, rgb(0x16161e)) == rgb(0xffcc00));
  CHECK_FALSE(ui::legible(0xffcc00, rgb(0xffffff)).has_value());
  CHECK_FALSE(ui::legible(-1, rgb(0x000000)).has_value());
  CHECK_FALSE(ui::legible(0xffffff, {}).has_value());
  CHECK_FALSE(ui::legible(0xffffff, {config::Color::Kind::index, 0}).has_value());
}

TEST_CASE("strike is sent and taken back") {
  auto capabilities = ui::find_capabilities("xterm-256color");
  REQUIRE(capabilities.has_value());
  ui::Painter painter(*capabilities, config::ColorDepth::rgb, true);
  ui::Canvas canvas(10, 2);
  painter.paint(canvas);
  canvas.put(0, 0, 3, "old", {.strike = true});
  canvas.put(0, 3, 3, "new", {});
  const std::string bytes = painter.paint(canvas);
  CHECK(bytes.find("\x1b[9m") != std::string::npos);
  CHECK(bytes.find("old") < bytes.find("new"));
}

TEST_CASE("pictures are drawn as the setting and the terminal say") {
  using Kind = ui::Graphics::Kind;
  const ui::GraphicsAnswer nothing, sixel{.has_sixel = true, .cell_width = 8, .cell_height = 17}, both{.has_sixel = true, .has_kitty = true};
  CHECK(ui::graphics_for("auto", nothing, true).kind == Kind::blocks);
  CHECK(ui::graphics_for("auto", nothing, false).kind == Kind::none);
  CHECK(ui::graphics_for("auto", sixel, false).kind == Kind::sixel);
  CHECK(ui::graphics_for("auto", sixel, false).cell_height == 17);
  CHECK(ui::graphics_for("auto", both, true).kind == Kind::kitty);
  CHECK(ui::graphics_for("blocks", both, true).kind == Kind::blocks);
  CHECK(ui::graphics_for("none", both, true).kind == Kind::none);
}

TEST_CASE("half blocks are cells in the colours of the picture") {
  ui::Pictures pictures;
  pictures.set({ui::Graphics::Kind::blocks, 10, 20});
  const auto pixels = std::make_shared<const Pixels>(two_colors(200, 200));
  const ui::Drawing* drawing = pictures.draw(pixels, 20, 10, 0);
  REQUIRE(drawing != nullptr);
  CHECK(drawing->columns == 20);
  CHECK(drawing->rows == 10);
  REQUIRE(drawing->blocks.size() == 200);
  const auto shown = [](const ui::Drawing::Block& block) { return block.text == " " ? block.background : block.text == "█" ? block.foreground : block.background; };
  CHECK(shown(drawing->blocks.front()) == 0xff0000);
  CHECK(shown(drawing->blocks.back()) == 0x0000ff);
  CHECK(pictures.draw(pixels, 20, 10, 0)->blocks.data() == drawing->blocks.data());
}

TEST_CASE("a picture is sent to the terminal once, and taken away") {
  auto capabilities = ui::find_capabilities("xterm-256color");
  REQUIRE(capabilities.has_value());
  for (const auto kind : {ui::Graphics::Kind::kitty, ui::Graphics::Kind::sixel}) {
    Screen screen(80, 24);
    screen.press("<enter>").state.run("show #2");
    screen.waiting.clear();
    const auto* asked = std::get_if<messages::ViewPart>(&screen.mailroom.requests.back());
    REQUIRE(asked != nullptr);
    screen.state.handle(messages::PartViewed{asked->id, "photo.png", {}, two_colors(200, 200)});
    ui::Pictures pictures;
    pictures.set({kind, 10, 20});
    ui::Painter painter(*capabilities, config::ColorDepth::rgb, true);
    const auto paint = [&] { return painter.paint(ui::render(screen.state, screen.theme, false, nullptr, true, &pictures)); };
    const std::string mark = kind == ui::Graphics::Kind::kitty ? "\x1b_G" : "\x1bP";
    CHECK(paint().find(mark) != std::string::npos);
    CHECK(paint().find(mark) == std::string::npos);
    screen.press("q");
    const std::string after = paint();
    CHECK((after.find("\x1b_Ga=d") != std::string::npos) == (kind == ui::Graphics::Kind::kitty));
    CHECK(after.find("\x1bP") == std::string::npos);
  }
}
