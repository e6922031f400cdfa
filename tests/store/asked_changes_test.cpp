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
    REQUIRE(changes->put(todo({"a@x", "b@x"}), now));
    const auto done = changes->put(todo(), now);
    REQUIRE(done);
    REQUIRE(changes->put({0, "tag:later", {}, {}, {"later"}}, now));
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
  REQUIRE(first->put(todo(), now));
  CHECK(claim(*second).empty());
  REQUIRE(second->put(todo(), now));
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
    const bool stored = changes && (*changes)->claim() && (*changes)->put(todo(), now);
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

}  // namespace valija::store
