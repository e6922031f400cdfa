#include "tag_lane.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "index_fakes.hpp"
#include "valija/index/writer.hpp"

using namespace valija;
using namespace valija::workers;
using namespace valija::workers::test;

namespace {

/// Two messages in an index, and what happens to it.
struct Scene {
  Scene() {
    auto writer = open();
    for (const int number : {1, 2}) REQUIRE((*writer)->add(mail.message(number), {"inbox"}));
    REQUIRE((*writer)->commit());
  }
  Result<std::unique_ptr<index::Writer>> open() const {
    auto writer = index::Writer::open(location, 1000);
    REQUIRE(writer);
    return writer;
  }
  /// A service that cannot get at the index is asked for changes, and ends.
  void ask_in_vain(const std::vector<messages::ChangeTags>& changes) {
    auto other = open();
    REQUIRE((*other)->add(mail.message(3), {"inbox"}));
    auto options = in_thread(mail, queue);
    options.lock_wait_ms = options.farewell_ms = 50;
    {
      IndexService service(options, events);
      for (const auto& change : changes) service.post(change);
    }
    REQUIRE((*other)->commit());
  }

  MailFolder mail;
  MemoryQueue queue;
  Channel<messages::Event> events;
  index::Location location{mail.root(), {}};
  std::string state = mail.root();
  SystemClock clock;
};

}  // namespace

TEST_CASE("changes that a service could not make are made by the next one, in order, and to the messages that were meant") {
  Scene scene;
  scene.ask_in_vain({{1, "tag:inbox", {"first", "both"}, {}}, {2, "tag:inbox", {"second"}, {"first"}}});
  while (const auto event = scene.events.take()) {
    const auto* failed = std::get_if<messages::Failed>(&*event);
    CHECK((failed == nullptr || !failed->is_lost_change));
  }
  CHECK(scene.mail.count("tag:inbox") == "3");
  CHECK(scene.mail.count("tag:both") == "0");
  {
    IndexService service(in_thread(scene.mail, scene.queue), scene.events);
    service.poke();
    CHECK(service.wait_until_idle({}));
  }
  CHECK(scene.mail.count("tag:both and tag:second and not tag:first") == "2");
  CHECK(scene.mail.count("id:m3@x and tag:second") == "0");
  auto writer = scene.open();
  REQUIRE((*writer)->change_tags("*", {}, {"both"}));
  REQUIRE((*writer)->commit());
  IndexService again(in_thread(scene.mail, scene.queue), scene.events);
  again.poke();
  CHECK(again.wait_until_idle({}));
  CHECK(scene.mail.count("tag:both") == "0");  // once is enough
}

TEST_CASE("a change that was made, or refused and told, is not made again") {
  Scene scene;
  {
    IndexService service(in_thread(scene.mail, scene.queue), scene.events);
    service.post({1, "id:m1@x", {"made"}, {}});
    REQUIRE(next<messages::TagsChanged>(scene.events));
    service.post({2, "tag:inbox and", {"refused"}, {}});
    REQUIRE(next<messages::Failed>(scene.events));
  }
  TagLane lane(scene.location, scene.state, scene.clock);
  lane.adopt();
  CHECK(lane.is_empty());
}

TEST_CASE("what the search found when it was asked for is what is changed; what found nothing is not stored") {
  Scene scene;
  TagLane lane(scene.location, scene.state, scene.clock);
  lane.add({1, "id:m1@x or id:m2@x", {"x"}, {}});
  lane.add({2, "id:m9@x", {"x"}, {}});
  CHECK(lane.unstored() == 1);
  auto ids = lane.take().change.ids;
  std::sort(ids.begin(), ids.end());
  CHECK(ids == std::vector<std::string>{"m1@x", "m2@x"});
}

TEST_CASE("a lane that is at a change keeps others from it, also where nothing else waits") {
  Scene scene;
  TagLane first(scene.location, scene.state, scene.clock), second(scene.location, scene.state, scene.clock);
  first.add({1, "id:m1@x", {"x"}, {}});
  auto item = first.take();
  first.adopt();
  second.adopt();
  CHECK(second.is_empty());
  first.put_back(std::move(item));
  second.adopt();
  CHECK(second.is_empty());
  first.settle(first.take());
  second.adopt();
  CHECK(second.is_empty());
}

TEST_CASE("without a state that can be written a change is tried all the same") {
  Scene scene;
  scene.state = "/dev/null/state";
  TagLane lane(scene.location, scene.state, scene.clock);
  lane.adopt();
  lane.add({1, "id:m1@x", {"x"}, {}});
  CHECK(lane.unstored() == 1);
  CHECK(lane.take().change.ids.size() == 1);
}
