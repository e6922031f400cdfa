#include "valija/mime/gunzip.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>
#include <zlib.h>

#include "valija/base/text.hpp"

using namespace valija;
using mime::gunzip;

namespace {

std::string gzip(std::string text) {
  z_stream stream{};
  REQUIRE(deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string packed(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(text.data());
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

}  // namespace

TEST_CASE("a gzip file is unpacked, also where it is several") {
  const auto one = gunzip(gzip("letters"), 1000);
  REQUIRE(one);
  CHECK(one->octets == "letters");
  CHECK_FALSE(one->is_cut);
  const auto two = gunzip(gzip("letters") + gzip(" home"), 1000);
  REQUIRE(two);
  CHECK(two->octets == "letters home");
  CHECK_FALSE(two->is_cut);
  CHECK(gunzip(gzip(""), 1000)->octets.empty());
}

TEST_CASE("a gzip bomb ends at the limit") {
  const auto bomb = gunzip(gzip(std::string(50'000'000, 'x')), 1'000'000);
  REQUIRE(bomb);
  CHECK(bomb->octets.size() == 1'000'000);
  CHECK(bomb->is_cut);
  CHECK_FALSE(gunzip(gzip(std::string(1'000'000, 'x')), 1'000'000)->is_cut);
}

TEST_CASE("of a torn gzip file there is what came, and it says so") {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += std::to_string(i) + ' ';
  const std::string packed = gzip(text);
  const auto torn = gunzip(packed.substr(0, packed.size() / 2), 1'000'000);
  REQUIRE(torn);
  CHECK(torn->is_cut);
  CHECK(text.starts_with(torn->octets));
  CHECK(torn->octets.size() > 1000);
}

TEST_CASE("what is no gzip file is not unpacked") {
  CHECK_FALSE(gunzip("", 1000));
  CHECK_FALSE(gunzip("PK\x03\x04", 1000));
  CHECK_FALSE(gunzip("\x1f\x8b\x08", 1000));
  CHECK(rc::check("any octets end within the limit", [](const std::string& octets) {
    if (const auto unpacked = gunzip("\x1f\x8b\x08" + octets, 100)) RC_ASSERT(unpacked->octets.size() <= 100);
  }));
}
