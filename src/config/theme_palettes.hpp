#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "valija/base/words.hpp"
#include "valija/config/theme.hpp"

namespace valija::config {

/// The colours of a theme, by the names that the looks of theme_rows.hpp use with a $ before them.
inline constexpr std::array<std::string_view, 24> ink_names{
    "text", "background", "dim", "accent", "heading", "soft", "bar", "rule", "key", "active", "marked", "ink", "match", "yellow",
    "teal", "quote1", "quote2", "quote3", "link", "code", "green", "rose", "violet", "danger"};

struct Palette {
  ThemeName theme;
  std::array<const char*, ink_names.size()> inks;
  std::array<const char*, 8> tags;  ///< as light as each other, never red
};

/// Contrast is at least that of WCAG 2 AA (4.5) on the background, close to it on the row of the cursor; night and noon have far more. The first two leave
/// text and background to the terminal.
inline constexpr std::array<Palette, 8> palettes{{
    {{"dark", true, N_("soft colours on the dark background of the terminal")},
     {"default", "default", "#8f97a2", "#7aa5d8", "#a9b1bd", "#c3cad4", "#252a32", "#454c57", "#a9bfd8", "#2b323d", "#332f22", "#1b1e24",
      "#d8b36a", "#d8b36a", "#8fb3a5", "#8ea3ba", "#8f9aa0", "#8a909a", "#86b0e0", "#b9c4b0", "#8fbf8a", "#d49494", "#9a93c7", "#e07a7a"},
     {"#86b0e0", "#8fbf8a", "#d8b36a", "#b79be0", "#76bfc0", "#d69ab8", "#c5ad92", "#a3b87c"}},
    {{"light", false, N_("soft colours on the light background of the terminal")},
     {"default", "default", "#5f6673", "#2a66a8", "#4b5563", "#374151", "#e8ebef", "#c6cbd3", "#2f5f94", "#e3ebf5", "#fbf3d5", "#1f2937",
      "#f4d58a", "#855804", "#39735f", "#4f6b8a", "#5d6a73", "#6b727c", "#1f5fa8", "#4a5d3f", "#2f7a35", "#a64040", "#5d549e", "#b83232"},
     {"#2f6db0", "#33753a", "#825808", "#7250ae", "#1a7072", "#a04a78", "#80613b", "#5f7530"}},
    {{"ember", true, N_("warm, amber on a dark brown")},
     {"#e8dbd3", "#1e1814", "#9b8f87", "#d18e55", "#b9a69a", "#c3b7af", "#2d241f", "#4c413b", "#caa384", "#37281b", "#2e2713", "#1e1916",
      "#e2bf76", "#bc944f", "#6da595", "#bb9a80", "#9d9590", "#96908d", "#77a0d5", "#9fab8c", "#76a977", "#c88683", "#9d8ecb", "#e27a73"},
     {"#749dd1", "#74a775", "#b49656", "#a98eca", "#47a8a8", "#c987a6", "#c58e61", "#92a161"}},
    {{"fjord", true, N_("cool, water blue on a dark blue")},
     {"#dae2ec", "#151f2b", "#929aa3", "#52afd0", "#a6b2c1", "#bac2cb", "#202c3b", "#434a52", "#89b7ca", "#103543", "#332c18", "#181b1f",
      "#e2bf76", "#bf9b5e", "#7aab9d", "#87adbd", "#999ea5", "#96999e", "#82a7d6", "#a7b296", "#82af83", "#ca8f8c", "#a397cd", "#e5857e"},
     {"#80a4d3", "#80ad80", "#b89e66", "#af98cd", "#5caead", "#cb90ab", "#c8976f", "#98a76e"}},
    {{"night", true, N_("strong contrast on black")},
     {"#fafcff", "#000000", "#abadaf", "#10caf4", "#c2c8d1", "#d8d9dc", "#1b1b1b", "#4d4d4d", "#84d2eb", "#002c37", "#2c230b", "#181b1f",
      "#e2bf76", "#e2ad4a", "#75c4af", "#85c6db", "#adb2ba", "#aaadb2", "#85beff", "#b9ca9f", "#83ca85", "#f49b98", "#bba6fa", "#ff978e"},
     {"#80b9ff", "#7fc681", "#dab055", "#cba5f7", "#32c9c9", "#f59ac5", "#f0a565", "#aabf64"}},
    {{"paper", false, N_("warm, ink on cream")},
     {"#2b261a", "#f9f3e6", "#686255", "#934122", "#584f3c", "#4a4438", "#e8e1d1", "#c6bfb0", "#734434", "#f9dacf", "#e9dfc6", "#1d1a15",
      "#f4d88c", "#7d5400", "#266657", "#764d3f", "#625f58", "#66635f", "#305b90", "#4c5738", "#2d6531", "#8e4b4a", "#665594", "#a33a38"},
     {"#325d93", "#316834", "#775700", "#6d4f8c", "#006768", "#884667", "#864f18", "#536115"}},
    {{"mist", false, N_("cool, slate on a pale grey")},
     {"#1f282f", "#ebf1f7", "#58626a", "#005b94", "#41505c", "#3b444c", "#d7dfe7", "#b3bec7", "#2b5272", "#cee1f1", "#e5dcc3", "#171b1f",
      "#f4d88c", "#7b5200", "#246455", "#375873", "#575d62", "#5d6165", "#2d588e", "#495536", "#2c6330", "#8c4a49", "#645392", "#a13835"},
     {"#305b90", "#2f6632", "#745500", "#6a4d8a", "#006566", "#874466", "#854d17", "#526013"}},
    {{"noon", false, N_("strong contrast on white")},
     {"#050607", "#ffffff", "#515254", "#004697", "#3b4047", "#333436", "#ebedef", "#c9cacd", "#1a406e", "#d9efff", "#f4ebd1", "#181b1f",
      "#f4d88c", "#723e00", "#005644", "#284870", "#4a4e54", "#4f5256", "#05488d", "#39471e", "#00560c", "#873233", "#583e90", "#9a0d1a"},
     {"#0a4b91", "#00580f", "#6b4200", "#613888", "#005457", "#812a5a", "#7e3600", "#415200"}},
}};

}  // namespace valija::config
