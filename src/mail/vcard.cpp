#include "valija/mail/vcard.hpp"

#include <algorithm>
#include <string>

#include "valija/base/escapes.hpp"
#include "valija/base/text.hpp"

namespace valija {
namespace {

constexpr std::size_t most_addresses = 10'000;
constexpr std::size_t longest_head = 200;  ///< octets of name and parameters that say something to us

bool is_quoted_printable(std::string_view line) {
  const std::string head = to_lower_ascii(line.substr(0, longest_head));
  return std::string_view(head).substr(0, head.find(':')).find("quoted-printable") != std::string_view::npos;
}

/// One logical line: "item1.EMAIL;TYPE=home:ana@example.org".
struct Property {
  std::string name;  ///< upper case in the file mostly; lower case here, without the group
  std::string value;
};

Property read_property(std::string_view line) {
  bool is_quoted = false;
  std::size_t colon = 0;
  for (; colon < line.size() && (is_quoted || line[colon] != ':'); ++colon) {
    if (line[colon] == '"') is_quoted = !is_quoted;
  }
  if (colon == line.size()) return {};
  const std::string head = to_lower_ascii(line.substr(0, colon));
  const std::string name = head.substr(0, head.find(';'));
  const std::string_view value = line.substr(colon + 1);
  return {name.substr(name.rfind('.') + 1), is_quoted_printable(line) ? decode_escapes(value, '=') : std::string(value)};
}

/// RFC 6350 §3.4. Cuts at the `separator` that is not escaped, if one is given.
std::vector<std::string> unescaped(std::string_view value, char separator = '\0') {
  std::vector<std::string> parts(1);
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] == '\\' && i + 1 < value.size()) {
      const char next = value[++i];
      parts.back() += next == 'n' || next == 'N' ? ' ' : next;
    } else if (separator != '\0' && value[i] == separator) {
      parts.emplace_back();
    } else {
      parts.back() += value[i];
    }
  }
  for (std::string& part : parts) part = std::string(trim(clean(part)));
  return parts;
}

/// N has family, given, further names, titles in front and behind.
std::string name_of_parts(std::string_view value) {
  std::vector<std::string> parts = unescaped(value, ';');
  parts.resize(5);
  std::string name;
  for (const std::size_t i : {3U, 1U, 2U, 0U, 4U}) {
    if (!parts[i].empty()) name += (name.empty() ? "" : " ") + parts[i];
  }
  return name;
}

/// Takes the next logical line off `text`: a line that begins with a blank goes on with the one before, and so does one behind "=" in a quoted-printable
/// value.
std::string take_line(std::string_view& text) {
  std::string line;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view piece = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (piece.ends_with('\r')) piece.remove_suffix(1);
    line += piece;
    const bool is_folded = text.starts_with(' ') || text.starts_with('\t');
    if (is_folded) {
      text.remove_prefix(1);
    } else if (line.ends_with('=') && is_quoted_printable(line)) {
      line.pop_back();
    } else {
      break;
    }
  }
  return line;
}

struct Card {
  std::string formatted, parts;
  std::vector<std::string> mailboxes;
};

}  // namespace

std::vector<Address> parse_vcards(std::string_view text) {
  std::vector<Address> addresses;
  Card card;
  bool is_inside = false;
  while (!text.empty() && addresses.size() < most_addresses) {
    const Property property = read_property(take_line(text));
    const auto has_value = [&](std::string_view value) { return equal_ignoring_case(trim(property.value), value); };
    if (property.name == "begin" && has_value("VCARD")) {
      card = {};
      is_inside = true;
    } else if (!is_inside) {
      continue;
    } else if (property.name == "fn") {
      card.formatted = unescaped(property.value)[0];
    } else if (property.name == "n") {
      card.parts = name_of_parts(property.value);
    } else if (property.name == "email" && card.mailboxes.size() < most_addresses) {
      card.mailboxes.push_back(unescaped(property.value)[0]);
    } else if (property.name == "end" && has_value("VCARD")) {
      is_inside = false;
      for (const std::string& mailbox : card.mailboxes) {
        if (is_sendable(mailbox) && addresses.size() < most_addresses) addresses.push_back({card.formatted.empty() ? card.parts : card.formatted, mailbox});
      }
    }
  }
  return addresses;
}

}  // namespace valija
