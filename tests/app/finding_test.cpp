#include "desk.hpp"
#include "valija/app/commands.hpp"

using namespace valija;
using testing::Desk;

namespace {

std::string found_after(Desk& desk, std::string_view typed) {
  desk.press("/");
  desk.type(typed);
  desk.answer();
  return desk.state.found_in_words();
}

}  // namespace

TEST_CASE("a search shows rows and their number while it is typed, and Esc brings back what was there") {
  Desk desk;
  desk.press("j");
  const std::string before = desk.active();
  CHECK(found_after(desk, "invoi") == "1 message");
  CHECK(desk.active() == "Invoice 2026-114");
  CHECK(desk.state.prompt().is_open());
  desk.press("<esc>");
  CHECK(desk.active() == before);
  CHECK_FALSE(desk.state.is_search());
  CHECK(desk.state.list().query() == "tag:inbox");
  CHECK(desk.state.live_search().query.empty());
}

TEST_CASE("enter keeps the rows that are shown and asks nothing again") {
  Desk desk;
  found_after(desk, "invoi");
  const std::size_t asked = desk.count<messages::ListThreads>();
  desk.press("<enter>");
  CHECK(desk.state.is_search());
  CHECK(desk.state.title() == "invoi");
  CHECK(desk.active() == "Invoice 2026-114");
  CHECK(desk.count<messages::ListThreads>() == asked);
  desk.press("q");
  CHECK(desk.state.list().query() == "tag:inbox");
}

TEST_CASE("a question that a further letter made useless is taken back, and its answer does nothing") {
  Desk desk;
  desk.press("/");
  desk.type("inv");
  std::vector<messages::Event> late = std::exchange(desk.waiting, {});
  desk.type("o");
  CHECK(desk.count<messages::Cancel>() >= 2);
  for (messages::Event& event : late) desk.state.handle(std::move(event));
  CHECK_FALSE(desk.state.live_search().is_shown);
  desk.answer();
  CHECK(desk.active() == "Invoice 2026-114");
}

TEST_CASE("a query that cannot be says so, and the rows before it stay") {
  Desk desk;
  CHECK(found_after(desk, "invoice") == "1 message");
  desk.state.paste(" and");
  desk.answer();
  CHECK(desk.state.found_in_words().find("and") != std::string::npos);
  REQUIRE(desk.state.live_search().fault.has_value());
  CHECK(desk.state.live_search().fault->begin == 8);
  CHECK(desk.active() == "Invoice 2026-114");
}

TEST_CASE("nothing found names the tag or prefix that was probably meant") {
  Desk desk;
  CHECK(found_after(desk, "tag:inbux").find("tag:inbox") != std::string::npos);
  desk.press("<esc>");
  CHECK(found_after(desk, "form:marta").find("from:") != std::string::npos);
}

TEST_CASE("what notmuch refuses is told at its place") {
  Desk desk;
  desk.press("/");
  desk.type("date:xyzzy");
  desk.waiting.clear();
  const messages::RequestId id = desk.state.live_search().rows_id;
  REQUIRE(id != 0);
  desk.state.handle(messages::Failed{id, {Kind::usage, Blast::message, "The search is not understood.", "See notmuch."}, {}, {}});
  REQUIRE(desk.state.live_search().fault.has_value());
  CHECK(desk.state.live_search().fault->end == 10);
  CHECK(desk.state.found_in_words().find("date:xyzzy") != std::string::npos);
}

TEST_CASE("history comes from earlier runs and is kept") {
  Desk desk;
  desk.mailroom.typed_searches = {"tag:todo", "from:nora"};
  REQUIRE(desk.last<messages::LoadHistory>() != nullptr);
  desk.state.handle(messages::HistoryLoaded{desk.last<messages::LoadHistory>()->id, {"sync"}, {"tag:todo", "from:nora"}});
  desk.press("/<up>");
  CHECK(desk.state.prompt().text() == "from:nora");
  desk.press("<up>");
  CHECK(desk.state.prompt().text() == "tag:todo");
  desk.press("<esc>");
  found_after(desk, "invoice");
  desk.press("<enter>");
  REQUIRE(desk.last<messages::KeepHistory>() != nullptr);
  CHECK(desk.last<messages::KeepHistory>()->line == "invoice");
  CHECK(desk.last<messages::KeepHistory>()->is_search);
  desk.press(":<up>");
  CHECK(desk.state.prompt().text() == "sync");
}

TEST_CASE("a search is kept as a view") {
  Desk desk;
  desk.state.run("search invoice");
  desk.answer();
  desk.state.run("save-view Bills");
  REQUIRE(desk.last<messages::WriteSetting>() != nullptr);
  CHECK(desk.last<messages::WriteSetting>()->section == "views");
  CHECK(desk.last<messages::WriteSetting>()->key == "Bills");
  CHECK(desk.last<messages::WriteSetting>()->text == "invoice");
  desk.answer();
  REQUIRE(desk.state.sidebar().find("Bills") != nullptr);
  CHECK(desk.state.notice().text.find("Bills") != std::string::npos);
  // The settings named no view before: those that are built in are written too, which is said, once.
  CHECK(desk.state.notice().hint == "Those that were there before are written there too, so that all stay.");
  const std::size_t written = desk.count<messages::WriteSetting>();
  CHECK(written > 1);
  desk.state.run("save-view Money");
  desk.answer();
  CHECK(desk.count<messages::WriteSetting>() == written + 1);
  CHECK(desk.state.notice().hint.empty());
}

TEST_CASE("people and dates are completed in a search") {
  Desk desk;
  found_after(desk, "from:mar");
  const auto texts = [&desk] {
    std::vector<std::string> all;
    for (const app::Completion& completion : desk.state.prompt().completions().list) all.push_back(completion.text);
    return all;
  };
  const std::vector<std::string> people = texts();
  CHECK(std::find(people.begin(), people.end(), "from:marta@example.org") != people.end());
  desk.press("<esc>");
  found_after(desk, "date:yes");
  CHECK(texts() == std::vector<std::string>{"date:yesterday"});
}

TEST_CASE("the palette finds commands by a few letters and runs the first") {
  Desk desk;
  desk.press("<c-p>");
  desk.type("togunr");
  REQUIRE_FALSE(desk.state.prompt().completions().list.empty());
  const app::Completion best = desk.state.prompt().completions().list.front();
  CHECK(best.text == "toggle-unread");
  CHECK(best.keys == "N");
  CHECK(best.marked.size() == 6);
  CHECK(desk.state.prompt().chosen() == 0);
  desk.press("<enter>");
  CHECK_FALSE(desk.state.prompt().is_open());
  CHECK(desk.last<messages::ChangeTags>() != nullptr);
  SUBCASE("one that needs a word asks for it") {
    desk.press("<c-p>");
    desk.type("save-view");
    desk.press("<enter>");
    CHECK(desk.state.prompt().kind() == app::Prompt::Kind::command);
    CHECK(desk.state.prompt().text() == "save-view ");
  }
  SUBCASE("views are in it, and the arrows choose") {
    desk.press("<c-p>");
    desk.type("sent");
    const auto& list = desk.state.prompt().completions().list;
    const auto sent = std::find_if(list.begin(), list.end(), [](const app::Completion& row) { return row.text == "view sent"; });
    REQUIRE(sent != list.end());
    for (auto down = sent - list.begin(); down > 0; --down) desk.press("<down>");
    desk.press("<enter>");
    CHECK(desk.state.list().query() == "tag:sent");
  }
}

TEST_CASE("the help is narrowed down as one types") {
  Desk desk;
  desk.press("?");
  const std::size_t all = desk.state.help().size();
  desk.press("/");
  desk.type("archive");
  CHECK(desk.state.help().size() < all);
  REQUIRE_FALSE(desk.state.help().empty());
  CHECK(desk.state.help().front().is_heading);
  desk.press("<enter>");
  CHECK(desk.state.is_help_open());
  CHECK(desk.state.help_wanted() == "archive");
  desk.press("/<esc>");
  CHECK(desk.state.help().size() == all);
  desk.press("q");
  CHECK_FALSE(desk.state.is_help_open());
}

TEST_CASE("a long sentence of the help goes on in the rows below") {
  const app::HelpRow row{false, "gn", "newsletters", "Shows who sends newsletters, by how much, and what of it was never read.", false};
  const std::vector<app::HelpRow> wide = app::wrapped_help({row}, 160), narrow = app::wrapped_help({row}, 60);
  REQUIRE(wide.size() == 1);
  CHECK(wide[0].doc == row.doc);
  REQUIRE(narrow.size() == 2);
  CHECK_FALSE(narrow[0].is_rest);
  CHECK(narrow[1].is_rest);
  CHECK(narrow[0].doc + " " + narrow[1].doc == row.doc);  // the blank would be one column too many
  CHECK(static_cast<int>(narrow[0].doc.size()) <= app::help_columns(row, 60).doc);
  CHECK(app::wrapped_help({{true, {}, "Everywhere", {}, false}, {}}, 80).size() == 2);
}

TEST_CASE("an unknown key names the nearest command") {
  Desk desk;
  desk.press("#");  // Gmail's
  CHECK(desk.state.notice().hint.find("trash") != std::string::npos);
  CHECK(desk.state.notice().hint.find("gmail") != std::string::npos);
  desk.press("O");  // of an open thread
  CHECK(desk.state.notice().hint.find("fold-all") != std::string::npos);
}

TEST_CASE("every preset is sound, and changes the keys") {
  for (const char* preset : {"vim", "mutt", "gmail", "alpine"}) {
    std::vector<config::KeyFault> faults;
    const auto keys = app::default_keys(preset);
    config::Keymap::build(keys, {}, faults);
    for (const config::KeyFault& fault : faults) FAIL_CHECK(preset << ": " << fault.message);
    for (const config::DefaultKey& key : keys) CHECK_MESSAGE(app::fault_of_command_line(key.command).empty(), key.command);
    for (const char* needed : {"help", "command", "palette", "close", "open", "archive", "trash", "search", "compose", "reply", "reply-all", "undo"}) {
      const bool is_bound = std::any_of(keys.begin(), keys.end(), [needed](const config::DefaultKey& key) { return std::string_view(key.command) == needed; });
      CHECK_MESSAGE(is_bound, preset, " ", needed);
    }
  }
  config::Settings settings = testing::canned_settings();
  settings.ui_keys = "gmail";
  Desk desk;
  desk.state.apply(settings);
  desk.press("e");
  REQUIRE(desk.last<messages::ChangeTags>() != nullptr);
  CHECK(desk.last<messages::ChangeTags>()->add == std::vector<std::string>{"archive"});
}

TEST_CASE("keys of a typed line can be bound") {
  config::Settings settings = testing::canned_settings();
  settings.keys = {{"prompt", "<c-t>", "prompt-home", 1, 1}, {"prompt", "<c-x>w", "prompt-erase-word", 2, 1}, {"prompt", "<c-o>", "view sent", 3, 1}};
  CHECK(app::key_faults(settings).empty());
  Desk desk;
  desk.state.apply(settings);
  desk.press(":");
  desk.type("one two");
  desk.press("<c-t>");
  CHECK(desk.state.prompt().cursor() == 0);
  desk.press("<c-e><c-x>w");
  CHECK(desk.state.prompt().text() == "one ");
  desk.press("<c-o>");
  CHECK_FALSE(desk.state.prompt().is_open());
  CHECK(desk.state.list().query() == "tag:sent");
}
