#include "patch.hpp"

#include <array>
#include <charconv>

namespace valija::mime {
namespace {

/// Reads "12" or "12,5" and gives the count (1 if it is left out).
std::optional<unsigned long> take_range(std::string_view& text) {
  unsigned long start = 0, count = 1;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), start);
  if (error != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (text.starts_with(',')) {
    const auto read = std::from_chars(text.data() + 1, text.data() + text.size(), count);
    if (read.ec != std::errc()) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
  }
  return count;
}

bool is_header_line(std::string_view line) {
  constexpr auto starts = std::to_array<std::string_view>(
      {"index ", "--- ", "+++ ", "new file", "deleted file", "old mode", "new mode", "similarity ", "rename ", "copy ",
       "Binary files", "GIT binary", "====", "dissimilarity "});
  for (const auto start : starts) {
    if (line.starts_with(start)) return true;
  }
  return false;
}

}  // namespace

bool PatchReader::start_hunk(std::string_view line) {
  if (!line.starts_with("@@ -")) return false;
  line.remove_prefix(4);
  const auto old_lines = take_range(line);
  if (!old_lines || !line.starts_with(" +")) return false;
  line.remove_prefix(2);
  const auto new_lines = take_range(line);
  if (!new_lines || !line.starts_with(" @@")) return false;
  old_left_ = *old_lines;
  new_left_ = *new_lines;
  in_header_ = true;  // more hunks or files may follow
  return true;
}

std::optional<Line::Role> PatchReader::role(std::string_view line, std::string_view next) {
  if (old_left_ > 0 || new_left_ > 0) {
    const char mark = line.empty() ? ' ' : line.front();
    if (mark == '+' && new_left_ > 0) {
      --new_left_;
      return Line::Role::diff_added;
    }
    if (mark == '-' && old_left_ > 0) {
      --old_left_;
      return Line::Role::diff_removed;
    }
    if (mark == '\\') return Line::Role::preformatted;
    if (mark == ' ' && old_left_ > 0 && new_left_ > 0) {
      --old_left_;
      --new_left_;
      return Line::Role::preformatted;
    }
    old_left_ = new_left_ = 0;  // the patch is damaged: what follows is text
    in_header_ = false;
  }
  if (start_hunk(line)) return Line::Role::diff_hunk;
  const bool starts_file = line.starts_with("diff --git ") || line.starts_with("Index: ") ||
                           (line.starts_with("--- ") && next.starts_with("+++ "));
  if (starts_file) {
    in_header_ = true;
    return Line::Role::diff_hunk;
  }
  if (in_header_ && is_header_line(line)) return Line::Role::diff_hunk;
  in_header_ = false;
  return std::nullopt;
}

}  // namespace valija::mime
