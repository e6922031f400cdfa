#include <doctest/doctest.h>

#include "desk.hpp"
#include "valija/app/selection.hpp"

using namespace valija;
using namespace valija::testing;

namespace {

ThreadSummary row_of(const std::string& id, UnixTime newest = 7) {
  ThreadSummary row;
  row.id = id;
  row.newest = newest;
  return row;
}

bool is_archived(const Desk& desk, std::size_t row) { return app::has_tag(desk.state.list().rows()[row].tags, "archive"); }

/// Nothing answers but what the test says.
void keep_silent(Desk& desk) {
  desk.state.handle(canned_folders("work"));
  desk.answer();
  desk.mailroom.answer = [](const messages::Event&) {};
}

}  // namespace

TEST_CASE("a selection holds single rows, a range to the cursor, or everything") {
  app::Selection selection;
  const std::vector<ThreadSummary> rows{row_of("a"), row_of("b"), row_of("c"), row_of("d")};
  CHECK(selection.query("tag:inbox").empty());
  selection.toggle(rows[0]);
  CHECK(selection.query("tag:inbox") == "thread:a");
  CHECK(selection.query("tag:inbox", true) == "(thread:a and date:@7..@7)");
  selection.begin_range(rows[3]);
  selection.stretch(rows, 1);
  CHECK(selection.count() == 4);
  selection.stretch(rows, 2);
  CHECK_FALSE(selection.has(rows[1]));
  selection.end_range();
  selection.stretch(rows, 1);
  CHECK(selection.query("tag:inbox") == "(thread:a or thread:c or thread:d)");
  selection.toggle(rows[2]);
  CHECK(selection.count() == 2);
  selection.take_all();
  CHECK(selection.has(rows[1]));
  CHECK(selection.query("tag:inbox") == "(tag:inbox)");
  selection.clear();
  CHECK(selection.is_empty());
}

TEST_CASE("a range whose first row is gone keeps what it had") {
  app::Selection selection;
  const std::vector<ThreadSummary> rows{row_of("a"), row_of("b"), row_of("c")};
  selection.begin_range(rows[0]);
  selection.stretch(rows, 1);
  selection.stretch({rows[1], rows[2]}, 1);
  CHECK(selection.count() == 2);
  selection.stretch({}, 0);
  CHECK(selection.count() == 2);
}

TEST_CASE("marked rows go together, at once, and come back when that fails") {
  Desk desk;
  keep_silent(desk);
  desk.press("mjm");
  CHECK(desk.state.selection().count() == 2);
  CHECK(desk.state.marked_in_words() == "2 marked");
  const std::size_t before = desk.state.list().cursor();
  desk.press("a");
  const auto* change = desk.last<messages::ChangeTags>();
  const std::vector<ThreadSummary> rows = desk.state.list().rows();
  CHECK(change->query.starts_with("(thread:" + rows[0].id + " or thread:" + rows[2].id + ") and (tag:inbox)"));
  CHECK(change->place_tag == "archive");
  CHECK(is_archived(desk, 0));
  CHECK_FALSE(is_archived(desk, 1));
  CHECK(is_archived(desk, 2));
  CHECK(desk.state.selection().is_empty());
  CHECK(desk.state.list().cursor() == before);
  desk.state.handle(messages::Failed{change->id, {Kind::disk, Blast::program, "The disk is full.", ""}, {}, {}});
  CHECK_FALSE(is_archived(desk, 0));
  CHECK(app::has_tag(desk.state.list().rows()[0].tags, "inbox"));
  CHECK(desk.state.notice().text == "The disk is full.");
}

TEST_CASE("everything that the list finds is one change, and its sentence counts it") {
  Desk desk;
  keep_silent(desk);
  desk.press("*");
  CHECK(desk.state.selection().is_all());
  desk.press("a");
  const auto* change = desk.last<messages::ChangeTags>();
  CHECK(change->query == "(tag:inbox) and not ((tag:sent or tag:draft) and not tag:inbox)");
  for (std::size_t i = 0; i < desk.state.list().rows().size(); ++i) CHECK(is_archived(desk, i));
  desk.state.handle(messages::TagsChanged{change->id, 1204, {}, 5});
  CHECK(desk.state.notice().text == "Archived 1,204 messages.");
  CHECK(desk.state.notice().hint == "u undoes.");
}

TEST_CASE("an answer of before the change does not take it from the screen") {
  Desk desk;
  desk.state.handle(canned_folders("work"));
  desk.answer();
  // The lists are answered, the change is not yet.
  desk.mailroom.answer = [&desk](messages::Event event) {
    if (!std::holds_alternative<messages::TagsChanged>(event)) desk.waiting.push_back(std::move(event));
  };
  const std::vector<CannedThread> as_it_was = desk.mailroom.threads();
  desk.press("a");
  desk.mailroom.threads() = as_it_was;
  desk.state.handle(messages::IndexChanged{1, 0});
  desk.pass(1000);
  CHECK(is_archived(desk, 0));
}

TEST_CASE("a number before a key is a count of rows") {
  Desk desk;
  keep_silent(desk);
  desk.press("3j");
  CHECK(desk.state.list().cursor() == 3);
  desk.press("2");
  CHECK(desk.state.pending_keys() == "2");
  desk.press("k");
  CHECK(desk.state.list().cursor() == 1);
  desk.press("10k");
  CHECK(desk.state.list().cursor() == 0);
  desk.press("3s");
  const std::string query = desk.last<messages::ChangeTags>()->query;
  CHECK(std::count(query.begin(), query.end(), '@') == 6);
  CHECK(app::has_tag(desk.state.list().rows()[2].tags, "flagged"));
  CHECK_FALSE(app::has_tag(desk.state.list().rows()[3].tags, "flagged"));
  // A count does not outlive its key, nor Esc.
  desk.press("4<esc>j");
  CHECK(desk.state.list().cursor() == 1);
  desk.press("2t");
  desk.type("+todo");
  desk.press("<enter>");
  CHECK(app::has_tag(desk.state.list().rows()[2].tags, "todo"));
  desk.press("t");
  desk.type("+more");
  desk.press("<enter>");
  CHECK_FALSE(app::has_tag(desk.state.list().rows()[2].tags, "more"));
}

TEST_CASE("the last change is repeated") {
  Desk desk;
  keep_silent(desk);
  desk.press(".");
  CHECK(desk.count<messages::ChangeTags>() == 0);
  desk.press("t");
  desk.type("+todo");
  desk.press("<enter>j.");
  CHECK(desk.count<messages::ChangeTags>() == 2);
  CHECK(app::has_tag(desk.state.list().rows()[1].tags, "todo"));
  desk.press("a2.");
  CHECK(is_archived(desk, 1));
  CHECK(is_archived(desk, 2));
  CHECK(is_archived(desk, 3));
}

TEST_CASE("undo shows at once what was there before, and redo the change") {
  Desk desk;
  keep_silent(desk);
  desk.press("a");
  desk.state.handle(messages::TagsChanged{desk.last<messages::ChangeTags>()->id, 1, {}, 9});
  CHECK(is_archived(desk, 0));
  desk.press("u");
  REQUIRE(desk.last<messages::UndoChange>() != nullptr);
  CHECK_FALSE(desk.last<messages::UndoChange>()->again);
  CHECK_FALSE(is_archived(desk, 0));
  CHECK(app::has_tag(desk.state.list().rows()[0].tags, "inbox"));
  Action action;
  action.label = action.place_tag = "archive";
  action.messages = 1;
  desk.state.handle(messages::ActionUndone{desk.last<messages::UndoChange>()->id, action, false, {}});
  CHECK(desk.state.notice().text == "Undone: Archived 1 message.");
  CHECK(desk.state.notice().hint == "Ctrl-R does it again.");
  desk.press("<c-r>");
  CHECK(desk.last<messages::UndoChange>()->again);
  CHECK(is_archived(desk, 0));
  desk.state.handle(messages::ActionUndone{desk.last<messages::UndoChange>()->id, action, true, {}});
  CHECK(desk.state.notice().text == "Archived 1 message.");
}

TEST_CASE("undo takes back the newer one: a change, or mail that is about to leave") {
  Desk desk;
  desk.press("c");
  desk.state.desk().go_to_tab(0);
  keep_silent(desk);
  desk.state.handle(messages::OutboxChanged{canned_outbox(noon), 0});
  desk.press("s");
  desk.press("u");
  CHECK(desk.count<messages::UndoChange>() == 1);
  CHECK(desk.count<messages::CancelOutgoing>() == 0);
}

TEST_CASE("rows are marked by a query and by the sender") {
  Desk desk;
  desk.state.run("mark tag:client");
  desk.answer();
  CHECK(desk.last<messages::ListThreads>()->query == "(tag:inbox) and (tag:client)");
  messages::ThreadsListed found{desk.last<messages::ListThreads>()->id, 0, {desk.state.list().rows()[0], desk.state.list().rows()[4]}, true};
  desk.state.run("mark tag:client");
  found.id = desk.last<messages::ListThreads>()->id;
  desk.state.handle(found);
  CHECK(desk.state.selection().count() == 2);
  desk.press("<esc><esc>");
  CHECK(desk.state.selection().is_empty());
  desk.press("=");
  CHECK(desk.last<messages::ListThreads>()->query.find("(tag:inbox) and (from:") == 0);
}

TEST_CASE("a range follows the cursor, and marks do not follow into another list") {
  Desk desk;
  desk.press("Vjj");
  CHECK(desk.state.selection().count() == 3);
  desk.press("k");
  CHECK(desk.state.selection().count() == 2);
  desk.press("Vjj");
  CHECK(desk.state.selection().count() == 2);
  desk.press("gu");
  CHECK(desk.state.selection().is_empty());
}

TEST_CASE("from an open thread the whole of it goes") {
  Desk desk;
  keep_silent(desk);
  desk.mailroom.answer = [&desk](messages::Event event) { desk.waiting.push_back(std::move(event)); };
  desk.press("<enter>");
  const std::string thread = desk.state.reader().thread_id();
  desk.state.run("thread archive");
  desk.answer();
  CHECK(desk.last<messages::ChangeTags>()->query == "thread:" + thread + " and not ((tag:sent or tag:draft) and not tag:inbox)");
  CHECK_FALSE(desk.state.reader().is_open());
  desk.state.run("thread tag");
  CHECK(desk.state.prompt().text() == "thread tag ");
  desk.type("+todo");
  desk.press("<enter>");
  CHECK(desk.last<messages::ChangeTags>()->add == std::vector<std::string>{"todo"});
  desk.state.run("thread quit");
  CHECK_FALSE(desk.state.wants_quit());
  CHECK(desk.state.notice().kind == app::Notice::Kind::failed);
}

TEST_CASE("branches of a thread fold, and what is read next unfolds them") {
  Desk desk({}, 0, 80, 40);
  desk.press("jj<enter>");
  const app::Reader& reader = desk.state.reader();
  desk.press("gg");
  REQUIRE(reader.messages().size() == 7);
  CHECK(reader.branches(0).empty());
  CHECK(reader.branches(2) == std::vector<bool>{false, false});
  desk.press("-");
  CHECK(reader.messages()[0].hidden == 6);
  CHECK(reader.messages()[6].is_hidden);
  for (const auto& row : reader.visible()) CHECK(row.message == 0);
  desk.press("G");
  CHECK(reader.current() == 0);
  desk.press("J");
  CHECK(reader.current() == 0);
  desk.press("-");
  CHECK(reader.messages()[0].hidden == 0);
  CHECK_FALSE(reader.messages()[6].is_hidden);
  desk.press("-");
  CHECK(reader.messages()[6].is_hidden);
  desk.press("]");
  CHECK(reader.current() == 6);
  CHECK_FALSE(reader.messages()[6].is_hidden);
  // Nothing answers the last one.
  desk.press("-");
  CHECK(reader.messages()[6].hidden == 0);
  CHECK(desk.state.notice().text == "Nothing answers this message.");
}

TEST_CASE("a long quotation is one line, and whole again") {
  Desk desk({}, 0, 30, 29);
  desk.press("<enter>");
  const auto folded = [&desk] {
    const auto rows = desk.state.reader().visible();
    return std::count_if(rows.begin(), rows.end(), [](const auto& row) { return row.row.kind == app::ReaderRow::Kind::folded_quote; });
  };
  CHECK(folded() == 1);
  desk.press("\"");
  CHECK(folded() == 0);
  desk.press("\"");
  CHECK(folded() == 1);
  // Where it is short there is nothing to fold.
  desk.state.resize(120, 29);
  CHECK(folded() == 0);
  desk.press("\"");
  CHECK(desk.state.notice().text == "This message quotes nothing long.");
}

TEST_CASE("attachments and links open outside, and a message goes through a command") {
  Desk desk;
  desk.press("<enter>o");
  CHECK(desk.state.prompt().text() == "launch ");
  CHECK(desk.state.prompt().completions().list.size() == 3);
  desk.type("1");
  desk.press("<enter>");
  REQUIRE(desk.last<messages::OpenPart>() != nullptr);
  CHECK(desk.last<messages::OpenPart>()->number == "2");
  CHECK(desk.state.notice().text.starts_with("Opened "));
  desk.state.run("launch 3");
  CHECK(desk.last<messages::OpenLink>()->target == "https://example.org/budget/2027");
  desk.state.run("launch 4");
  CHECK(desk.state.notice().kind == app::Notice::Kind::failed);
  desk.press("<esc>|");
  CHECK(desk.state.prompt().text() == "pipe ");
  desk.type("wc -l");
  desk.press("<enter>");
  REQUIRE(desk.last<messages::PipeMessage>() != nullptr);
  CHECK(desk.last<messages::PipeMessage>()->command == "wc -l");
  CHECK(desk.last<messages::PipeMessage>()->number.empty());
  CHECK(desk.last<messages::PipeMessage>()->files == desk.state.reader().current_message()->message.files);
  CHECK(desk.state.notice().text == "ran wc -l");
  desk.state.run("pipe 2 md5sum");
  CHECK(desk.last<messages::PipeMessage>()->number == "3");
  desk.state.run("pipe 3 md5sum");
  CHECK(desk.state.notice().text.starts_with("There is no attachment 3."));
}
