#include <doctest/doctest.h>

#include "desk.hpp"

using namespace valija;
using namespace valija::testing;

TEST_CASE("the end of a long list is asked for by itself, and the way back up too") {
  Desk desk({}, 100000);
  const std::size_t before = desk.count<messages::ListThreads>();
  desk.press("G");
  CHECK(desk.count<messages::ListThreads>() - before <= 3);
  CHECK(desk.state.list().at_end());
  CHECK_FALSE(desk.state.list().at_start());
  const std::string last = desk.mailroom.threads().back().summary.id;
  CHECK(desk.state.list().active()->id == last);
  for (int i = 0; i < 3000; ++i) desk.press("k");
  const auto& threads = desk.mailroom.threads();
  CHECK(desk.state.list().active()->id == threads[threads.size() - 3001].summary.id);
  CHECK(desk.state.list().rows().size() <= 2100);
  for (int i = 0; i < 3000; ++i) desk.press("j");
  CHECK(desk.state.list().active()->id == last);
  desk.press("gg");
  CHECK(desk.state.list().active()->id == threads.front().summary.id);
  CHECK(desk.state.list().at_start());
}

TEST_CASE("keys behind G move from the end, and Esc stays where one is") {
  app::ThreadList list;
  list.resize(20, 1000);
  list.open("*");
  const auto rows = [](std::size_t from, std::size_t count) {
    std::vector<ThreadSummary> all(count);
    for (std::size_t i = 0; i < count; ++i) all[i].id = std::to_string(from + i);
    return all;
  };
  REQUIRE(list.wanted(1));
  CHECK(list.take({1, 0, rows(0, 40), false, true}));
  list.bottom();
  list.move(-2);
  CHECK(list.is_seeking());
  const auto wanted = list.wanted(2);
  REQUIRE(wanted);
  CHECK(wanted->from_end);
  CHECK(wanted->first == 0);
  CHECK(list.take({2, 0, rows(960, 40), true, false}));
  CHECK(list.active()->id == "997");
  CHECK_FALSE(list.is_seeking());
  // New mail comes above: the number from the end stays, and so does the row.
  list.invalidate();
  const auto again = list.wanted(3);
  REQUIRE(again);
  CHECK(again->from_end);
  CHECK(list.take({3, again->first, rows(960, 40), true, false}));
  CHECK(list.active()->id == "997");
  // To the start from there: the rows are counted from it again.
  for (messages::RequestId id = 4; id < 100; ++id) {
    list.page(-1);
    const auto more = list.wanted(id);
    if (!more) continue;
    CHECK(more->from_end);
    const std::size_t end = 1000 - more->first;
    const std::size_t begin = end - std::min(end, more->count);
    CHECK(list.take({id, more->first, rows(begin, end - begin), more->first == 0, begin == 0}));
    if (begin == 0) break;
  }
  CHECK(list.at_start());
  for (int i = 0; i < 100; ++i) list.page(-1);
  CHECK(list.active()->id == "0");

  list.open("*");
  REQUIRE(list.wanted(200));
  CHECK(list.take({200, 0, rows(0, 40), false, true}));
  list.bottom();
  REQUIRE(list.wanted(201));
  list.stop_seeking();
  CHECK(list.take({201, 0, rows(960, 40), true, false}));
  CHECK(list.active()->id == "0");
}

TEST_CASE("a list of messages asks for them, and opens the one of the cursor") {
  Desk desk;
  desk.press("gv");
  CHECK(desk.last<messages::ListThreads>()->by_message);
  REQUIRE(desk.state.list().active() != nullptr);
  CHECK(desk.state.list().active()->message == desk.state.list().active()->id + ".0@example.org");
  desk.press("<enter>");
  CHECK(desk.last<messages::OpenThread>()->query.starts_with("id:"));
  desk.press("q");
  desk.press("gv");
  CHECK_FALSE(desk.last<messages::ListThreads>()->by_message);
  CHECK(desk.state.list().active()->message.empty());
}

TEST_CASE("snippets are asked for once, for what is on the screen") {
  Desk desk;
  CHECK(desk.count<messages::FindSnippets>() == 0);
  desk.press("gl");
  REQUIRE(desk.count<messages::FindSnippets>() == 1);
  CHECK(desk.last<messages::FindSnippets>()->files.size() < 30);
  const auto lines = desk.state.list().visible();
  const auto snippet = std::find_if(lines.begin(), lines.end(), [](const app::ListLine& line) { return line.is_snippet; });
  REQUIRE(snippet != lines.end());
  const std::string* text = desk.state.list().snippet(desk.state.list().rows()[snippet->row]);
  REQUIRE(text != nullptr);
  CHECK(*text == "The first words of the message, as they stand there.");
  desk.press("jjkk");
  CHECK(desk.count<messages::FindSnippets>() == 1);
  desk.press("gl");
  for (const app::ListLine& line : desk.state.list().visible()) CHECK_FALSE(line.is_snippet);
}

TEST_CASE("headings can be left out, and every line is a row then") {
  app::ThreadList list;
  list.set_manner({.has_headings = false});
  list.resize(10, 1000);
  list.open("*");
  std::vector<ThreadSummary> rows(30);
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i].id = std::to_string(i);
  REQUIRE(list.wanted(1));
  CHECK(list.take({1, 0, rows, true, true}));
  const auto lines = list.visible();
  CHECK(lines.size() == 10);
  for (const app::ListLine& line : lines) CHECK(line.heading.empty());
  list.move(29);
  CHECK(list.visible().back().row == 29);
  list.move(-29);
  CHECK(list.visible().front().row == 0);
}

TEST_CASE("tags of the whole index complete, most used first") {
  Desk desk;
  CHECK(desk.count<messages::ListTags>() == 1);
  CHECK(desk.state.known_tags().front() == "inbox");
  const auto tags = desk.state.known_tags();
  CHECK(std::find(tags.begin(), tags.end(), "sent") != tags.end());  // on no row of the inbox
  CHECK(std::find(tags.begin(), tags.end(), "archive") != tags.end());
  desk.press("t");
  CHECK(desk.count<messages::ListTags>() == 2);
}

TEST_CASE("the tags of an index without any are asked for once, and again when a line is opened") {
  Desk desk;
  desk.mailroom.threads().clear();
  desk.press("<esc>:<esc>");
  CHECK(desk.count<messages::ListTags>() == 2);
  desk.pass(5000);
  CHECK(desk.count<messages::ListTags>() == 2);
}

TEST_CASE("tags that are listed while a line is typed complete it at once, and a list that fails is asked for again") {
  Desk desk;
  desk.mailroom.answer = [](const messages::Event&) {};
  desk.press("t");
  desk.type("+brand");
  CHECK(desk.state.prompt().completions().list.empty());
  messages::RequestId asked = desk.last<messages::ListTags>()->id;
  desk.state.handle(messages::TagsListed{asked, {{"brand-new", 3}}});
  REQUIRE(desk.state.prompt().completions().list.size() == 1);
  CHECK(desk.state.prompt().completions().list.front().text == "+brand-new");
  desk.press("<esc>t");
  asked = desk.last<messages::ListTags>()->id;
  desk.state.handle(messages::Failed{asked, {Kind::disk, Blast::program, "The index cannot be read.", ""}, {}, {}});
  CHECK(desk.count<messages::ListTags>() == 3);
  desk.press("<esc>t");
  CHECK(desk.count<messages::ListTags>() == 4);
}

TEST_CASE("the account of a row is that of its file") {
  Desk desk;
  ThreadSummary row;
  row.path = "/mail/home/INBOX/cur/1";
  CHECK(desk.state.account_of(row) == std::size_t{1});
  row.path = "/mail/work/Archive/cur/1";
  CHECK(desk.state.account_of(row) == std::size_t{0});
  for (const char* path : {"", "/mail/other/INBOX/cur/1", "/mailwork/INBOX/cur/1", "/mail/"}) {
    row.path = path;
    CHECK_FALSE(desk.state.account_of(row).has_value());
  }
}
