#include "valija/ui/canvas.hpp"

#include <doctest/doctest.h>

#include "valija/base/text.hpp"

using namespace valija;
using ui::Canvas;

TEST_CASE("no control character of a text comes on the canvas") {
  Canvas canvas(40, 2);
  canvas.put(0, 0, 40, "a\x1b]52;c;aGk=\x07" "b\x1b[31m\xc2\x9b" "1m\r\n\t\u202e\u2066\x7f", {});
  for (int column = 0; column < 40; ++column) {
    for (const char c : canvas.at(0, column).text) CHECK((static_cast<unsigned char>(c) >= 0x20 && c != 0x7f));
    CHECK(clean(canvas.at(0, column).text) == canvas.at(0, column).text);
  }
}

TEST_CASE("nothing leaves its rectangle") {
  Canvas canvas(10, 3);
  canvas.put(1, 0, 10, "..........", {});
  CHECK(canvas.put(1, 3, 4, "田田田", {}) == 4);
  CHECK(canvas.to_text() == "\n...田田...\n\n");
  CHECK(canvas.put(1, 8, 5, "x田", {}) == 1);
  CHECK(canvas.put(-1, 0, 5, "x", {}) == 0);
  CHECK(canvas.put(3, 0, 5, "x", {}) == 0);
  CHECK(canvas.put(0, 20, 5, "x", {}) == 0);
}

TEST_CASE("writing over half of a wide character leaves no half behind") {
  Canvas canvas(6, 1);
  canvas.put(0, 0, 6, "田田田", {});
  canvas.put(0, 3, 1, "x", {});
  CHECK(canvas.to_text() == "田 x田\n");
  canvas.put(0, 4, 1, "y", {});
  CHECK(canvas.to_text() == "田 xy\n");
}

TEST_CASE("a mark without a letter does not settle on what stands left of it") {
  Canvas canvas(6, 1);
  canvas.put(0, 0, 6, "ab", {});
  canvas.put(0, 2, 4, "\u0301cd", {});
  CHECK(canvas.at(0, 1).text == "b");
  CHECK(canvas.to_text() == "abcd\n");
}

TEST_CASE("a flood of combining marks stays within its cell") {
  std::string flood = "z";
  for (int i = 0; i < 100000; ++i) flood += "\u0301";
  Canvas canvas(10, 1);
  CHECK(canvas.put_fitted(0, 0, 10, flood + "end", {}) <= 10);
  CHECK(canvas.at(0, 0).text.size() < 40);
}

TEST_CASE("a canvas of no size takes everything and shows nothing") {
  Canvas canvas(0, 0);
  canvas.put(0, 0, 10, "text", {});
  canvas.fill({0, 0, 5, 5}, {});
  canvas.put_right(0, 0, 10, "text", {});
  canvas.repeat_down(0, 0, 10, "|", {});
  CHECK(canvas.to_text().empty());
}

TEST_CASE("right-to-left text stands in the order in which it is read") {
  Canvas canvas(20, 1);
  CHECK(canvas.put(0, 0, 20, "אבג", {}) == 3);
  CHECK(canvas.to_text() == "גבא\n");
  SUBCASE("numbers and Latin words within it keep theirs") {
    canvas.put(0, 0, 20, "אב 12 ok גד", {});
    CHECK(canvas.to_text() == "דג ok 12 בא\n");
  }
  SUBCASE("within Latin text only its own words turn") {
    canvas.put(0, 0, 20, "Re: אבג, ok (1)", {});
    CHECK(canvas.to_text() == "Re: גבא, ok (1)\n");
  }
  SUBCASE("brackets show their other face") {
    canvas.put(0, 0, 20, "א(ב)ג", {});
    CHECK(canvas.to_text() == "ג(ב)א\n");
  }
  SUBCASE("marks stay on their letters and wide characters whole") {
    canvas.put(0, 0, 20, "א\u05b8ב田ג", {});
    CHECK(canvas.to_text() == "ג田בא\u05b8\n");
    CHECK(canvas.at(0, 1).width == 2);
    CHECK(canvas.at(0, 2).width == 0);
  }
  SUBCASE("a row runs as the paragraph does that it is part of") {
    const auto row_of = [&canvas](std::string_view text, std::string_view paragraph) {
      canvas.fill({0, 0, 1, 20}, {});
      canvas.order(0, 0, canvas.put_part(0, 0, 20, text, {}), 0, paragraph);
      return canvas.to_text();
    };
    CHECK(row_of("ok אבג.", "(1) אבג ok אבג.") == ".גבא ok\n");
    CHECK(row_of("ok (1).", "אבג ok (1).") == ".ok (1)\n");
    CHECK(row_of("אבג ok.", "Re: אבג ok.") == "גבא ok.\n");
    CHECK(row_of("אבג 12.", "12. \xd7") == ".12 גבא\n");
  }
  SUBCASE("what stands in two cells of a table turns by itself") {
    const auto row_of = [&canvas](std::string_view text, std::string_view mark) {
      canvas.fill({0, 0, 1, 20}, {});
      canvas.order(0, 0, canvas.put_part(0, 0, 20, text, {}), 0, mark, true);
      return canvas.to_text();
    };
    CHECK(row_of("אב גד  12  LED", "\u200e") == "דג בא  12  LED\n");
    CHECK(row_of("אב גד  12  LED x", "\u200f") == "LED x  12  דג בא\n");
  }
  SUBCASE("a terminal that does it itself gets what is stored") {
    Canvas plain(20, 1);
    plain.orders_text = false;
    plain.put(0, 0, 20, "אבג", {});
    CHECK(plain.to_text() == "אבג\n");
  }
}

TEST_CASE("the cursor of a text that is typed and turned is found again") {
  Canvas canvas(20, 1);
  CHECK(canvas.put_typed(0, 2, 10, "ab אבג", {}, 1) == 1);
  CHECK(canvas.put_typed(0, 2, 10, "ab אבג", {}, 3) == 5);
  CHECK(canvas.put_typed(0, 2, 10, "ab אבג", {}, 5) == 3);
  CHECK(canvas.put_typed(0, 2, 10, "ab אבג", {}, 6) == 6);
  CHECK(canvas.to_text() == "  ab גבא\n");
  CHECK(canvas.put_typed(0, 2, 10, "ab אבג", {}, 0, "אבג ab אבג") == 4);
  CHECK(canvas.to_text() == "  גבא ab\n");
  canvas.orders_text = false;
  CHECK(canvas.put_typed(0, 2, 10, "ab אבג", {}, 3) == 3);
  CHECK(canvas.to_text() == "  ab אבג\n");
}

TEST_CASE("links lead to the web and to addresses only, and only by plain text") {
  Canvas canvas(20, 2);
  canvas.put(0, 0, 20, "a link, no link", {});
  canvas.link(0, 2, 4, "https://example.org/a");
  CHECK(canvas.target_of(canvas.at(0, 2)) == "https://example.org/a");
  CHECK(canvas.target_of(canvas.at(0, 5)) == "https://example.org/a");
  CHECK(canvas.target_of(canvas.at(0, 6)).empty());
  for (const char* bad : {"file:///etc/passwd", "javascript:alert(1)", "https://a\x1b\\b", "https://a b", "https://é.example"}) {
    canvas.link(1, 0, 20, bad);
    CHECK_MESSAGE(canvas.target_of(canvas.at(1, 0)).empty(), bad);
  }
  canvas.link(1, 0, 20, "https://example.org/" + std::string(5000, 'x'));
  CHECK(canvas.target_of(canvas.at(1, 0)).empty());
  canvas.link(-1, 0, 20, "https://example.org/");
  canvas.put(0, 2, 4, "gone", {});
  CHECK(canvas.target_of(canvas.at(0, 2)).empty());
}
