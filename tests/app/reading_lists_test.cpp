#include "open_message.hpp"
#include "valija/app/reading.hpp"

using namespace valija;
using namespace valija::testing;

TEST_CASE("a list is left by one request, after its host was shown") {
  Desk desk({}, 0, 100, 40);
  open_with(desk, [](Document& document) {
    document.headers.list_name = "The Weekly Build";
    document.headers.unsubscribe = {"https://user@news.example.org/u?1", "mailto:leave@example.org", true};
  });
  desk.press("U");
  REQUIRE(desk.state.desk().question().has_value());
  CHECK(desk.state.desk().question()->title.find("The Weekly Build") != std::string::npos);
  CHECK(desk.state.desk().question()->choices.front().text.find("Ask news.example.org ") != std::string::npos);
  CHECK(desk.count<messages::UnsubscribeFrom>() == 0);
  desk.press("<esc>");
  CHECK(desk.count<messages::UnsubscribeFrom>() == 0);
  desk.press("Uy");
  REQUIRE(desk.last<messages::UnsubscribeFrom>() != nullptr);
  CHECK(desk.last<messages::UnsubscribeFrom>()->https == "https://user@news.example.org/u?1");
  CHECK(notice(desk).find("off the list") != std::string::npos);
}

TEST_CASE("without one-click a list is left by a draft, or in the browser") {
  Desk desk({}, 0, 100, 40);
  open_with(desk, [](Document& document) { document.headers.unsubscribe = {"https://news.example.org/u", "mailto:leave@example.org?subject=bye", false}; });
  desk.press("Ub");
  REQUIRE(desk.last<messages::OpenLink>() != nullptr);
  CHECK(desk.last<messages::OpenLink>()->target == "https://news.example.org/u");
  desk.press("Uy");
  REQUIRE(desk.last<messages::StartDraft>() != nullptr);
  CHECK(desk.last<messages::StartDraft>()->text == "mailto:leave@example.org?subject=bye");
  CHECK(desk.count<messages::UnsubscribeFrom>() == 0);
}

TEST_CASE("mail that does not say how it is left says so") {
  Desk desk;
  desk.press("<enter>U");
  CHECK(notice(desk).find("does not say how") != std::string::npos);
  CHECK_FALSE(desk.state.desk().question().has_value());
}

TEST_CASE("newsletters: by volume, opened as a list, deleted with a way back, left together") {
  Desk desk({}, 0, 100, 40);
  desk.press("<enter>q");
  desk.mailroom.threads()[0].messages.back().document.headers.unsubscribe = {"https://one.example/u", "", true};
  const std::string file = desk.mailroom.threads()[0].messages.back().message.files.front();
  desk.mailroom.senders = {{"Weekly", "weekly@a.example", 40, 40, noon, file, 0}, {"", "daily@b.example", 30, 2, noon, file, noon}};
  desk.press("gn");
  const app::Reading& reading = desk.state.reading();
  REQUIRE(reading.page() == app::Reading::Page::senders);
  REQUIRE(reading.senders().rows().size() == 2);
  CHECK(app::is_never_read(reading.senders().rows()[0]));
  CHECK_FALSE(app::is_never_read(reading.senders().rows()[1]));
  desk.press("mm");
  CHECK(reading.senders().chosen().size() == 2);
  desk.press("d");
  REQUIRE(desk.state.desk().question().has_value());
  CHECK(desk.state.desk().question()->title.find("70 messages of weekly@a.example, daily@b.example") != std::string::npos);
  CHECK(desk.count<messages::ChangeTags>() == 0);
  desk.press("<esc>");
  desk.state.run("delete-newsletters yes");
  CHECK(desk.count<messages::ChangeTags>() == 0);
  desk.press("y");
  const auto* change = desk.last<messages::ChangeTags>();
  REQUIRE(change != nullptr);
  CHECK(change->query.starts_with("(from:\"weekly@a.example\" or from:\"daily@b.example\") and ((tag:newsletter"));
  CHECK(change->add == std::vector<std::string>{"trash"});
  CHECK(change->is_kept);
  desk.press("u");
  CHECK(desk.last<messages::UndoChange>() != nullptr);
  desk.press("gg<enter>");
  CHECK_FALSE(reading.is_page_open());
  CHECK(desk.state.list().query().starts_with("(from:\"weekly@a.example\") and ("));
}

TEST_CASE("mail of before is given its categories, and the page of newsletters looks again") {
  Desk desk({}, 0, 100, 40);
  desk.press("gn");
  const std::size_t listed = desk.count<messages::ListSenders>();
  desk.press("c");
  CHECK(desk.count<messages::CategoriseMail>() == 1);
  CHECK(notice(desk).find("Gave 3 messages their categories.") != std::string::npos);
  CHECK(desk.count<messages::ListSenders>() == listed + 1);
  desk.state.run("categorise");
  const messages::RequestId id = desk.last<messages::CategoriseMail>()->id;
  desk.state.handle(messages::MailCategorised{id, 1, false});
  CHECK(notice(desk).find("Gave 1 message its category.") != std::string::npos);
  CHECK(notice(desk).find("Stopped") != std::string::npos);
}

TEST_CASE("several newsletters are left at once, by one request each") {
  Desk desk({}, 0, 100, 40);
  desk.press("<enter>q");
  desk.mailroom.senders = {{"Weekly", "weekly@a.example", 40, 40, noon, "/mail/1", 0}, {"Daily", "daily@b.example", 30, 2, noon, "/mail/2", 0}};
  desk.press("gnmm");
  desk.state.run("leave-newsletters");
  // The answers are of two messages with ways out of their own.
  std::vector<messages::RequestId> asked;
  for (const messages::Request& request : desk.mailroom.requests) {
    if (const auto* render = std::get_if<messages::RenderMessage>(&request); render != nullptr && render->message_id.empty()) asked.push_back(render->id);
  }
  REQUIRE(asked.size() == 2);
  desk.waiting.clear();
  for (std::size_t i = 0; i < asked.size(); ++i) {
    messages::MessageRendered rendered{asked[i], {}, {}};
    rendered.document.headers.unsubscribe = {"https://host" + std::to_string(i) + ".example/u", "", true};
    desk.state.handle(std::move(rendered));
  }
  REQUIRE(desk.state.desk().question().has_value());
  CHECK(desk.state.desk().question()->choices.front().text.find("host0.example, host1.example") != std::string::npos);
  desk.press("y");
  CHECK(desk.count<messages::UnsubscribeFrom>() == 2);
}

TEST_CASE("a sender that would be a query of its own is neither opened nor deleted") {
  Desk desk({}, 0, 100, 40);
  desk.mailroom.senders = {{"Shop", "/./", 40, 40, noon, "/mail/1", 0}, {"All", "com", 30, 2, noon, "/mail/2", 0}};
  for (const char* key : {"d", "<enter>", "mmd"}) {
    desk.press("gn");
    desk.press(key);
    CHECK_MESSAGE(notice(desk).find("no address") != std::string::npos, key);
    CHECK_FALSE(desk.state.desk().question().has_value());
  }
  CHECK(desk.count<messages::ChangeTags>() == 0);
}

TEST_CASE("a yes while it is looked up changes nothing, and none is kept that was declined") {
  Desk desk({}, 0, 100, 40);
  desk.press("<enter>q");
  desk.mailroom.senders = {{"Weekly", "weekly@a.example", 40, 40, noon, "/mail/1", 0}};
  desk.press("gn");
  desk.state.run("leave-newsletters");
  const messages::RequestId asked = desk.last<messages::RenderMessage>()->id;
  desk.waiting.clear();
  desk.state.run("unsubscribe yes");
  CHECK(desk.count<messages::UnsubscribeFrom>() == 0);
  messages::MessageRendered rendered{asked, {}, {}};
  rendered.document.headers.unsubscribe = {"https://host.example/u", "", true};
  desk.state.handle(std::move(rendered));
  REQUIRE(desk.state.desk().question().has_value());
  desk.press("<esc>");
  run(desk, "unsubscribe yes");
  CHECK(desk.count<messages::UnsubscribeFrom>() == 0);
  CHECK(notice(desk).find("Nothing is to be left") != std::string::npos);
}

TEST_CASE("an address that a browser reads in another way is not asked") {
  for (const char* url : {"https://good.example\\@evil.example/u", "https:///evil.example/u", "https://good.example@/u"}) {
    Desk desk({}, 0, 100, 40);
    Document& document = open_with(desk, [](Document&) {});
    document.headers.unsubscribe = {url, "", true};
    desk.press("q<enter>U");
    CHECK_MESSAGE(notice(desk).find("does not say how") != std::string::npos, url);
  }
}
