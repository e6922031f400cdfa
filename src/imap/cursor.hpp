#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace valija::imap {

/// Reads the tokens of RFC 9051 §9 from one response. The first violation makes `ok()` false for good and ends the text,
/// so that callers check once. Never looks behind the text, never recurses.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : text_(text) {}

  bool ok() const { return ok_; }
  bool at_end() const { return at_ >= text_.size(); }
  char peek() const { return at_end() ? '\n' : text_[at_]; }
  std::string_view rest() const { return text_.substr(at_); }
  void fail();

  /// Consumes `octet` if it is next.
  bool accept(char octet);
  void expect(char octet);
  void spaces();
  /// Octets up to a space, parenthesis or the end; at least one.
  std::string_view word();
  /// A FETCH item's name: "BODY[HEADER.FIELDS (TO)]<0>" is one.
  std::string_view item_name();
  std::uint64_t number(std::uint64_t limit);
  /// 1 .. 2^32-1
  std::uint32_t nonzero_number();
  /// NIL: nothing.
  std::optional<std::string> nullable_string();
  /// Quoted, literal or atom.
  std::string any_string();
  /// One value of any kind with everything inside it.
  void skip_value();

 private:
  std::string quoted();
  std::string literal();
  void skip_string();

  std::string_view text_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

/// A decimal number of at most `limit`, nothing else around it.
std::optional<std::uint64_t> to_number(std::string_view digits, std::uint64_t limit);
std::string to_upper_ascii(std::string_view text);

}  // namespace valija::imap
