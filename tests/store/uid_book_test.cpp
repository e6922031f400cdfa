#include "valija/store/uid_book.hpp"

#include <doctest/doctest.h>

#include "store_scene.hpp"

namespace valija::store::test {
namespace {

struct BookScene : Scene {
  std::unique_ptr<sync::UidBook> book(const std::string& account = "work") {
    auto opened = open_uid_book(places.state_dir, account);
    REQUIRE(opened);
    return std::move(*opened);
  }
  std::vector<sync::Uid> add(std::vector<std::string> names, const std::string& account = "work") {
    std::vector<sync::BookedMessage> messages;
    for (std::string& name : names) messages.push_back({.uid = {}, .name = std::move(name), .first_seen = 1000, .size = 50});
    const auto uids = book(account)->add(messages);
    REQUIRE(uids);
    return *uids;
  }
  std::vector<sync::BookedMessage> read(const std::string& account = "work") {
    const auto messages = book(account)->read();
    REQUIRE(messages);
    return *messages;
  }
};

}  // namespace

TEST_CASE("names keep their numbers, account by account, and no number is given twice") {
  BookScene scene;
  const auto first = scene.add({"=a", "=b"});
  const auto other = scene.add({"=a"}, "home");
  REQUIRE(first.size() == 2);
  CHECK(first[0] < first[1]);
  CHECK(scene.read().size() == 2);
  CHECK(scene.read("home").size() == 1);
  CHECK(scene.read()[0].uid == first[0]);
  CHECK(scene.read()[0].name == "=a");
  CHECK(scene.read()[0].first_seen == 1000);
  CHECK(scene.read()[0].size == 50);
  CHECK_FALSE(scene.read()[0].is_safe);
  CHECK(scene.read()[0].fingerprint.empty());
  CHECK(scene.book("home")->remove(other));
  CHECK(scene.book()->remove(first));
  CHECK(scene.read().empty());
  const auto later = scene.add({"=a"});
  CHECK(later[0] > other[0]);
}

TEST_CASE("messages are renamed and marked, only those of the account") {
  BookScene scene;
  const auto uids = scene.add({"=a", "=b", "=c"});
  const sync::BookName names[] = {{uids[0], "=new"}, {uids[1], ""}};
  CHECK(scene.book()->rename(names));
  CHECK(scene.book("home")->rename(std::vector<sync::BookName>{{uids[2], "stolen"}}));
  CHECK(scene.book()->mark_deleted(std::vector{uids[2]}));
  const auto rows = scene.read();
  CHECK(rows[0].name == "=new");
  CHECK(rows[1].name.empty());
  CHECK(rows[2].name == "=c");
  CHECK(rows[2].is_deleted);
  CHECK_FALSE(rows[0].is_deleted);
}

TEST_CASE("sizes beyond all reason come back as they were") {
  BookScene scene;
  const sync::BookedMessage message{.uid = {}, .name = "=x", .first_seen = -5, .size = UINT64_MAX};
  CHECK(scene.book()->add(std::span(&message, 1)));
  CHECK(scene.read()[0].size == UINT64_MAX);
  CHECK(scene.read()[0].first_seen == -5);
}

TEST_CASE("a message is safe once it is paired and nothing about its file waits for the index") {
  BookScene scene;
  const auto uids = scene.add({"=a", "=b"});
  auto& messages = scene.server().messages;
  for (const sync::Uid uid : uids) messages[uid.value].body = mail(static_cast<int>(uid.value));
  REQUIRE(scene.pass());
  auto rows = scene.read();
  REQUIRE(rows.size() == 2);
  CHECK_FALSE(rows[0].is_safe);
  CHECK(rows[0].fingerprint.find("<" + std::to_string(uids[0].value) + "@x>") != std::string::npos);
  const auto queue = IndexQueue::open(scene.places.state_dir);
  REQUIRE(queue);
  const auto tasks = (*queue)->pending(0, 10);
  REQUIRE(tasks);
  REQUIRE(tasks->size() == 2);
  CHECK((*queue)->done({(*tasks)[0].row}));
  rows = scene.read();
  CHECK(rows[0].is_safe != rows[1].is_safe);
  CHECK((*queue)->done({(*tasks)[1].row}));
  rows = scene.read();
  CHECK(rows[0].is_safe);
  CHECK(rows[1].is_safe);
}

}  // namespace valija::store::test
