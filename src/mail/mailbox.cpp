#include <algorithm>

#include "valija/base/text.hpp"
#include "valija/mail/address.hpp"

namespace valija {
namespace {

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c & 0x80) != 0; }

bool is_atom_character(char c) { return is_letter_or_digit(c) || std::string_view("!#$%&'*+-/=?^_`{|}~.").find(c) != std::string_view::npos; }

/// "..." that ends nowhere but at its end.
bool is_quoted_string(std::string_view text) {
  if (text.size() < 3 || !text.starts_with('"')) return false;
  std::size_t i = 1;
  for (; i < text.size() && text[i] != '"'; ++i) {
    if (text[i] == '\\') ++i;
  }
  return i + 1 == text.size();
}

/// A dash in front could be read as an option by a program that sends.
bool is_local_part(std::string_view local) {
  return is_quoted_string(local) || (!local.empty() && local.front() != '-' && std::all_of(local.begin(), local.end(), is_atom_character));
}

bool is_literal(std::string_view domain) {
  return domain.size() > 2 && domain.starts_with('[') && domain.ends_with(']') &&
         std::all_of(domain.begin() + 1, domain.end() - 1, [](char c) { return is_letter_or_digit(c) || c == '.' || c == ':' || c == '-'; });
}

bool is_domain(std::string_view domain) {
  const auto is_label = [](std::string_view label) {
    return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
           std::all_of(label.begin(), label.end(), [](char c) { return is_letter_or_digit(c) || c == '-' || c == '_'; });
  };
  const auto labels = split(domain, '.');
  return is_literal(domain) || std::all_of(labels.begin(), labels.end(), is_label);
}

}  // namespace

bool is_sendable(std::string_view mailbox) {
  constexpr std::size_t longest = 254;  // a path of 256 octets with its brackets (RFC 5321 §4.5.3.1.3)
  const auto at = mailbox.rfind('@');
  if (at == std::string_view::npos || mailbox.size() > longest || clean(mailbox) != mailbox) return false;
  return is_local_part(mailbox.substr(0, at)) && is_domain(mailbox.substr(at + 1));
}

}  // namespace valija
