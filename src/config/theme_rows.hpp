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
  const char *dark, *light, *dark16, *light16, *mono;
};

inline constexpr std::array<ThemeRow, role_count> theme_rows{{
    {Role::text, "text", N_("ordinary text"), "default", "default", "default", "default", ""},
    {Role::dim, "dim", N_("what is secondary"), "#868e99", "#6b7280", "bright-black", "bright-black", "dim"},
    {Role::accent, "accent", N_("where you are: the bar at the left of the row, the active pane"), "#7aa5d8", "#2a66a8",
     "bright-blue", "blue", "bold"},
    {Role::title, "title", N_("the subject of the open message"), "bold", "bold", "bold", "bold", "bold"},
    {Role::heading, "heading", N_("headings in the side bar and between groups of dates, headings of a text"),
     "bold #a9b1bd", "bold #4b5563", "bold", "bold", "bold"},
    {Role::bar, "bar", N_("the line at the top"), "#c3cad4 on #252a32", "#374151 on #e8ebef", "white on bright-black",
     "black on white", "reverse"},
    {Role::rule, "rule", N_("the thin lines between panes"), "#454c57", "#c6cbd3", "bright-black", "bright-black",
     "dim"},
    {Role::status, "status", N_("the line at the bottom"), "#c3cad4", "#374151", "default", "default", ""},
    {Role::hint, "hint", N_("key hints"), "#868e99", "#6b7280", "bright-black", "bright-black", "dim"},
    {Role::key, "key", N_("a key inside of a hint"), "#a9bfd8", "#2f5f94", "bright-blue", "blue", "bold"},
    {Role::prompt, "prompt", N_("the mark before a line that is typed"), "bold #7aa5d8", "bold #2a66a8",
     "bold bright-blue", "bold blue", "bold"},
    {Role::unread, "unread", N_("what is not read yet"), "bold", "bold", "bold", "bold", "bold"},
    {Role::date, "date", N_("dates and times in the list"), "#868e99", "#6b7280", "default", "default", ""},
    {Role::count, "count", N_("numbers of messages"), "#868e99", "#6b7280", "default", "default", ""},
    {Role::row_active, "row-active", N_("the row of the cursor"), "default on #2b323d", "default on #e3ebf5",
     "default on blue", "black on white", "reverse"},
    {Role::row_marked, "row-marked", N_("rows that are marked"), "default on #332f22", "default on #fbf3d5", "yellow",
     "yellow", "underline"},
    {Role::match, "match", N_("the text that was searched for"), "#1b1e24 on #d8b36a", "#1f2937 on #f4d58a",
     "black on yellow", "black on yellow", "reverse"},
    {Role::tag, "tag", N_("tags; each has its own colour of a palette"), "default", "default", "default", "default",
     ""},
    {Role::flagged, "flagged", N_("the mark of flagged messages"), "#d8b36a", "#a8700a", "yellow", "yellow", "bold"},
    {Role::attachment, "attachment", N_("the mark and the rows of attachments"), "#8fb3a5", "#39735f", "cyan", "cyan",
     ""},
    {Role::header_name, "header-name", N_("names of headers"), "#868e99", "#6b7280", "default", "default", "dim"},
    {Role::header_value, "header-value", N_("values of headers"), "default", "default", "default", "default", ""},
    {Role::quote1, "quote1", N_("quoted text, first level"), "#8ea3ba", "#4f6b8a", "cyan", "blue", "dim"},
    {Role::quote2, "quote2", N_("quoted text, second level"), "#8f9aa0", "#67757e", "bright-black", "bright-black",
     "dim"},
    {Role::quote3, "quote3", N_("quoted text, deeper levels"), "#7c828c", "#858b95", "bright-black", "bright-black",
     "dim"},
    {Role::signature, "signature", N_("signatures at the end of a text"), "#868e99", "#6b7280", "bright-black",
     "bright-black", "dim"},
    {Role::link, "link", N_("links"), "underline #86b0e0", "underline #1f5fa8", "underline bright-blue",
     "underline blue", "underline"},
    {Role::code, "code", N_("code and fixed-width text"), "#b9c4b0", "#4a5d3f", "default", "default", ""},
    {Role::added, "added", N_("added lines of a patch"), "#8fbf8a", "#2f7a35", "green", "green", ""},
    {Role::removed, "removed", N_("removed lines of a patch"), "#d49494", "#a64040", "red", "red", ""},
    {Role::hunk, "hunk", N_("places in a patch"), "#9a93c7", "#5d549e", "magenta", "magenta", "dim"},
    {Role::success, "success", N_("what went well"), "#8fbf8a", "#2f7a35", "green", "green", ""},
    {Role::warning, "warning", N_("what needs a look"), "#d8b36a", "#a8700a", "yellow", "yellow", "bold"},
    {Role::danger, "danger", N_("what failed or destroys"), "bold #e07a7a", "bold #b83232", "bold red", "bold red",
     "bold"},
}};

inline constexpr std::array built_in_themes{
    ThemeName{"dark", true, N_("soft colours on the dark background of the terminal")},
    ThemeName{"light", false, N_("soft colours on the light background of the terminal")},
};

static_assert(
    [] {
      for (std::size_t i = 0; i < theme_rows.size(); ++i) {
        if (static_cast<std::size_t>(theme_rows[i].role) != i || theme_rows[i].doc[0] == '\0') return false;
      }
      return true;
    }(),
    "one row per role, in the order of Role, each with a doc");

/// Colours for tags: as light as each other, never red.
struct PaletteRow {
  const char *dark, *light, *dark16, *light16;
};

inline constexpr std::array<PaletteRow, 8> tag_palette{{
    {"#86b0e0", "#2f6db0", "bright-blue", "blue"},
    {"#8fbf8a", "#3b7d3f", "green", "green"},
    {"#d8b36a", "#94650f", "yellow", "yellow"},
    {"#b79be0", "#7250ae", "magenta", "magenta"},
    {"#76bfc0", "#1f7a7c", "cyan", "cyan"},
    {"#d69ab8", "#a04a78", "bright-magenta", "magenta"},
    {"#c5ad92", "#80613b", "bright-yellow", "yellow"},
    {"#a3b87c", "#5f7530", "bright-green", "green"},
}};

}  // namespace valija::config
