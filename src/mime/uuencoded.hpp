#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace valija::mime {

/// A file that stands in a text between "begin 644 NAME" and "end"; offsets of those lines, with their line ends.
struct UuencodedFile {
  std::string name;  ///< clean
  std::size_t begin = 0, end = 0;
};

/// Whole files only: each of their lines is what it says. At most 100.
std::vector<UuencodedFile> find_uuencoded(std::string_view text);

/// The text with "[NAME]" in place of each file.
std::string without_uuencoded(std::string_view text);

}  // namespace valija::mime
