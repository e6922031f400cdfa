#include "../../src/mime/charset.hpp"

#include <doctest/doctest.h>
#include <iconv.h>
#include <rapidcheck.h>

#include <array>

#include "hostile_messages.hpp"
#include "valija/base/text.hpp"

using namespace valija;
using mime::read_text;
using mime::to_utf8;

namespace {

/// UTF-8 to octets of a character set.
std::string encoded(std::string text, const char* charset) {
  const iconv_t converter = iconv_open(charset, "UTF-8");
  std::string octets(text.size() * 4 + 64, '\0');
  char *in = text.data(), *out = octets.data();
  std::size_t left = text.size(), room = octets.size();
  REQUIRE(iconv(converter, &in, &left, &out, &room) != static_cast<std::size_t>(-1));
  iconv(converter, nullptr, nullptr, &out, &room);
  iconv_close(converter);
  octets.resize(octets.size() - room);
  return octets;
}

}  // namespace

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

TEST_CASE("valid UTF-8 is UTF-8, whatever its label says") {
  for (const char* label : {"", "utf-8", "iso-8859-1", "koi8-r", "us-ascii", "nonsense"}) {
    CAPTURE(label);
    const auto read = read_text("caf\xc3\xa9", label);
    CHECK(read.text == "café");
    CHECK(read.charset == "utf-8");
    CHECK_FALSE(read.is_guessed);
  }
  CHECK(read_text("+AOE-", "utf-7").text == "á");
  CHECK(read_text("plain", "").charset == "us-ascii");
  CHECK(read_text("plain", "ISO-8859-15").charset == "iso-8859-15");
}

TEST_CASE("a few broken octets in UTF-8 cost no more than themselves") {
  CHECK(read_text("áéíóúñ caf\xe9 áéí", "utf-8").text == "áéíóúñ caf\xef\xbf\xbd áéí");
  CHECK(to_utf8("áéíóú\xc3", "utf-8") == "áéíóú\xef\xbf\xbd");
}

TEST_CASE("without a label the octets say what they are") {
  struct Sample {
    const char* charset;
    std::string text;
  };
  const auto samples = std::to_array<Sample>({
      {"koi8-r", "Добрый день! Посылаю вам отчёт за прошлый месяц."},
      {"windows-1251", "Добрый день! Посылаю вам отчёт за прошлый месяц."},
      {"windows-1250", "Zażółć gęślą jaźń, proszę o wrzucenie pliku. Dziękuję, że się zgłosiłaś."},
      {"windows-1250", "Příliš žluťoučký kůň úpěl ďábelské ódy."},
      {"windows-1252", "Où êtes-vous? Le café est déjà prêt, à bientôt."},
      {"windows-1252", "Die Größe der Bäume überrascht; schöne Grüße aus München."},
      {"windows-1252", "Mañana por la mañana habrá reunión, ¿te parece bien?"},
      {"windows-1252", "På mødet i går sagde han, at æblet var rødt og smagte godt."},
      {"windows-1252", "Perché no? La città è più bella così, però verrò domani."},
      {"windows-1252", "Brunch at the caf\u00e9?"},
      {"shift_jis", "こんにちは。明日の会議について連絡します。"},
      {"euc-jp", "こんにちは。明日の会議について連絡します。"},
      {"euc-kr", "안녕하세요. 내일 회의에 대해 알려 드립니다."},
      {"gb18030", "你好，请问明天的会议是什么时候开始的？我们在公司等你。"},
      {"big5", "你好，請問明天的會議是什麼時候開始的？我們在公司等你。"},
      {"iso-2022-jp-2", "こんにちは。明日の会議"},
  });
  for (const Sample& sample : samples) {
    CAPTURE(sample.text);
    const auto read = read_text(encoded(sample.text, sample.charset), "");
    CHECK(read.charset == sample.charset);
    CHECK(read.text == sample.text);
    CHECK(read.is_guessed);
  }
}

TEST_CASE("any octets can be guessed at") {
  rc::check([](const std::string& bytes) {
    RC_ASSERT(is_valid_utf8(read_text(bytes, "").text));
    RC_ASSERT(is_valid_utf8(read_text(bytes, "euc-kr").text));
  });
}

TEST_CASE("what lies beyond Unicode is replaced, though iconv takes it") {
  std::string words;
  while (words.size() < 500) words += "ñandú y pingüino, según cuándo y cómo: ";
  const std::string text = to_utf8(words + "\xf5\x90\x8d\x98 \xf4\x90\x80\x80!", "");
  CHECK(is_valid_utf8(text));
  CHECK(text.starts_with(words));
  CHECK(text.ends_with("!"));
  CHECK(text.find("\ufffd") != std::string::npos);
}
