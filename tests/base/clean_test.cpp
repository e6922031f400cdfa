#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <array>
#include <string>
#include <string_view>

#include "valija/base/text.hpp"

using namespace valija;

namespace {

constexpr std::string_view replacement = "\xef\xbf\xbd";

bool holds_control(std::string_view text, bool newline_is_fine) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x20 && !(newline_is_fine && byte == '\n')) return true;
    if (byte == 0x7f) return true;
    if (byte == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0) return true;
  }
  return false;
}

bool holds_bidi_control(std::string_view text) {
  constexpr std::array<std::string_view, 12> controls = {"\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066",
                                                         "\u2067", "\u2068", "\u2069", "\u200e", "\u200f", "\u061c"};
  for (const auto control : controls) {
    if (text.find(control) != std::string_view::npos) return true;
  }
  return false;
}

/// Bytes and dangerous pieces in any order.
rc::Gen<std::string> hostile_text() {
  const auto piece = rc::gen::oneOf(
      rc::gen::arbitrary<std::string>(),
      rc::gen::element<std::string>("\x1b[2J", "\u202e", "\u2066", "\u009b", "\x9b", "\x7f", "\r\n", "\t", "\u200b",
                                    "\xe2\x80", "\xae", "\xf4\x90\x80\x80", "\xed\xa0\x80", "\xc0\x80", "😀", "é"));
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(piece),
                      [](const std::vector<std::string>& pieces) { return join(pieces, ""); });
}

}  // namespace

TEST_CASE("clean keeps ordinary text of any script") {
  for (const std::string_view text :
       {"", "plain", "Librería Cálamo", "田中", "مرحبا", "👨\u200D👩\u200D👧", "e\u0301", "नमस्ते"}) {
    CHECK(clean(text) == text);
  }
}

TEST_CASE("a phrase fits into a sentence") {
  CHECK(clean_phrase("Over quota.\r\n") == "Over quota");
  CHECK(clean_phrase(" no such mailbox ") == "no such mailbox");
  CHECK(clean_phrase("wait...") == "wait...");
  CHECK(clean_phrase("\x1b[2J.") == "[2J");
  CHECK(clean_phrase(std::string(1000, 'a')).size() == 300);
  CHECK(clean_phrase(".") == "");
  CHECK(clean_phrase("") == "");
}

TEST_CASE("clean removes what a terminal would obey") {
  CHECK(clean("a\x1b]0;title\x07"
              "b") == "a]0;titleb");
  CHECK(clean("a\u009b31mb") == "a31mb");
  CHECK(clean(std::string_view("a\0b", 3)) == "ab");
  CHECK(clean("a\x7f\x08z") == "az");
}

TEST_CASE("clean makes one space of tab and newline") { CHECK(clean("a\tb\nc\r\nd\u2028e") == "a b c d e"); }

TEST_CASE("clean removes overrides, isolates and marks without width") {
  CHECK(clean("invoice\u202efdp.exe") == "invoicefdp.exe");
  CHECK(clean("\u2066a\u2069\u200b\u200e\ufeff\u00adb") == "ab");
}

TEST_CASE("clean replaces invalid UTF-8") {
  CHECK(clean("a\xff"
              "b") == "a" + std::string(replacement) + "b");
  CHECK(clean("\xed\xa0\x80").find("\xed") == std::string::npos);  // a surrogate
  CHECK(is_valid_utf8(clean("\xc0\xaf\xf5\x80\x80\x80")));
}

TEST_CASE("clean_lines keeps lines and sets tabs to columns of eight") {
  CHECK(clean_lines("a\r\nb\rc\nd") == "a\nb\nc\nd");
  CHECK(clean_lines("a\tb") == "a       b");
  CHECK(clean_lines("\tb") == "        b");
  CHECK(clean_lines("12345678\tb") == "12345678        b");
  CHECK(clean_lines("田\tb\na\tc") == "田      b\na       c");
  CHECK(clean_lines("a\x1b[31m\u202e") == "a[31m");
}

TEST_CASE("clean_lines of a line of a million tabs is linear") {
  CHECK(clean_lines(std::string(1'000'000, '\t')).size() == 8'000'000);
}

TEST_CASE("is_valid_utf8 knows overlong forms, surrogates and the last code point") {
  CHECK(is_valid_utf8(""));
  CHECK(is_valid_utf8("é田😀"));
  CHECK_FALSE(is_valid_utf8("\xc0\x80"));
  CHECK_FALSE(is_valid_utf8("\xed\xa0\x80"));
  CHECK_FALSE(is_valid_utf8("\xf4\x90\x80\x80"));
  CHECK_FALSE(is_valid_utf8("a\xe7\x94"));
}

TEST_CASE("nothing dangerous passes the gate, whatever comes") {
  CHECK(rc::check([] {
    const std::string text = *hostile_text();
    const std::string line = clean(text);
    RC_ASSERT(is_valid_utf8(line));
    RC_ASSERT(!holds_control(line, false));
    RC_ASSERT(!holds_bidi_control(line));
    RC_ASSERT(clean(line) == line);
    const std::string lines = clean_lines(text);
    RC_ASSERT(is_valid_utf8(lines));
    RC_ASSERT(!holds_control(lines, true));
    RC_ASSERT(!holds_bidi_control(lines));
    RC_ASSERT(clean_lines(lines) == lines);
  }));
}
