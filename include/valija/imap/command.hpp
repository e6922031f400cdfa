#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace valija::imap {

/// Which literals need no permission from the server (RFC 7888).
enum class LiteralSupport : std::uint8_t { synchronizing, minus, plus };

/// A command without its tag: words of ours and strings of others, which are quoted or sent as literals as they need.
class Command {
 public:
  explicit Command(std::string_view words) : parts_{{std::string(words), false}} {}
  /// Appends words of the protocol; never anything that came from outside.
  Command& words(std::string_view words);
  /// Appends " " and a string that may hold any octet but NUL.
  Command& string(std::string_view value);

  /// The octets to send; after each piece but the last the server must ask for more ("+").
  std::vector<std::string> to_pieces(std::string_view tag, LiteralSupport literals) const;

 private:
  struct Part {
    std::string text;
    bool is_literal = false;
  };
  std::vector<Part> parts_;
};

Command capability();
Command noop();
Command logout();
Command enable(std::string_view names);
/// RETURN (SPECIAL-USE) where the server has LIST-EXTENDED and SPECIAL-USE.
Command list_all(bool with_special_use);
/// Opens a folder for reading only; CONDSTORE makes the server count mod-sequences (RFC 7162 §3.1.8).
Command examine(std::string_view wire_name, bool with_condstore);
Command status(std::string_view wire_name, std::string_view items);
/// `items` "(UID FLAGS)"; `modifier` "(CHANGEDSINCE 5 VANISHED)" or empty.
Command uid_fetch(std::string_view set, std::string_view items, std::string_view modifier = {});

}  // namespace valija::imap
