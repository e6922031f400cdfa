#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "valija/base/clock.hpp"
#include "valija/mail/address.hpp"

namespace valija::mime {

/// Who wrote a message to whom, by our own look at its header block.
struct Correspondents {
  std::vector<Address> from;
  std::vector<Address> recipients;  ///< To, Cc and Bcc
  UnixTime date = 0;                ///< 0: none
  bool is_bulk = false;             ///< from a list (RFC 2919) or a program (RFC 3834)
};

/// `head` is the beginning of the message.
Correspondents read_correspondents(std::string_view head);
/// Reads the header block of the file, at most 256 KiB; nothing where it cannot be read.
std::optional<Correspondents> read_correspondents_of(const std::string& path);

}  // namespace valija::mime
