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

TEST_CASE("what the search found when it was asked for is what is changed; what would change nothing is not stored") {
  Scene scene;
  TagLane lane(scene.location, scene.state, scene.clock);
  lane.add({1, "id:m1@x or id:m2@x", {"x", "inbox"}, {}});
  lane.add({2, "id:m9@x", {"x"}, {}});
  lane.add({3, "id:m1@x", {"inbox"}, {"nothing"}});
  CHECK(lane.unstored() == 0);
  auto& first = lane.take();
  REQUIRE(first.effects.size() == 1);
  std::sort(first.effects.front().ids.begin(), first.effects.front().ids.end());
  CHECK(first.effects.front() == TagEffect{{"m1@x", "m2@x"}, {"x"}, {}});
  CHECK(first.change.action->label == "+x +inbox");
  lane.settle();
  for (int i = 0; i < 2; ++i) {
    CHECK(lane.take().size() == 0);
    lane.settle();
  }
  const auto actions = lane.actions(10);
  REQUIRE(actions);
  CHECK(actions->size() == 1);
}

TEST_CASE("what waits before a change counts as done for what it does, so that each can be taken back by itself") {
  Scene scene;
  TagLane lane(scene.location, scene.state, scene.clock);
  lane.add({1, "tag:inbox", {"flagged"}, {}});
  lane.add({2, "tag:inbox", {}, {"flagged", "inbox"}});
  lane.add({3, "id:m1@x", {"inbox"}, {}});
  lane.take();
  lane.settle();
  auto& second = lane.take();
  REQUIRE(second.effects.size() == 1);
  CHECK(second.effects.front().ids.size() == 2);
  CHECK(second.effects.front().remove == std::vector<std::string>{"flagged", "inbox"});
  lane.settle();
  CHECK(lane.take().effects.front() == TagEffect{{"m1@x"}, {"inbox"}, {}});
}

TEST_CASE("a change is sent in parts that together are all of it") {
  TagLane::Item item;
  item.effects = {{{"a", "b", "c"}, {"x"}, {}}, {{"d"}, {}, {"y"}}};
  CHECK(item.size() == 4);
  CHECK(item.part(2) == std::vector<TagEffect>{{{"a", "b"}, {"x"}, {}}});
  item.position = 2;
  CHECK(item.part(9) == std::vector<TagEffect>{{{"c"}, {"x"}, {}}, {{"d"}, {}, {"y"}}});
  item.position = 4;
  CHECK(item.part(9).empty());
}

TEST_CASE("what a person did is taken back and done again, in a later process too") {
  Scene scene;
  const auto done = [&](messages::UndoChange request) {
    IndexService service(in_thread(scene.mail, scene.queue), scene.events);
    service.post(request);
    const auto undone = next<messages::ActionUndone>(scene.events);
    REQUIRE(undone);
    return *undone;
  };
  {
    auto writer = scene.open();
    REQUIRE((*writer)->change_tags("id:m1@x", {"todo"}, {}));
    REQUIRE((*writer)->commit());
    IndexService service(in_thread(scene.mail, scene.queue), scene.events);
    service.post({1, "tag:inbox", {"todo", "archive"}, {"inbox"}, "archive", "archive"});
    const auto changed = next<messages::TagsChanged>(scene.events);
    REQUIRE(changed);
    CHECK(changed->messages == 2);
    CHECK(changed->action != 0);
    service.post({2, "id:m1@x", {}, {"archive"}, "read", "", false});
    CHECK(next<messages::TagsChanged>(scene.events)->action == 0);
  }
  const auto undone = done({3, false});
  CHECK(undone.action.label == "archive");
  CHECK(undone.action.place_tag == "archive");
  CHECK(undone.action.messages == 2);
  CHECK(scene.mail.count("tag:inbox and not tag:archive") == "2");
  CHECK(scene.mail.count("tag:todo") == "1");  // it had that before
  CHECK(done({4, true}).again);
  CHECK(scene.mail.count("tag:archive and tag:todo and not tag:inbox") == "2");
  IndexService service(in_thread(scene.mail, scene.queue), scene.events);
  service.post(messages::UndoChange{5, true});
  const auto failed = next<messages::Failed>(scene.events);
  REQUIRE(failed);
  CHECK(failed->id == 5);
  CHECK(failed->error.kind == Kind::usage);
  service.post(messages::ListActions{6});
  CHECK(next<messages::ActionsListed>(scene.events)->actions.size() == 1);
}

TEST_CASE("what was not begun when it is cancelled does not happen, now or later") {
  Scene scene;
  {
    auto other = scene.open();
    REQUIRE((*other)->add(scene.mail.message(3), {"inbox"}));
    auto options = in_thread(scene.mail, scene.queue);
    options.lock_wait_ms = options.farewell_ms = 50;
    IndexService service(options, scene.events);
    for (const messages::RequestId id : {1, 2}) service.post({id, "tag:inbox", {std::to_string(id)}, {}});
    service.post(messages::Cancel{2});
    const auto changed = next<messages::TagsChanged>(scene.events, [](const auto& event) { return event.id == 2; });
    REQUIRE(changed);
    CHECK(changed->messages == 0);
    REQUIRE((*other)->commit());
    other->reset();
    CHECK(next<messages::TagsChanged>(scene.events)->id == 1);
  }
  CHECK(scene.mail.count("tag:1") == "2");
  CHECK(scene.mail.count("tag:2") == "0");
}

TEST_CASE("a lane that is at a change keeps others from it, also where nothing else waits") {
  Scene scene;
  TagLane first(scene.location, scene.state, scene.clock), second(scene.location, scene.state, scene.clock);
  first.add({1, "id:m1@x", {"x"}, {}});
  first.take();
  first.adopt();
  second.adopt();
  CHECK(second.is_empty());
  first.put_back();
  second.adopt();
  CHECK(second.is_empty());
  first.take();
  first.settle();
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
  CHECK(lane.take().size() == 1);
}
