#include "valija/mail/identity.hpp"

#include <algorithm>

#include "valija/base/text.hpp"

namespace valija {
namespace {

constexpr auto none = std::string_view::npos;

/// * stands for any text; without regard to case. Goes back only to the last *, so the cost is a product at most.
bool matches(std::string_view pattern, std::string_view text) {
  std::size_t at = 0, star = none, retry = 0;
  for (std::size_t i = 0; i < text.size();) {
    if (at < pattern.size() && pattern[at] == '*') {
      star = at++;
      retry = i;
    } else if (at < pattern.size() && equal_ignoring_case(pattern.substr(at, 1), text.substr(i, 1))) {
      ++at;
      ++i;
    } else if (star != none) {
      at = star + 1;
      i = ++retry;
    } else {
      return false;
    }
  }
  return std::all_of(pattern.begin() + static_cast<std::ptrdiff_t>(at), pattern.end(), [](char c) { return c == '*'; });
}

/// "ana+news@example.org" -> "ana@example.org"; as it is without a suffix.
std::string without_suffix(std::string_view mailbox) {
  const auto at = mailbox.rfind('@');
  const auto plus = mailbox.substr(0, at).find('+');
  if (at == none || plus == none || plus == 0) return std::string(mailbox);
  return std::string(mailbox.substr(0, plus)) + std::string(mailbox.substr(at));
}

/// How surely a mailbox belongs to an identity; 0: it does not.
int certainty(const Identity& identity, std::string_view mailbox) {
  constexpr std::size_t longest = 1000;  // no mailbox that can be sent to is longer, and patterns cost more on long ones
  if (mailbox.empty() || mailbox.size() > longest) return 0;
  const std::string plain = without_suffix(mailbox);
  const auto is_one_of = [&](std::string_view wanted) {
    return equal_ignoring_case(identity.address.mailbox, wanted) ||
           std::any_of(identity.aliases.begin(), identity.aliases.end(), [&](const std::string& alias) { return equal_ignoring_case(alias, wanted); });
  };
  if (is_one_of(mailbox)) return 3;
  if (is_one_of(plain)) return 2;
  const bool is_matched = std::any_of(identity.aliases.begin(), identity.aliases.end(),
                                      [&](const std::string& alias) { return matches(alias, mailbox) || matches(alias, plain); });
  return is_matched ? 1 : 0;
}

const Identity* owner_of(const std::vector<Identity>& identities, std::string_view mailbox, std::string_view account) {
  const Identity* best = nullptr;
  int best_rank = 0;
  for (const Identity& identity : identities) {
    const int sure = certainty(identity, mailbox);
    const int rank = sure == 0 ? 0 : 2 * sure + (identity.account == account ? 1 : 0);
    if (rank > best_rank) best = &identity;
    best_rank = std::max(rank, best_rank);
  }
  return best;
}

}  // namespace

bool is_mine(const Identity& identity, std::string_view mailbox) { return certainty(identity, mailbox) > 0; }

bool is_mine(const std::vector<Identity>& identities, std::string_view mailbox) {
  return std::any_of(identities.begin(), identities.end(), [&](const Identity& identity) { return is_mine(identity, mailbox); });
}

Sender sender_for(const std::vector<Identity>& identities, const std::vector<std::string>& delivered_to, const std::vector<Address>& to,
                  const std::vector<Address>& cc, std::string_view account) {
  if (identities.empty()) return {};
  std::vector<std::string_view> mailboxes(delivered_to.begin(), delivered_to.end());
  for (const auto* list : {&to, &cc}) {
    for (const Address& address : *list) mailboxes.push_back(address.mailbox);
  }
  for (const std::string_view mailbox : mailboxes) {
    if (const Identity* owner = owner_of(identities, mailbox, account)) return {owner, {owner->address.name, std::string(mailbox)}, true};
  }
  const auto at_home = std::find_if(identities.begin(), identities.end(), [&](const Identity& identity) { return identity.account == account; });
  const Identity& identity = at_home == identities.end() ? identities.front() : *at_home;
  return {&identity, identity.address};
}

}  // namespace valija
