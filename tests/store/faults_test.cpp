#include <doctest/doctest.h>
#include <sys/wait.h>

#include "store/store_scene.hpp"

namespace valija::store {
namespace {

using namespace test;

/// Mail that was there before, and new mail, a changed flag and a deletion for the pass that fails.
void prepare(Scene& scene) {
  for (int number = 0; number < 3; ++number) scene.server().add(mail(number));
  scene.remote.piece = 4096;
  REQUIRE(scene.pass());
  for (int number = 10; number < 13; ++number) scene.server().add(mail(number));
  scene.server("Fresh").add(std::string(2 << 20, 'L'));
  scene.server().messages[1].marks.flags.set(Flag::seen);
  scene.server().messages.erase(2);
}

void check_end(Scene& scene) {
  const auto repaired = scene.pass();
  REQUIRE(repaired);
  REQUIRE(scene.bodies() == scene.server_bodies());
  REQUIRE(scene.bodies("Fresh") == scene.server_bodies("Fresh"));
  REQUIRE(Scene::names(scene.directory() + "/tmp").empty());
  REQUIRE(scene.pass()->is_zero());
}

}  // namespace

TEST_CASE("an error of the disk at any call names the path, keeps what was there, and is made good by the next pass") {
  for (const int error : {ENOSPC, EIO}) {
    for (int at = 1;; ++at) {
      CAPTURE(error);
      CAPTURE(at);
      Scene scene;
      prepare(scene);
      std::atomic<int> calls = 0;
      auto files = std::make_unique<FaultyFiles>();
      files->calls = &calls;
      files->fail_at = at;
      files->error = error;
      files->fails_on = error == ENOSPC;
      scene.observer.errors.clear();
      const auto failed = scene.pass(std::move(files));
      if (calls < at) break;
      const bool was_told = !failed || !scene.observer.errors.empty();
      REQUIRE(was_told);
      const Error& told = !failed ? failed.error() : scene.observer.errors[0];
      CHECK(told.kind == Kind::disk);
      CHECK(told.message.find(scene.scratch.path()) != std::string::npos);
      REQUIRE(scene.bodies()[mail(0)] == 1);
      REQUIRE(scene.bodies()[mail(2)] == 1);
      for (const auto& body : scene.bodies()) REQUIRE(body.second == 1);
      check_end(scene);
    }
  }
}

TEST_CASE("memory that runs out at any call of the disk ends the pass, not the program, and the next pass makes it good") {
  for (int at = 1;; ++at) {
    CAPTURE(at);
    Scene scene;
    prepare(scene);
    std::atomic<int> calls = 0;
    auto files = std::make_unique<FaultyFiles>();
    files->calls = &calls;
    files->fail_at = at;
    files->throws = true;
    scene.observer.errors.clear();
    bool was_told = false;
    try {
      const auto failed = scene.pass(std::move(files));
      was_told = !failed || !scene.observer.errors.empty();
    } catch (const std::bad_alloc&) {
      was_told = true;
    }
    if (calls < at) break;
    REQUIRE(was_told);
    for (const auto& body : scene.bodies()) REQUIRE(body.second == 1);
    check_end(scene);
  }
}

TEST_CASE("killed before any call that changes the disk, then recovered: nothing lost, nothing doubled") {
  for (int at = 1;; ++at) {
    CAPTURE(at);
    Scene scene;
    prepare(scene);
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      auto files = std::make_unique<FaultyFiles>();
      files->fail_at = at;
      files->kills = true;
      const auto done = scene.pass(std::move(files));
      ::_exit(done ? 0 : 1);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    for (const auto& body : scene.bodies()) REQUIRE(body.second == 1);
    check_end(scene);
    if (WIFEXITED(status)) {
      CHECK(WEXITSTATUS(status) == 0);
      CHECK(at > 20);
      break;
    }
  }
}

}  // namespace valija::store
