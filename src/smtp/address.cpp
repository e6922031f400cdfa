#include "valija/smtp/address.hpp"

#include <algorithm>

#include "valija/base/text.hpp"

namespace valija::smtp {
namespace {

/// RFC 5321 §4.5.3.1: 64 for the local part, 255 for the domain, and the sign between them.
constexpr std::size_t address_limit = 320;

bool is_beyond_ascii(char c) { return static_cast<unsigned char>(c) >= 0x80; }
bool is_letter_or_digit(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

template <typename Allowed>
bool all(std::string_view text, Allowed allowed) {
  return !text.empty() && std::all_of(text.begin(), text.end(), allowed);
}

/// Dots anywhere: some providers gave such names out.
bool is_dot_string(std::string_view local) {
  return all(local, [](char c) { return is_letter_or_digit(c) || is_beyond_ascii(c) || std::string_view("!#$%&'*+-/=?^_`{|}~.").find(c) != std::string_view::npos; });
}

/// RFC 5321 §4.1.2, without < and >: a careless server might end the path there.
bool is_quoted_string(std::string_view local) {
  if (local.size() < 2 || local.front() != '"' || local.back() != '"') return false;
  local = local.substr(1, local.size() - 2);
  for (std::size_t at = 0; at < local.size(); ++at) {
    const bool is_escaped = local[at] == '\\';
    if (is_escaped && ++at == local.size()) return false;
    if (local[at] == '<' || local[at] == '>' || (local[at] == '"' && !is_escaped)) return false;
  }
  return true;
}

bool is_domain(std::string_view domain) {
  const bool is_literal = domain.starts_with('[') && domain.ends_with(']');
  if (is_literal) return all(domain.substr(1, domain.size() - 2), [](char c) { return is_letter_or_digit(c) || c == ':' || c == '.' || c == '-'; });
  return all(domain, [](char c) { return is_letter_or_digit(c) || is_beyond_ascii(c) || c == '.' || c == '-' || c == '_'; });
}

}  // namespace

bool is_sendable(std::string_view mailbox) {
  if (mailbox.size() > address_limit || clean(mailbox) != mailbox) return false;
  const std::size_t at = mailbox.rfind('@');
  if (at == std::string_view::npos) return is_dot_string(mailbox);
  const std::string_view local = mailbox.substr(0, at);
  return (is_dot_string(local) || is_quoted_string(local)) && is_domain(mailbox.substr(at + 1));
}

}  // namespace valija::smtp
