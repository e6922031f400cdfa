#include "valija/app/progress.hpp"

#include "desk.hpp"

using namespace valija;
using namespace valija::testing;

namespace {

/// Nothing answers but what the test says.
struct SilentDesk : Desk {
  explicit SilentDesk(std::size_t more = 0, int columns = 80, int rows = 24) : Desk({}, more, columns, rows) {
    state.handle(canned_folders("work"));
    answer();
    mailroom.answer = [](const messages::Event&) {};
  }
  bool says(std::string_view text) const { return state.progress_in_words().find(text) != std::string::npos; }
};

}  // namespace

TEST_CASE("what is done within a moment is not shown, what takes longer is") {
  app::Progress progress;
  CHECK(progress.shown(0) == nullptr);
  CHECK(progress.next_ms(0) == -1);
  progress.begin(3, "Archiving", 1000);
  CHECK(progress.shown(1000) == nullptr);
  CHECK(progress.next_ms(1100) == app::moment_ms - 100);
  REQUIRE(progress.shown(1000 + app::moment_ms) != nullptr);
  CHECK(app::to_text(*progress.shown(5000)) == "Archiving");
  progress.take({3, 3200, 10000});
  CHECK(app::to_text(*progress.shown(5000)) == "Archiving 3,200 of 10,000");
  progress.take({3, 99999, 10000});
  CHECK(app::to_text(*progress.shown(5000)) == "Archiving 10,000 of 10,000");
  progress.take({4, 1, 2});
  CHECK(progress.stop(3));
  CHECK_FALSE(progress.stop(3));
  CHECK_FALSE(progress.stop(4));
  CHECK(progress.is_stopped(3));
  progress.end(3);
  CHECK_FALSE(progress.is_stopped(3));
  CHECK(progress.all().empty());
}

TEST_CASE("a change of many messages tells how far it is, and Esc stops it: what is done stays") {
  SilentDesk desk;
  desk.press("*a");
  const auto* change = desk.last<messages::ChangeTags>();
  REQUIRE(change != nullptr);
  const messages::RequestId id = change->id;
  CHECK(desk.state.progress_in_words().empty());
  CHECK(desk.state.next_tick_ms() <= app::moment_ms);
  desk.pass(app::moment_ms);
  CHECK(desk.state.progress_in_words() == "Archiving (Esc stops)");
  desk.state.handle(messages::WorkProgress{id, 3200, 10000});
  CHECK(desk.state.progress_in_words() == "Archiving 3,200 of 10,000 (Esc stops)");

  desk.press("<esc>");
  REQUIRE(desk.last<messages::Cancel>() != nullptr);
  CHECK(desk.last<messages::Cancel>()->id == id);
  CHECK(desk.says("stopping"));
  desk.press("<esc>");
  CHECK(desk.count<messages::Cancel>() == 1);
  desk.state.handle(messages::TagsChanged{id, 3200, {}, 5});
  CHECK(desk.state.progress_in_words().empty());
  CHECK(desk.state.notice().text.find("Stopped. Archived 3,200 messages") == 0);
  CHECK(desk.state.notice().hint == "u undoes.");
  desk.press("u");
  CHECK(desk.count<messages::UndoChange>() == 1);
}

TEST_CASE("a change that was stopped before its first message says so") {
  SilentDesk desk;
  desk.press("*d");
  const messages::RequestId id = desk.last<messages::ChangeTags>()->id;
  desk.pass(app::moment_ms);
  CHECK(desk.says("Deleting"));
  desk.press("<esc>");
  desk.state.handle(messages::TagsChanged{id, 0, {}, 0});
  CHECK(desk.state.notice().text == "Stopped. Nothing was changed.");
}

TEST_CASE("undo and redo of many messages tell how far they are") {
  SilentDesk desk;
  desk.press("u");
  desk.pass(app::moment_ms);
  CHECK(desk.says("Undoing"));
  desk.state.handle(messages::WorkProgress{desk.last<messages::UndoChange>()->id, 100, 200});
  CHECK(desk.says("Undoing 100 of 200"));
  desk.state.handle(messages::Failed{desk.last<messages::UndoChange>()->id, {Kind::usage, Blast::message, "There is nothing to take back.", ""}, {}, {}});
  CHECK(desk.state.progress_in_words().empty());
  desk.press("<esc><c-r>");
  desk.pass(app::moment_ms);
  CHECK(desk.says("Doing it again"));
}

TEST_CASE("a mark by a query that takes long is given up with Esc") {
  SilentDesk desk;
  desk.state.run("mark from:marta");
  const messages::RequestId id = desk.last<messages::ListThreads>()->id;
  desk.pass(app::moment_ms);
  CHECK(desk.says("Looking for what matches"));
  desk.press("<esc>");
  CHECK(desk.last<messages::Cancel>()->id == id);
  CHECK(desk.state.progress_in_words().empty());
  desk.state.handle(messages::ThreadsListed{id, 0, desk.state.list().rows(), true});
  CHECK(desk.state.selection().is_empty());
}

TEST_CASE("saving and exporting are stopped with Esc") {
  Desk desk({}, 0, 100, 40);
  desk.press("<enter>");
  desk.mailroom.answer = [](const messages::Event&) {};
  const auto stop = [&desk](messages::RequestId id) {
    desk.pass(app::moment_ms);
    CHECK(desk.state.progress_in_words() == "Saving (Esc stops)");
    desk.press("<esc>");
    CHECK(desk.last<messages::Cancel>()->id == id);
    desk.state.handle(messages::Failed{id, {Kind::cancelled, Blast::message, "Stopped.", ""}, {}, {}});
    CHECK(desk.state.notice().text == "Stopped.");
  };
  desk.state.run("save all /tmp/all");
  stop(desk.last<messages::SaveParts>()->id);
  desk.state.run("export /tmp/here");
  stop(desk.last<messages::ExportMessages>()->id);
  desk.state.run("export thread /tmp/here");
  stop(desk.last<messages::ExportMessages>()->id);
}

TEST_CASE("a search that takes long says so, and Esc goes back to the view") {
  SilentDesk desk;
  const std::string before = desk.state.list().query();
  desk.state.run("search subject:budget");
  CHECK(desk.state.progress_in_words().empty());
  desk.pass(app::moment_ms);
  CHECK(desk.state.progress_in_words() == "Searching (Esc stops)");
  const messages::RequestId id = desk.last<messages::ListThreads>()->id;
  desk.press("<esc>");
  CHECK(std::any_of(desk.mailroom.requests.begin(), desk.mailroom.requests.end(), [id](const messages::Request& request) {
    const auto* cancel = std::get_if<messages::Cancel>(&request);
    return cancel != nullptr && cancel->id == id;
  }));
  CHECK(desk.state.list().query() == before);
  CHECK(desk.state.progress_in_words().empty());
}

TEST_CASE("the way to the end of a long list says so, and Esc stays where it was") {
  SilentDesk desk(3000);
  const std::string here = desk.active();
  desk.press("G");
  CHECK(desk.state.list().is_seeking());
  desk.pass(app::moment_ms);
  CHECK(desk.state.progress_in_words() == "Going to the end of the list (Esc stops)");
  desk.press("<esc>");
  CHECK_FALSE(desk.state.list().is_seeking());
  CHECK(desk.state.progress_in_words().empty());
  CHECK(desk.active() == here);
}

TEST_CASE("the view of what goes on has what is under way, and what earlier runs did") {
  Desk desk;
  desk.mailroom.log = {{noon + 5, "work", "INBOX", "downloaded", "", 1}, {noon - 90000, "work", "INBOX", "downloaded", "", 12}, {noon - 90060, "work", "Archive", "deleted_server", "gone here", 1}};
  desk.press("gA");
  const auto text = [&desk] {
    std::string all;
    for (const app::ActivityRow& row : desk.state.activity_rows()) all += row.text + "\n";
    return all;
  };
  CHECK(text().find("In earlier runs\nwork/INBOX fetched, 12 messages\nwork/Archive deleted on the server: gone here\n") != std::string::npos);
  CHECK(text().find("Nothing is under way.") != std::string::npos);
  desk.press("q");
  desk.mailroom.answer = [](const messages::Event&) {};
  desk.press("*a");
  const messages::RequestId id = desk.last<messages::ChangeTags>()->id;
  desk.state.handle(messages::WorkProgress{id, 5, 10});
  desk.press("gA");
  CHECK(text().find("Archiving 5 of 10") != std::string::npos);
  desk.pass(app::moment_ms);
  desk.press("<esc>");
  CHECK(desk.state.is_activity_open());
  CHECK(desk.last<messages::Cancel>()->id == id);
}
