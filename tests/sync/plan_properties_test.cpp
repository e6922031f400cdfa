#include <doctest/doctest.h>

#include "sync/worlds.hpp"

namespace valija::sync {
namespace {

using namespace test;

ServerSnapshot snapshot(const World& world) {
  ServerSnapshot result;
  result.uid_validity = UidValidity{world.validity};
  result.complete = true;
  for (const auto& [uid, content] : world.server) {
    result.messages.push_back({Uid{uid}, content.marks, content.body.size(), 0, fingerprint(content.body, content.body.size())});
  }
  return result;
}

LocalSnapshot disk(const World& world) {
  LocalSnapshot result;
  for (const auto& [base, content] : world.local) {
    result.messages.push_back({base, content.marks, content.body.size(), fingerprint(content.body, content.body.size())});
  }
  return result;
}

Policy both_ways() {
  Policy policy;
  policy.to_server = true;
  return policy;
}

Plan plan_of(const World& world) { return plan(snapshot(world), disk(world), world.synced, both_ways()); }

/// Runs operations on a world as two sides would, effect first and record second, and stops when the steps are used up.
class Executor {
 public:
  Executor(World& world, int steps) : world_(world), left_(steps) {}

  bool run(const Plan& plan) {
    if (plan.resets_pairs && step()) {
      world_.synced = SyncedState{};
      world_.synced.uid_validity = UidValidity{world_.validity};
    }
    for (const Operation& operation : plan.operations) {
      if (left_ > 0) std::visit([&](const auto& single) { apply(single); }, operation);
    }
    return left_ > 0;
  }

 private:
  bool step() { return left_ > 0 && --left_ > 0; }
  SyncedMessage* pair(Uid uid) {
    for (SyncedMessage& candidate : world_.synced.messages) {
      if (candidate.uid == uid) return &candidate;
    }
    return nullptr;
  }
  void record(SyncedMessage message) {
    world_.synced.uid_validity = UidValidity{world_.validity};
    world_.synced.messages.push_back(std::move(message));
  }
  void drop(Uid uid) {
    std::erase_if(world_.synced.messages, [&](const SyncedMessage& candidate) { return candidate.uid == uid; });
  }

  void apply(const Download& download) {
    if (!step()) return;
    const std::string base = "got" + std::to_string(world_.validity) + "_" + std::to_string(download.message.uid.value);
    world_.local[base] = Content{world_.server.at(download.message.uid.value).body, download.message.marks};
    record({download.message.uid, base, download.message.marks});
  }
  void apply(const Upload& upload) {
    if (!step()) return;
    const Uid uid{world_.next++};
    world_.server[uid.value] = Content{world_.local.at(upload.base).body, upload.marks};
    if (step()) record({uid, upload.base, upload.marks});
  }
  void apply(const Adopt& adopt) {
    if (step()) record({adopt.uid, adopt.base, adopt.marks});
  }
  void apply(const SetServerMarks& change) {
    if (!step()) return;
    Marks& marks = world_.server.at(change.uid.value).marks;
    marks = merge({}, merge(change.remove, marks, {}), change.add);
    if (step()) pair(change.uid)->marks = change.agreed;
  }
  void apply(const SetLocalMarks& change) {
    if (!step()) return;
    world_.local.at(change.base).marks = change.marks;
    if (step()) pair(change.uid)->marks = change.agreed;
  }
  void apply(const DeleteOnServer& deletion) {
    if (!step()) return;
    world_.server.erase(deletion.uid.value);
    if (step()) drop(deletion.uid);
  }
  void apply(const DeleteLocal& deletion) {
    if (!step()) return;
    world_.local.erase(deletion.base);
    if (step()) drop(deletion.uid);
  }
  void apply(const Forget& pair_only) {
    if (step()) drop(pair_only.uid);
  }
  // Within one folder: the message got another uid there, or the file another name here.
  void apply(const MoveOnServer& move) {
    if (step() && pair(move.uid) != nullptr) *pair(move.uid) = {move.uid, move.new_base, move.agreed};
  }
  void apply(const MoveLocal& move) {
    if (!step()) return;
    world_.local.at(move.base).marks = move.marks;
    if (!step()) return;
    drop(move.uid);
    record({move.message.uid, move.base, move.agreed});
  }

  World& world_;
  int left_;
};

constexpr int unlimited = 1 << 30;

bool agrees(const World& world) {
  if (world.server.size() != world.local.size() || world.synced.messages.size() != world.local.size()) return false;
  return std::all_of(world.synced.messages.begin(), world.synced.messages.end(), [&](const SyncedMessage& pair) {
    const auto server = world.server.find(pair.uid.value);
    const auto local = world.local.find(pair.base);
    return server != world.server.end() && local != world.local.end() && server->second == local->second && pair.marks == server->second.marks;
  });
}

}  // namespace

TEST_CASE("running a plan makes the three states equal, loses nothing, doubles nothing, and leaves nothing to do") {
  for (int seed = 0; seed < world_count(6000); ++seed) {
    Chance chance(static_cast<std::uint64_t>(seed));
    World world = make_world(chance, true);
    const Expected wanted = expected(world);
    Executor(world, unlimited).run(plan_of(world));
    CAPTURE(seed);
    REQUIRE(agrees(world));
    REQUIRE(count_bodies(world.local) == wanted.both);
    REQUIRE(plan_of(world).operations.empty());
  }
}

TEST_CASE("stopped after any step and planned again, the end is the same") {
  for (int seed = 0; seed < world_count(2500); ++seed) {
    Chance chance(static_cast<std::uint64_t>(seed) + 1000000);
    const World start = make_world(chance, true);
    World undisturbed = start;
    Executor(undisturbed, unlimited).run(plan_of(undisturbed));
    for (int stop = 1;; ++stop) {
      World world = start;
      const bool finished = Executor(world, stop).run(plan_of(world));
      Executor(world, unlimited).run(plan_of(world));
      CAPTURE(seed);
      CAPTURE(stop);
      REQUIRE(agrees(world));
      REQUIRE(contents(world.local) == contents(undisturbed.local));
      if (finished) break;
    }
  }
}

TEST_CASE("any three states whatever give a plan, and it deletes only what one side lacks") {
  for (int seed = 0; seed < world_count(5000); ++seed) {
    Chance chance(static_cast<std::uint64_t>(seed) + 2000000);
    ServerSnapshot server;
    LocalSnapshot local;
    SyncedState synced;
    server.uid_validity = UidValidity{static_cast<std::uint32_t>(chance.below(3))};
    synced.uid_validity = UidValidity{static_cast<std::uint32_t>(chance.below(3))};
    server.complete = chance.one_in(2);
    server.is_delta = chance.one_in(3);
    const auto uid = [&] { return Uid{static_cast<std::uint32_t>(chance.below(5))}; };
    const auto base = [&] { return std::string(1, static_cast<char>('a' + chance.below(4))); };
    for (int count = chance.below(6); count > 0; --count) server.messages.push_back({uid(), chance.marks(), 1, 0, base()});
    for (int count = chance.below(6); count > 0; --count) local.messages.push_back({base(), chance.marks(), 1, base()});
    for (int count = chance.below(6); count > 0; --count) synced.messages.push_back({uid(), base(), chance.marks()});
    for (int count = chance.below(3); count > 0; --count) server.vanished.push_back(uid());
    CAPTURE(seed);
    for (const Operation& operation : plan(server, local, synced, both_ways()).operations) {
      if (const auto* deletion = std::get_if<DeleteLocal>(&operation)) {
        REQUIRE(server.uid_validity == synced.uid_validity);
        REQUIRE(std::none_of(server.messages.begin(), server.messages.end(), [&](const auto& message) { return message.uid == deletion->uid; }));
        const bool named = std::count(server.vanished.begin(), server.vanished.end(), deletion->uid) > 0;
        REQUIRE((named || (server.complete && !server.is_delta)));
      }
      if (const auto* deletion = std::get_if<DeleteOnServer>(&operation)) {
        REQUIRE(std::any_of(synced.messages.begin(), synced.messages.end(), [&](const auto& pair) {
          return pair.uid == deletion->uid &&
                 std::none_of(local.messages.begin(), local.messages.end(), [&](const auto& message) { return message.base == pair.base; });
        }));
      }
    }
  }
}

}  // namespace valija::sync
