#include <doctest/doctest.h>

#include <memory>

#include "sync/two_sides.hpp"

namespace valija::sync {
namespace {

using namespace test;

/// Each message by its number, with its marks.
std::string in_words(const Places& places) {
  std::string words;
  for (const auto& [path, contents] : places) {
    words += path.text() + ":";
    for (const Content& content : contents) {
      words += " " + content.body.substr(13, content.body.find('@') - 13) + "," + to_maildir_letters(content.marks.flags);
      if (!content.marks.keywords.empty()) words += "+k";
    }
    words += "; ";
  }
  return words;
}

void check_end(const AccountScene& scene, const Expectation& expected) {
  const Places there = places_there(scene);
  const Places here = places_here(scene);
  INFO("there " << in_words(there));
  INFO("here " << in_words(here));
  REQUIRE(there == here);
  const std::map<std::string, int> counts = count_all(there);
  for (const std::string& body : expected.kept) {
    CAPTURE(body);
    REQUIRE(counts.contains(body));
    REQUIRE(counts.at(body) <= expected.most(body));
  }
  for (const std::string& body : expected.deleted) REQUIRE((!counts.contains(body) || counts.at(body) <= expected.most(body)));
}

std::string texts_of(const std::vector<Error>& errors) {
  std::string words;
  for (const Error& error : errors) words += error.message + "; ";
  return words;
}

std::string in_words(const Totals& totals) {
  std::string words;
  for (const std::uint64_t count : {totals.downloaded, totals.uploaded, totals.flags_to_server, totals.flags_to_local, totals.moved, totals.deleted_local,
                                    totals.deleted_server}) {
    words += std::to_string(count) + " ";
  }
  return words;
}

/// One pass brings both sides together, and the next one has nothing to do.
void check_passes(AccountScene& scene, const Expectation& expected) {
  const std::string before = in_words(places_there(scene)) + " | " + in_words(places_here(scene));
  CAPTURE(before);
  const Result<Totals> first = scene.run();
  REQUIRE(first);
  REQUIRE(texts_of(scene.observer.errors) == "");
  const Result<Totals> second = scene.run();
  REQUIRE(second);
  REQUIRE(texts_of(scene.observer.errors) == "");
  check_end(scene, expected);
  std::string acts;
  for (const LogEntry& entry : scene.local.notes) acts += entry.what + " " + entry.folder.text() + "/" + entry.base + ": " + entry.why + "; ";
  for (const std::string& call : scene.remote.calls) acts += call + "; ";
  CAPTURE(acts);
  INFO("first " << in_words(*first) << "second " << in_words(*second));
  REQUIRE(second->is_zero());
}

}  // namespace

TEST_CASE("an account stopped at any step, also between an effect and its answer: two passes end alike, nothing lost, nothing doubled") {
  const int worlds = world_count(3000);
  for (int seed = 0; seed < worlds; ++seed) {
    CAPTURE(seed);
    Chance chance(static_cast<std::uint64_t>(seed) + 7000000);
    AccountScene world;
    AccountHistory history(world, chance);
    history.begin();
    REQUIRE(world.run());
    const std::string agreed = in_words(places_there(world));
    history.diverge();
    INFO(agreed << " then " << history.story);

    AccountScene undisturbed;
    undisturbed.copy_from(world);
    check_passes(undisturbed, history.expected);
    AccountScene counted;
    counted.copy_from(world);
    REQUIRE(counted.run());

    auto before = std::make_unique<AccountScene>();
    for (const int stop : counted.stopper.worthwhile()) {
      CAPTURE(stop);
      AccountScene scene;
      scene.copy_from(world);
      scene.stopper.stop_at(stop);
      REQUIRE(!scene.run());
      scene.local.crash();
      scene.stopper.revive();
      // What left nothing behind was tried already.
      if (scene.is_like(*before)) continue;
      before = std::make_unique<AccountScene>();
      before->copy_from(scene);
      check_passes(scene, history.expected);
    }
  }
}

}  // namespace valija::sync
