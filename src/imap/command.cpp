#include "valija/imap/command.hpp"

#include <algorithm>

namespace valija::imap {
namespace {

constexpr std::size_t quoted_limit = 1000;
/// LITERAL- lets only literals up to this size go without waiting (RFC 7888 §5).
constexpr std::size_t minus_limit = 4096;

bool can_be_quoted(std::string_view value) {
  return value.size() <= quoted_limit && std::all_of(value.begin(), value.end(), [](char c) {
           return static_cast<unsigned char>(c) < 0x80 && c != '\r' && c != '\n' && c != '\0';
         });
}

std::string quote(std::string_view value) {
  std::string quoted = "\"";
  for (const char octet : value) {
    if (octet == '"' || octet == '\\') quoted += '\\';
    quoted += octet;
  }
  return quoted + '"';
}

}  // namespace

Command& Command::words(std::string_view words) {
  if (parts_.back().is_literal) parts_.emplace_back();
  parts_.back().text += words;
  return *this;
}

Command& Command::string(std::string_view value) {
  words(" ");
  if (can_be_quoted(value)) return words(quote(value));
  parts_.push_back({std::string(value), true});
  return *this;
}

std::vector<std::string> Command::to_pieces(std::string_view tag, LiteralSupport literals) const {
  std::vector<std::string> pieces{std::string(tag) + ' '};
  for (const Part& part : parts_) {
    if (part.is_literal) {
      const bool goes_at_once = literals == LiteralSupport::plus ||
                                (literals == LiteralSupport::minus && part.text.size() <= minus_limit);
      pieces.back() += '{' + std::to_string(part.text.size()) + (goes_at_once ? "+}\r\n" : "}\r\n");
      if (!goes_at_once) pieces.emplace_back();
    }
    pieces.back() += part.text;
  }
  pieces.back() += "\r\n";
  return pieces;
}

Command capability() { return Command("CAPABILITY"); }
Command noop() { return Command("NOOP"); }
Command logout() { return Command("LOGOUT"); }
Command enable(std::string_view names) { return Command("ENABLE ").words(names); }

Command list_all(bool with_special_use) {
  return Command("LIST \"\" \"*\"").words(with_special_use ? " RETURN (SPECIAL-USE)" : "");
}

Command examine(std::string_view wire_name, bool with_condstore) {
  return Command("EXAMINE").string(wire_name).words(with_condstore ? " (CONDSTORE)" : "");
}

Command status(std::string_view wire_name, std::string_view items) {
  return Command("STATUS").string(wire_name).words(" ").words(items);
}

Command uid_fetch(std::string_view set, std::string_view items, std::string_view modifier) {
  Command command("UID FETCH ");
  command.words(set).words(" ").words(items);
  if (!modifier.empty()) command.words(" ").words(modifier);
  return command;
}

}  // namespace valija::imap
