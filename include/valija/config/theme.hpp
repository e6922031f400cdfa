#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace valija::config {

/// What a piece of the screen means; the theme says how it looks. `[theme]` names them in kebab-case.
enum class Role : std::uint8_t {
  text,
  dim,
  accent,
  title,
  heading,
  bar,
  rule,
  status,
  hint,
  key,
  prompt,
  unread,
  date,
  count,
  row_active,
  row_marked,
  match,
  tag,
  flagged,
  attachment,
  header_name,
  header_value,
  quote1,
  quote2,
  quote3,
  signature,
  link,
  code,
  added,
  removed,
  hunk,
  success,
  warning,
  danger,
};
inline constexpr std::size_t role_count = static_cast<std::size_t>(Role::danger) + 1;

/// A terminal colour. A plain value; which ones the terminal can show is the ui's business (`reduced`).
struct Color {
  enum class Kind : std::uint8_t { standard, index, rgb };
  Kind kind = Kind::standard;  ///< standard: the terminal's own foreground or background
  std::uint32_t value = 0;     ///< index: 0..255 (0..15 the named colours); rgb: 0xRRGGBB
  friend constexpr bool operator==(const Color&, const Color&) = default;
};

/// Colours and attributes of a role. A standard background lets the one below show through.
struct Look {
  Color foreground{}, background{};
  bool bold = false, dim = false, italic = false, underline = false, reverse = false, strike = false;
  friend constexpr bool operator==(const Look&, const Look&) = default;
};

/// `look` laid over `under`: what `look` leaves standard comes from `under`; attributes add up.
Look over(const Look& under, const Look& look);

enum class ColorDepth : std::uint8_t { mono, ansi16, indexed256, rgb };

/// The nearest colour that a terminal of this depth has.
Color reduced(Color color, ColorDepth depth);

/// 0xRRGGBB where that is the same on every terminal: not for the standard colours and the sixteen named ones.
std::optional<std::uint32_t> rgb_of(Color color);

/// "default", "blue", "bright-blue", "208", "#5f87af".
std::optional<Color> parse_color(std::string_view text);
/// "bold blue on #202020", "dim", "underline default on default": attributes, a colour, `on` a background, each
/// optional.
std::optional<Look> parse_look(std::string_view text);

/// The kebab-case name of a role ("row-active"), and back.
std::string_view name_of(Role role);
std::optional<Role> role_of(std::string_view name);
/// The name of a role and what it is for, in the order of the man page.
struct RoleRow {
  Role role;
  const char* name;
  const char* doc;  ///< N_()
};
const std::array<RoleRow, role_count>& role_rows();

/// A built-in theme.
struct ThemeName {
  const char* name;
  bool is_dark;
  const char* doc;  ///< N_()
};
/// The first two are `dark` and `light`, which `auto` chooses from.
std::span<const ThemeName> theme_names();

/// How everything looks. A value.
class Theme {
 public:
  /// `settings` is Settings::theme (role or "tag.NAME" -> look), checked by the settings parser: what cannot be read is left at its
  /// default, and an unknown name is `dark`.
  static Theme make(std::string_view name, ColorDepth depth, const std::map<std::string, std::string>& settings);

  const Look& look(Role role) const { return looks_[static_cast<std::size_t>(role)]; }
  /// What is below everything: the text's look with its background, which the text itself has not, so that it can stand on a panel.
  const Look& page() const { return page_; }
  ColorDepth depth() const { return depth_; }
  /// Always the same for the same tag: its own setting, else a colour of the palette by a hash of the name.
  const Look& tag(std::string_view name) const;
  /// Of the account with this number in the settings: the colour that they give it, else one of the palette.
  Look account(std::size_t number, std::string_view color) const;

 private:
  std::array<Look, role_count> looks_;
  Look page_;
  ColorDepth depth_ = ColorDepth::rgb;
  std::vector<Look> palette_;
  std::map<std::string, Look, std::less<>> tags_;
};

}  // namespace valija::config
