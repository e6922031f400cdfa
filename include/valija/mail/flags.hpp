#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace valija {

/// The message flags that IMAP, Maildir and notmuch all know (RFC 9051 §2.3.2, maildir(5)).
enum class Flag : std::uint8_t { seen = 1, answered = 2, flagged = 4, draft = 8, passed = 16, deleted = 32 };

/// A set of Flag; a plain value.
class Flags {
 public:
  constexpr Flags() = default;
  constexpr Flags(std::initializer_list<Flag> flags) {
    for (const Flag flag : flags) set(flag);
  }
  constexpr bool has(Flag flag) const { return (bits_ & static_cast<std::uint8_t>(flag)) != 0; }
  constexpr void set(Flag flag, bool on = true) {
    const auto bit = static_cast<std::uint8_t>(flag);
    bits_ = static_cast<std::uint8_t>(on ? bits_ | bit : bits_ & ~bit);
  }
  constexpr std::uint8_t bits() const { return bits_; }
  static constexpr Flags from_bits(std::uint8_t bits) {
    Flags flags;
    flags.bits_ = bits & 63;
    return flags;
  }
  friend constexpr bool operator==(Flags, Flags) = default;

 private:
  std::uint8_t bits_ = 0;
};

/// Flags and IMAP keywords of one message; keywords are sorted, unique, as the server spells them.
struct Marks {
  Flags flags;
  std::vector<std::string> keywords;
  friend bool operator==(const Marks&, const Marks&) = default;
};

/// The letters after ":2," of a Maildir file name, sorted: "FRS". Unknown letters are ignored both ways.
std::string to_maildir_letters(Flags flags);
Flags from_maildir_letters(std::string_view letters);

/// notmuch tags that stand for flags: "unread" is the absence of seen; replied, flagged, draft, passed.
std::vector<std::string> to_tags(Flags flags);

}  // namespace valija
