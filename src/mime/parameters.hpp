#pragma once

#include <string>
#include <string_view>

#include "gmime_handles.hpp"

namespace valija::mime {

/// A Content-Type header: type and parameters (RFC 2045 §5.1), with RFC 2231 and what mailers make of it.
class ContentType {
 public:
  /// `value`: of the header as it stands, folded. A semicolon that is missing behind the type is put there.
  explicit ContentType(std::string_view value);

  /// "text/plain", lower case, clean.
  std::string type() const;
  /// Decoded, UTF-8, empty if it is missing.
  std::string parameter(const char* name) const;

 private:
  Handle<GMimeContentType> type_;
};

/// A Content-Disposition header (RFC 2183): "attachment", lower case, and its filename.
struct Disposition {
  std::string kind, filename;
};
Disposition read_disposition(std::string_view value);

/// A header value on one line.
std::string unfolded(std::string_view value);

}  // namespace valija::mime
