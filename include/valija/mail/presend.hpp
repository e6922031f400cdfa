#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "valija/mail/draft.hpp"
#include "valija/mail/identity.hpp"

namespace valija {

/// What is looked for before a message leaves; each can be switched off.
struct PresendRules {
  bool attachment = true;
  bool subject = true;
  bool identity = true;
  std::size_t most_recipients = 20;          ///< 0: any number
  std::vector<std::string> own_domains{};    ///< others are external; empty: nobody is
  bool typos = true;                         ///< of domains that mail was sent to before
};

/// One doubt: a line on the list before sending.
struct Doubt {
  enum class What : std::uint8_t { attachment, subject, identity, recipients, external, typo };
  What what = What::subject;
  std::string sentence;  ///< in the person's language
  friend bool operator==(const Doubt&, const Doubt&) = default;
};

/// `known_domains`: of people that were written to. The words for a forgotten attachment are English, Spanish, German and French, and count only in text that the person wrote
/// (no quotes, no signature, no forwarded text). O(length).
std::vector<Doubt> doubts_about(const Draft& draft, const std::vector<Identity>& identities, const PresendRules& rules,
                                const std::vector<std::string>& known_domains);

/// What must be mended before it can be sent at all: no recipient, an address that is none or holds control characters, an attachment that has gone is not
/// looked at here. Empty: it can go. A sentence each.
std::vector<std::string> faults_of(const Draft& draft);
/// The same for the value of one field; `name` is said in the sentences.
std::vector<std::string> faults_in(std::string_view name, std::string_view value);

}  // namespace valija
