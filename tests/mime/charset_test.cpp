#include "../../src/mime/charset.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "hostile_messages.hpp"
#include "valija/base/text.hpp"

using namespace valija;
using mime::to_utf8;

TEST_CASE("character sets are known by the names that mailers use") {
  CHECK(to_utf8("caf\xe9", "iso-8859-1") == "café");
  CHECK(to_utf8("\x80", "ISO-8859-1") == "€");
  CHECK(to_utf8("\xc4\xe3", "\"GB2312\"") == "你");
  CHECK(to_utf8("\x93\xfa", "x-sjis") == "日");
  CHECK(to_utf8("\xb1\xd7", "iso-8859-2") == "ą×");
  CHECK(to_utf8("\xb0\xa1", "ks_c_5601-1987") == "가");
  CHECK(to_utf8("\xc3\xa1", "us-ascii") == "á");
  CHECK(to_utf8("+AOE-", "unicode-1-1-utf-7") == "á");
}

TEST_CASE("an unknown or hostile label is guessed: UTF-8 if valid, else windows-1252") {
  for (const char* label : {"", "x-unknown", "UTF-8//IGNORE", "../../../etc/passwd", "%s%n", "utf-8", "utf8", "8bit"}) {
    CHECK(to_utf8("\xc3\xa1", label) == "á");
    CHECK(to_utf8("\xe1", label) == "á");
  }
  CHECK(to_utf8("\xe1", std::string(100'000, 'a')) == "á");
}

TEST_CASE("bytes that mean nothing become a mark and the rest is read") {
  CHECK(to_utf8("\xff" "abc", "gb18030").ends_with("abc"));
  CHECK(to_utf8("\x93", "shift_jis") == "\xef\xbf\xbd");
}

TEST_CASE("every character set ends on every input with valid UTF-8") {
  for (const char* label : {"utf-7", "utf-16", "utf-32", "iso-2022-jp", "iso-2022-kr", "iso-2022-cn", "hz", "big5", "gb18030",
                            "euc-tw", "tscii", "iso-8859-8-i", "tcvn", "windows-1255", "ibm1364", "iso-2022-jp-3", "unicode"}) {
    CAPTURE(label);
    rc::check([&](const std::string& bytes) { RC_ASSERT(is_valid_utf8(to_utf8(bytes, label))); });
    CHECK(is_valid_utf8(to_utf8(test::repeated("\x1b$B\x80\xff\xaa\x0e", 20'000), label)));
  }
}
