#include "store/file_name.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

#include "store/store_scene.hpp"

namespace valija::store {
namespace {

using test::FixedClock;

}  // namespace

TEST_CASE("a file name is taken apart and put together") {
  CHECK(split_file_name("123.host:2,FS").base == "123.host");
  CHECK(split_file_name("123.host:2,FS").letters == "FS");
  CHECK(split_file_name("123.host").base == "123.host");
  CHECK(split_file_name("123.host:1,x").base == "123.host:1,x");
  CHECK(file_name("123.host", {}) == "123.host:2,");
  CHECK(file_name("123.host", {Flag::seen, Flag::draft}) == "123.host:2,DS");
  CHECK(file_name("123.host", {Flag::seen}, "FaT") == "123.host:2,Sa");
}

TEST_CASE("the host in a name cannot leave the directory or look like flags") {
  const FixedClock clock;
  BaseNames names(clock, "a/b:2,S\\ \n");
  const std::string name = names.next();
  CHECK(name.find('/') == std::string::npos);
  CHECK(name.ends_with(".a\\057b\\0722\\054S\\134\\040\\012"));
  CHECK(split_file_name(name).base == name);
  CHECK(names.is_ours(name));
}

TEST_CASE("only names of our own are ours") {
  const FixedClock clock;
  BaseNames names(clock, "host");
  BaseNames later(clock, "host");
  BaseNames elsewhere(clock, "other");
  CHECK(names.is_ours(later.next()));
  CHECK(!names.is_ours(elsewhere.next()));
  for (const char* foreign : {"", "host", ".host", "1700000000.M1P2Q3.host", "1700000000.R1.host", "1700000000.M1P2Q3Rxyz.host", "a.M1P2Q3R0123456789abcdef.host"}) {
    CHECK(!names.is_ours(foreign));
  }
}

TEST_CASE("a million names of eight makers with a clock that stands still are all different") {
  const FixedClock clock;
  std::vector<std::string> all;
  all.reserve(1000000);
  std::vector<BaseNames> makers;
  for (int maker = 0; maker < 8; ++maker) makers.emplace_back(clock, "host");
  for (int count = 0; count < 1000000; ++count) all.push_back(makers[static_cast<std::size_t>(count % 8)].next());
  std::sort(all.begin(), all.end());
  CHECK(std::adjacent_find(all.begin(), all.end()) == all.end());
}

}  // namespace valija::store
