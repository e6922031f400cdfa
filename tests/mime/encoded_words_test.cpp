#include "../../src/mime/encoded_words.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "clean_document.hpp"
#include "hostile_messages.hpp"
#include "support/cpu_time.hpp"

using namespace valija;
using mime::decode_addresses;
using mime::decode_header;

TEST_CASE("the examples of RFC 2047 section 8 decode as it says") {
  CHECK(decode_header("(=?ISO-8859-1?Q?a?=)") == "(a)");
  CHECK(decode_header("(=?ISO-8859-1?Q?a?= b)") == "(a b)");
  CHECK(decode_header("(=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=)") == "(ab)");
  CHECK(decode_header("(=?ISO-8859-1?Q?a?=\r\n    =?ISO-8859-1?Q?b?=)") == "(ab)");
  CHECK(decode_header("(=?ISO-8859-1?Q?a_b?=)") == "(a b)");
  CHECK(decode_header("(=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=)") == "(a b)");
  CHECK(decode_header("=?ISO-8859-1?B?SWYgeW91IGNhbiByZWFkIHRoaXMgeW8=?=\r\n =?ISO-8859-2?B?dSB1bmRlcnN0YW5kIHRoZSBleGFtcGxlLg==?=") ==
        "If you can read this you understand the example.");
}

TEST_CASE("words that mailers break are decoded all the same") {
  CHECK(decode_header("=?utf-8?q?a b?=") == "a b");
  CHECK(decode_header("=?UTF-8?Q?=C3=A1?=") == "á");
  CHECK(decode_header("=?utf-8?b?w6E?=") == "á");
  CHECK(decode_header("=?utf-8*es?q?=C3=A1?=") == "á");
  CHECK(decode_header("x=?utf-8?q?y?=z") == "xyz");
  CHECK(decode_header("=?utf-8?q?=C3?= =?utf-8?q?=A1?=") == "á");
  CHECK(decode_header("=?gb2312?B?xOO6ww==?=") == "你好");
  CHECK(decode_header("=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=") == "日本");
  CHECK(decode_header("=?nonsense?q?a=E9?=") == "aé");
}

TEST_CASE("a word folded in its middle goes on behind the fold") {
  CHECK(decode_header("=?utf-8?Q?Hello\r\n _there!?=") == "Hello there!");
  CHECK(decode_header("=?utf-8?Q?Hel\n \t lo?=") == "Hello");
  CHECK(decode_header("=?utf-8?B?VGhpcyBpcyB0aGUgb\r\n 3JpZ2luYWwgc3ViamVjdA==?=") == "This is the original subject");
  CHECK(decode_header("two\n words =?utf-8?q?and_three?=\n more") == "two words and three more");
}

TEST_CASE("a label that a word is glued to stands apart") {
  CHECK(decode_header("[list]=?utf-8?q?caf=C3=A9?=") == "[list] café");
  CHECK(decode_header("Re:=?utf-8?q?caf=C3=A9?=") == "Re: café");
  CHECK(decode_header("caf=?utf-8?q?=C3=A9s?= y t=?utf-8?q?=C3=A9?=") == "cafés y té");
}

TEST_CASE("what is no encoded word stays as it is") {
  for (const char* text : {"=?", "=?=", "=??q?x?=", "=?utf-8?x?x?=", "=?utf-8?q?x", "a =? b", "=?utf-8?q?x=?y"}) {
    CHECK(decode_header(text) == text);
  }
}

TEST_CASE("a folded header becomes one line and raw 8-bit text is guessed") {
  CHECK(decode_header(" a\r\n b\r\n\tc ") == "a b c");
  CHECK(decode_header("caf\xe9") == "café");
  CHECK(decode_header("caf\xc3\xa9") == "café");
}

TEST_CASE("decoded control characters do not pass") {
  CHECK(decode_header("=?utf-8?q?a=0D=0Ab=00c=1B[31md=E2=80=AEe?=") == "a bc[31mde");
}

TEST_CASE("an encoded comma or bracket does not make another author") {
  const auto addresses = decode_addresses("=?utf-8?q?admin=40bank.example=2C_x?= <a@evil.example>");
  REQUIRE(addresses.size() == 1);
  CHECK(addresses[0].mailbox == "a@evil.example");
  CHECK(addresses[0].name == "admin@bank.example, x");
  CHECK(short_name(addresses[0]) == "a@evil.example");
}

TEST_CASE("names in quotes are decoded too") {
  const auto addresses = decode_addresses("\"=?iso-8859-1?q?Jos=E9?=\" <jose@example.org>, b@c");
  REQUIRE(addresses.size() == 2);
  CHECK(addresses[0].name == "José");
}

TEST_CASE("a comment that is encoded gives the name, folded or not") {
  const auto addresses = decode_addresses("nsb@thumper.example\r\n    (=?iso-8859-8?b?7eXs+SDv4SDp7Oj08A==?=), Pete(A nice \\\r\n ) chap) <pete(his\r\n account)@silly.test>");
  REQUIRE(addresses.size() == 2);
  CHECK(addresses[0] == Address{"םולש ןב ילטפנ", "nsb@thumper.example"});
  CHECK(addresses[1] == Address{"Pete", "pete@silly.test"});
}

TEST_CASE("any bytes give clean text") {
  rc::check([](const std::string& text) { RC_ASSERT(test::is_gated(decode_header(text))); });
  rc::check([](const std::string& text) { RC_ASSERT(test::is_gated(decode_header("=?utf-7?b?" + text + "?= =?big5?q?" + text + "?="))); });
}

TEST_CASE("many unfinished words take linear time") {
  const test::CpuTime time;
  decode_header(test::repeated("=?a?q?", 500'000) + "?=");
  decode_addresses(test::repeated("=?a?q?", 500'000) + "?=");
  decode_header(test::repeated("=?utf-8?q?a?=", 500'000));
  CHECK(time.seconds() < 5);
}
