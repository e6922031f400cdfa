#include "valija/sync/plan.hpp"

#include <doctest/doctest.h>

namespace valija::sync {
namespace {

Marks marks(Flags flags, std::vector<std::string> keywords = {}) { return {flags, std::move(keywords)}; }

/// One folder in three states; UIDVALIDITY 7 everywhere.
struct Sides {
  ServerSnapshot server;
  LocalSnapshot local;
  SyncedState synced;
  Policy policy;

  Sides() {
    server.uid_validity = synced.uid_validity = UidValidity{7};
    server.complete = true;
    policy.to_server = true;
  }
  Sides& on_server(std::uint32_t uid, Marks having = {}, std::string fingerprint = {}) {
    server.messages.push_back({Uid{uid}, std::move(having), 10, 0, std::move(fingerprint)});
    return *this;
  }
  Sides& locally(const char* base, Marks having = {}, std::string fingerprint = {}) {
    local.messages.push_back({base, std::move(having), 10, std::move(fingerprint)});
    return *this;
  }
  Sides& paired(std::uint32_t uid, const char* base, Marks having = {}) {
    synced.messages.push_back({Uid{uid}, base, std::move(having)});
    return *this;
  }
  Sides& many(std::uint32_t count) {
    for (std::uint32_t uid = 1; uid <= count; ++uid) {
      const std::string base = "m" + std::to_string(100000 + uid);
      on_server(uid).locally(base.c_str()).paired(uid, base.c_str());
    }
    return *this;
  }
  Plan plan() const { return sync::plan(server, local, synced, policy); }
  std::vector<Operation> operations() const { return plan().operations; }
};

std::vector<Operation> list(std::vector<Operation> operations) { return operations; }

ServerMessage message(std::uint32_t uid) { return {Uid{uid}, {}, 10, 0, {}}; }

}  // namespace

TEST_CASE("nothing to do where the three states are equal") { CHECK(Sides().many(3).operations().empty()); }

TEST_CASE("new messages of the server are downloaded, newest first") {
  CHECK(Sides().on_server(3).on_server(5).on_server(9).operations() == list({Download{message(9)}, Download{message(5)}, Download{message(3)}}));
}

TEST_CASE("a new local message is uploaded, or waits where the server is only read") {
  Sides sides;
  sides.locally("a", marks({Flag::seen}));
  CHECK(sides.operations() == list({Upload{"a", marks({Flag::seen})}}));
  sides.policy.to_server = false;
  CHECK(sides.operations().empty());
  sides.policy.to_server = true;
  sides.server.read_only = true;
  CHECK(sides.operations().empty());
}

TEST_CASE("nothing is uploaded unless it is sure that the server does not have it") {
  Sides sides;
  sides.locally("a");
  sides.server.complete = false;
  CHECK(sides.operations().empty());
  sides.server.is_delta = true;
  CHECK(sides.operations().size() == 1);
  sides.synced.uid_validity = UidValidity{6};
  CHECK(sides.operations().empty());
}

TEST_CASE("a message deleted on one side and unchanged on the other is deleted") {
  CHECK(Sides().locally("a").paired(4, "a").operations() == list({DeleteLocal{Uid{4}, "a"}}));
  CHECK(Sides().on_server(4).paired(4, "a").operations() == list({DeleteOnServer{Uid{4}, "a"}}));
  CHECK(Sides().paired(4, "a").operations() == list({Forget{Uid{4}, "a"}}));
}

TEST_CASE("a message deleted here is not fetched again while the server is only read") {
  Sides sides;
  sides.on_server(4).paired(4, "a").policy.to_server = false;
  CHECK(sides.operations().empty());
}

TEST_CASE("a deletion wins over a change of marks on the other side") {
  CHECK(Sides().locally("a", marks({Flag::flagged})).paired(4, "a").operations() == list({DeleteLocal{Uid{4}, "a"}}));
  CHECK(Sides().on_server(4, marks({Flag::flagged})).paired(4, "a").operations() == list({DeleteOnServer{Uid{4}, "a"}}));
}

TEST_CASE("absence from a list that is not complete deletes nothing") {
  Sides sides;
  sides.locally("a").paired(4, "a").server.complete = false;
  CHECK(sides.operations().empty());
  sides.server.is_delta = true;
  CHECK(sides.operations().empty());
  sides.server.complete = true;
  CHECK(sides.operations().empty());
}

TEST_CASE("a uid that a delta names as vanished is deleted, one that it lists besides is not") {
  Sides sides;
  sides.locally("a").locally("b").paired(4, "a").paired(5, "b").on_server(5).server.is_delta = true;
  sides.server.vanished = {Uid{99}, Uid{5}, Uid{4}};
  CHECK(sides.operations() == list({DeleteLocal{Uid{4}, "a"}}));
}

TEST_CASE("what a delta does not list has the marks of the last time") {
  Sides sides;
  sides.locally("a", marks({Flag::seen})).paired(4, "a", marks({Flag::flagged})).server.is_delta = true;
  CHECK(sides.operations() == list({SetServerMarks{Uid{4}, marks({Flag::seen}), marks({Flag::flagged}), marks({Flag::seen})}}));
}

TEST_CASE("flags and keywords merge bit by bit, in all eight cases") {
  const auto has = [](bool on) { return on ? marks({Flag::flagged}, {"work"}) : marks({}); };
  for (int bits = 0; bits < 8; ++bits) {
    const bool synced = (bits & 4) != 0, server = (bits & 2) != 0, local = (bits & 1) != 0;
    const bool expected = synced ? server && local : server || local;
    CAPTURE(bits);
    CHECK(merge(has(synced), has(server), has(local)) == has(expected));
  }
}

TEST_CASE("merging looks at each flag and keyword alone and puts keywords in order") {
  const Marks merged = merge(marks({Flag::seen, Flag::draft}, {"a", "b"}), marks({Flag::seen, Flag::flagged}, {"z", "a", "a"}),
                             marks({Flag::draft, Flag::answered, Flag::seen}, {"b", "c"}));
  CHECK(merged == marks({Flag::seen, Flag::flagged, Flag::answered}, {"c", "z"}));
}

TEST_CASE("a flag set on the server comes here, and the record follows the server") {
  Sides sides;
  sides.on_server(4, marks({Flag::seen})).locally("a", marks({Flag::flagged})).paired(4, "a");
  sides.policy.to_server = false;
  const Marks both = marks({Flag::seen, Flag::flagged});
  CHECK(sides.operations() == list({SetLocalMarks{Uid{4}, "a", both, marks({Flag::seen})}}));
  sides.policy.to_server = true;
  CHECK(sides.operations() == list({SetLocalMarks{Uid{4}, "a", both, marks({Flag::seen})}, SetServerMarks{Uid{4}, marks({Flag::flagged}), {}, both}}));
}

TEST_CASE("the same change on both sides only needs the record") {
  const Marks seen = marks({Flag::seen});
  CHECK(Sides().on_server(4, seen).locally("a", seen).paired(4, "a").operations() == list({SetLocalMarks{Uid{4}, "a", seen, seen}}));
}

TEST_CASE("a new UIDVALIDITY drops the pairs, adopts by fingerprint and deletes nothing") {
  Sides sides;
  sides.on_server(1, marks({Flag::seen}), "one").on_server(2, {}, "two");
  sides.locally("a", marks({Flag::flagged}), "one").locally("b", {}, "gone").paired(71, "a").paired(72, "b");
  sides.synced.uid_validity = UidValidity{6};
  sides.policy.to_server = false;
  const Plan plan = sides.plan();
  CHECK(plan.resets_pairs);
  ServerMessage two = message(2);
  two.fingerprint = "two";
  CHECK(plan.operations == list({Adopt{Uid{1}, "a", marks({})}, SetLocalMarks{Uid{1}, "a", marks({Flag::seen, Flag::flagged}), marks({Flag::seen})},
                                 Download{two}}));
}

TEST_CASE("equal fingerprints meet one to one, so that copies stay copies") {
  Sides sides;
  sides.on_server(1, {}, "same").on_server(2, {}, "same").on_server(3, {}, "").locally("a", {}, "same").locally("b", {}, "");
  sides.policy.to_server = false;
  const std::vector<Operation> operations = sides.operations();
  REQUIRE(operations.size() == 3);
  CHECK(operations[0] == Operation(Adopt{Uid{1}, "a", {}}));
  CHECK(std::get<Download>(operations[1]).message.uid == Uid{3});
  CHECK(std::get<Download>(operations[2]).message.uid == Uid{2});
}

TEST_CASE("a server without UIDVALIDITY gives nothing to do") {
  Sides sides;
  sides.many(3).server.uid_validity = UidValidity{0};
  CHECK(sides.operations().empty());
}

TEST_CASE("more deletions than the limit and a fifth of the folder are held, all of them") {
  Sides sides;
  sides.many(100);
  sides.server.messages.resize(50);
  CHECK(sides.operations().size() == 50);
  sides.server.messages.resize(49);
  Plan plan = sides.plan();
  CHECK(plan.held);
  CHECK(plan.held_deletes == 51);
  CHECK(plan.operations.empty());
  sides.policy.deletes_confirmed = true;
  plan = sides.plan();
  CHECK(!plan.held);
  CHECK(plan.operations.size() == 51);
}

TEST_CASE("in a large folder a fifth may go") {
  Sides sides;
  sides.many(1000).server.messages.resize(800);
  CHECK(sides.operations().size() == 200);
  sides.server.messages.resize(799);
  CHECK(sides.plan().held);
  sides.local.messages.clear();
  CHECK_MESSAGE(sides.plan().held, "a Maildir that lost its files does not empty the server");
}

TEST_CASE("inputs that break their promises lose nothing") {
  Sides sides;
  sides.on_server(9).on_server(3).on_server(3).on_server(0).locally("b").locally("a").locally("a");
  sides.paired(9, "a").paired(3, "a").paired(0, "b");
  sides.policy.to_server = false;
  CHECK(sides.operations() == list({Forget{Uid{0}, "b"}, Forget{Uid{3}, "a"}, Download{message(3)}}));
}

TEST_CASE("messages that no pair knows are named only where both sides have some") {
  Sides sides;
  sides.many(2).on_server(8).on_server(9);
  CHECK(unpaired(sides.server, sides.local, sides.synced).server.empty());
  sides.locally("x");
  const Unpaired both = unpaired(sides.server, sides.local, sides.synced);
  CHECK(both.server == std::vector<Uid>{Uid{8}, Uid{9}});
  CHECK(both.local == std::vector<BaseName>{"x"});
}

}  // namespace valija::sync
