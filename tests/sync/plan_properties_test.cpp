#include <doctest/doctest.h>

#include <algorithm>

#include "sync/chance.hpp"
#include "valija/sync/plan.hpp"

namespace valija::sync {
namespace {

using namespace test;

Policy both_ways() {
  Policy policy;
  policy.to_server = true;
  return policy;
}

}  // namespace

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
