#include <doctest/doctest.h>

#include "desk.hpp"

using namespace valija;
using namespace valija::testing;

TEST_CASE("archive, trash and spam move what the list shows of a thread and go on to the next row") {
  Desk desk;
  desk.state.handle(testing::canned_folders("work"));
  const std::string first = desk.state.list().active()->id;
  for (const auto& [key, place] : {std::pair("a", "archive"), std::pair("d", "trash"), std::pair("!", "spam")}) {
    const std::string id = desk.state.list().active()->id;
    const std::size_t row = desk.state.list().cursor();
    desk.press(key);
    const auto* change = desk.last<messages::ChangeTags>();
    CHECK(change->add == std::vector<std::string>{place});
    CHECK(std::find(change->remove.begin(), change->remove.end(), "inbox") != change->remove.end());
    CHECK(std::find(change->remove.begin(), change->remove.end(), place) == change->remove.end());
    CHECK(std::find(change->remove.begin(), change->remove.end(), "sent") == change->remove.end());
    CHECK(change->query.starts_with("thread:" + id + " and (tag:inbox)"));
    CHECK((change->query.find("not ((tag:sent or tag:draft) and not tag:inbox)") == std::string::npos) == (std::string(place) == "trash"));
    CHECK(desk.state.list().cursor() == row + 1);
  }
  desk.pass(1000);
  CHECK(std::none_of(desk.state.list().rows().begin(), desk.state.list().rows().end(), [&](const auto& row) { return row.id == first; }));
}

TEST_CASE("an action says which places it touched") {
  Desk desk;
  desk.state.handle(testing::canned_folders("work"));
  desk.state.handle(testing::canned_folders("home"));
  desk.mailroom.answer = [](const messages::Event&) {};
  const auto answered = [&](std::string_view line, std::uint64_t messages, std::vector<FilesInFolder> places) {
    desk.state.run(std::string(line));
    desk.state.handle(messages::TagsChanged{desk.last<messages::ChangeTags>()->id, messages, std::move(places)});
    return desk.state.notice().text;
  };
  CHECK(answered("archive", 1, {{"/mail/work/INBOX", 1}}) == "Archived 1 message: work/INBOX to work/Archive.");
  // What lies there already, and what is sent, is not moved.
  CHECK(answered("archive", 2, {{"/mail/work/Archive", 1}, {"/mail/work/INBOX", 2}, {"/mail/work/Sent", 1}}) == "Archived 2 messages: work/INBOX to work/Archive.");
  CHECK(answered("archive", 4, {{"/mail/home/INBOX", 1}, {"/mail/work/INBOX", 3}}) == "Archived 4 messages: work/INBOX 3, home/INBOX 1.");
  CHECK(answered("archive", 0, {}) == "It is there already.");
  CHECK(answered("trash", 3, {}) == "Deleted 3 messages.");
  // Of one message in one place there is nothing to add to what was said at once.
  CHECK(answered("tag +todo", 1, {{"/mail/work/INBOX", 1}}) == "Changed the tags: +todo.");
  CHECK(answered("tag +todo", 3, {{"/mail/work/INBOX", 3}}) == "Tagged 3 messages: work/INBOX 3.");
  CHECK(answered("tag +todo", 3, {{"/mail/home/INBOX", 1}, {"/mail/work/INBOX", 3}}) == "Tagged 3 messages in 4 places: work/INBOX 3, home/INBOX 1.");
  // The answer to an older action, and a failure that is being read, stay.
  desk.state.run("tag +older");
  const messages::RequestId older = desk.last<messages::ChangeTags>()->id;
  desk.state.run("tag +newer");
  const messages::RequestId newer = desk.last<messages::ChangeTags>()->id;
  desk.state.handle(messages::TagsChanged{older, 9, {{"/mail/work/INBOX", 10}}});
  CHECK(desk.state.notice().text == "Changed the tags: +newer.");
  desk.state.handle(messages::Failed{0, {Kind::disk, Blast::program, "The disk is full.", ""}, {}, {}});
  desk.state.handle(messages::TagsChanged{newer, 3, {{"/mail/home/INBOX", 1}, {"/mail/work/INBOX", 3}}});
  CHECK(desk.state.notice().text == "The disk is full.");
}

TEST_CASE("in an open thread the message goes, then the next one is shown, then the next row") {
  Desk desk;
  desk.state.handle(testing::canned_folders("work"));
  desk.press("<enter>");
  for (std::size_t i = desk.state.reader().current(); i < desk.state.reader().messages().size(); ++i) {
    CHECK(desk.state.reader().is_open());
    desk.press("a");
    CHECK(desk.last<messages::ChangeTags>()->query.starts_with("id:"));
  }
  CHECK_FALSE(desk.state.reader().is_open());
  CHECK(desk.state.list().cursor() == 1);
}

TEST_CASE("move goes to the place of a tag, or moves the files") {
  Desk desk;
  desk.state.handle(testing::canned_folders("work"));
  desk.press("M");
  CHECK(desk.state.prompt().text() == "move ");
  desk.type("arch");
  REQUIRE(desk.state.prompt().completions().list.size() == 1);
  desk.press("<tab><enter>");
  CHECK(desk.last<messages::ChangeTags>()->add == std::vector<std::string>{"archive"});
  desk.state.run("move Archivee");
  CHECK(desk.state.notice().hint == "Did you mean \"Archive\"?");
  desk.state.run("move Lists/debian-devel");
  CHECK(desk.last<messages::MoveMessages>()->folder == "Lists/debian-devel");
  CHECK(desk.last<messages::MoveMessages>()->query.find(" and (tag:inbox)") != std::string::npos);
  // Some letters are enough where they mean one folder.
  desk.state.run("move debdev");
  CHECK(desk.count<messages::MoveMessages>() == 2);
}

TEST_CASE("deletions that are held back are confirmed for once, and only where there are any") {
  Desk desk;
  desk.state.run("sync confirm");
  CHECK(desk.count<messages::SyncAccounts>() == 0);
  CHECK(desk.state.notice().text == "No deletions are held back.");
  desk.state.handle(messages::Failed{0, {Kind::try_later, Blast::folder, "90 messages of the folder INBOX are gone.", "x"}, "home", "INBOX", false, true});
  CHECK(desk.state.notice().hint.find(":sync confirm") != std::string::npos);
  desk.clock.milliseconds += 5000;
  desk.press("j");
  desk.state.run("failures");
  CHECK(desk.state.notice().text == "home: 90 messages of the folder INBOX are gone.");
  desk.state.run("sync confirm");
  REQUIRE(desk.count<messages::SyncAccounts>() == 1);
  CHECK(desk.last<messages::SyncAccounts>()->deletes_confirmed);
  CHECK(desk.last<messages::SyncAccounts>()->accounts == std::vector<std::string>{"home"});
  desk.state.run("sync");
  CHECK_FALSE(desk.last<messages::SyncAccounts>()->deletes_confirmed);
  desk.state.run("sync everything");
  CHECK(desk.count<messages::SyncAccounts>() == 2);
}
