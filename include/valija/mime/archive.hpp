#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace valija::mime {

constexpr std::size_t most_archive_entries = 10'000;

/// What an archive says it holds. Its files are never unpacked.
struct Archive {
  struct Entry {
    std::string name;  ///< may be shown; never a path to write to
    std::uint64_t size = 0;
    bool is_encrypted = false;
  };
  const char* kind = "";  ///< "zip" or "tar"
  std::vector<Entry> entries;
  bool is_cut = false;  ///< it has more than most_archive_entries, or ends in the middle
};

/// Lists a zip archive by its central directory (also ZIP64) or a tar archive (POSIX, GNU) by its headers. Nothing: it is none of them.
std::optional<Archive> list_archive(std::string_view octets);

}  // namespace valija::mime
