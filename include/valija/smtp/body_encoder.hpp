#pragma once

#include <string>
#include <string_view>

namespace valija::smtp {

/// A message -> what follows on DATA (RFC 5321 §4.5.2), in any pieces: dots at the start of a line are doubled, and every CR, LF and CRLF becomes CRLF, so that no
/// server can see an end of the message where another sees none.
class BodyEncoder {
 public:
  void add(std::string_view octets, std::string& wire);
  /// The last dot, behind a line end where there is none.
  void end(std::string& wire) const;

 private:
  bool at_line_start_ = true;
  bool after_cr_ = false;  ///< its CRLF is written; an LF may follow
};

}  // namespace valija::smtp
