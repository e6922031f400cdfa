#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace valija::html {

struct Simplified {
  std::string html;
  std::string style_sheet;                  ///< the content of all style elements, at most 256 KiB
  std::vector<std::string_view> data_uris;  ///< of the pictures, views into the input; in `html` the n-th is "data:#n"
};

enum class Attributes : std::uint8_t { text, page };  ///< those that decide about the text; also those that a browser lays out by

/// HTML without what could cost the tree builder more than linear time or memory: comments, scripts and styles, attributes that are not
/// used, values above 4 KiB, tags that nest deeper than 256. The text stays. One pass over the first 8 MiB.
Simplified simplify(std::string_view html, Attributes attributes);

}  // namespace valija::html
