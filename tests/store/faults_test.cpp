#include <doctest/doctest.h>
#include <sys/wait.h>

#include "store/fake_index.hpp"

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

/// A pass that moves both ways, follows tags, sends a file and renames a folder.
struct Moves : TagScene {
  Moves() {
    for (int number = 2; number < 6; ++number) server().add(mail(number));
    server("Old").add(mail(7));
    settle();
    auto& inbox = server();
    server("Archive").add(inbox.messages[2].body);
    inbox.messages.erase(2);
    inbox.messages[3].marks.flags.set(Flag::seen);
    index.tag("1@x", {"archive", "todo"}, {"inbox"});
    index.tag("4@x", {"flagged"}, {"unread"});
    index.tag("5@x", {"trash"}, {});
    REQUIRE(index.scan());
    put(directory("Sent") + "/cur/9.mine:2,S", mail(9));
    observer.errors.clear();
  }
  void check_moved() {
    settle();
    CHECK(bodies() == std::map<std::string, int>{{mail(3), 1}, {mail(4), 1}});
    CHECK(bodies("Archive") == std::map<std::string, int>{{mail(1), 1}, {mail(2), 1}});
    CHECK(bodies("Trash") == std::map<std::string, int>{{mail(5), 1}});
    for (const char* name : {"INBOX", "Archive", "Trash", "Sent", "Old"}) CHECK(bodies(name) == server_bodies(name));
    CHECK(index.tags("1@x") == Names{"archive", "todo", "unread"});
    CHECK(index.tags("4@x") == Names{"flagged", "inbox"});
    CHECK(index.tags("5@x") == Names{"trash", "unread"});
  }
};

}  // namespace

TEST_CASE("a failing or full disk, or a death, at any call while messages move both ways: the next passes make it good") {
  for (const int error : {ENOSPC, EIO, 0}) {
    for (int at = 1;; ++at) {
      CAPTURE(error);
      CAPTURE(at);
      Moves scene;
      const auto run = [&](std::atomic<int>& calls) {
        auto files = std::make_unique<FaultyFiles>();
        files->calls = &calls;
        files->fail_at = at;
        files->error = error;
        files->fails_on = error == ENOSPC;
        files->kills = error == 0;
        (void)scene.pass(std::move(files));
        return calls >= at;
      };
      std::atomic<int> calls = 0;
      bool hit = false;
      if (error == 0) {
        // Its server dies with the child, so only the local half of what it did stays.
        const pid_t child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0) {
          run(calls);
          ::_exit(0);
        }
        int status = 0;
        REQUIRE(::waitpid(child, &status, 0) == child);
        hit = !WIFEXITED(status);
      } else {
        hit = run(calls);
      }
      scene.observer.errors.clear();
      if (error != 0) {
        scene.check_moved();
      } else {
        // What the child told its own server is unheard of here: this server's word holds, and nothing is lost or doubled.
        scene.settle();
        std::map<std::string, int> all;
        for (const char* name : {"INBOX", "Archive", "Trash", "Sent", "Old"}) {
          CHECK(scene.bodies(name) == scene.server_bodies(name));
          for (const auto& [body, count] : scene.bodies(name)) all[body] += count;
        }
        for (const int number : {1, 2, 3, 4, 5, 7}) CHECK(all[mail(number)] == 1);
      }
      if (!hit) break;
    }
  }
}

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
