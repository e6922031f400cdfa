#include "uuencoded.hpp"

#include <algorithm>

#include "content_decoding.hpp"
#include "valija/base/text.hpp"

namespace valija::mime {
namespace {

constexpr auto none = std::string_view::npos;

/// With its line end.
std::string_view line_at(std::string_view text, std::size_t start) {
  const auto end = text.find('\n', start);
  return text.substr(start, end == none ? none : end + 1 - start);
}

std::string_view without_end(std::string_view line) {
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

/// The name behind "begin 644 "; empty if the line is something else.
std::string begin_name(std::string_view line) {
  constexpr std::string_view word = "begin ";
  line = without_end(line);
  if (!line.starts_with(word)) return {};
  line.remove_prefix(word.size());
  const auto mode = std::min(line.find(' '), line.size());
  const bool is_mode = (mode == 3 || mode == 4) && line.substr(0, mode).find_first_not_of("01234567") == none;
  return is_mode && mode < line.size() ? clean_filename(line.substr(mode + 1)) : std::string();
}

/// The first character counts the octets of the line; blanks at its end may have been lost.
bool is_data(std::string_view line) {
  line = without_end(line);
  const auto is_digit = [](char c) { return c >= ' ' && c <= '`'; };
  if (line.empty() || !std::all_of(line.begin(), line.end(), is_digit)) return false;
  const std::size_t octets = static_cast<std::size_t>(line.front() - ' ') & 0x3f;
  const std::size_t longest = (octets + 2) / 3 * 4 + 2;  // some write a checksum behind
  return line.size() <= longest && (octets == 0 || line.size() > 1);
}

}  // namespace

std::vector<UuencodedFile> find_uuencoded(std::string_view text) {
  constexpr std::size_t most = 100;
  std::vector<UuencodedFile> files;
  UuencodedFile file;
  bool is_within = false;
  for (std::size_t start = 0; start < text.size() && files.size() < most;) {
    const auto line = line_at(text, start);
    const auto next = start + line.size();
    if (std::string name = begin_name(line); !name.empty()) {
      file = {std::move(name), start, start};
      is_within = true;
    } else if (is_within && without_end(line) == "end") {
      file.end = next;
      files.push_back(std::move(file));
      is_within = false;
    } else if (is_within) {
      is_within = is_data(line);
    }
    start = next;
  }
  return files;
}

std::string without_uuencoded(std::string_view text) {
  std::string kept;
  std::size_t done = 0;
  for (const UuencodedFile& file : find_uuencoded(text)) {
    kept += text.substr(done, file.begin - done);
    kept += "[" + file.name + "]\n";
    done = file.end;
  }
  return kept.append(text.substr(done));
}

}  // namespace valija::mime
