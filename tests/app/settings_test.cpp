#include "desk.hpp"

using namespace valija;
using testing::Desk;

namespace {

messages::Failed failure(const std::string& what) { return {0, {Kind::disk, Blast::message, what, "Do something."}, {}, {}}; }

}  // namespace

TEST_CASE("other settings apply at once, what the workers read at the next start") {
  Desk desk({}, 0, 120, 40);
  config::Settings settings = desk.settings;
  settings.ui_theme = "paper";
  settings.ui_sidebar = false;
  settings.views = {{"To reply", "tag:flagged"}};
  settings.keys = {{"list", "x", "archive"}};
  settings.sync_interval = 60;
  settings.accounts.pop_back();
  const auto revision = desk.state.settings_revision();
  desk.state.apply(settings);
  CHECK(desk.state.theme_name() == "paper");
  CHECK(desk.state.settings_revision() != revision);
  CHECK(desk.state.geometry().sidebar.empty());
  REQUIRE(desk.state.sidebar().find("to reply") != nullptr);
  CHECK(desk.state.key_of("archive") != ":archive");
  CHECK(desk.state.settings().accounts.size() == 2);
  CHECK(desk.state.settings().sync_interval == 300);
  CHECK(desk.state.notice().hint == "At the next start: [account], [sync].");
}

TEST_CASE("a file that is wrong is said with its line, and changes nothing") {
  Desk desk;
  desk.state.settings_failed({{"/home/ana/.config/valija/valijarc", 7, 3, "ascii = 1", "ui.ascii must be true or false, without quotes.", ""}, {}});
  CHECK(desk.state.notice().kind == app::Notice::Kind::failed);
  CHECK(desk.state.notice().text == "valijarc:7: ui.ascii must be true or false, without quotes. 1 more fault.");
  CHECK_FALSE(desk.state.settings().ui_ascii);
}

TEST_CASE(":set changes one setting, says it, and names what it does not know") {
  Desk desk;
  desk.state.run("set ui.ascii true");
  CHECK(desk.state.settings().ui_ascii);
  desk.state.run("set ui.text-width");
  CHECK(desk.state.notice().text == "ui.text-width = 88");
  for (const char* wrong : {"set ui.text-width wide", "set ui.text-width 5", "set ui.ascii maybe", "set ui.theme pink"}) {
    CAPTURE(wrong);
    desk.state.run(wrong);
    CHECK(desk.state.notice().kind == app::Notice::Kind::failed);
    desk.press("<esc>");
  }
  CHECK(desk.state.settings().ui_text_width == 88);
  desk.state.run("set ui.asci true");
  CHECK(desk.state.notice().hint == "Did you mean `ui.ascii`?");
  desk.press("<esc>");
  desk.state.run("set sync.interval 9");
  CHECK(desk.state.notice().text == "sync.interval is read only at the start.");
  CHECK(desk.state.settings().sync_interval == 300);
}

TEST_CASE("a theme is shown while it is chosen, and Esc brings the old one back") {
  Desk desk;
  desk.press(":");
  desk.type("theme em");
  CHECK(desk.state.theme_name() == "auto");
  desk.press("<tab>");
  CHECK(desk.state.theme_name() == "ember");
  desk.press("<esc>");
  CHECK(desk.state.theme_name() == "auto");
  desk.state.run("theme noon");
  CHECK(desk.state.theme_name() == "noon");
  desk.state.run("theme pink");
  CHECK(desk.state.notice().kind == app::Notice::Kind::failed);
  CHECK(desk.state.theme_name() == "noon");
}

TEST_CASE("failures stay until each is dismissed, whatever is said and typed meanwhile") {
  Desk desk;
  desk.state.handle(failure("The disk is full."));
  desk.state.handle(failure("The file is gone."));
  CHECK(desk.state.notice().text == "The file is gone. (+1 failure)");
  desk.state.say(app::Notice::Kind::done, "Archived.");
  CHECK(desk.state.notice().text == "The file is gone. (+1 failure)");
  desk.pass(4000);
  desk.press("j");
  CHECK(desk.state.notice().is_read);
  desk.state.say(app::Notice::Kind::done, "Archived.");
  CHECK(desk.state.notice().text == "Archived.");
  desk.press("k");
  CHECK(desk.state.notice().text == "The file is gone. (+1 failure)");
  desk.press("<esc>");
  CHECK(desk.state.notice().text == "The disk is full.");
  desk.press("<esc>");
  CHECK(desk.state.notice().kind == app::Notice::Kind::none);
}

TEST_CASE("a failure that repeats does not hide one that nobody has read") {
  Desk desk;
  desk.state.handle(failure("No connection."));
  desk.state.handle(failure("Line 6 is wrong."));
  desk.state.handle(failure("No connection."));
  CHECK(desk.state.notice().text == "Line 6 is wrong. (+1 failure)");
  desk.pass(4000);
  desk.press("j");
  desk.state.handle(failure("No connection."));
  CHECK(desk.state.notice().text == "No connection. (+1 failure)");
  CHECK(!desk.state.notice().is_read);
}

TEST_CASE("the view of what goes on has the running pass and what was done; Esc stops the pass, then closes") {
  using Row = app::ActivityRow::Kind;
  Desk desk;
  desk.state.handle(messages::SyncFinished{"home", 12, 0, 3, 0, true});
  desk.state.handle(messages::IndexChanged{5, 0});
  desk.state.handle(messages::IndexChanged{7, 40});
  desk.state.handle(messages::SyncProgress{.account = "work", .stage = messages::SyncProgress::Stage::downloading, .folder = {}, .done = 3, .total = 9});
  desk.state.handle(failure("The disk is full."));
  desk.press("<esc>");
  desk.state.run("activity");
  REQUIRE(desk.state.is_activity_open());
  const auto has = [&](Row kind, const std::string& text) {
    const auto rows = desk.state.activity_rows();
    return std::any_of(rows.begin(), rows.end(), [&](const app::ActivityRow& row) { return row.kind == kind && row.text.find(text) != std::string::npos; });
  };
  CHECK(has(Row::working, "work 3 of 9"));
  CHECK(has(Row::working, "40 messages to go"));
  CHECK(has(Row::done, "home: 12 new messages, 3 deleted"));
  CHECK(has(Row::done, "index: 12 messages added"));
  CHECK(has(Row::failed, "The disk is full."));
  desk.press("G");
  CHECK(desk.state.activity_cursor() + 1 == desk.state.activity_rows().size());
  desk.press("<esc>");
  CHECK(std::holds_alternative<messages::StopSync>(desk.mailroom.requests.back()));
  CHECK(desk.state.is_activity_open());
  desk.state.handle(messages::SyncFinished{"work", 0, 0, 0, 0, false});
  desk.press("<esc>");
  CHECK_FALSE(desk.state.is_activity_open());
}
