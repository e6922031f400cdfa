#include <doctest/doctest.h>

#include "sync/account_executor.hpp"

namespace valija::sync {
namespace {

using namespace test;

using Content = std::tuple<std::string, std::string, std::uint8_t, std::vector<std::string>>;
/// What one side holds: folder, body and marks of each message.
using Contents = std::multiset<Content>;

Content content(const AccountFolder& folder, const std::string& body, const Marks& marks) {
  return {folder.path.text(), body, marks.flags.bits(), marks.keywords};
}

Contents on_server(const AccountWorld& world) {
  Contents result;
  for (const AccountFolder& folder : world.folders) {
    for (const auto& entry : folder.server) result.insert(content(folder, entry.second.body, entry.second.marks));
  }
  return result;
}

Contents on_disk(const AccountWorld& world) {
  Contents result;
  for (const AccountFolder& folder : world.folders) {
    for (const auto& entry : folder.local) result.insert(content(folder, entry.second.body, entry.second.marks));
  }
  return result;
}

/// How many there are of each body.
std::map<std::string, int> count_bodies(const Contents& contents) {
  std::map<std::string, int> result;
  for (const Content& each : contents) ++result[std::get<1>(each)];
  return result;
}

bool has_lower_uid(const std::pair<const std::uint32_t, Mail>& a, const std::pair<const std::uint32_t, Mail>& b) { return a.first < b.first; }

std::vector<Plan> plan_of(const AccountWorld& world) { return plan_account(views_of(world), world.policy); }

Transfers sync_once(AccountWorld& world) { return AccountExecutor(world, nullptr).run(plan_of(world)); }

bool is_idle(const AccountWorld& world) {
  const std::vector<Plan> plans = plan_of(world);
  return std::all_of(plans.begin(), plans.end(), [](const Plan& plan) { return plan.operations.empty() && !plan.resets_pairs && !plan.held; });
}

/// The three states are equal; a mark that the folder does not keep may be here alone.
bool agrees(const AccountWorld& world) {
  for (const AccountFolder& folder : world.folders) {
    if (folder.server.size() != folder.local.size() || folder.synced.messages.size() != folder.local.size()) return false;
    for (const SyncedMessage& pair : folder.synced.messages) {
      const auto server = folder.server.find(pair.uid.value);
      const auto local = folder.local.find(pair.base);
      if (server == folder.server.end() || local == folder.local.end() || server->second.body != local->second.body) return false;
      Marks kept = local->second.marks;
      if (!folder.storable.any_keyword) kept.keywords.clear();
      if (server->second.marks != pair.marks || kept != pair.marks) return false;
    }
  }
  return true;
}

/// What must come out, told from what happened to each message and without looking at how the planner works. Bodies are unique.
struct Expected {
  Contents contents;
  Transfers transfers;
};

class Oracle {
 public:
  explicit Oracle(const AccountWorld& world) : world_(world) {}

  Expected tell() {
    for (Life life : world_.lives) {
      // A new name does not say which keywords there are: none is dropped.
      const bool knows_keywords = !life.local.is_renamed || !is_known(life) || !life.local.marks.keywords.empty();
      if (!knows_keywords) life.local.marks.keywords = life.marks.keywords;
      decide(life);
    }
    return result_;
  }

 private:
  bool is_young(int folder) const { return world_.folders[static_cast<std::size_t>(folder)].is_young(); }
  bool is_known(const Life& life) const { return life.folder >= 0 && !is_young(life.folder); }
  void keep(const Life& life, int folder, const Marks& marks) {
    result_.contents.insert(content(world_.folders[static_cast<std::size_t>(folder)], life.body, marks));
  }
  void fetch(const Life& life) {
    keep(life, life.server.folder, life.server.marks);
    result_.transfers.downloads.insert(life.body);
  }
  void send(const Life& life) {
    keep(life, life.local.folder, life.local.marks);
    result_.transfers.uploads.insert(life.body);
  }
  void decide(const Life& life) {
    const bool known = is_known(life);
    const auto& [there, marks_there, moved_there, renamed_there] = life.server;
    const auto& [here, marks_here, moved_here, renamed_here] = life.local;
    if (there < 0 && here < 0) return;
    if (there < 0) return known && !moved_here ? void() : send(life);
    if (here < 0) return known && !moved_there ? void() : fetch(life);
    if (!known && there != here && !is_young(there) && !is_young(here)) return fetch(life), send(life);
    keep(life, known && !moved_there ? here : there, merge(known ? life.marks : common(marks_there, marks_here), marks_there, marks_here));
  }
  /// Merging from there is the union.
  static Marks common(const Marks& a, const Marks& b) {
    return {Flags::from_bits(static_cast<std::uint8_t>(a.flags.bits() & b.flags.bits())), a.keywords == b.keywords ? a.keywords : std::vector<std::string>{}};
  }

  const AccountWorld& world_;
  Expected result_;
};

/// Planned anew behind every step; the first world is the one that nothing stopped.
std::vector<AccountWorld> stopped_everywhere(const AccountWorld& start) {
  AccountWorld world = start;
  std::vector<AccountWorld> stopped{start};
  AccountExecutor(world, [&] { stopped.push_back(world); }).run(plan_of(world));
  for (AccountWorld& resumed : stopped) sync_once(resumed);
  stopped.insert(stopped.begin(), std::move(world));
  return stopped;
}

/// How many of a body there may be. Which of equal messages was moved and which deleted is not to be told: where one moved, another one that was
/// deleted may stay instead, or one that was
/// copied to the same place may be taken for it. A server without MOVE makes copies that nothing tells from others.
void check_counts(const AccountWorld& world, const AccountWorld& end) {
  struct Count {
    int there = 0, here = 0, all = 0, moved = 0, deleted = 0;
  };
  std::map<std::string, Count> counts;
  const auto is_young = [&](const Life& life) { return life.folder < 0 || world.folders[static_cast<std::size_t>(life.folder)].is_young(); };
  for (const Life& life : world.lives) {
    const bool is_there = life.server.folder >= 0, is_here = life.local.folder >= 0;
    Count& count = counts[life.body];
    const bool is_deleted = !is_young(life) && ((!is_there && !life.local.moved) || (!is_here && !life.server.moved));
    count.deleted += is_deleted ? 1 : 0;
    if (is_deleted || (!is_there && !is_here)) continue;
    count.there += is_there ? 1 : 0;
    count.here += is_here ? 1 : 0;
    count.all += is_young(life) && life.server.folder != life.local.folder ? (is_there ? 1 : 0) + (is_here ? 1 : 0) : 1;
    count.moved += life.server.moved || life.local.moved ? 1 : 0;
  }
  const std::map<std::string, int> result = count_bodies(on_server(end));
  for (const auto& [body, count] : counts) {
    const int found = result.contains(body) ? result.at(body) : 0;
    if (!world.moves_by_copy) REQUIRE(found <= count.all + count.deleted);
    REQUIRE(found >= std::max(count.there, count.here) - count.moved);
    if (count.all > 0) REQUIRE(found > 0);
  }
}

}  // namespace

TEST_CASE("every message of an account ends where it belongs, with its marks, and only new ones are sent or fetched") {
  for (int seed = 0; seed < world_count(20000); ++seed) {
    AccountWorld world = WorldMaker(static_cast<std::uint64_t>(seed), {}).make();
    const Expected expected = Oracle(world).tell();
    CAPTURE(seed);
    const Transfers transfers = sync_once(world);
    REQUIRE(on_server(world) == expected.contents);
    REQUIRE(on_disk(world) == expected.contents);
    REQUIRE(transfers.downloads == expected.transfers.downloads);
    REQUIRE(transfers.uploads == expected.transfers.uploads);
    REQUIRE(agrees(world));
    REQUIRE(is_idle(world));
  }
}

TEST_CASE("stopped behind any step and planned anew, an account comes to the same end") {
  for (int seed = 0; seed < world_count(30000); ++seed) {
    const std::vector<AccountWorld> ends = stopped_everywhere(WorldMaker(static_cast<std::uint64_t>(seed), {}).make());
    const Contents there = on_server(ends.front()), here = on_disk(ends.front());
    CAPTURE(seed);
    for (const AccountWorld& end : ends) {
      CAPTURE(&end - ends.data());
      REQUIRE(on_server(end) == there);
      REQUIRE(on_disk(end) == here);
      REQUIRE(agrees(end));
      REQUIRE(is_idle(end));
    }
  }
}

TEST_CASE("of equal messages none is lost or doubled, wherever the work is stopped") {
  for (int seed = 0; seed < world_count(15000); ++seed) {
    const AccountWorld world = WorldMaker(static_cast<std::uint64_t>(seed), {.equal_bodies = true}).make();
    CAPTURE(seed);
    for (const AccountWorld& end : stopped_everywhere(world)) {
      check_counts(world, end);
      REQUIRE(agrees(end));
      REQUIRE(is_idle(end));
    }
  }
}

TEST_CASE("within one folder equal messages are renumbered and renamed without loss, wherever the work is stopped") {
  for (const bool equal_bodies : {false, true}) {
    for (int seed = 0; seed < world_count(8000); ++seed) {
      const AccountWorld world = WorldMaker(static_cast<std::uint64_t>(seed), {.equal_bodies = equal_bodies, .one_folder = true}).make();
      CAPTURE(equal_bodies);
      CAPTURE(seed);
      const std::vector<AccountWorld> ends = stopped_everywhere(world);
      if (!equal_bodies) REQUIRE(on_server(ends.front()) == Oracle(world).tell().contents);
      for (const AccountWorld& end : ends) {
        check_counts(world, end);
        REQUIRE(agrees(end));
        REQUIRE(is_idle(end));
      }
    }
  }
}

TEST_CASE("folders that take nothing stay as they are, and nothing is lost for it") {
  for (int seed = 0; seed < world_count(10000); ++seed) {
    const AccountWorld world = WorldMaker(static_cast<std::uint64_t>(seed), {.forbids = true}).make();
    std::vector<AccountWorld> ends = stopped_everywhere(world);
    CAPTURE(seed);
    for (AccountWorld& end : ends) {
      // A keyword that the folder left behind did not keep is sent behind the move.
      sync_once(end);
      REQUIRE(count_bodies(on_server(end)) == count_bodies(on_server(ends.front())));
      REQUIRE(count_bodies(on_disk(end)) == count_bodies(on_disk(ends.front())));
      REQUIRE(is_idle(end));
      for (std::size_t at = 0; at < world.folders.size(); ++at) {
        const AccountFolder &before = world.folders[at], &after = end.folders[at];
        const bool is_closed = before.read_only || !world.policy.to_server;
        if (is_closed) REQUIRE(std::includes(before.server.begin(), before.server.end(), after.server.begin(), after.server.end(), has_lower_uid));
        if (is_closed) REQUIRE(before.server.size() == after.server.size());
      }
    }
    const std::map<std::string, int> there = count_bodies(on_server(ends.front())), here = count_bodies(on_disk(ends.front()));
    for (const Life& life : world.lives) {
      const bool is_deleted = life.server.folder < 0 || life.local.folder < 0;
      if (!is_deleted) REQUIRE((there.contains(life.body) && here.contains(life.body)));
    }
  }
}

TEST_CASE("what only its pair or its name tells may be doubled but is never lost, and a move by name sends nothing") {
  for (int seed = 0; seed < world_count(10000); ++seed) {
    const AccountWorld world = WorldMaker(static_cast<std::uint64_t>(seed), {.lacks_prints = true}).make();
    CAPTURE(seed);
    AccountWorld undisturbed = world;
    const Transfers transfers = sync_once(undisturbed);
    for (const Life& life : world.lives) {
      const bool stays_there = life.folder >= 0 && !world.folders[static_cast<std::size_t>(life.folder)].is_young() && life.server.folder >= 0 && !life.server.moved;
      if (stays_there && life.local.folder >= 0 && !life.local.is_renamed) REQUIRE(!transfers.uploads.contains(life.body));
    }
    for (const AccountWorld& end : stopped_everywhere(world)) {
      const std::map<std::string, int> there = count_bodies(on_server(end));
      for (const Life& life : world.lives) {
        if (life.server.folder >= 0 && life.local.folder >= 0) REQUIRE(there.contains(life.body));
      }
      REQUIRE(agrees(end));
      REQUIRE(is_idle(end));
    }
  }
}

}  // namespace valija::sync
