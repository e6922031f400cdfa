#include "valija/imap/mutf7.hpp"

#include <cstdint>

#include "valija/base/utf8.hpp"

namespace valija::imap {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

bool is_direct(unsigned char octet) { return octet >= 0x20 && octet <= 0x7e; }

/// The next code point of `text` at `at`; nothing for invalid UTF-8 (overlong, surrogate, above U+10FFFF, cut).
std::optional<std::uint32_t> take_code_point(std::string_view text, std::size_t& at) {
  const auto lead = static_cast<unsigned char>(text[at++]);
  if (lead < 0x80) return lead;
  const int extra = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
  if (lead < 0xc2 || lead > 0xf4 || text.size() - at < static_cast<std::size_t>(extra)) return std::nullopt;
  std::uint32_t code = lead & (0x3fu >> extra);
  for (int i = 0; i < extra; ++i) {
    const auto next = static_cast<unsigned char>(text[at++]);
    if ((next & 0xc0) != 0x80) return std::nullopt;
    code = code << 6 | (next & 0x3fu);
  }
  static constexpr std::uint32_t smallest[] = {0, 0x80, 0x800, 0x10000};
  if (code < smallest[extra] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return std::nullopt;
  return code;
}

/// Collects UTF-16 units and writes them as "&...-".
class Shift {
 public:
  explicit Shift(std::string& out) : out_(out) {}
  void put(std::uint32_t code) {
    if (code >= 0x10000) {
      unit(0xd800 + ((code - 0x10000) >> 10));
      unit(0xdc00 + ((code - 0x10000) & 0x3ff));
    } else {
      unit(code);
    }
  }
  void close() {
    if (!open_) return;
    if (bits_ > 0) out_ += alphabet[(pending_ << (6 - bits_)) & 0x3f];
    out_ += '-';
    open_ = false;
    bits_ = 0;
    pending_ = 0;
  }

 private:
  void unit(std::uint32_t value) {
    if (!open_) out_ += '&';
    open_ = true;
    pending_ = pending_ << 16 | value;
    for (bits_ += 16; bits_ >= 6; bits_ -= 6) out_ += alphabet[(pending_ >> (bits_ - 6)) & 0x3f];
    pending_ &= 0x3f;
  }
  std::string& out_;
  std::uint64_t pending_ = 0;
  unsigned bits_ = 0;
  bool open_ = false;
};

/// The UTF-16 of one "&...-" as UTF-8, appended; false for bad base64 or lone surrogates.
bool append_shifted(std::string& out, std::string_view base64) {
  std::uint64_t pending = 0;
  unsigned bits = 0;
  std::uint32_t high = 0;
  for (const char digit : base64) {
    const std::size_t value = alphabet.find(digit);
    if (value == std::string_view::npos) return false;
    pending = (pending << 6 | value) & 0x3fffffff;
    bits += 6;
    if (bits < 16) continue;
    bits -= 16;
    const auto unit = static_cast<std::uint32_t>(pending >> bits & 0xffff);
    const bool is_low = unit >= 0xdc00 && unit <= 0xdfff;
    if (is_low != (high != 0)) return false;
    if (unit >= 0xd800 && unit <= 0xdbff) {
      high = unit;
    } else {
      out += to_utf8(high != 0 ? 0x10000 + ((high - 0xd800) << 10) + (unit - 0xdc00) : unit);
      high = 0;
    }
  }
  return high == 0;
}

}  // namespace

std::optional<std::string> decode_mutf7(std::string_view name) {
  std::string text;
  for (std::size_t at = 0; at < name.size();) {
    const char octet = name[at++];
    if (!is_direct(static_cast<unsigned char>(octet))) return std::nullopt;
    if (octet != '&') {
      text += octet;
      continue;
    }
    const std::size_t end = name.find('-', at);
    if (end == std::string_view::npos) return std::nullopt;
    if (end == at) {
      text += '&';
    } else if (!append_shifted(text, name.substr(at, end - at))) {
      return std::nullopt;
    }
    at = end + 1;
  }
  // Every other spelling of the same text (needless shifts, odd padding, "&AGE-") fails here.
  if (encode_mutf7(text) != name) return std::nullopt;
  return text;
}

std::optional<std::string> encode_mutf7(std::string_view text) {
  std::string name;
  Shift shift(name);
  for (std::size_t at = 0; at < text.size();) {
    const auto code = take_code_point(text, at);
    if (!code) return std::nullopt;
    if (*code >= 0x20 && *code <= 0x7e) {
      shift.close();
      name += static_cast<char>(*code);
      if (*code == '&') name += '-';
    } else {
      shift.put(*code);
    }
  }
  shift.close();
  return name;
}

}  // namespace valija::imap
