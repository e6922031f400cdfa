#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <numeric>

#include "canned_mailroom.hpp"
#include "valija/app/activity.hpp"
#include "valija/app/geometry.hpp"
#include "valija/app/part_view.hpp"
#include "valija/app/people.hpp"
#include "valija/app/prompt.hpp"
#include "valija/app/reader.hpp"
#include "valija/app/sidebar.hpp"
#include "valija/app/text_flow.hpp"
#include "valija/base/text.hpp"

using namespace valija;

namespace {

Line line_of(std::string text) {
  Line line;
  line.spans.push_back({std::move(text), {}});
  return line;
}

}  // namespace

TEST_CASE("a part without a text says so, a picture does not") {
  const auto text_of = [](const app::PartView& view) { return view.document().lines.empty() ? "" : view.document().lines.front().spans.front().text; };
  CHECK(text_of(app::PartView("scan.pdf", {})) == "There is no text in it.");
  Document blank;
  blank.lines = {{}, line_of(" ")};
  CHECK(text_of(app::PartView("scan.pdf", blank)) == "There is no text in it.");
  blank.warnings = {"Only the first MB is shown."};
  CHECK(text_of(app::PartView("scan.pdf", blank)) == "Only the first MB is shown.");
  CHECK(text_of(app::PartView("photo.png", {}, Pixels{2, 2, std::string(16, 'x')})).empty());
}

TEST_CASE("panes lie inside the screen at every size") {
  CHECK(rc::check([] {
    const int columns = *rc::gen::inRange(-5, 300), rows = *rc::gen::inRange(-5, 100);
    const app::Wish wish{.sidebar_width = *rc::gen::inRange(-5, 200),
                         .sidebar_shown = *rc::gen::arbitrary<bool>(),
                         .sidebar_focused = *rc::gen::arbitrary<bool>(),
                         .reader_open = *rc::gen::arbitrary<bool>(),
                         .split = *rc::gen::element(app::Split::automatic, app::Split::none, app::Split::below, app::Split::beside),
                         .list_share = *rc::gen::inRange(-100, 1200),
                         .linear = *rc::gen::arbitrary<bool>()};
    const app::Geometry all = app::lay_out(columns, rows, wish);
    for (const app::Area& area : {all.title, all.sidebar, all.sidebar_rule, all.list, all.reader_rule, all.reader, all.message}) {
      if (area.empty()) continue;
      RC_ASSERT(area.row >= 0);
      RC_ASSERT(area.column >= 0);
      RC_ASSERT(area.row + area.rows <= std::max(0, rows));
      RC_ASSERT(area.column + area.columns <= std::max(0, columns));
    }
  }));
}

TEST_CASE("small screens give the mail all the room") {
  CHECK(app::lay_out(80, 24, {}).sidebar.empty());
  CHECK_FALSE(app::lay_out(80, 24, {.sidebar_focused = true}).sidebar.empty());
  CHECK(app::lay_out(80, 24, {.reader_open = true}).list.empty());
  CHECK_FALSE(app::lay_out(160, 48, {.reader_open = true}).list.empty());
}

TEST_CASE("wrapping keeps every octet in order and no line is wider than its room") {
  CHECK(rc::check([] {
    std::string text;
    for (int i = *rc::gen::inRange(0, 60); i > 0; --i) text += *rc::gen::element<std::string>("word ", "a", "longerwordthanmost", " ", "田中", "é", "👍🏽 ");
    const int columns = *rc::gen::inRange(8, 40);
    Line line = line_of(text);
    line.wraps = *rc::gen::arbitrary<bool>();
    std::size_t at = 0;
    for (const app::FlowRow& row : app::flow({line}, columns, columns)) {
      RC_ASSERT(row.begin == at);
      RC_ASSERT(row.end >= row.begin);
      const std::string piece = text.substr(row.begin, row.end - row.begin);
      const std::size_t ink = piece.find_last_not_of(' ');
      if (ink != std::string::npos) RC_ASSERT(display_width(piece.substr(0, ink + 1)) <= columns + 1);
      at = row.end;
    }
    RC_ASSERT(at == text.size());
  }));
}

TEST_CASE("words stay whole where they can") {
  const std::string text = "one two three four";
  const auto rows = app::flow({line_of(text)}, 8, 80);
  REQUIRE(rows.size() == 3);
  CHECK(text.substr(rows[0].begin, rows[0].end) == "one two ");
  CHECK(text.substr(rows[1].begin, rows[1].end - rows[1].begin) == "three ");
}

TEST_CASE("a line of twenty megabytes is wrapped in linear time") {
  const auto rows = app::flow({line_of(std::string(20'000'000, 'x'))}, 80, 80);
  CHECK(rows.size() == 250'000);
}

TEST_CASE("nested folders stand under their parents, roles come first") {
  app::Sidebar sidebar(testing::canned_settings(), "");
  sidebar.take(testing::canned_folders("work"));
  std::string all;
  for (const app::SidebarRow& row : sidebar.rows()) all += std::string(static_cast<std::size_t>(row.depth), '>') + row.label + "|";
  CHECK(all == "VIEWS|Inbox|Unread|Flagged|Sent|Drafts|Archive|All mail||WORK|Inbox|Drafts|Sent|Archive|Clients/Olmo|Lists|>debian-devel|>notmuch||HOME|Inbox|");
  REQUIRE(sidebar.find("work/Lists/notmuch") != nullptr);
  CHECK(sidebar.find("work/Lists/notmuch")->query == "folder:\"work/Lists/notmuch\"");
}

TEST_CASE("saved searches stand below the views, and a view of the same name goes before them") {
  const auto labels = [](const app::Sidebar& sidebar) {
    std::string all;
    for (const app::SidebarRow& row : sidebar.rows()) {
      if (row.kind == app::SidebarRow::Kind::view) all += row.label + "|";
    }
    return all;
  };
  const messages::ViewsListed listed{{{"Inbox", "tag:other"}, {"todo", "tag:todo"}, {"empty", ""}, {"from-ito", "from:ito"}}};
  config::Settings settings = testing::canned_settings();
  app::Sidebar sidebar(settings, "");
  sidebar.take(messages::FoldersListed(testing::canned_folders("work")));
  sidebar.select("tag:sent");
  sidebar.take(listed);
  CHECK(labels(sidebar) == "Inbox|Unread|Flagged|Sent|Drafts|Archive|All mail|todo|from-ito|");
  CHECK(sidebar.find("from-ito")->query == "from:ito");
  REQUIRE(sidebar.active() != nullptr);
  CHECK(sidebar.active()->query == "tag:sent");
  sidebar.take(listed);
  CHECK(labels(sidebar) == "Inbox|Unread|Flagged|Sent|Drafts|Archive|All mail|todo|from-ito|");

  settings.views = {{"Todo", "tag:mine"}};
  app::Sidebar own(settings, "");
  own.take(listed);
  CHECK(labels(own) == "Todo|Inbox|from-ito|");
  CHECK(own.find("todo")->query == "tag:mine");
}

TEST_CASE("counts go to their rows also when folders appeared meanwhile") {
  app::Sidebar sidebar(testing::canned_settings(), "mail/");
  const std::vector<std::string> queries = sidebar.counted_queries();
  sidebar.take(testing::canned_folders("work"));
  std::vector<std::uint64_t> counts(queries.size());
  std::iota(counts.begin(), counts.end(), 1);
  sidebar.take_counts(queries, counts);
  CHECK(sidebar.find("inbox")->count == 1);
  CHECK(sidebar.find("all")->count == 7);
  CHECK(sidebar.find("work/INBOX")->count == 8);
  CHECK(sidebar.find("work/INBOX")->query == "folder:\"mail/work/INBOX\"");
  CHECK(sidebar.find("work/Lists")->count == 0);
}

TEST_CASE("a term cannot break out of its quotes") { CHECK(app::quoted_term("a\" or *") == "\"a\"\" or *\""); }

TEST_CASE("people are named shortly, and own addresses are you") {
  const app::People people(testing::canned_settings());
  ThreadSummary thread;
  thread.authors = {"Marta Gil", "Ana Ruiz", "ANA@example.org"};
  thread.other_authors = {"Jun Tanaka", "Marta Gil"};
  thread.unread_authors = {"Jun Tanaka", "ANA@example.org"};
  using Named = std::vector<app::People::Participant>;
  CHECK(people.participants(thread) == Named{{"Marta", false}, {"Jun", true}, {"you", true}});
  thread.authors = {"Marta Gil"};
  thread.other_authors = {};
  CHECK(people.participants(thread) == Named{{"Marta Gil", false}});
}

TEST_CASE("a typed line is edited by whole characters and remembers its history") {
  app::Prompt prompt;
  prompt.open(app::Prompt::Kind::search, "");
  prompt.insert("e\u0301 👨‍👩‍👧");
  prompt.erase_before();
  CHECK(prompt.text() == "e\u0301 ");
  prompt.left();
  prompt.left();
  CHECK(prompt.cursor() == 0);
  prompt.erase_after();
  CHECK(prompt.text() == " ");
  prompt.insert("one two");
  prompt.erase_word();
  CHECK(prompt.text() == "one  ");
  prompt.remember();
  prompt.open(app::Prompt::Kind::search, "dr");
  prompt.older();
  CHECK(prompt.text() == "one  ");
  prompt.newer();
  CHECK(prompt.text() == "dr");
}

TEST_CASE("completions go round and give back what was typed") {
  app::Prompt prompt;
  prompt.open(app::Prompt::Kind::command, "t");
  prompt.set_completions({0, {{"tag", {}, {}}, {"theme", {}, {}}}});
  prompt.choose(1);
  CHECK(prompt.text() == "tag");
  prompt.choose(1);
  prompt.choose(1);
  CHECK(prompt.text() == "t");
  prompt.choose(-1);
  CHECK(prompt.text() == "theme");
}

TEST_CASE("progress says messages, rate and time left") {
  CHECK(app::to_text(messages::SyncProgress{"work", messages::SyncProgress::Stage::downloading, "INBOX", 1204, 20000, 310.4, 170}) ==
        "work 1,204 of 20,000, 310/s, 3 min");
  CHECK(app::to_text(messages::SyncProgress{"work", messages::SyncProgress::Stage::connecting, "", 0, 0, 0, -1}) == "work connecting");
  CHECK(app::to_text(messages::SyncProgress{"work", messages::SyncProgress::Stage::changing, "INBOX", 0, 0, 0, -1, 0, 12, 3}) == "work: 12 moved, 3 flags sent");
  CHECK(app::time_left(-1).empty());
  CHECK(app::time_left(59) == "59 s");
}

TEST_CASE("a failure stays with its account until a pass goes well") {
  app::Activity activity;
  activity.fail({0, {Kind::login, Blast::account, "No.", ""}, "work", {}}, 4);
  activity.take(messages::SyncFinished{"work", 0, 0, 0, 0, false}, 5);
  CHECK(activity.accounts()[0].state == app::AccountActivity::State::failed);
  activity.take(messages::SyncFinished{"work", 0, 0, 0, 0, true}, 6);
  CHECK(activity.accounts()[0].state == app::AccountActivity::State::done);
}

TEST_CASE("of several failures what waits for a person is said first, and a new pass begins with none") {
  app::Activity activity;
  const auto begin = [&] { activity.take(messages::SyncProgress{"work", messages::SyncProgress::Stage::connecting, "", 0, 0, 0, -1}); };
  begin();
  activity.fail({0, {Kind::input, Blast::folder, "Lists is not readable.", "Mend it."}, "work", "Lists"}, 4);
  CHECK(activity.failure_of("work").text == "work: Lists is not readable.");
  CHECK(activity.failure_of("work").hint == "Mend it.");
  CHECK(activity.held_accounts().empty());
  activity.fail({0, {Kind::try_later, Blast::folder, "90 messages are gone.", "valija sync --confirm-deletes"}, "work", "INBOX", false, true}, 4);
  CHECK(activity.failure_of("work").text == "work: 90 messages are gone. 1 more failure.");
  CHECK(activity.failure_of("work").hint.find(":sync confirm") != std::string::npos);
  CHECK(activity.held_accounts() == std::vector<std::string>{"work"});
  activity.take(messages::SyncFinished{"work", 0, 0, 0, 0, false}, 5);
  begin();
  CHECK(activity.held_accounts().size() == 1);
  activity.fail({0, {Kind::input, Blast::folder, "Another.", ""}, "work", "Lists"}, 4);
  CHECK(activity.failure_of("work").text == "work: Another.");
  CHECK(activity.held_accounts().empty());
  activity.take(messages::SyncFinished{"work", 0, 0, 0, 0, true}, 6);
  CHECK(activity.failure_of("work").kind == app::Notice::Kind::none);
}

TEST_CASE("a thread of five hundred messages scrolls from end to end and back") {
  app::Reader reader;
  reader.resize(80, 20, 72);
  reader.open("t", "");
  const auto request = reader.wanted_thread(1);
  REQUIRE(request.has_value());
  messages::ThreadOpened opened{1, "t", {}};
  for (int i = 0; i < 500; ++i) {
    ThreadMessage message;
    message.id = std::to_string(i);
    message.subject = "s";
    message.tags = {"unread"};
    opened.messages.push_back(message);
  }
  REQUIRE(reader.take(std::move(opened)));
  int rendered = 0;
  messages::RequestId id = 2;
  while (auto wanted = reader.wanted_message(id)) {
    ++rendered;
    ++id;
  }
  CHECK(rendered == 4);
  reader.bottom();
  CHECK(reader.is_at_end());
  CHECK(reader.current() == 499);
  reader.scroll(-1000000);
  CHECK(reader.visible().front().message == 0);
  reader.top();
  CHECK(reader.current() == 0);
  int pages = 0;
  while (reader.page(1)) ++pages;
  CHECK(pages > 50);
  CHECK(reader.visible().back().message == 499);
}

TEST_CASE("a message that arrives in an open thread does not move what is read") {
  app::Reader reader;
  reader.resize(80, 10, 72);
  reader.open("t", "");
  REQUIRE(reader.wanted_thread(1).has_value());
  ThreadMessage first, second;
  first.id = "1";
  second.id = "2";
  reader.take(messages::ThreadOpened{1, "t", {first, second}});
  reader.bottom();
  const std::string current = reader.current_message()->message.id;
  reader.invalidate();
  REQUIRE(reader.wanted_thread(2).has_value());
  ThreadMessage older;
  older.id = "0";
  reader.take(messages::ThreadOpened{2, "t", {older, first, second}});
  CHECK(reader.current_message()->message.id == current);
}
