#include <doctest/doctest.h>

#include "console.hpp"
#include "valija/store/asked_changes.hpp"

using namespace valija;
using namespace valija::cli;
using namespace valija::cli::test;

TEST_CASE("tag adds and removes tags of what a search finds, and nothing else") {
  Console console;
  console.index(
      {console.mailbox.message("a@x", "One", console.now), console.mailbox.message("b@x", "Two", console.now)},
      {"inbox"});
  const Ran ran = console.run(tag, {"tag", "+todo", "-inbox", "--", "id:a@x"});
  CHECK(ran.status == 0);
  CHECK(ran.out == "");
  CHECK(ran.err == "");
  CHECK(console.run(count, {"count", "tag:todo and not tag:inbox"}).out == "1\n");
  CHECK(console.run(count, {"count", "tag:inbox and not tag:todo"}).out == "1\n");
  CHECK(console.run(tag, {"tag", "+all", "--", "*"}).status == 0);
  CHECK(console.run(count, {"count", "tag:all"}).out == "2\n");
}

TEST_CASE("tag without a change, a search or an index is refused, and changes nothing") {
  Console console;
  CHECK(console.run(tag, {"tag", "+x", "--", "*"}).status == 74);
  console.index({console.mailbox.message("a@x", "One", console.now)}, {"inbox"});
  CHECK(console.run(tag, {"tag", "--", "*"}).status == 64);
  CHECK(console.run(tag, {"tag", "+x"}).status == 64);
  CHECK(console.run(tag, {"tag", "+x", "--", "date:nonsense..x"}).status == 64);
  CHECK(console.run(count, {"count", "tag:x"}).out == "0\n");
}

TEST_CASE("tag says that it waits for another program, and gives up with a status that may pass") {
  Console console;
  console.lock_wait_ms = 100;
  console.index({console.mailbox.message("a@x", "One", console.now)}, {"inbox"});
  auto other = index::Writer::open(console.mailbox.location(), 1000);
  REQUIRE(other);
  REQUIRE((*other)->add(console.mailbox.message("b@x", "Two", console.now), {}));
  const Ran ran = console.run(tag, {"tag", "+x", "--", "*"});
  CHECK(ran.status == 75);
  CHECK(ran.err.find("Waiting") != std::string::npos);
  REQUIRE((*other)->commit());
  CHECK(console.run(tag, {"tag", "+y", "--", "id:b@x"}).status == 0);
  CHECK(console.run(count, {"count", "tag:x"}).out == "0\n");  // what was given up does not happen later
  CHECK(console.run(count, {"count", "tag:y"}).out == "1\n");
}

TEST_CASE("tag does first what a killed one had been asked for, to the messages that there were then") {
  Console console;
  console.index({console.mailbox.message("a@x", "One", console.now)}, {"inbox"});
  const std::string state = console.mailbox.root() + "/state";
  {
    auto killed = store::AskedChanges::open(state);
    REQUIRE((killed && (*killed)->claim()));
    store::AskedChange change{0, "tag:inbox", {"a@x", "gone@x"}, {"todo", "old"}, {}};
    REQUIRE((*killed)->put(change, console.now));
  }
  console.index({console.mailbox.message("b@x", "Two", console.now)}, {"inbox"});
  CHECK(console.run(tag, {"tag", "-todo", "--", "*"}).status == 0);
  CHECK(console.run(count, {"count", "tag:todo"}).out == "0\n");
  CHECK(console.run(count, {"count", "tag:old"}).out == "1\n");
  CHECK(console.run(tag, {"tag", "-old", "--", "*"}).status == 0);
  CHECK(console.run(tag, {"tag", "+new", "--", "id:b@x"}).status == 0);
  CHECK(console.run(count, {"count", "tag:old"}).out == "0\n");
}
