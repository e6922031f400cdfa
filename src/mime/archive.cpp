#include "valija/mime/archive.hpp"

#include <algorithm>

#include "charset.hpp"
#include "valija/base/text.hpp"

namespace valija::mime {
namespace {

constexpr auto none = std::string_view::npos;

std::string shown_name(std::string_view name) {
  constexpr std::size_t longest = 4096;
  return clean(guess_utf8(name.substr(0, std::min(name.find('\0'), longest))));
}

// Zip: APPNOTE.TXT 4.3.12 to 4.3.16. Numbers are little-endian.

constexpr std::string_view end_of_directory = "PK\x05\x06", end_of_directory_64 = "PK\x06\x06", locator_64 = "PK\x06\x07", file_header = "PK\x01\x02";
constexpr std::size_t end_size = 22, locator_size = 20, end_size_64 = 56, file_header_size = 46, longest_comment = 0xffff;

/// 0 beyond the end.
std::uint64_t number_at(std::string_view octets, std::size_t offset, std::size_t size) {
  if (offset > octets.size() || octets.size() - offset < size) return 0;
  std::uint64_t number = 0;
  for (std::size_t i = size; i-- > 0;) number = number << 8 | static_cast<unsigned char>(octets[offset + i]);
  return number;
}

bool has(std::string_view octets, std::uint64_t offset, std::string_view signature) {
  return offset <= octets.size() && octets.substr(static_cast<std::size_t>(offset)).starts_with(signature);
}

/// Where the central directory begins; `none`: there is none.
std::size_t find_directory(std::string_view octets) {
  const std::size_t looked_at = std::min(octets.size(), end_size + longest_comment);
  const std::size_t in_tail = octets.substr(octets.size() - looked_at).rfind(end_of_directory);
  if (in_tail == none) return none;
  const std::size_t end = octets.size() - looked_at + in_tail;
  std::uint64_t offset = number_at(octets, end + 16, 4);
  if (end >= locator_size && has(octets, end - locator_size, locator_64)) {
    const std::uint64_t end_64 = number_at(octets, end - locator_size + 8, 8);
    if (has(octets, end_64, end_of_directory_64) && octets.size() - end_64 >= end_size_64) offset = number_at(octets, static_cast<std::size_t>(end_64) + 48, 8);
  }
  return offset <= octets.size() ? static_cast<std::size_t>(offset) : none;
}

/// The size of the unpacked file; of a large one it stands in the extra field.
std::uint64_t unpacked_size(std::string_view header, std::string_view extra) {
  const std::uint64_t size = number_at(header, 24, 4);
  if (size != 0xffffffff) return size;
  while (extra.size() >= 4) {
    const std::size_t length = number_at(extra, 2, 2);
    if (number_at(extra, 0, 2) == 1) return number_at(extra, 4, 8);
    extra.remove_prefix(std::min(extra.size(), length + 4));
  }
  return size;
}

std::optional<Archive> list_zip(std::string_view octets) {
  const std::size_t start = find_directory(octets);
  if (start == none) return std::nullopt;
  Archive archive{"zip", {}, false};
  std::string_view rest = octets.substr(start);
  while (rest.size() >= file_header_size && rest.starts_with(file_header)) {
    if (archive.entries.size() == most_archive_entries) {
      archive.is_cut = true;
      break;
    }
    const std::size_t name = number_at(rest, 28, 2), extra = number_at(rest, 30, 2), comment = number_at(rest, 32, 2);
    const std::string_view behind = rest.substr(file_header_size);
    const std::string_view extra_field = behind.substr(std::min(name, behind.size())).substr(0, extra);
    archive.entries.push_back({shown_name(behind.substr(0, name)), unpacked_size(rest, extra_field), (number_at(rest, 8, 2) & 1) != 0});
    rest.remove_prefix(std::min(rest.size(), file_header_size + name + extra + comment));
  }
  archive.is_cut |= !rest.starts_with("PK");
  return archive;
}

// Tar: POSIX.1-2017 pax, "ustar Interchange Format".

constexpr std::size_t block = 512;

/// Octal digits, or with the first bit set a big-endian number (GNU).
std::uint64_t tar_number(std::string_view field) {
  std::uint64_t number = 0;
  if (!field.empty() && (static_cast<unsigned char>(field.front()) & 0x80) != 0) {
    for (const char c : field.substr(1)) number = number << 8 | static_cast<unsigned char>(c);
    return number;
  }
  for (const char c : field) {
    if (c >= '0' && c <= '7') {
      number = number << 3 | static_cast<std::uint64_t>(c - '0');
    } else if (c != ' ' || number != 0) {
      break;
    }
  }
  return number;
}

std::string_view until_null(std::string_view field) { return field.substr(0, field.find('\0')); }

/// The path of a pax header: lines "LENGTH KEY=VALUE".
std::string_view pax_path(std::string_view records) {
  constexpr std::string_view key = " path=";
  const std::size_t at = records.find(key);
  if (at == none) return {};
  const std::string_view value = records.substr(at + key.size());
  return value.substr(0, value.find('\n'));
}

std::string ustar_name(std::string_view header) {
  const std::string_view prefix = header.substr(257, 6) == std::string_view("ustar\0", 6) ? until_null(header.substr(345, 155)) : std::string_view();
  std::string name(prefix);
  if (!name.empty()) name += '/';
  return name.append(until_null(header.substr(0, 100)));
}

std::optional<Archive> list_tar(std::string_view octets) {
  if (octets.size() < block || octets.substr(257, 5) != "ustar") return std::nullopt;
  Archive archive{"tar", {}, false};
  std::string_view long_name;  // of the entry that follows
  while (octets.size() >= block && octets.front() != '\0') {
    if (archive.entries.size() == most_archive_entries) {
      archive.is_cut = true;
      break;
    }
    const std::string_view header = octets.substr(0, block);
    const std::uint64_t size = tar_number(header.substr(124, 12));
    const char kind = header[156];
    octets.remove_prefix(block);
    const std::string_view content = octets.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(size, octets.size())));
    if (kind == 'L') {
      long_name = until_null(content);
    } else if (kind == 'x') {
      long_name = pax_path(content);
    } else if (kind != 'g') {
      archive.entries.push_back({shown_name(long_name.empty() ? ustar_name(header) : std::string(long_name)), size, false});
      long_name = {};
    }
    archive.is_cut |= size > octets.size();
    const std::uint64_t padded = size > octets.size() ? octets.size() : (size + block - 1) / block * block;
    octets.remove_prefix(static_cast<std::size_t>(std::min<std::uint64_t>(padded, octets.size())));
  }
  return archive;
}

}  // namespace

std::optional<Archive> list_archive(std::string_view octets) {
  if (octets.starts_with("PK")) return list_zip(octets);
  return list_tar(octets);
}

}  // namespace valija::mime
