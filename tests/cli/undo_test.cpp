#include <doctest/doctest.h>

#include "console.hpp"

using namespace valija;
using namespace valija::cli;
using namespace valija::cli::test;

TEST_CASE("changes of tags are taken back one by one, only as far as they changed something") {
  Console console;
  console.index({console.mailbox.message("a@example.test", "One", console.now)}, {"inbox", "todo"});
  console.index({console.mailbox.message("b@example.test", "Two", console.now)}, {"inbox"});
  CHECK(console.run(tag, {"tag", "+todo", "-inbox", "--", "*"}).status == 0);
  CHECK(console.run(tag, {"tag", "+flagged", "--", "id:b@example.test"}).status == 0);
  CHECK(console.run(tag, {"tag", "+flagged", "--", "id:b@example.test"}).status == 0);  // changes nothing
  const Ran listed = console.run(undo, {"undo", "--list"});
  CHECK(listed.out.find("+flagged, 1 message\n") < listed.out.find("+todo -inbox, 2 messages\n"));
  CHECK(console.run(undo, {"undo"}).status == 0);
  CHECK(console.run(count, {"count", "tag:flagged"}).out == "0\n");
  CHECK(console.run(count, {"count", "tag:todo and not tag:inbox"}).out == "2\n");
  CHECK(console.run(undo, {"undo", "--list"}).out.find("+flagged, 1 message (taken back)\n") != std::string::npos);
  CHECK(console.run(undo, {"undo"}).status == 0);
  CHECK(console.run(count, {"count", "tag:inbox"}).out == "2\n");
  CHECK(console.run(count, {"count", "tag:todo"}).out == "1\n");
  const Ran nothing = console.run(undo, {"undo"});
  CHECK(nothing.status == 64);
  CHECK(nothing.err.find("There is nothing to take back.") != std::string::npos);
  CHECK(console.run(undo, {"undo", "--redo"}).status == 0);
  CHECK(console.run(count, {"count", "tag:todo and not tag:inbox"}).out == "2\n");
}

TEST_CASE("undo takes no words") {
  Console console;
  CHECK(console.run(undo, {"undo", "tag:inbox"}).status == 64);
}
