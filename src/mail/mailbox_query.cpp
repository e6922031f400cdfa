#include "valija/mail/mailbox_query.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace valija {
namespace {

/// A letter or a digit of ASCII, or anything of another script.
bool has_word(std::string_view part) {
  return std::any_of(part.begin(), part.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
  });
}

bool can_be_named(std::string_view mailbox) {
  constexpr std::size_t longest = 320;  // octets; RFC 5321, 4.5.3.1
  const std::size_t at = mailbox.rfind('@');
  if (at == std::string_view::npos || mailbox.size() > longest || mailbox.front() == '/') return false;
  const bool is_safe = std::none_of(mailbox.begin(), mailbox.end(), [](char c) {
    return (static_cast<unsigned char>(c) <= 0x20) || c == 0x7f || c == '"' || c == '*';
  });
  return is_safe && has_word(mailbox.substr(0, at)) && has_word(mailbox.substr(at + 1));
}

}  // namespace

std::string sender_query(std::string_view mailbox) { return can_be_named(mailbox) ? fmt::format("from:\"{}\"", mailbox) : std::string(); }

std::string written_to_query(std::string_view mailbox) { return can_be_named(mailbox) ? fmt::format("tag:sent and to:\"{}\"", mailbox) : std::string(); }

}  // namespace valija
