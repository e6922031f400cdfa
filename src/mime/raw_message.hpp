#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "valija/base/result.hpp"
#include "wire.hpp"

namespace valija::mime {

/// CRLF for every CR, LF and CRLF, and behind the last line.
std::string with_wire_ends(std::string_view octets);

/// One field as it stands: name, and all of its lines with CRLF.
struct RawField {
  std::string_view name, lines;
  std::string_view value() const { return lines.substr(lines.find(':') + 1); }
};

/// A message cut at the end of its headers: the empty line, or the first line that is no header. Views into the message, which has CRLF.
struct RawMessage {
  std::vector<RawField> fields;
  std::string_view body;

  bool has(std::string_view name) const;
  /// The value of the first field of that name, still folded; empty if there is none.
  std::string_view value(std::string_view name) const;
};
RawMessage split_message(std::string_view message);

/// Adds the fields to `head` except those named; lines above 998 octets are folded. Kind::input: one that cannot be, or that holds NUL.
Result<void> add_fields(std::string& head, const RawMessage& message, const std::vector<std::string_view>& left_out);

/// Writes head and body, both with CRLF, to a new file; a body that SMTP could not carry (NUL, long lines) is encoded anew.
Result<WireFacts> write_raw(std::string head, std::string_view body, const std::string& path);

}  // namespace valija::mime
