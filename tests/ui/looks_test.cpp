// Golden screens with their looks, at every colour depth: the text of a screen stands in NAME-SIZE.txt, how it looks in looks-NAME-SIZE.txt.
#include <fmt/format.h>

#include <functional>

#include "screen.hpp"

using namespace valija;
using namespace valija::testing;

namespace {

std::string to_text(const config::Color& color) {
  if (color.kind == config::Color::Kind::standard) return "-";
  return color.kind == config::Color::Kind::rgb ? fmt::format("#{:06x}", color.value) : fmt::format("{}", color.value);
}

std::string to_text(const config::Look& look) {
  std::string text = to_text(look.foreground) + " on " + to_text(look.background);
  for (const auto& [is_set, name] : {std::pair(look.bold, " bold"), std::pair(look.dim, " dim"), std::pair(look.italic, " italic"), std::pair(look.underline, " underline"),
                                     std::pair(look.reverse, " reverse")}) {
    if (is_set) text += name;
  }
  return text;
}

/// The looks of a canvas, each named by a letter where it comes first, and the rows as runs of them: "a9 b12". Equal rows are counted.
std::string looks_of(const ui::Canvas& canvas) {
  std::string all, last;
  std::vector<config::Look> known;
  int same = 0;
  const auto letter_of = [&](const config::Look& look) {
    const auto found = std::find(known.begin(), known.end(), look);
    const auto number = static_cast<std::size_t>(found - known.begin());
    const std::string letter(1, static_cast<char>(number < 26 ? 'a' + number : 'A' + number - 26));
    if (found == known.end()) {
      REQUIRE(known.size() < 52);
      known.push_back(look);
      all += "  " + letter + " = " + to_text(look) + "\n";
    }
    return letter;
  };
  for (int row = 0; row <= canvas.rows(); ++row) {
    std::string runs;
    for (int column = 0; row < canvas.rows() && column < canvas.columns();) {
      const config::Look& look = canvas.at(row, column).look;
      int end = column;
      while (end < canvas.columns() && canvas.at(row, end).look == look) ++end;
      runs += fmt::format("{}{}{}", runs.empty() ? "" : " ", letter_of(look), end - column);
      column = end;
    }
    if (runs != last && same > 0) all += last + (same > 1 ? fmt::format(" ({} rows)", same) : "") + "\n";
    same = runs == last ? same + 1 : 1;
    last = std::move(runs);
  }
  return all;
}

struct Manner {
  const char* name;
  const char* theme;
  config::ColorDepth depth;
};

constexpr Manner manners[] = {
    {"dark, true colour", "dark", config::ColorDepth::rgb},       {"light, true colour", "light", config::ColorDepth::rgb},
    {"dark, 256 colours", "dark", config::ColorDepth::indexed256}, {"light, 16 colours", "light", config::ColorDepth::ansi16},
    {"dark, 16 colours", "dark", config::ColorDepth::ansi16},     {"mono", "dark", config::ColorDepth::mono},
};

void check_looks(const std::string& name, Screen& screen) {
  std::string all;
  for (const Manner& manner : manners) {
    screen.theme = config::Theme::make(manner.theme, manner.depth, {});
    all += fmt::format("== {}\n{}", manner.name, looks_of(screen.draw()));
  }
  all += "== ASCII\n" + screen.draw(true).to_text();
  check_golden_text("looks-" + name, all);
}

}  // namespace

TEST_CASE("the screens look as they should at every colour depth") {
  const std::pair<const char*, std::function<void(Screen&)>> screens[] = {
      {"list", [](Screen&) {}},
      {"reader", [](Screen& screen) { screen.press("<enter>"); }},
      {"sidebar", [](Screen& screen) { screen.press("<tab>"); }},
      {"help", [](Screen& screen) { screen.press("?"); }},
      {"completion", [](Screen& screen) { screen.press(":").type("to").press("<tab>"); }},
  };
  for (const auto& [columns, rows] : {std::pair(80, 24), std::pair(160, 48)}) {
    for (const auto& [name, prepare] : screens) {
      Screen screen(columns, rows);
      prepare(screen);
      check_looks(fmt::format("{}-{}x{}", name, columns, rows), screen);
    }
  }
}

TEST_CASE("without colours what is chosen, unread or wrong is told by attributes") {
  Screen screen(80, 24);
  screen.theme = config::Theme::make("dark", config::ColorDepth::mono, {});
  const ui::Canvas canvas = screen.draw();
  bool has_reverse = false, has_bold = false;
  for (int row = 0; row < canvas.rows(); ++row) {
    for (int column = 0; column < canvas.columns(); ++column) {
      const config::Look& look = canvas.at(row, column).look;
      CHECK(look.foreground == config::Color{});
      CHECK(look.background == config::Color{});
      has_reverse = has_reverse || look.reverse;
      has_bold = has_bold || look.bold;
    }
  }
  CHECK(has_reverse);
  CHECK(has_bold);
}
