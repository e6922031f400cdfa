#include "valija/mail/flags.hpp"

#include <doctest/doctest.h>

using namespace valija;

TEST_CASE("every set of flags survives the Maildir letters") {
  for (int bits = 0; bits < 64; ++bits) {
    const Flags flags = Flags::from_bits(static_cast<std::uint8_t>(bits));
    CHECK(from_maildir_letters(to_maildir_letters(flags)) == flags);
  }
}

TEST_CASE("letters are sorted, unknown ones ignored, repeated ones harmless") {
  CHECK(to_maildir_letters({Flag::seen, Flag::answered, Flag::flagged}) == "FRS");
  CHECK(from_maildir_letters("SaxyzRS") == Flags{Flag::seen, Flag::answered});
  CHECK(from_maildir_letters("") == Flags{});
}

TEST_CASE("tags say unread for what was not seen") {
  CHECK(to_tags({}) == std::vector<std::string>{"unread"});
  CHECK(to_tags({Flag::seen}).empty());
  CHECK(to_tags({Flag::answered, Flag::flagged, Flag::draft, Flag::passed, Flag::deleted}) ==
        std::vector<std::string>{"draft", "flagged", "passed", "replied", "unread"});
}
