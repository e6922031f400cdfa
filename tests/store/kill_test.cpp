#include <doctest/doctest.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <random>
#include <set>

#include "store/store_scene.hpp"

namespace valija::store {
namespace {

using namespace test;

/// A pass in a process of its own that dies at a moment of no choice; the disk is real.
void run_until_killed(Scene& scene, int microseconds) {
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const itimerval fuse{{0, 0}, {0, microseconds}};
    ::setitimer(ITIMER_REAL, &fuse, nullptr);  // nobody catches its signal
    (void)scene.pass();
    ::_exit(0);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
}

void change_at_random(Scene& scene, std::mt19937& random, int& number) {
  auto& server = scene.server();
  for (int count = 0; count < 150; ++count) server.add(mail(++number), {Flags::from_bits(static_cast<std::uint8_t>(random() % 4)), {}});
  for (auto entry = server.messages.begin(); entry != server.messages.end();) {
    if (random() % 20 == 0) {
      entry = server.messages.erase(entry);
      continue;
    }
    if (random() % 10 == 0) entry->second.marks.flags = Flags::from_bits(static_cast<std::uint8_t>(random() % 4));
    ++entry;
  }
}

}  // namespace

TEST_CASE("killed at random moments while mail, flags and deletions come in: two passes later all agrees") {
  std::mt19937 random(4711);
  Scene scene;
  scene.options.policy.deletes_confirmed = true;
  int number = 0;
  for (int round = 0; round < 24; ++round) {
    CAPTURE(round);
    change_at_random(scene, random, number);
    run_until_killed(scene, static_cast<int>(random() % 30000));
    for (const auto& body : scene.bodies()) REQUIRE(body.second == 1);
    REQUIRE(scene.pass());
    REQUIRE(scene.bodies() == scene.server_bodies());
    REQUIRE(scene.pass()->is_zero());
    REQUIRE(scene.observer.errors.empty());
  }
  // The index is told of every file that is there, and of every one that left.
  auto queue = IndexQueue::open(scene.places.state_dir);
  REQUIRE(queue);
  std::set<std::string> indexed;
  const auto tasks = (*queue)->pending(0, 1000000).value();
  for (const IndexTask& task : tasks) {
    if (task.action == IndexTask::Action::rename) indexed.erase(task.old_path);
    if (task.action == IndexTask::Action::remove) indexed.erase(task.path);
    if (task.action == IndexTask::Action::add || task.action == IndexTask::Action::rename) indexed.insert(task.path);
  }
  std::set<std::string> there;
  for (const std::string& name : Scene::names(scene.directory() + "/cur")) there.insert(scene.directory() + "/cur/" + name);
  CHECK(indexed == there);
}

}  // namespace valija::store
