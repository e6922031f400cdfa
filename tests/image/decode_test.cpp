#include "valija/image/decode.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

using namespace valija;

namespace {

/// Two pixels beside each other.
const std::string green_png(
    "\x89\x50\x4e\x47\x0d\x0a\x1a\x0a\x00\x00\x00\x0d\x49\x48\x44\x52\x00\x00\x00\x02\x00\x00\x00\x01\x08\x06\x00\x00\x00\xf4\x22\x7f\x8a\x00\x00"
    "\x00\x11\x49\x44\x41\x54\x08\xd7\x63\x64\xf8\xcf\xf0\x9f\x81\x81\x81\x01\x00\x0c\x06\x02\x00\x94\xea\x18\xb4\x00\x00\x00\x00\x49\x45\x4e\x44"
    "\xae\x42\x60\x82",
    74);

/// Two pixels beside each other.
const std::string blue_gif(
    "\x47\x49\x46\x38\x39\x61\x02\x00\x01\x00\xf0\x00\x00\x00\x00\xff\x00\x00\x00\x21\xf9\x04\x00\x00\x00\x00\x00\x2c\x00\x00\x00\x00\x02\x00\x01"
    "\x00\x00\x02\x02\x04\x0a\x00\x3b",
    43);

/// Two pixels beside each other.
const std::string red_jpeg(
    "\xff\xd8\xff\xe0\x00\x10\x4a\x46\x49\x46\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xdb\x00\x43\x00\x10\x0b\x0c\x0e\x0c\x0a\x10\x0e\x0d\x0e"
    "\x12\x11\x10\x13\x18\x28\x1a\x18\x16\x16\x18\x31\x23\x25\x1d\x28\x3a\x33\x3d\x3c\x39\x33\x38\x37\x40\x48\x5c\x4e\x40\x44\x57\x45\x37\x38\x50"
    "\x6d\x51\x57\x5f\x62\x67\x68\x67\x3e\x4d\x71\x79\x70\x64\x78\x5c\x65\x67\x63\xff\xdb\x00\x43\x01\x11\x12\x12\x18\x15\x18\x2f\x1a\x1a\x2f\x63"
    "\x42\x38\x42\x63\x63\x63\x63\x63\x63\x63\x63\x63\x63\x63\x63\x63\x63\x63\x63\x63\x63\x63\x63\x63\x63\x63\x63\x63\x63\x63\x63\x63\x63\x63\x63"
    "\x63\x63\x63\x63\x63\x63\x63\x63\x63\x63\x63\x63\x63\x63\x63\x63\x63\x63\xff\xc0\x00\x11\x08\x00\x01\x00\x02\x03\x01\x22\x00\x02\x11\x01\x03"
    "\x11\x01\xff\xc4\x00\x15\x00\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x05\xff\xc4\x00\x14\x10\x01\x00\x00\x00\x00"
    "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xff\xc4\x00\x15\x01\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x05\x06"
    "\xff\xc4\x00\x14\x11\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xff\xda\x00\x0c\x03\x01\x00\x02\x11\x03\x11\x00\x3f"
    "\x00\x8a\x00\xb5\xe3\xff\xd9",
    287);

std::string little_endian(std::uint32_t number) {
  std::string octets;
  for (int shift = 0; shift < 32; shift += 8) octets += static_cast<char>((number >> shift) & 0xff);
  return octets;
}

std::string big_endian(std::uint32_t number) {
  const std::string octets = little_endian(number);
  return {octets.rbegin(), octets.rend()};
}

/// 24 bits a pixel; `rows` from the bottom to the top, blue first, each a multiple of 4 octets.
std::string bmp(int width, int height, const std::string& rows) {
  std::string file = "BM" + little_endian(static_cast<std::uint32_t>(54 + rows.size())) + little_endian(0) + little_endian(54);
  file += little_endian(40) + little_endian(static_cast<std::uint32_t>(width)) + little_endian(static_cast<std::uint32_t>(height));
  file += std::string("\x01\0\x18\0", 4);
  for (int i = 0; i < 6; ++i) file += little_endian(0);
  return file + rows;
}

/// What a PNG says of its size; nothing behind that.
std::string png_header(std::uint32_t width, std::uint32_t height) {
  return "\x89PNG\r\n\x1a\n" + big_endian(13) + "IHDR" + big_endian(width) + big_endian(height) + std::string("\x08\x06\0\0\0CRC.", 9);
}

std::string grey_bmp(int width, int height, char level) {
  const auto row = static_cast<std::size_t>((width * 3 + 3) / 4 * 4);
  return bmp(width, height, std::string(row * static_cast<std::size_t>(height), level));
}

}  // namespace

TEST_CASE("each kind of picture is told by its octets and decoded") {
  const struct {
    const std::string& octets;
    const char* format;
    std::string first;
  } cases[] = {{green_png, "PNG", std::string("\0\xff\0\xff", 4)}, {blue_gif, "GIF", std::string("\0\0\xff\xff", 4)}, {red_jpeg, "JPEG", "\xfe"}};
  for (const auto& each : cases) {
    CAPTURE(each.format);
    const auto header = image::read_header(each.octets);
    REQUIRE(header);
    CHECK(std::string(header->format) == each.format);
    CHECK(header->width == 2);
    CHECK(header->height == 1);
    const auto pixels = image::decode(each.octets, 100, 100);
    REQUIRE(pixels);
    CHECK(pixels->width == 2);
    CHECK(pixels->height == 1);
    REQUIRE(pixels->rgba.size() == 8);
    CHECK(pixels->rgba.substr(0, each.first.size()) == each.first);
  }
}

TEST_CASE("a picture is scaled down by averaging, and keeps its proportions") {
  // Black and white above each other, so that one pixel is grey.
  const auto grey = image::decode(bmp(1, 2, std::string("\0\0\0\0\xff\xff\xff\0", 8)), 1, 1);
  REQUIRE(grey);
  CHECK(grey->rgba == "\x7f\x7f\x7f\xff");
  const auto narrow = image::decode(grey_bmp(100, 40, 'x'), 50, 50);
  REQUIRE(narrow);
  CHECK(narrow->width == 50);
  CHECK(narrow->height == 20);
  const auto low = image::decode(grey_bmp(100, 40, 'x'), 1000, 10);
  REQUIRE(low);
  CHECK(low->width == 25);
  CHECK(low->height == 10);
}

TEST_CASE("a picture is never scaled up, nor to nothing") {
  CHECK(image::decode(blue_gif, 4000, 4000)->width == 2);
  const auto line = image::decode(grey_bmp(200, 1, 'x'), 10, 10);
  REQUIRE(line);
  CHECK(line->width == 10);
  CHECK(line->height == 1);
  CHECK(image::decode(blue_gif, 0, -1)->rgba.size() == 4);
}

TEST_CASE("more than 16 MiB never come out") {
  const auto large = image::decode(grey_bmp(3000, 2000, 'x'), 100'000, 100'000);
  REQUIRE(large);
  CHECK(large->rgba.size() <= 16 * 1024 * 1024);
  CHECK(large->width > 2400);
}

TEST_CASE("a picture that would take too much memory is refused by what it says") {
  for (const auto& [width, height] : {std::pair{10'000U, 5'000U}, {40'000U, 1001U}}) {
    const auto refused = image::decode(png_header(width, height), 10, 10);
    REQUIRE(!refused);
    CHECK(refused.error().message.find("40 megapixels") != std::string::npos);
  }
  CHECK(!image::read_header(png_header(4'000'000'000U, 1)));
  CHECK(!image::read_header(png_header(0, 5)));
}

TEST_CASE("what is no picture, or a broken one, is an error") {
  for (const std::string& octets : {std::string(), std::string("BM"), std::string("<svg/>"), std::string("GIF89a")}) {
    CHECK(!image::read_header(octets));
    CHECK(image::decode(octets, 10, 10).error().kind == Kind::input);
  }
  CHECK(image::decode(green_png.substr(0, 50), 10, 10).error().message == "The picture is broken.");
  CHECK(!image::decode(png_header(10, 10), 10, 10));
}

TEST_CASE("a JPEG with more codes than a table has room for is refused before it is decoded") {
  const std::string tables = "\xff\xc4";
  const auto segment = [&](char codes) { return tables + std::string("\x01\x42\x00", 3) + std::string(15, '\x10') + codes + std::string(303, 'v'); };
  const std::string start = "\xff\xd8\xff\xe0" + std::string("\x00\x06", 2) + tables + "xx";  // what looks like tables in an APP0 is none
  CHECK(image::read_header(start + red_jpeg.substr(2)));
  CHECK_FALSE(image::read_header(start + segment('\x20') + red_jpeg.substr(2)));
  CHECK_FALSE(image::decode(red_jpeg.substr(0, red_jpeg.size() - 2) + segment('\x20'), 10, 10));
}

TEST_CASE("a JPEG with thousands of tables, or with tables within tables, is refused at once") {
  std::string nested = "\xff\xc4\xff\xff";
  for (int i = 0; i < 5'000; ++i) nested += std::string("\x00\x04", 2) + std::string(15, '\x00') + "\xff\xc4\xff\xff";  // each claims 64 KiB of what follows
  CHECK_FALSE(image::read_header(red_jpeg + nested));
  std::string tables;
  for (int i = 0; i < 4100; ++i) tables += std::string("\xff\xc4\x00\x13\x00", 5) + std::string(16, '\x00');
  CHECK_FALSE(image::read_header(red_jpeg + tables));
  CHECK(image::read_header(red_jpeg + tables.substr(0, tables.size() / 2)));
}

TEST_CASE("any octets are decoded or refused") {
  rc::check("changed pictures", [] {
    std::string octets = *rc::gen::element(green_png, blue_gif, red_jpeg, grey_bmp(5, 5, 'x'));
    for (int i = *rc::gen::inRange(1, 8); i > 0; --i) octets[*rc::gen::inRange<std::size_t>(0, octets.size())] = *rc::gen::arbitrary<char>();
    octets.resize(*rc::gen::inRange<std::size_t>(0, octets.size() + 1));
    if (const auto pixels = image::decode(octets, 64, 64)) {
      RC_ASSERT(pixels->width >= 1 && pixels->width <= 64 && pixels->height >= 1 && pixels->height <= 64);
      RC_ASSERT(pixels->rgba.size() == static_cast<std::size_t>(pixels->width * pixels->height) * 4);
    }
  });
}
