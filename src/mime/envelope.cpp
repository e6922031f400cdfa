#include "envelope.hpp"

#include <fmt/format.h>
#include <idn2.h>
#include <sys/random.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <unordered_set>

#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::mime {
namespace {

bool is_ascii(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) { return (c & 0x80) != 0; });
}

struct FreeIdn {
  void operator()(char* text) const { idn2_free(text); }
};

}  // namespace

Result<std::string> ascii_mailbox(std::string_view mailbox) {
  const auto refuse = [&] {
    return fail(Kind::input, Blast::message, fmt::format(fmt::runtime(_("{} is no address that mail can be sent to.")), clean_phrase(mailbox)));
  };
  if (!is_sendable(mailbox)) return refuse();
  const auto at = mailbox.rfind('@');
  const std::string domain(mailbox.substr(at + 1));
  if (is_ascii(domain)) return std::string(mailbox);
  char* converted = nullptr;
  const int status = idn2_to_ascii_8z(domain.c_str(), &converted, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
  const std::unique_ptr<char, FreeIdn> owner(converted);
  if (status != IDN2_OK) return refuse();
  std::string ascii = std::string(mailbox.substr(0, at + 1)) + converted;
  if (!is_sendable(ascii)) return refuse();
  return ascii;
}

Result<std::vector<Address>> ascii_addresses(const std::vector<Address>& addresses) {
  std::vector<Address> all;
  for (const Address& address : addresses) {
    auto mailbox = ascii_mailbox(address.mailbox);
    if (!mailbox) return Unexpected(std::move(mailbox).error());
    all.push_back({clean(address.name), std::move(*mailbox)});
  }
  return all;
}

void add_recipients(std::vector<std::string>& recipients, const std::vector<Address>& addresses) {
  std::unordered_set<std::string> seen;
  for (const std::string& mailbox : recipients) seen.insert(to_lower_ascii(mailbox));
  for (const Address& address : addresses) {
    if (seen.insert(to_lower_ascii(address.mailbox)).second) recipients.push_back(address.mailbox);
  }
}

bool needs_smtputf8(const Built& built) { return !is_ascii(built.sender) || !std::all_of(built.recipients.begin(), built.recipients.end(), is_ascii); }

std::string new_message_id(std::string_view from_mailbox) {
  constexpr std::string_view digits = "abcdefghijklmnopqrstuvwxyz234567";
  std::array<unsigned char, 24> random = {};
  for (std::size_t filled = 0; filled < random.size();) {
    const ssize_t size = ::getrandom(random.data() + filled, random.size() - filled, 0);
    if (size > 0) filled += static_cast<std::size_t>(size);
  }
  std::string id;
  for (const unsigned char byte : random) id += digits[byte % digits.size()];
  const auto mailbox = ascii_mailbox(from_mailbox);
  const auto domain = mailbox ? mailbox->substr(mailbox->rfind('@') + 1) : std::string("mail.invalid");
  return id + '@' + (domain.starts_with('[') ? std::string("mail.invalid") : domain);
}

}  // namespace valija::mime
