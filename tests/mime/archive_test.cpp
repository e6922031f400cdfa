#include "valija/mime/archive.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <rapidcheck.h>

#include "valija/base/text.hpp"

using namespace valija;
using mime::list_archive;

namespace {

std::string number(std::uint64_t value, int octets) {
  std::string text;
  for (int i = 0; i < octets; ++i) text += static_cast<char>((value >> (8 * i)) & 0xff);
  return text;
}

/// A file of a central directory (APPNOTE.TXT 4.3.12).
std::string zip_row(const std::string& name, std::uint64_t size, bool is_encrypted = false, const std::string& extra = {}) {
  std::string row = "PK\x01\x02" + number(20, 2) + number(20, 2) + number(is_encrypted ? 1 : 0, 2) + std::string(10, '\0');
  row += number(1, 4) + number(size, 4);
  return row + number(name.size(), 2) + number(extra.size(), 2) + number(0, 2) + std::string(12, '\0') + name + extra;
}

std::string zip(const std::string& directory, std::uint64_t files, const std::string& content = "PK\x03\x04 the packed files") {
  return content + directory + "PK\x05\x06" + number(0, 4) + number(files, 2) + number(files, 2) + number(directory.size(), 4) + number(content.size(), 4) + number(0, 2);
}

std::string tar_entry(const std::string& name, const std::string& content, char kind = '0', const std::string& prefix = {}) {
  std::string header = name;
  header.resize(100, '\0');
  header += std::string(24, '\0') + fmt::format("{:011o}", content.size()) + '\0';
  header.resize(156, '\0');
  header += kind;
  header.resize(257, '\0');
  header += std::string("ustar\0", 6) + "00";
  header.resize(345, '\0');
  header += prefix;
  header.resize(512, '\0');
  std::string entry = header + content;
  entry.resize((entry.size() + 511) / 512 * 512, '\0');
  return entry;
}

}  // namespace

TEST_CASE("a zip archive is listed by its directory") {
  const auto archive = list_archive(zip(zip_row("letters/", 0) + zip_row("letters/ana.txt", 1234) + zip_row("secret.pdf", 99, true), 3));
  REQUIRE(archive);
  CHECK(std::string(archive->kind) == "zip");
  CHECK_FALSE(archive->is_cut);
  REQUIRE(archive->entries.size() == 3);
  CHECK(archive->entries[1].name == "letters/ana.txt");
  CHECK(archive->entries[1].size == 1234);
  CHECK_FALSE(archive->entries[1].is_encrypted);
  CHECK(archive->entries[2].is_encrypted);
}

TEST_CASE("the size of a large file stands in the extra field") {
  const std::string extra = number(0x5455, 2) + number(1, 2) + "x" + number(1, 2) + number(8, 2) + number(5'000'000'000, 8);
  const auto archive = list_archive(zip(zip_row("big.iso", 0xffffffff, false, extra), 1));
  REQUIRE(archive);
  CHECK(archive->entries.at(0).size == 5'000'000'000);
}

TEST_CASE("the directory of a ZIP64 archive is found") {
  const std::string content = "PK\x03\x04", directory = zip_row("a", 1);
  const std::string end_64 = "PK\x06\x06" + number(44, 8) + std::string(28, '\0') + number(directory.size(), 8) + number(content.size(), 8);
  const std::string locator = "PK\x06\x07" + number(0, 4) + number(content.size() + directory.size(), 8) + number(1, 4);
  const std::string end = "PK\x05\x06" + std::string(12, '\0') + number(0xffffffff, 4) + number(0, 2);
  const auto archive = list_archive(content + directory + end_64 + locator + end);
  REQUIRE(archive);
  CHECK(archive->entries.size() == 1);
}

TEST_CASE("a tar archive is listed by its headers") {
  const auto archive = list_archive(tar_entry("a.txt", std::string(600, 'x')) + tar_entry("b", "", '5', "some/where") + std::string(1024, '\0') + "left over");
  REQUIRE(archive);
  CHECK(std::string(archive->kind) == "tar");
  CHECK_FALSE(archive->is_cut);
  REQUIRE(archive->entries.size() == 2);
  CHECK(archive->entries[0].name == "a.txt");
  CHECK(archive->entries[0].size == 600);
  CHECK(archive->entries[1].name == "some/where/b");
}

TEST_CASE("long names of GNU and pax belong to the next entry") {
  const std::string longest(300, 'n');
  const auto archive = list_archive(tar_entry("././@LongLink", longest + '\0', 'L') + tar_entry("cut", "1") + tar_entry("pax", "30 mtime=1.5\n20 path=año/file\n", 'x') +
                                    tar_entry("short", "2") + tar_entry("last", "3"));
  REQUIRE(archive);
  REQUIRE(archive->entries.size() == 3);
  CHECK(archive->entries[0].name == longest);
  CHECK(archive->entries[1].name == "año/file");
  CHECK(archive->entries[2].name == "last");
}

TEST_CASE("names lose what a terminal must not get") {
  const auto archive = list_archive(zip(zip_row("a\x1b[31m\nb", 1) + zip_row("caf\xe9", 1), 2));
  REQUIRE(archive);
  for (const auto& entry : archive->entries) CHECK(clean(entry.name) == entry.name);
  CHECK(archive->entries[1].name == "café");
}

TEST_CASE("a torn archive, and one with too many files, say so") {
  CHECK(list_archive(tar_entry("a", std::string(2000, 'x')).substr(0, 1000))->is_cut);
  std::string many;
  for (int i = 0; i < 10'001; ++i) many += tar_entry("a", "");
  const auto archive = list_archive(many);
  REQUIRE(archive);
  CHECK(archive->entries.size() == mime::most_archive_entries);
  CHECK(archive->is_cut);
}

TEST_CASE("what is no archive is not listed") {
  CHECK_FALSE(list_archive(""));
  CHECK_FALSE(list_archive("PK\x03\x04 without a directory"));
  CHECK_FALSE(list_archive(std::string(2000, 'x')));
}

TEST_CASE("any octets end within the limits") {
  rc::check("changed archives", [] {
    std::string octets = *rc::gen::element(zip(zip_row("a", 1) + zip_row("b", 2), 2), tar_entry("a", "1") + tar_entry("b", "2", 'x'));
    for (int i = *rc::gen::inRange(1, 10); i > 0; --i) octets[*rc::gen::inRange<std::size_t>(0, octets.size())] = *rc::gen::arbitrary<char>();
    if (const auto archive = list_archive(octets)) RC_ASSERT(archive->entries.size() <= mime::most_archive_entries);
  });
}
