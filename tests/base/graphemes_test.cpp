#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <string>

#include "valija/base/text.hpp"

using namespace valija;

namespace {

std::vector<std::string> pieces(std::string_view text) {
  std::vector<std::string> found;
  for (const auto& grapheme : graphemes(text)) found.emplace_back(grapheme.bytes);
  return found;
}

}  // namespace

TEST_CASE("plain ASCII is one column a byte") {
  CHECK(display_width("hello, world") == 12);
  CHECK(display_width("") == 0);
  CHECK(pieces("ab") == std::vector<std::string>{"a", "b"});
}

TEST_CASE("accented letters take one column, composed or not") {
  CHECK(display_width("Librería") == 8);
  CHECK(display_width("Libreri\u0301a") == 8);
  CHECK(pieces("e\u0301x") == std::vector<std::string>{"e\u0301", "x"});
}

TEST_CASE("a combining mark without a base takes one column") {
  CHECK(display_width("\u0301") == 1);
  CHECK(display_width("\u0301a") == 2);
}

TEST_CASE("ideographs, kana and hangul take two columns") {
  CHECK(display_width("田中") == 4);
  CHECK(display_width("カタカナ") == 8);
  CHECK(display_width("한글") == 4);
  CHECK(display_width("\u1112\u1161\u11ab") == 2);  // 한 in three pieces
  CHECK(display_width("ｶﾅ") == 2);
}

TEST_CASE("Arabic and Hebrew letters take one column, their vowel marks none") {
  CHECK(display_width("مرحبا") == 5);
  CHECK(display_width("مَرْحَبًا") == 5);
  CHECK(display_width("שָׁלוֹם") == 4);
}

TEST_CASE("an emoji is two columns in every spelling") {
  CHECK(display_width("😀") == 2);
  CHECK(display_width("❤\uFE0F") == 2);
  CHECK(display_width("1\uFE0F\u20E3") == 2);
  CHECK(display_width("👍🏽") == 2);
  CHECK(display_width("👨\u200D👩\u200D👧\u200D👦") == 2);
  CHECK(display_width("👨🏽\u200D👩🏽\u200D👧🏽\u200D👦🏽") == 2);
  CHECK(pieces("👨\u200D👩\u200D👧\u200D👦!").size() == 2);
}

TEST_CASE("flags are two columns and pair up from the left") {
  CHECK(display_width("🇪🇸") == 2);
  CHECK(pieces("🇪🇸🇯🇵") == std::vector<std::string>{"🇪🇸", "🇯🇵"});
  CHECK(display_width("🇪") == 1);
  CHECK(display_width("🏴\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067\U000E007F") == 2);
}

TEST_CASE("symbols of ambiguous width take one column") {
  CHECK(display_width("●") == 1);
  CHECK(display_width("→") == 1);
  CHECK(display_width("▌") == 1);
  CHECK(display_width("…") == 1);
  CHECK(display_width("«»") == 2);
}

TEST_CASE("a variation selector after a letter changes nothing") { CHECK(display_width("a\uFE0F") == 1); }

TEST_CASE("marks beyond the eighth are dropped and the text after them survives") {
  std::string text = "a";
  for (int i = 0; i < 1000; ++i) text += "\u0301";
  CHECK(display_width(text) == 1);
  text += "b";
  const auto found = graphemes(text);
  REQUIRE(found.size() == 2);
  CHECK(found[0].bytes.size() == 1 + 8 * 2);
  CHECK(found[1].bytes == "b");
}

TEST_CASE("invalid bytes are one column each and end nothing else") {
  CHECK(display_width("a\xff\xfe"
                      "b") == 4);
  CHECK(display_width("\xe7\x94") == 2);
}

TEST_CASE("fit leaves what fits and marks what was cut") {
  CHECK(fit("hello", 5) == "hello");
  CHECK(fit("hello", 4) == "hel…");
  CHECK(fit("hello", 1) == "…");
  CHECK(fit("hello", 0) == "");
  CHECK(fit("hello", -3) == "");
  CHECK(fit("田中さん", 8) == "田中さん");
  CHECK(fit("田中さん", 7) == "田中さ…");
  CHECK(fit("田中さん", 6) == "田中…");
  CHECK(fit("田中", 1) == "…");
  CHECK(fit("Re: 👨\u200D👩\u200D👧", 5) == "Re: …");
}

TEST_CASE("fit never exceeds its columns, whatever the text") {
  CHECK(rc::check([](const std::string& text) {
    const int columns = *rc::gen::inRange(0, 40);
    RC_ASSERT(display_width(fit(text, columns)) <= columns);
  }));
}

TEST_CASE("the width of a text is the sum of its graphemes") {
  CHECK(rc::check([] {
    const auto alphabet = rc::gen::element<std::string>("a", "é", "e\u0301", "田", "😀", "🇪🇸", "\u200D", "\uFE0F",
                                                        "\u0301", "م", "\xff", " ", "\r", "\n");
    std::string text;
    for (const auto& piece : *rc::gen::container<std::vector<std::string>>(alphabet)) text += piece;
    int sum = 0;
    for (const auto& grapheme : graphemes(text)) {
      RC_ASSERT(grapheme.width == 1 || grapheme.width == 2);
      RC_ASSERT(!grapheme.bytes.empty());
      sum += grapheme.width;
    }
    RC_ASSERT(display_width(text) == sum);
  }));
}
