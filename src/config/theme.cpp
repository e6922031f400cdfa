#include "valija/config/theme.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <limits>

#include "theme_palettes.hpp"
#include "theme_rows.hpp"
#include "valija/base/text.hpp"

namespace valija::config {

namespace {

constexpr std::array<std::string_view, 16> color_names{
    "black",       "red",          "green",      "yellow",       "blue",          "magenta",     "cyan",
    "white",       "bright-black", "bright-red", "bright-green", "bright-yellow", "bright-blue", "bright-magenta",
    "bright-cyan", "bright-white"};

/// xterm's own values of the 16 named colours; terminals differ, the nearest is still the nearest.
constexpr std::array<std::uint32_t, 16> named_values{0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd,
                                                     0x00cdcd, 0xe5e5e5, 0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00,
                                                     0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff};
constexpr std::array<std::uint32_t, 6> cube_steps{0x00, 0x5f, 0x87, 0xaf, 0xd7, 0xff};

std::uint32_t value_of_index(std::uint32_t index) {
  if (index < 16) return named_values[index];
  if (index >= 232) return (8 + (index - 232) * 10) * 0x010101;
  const std::uint32_t cube = index - 16;
  return cube_steps[cube / 36] << 16 | cube_steps[cube / 6 % 6] << 8 | cube_steps[cube % 6];
}

/// How unlike two colours look: the eye minds green most and blue least.
long distance(std::uint32_t a, std::uint32_t b) {
  const auto part = [](std::uint32_t value, int shift) { return static_cast<long>(value >> shift & 0xff); };
  const long red = part(a, 16) - part(b, 16), green = part(a, 8) - part(b, 8), blue = part(a, 0) - part(b, 0);
  return 3 * red * red + 4 * green * green + 2 * blue * blue;
}

Color nearest_index(std::uint32_t value, std::uint32_t first, std::uint32_t end) {
  std::uint32_t best = first;
  long best_distance = std::numeric_limits<long>::max();
  for (std::uint32_t index = first; index < end; ++index) {
    const long here = distance(value, value_of_index(index));
    if (here < best_distance) {
      best = index;
      best_distance = here;
    }
  }
  return {Color::Kind::index, best};
}

std::optional<std::uint32_t> parse_number(std::string_view text, int base) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

bool set_attribute(Look& look, std::string_view word) {
  if (word == "bold") return look.bold = true;
  if (word == "dim") return look.dim = true;
  if (word == "italic") return look.italic = true;
  if (word == "underline") return look.underline = true;
  if (word == "reverse") return look.reverse = true;
  return false;
}

/// FNV-1a: the same on every machine and run, so a tag keeps its colour.
std::uint32_t hash(std::string_view text) {
  std::uint32_t value = 2166136261U;
  for (const char c : text) value = (value ^ static_cast<unsigned char>(c)) * 16777619U;
  return value ^ value >> 15;
}

Look reduced_look(Look look, ColorDepth depth) {
  look.foreground = reduced(look.foreground, depth);
  look.background = reduced(look.background, depth);
  return look;
}

/// "bold $accent" in the colours of a palette.
std::string in_colors_of(const Palette& palette, std::string_view look) {
  std::vector<std::string> words = split(look, ' ');
  for (std::string& word : words) {
    if (!word.starts_with('$')) continue;
    const auto ink = std::find(ink_names.begin(), ink_names.end(), std::string_view(word).substr(1));
    word = ink == ink_names.end() ? "default" : palette.inks[static_cast<std::size_t>(ink - ink_names.begin())];
  }
  return join(words, " ");
}

std::string built_in_text(const ThemeRow& row, const Palette& palette, ColorDepth depth) {
  if (depth == ColorDepth::mono) return row.mono;
  if (depth == ColorDepth::ansi16) return palette.theme.is_dark ? row.dark16 : row.light16;
  return in_colors_of(palette, row.look);
}

const Palette& palette_of(std::string_view name) {
  const auto named = std::find_if(palettes.begin(), palettes.end(), [name](const Palette& palette) { return name == palette.theme.name; });
  return named == palettes.end() ? palettes.front() : *named;
}

}  // namespace

Look over(const Look& under, const Look& look) {
  Look both = look;
  if (look.foreground.kind == Color::Kind::standard) both.foreground = under.foreground;
  if (look.background.kind == Color::Kind::standard) both.background = under.background;
  both.bold |= under.bold;
  both.dim |= under.dim;
  both.italic |= under.italic;
  both.underline |= under.underline;
  both.reverse |= under.reverse;
  both.strike |= under.strike;
  return both;
}

std::optional<std::uint32_t> rgb_of(Color color) {
  if (color.kind == Color::Kind::rgb) return color.value;
  if (color.kind == Color::Kind::index && color.value >= 16) return value_of_index(color.value);
  return std::nullopt;
}

Color reduced(Color color, ColorDepth depth) {
  if (color.kind == Color::Kind::standard || depth == ColorDepth::mono) return {};
  if (depth == ColorDepth::rgb) return color;
  const bool is_index = color.kind == Color::Kind::index;
  if (depth == ColorDepth::indexed256) return is_index ? color : nearest_index(color.value, 16, 256);
  if (is_index && color.value < 16) return color;
  return nearest_index(is_index ? value_of_index(color.value) : color.value, 0, 16);
}

std::optional<Color> parse_color(std::string_view text) {
  if (text == "default") return Color{};
  const auto name = std::find(color_names.begin(), color_names.end(), text);
  if (name != color_names.end())
    return Color{Color::Kind::index, static_cast<std::uint32_t>(name - color_names.begin())};
  if (text.size() == 7 && text.front() == '#') {
    const auto value = parse_number(text.substr(1), 16);
    return value ? std::optional(Color{Color::Kind::rgb, *value}) : std::nullopt;
  }
  const auto index = parse_number(text, 10);
  return index && *index < 256 ? std::optional(Color{Color::Kind::index, *index}) : std::nullopt;
}

std::optional<Look> parse_look(std::string_view text) {
  Look look;
  bool has_foreground = false, has_background = false, wants_background = false;
  for (const std::string& word : split(text, ' ')) {
    if (word.empty()) continue;
    if (!wants_background && set_attribute(look, word)) continue;
    if (word == "on" && !has_background && !wants_background) {
      wants_background = true;
      continue;
    }
    const auto color = parse_color(word);
    bool& is_taken = wants_background ? has_background : has_foreground;
    if (!color || is_taken) return std::nullopt;
    (wants_background ? look.background : look.foreground) = *color;
    is_taken = true;
    wants_background = false;
  }
  return wants_background ? std::nullopt : std::optional(look);
}

std::string_view name_of(Role role) { return role_rows()[static_cast<std::size_t>(role)].name; }

std::optional<Role> role_of(std::string_view name) {
  for (const RoleRow& row : role_rows()) {
    if (row.name == name) return row.role;
  }
  return std::nullopt;
}

const std::array<RoleRow, role_count>& role_rows() {
  static const auto rows = [] {
    std::array<RoleRow, role_count> made{};
    for (std::size_t i = 0; i < role_count; ++i) made[i] = {theme_rows[i].role, theme_rows[i].name, theme_rows[i].doc};
    return made;
  }();
  return rows;
}

std::span<const ThemeName> theme_names() {
  static const auto names = [] {
    std::array<ThemeName, palettes.size()> made{};
    std::transform(palettes.begin(), palettes.end(), made.begin(), [](const Palette& palette) { return palette.theme; });
    return made;
  }();
  return names;
}

Theme Theme::make(std::string_view name, ColorDepth depth, const std::map<std::string, std::string>& settings) {
  const Palette& palette = palette_of(name);
  Theme theme;
  theme.depth_ = depth;
  for (const ThemeRow& row : theme_rows) {
    const Look look = parse_look(built_in_text(row, palette, depth)).value_or(Look{});
    theme.looks_[static_cast<std::size_t>(row.role)] = reduced_look(look, depth);
  }
  for (std::size_t i = 0; i < palette.tags.size(); ++i) {
    const NamedPair& named = named_tag_colors[i];
    const Color color = parse_color(depth != ColorDepth::ansi16 ? palette.tags[i] : palette.theme.is_dark ? named.dark : named.light).value_or(Color{});
    theme.palette_.push_back(over(theme.look(Role::tag), reduced_look({.foreground = color}, depth)));
  }
  for (const auto& [role_name, text] : settings) {
    const auto look = parse_look(text);
    if (!look) continue;
    if (const auto role = role_of(role_name)) {
      theme.looks_[static_cast<std::size_t>(*role)] = reduced_look(*look, depth);
    } else if (role_name.starts_with("tag.")) {
      theme.tags_[role_name.substr(4)] = reduced_look(*look, depth);
    }
  }
  Look& text = theme.looks_[static_cast<std::size_t>(Role::text)];
  theme.page_ = text;
  text.background = {};
  return theme;
}

const Look& Theme::tag(std::string_view name) const {
  const auto own = tags_.find(name);
  return own != tags_.end() ? own->second : palette_[hash(name) % palette_.size()];
}

Look Theme::account(std::size_t number, std::string_view color) const {
  Look look = palette_[number % palette_.size()];
  if (const auto own = parse_color(color)) look = reduced_look({.foreground = *own}, depth_);
  look.bold = true;
  return look;
}

}  // namespace valija::config
