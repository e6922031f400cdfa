#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "sync/chance.hpp"
#include "sync/memory_sides.hpp"

namespace valija::sync::test {

/// The two sides and the record of one folder after they agreed once and then went on by themselves.
struct World {
  std::map<std::uint32_t, Content> server;
  std::map<BaseName, Content> local;
  SyncedState synced;
  std::uint32_t validity = 1;
  std::uint32_t next = 1;
};

/// Few different bodies, so that copies are common. Every fourth has no header and hence no fingerprint.
inline std::string body_of(int number) {
  if (number % 4 == 3) return "plain" + std::to_string(number);
  return "Message-ID: <" + std::to_string(number) + "@x>\n\ntext";
}

inline World make_world(Chance& chance, bool all_have_fingerprints) {
  World world;
  const auto body = [&] {
    const int number = chance.below(12);
    return body_of(all_have_fingerprints && number % 4 == 3 ? number + 1 : number);
  };
  for (int count = chance.below(5); count > 0; --count) {
    const std::string base = "old" + std::to_string(world.next);
    const Content content{body(), chance.marks()};
    world.server[world.next] = world.local[base] = content;
    world.synced.messages.push_back({Uid{world.next++}, base, content.marks});
  }
  if (world.next > 1) world.synced.uid_validity = UidValidity{world.validity};

  for (const SyncedMessage& pair : world.synced.messages) {
    if (chance.one_in(5)) world.server.erase(pair.uid.value);
    if (chance.one_in(5)) world.local.erase(pair.base);
    if (world.server.contains(pair.uid.value) && chance.one_in(3)) world.server[pair.uid.value].marks = chance.marks();
    if (world.local.contains(pair.base) && chance.one_in(3)) world.local[pair.base].marks = chance.marks();
  }
  for (int count = chance.below(4); count > 0; --count) world.server[world.next++] = Content{body(), chance.marks()};
  for (int count = chance.below(3); count > 0; --count) world.local["own" + std::to_string(count)] = Content{body(), chance.marks()};

  if (chance.one_in(8)) {
    std::map<std::uint32_t, Content> renumbered;
    std::uint32_t uid = 1;
    for (auto& entry : world.server) renumbered[uid++] = std::move(entry.second);
    world.server = std::move(renumbered);
    world.next = uid;
    ++world.validity;
  } else if (chance.one_in(12)) {
    world.synced = SyncedState{};
  }
  return world;
}

/// How many copies of each body must be here in the end where the server is only read, told without looking at how the planner works.
inline std::map<std::string, int> expected(const World& world) {
  std::map<std::string, int> result, new_server, new_local;
  std::map<std::uint32_t, Content> server = world.server;
  std::map<BaseName, Content> local = world.local;
  if (world.synced.uid_validity.value == world.validity) {
    for (const SyncedMessage& pair : world.synced.messages) {
      if (server.contains(pair.uid.value) && local.contains(pair.base)) {
        ++result[local[pair.base].body];
      }
      server.erase(pair.uid.value);
      local.erase(pair.base);
    }
  }
  for (const auto& entry : server) ++new_server[entry.second.body];
  for (const auto& entry : local) ++new_local[entry.second.body];
  for (int number = 0; number <= 12; ++number) {
    const std::string body = body_of(number);
    const bool can_meet = body.starts_with("Message-ID");
    const int count = can_meet ? std::max(new_server[body], new_local[body]) : new_server[body] + new_local[body];
    if (count > 0) result[body] += count;
  }
  return result;
}

template <typename Key>
std::map<std::string, int> count_bodies(const std::map<Key, Content>& messages) {
  std::map<std::string, int> result;
  for (const auto& entry : messages) ++result[entry.second.body];
  return result;
}

template <typename Key>
std::vector<Content> contents(const std::map<Key, Content>& messages) {
  std::vector<Content> result;
  for (const auto& entry : messages) result.push_back(entry.second);
  std::sort(result.begin(), result.end());
  return result;
}

}  // namespace valija::sync::test
