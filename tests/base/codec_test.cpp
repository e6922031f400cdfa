#include "valija/base/codec.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

using namespace valija;

TEST_CASE("integers are little-endian") {
  CHECK(Encoder().u32(0x01020304).bytes() == "\x04\x03\x02\x01");
  CHECK(Encoder().u64(1).bytes() == std::string("\x01\0\0\0\0\0\0\0", 8));
}

TEST_CASE("what goes in comes out") {
  CHECK(rc::check([](std::uint8_t a, std::uint32_t b, std::uint64_t c, std::int64_t d, bool e, const std::string& f,
                     const std::vector<std::string>& g) {
    Encoder encoder;
    encoder.u8(a).u32(b).u64(c).i64(d).flag(e).text(f).texts(g);
    Decoder decoder(encoder.bytes());
    RC_ASSERT(decoder.u8() == a);
    RC_ASSERT(decoder.u32() == b);
    RC_ASSERT(decoder.u64() == c);
    RC_ASSERT(decoder.i64() == d);
    RC_ASSERT(decoder.flag() == e);
    RC_ASSERT(decoder.text() == f);
    RC_ASSERT(decoder.texts() == g);
    RC_ASSERT(decoder.ok());
    RC_ASSERT(decoder.at_end());
  }));
}

TEST_CASE("input torn at any byte is refused and reads as empty") {
  Encoder encoder;
  encoder.u8(7).u32(8).text("hello").texts({"a", "", "ccc"}).u64(9);
  const std::string whole = encoder.bytes();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    Decoder decoder(std::string_view(whole).substr(0, size));
    decoder.u8();
    decoder.u32();
    decoder.text();
    decoder.texts();
    decoder.u64();
    CHECK_FALSE(decoder.ok());
    CHECK(decoder.text().empty());
    CHECK(decoder.texts().empty());
    CHECK(decoder.u64() == 0);
  }
}

TEST_CASE("a count that cannot be true allocates nothing") {
  const std::string lie = Encoder().u32(0xffffffff).u32(0).bytes();
  CHECK(Decoder(lie).texts().empty());
  Decoder decoder(lie);
  CHECK(decoder.count(4) == 0);
  CHECK_FALSE(decoder.ok());
  Decoder zero_sized(lie);
  CHECK(zero_sized.count(0) == 0);
  CHECK_FALSE(zero_sized.ok());
}

TEST_CASE("any bytes decode without harm") {
  CHECK(rc::check([](const std::string& bytes) {
    Decoder decoder(bytes);
    decoder.texts();
    decoder.text();
    decoder.u64();
    if (!decoder.ok()) RC_ASSERT(decoder.text().empty());
  }));
}
