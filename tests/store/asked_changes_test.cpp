#include "valija/store/asked_changes.hpp"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/temporary_directory.hpp"

namespace valija::store {
namespace {

constexpr UnixTime now = 1700000000;

AskedChange todo(std::vector<std::string> ids = {}) { return {0, "from:ana \"and\nben\"", std::move(ids), {"todo", "deep thought"}, {"inbox"}}; }

std::unique_ptr<AskedChanges> open(const valija::test::TemporaryDirectory& scratch) {
  auto opened = AskedChanges::open(scratch / "state");
  REQUIRE(opened);
  return std::move(*opened);
}

Result<std::int64_t> put(AskedChanges& changes, AskedChange change) { return changes.put(change, now); }

/// Tags of three messages, and a message that moved.
Action archive() {
  Action action{.label = "archive", .place_tag = "archive", .messages = 3};
  action.effects = {{{"a@x", "b@x"}, {"archive"}, {"inbox"}}, {{"c@x"}, {"archive"}, {}}};
  action.moves = {{"a@x", "work/INBOX", "work/Lists"}};
  return action;
}

AskedChange of(Action action) {
  AskedChange change;
  change.action = std::move(action);
  return change;
}

std::int64_t act(AskedChanges& changes, const std::string& label) {
  auto change = of({.label = label, .messages = 1, .effects = {{{"a@x"}, {label}, {}}}});
  const auto row = changes.put(change, now);
  REQUIRE(row);
  REQUIRE(changes.done(*row));
  return change.action->id;
}

/// The label of what was taken back or done again; empty: there was nothing.
std::string turn(AskedChanges& changes, ChangeStep step) {
  const auto turned = changes.turn(step, now);
  REQUIRE(turned);
  if (!*turned) return {};
  REQUIRE(changes.done((*turned)->row));
  return (*turned)->action->label;
}

std::vector<AskedChange> claim(AskedChanges& changes) {
  auto left = changes.claim();
  REQUIRE(left);
  return std::move(*left);
}

}  // namespace

TEST_CASE("what was asked for outlives who asked, in its order, until it is done") {
  const valija::test::TemporaryDirectory scratch;
  {
    const auto changes = open(scratch);
    CHECK(claim(*changes).empty());
    REQUIRE(put(*changes, todo({"a@x", "b@x"})));
    const auto done = put(*changes, todo());
    REQUIRE(done);
    REQUIRE(put(*changes, {0, "tag:later", {}, {}, {"later"}}));
    REQUIRE(changes->done(*done));
    CHECK(claim(*changes).empty());  // its own are not left by anybody
  }
  const auto changes = open(scratch);
  const auto left = claim(*changes);
  REQUIRE(left.size() == 2);
  CHECK(left[0].query == todo().query);
  CHECK(left[0].ids == std::vector<std::string>{"a@x", "b@x"});
  CHECK(left[0].add == todo().add);
  CHECK(left[0].remove == todo().remove);
  CHECK(left[1].query == "tag:later");
  CHECK(left[1].ids.empty());
  CHECK(left[1].add.empty());
  for (const auto& change : left) CHECK(changes->done(change.row));
  changes->release();
  CHECK(claim(*open(scratch)).empty());
}

TEST_CASE("what another process is at is not taken from it, nor what is left while it lives") {
  const valija::test::TemporaryDirectory scratch;
  const auto first = open(scratch), second = open(scratch);
  REQUIRE(first->claim());
  REQUIRE(put(*first, todo()));
  CHECK(claim(*second).empty());
  REQUIRE(put(*second, todo()));
  first->release();
  CHECK(claim(*open(scratch)).empty());  // the second still has one
  second->release();
  CHECK(claim(*first).size() == 2);
}

TEST_CASE("what a killed process asked for is found at once") {
  const valija::test::TemporaryDirectory scratch;
  int ready[2];
  REQUIRE(::pipe(ready) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    auto changes = AskedChanges::open(scratch / "state");
    const bool stored = changes && (*changes)->claim() && put(**changes, todo());
    (void)!::write(ready[1], stored ? "y" : "n", 1);
    ::pause();
    ::_exit(0);
  }
  char answer = 'n';
  REQUIRE(::read(ready[0], &answer, 1) == 1);
  CHECK(answer == 'y');
  const auto changes = open(scratch);
  CHECK(claim(*changes).empty());
  changes->release();
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  CHECK(claim(*changes).size() == 1);
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST_CASE("what was done is carried out by the next one with all that it does, and its way back likewise") {
  const valija::test::TemporaryDirectory scratch;
  {
    const auto changes = open(scratch);
    claim(*changes);
    REQUIRE(put(*changes, of(archive())));
    const auto back = changes->turn(ChangeStep::undo, now);
    REQUIRE(back);
    REQUIRE(back->has_value());
    CHECK((*back)->action->effects == inverse(archive().effects));
  }
  const auto left = claim(*open(scratch));
  REQUIRE(left.size() == 2);
  CHECK(left[0].step == ChangeStep::first);
  CHECK(left[0].action->effects == archive().effects);
  CHECK(left[0].action->moves == archive().moves);
  CHECK(left[0].action->place_tag == "archive");
  CHECK(left[0].action->time == now);
  CHECK(left[1].step == ChangeStep::undo);
  CHECK(left[1].action->effects.front() == TagEffect{{"c@x"}, {}, {"archive"}});
  CHECK(left[1].action->moves.front() == FolderMove{"a@x", "work/Lists", "work/INBOX"});
}

TEST_CASE("undo goes back step by step, redo forward, also in another process; a new action forgets what was taken back") {
  const valija::test::TemporaryDirectory scratch;
  {
    const auto changes = open(scratch);
    for (const char* label : {"one", "two", "three"}) act(*changes, label);
    CHECK(turn(*changes, ChangeStep::redo).empty());
    CHECK(turn(*changes, ChangeStep::undo) == "three");
  }
  const auto changes = open(scratch);
  CHECK(turn(*changes, ChangeStep::undo) == "two");
  CHECK(turn(*changes, ChangeStep::redo) == "two");
  CHECK(turn(*changes, ChangeStep::undo) == "two");
  act(*changes, "four");
  CHECK(turn(*changes, ChangeStep::redo).empty());
  CHECK(turn(*changes, ChangeStep::undo) == "four");
  CHECK(turn(*changes, ChangeStep::undo) == "one");
  CHECK(turn(*changes, ChangeStep::undo).empty());
  const auto list = changes->actions(10);
  REQUIRE(list);
  REQUIRE(list->size() == 2);
  CHECK(list->front().label == "four");
  CHECK(list->front().is_undone);
  CHECK(list->front().effects.empty());
}

TEST_CASE("what the index never had did not happen, and what could not be taken back is not taken back") {
  const valija::test::TemporaryDirectory scratch;
  const auto changes = open(scratch);
  claim(*changes);
  act(*changes, "one");
  auto refused = of(archive());
  refused.row = *changes->put(refused, now);
  REQUIRE(changes->give_up(refused));
  auto back = changes->turn(ChangeStep::undo, now);
  REQUIRE((back && *back));
  CHECK((*back)->action->label == "one");
  REQUIRE(changes->give_up(**back));
  CHECK(turn(*changes, ChangeStep::redo).empty());
  CHECK(turn(*changes, ChangeStep::undo) == "one");
  changes->release();
  CHECK(claim(*open(scratch)).empty());
}

TEST_CASE("the journal keeps a thousand actions, and the newest however large it is") {
  const valija::test::TemporaryDirectory scratch;
  const auto changes = open(scratch);
  for (int i = 0; i < 1005; ++i) act(*changes, std::to_string(i));
  CHECK(changes->actions(2000)->size() == 1000);
  auto huge = of({.label = "huge", .messages = 2'000'000});
  const auto row = changes->put(huge, now);
  REQUIRE(row);
  REQUIRE(changes->actions(2000)->size() == 1);
  CHECK(changes->actions(2000)->front().label == "huge");
}

}  // namespace valija::store
