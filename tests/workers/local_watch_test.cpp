#include "local_watch.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "support/temporary_directory.hpp"
#include "valija/base/wakeup.hpp"

using namespace valija;
using namespace valija::workers;
namespace fs = std::filesystem;

namespace {

void write(const std::string& path) { std::ofstream(path) << "x"; }

}  // namespace

TEST_CASE("an index that is made later is watched from its first commit on") {
  const valija::test::TemporaryDirectory root;
  LocalWatch watch({root.path(), ""}, root.path() + "/work");
  CHECK_FALSE(watch.take());
  for (const char* made : {"/.notmuch", "/.notmuch/xapian"}) {
    fs::create_directory(root.path() + made);
    CHECK(watch.take());
  }
  for (const char* commit : {"iamglass", "postlist.glass", "iamglass.tmp"}) {
    write(root.path() + "/.notmuch/xapian/" + commit);
    CHECK(watch.take());
    CHECK_FALSE(watch.take());
  }
}

TEST_CASE("an index that was made while nobody looked is watched") {
  const valija::test::TemporaryDirectory root;
  LocalWatch watch({root.path(), ""}, root.path() + "/work");
  fs::create_directories(root.path() + "/.notmuch/xapian");
  write(root.path() + "/.notmuch/xapian/iamglass");
  CHECK(watch.take());
  write(root.path() + "/.notmuch/xapian/iamglass.tmp");
  CHECK(watch.take());
}

TEST_CASE("a message of a folder that is known stirs") {
  const valija::test::TemporaryDirectory root;
  LocalWatch watch({root.path(), ""}, root.path() + "/work");
  fs::create_directories(root.path() + "/work/INBOX/cur");
  watch.refresh();
  watch.take();
  write(root.path() + "/work/INBOX/cur/1.a:2,");
  CHECK(watch.take());
  fs::create_directories(root.path() + "/work/INBOX/tmp");
  watch.refresh();
  watch.take();
  write(root.path() + "/work/INBOX/tmp/2.b");
  CHECK_FALSE(watch.take());
}
