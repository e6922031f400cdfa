#include "valija/config/key.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

using namespace valija::config;

namespace {

Key with_ctrl(char32_t point) {
  Key key = Key::character(point);
  key.ctrl = true;
  return key;
}

bool is_refused(std::string_view text) { return !parse_keys(text).has_value(); }

}  // namespace

TEST_CASE("keys are read one after the other, with or without blanks") {
  const KeySequence gg{Key::character(U'g'), Key::character(U'g')};
  CHECK(parse_keys("gg") == gg);
  CHECK(parse_keys(" g  g ") == gg);
  CHECK(parse_keys("ñ") == KeySequence{Key::character(U'ñ')});
  CHECK(parse_keys("<c-d>") == KeySequence{with_ctrl(U'd')});
  CHECK(parse_keys("g<enter>") == KeySequence{Key::character(U'g'), Key::named(KeyName::enter)});
  CHECK(parse_keys("<") == KeySequence{Key::character(U'<')});
  CHECK(parse_keys("<lt>") == parse_keys("<"));
  CHECK(parse_keys("<Space>") == KeySequence{Key::character(U' ')});
}

TEST_CASE("presses that a terminal cannot tell apart are the same key") {
  CHECK(parse_keys("<c-i>") == parse_keys("<tab>"));
  CHECK(parse_keys("<c-m>") == parse_keys("<return>"));
  CHECK(parse_keys("<c-[>") == parse_keys("<esc>"));
  CHECK(parse_keys("<c-D>") == parse_keys("<c-d>"));
  CHECK(parse_keys("<s-a>") == parse_keys("A"));
}

TEST_CASE("a text that is no key sequence is refused") {
  CHECK(is_refused(""));
  CHECK(is_refused("   "));
  CHECK(is_refused("<c-"));
  CHECK(is_refused("<>"));
  CHECK(is_refused("<x-a>"));
  CHECK(is_refused("<nokey>"));
  CHECK(is_refused("a\x01"));
  CHECK(is_refused("\xff"));
  CHECK(is_refused("<\xc3>"));
  CHECK(is_refused("123456789"));
}

TEST_CASE("printing keys and reading them again gives the same keys") {
  rc::check([] {
    const auto size = *rc::gen::inRange<std::size_t>(1, 9);
    KeySequence keys;
    for (std::size_t i = 0; i < size; ++i) {
      Key key;
      if (*rc::gen::arbitrary<bool>()) {
        key.name = static_cast<KeyName>(*rc::gen::inRange(1, static_cast<int>(KeyName::f12) + 1));
      } else {
        key.point = *rc::gen::oneOf(rc::gen::inRange<char32_t>(0x20, 0x7f), rc::gen::inRange<char32_t>(0xa0, 0xd800),
                                    rc::gen::inRange<char32_t>(0x10000, 0x10ffff));
      }
      key.ctrl = *rc::gen::arbitrary<bool>();
      key.alt = *rc::gen::arbitrary<bool>();
      key.shift = *rc::gen::arbitrary<bool>();
      keys.push_back(normalised(key));
    }
    RC_ASSERT(parse_keys(to_text(keys)) == keys);
  });
}

TEST_CASE("any bytes are read without a fault") {
  rc::check([](const std::string& text) {
    const auto keys = parse_keys(text);
    if (keys) RC_ASSERT(parse_keys(to_text(*keys)) == *keys);
  });
}
