#include "cursor.hpp"

#include <algorithm>

#include "quirks.hpp"
#include "valija/base/text.hpp"
#include "valija/imap/framer.hpp"
#include "valija/imap/parser.hpp"

namespace valija::imap {

void Cursor::fail() {
  ok_ = false;
  at_ = text_.size();
}

bool Cursor::accept(char octet) {
  if (at_end() || text_[at_] != octet) return false;
  ++at_;
  return true;
}

void Cursor::expect(char octet) {
  if (!accept(octet)) fail();
}

void Cursor::spaces() {
  while (accept(' ')) continue;
}

std::string_view Cursor::word() {
  const std::size_t begin = at_;
  while (!at_end() && text_[at_] != ' ' && text_[at_] != '(' && text_[at_] != ')' && text_[at_] != '\r') ++at_;
  if (at_ == begin) fail();
  return text_.substr(begin, at_ - begin);
}

std::string_view Cursor::item_name() {
  const std::size_t begin = at_;
  while (!at_end() && text_[at_] != ' ' && text_[at_] != '(' && text_[at_] != ')') {
    if (text_[at_] == '[') {
      const std::size_t close = text_.find(']', at_);
      if (close == std::string_view::npos) {
        fail();
        return {};
      }
      at_ = close;
    }
    ++at_;
  }
  if (at_ == begin) fail();
  return text_.substr(begin, at_ - begin);
}

std::uint64_t Cursor::number(std::uint64_t limit) {
  const std::size_t begin = at_;
  while (!at_end() && text_[at_] >= '0' && text_[at_] <= '9') ++at_;
  const auto value = to_number(text_.substr(begin, at_ - begin), limit);
  if (!value) fail();
  return value.value_or(0);
}

std::uint32_t Cursor::nonzero_number() {
  const auto value = static_cast<std::uint32_t>(number(UINT32_MAX));
  if (value == 0) fail();
  return value;
}

std::optional<std::string> Cursor::nullable_string() {
  if (peek() == '"') return quoted();
  if (peek() == '{' || peek() == '~') return literal();
  if (!equal_ignoring_case(word(), "NIL")) fail();
  return std::nullopt;
}

std::string Cursor::any_string() {
  if (peek() == '"') return quoted();
  if (peek() == '{' || peek() == '~') return literal();
  return std::string(word());
}

std::string Cursor::quoted() {
  expect('"');
  std::string value;
  while (!at_end()) {
    const char octet = text_[at_++];
    if (octet == '"') return value;
    if (octet == '\r' || octet == '\n') break;
    if (octet == '\\' && !at_end() && is_quoted_escape(text_[at_])) {
      value += text_[at_++];
    } else {
      value += octet;
    }
  }
  fail();
  return {};
}

std::string Cursor::literal() {
  accept('~');
  expect('{');
  const std::uint64_t size = number(line_limit);
  expect('}');
  expect('\r');
  expect('\n');
  if (!ok_ || size > text_.size() - at_) {
    fail();
    return {};
  }
  const std::string_view octets = text_.substr(at_, static_cast<std::size_t>(size));
  at_ += octets.size();
  return std::string(octets);
}

void Cursor::skip_string() {
  if (peek() == '"') {
    quoted();
  } else if (peek() == '{' || peek() == '~') {
    literal();
  } else if (!accept(streamed_literal)) {
    item_name();
  }
}

void Cursor::skip_value() {
  std::size_t depth = 0;
  do {
    spaces();
    if (accept('(')) {
      ++depth;
    } else if (peek() == ')') {
      if (depth == 0) return fail();
      ++at_;
      --depth;
    } else if (at_end()) {
      return fail();
    } else {
      skip_string();
    }
  } while (ok_ && depth > 0);
}

std::optional<std::uint64_t> to_number(std::string_view digits, std::uint64_t limit) {
  if (digits.empty()) return std::nullopt;
  std::uint64_t number = 0;
  for (const char digit : digits) {
    if (digit < '0' || digit > '9') return std::nullopt;
    const auto value = static_cast<std::uint64_t>(digit - '0');
    if (number > (UINT64_MAX - value) / 10) return std::nullopt;
    number = number * 10 + value;
  }
  if (number > limit) return std::nullopt;
  return number;
}

std::string to_upper_ascii(std::string_view text) {
  std::string upper(text);
  std::transform(upper.begin(), upper.end(), upper.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return upper;
}

}  // namespace valija::imap
