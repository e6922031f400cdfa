#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "valija/mail/address.hpp"

namespace valija {

/// One account as a sender: who I am there.
struct Identity {
  std::string account;
  Address address;
  /// Other addresses of mine: "ana.ruiz@example.org", or with * for any text: "*@ana.example.org".
  std::vector<std::string> aliases;
  std::string signature;
};

/// Whether mail to `mailbox` is mail to this identity: its address, an alias, or one of them with a +suffix; without regard to case.
bool is_mine(const Identity& identity, std::string_view mailbox);
bool is_mine(const std::vector<Identity>& identities, std::string_view mailbox);

/// Who answers: the identity and the very address that the mail was sent to (with its +suffix), looked for in `delivered_to`, then `to`, then `cc`;
/// else the account that the mail lies in, else the first. Nothing only for no identities.
struct Sender {
  const Identity* identity = nullptr;
  Address address;
  bool was_written_to = false;  ///< the mail names it; else it is a guess
};
Sender sender_for(const std::vector<Identity>& identities, const std::vector<std::string>& delivered_to, const std::vector<Address>& to,
                  const std::vector<Address>& cc, std::string_view account);

}  // namespace valija
