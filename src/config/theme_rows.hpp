#pragma once

#include <array>

#include "valija/base/words.hpp"
#include "valija/config/theme.hpp"

namespace valija::config {

/// The built-in themes: one accent, everything secondary quiet, red only for danger. 256 colours are taken from the
/// full ones; 16 colours need their own column, because soft backgrounds do not exist there, and so does none at all.
struct ThemeRow {
  Role role;
  const char* name;
  const char* doc;
  const char* look;  ///< with the colours of a palette: "bold $accent"
  const char *dark16, *light16, *mono;
};

inline constexpr std::array<ThemeRow, role_count> theme_rows{{
    {Role::text, "text", N_("ordinary text"), "$text on $background", "default", "default", ""},
    {Role::dim, "dim", N_("what is secondary"), "$dim", "bright-black", "bright-black", "dim"},
    {Role::accent, "accent", N_("where you are: the bar at the left of the row, the active pane"), "$accent", "bright-blue", "blue", "bold"},
    {Role::title, "title", N_("the subject of the open message, headings of a text"), "bold", "bold", "bold", "bold"},
    {Role::heading, "heading", N_("headings in the side bar and between groups of dates"), "bold $heading", "bold", "bold", "bold"},
    {Role::bar, "bar", N_("the line at the top"), "$soft on $bar", "white on bright-black", "black on white", "reverse"},
    {Role::rule, "rule", N_("the thin lines between panes"), "$rule", "bright-black", "bright-black", "dim"},
    {Role::status, "status", N_("the line at the bottom"), "$soft", "default", "default", ""},
    {Role::hint, "hint", N_("key hints"), "$dim", "bright-black", "bright-black", "dim"},
    {Role::key, "key", N_("a key inside of a hint"), "$key", "bright-blue", "blue", "bold"},
    {Role::prompt, "prompt", N_("the mark before a line that is typed"), "bold $accent", "bold bright-blue", "bold blue", "bold"},
    {Role::unread, "unread", N_("what is not read yet"), "bold", "bold", "bold", "bold"},
    {Role::date, "date", N_("dates and times in the list"), "$dim", "default", "default", ""},
    {Role::count, "count", N_("numbers of messages"), "$dim", "default", "default", ""},
    {Role::row_active, "row-active", N_("the row of the cursor"), "default on $active", "default on blue", "black on white", "reverse"},
    {Role::row_marked, "row-marked", N_("rows that are marked"), "default on $marked", "yellow", "yellow", "underline"},
    {Role::match, "match", N_("the text that was searched for"), "$ink on $match", "black on yellow", "black on yellow", "reverse"},
    {Role::tag, "tag", N_("tags; each has its own colour of a palette"), "default", "default", "default", ""},
    {Role::flagged, "flagged", N_("the mark of flagged messages"), "$yellow", "yellow", "yellow", "bold"},
    {Role::attachment, "attachment", N_("the mark and the rows of attachments"), "$teal", "cyan", "cyan", ""},
    {Role::header_name, "header-name", N_("names of headers"), "$dim", "default", "default", "dim"},
    {Role::header_value, "header-value", N_("values of headers"), "default", "default", "default", ""},
    {Role::quote1, "quote1", N_("quoted text, first level"), "$quote1", "cyan", "blue", "dim"},
    {Role::quote2, "quote2", N_("quoted text, second level"), "$quote2", "bright-black", "bright-black", "dim"},
    {Role::quote3, "quote3", N_("quoted text, deeper levels"), "$quote3", "bright-black", "bright-black", "dim"},
    {Role::signature, "signature", N_("signatures at the end of a text"), "$dim", "bright-black", "bright-black", "dim"},
    {Role::link, "link", N_("links"), "underline $link", "underline bright-blue", "underline blue", "underline"},
    {Role::code, "code", N_("code and fixed-width text"), "$code", "default", "default", ""},
    {Role::added, "added", N_("added lines of a patch"), "$green", "green", "green", ""},
    {Role::removed, "removed", N_("removed lines of a patch"), "$rose", "red", "red", ""},
    {Role::hunk, "hunk", N_("places in a patch"), "$violet", "magenta", "magenta", "dim"},
    {Role::success, "success", N_("what went well"), "$green", "green", "green", ""},
    {Role::warning, "warning", N_("what needs a look"), "$yellow", "yellow", "yellow", "bold"},
    {Role::danger, "danger", N_("what failed or destroys"), "bold $danger", "bold red", "bold red", "bold"},
}};

static_assert(
    [] {
      for (std::size_t i = 0; i < theme_rows.size(); ++i) {
        if (static_cast<std::size_t>(theme_rows[i].role) != i || theme_rows[i].doc[0] == '\0') return false;
      }
      return true;
    }(),
    "one row per role, in the order of Role, each with a doc");

/// Colours for tags where there are 16.
struct NamedPair {
  const char *dark, *light;
};
inline constexpr std::array<NamedPair, 8> named_tag_colors{{
    {"bright-blue", "blue"}, {"green", "green"}, {"yellow", "yellow"}, {"magenta", "magenta"}, {"cyan", "cyan"}, {"bright-magenta", "magenta"}, {"bright-yellow", "yellow"}, {"bright-green", "green"},
}};

}  // namespace valija::config
