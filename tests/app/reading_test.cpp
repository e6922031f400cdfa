#include "valija/app/reading.hpp"

#include "open_message.hpp"

using namespace valija;
using namespace valija::testing;

TEST_CASE("a message is asked for with the columns of the text, and again where it depends on them") {
  Desk desk({}, 0, 100, 40);
  open_with(desk, [](Document& document) { document.depends_on_width = true; });
  const int columns = desk.last<messages::RenderMessage>()->options.columns;
  CHECK(columns > 40);
  const std::size_t asked = desk.count<messages::RenderMessage>();
  desk.state.resize(60, 40);
  desk.answer();
  CHECK(desk.count<messages::RenderMessage>() == asked + 1);
  CHECK(desk.last<messages::RenderMessage>()->options.columns < columns);
  CHECK(desk.state.reader().current_message()->state == app::OpenMessage::State::shown);
}

TEST_CASE("a message that does not depend on the width is asked for once") {
  Desk desk({}, 0, 100, 40);
  desk.press("<enter>");
  const std::size_t asked = desk.count<messages::RenderMessage>();
  desk.state.resize(60, 40);
  desk.answer();
  CHECK(desk.count<messages::RenderMessage>() == asked);
}

TEST_CASE("other forms, character sets and the source are asked for and taken back") {
  Desk desk({}, 0, 100, 40);
  open_with(desk, [](Document& document) {
    document.parts[0].alternative = 0;
    document.parts.push_back({"1.2", 1, "text/html", "", 4000, false, false, "utf-8", 0});
  });
  desk.press("i");
  CHECK(desk.last<messages::RenderMessage>()->options.alternative == "1.2");
  run(desk, "charset koi8-r");
  CHECK(desk.last<messages::RenderMessage>()->options.charset == "koi8-r");
  CHECK(desk.last<messages::RenderMessage>()->options.alternative == "1.2");
  run(desk, "charset auto");
  CHECK(desk.last<messages::RenderMessage>()->options.charset.empty());
  desk.press("=");
  CHECK(desk.last<messages::RenderMessage>()->options.source);
  desk.press("=");
  CHECK_FALSE(desk.last<messages::RenderMessage>()->options.source);
}

TEST_CASE("a message in one form says so") {
  Desk desk;
  desk.press("<enter>i");
  CHECK(notice(desk).find("one form only") != std::string::npos);
}

TEST_CASE("headers are shown all, by name, or as usual") {
  Desk desk({}, 0, 100, 40);
  open_with(desk, [](Document& document) { document.all_headers = {{"Received", "from a by b"}, {"X-Mailer", "a program"}}; });
  const auto shown = [&] { return desk.state.reader().current_message()->headers.size(); };
  desk.press("H");
  CHECK(shown() == 2);
  desk.press("H");
  CHECK(shown() == 0);
  run(desk, "headers x-mailer");
  CHECK(shown() == 1);
  run(desk, "headers chosen");
  CHECK(shown() == 0);
  run(desk, "headers X-None");
  CHECK(notice(desk).find("no such header") != std::string::npos);
}

TEST_CASE("find goes from place to place, without case and accents, and into folded quotations") {
  Desk desk({}, 0, 100, 30);
  open_with(desk, [](Document& document) {
    document.lines.clear();
    for (int i = 0; i < 60; ++i) document.lines.push_back(line(i % 20 == 5 ? "Here is the CAFÉ again" : "nothing"));
    for (int i = 0; i < 8; ++i) {
      Line quote = line(i == 4 ? "a cafe in a quotation" : "quoted", Line::Role::quote);
      quote.quote_level = 1;
      document.lines.push_back(quote);
    }
  });
  run(desk, "find cafe");
  const app::Reader& reader = desk.state.reader();
  CHECK(reader.matches().size() == 4);
  const auto is_on_screen = [&] {
    const auto& match = reader.matches()[reader.match()];
    for (const auto& row : reader.visible()) {
      if (row.message == match.message && row.row.kind == app::ReaderRow::Kind::text && row.row.flow.line == match.line) return true;
    }
    return false;
  };
  for (int i = 0; i < 5; ++i) {
    CHECK(is_on_screen());
    desk.press(";");
  }
  CHECK(notice(desk).find("of 4") != std::string::npos);
  const std::size_t at = reader.match();
  desk.press("'");
  CHECK(reader.match() == (at + 3) % 4);
  run(desk, "find not there");
  CHECK(notice(desk).find("stands nowhere") != std::string::npos);
}

TEST_CASE("places of a text are octets of the line") {
  const auto places = app::places_in(line("Straße und STRASSE"), "strasse");
  REQUIRE(places.size() == 2);
  CHECK(places[0] == std::pair<std::uint32_t, std::uint32_t>(0, 7));
  CHECK(places[1] == std::pair<std::uint32_t, std::uint32_t>(12, 19));
  CHECK(app::places_in(line("anything"), " ").empty());
  CHECK(app::places_in(line(""), "x").empty());
}

TEST_CASE("earlier mail around an answer folds as quotations do") {
  Desk desk({}, 0, 100, 40);
  open_with(desk, [](Document& document) {
    document.lines = {line("My answer.")};
    for (int i = 0; i < 9; ++i) {
      document.lines.push_back(line("Earlier."));
      document.lines.back().is_history = true;
    }
  });
  const auto folds = [&] {
    const auto rows = desk.state.reader().visible();
    return std::any_of(rows.begin(), rows.end(), [](const auto& row) { return row.row.kind == app::ReaderRow::Kind::folded_quote; });
  };
  CHECK(folds());
  desk.press("\"");
  CHECK_FALSE(folds());
}

TEST_CASE("wide tables are one row each, and move sideways") {
  Desk desk({}, 0, 60, 30);
  open_with(desk, [](Document& document) { document.lines = {line(std::string(200, 'x'), Line::Role::table), line("text")}; });
  const auto begin = [&] {
    for (const auto& row : desk.state.reader().visible()) {
      if (row.row.kind == app::ReaderRow::Kind::text && row.row.flow.line == 0) return static_cast<int>(row.row.flow.begin);
    }
    return -1;
  };
  CHECK(begin() == 0);
  desk.press(">");
  CHECK(begin() == 16);
  for (int i = 0; i < 20; ++i) desk.press(">");
  CHECK(begin() > 100);
  for (int i = 0; i < 20; ++i) desk.press("<lt>");
  CHECK(begin() == 0);
}

TEST_CASE("the parts of a message are chosen from a page") {
  Desk desk({}, 0, 100, 40);
  desk.press("<enter>v");
  const app::Reading& reading = desk.state.reading();
  REQUIRE(reading.page() == app::Reading::Page::parts);
  CHECK(reading.parts().size() == 3);
  CHECK(reading.parts()[reading.part_cursor().at].number == "2");
  desk.press("<enter>");
  CHECK(reading.page() == app::Reading::Page::view);
  CHECK(desk.last<messages::ViewPart>()->number == "2");
  desk.press("S");
  CHECK(desk.last<messages::SaveParts>()->numbers == std::vector<std::string>{"2"});
  desk.press("q");
  CHECK(reading.page() == app::Reading::Page::parts);
  desk.press("jo");
  CHECK(desk.last<messages::OpenPart>()->number == "3");
  desk.press("q");
  CHECK_FALSE(reading.is_page_open());
  CHECK(desk.state.reader().is_open());
}

TEST_CASE("a part by its own number, and all attachments at once") {
  Desk desk({}, 0, 100, 40);
  desk.press("<enter>");
  run(desk, "show #1");
  CHECK(desk.last<messages::ViewPart>()->number == "1");
  desk.press("q");
  run(desk, "save all /tmp/all");
  CHECK(desk.last<messages::SaveParts>()->numbers == std::vector<std::string>{"2", "3"});
  CHECK(desk.last<messages::SaveParts>()->directory == "/tmp/all");
  CHECK(notice(desk).find("2 files") != std::string::npos);
  run(desk, "show #9");
  CHECK(notice(desk).find("no part 9") != std::string::npos);
}

TEST_CASE("things are attachments, enclosed pictures, then links, each once") {
  Document document;
  document.parts = {{"1", 0, "text/html", "", 10, false, true}, {"2", 0, "application/pdf", "a.pdf", 10, true, false}};
  document.pictures = {{Picture::Kind::enclosed, "1.2", "logo", -1, -1}, {Picture::Kind::remote, "", "far", -1, -1}, {Picture::Kind::enclosed, "1.2", "again", -1, -1}};
  document.links = {{"https://a.example/"}, {"https://a.example/"}, {"https://b.example/"}};
  const auto things = app::things_of(document);
  REQUIRE(things.size() == 4);
  CHECK(things[1].number == "1.2");
  CHECK(app::number_of_link(things, "https://b.example/") == 4);
  CHECK(app::number_of_picture(things, "1.2") == 2);
  CHECK(app::number_of_picture(things, "") == 0);
}

TEST_CASE("what is a program, or lies about its type, is asked about before it is opened") {
  using app::doubt_about;
  for (const auto& [type, name] : {std::pair("application/octet-stream", "invoice.pdf.exe"), std::pair("application/octet-stream", "setup.EXE"), std::pair("application/x-sh", "readme"),
                                   std::pair("text/html", "invoice.pdf"), std::pair("application/pdf", "x.desktop"), std::pair("", "x.desktop."),
                                   std::pair("", "x.desktop . "), std::pair("", "x.desk\1top"), std::pair("text/html", "page"), std::pair("image/svg+xml", "a.svg")}) {
    CHECK_FALSE_MESSAGE(doubt_about(type, name).empty(), name);
  }
  for (const auto& [type, name] : {std::pair("application/pdf", "invoice.pdf"), std::pair("application/octet-stream", "photo.jpg"), std::pair("image/jpeg", "holiday.2026.jpg"),
                                   std::pair("text/plain", ""), std::pair("application/zip", "a.zip")}) {
    CHECK_MESSAGE(doubt_about(type, name).empty(), name);
  }
  CHECK(doubt_about("application/pdf", std::string(196, 'a') + ".jar" + std::string(51, 'b') + ".pdf").empty());  // a saved name keeps its ending
  Desk desk({}, 0, 100, 40);
  open_with(desk, [](Document& document) { document.parts[1].filename = "presupuesto.pdf.exe"; });
  run(desk, "launch 1");
  REQUIRE(desk.state.desk().question().has_value());
  CHECK(desk.count<messages::OpenPart>() == 0);
  desk.press("y");
  CHECK(desk.count<messages::OpenPart>() == 1);
  run(desk, "launch 1");
  desk.press("s");
  CHECK(desk.count<messages::OpenPart>() == 1);
  CHECK(desk.last<messages::SaveParts>()->numbers == std::vector<std::string>{"2"});
}

TEST_CASE("a count before o opens that link") {
  Desk desk({}, 0, 100, 40);
  desk.press("<enter>3o");
  REQUIRE(desk.last<messages::OpenLink>() != nullptr);
  CHECK(desk.last<messages::OpenLink>()->target == "https://example.org/budget/2027");
  desk.press("o");
  CHECK(desk.state.reading().numbers_things());
  desk.press("<esc>");
  CHECK_FALSE(desk.state.reading().numbers_things());
}

TEST_CASE("follow goes to the message that is answered, or to one by its Message-ID") {
  Desk desk({}, 0, 100, 40);
  open_with(desk, [](Document& document) { document.headers.in_reply_to = "elsewhere@example.org"; });
  desk.press("^");
  CHECK(desk.state.list().query() == "id:\"elsewhere@example.org\"");
  Desk other({}, 0, 100, 40);
  other.press("<enter>");
  const std::string first = other.state.reader().messages().front().message.id;
  run(other, "follow <" + first + ">");
  CHECK(other.state.reader().current() == 0);
}

TEST_CASE("a message goes to the browser, the printer and into files") {
  app::Options options;
  options.download_directory = "/dl";
  options.home = "/home/ana";
  Desk desk(options, 0, 100, 40);
  desk.press("<enter>b");
  CHECK(desk.last<messages::BrowseMessage>() != nullptr);
  run(desk, "print ~/a.pdf");
  CHECK(desk.last<messages::PrintMessage>()->pdf == "/home/ana/a.pdf");
  run(desk, "export a.eml");
  CHECK(desk.last<messages::ExportMessages>()->path == "/dl/a.eml");
  CHECK(desk.last<messages::ExportMessages>()->files.size() == 1);
  run(desk, "export thread /tmp/a.mbox");
  CHECK(desk.last<messages::ExportMessages>()->files.size() == 3);
  CHECK(notice(desk).find("3 messages") != std::string::npos);
}

namespace {

/// What is said of a message with `tags` that a stranger would have sent as another kind than somebody to whom `written` messages went.
std::string explained(const std::vector<std::string>& tags, std::uint64_t written) {
  Desk desk({}, 0, 100, 40);
  desk.press("<enter>q");
  desk.mailroom.threads()[0].messages.back().message.tags = tags;
  open_with(desk, [](Document& document) {
    document.headers.from = {{"Ana", "ana@example.org"}};
    document.verdict = {Category::marketing, {"One can unsubscribe."}};
    document.verdict_if_known = {Category::personal, {"You wrote before."}};
  });
  desk.state.run("why");
  CHECK(desk.state.reading().view() == nullptr);
  const auto* asked = desk.last<messages::CountMessages>();
  REQUIRE(asked->queries == std::vector<std::string>{"tag:sent and to:\"ana@example.org\""});
  desk.state.handle(messages::MessagesCounted{asked->id, {written}});
  REQUIRE(desk.state.reading().view() != nullptr);
  for (const app::KeyHint& hint : desk.state.hints()) CHECK(hint.text != "save");  // it is no part
  std::string all;
  for (const Line& one : desk.state.reading().view()->document().lines) {
    for (const Span& span : one.spans) all += span.text + "\n";
  }
  desk.press("<esc>");
  CHECK_FALSE(desk.state.reading().is_page_open());
  return all;
}

}  // namespace

TEST_CASE("why says the category and its reasons, as the tag of the message has it") {
  const std::string by_stranger = "Marketing\n\nOne can unsubscribe.\n", by_known = "A personal message\n\nYou wrote before.\n";
  CHECK(explained({"inbox"}, 0) == by_stranger);
  CHECK(explained({"inbox"}, 2) == by_known);
  CHECK(explained({"marketing"}, 2) == by_stranger);
  CHECK(explained({"personal"}, 0) == by_known);
  CHECK(explained({"list"}, 0) == by_stranger + "It has the tag list all the same.\n");
}

TEST_CASE("mail that is not indexed is opened, piped and exported, and says what cannot be done") {
  Desk desk({}, 0, 100, 40);
  desk.state.handle(messages::UnindexedListed{desk.last<messages::ListUnindexed>()->id, {{"/mail/work/INBOX/cur/1", "no headers", noon, "", "odd"}}});
  run(desk, "view not-indexed");
  REQUIRE(desk.state.list().is_fixed());
  run(desk, "export /tmp/odd.eml");
  CHECK(desk.last<messages::ExportMessages>()->files == std::vector<std::string>{"/mail/work/INBOX/cur/1"});
  desk.press("d");
  CHECK(notice(desk).find("not in the index") != std::string::npos);
  desk.press("<enter>a");
  CHECK(notice(desk).find("not in the index") != std::string::npos);
  CHECK(desk.count<messages::ChangeTags>() == 0);
}

TEST_CASE("a picture is asked for in pixels where the terminal shows them, and kept only whole") {
  Desk desk({}, 0, 100, 40);
  desk.state.reading().set_cell(10, 20);
  desk.press("<enter>");
  run(desk, "show 1");
  CHECK(desk.last<messages::ViewPart>()->pixel_width > 100);
  CHECK(app::PartView("x", {}, Pixels{2, 2, std::string(16, 'x')}).pixels() != nullptr);
  CHECK(app::PartView("x", {}, Pixels{2, 2, std::string(15, 'x')}).pixels() == nullptr);
  CHECK(app::PartView("x", {}, Pixels{-1, -4, "abcd"}).pixels() == nullptr);
}

TEST_CASE("a part that comes late does not cover another message") {
  Desk desk({}, 0, 100, 40);
  desk.press("<enter>");
  desk.state.run("show #1");
  const messages::RequestId late = desk.last<messages::ViewPart>()->id;
  desk.waiting.clear();
  desk.press("qj<enter>");
  REQUIRE(desk.state.reader().is_open());
  messages::PartViewed viewed;
  viewed.id = late;
  desk.state.handle(std::move(viewed));
  CHECK_FALSE(desk.state.reading().is_page_open());
}

TEST_CASE("what was found goes with the messages of a thread") {
  app::Reader reader;
  reader.open("thread", "");
  REQUIRE(reader.wanted_thread(1));
  messages::ThreadOpened opened;
  opened.id = 1;
  opened.messages.resize(1);
  opened.messages[0].id = "a@b";
  reader.take(std::move(opened));
  REQUIRE(reader.wanted_message(2));
  messages::MessageRendered rendered;
  rendered.id = 2;
  rendered.document.lines = {line("here")};
  reader.take(std::move(rendered));
  REQUIRE(reader.find("here") == 1);
  reader.invalidate();
  REQUIRE(reader.wanted_thread(3));
  messages::ThreadOpened empty;
  empty.id = 3;
  reader.take(std::move(empty));
  CHECK(reader.matches().empty());
  CHECK_FALSE(reader.go_to_match(1));
}
