#pragma once

#include <string_view>
#include <vector>

namespace valija::mime {

/// One header field as it stands in the message: `value` still folded, without the line end.
struct Field {
  std::string_view name;
  std::string_view value;
};

/// The fields of a header block, read as GMime does: up to the first empty line, or to the first line that is no field if nothing
/// was read before. Views into `head`.
struct HeaderBlock {
  std::vector<Field> fields;
  std::size_t body = 0;         ///< offset of the body, or the size of `head`
  bool has_end = false;         ///< the empty line was seen
  bool starts_with_field = false;

  /// The first field of that name, or nullptr.
  const Field* find(std::string_view name) const;
};

/// `limit`: fields that are kept; the others are only passed over.
HeaderBlock read_header_block(std::string_view head, std::size_t limit = 10'000);

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

/// Octets of a byte order mark, an mbox "From " line and empty lines that stand in front of a header block.
std::size_t envelope_size(std::string_view message);

}  // namespace valija::mime
