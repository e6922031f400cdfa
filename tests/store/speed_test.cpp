#include <doctest/doctest.h>

#include <chrono>
#include <iostream>

#include "store/store_scene.hpp"

namespace valija::store {
namespace {

using namespace test;
using steady_clock = std::chrono::steady_clock;

double seconds_since(steady_clock::time_point start) { return std::chrono::duration<double>(steady_clock::now() - start).count(); }

/// VALIJA_MEASURE_IN: a directory that stays, so that no deletion of before slows the file system down (ext4 avoids inodes that were freed
/// in the last minutes, at a price).
std::string measuring_place(const Scene& scene) {
  const char* wished = std::getenv("VALIJA_MEASURE_IN");
  return (wished != nullptr ? std::string(wished) : scene.scratch.path()) + "/" + std::to_string(::getpid());
}

void store(AccountStore& store, int from, int to, const std::string& body) {
  int batch = 0, limit = 50;
  for (int uid = to; uid > from; --uid) {
    REQUIRE(store.begin(folder("INBOX"), FolderRole::inbox, {sync::Uid{static_cast<std::uint32_t>(uid)}, {}, body.size(), 0}));
    REQUIRE(store.write(body));
    REQUIRE(store.keep());
    if (++batch < limit) continue;
    REQUIRE(store.checkpoint(folder("INBOX"), sync::UidValidity{1}));
    limit = std::min(limit * 4, 2000);
    batch = 0;
  }
  REQUIRE(store.commit(folder("INBOX"), sync::UidValidity{1}));
}

}  // namespace

TEST_CASE("MEASURE: 20,000 messages of 2.5 KB, then 100,000 listed" * doctest::skip()) {
  Scene scene;
  scene.places.mail_root = measuring_place(scene) + "/Mail";
  scene.places.state_dir = measuring_place(scene) + "/state";
  auto account = scene.open();
  REQUIRE(account);
  const auto start = steady_clock::now();
  const std::string body(2560, 'x');
  store(*account, 0, 20000, body);
  std::cout << "20,000 messages stored: " << seconds_since(start) << " s\n";

  store(*account, 20000, 100000, "small");
  REQUIRE(account->flush());
  const auto before_state = steady_clock::now();
  const auto synced = account->synced(folder("INBOX"));
  REQUIRE(synced);
  std::cout << synced->messages.size() << " pairs read: " << seconds_since(before_state) << " s\n";
  const auto before_list = steady_clock::now();
  const auto listed = account->list(folder("INBOX"));
  REQUIRE(listed);
  std::cout << listed->messages.size() << " files listed: " << seconds_since(before_list) << " s\n";
}

TEST_CASE("thousands of pairs and files are listed and agree") {
  Scene scene;
  auto account = scene.open(std::make_unique<FaultyFiles>());
  REQUIRE(account);
  store(*account, 0, 3000, "small");
  const auto synced = account->synced(folder("INBOX"));
  const auto listed = account->list(folder("INBOX"));
  REQUIRE(synced);
  REQUIRE(listed);
  CHECK(synced->messages.size() == 3000);
  CHECK(listed->messages.size() == 3000);
}

}  // namespace valija::store
