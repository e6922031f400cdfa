#include <doctest/doctest.h>

#include "sync/worlds.hpp"

namespace valija::sync {
namespace {

using namespace test;

/// A world with the runner between its two sides.
struct Scene {
  Stopper stopper;
  MemoryRemote remote{stopper};
  MemoryLocal local{stopper};
  FolderPath path = folder("INBOX");

  explicit Scene(const World& world) {
    remote.piece = 16;
    MemoryRemote::Folder& server = remote.folders[path];
    server.validity = world.validity;
    server.next = world.next;
    server.messages = world.server;
    local.tree[path].files = world.local;
    local.tree[path].synced = world.synced;
    local.save();
  }

  bool run() {
    RecordingObserver observer;
    const Result<Totals> done = sync::run(remote, local, RunOptions{}, observer);
    return done && observer.errors.empty();
  }

  bool is_paired(std::uint32_t uid) {
    const auto& messages = local.tree[path].synced.messages;
    return std::any_of(messages.begin(), messages.end(), [&](const SyncedMessage& pair) { return pair.uid.value == uid; });
  }
};

}  // namespace

TEST_CASE("stopped at any call of either side and run again, the end is the same, nothing lost, doubled or fetched twice") {
  for (int seed = 0; seed < world_count(500); ++seed) {
    Chance chance(static_cast<std::uint64_t>(seed) + 3000000);
    const World world = make_world(chance, false);
    CAPTURE(seed);

    Scene undisturbed(world);
    REQUIRE(undisturbed.run());
    REQUIRE(count_bodies(undisturbed.local.tree[undisturbed.path].files) == expected(world));

    for (const int stop : undisturbed.stopper.worthwhile()) {
      CAPTURE(stop);
      Scene scene(world);
      scene.stopper.stop_at(stop);
      REQUIRE(!scene.run());
      scene.local.crash();
      scene.stopper.revive();
      const auto durable = scene.local.tree[scene.path].synced;
      scene.remote.fetched.clear();
      REQUIRE(scene.run());
      if (durable.uid_validity.value == world.validity) {
        for (const std::uint32_t uid : scene.remote.fetched) {
          REQUIRE(std::none_of(durable.messages.begin(), durable.messages.end(), [&](const auto& pair) { return pair.uid.value == uid; }));
        }
      }
      REQUIRE(contents(scene.local.tree[scene.path].files) == contents(undisturbed.local.tree[undisturbed.path].files));
      scene.remote.fetched.clear();
      REQUIRE(scene.run());
      REQUIRE(scene.remote.fetched.empty());
    }
  }
}

}  // namespace valija::sync
