#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace valija {

/// One mailbox of a From, To or Cc header (RFC 5322 §3.4), decoded; name may be empty.
struct Address {
  std::string name;
  std::string mailbox;  ///< "ana@example.org"
  friend bool operator==(const Address&, const Address&) = default;
};

/// "Ana Ruiz <ana@example.org>", or the mailbox alone. The real address is always part of it.
std::string to_text(const Address& address);

/// What a list shows for "Ana Ruiz <ana@example.org>": "Ana Ruiz", else the mailbox. Never trusts a name that itself
/// looks like another address: then the mailbox.
std::string short_name(const Address& address);

/// A forgiving reader of a decoded header value: linear time, groups flattened, at most 10,000 addresses.
std::vector<Address> parse_addresses(std::string_view header);

/// Whether mail can be sent to it as it stands (RFC 5321 §4.1.2, RFC 6531): nothing in it can end a command or a header, or add a parameter.
bool is_sendable(std::string_view mailbox);

}  // namespace valija
