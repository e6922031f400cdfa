#include "valija/imap/mutf7.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

namespace valija::imap {

TEST_CASE("known names decode and encode") {
  struct Row {
    const char* wire;
    const char* text;
  };
  for (const Row& row : {Row{"INBOX", "INBOX"}, Row{"Entw&APw-rfe", "Entwürfe"}, Row{"&U,BTFw-", "台北"},
                         Row{"~peter/mail/&U,BTFw-/&ZeVnLIqe-", "~peter/mail/台北/日本語"}, Row{"a&-b", "a&b"},
                         Row{"&2D3eAA-", "😀"}, Row{"", ""}}) {
    CHECK(decode_mutf7(row.wire) == std::string(row.text));
    CHECK(encode_mutf7(row.text) == std::string(row.wire));
  }
}

TEST_CASE("every other spelling is refused, so that two names never become one") {
  for (const char* wire : {"&", "&A", "&AGE-", "&AGEAYg-", "&APw", "&APw-&APw-", "&AP-", "&APx-", "&APw=-", "&2D0-", "&3gA-",
                           "&3gDYPQ-", "&2D0A4Q-", "a\xc3\xbc", "a\tb", "a\x7f", "&ACY-", "&A!w-", "&APwAPwA-", "AT&T"}) {
    CHECK_MESSAGE(!decode_mutf7(wire), std::string(wire));
  }
}

TEST_CASE("invalid UTF-8 is not encoded") {
  for (const char* text : {"\xff", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82", "\x80", "a\xc3"}) {
    CHECK_FALSE(encode_mutf7(text));
  }
}

TEST_CASE("decode is the inverse of encode, and encode of decode") {
  CHECK(rc::check("text -> wire -> text", [](const std::vector<std::uint32_t>& raw) {
    std::string text;
    for (std::uint32_t code : raw) {
      code %= 0x110000;
      if (code >= 0xd800 && code <= 0xdfff) code = 'x';
      if (code < 0x80) {
        text += static_cast<char>(code);
      } else if (code < 0x800) {
        text += {static_cast<char>(0xc0 | code >> 6), static_cast<char>(0x80 | (code & 63))};
      } else if (code < 0x10000) {
        text += {static_cast<char>(0xe0 | code >> 12), static_cast<char>(0x80 | (code >> 6 & 63)), static_cast<char>(0x80 | (code & 63))};
      } else {
        text += {static_cast<char>(0xf0 | code >> 18), static_cast<char>(0x80 | (code >> 12 & 63)),
                 static_cast<char>(0x80 | (code >> 6 & 63)), static_cast<char>(0x80 | (code & 63))};
      }
    }
    const auto wire = encode_mutf7(text);
    RC_ASSERT(wire.has_value());
    RC_ASSERT(decode_mutf7(*wire) == text);
  }));
  CHECK(rc::check("wire -> text -> wire", [](const std::string& tail) {
    const std::string wire = "&" + tail + "-";
    const auto text = decode_mutf7(wire);
    if (text) RC_ASSERT(encode_mutf7(*text) == wire);
  }));
}

}  // namespace valija::imap
