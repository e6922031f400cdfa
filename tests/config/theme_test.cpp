#include "valija/config/theme.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <set>

using namespace valija::config;

TEST_CASE("colours are names, numbers or six hexadecimal digits") {
  CHECK(parse_color("default") == Color{});
  CHECK(parse_color("red") == Color{Color::Kind::index, 1});
  CHECK(parse_color("bright-white") == Color{Color::Kind::index, 15});
  CHECK(parse_color("208") == Color{Color::Kind::index, 208});
  CHECK(parse_color("#5f87AF") == Color{Color::Kind::rgb, 0x5f87af});
  for (const char* wrong : {"", "256", "-1", "#12345", "#1234567", "#12345g", "# 12345", "Red", "redd", "0x10"})
    CHECK_FALSE(parse_color(wrong));
}

TEST_CASE("a look is attributes, a colour and a background, each optional") {
  const auto look = parse_look("bold italic blue on #202020");
  REQUIRE(look);
  CHECK(look->bold);
  CHECK(look->italic);
  CHECK_FALSE(look->dim);
  CHECK(look->foreground == Color{Color::Kind::index, 4});
  CHECK(look->background == Color{Color::Kind::rgb, 0x202020});
  CHECK(parse_look("") == Look{});
  CHECK(parse_look("on 17")->background == Color{Color::Kind::index, 17});
  for (const char* wrong : {"on", "bold on", "red blue", "on red on blue", "on on", "blinking", "red on bold"})
    CHECK_FALSE(parse_look(wrong));
}

TEST_CASE("a colour becomes the nearest one that the terminal has") {
  const Color blue{Color::Kind::rgb, 0x5f87af};
  CHECK(reduced(blue, ColorDepth::rgb) == blue);
  CHECK(reduced(blue, ColorDepth::indexed256) == Color{Color::Kind::index, 67});
  CHECK(reduced(Color{Color::Kind::rgb, 0xfe0101}, ColorDepth::ansi16) == Color{Color::Kind::index, 9});
  CHECK(reduced(Color{Color::Kind::index, 232}, ColorDepth::ansi16) == Color{Color::Kind::index, 0});
  CHECK(reduced(blue, ColorDepth::mono) == Color{});
}

TEST_CASE("every built-in look can be read at every depth") {
  for (const ThemeName& name : theme_names()) {
    for (const ColorDepth depth : {ColorDepth::mono, ColorDepth::ansi16, ColorDepth::indexed256, ColorDepth::rgb}) {
      CAPTURE(name.name);
      const Theme theme = Theme::make(name.name, depth, {});
      // The cursor and what is unread are seen at any depth.
      CHECK_FALSE(theme.look(Role::row_active) == Look{});
      CHECK(theme.look(Role::unread).bold);
      CHECK_FALSE(theme.look(Role::danger) == Look{});
      for (const RoleRow& row : role_rows()) {
        const Look& look = theme.look(row.role);
        if (depth == ColorDepth::mono) CHECK((look.foreground == Color{} && look.background == Color{}));
        if (depth == ColorDepth::ansi16) CHECK((look.foreground.value < 16 && look.background.value < 16));
      }
    }
  }
}

namespace {

/// WCAG 2: relative luminance and contrast, 1 to 21.
double luminance(std::uint32_t value) {
  const auto part = [value](int shift) {
    const double c = static_cast<double>(value >> shift & 0xff) / 255;
    return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * part(16) + 0.7152 * part(8) + 0.0722 * part(0);
}

double contrast(std::uint32_t a, std::uint32_t b) {
  const double x = luminance(a), y = luminance(b);
  return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
}

}  // namespace

TEST_CASE("every role of every theme can be read: on the background, in the bar, on the row of the cursor and on a marked one") {
  for (const ThemeName& name : theme_names()) {
    const Theme theme = Theme::make(name.name, ColorDepth::rgb, {});
    const Color text = theme.look(Role::text).foreground, background = theme.page().background;
    // Where the terminal's own are used, the least that a terminal of that kind has.
    const std::uint32_t ink = text.kind == Color::Kind::rgb ? text.value : name.is_dark ? 0xd8d8d8 : 0x24292f;
    const std::uint32_t paper = background.kind == Color::Kind::rgb ? background.value : name.is_dark ? 0x1e1e1e : 0xffffff;
    const auto check = [&](std::string_view what, const Look& look) {
      const std::uint32_t foreground = look.foreground.kind == Color::Kind::rgb ? look.foreground.value : ink;
      CAPTURE(name.name);
      CAPTURE(std::string(what));
      if (look.background.kind == Color::Kind::rgb) {
        CHECK(contrast(foreground, look.background.value) >= 4.5);
        return;
      }
      CHECK(contrast(foreground, paper) >= 4.5);
      for (const Role row : {Role::bar, Role::row_active, Role::row_marked}) CHECK(contrast(foreground, theme.look(row).background.value) >= 3.8);
    };
    for (const RoleRow& row : role_rows()) {
      if (row.role != Role::rule) check(row.name, theme.look(row.role));
    }
    for (int i = 0; i < 40; ++i) check("a tag", theme.tag("tag" + std::to_string(i)));
  }
}

TEST_CASE("roles have names that lead back to them") {
  std::set<std::string_view> names;
  for (const RoleRow& row : role_rows()) {
    CHECK(role_of(row.name) == row.role);
    CHECK(name_of(row.role) == row.name);
    names.insert(row.name);
  }
  CHECK(names.size() == role_count);
  CHECK_FALSE(role_of("nothing"));
}

TEST_CASE("settings replace looks of roles and tags") {
  const Theme theme =
      Theme::make("dark", ColorDepth::rgb, {{"accent", "bold #ff0000"}, {"tag.work", "green"}, {"dim", "not a look"}});
  CHECK(theme.look(Role::accent).bold);
  CHECK(theme.tag("work").foreground == Color{Color::Kind::index, 2});
  CHECK(theme.look(Role::dim) == Theme::make("dark", ColorDepth::rgb, {}).look(Role::dim));
}

TEST_CASE("a tag always has the same colour, and tags use the whole palette") {
  const Theme theme = Theme::make("dark", ColorDepth::rgb, {});
  std::set<std::uint32_t> colors;
  for (int i = 0; i < 200; ++i) colors.insert(theme.tag("tag" + std::to_string(i)).foreground.value);
  CHECK(colors.size() == 8);
  CHECK(theme.tag("inbox") == Theme::make("dark", ColorDepth::rgb, {}).tag("inbox"));
}

TEST_CASE("a look over another one adds up") {
  const Look row{.foreground = {}, .background = {Color::Kind::index, 236}, .bold = true};
  const Look tag{.foreground = {Color::Kind::index, 4}, .background = {}, .italic = true};
  const Look both = over(row, tag);
  CHECK(both.foreground.value == 4);
  CHECK(both.background.value == 236);
  CHECK(both.bold);
  CHECK(both.italic);
}

TEST_CASE("any text is a look or none") {
  rc::check([](const std::string& text) { (void)parse_look(text); });
}
