#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "store/store_scene.hpp"
#include "support/temporary_directory.hpp"
#include "valija/store/account_store.hpp"

namespace valija::store {

using namespace test;

TEST_CASE("one process at a time syncs an account, and the other learns which it is") {
  const valija::test::TemporaryDirectory scratch;
  {
    const auto held = AccountLock::take(scratch.path(), "a/../b");
    REQUIRE(held);
    const auto second = AccountLock::take(scratch.path(), "a/../b");
    REQUIRE(!second);
    CHECK(second.error().kind == Kind::try_later);
    CHECK(second.error().message.find(std::to_string(::getpid())) != std::string::npos);
    CHECK(AccountLock::take(scratch.path(), "other"));
  }
  CHECK(AccountLock::take(scratch.path(), "a/../b"));
}

TEST_CASE("a lock tells whether the last holder finished what it began, until the machine goes down") {
  const valija::test::TemporaryDirectory scratch;
  const auto take = [&] { return AccountLock::take(scratch.path(), "work").value(); };
  CHECK_FALSE(take().was_left_tidy());
  CHECK_FALSE(take().was_left_tidy());
  take().leave_tidy();
  CHECK(take().was_left_tidy());
  CHECK_FALSE(take().was_left_tidy());
  std::ofstream(scratch / "locks/work") << "tidy 00000000-0000-0000-0000-000000000000";
  CHECK_FALSE(take().was_left_tidy());
}

TEST_CASE("unfinished files are looked for unless the last holder of the lock left none") {
  Scene scene;
  scene.server().add(mail(1));
  REQUIRE(scene.pass());
  const std::string unfinished = scene.directory() + "/tmp/" + BaseNames(scene.clock).next();
  Scene::put(unfinished, "half of a");
  scene.places.was_left_tidy = true;
  REQUIRE(scene.pass());
  CHECK(std::filesystem::exists(unfinished));
  scene.places.was_left_tidy = false;
  REQUIRE(scene.pass());
  CHECK_FALSE(std::filesystem::exists(unfinished));
}

TEST_CASE("one process at a time has the turn to fill the index, and a program that is started meanwhile does not get it") {
  const valija::test::TemporaryDirectory scratch;
  auto turn = IndexTurn::try_take(scratch / "state");
  REQUIRE((turn && *turn));
  auto second = IndexTurn::try_take(scratch / "state");
  CHECK((second && !*second));
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    ::execlp("sleep", "sleep", "60", nullptr);
    ::_exit(1);
  }
  turn = std::optional<IndexTurn>();  // the child may have a copy of the descriptor still
  second = IndexTurn::try_take(scratch / "state");
  CHECK((second && *second));
  CHECK(::kill(child, SIGKILL) == 0);
  ::waitpid(child, nullptr, 0);
}

TEST_CASE("a place where no lock can be made is an error that names it") {
  const valija::test::TemporaryDirectory scratch;
  const auto turn = IndexTurn::try_take("/dev/null/state");
  REQUIRE(!turn);
  CHECK(turn.error().message.find("/dev/null") != std::string::npos);
}

TEST_CASE("a lock whose holder was killed is free") {
  const valija::test::TemporaryDirectory scratch;
  int ready[2];
  REQUIRE(::pipe(ready) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const auto held = AccountLock::take(scratch.path(), "work");
    (void)!::write(ready[1], held ? "y" : "n", 1);
    ::pause();
    ::_exit(0);
  }
  char answer = 'n';
  REQUIRE(::read(ready[0], &answer, 1) == 1);
  CHECK(answer == 'y');
  CHECK(!AccountLock::take(scratch.path(), "work"));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  CHECK(AccountLock::take(scratch.path(), "work"));
  ::close(ready[0]);
  ::close(ready[1]);
}

}  // namespace valija::store
