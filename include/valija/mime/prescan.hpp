#pragma once

#include <string>
#include <string_view>

#include "valija/base/clock.hpp"
#include "valija/mail/category.hpp"

namespace valija::mime {

/// What our own, linear, allocation-bounded look at the header block says before GMime or libnotmuch see a message.
struct Prescan {
  bool dangerous = false;   ///< a known parser killer: never hand it to GMime or libnotmuch
  std::string reason;       ///< why, as a sentence
  std::string from, subject, message_id;  ///< RFC 2047 left as it is decoded by us (UTF-8), cleaned, cut at 1,000 octets
  UnixTime date = 0;
  std::string sender;       ///< the mailbox of From, in lower case
  Category category = Category::none, category_if_known = Category::none;  ///< from a stranger; from somebody to whom mail was written before
  bool indexable = true;    ///< false: libnotmuch would refuse it (no From, Subject and To)
};

/// `head` is the beginning of the message: the header block, or its first 4 MiB.
Prescan prescan(std::string_view head);
/// Reads at most 4 MiB of the file. A file that cannot be read is `dangerous` with the reason.
Prescan prescan_file(const std::string& path);

}  // namespace valija::mime
