#include <doctest/doctest.h>

#include "reply.hpp"
#include "valija/base/text.hpp"

using namespace valija;
using namespace valija::testing;

TEST_CASE("r answers the newest message of the row, and the text has the keyboard behind the quote") {
  Reply desk;
  const auto* start = desk.last<messages::StartDraft>();
  REQUIRE(start != nullptr);
  CHECK(start->how == messages::StartDraft::How::reply);
  CHECK(start->message_id.ends_with(".2@example.org"));
  CHECK(start->files.size() == 1);
  CHECK(open_draft(desk).mode() == app::Composer::Mode::text);
  CHECK(desk.state.desk().names().size() == 1);
  type_line(desk, "Gracias");
  CHECK(open_draft(desk).draft().body.find("> Three things are still open.\n\nGracias\n\n-- \nAna Ruiz\n") != std::string::npos);
  // Keys of the mail are text here.
  type_line(desk, "qjrd");
  CHECK(open_draft(desk).draft().body.find("Graciasqjrd") != std::string::npos);
}

TEST_CASE("each way to begin a message asks for its own kind") {
  using How = messages::StartDraft::How;
  for (const auto& [key, how] : {std::pair("r", How::reply), std::pair("R", How::reply_all), std::pair("L", How::reply_list), std::pair("f", How::forward),
                                 std::pair("F", How::forward_attached), std::pair("e", How::again), std::pair("c", How::fresh)}) {
    for (const bool is_open : {false, true}) {
      Desk desk;
      if (is_open) desk.press("<enter>");
      desk.press(key);
      REQUIRE(desk.last<messages::StartDraft>() != nullptr);
      CHECK(desk.last<messages::StartDraft>()->how == how);
      CHECK(desk.last<messages::StartDraft>()->files.empty() == (how == How::fresh));
      CHECK(desk.state.desk().front() == 1);
    }
  }
}

TEST_CASE("e takes up what lies in the drafts folder") {
  Desk desk;
  desk.state.handle(testing::canned_folders("work"));
  desk.mailroom.copies = {"work/Drafts"};
  desk.press("e");
  CHECK(desk.last<messages::StartDraft>()->how == messages::StartDraft::How::recall);
}

TEST_CASE("a new message asks whom it is for, then the subject, then the text") {
  Desk desk;
  desk.press("c");
  CHECK(open_draft(desk).active().field == app::Field::to);
  CHECK(open_draft(desk).mode() == app::Composer::Mode::field);
  type_line(desk, "mar");
  CHECK(open_draft(desk).suggestions().size() == 2);
  desk.press("<enter>");
  CHECK(open_draft(desk).value(app::Field::to) == "Marta Gil <marta@example.org>, ");
  type_line(desk, "fam");
  desk.press("<down><enter><enter>");
  CHECK(open_draft(desk).value(app::Field::to) == "Marta Gil <marta@example.org>, olek@example.org, pilar@example.org, ");
  CHECK(open_draft(desk).active().field == app::Field::subject);
  type_line(desk, "Hola");
  desk.press("<enter>");
  CHECK(open_draft(desk).mode() == app::Composer::Mode::text);
  type_line(desk, "text");
  desk.press("<esc>");
  CHECK(open_draft(desk).mode() == app::Composer::Mode::browsing);
  CHECK(open_draft(desk).draft().body == "text\n");
  CHECK(desk.state.desk().names().front().text == "Hola");
}

TEST_CASE("the mail stays readable while drafts are open, and the keys for tabs work in a text too") {
  Reply desk;
  desk.press("<a-1>");
  CHECK(desk.state.desk().is_mail_in_front());
  desk.press("j<enter>");
  CHECK(desk.state.reader().is_open());
  desk.press("gt");
  CHECK(desk.state.desk().front() == 1);
  CHECK(open_draft(desk).mode() == app::Composer::Mode::browsing);
  desk.press("gT");
  CHECK(desk.state.desk().is_mail_in_front());
  desk.press("<a-7>");
  CHECK(desk.state.desk().is_mail_in_front());
  CHECK(desk.state.notice().kind == app::Notice::Kind::hint);
}

TEST_CASE("what is typed is on the disk three seconds later, and on every way out") {
  Reply desk;
  CHECK(desk.count<messages::SaveDraft>() == 0);
  type_line(desk, "x");
  CHECK(desk.state.next_tick_ms() <= 3000);
  desk.pass(1000);
  CHECK(desk.count<messages::SaveDraft>() == 0);
  desk.pass(2000);
  REQUIRE(desk.count<messages::SaveDraft>() == 1);
  CHECK(desk.last<messages::SaveDraft>()->draft.body.find("x\n") != std::string::npos);
  desk.pass(10000);
  CHECK(desk.count<messages::SaveDraft>() == 1);
  SUBCASE("another tab") {
    type_line(desk, "y");
    desk.press("<a-1>");
    CHECK(desk.count<messages::SaveDraft>() == 2);
  }
  SUBCASE("closing keeps it and says so") {
    type_line(desk, "y");
    desk.press("<esc>q");
    CHECK(desk.state.desk().is_mail_in_front());
    CHECK(desk.state.notice().hint.find(":drafts") != std::string::npos);
    CHECK(desk.last<messages::SaveDraft>()->draft.body.find("xy") != std::string::npos);
  }
  SUBCASE("quitting") {
    type_line(desk, "y");
    desk.state.quit();
    CHECK(desk.state.wants_quit());
    CHECK(desk.count<messages::SaveDraft>() == 2);
  }
  SUBCASE("Ctrl-C") {
    type_line(desk, "y");
    desk.press("<c-c>");
    CHECK(desk.count<messages::SaveDraft>() == 2);
    CHECK_FALSE(desk.state.wants_quit());
  }
  SUBCASE("a failure is said and tried again") {
    type_line(desk, "y");
    desk.mailroom.answer = [](const messages::Event&) {};
    desk.pass(3000);
    desk.state.handle(messages::Failed{desk.last<messages::SaveDraft>()->id, {Kind::disk, Blast::message, "The disk is full.", ""}, {}, {}});
    CHECK(desk.state.notice().text == "The disk is full.");
    const std::size_t tried = desk.count<messages::SaveDraft>();
    desk.pass(5000);
    CHECK(desk.count<messages::SaveDraft>() == tried);
    desk.pass(30000);
    CHECK(desk.count<messages::SaveDraft>() == tried + 1);
  }
}

TEST_CASE("a draft that nobody wrote anything into goes without a word") {
  Reply desk;
  desk.press("<esc>q");
  CHECK(desk.count<messages::DropDraft>() == 1);
  CHECK(desk.count<messages::SaveDraft>() == 0);
  CHECK(desk.state.desk().is_mail_in_front());
}

TEST_CASE("fields, the identity, Markdown and attachments are changed by their keys") {
  Reply desk;
  desk.press("<esc>c");
  type_line(desk, "x@example.org");
  desk.press("<esc>");
  CHECK(open_draft(desk).value(app::Field::cc) == "x@example.org");
  desk.press("b<esc>");
  CHECK(open_draft(desk).rows().size() == 5);
  desk.press("i");
  CHECK(open_draft(desk).account() == "home");
  CHECK(open_draft(desk).value(app::Field::from) == "Ana Ruiz <ana@home.example>");
  desk.press("i");
  CHECK(open_draft(desk).account() == "work");
  desk.press("m");
  CHECK(open_draft(desk).is_markdown());
  desk.state.run("attach /tmp/a.pdf");
  desk.answer();
  CHECK(desk.state.notice().text == "Attached a.pdf (1.3 MB).");
  desk.state.paste("'/home/ana/b c.pdf'\n");
  CHECK(desk.last<messages::AddAttachment>()->source == "'/home/ana/b c.pdf'");
  desk.answer();
  REQUIRE(open_draft(desk).attachments().size() == 2);
  desk.state.run("detach 1");
  CHECK(open_draft(desk).attachments().size() == 1);
  desk.press("kd");
  CHECK(open_draft(desk).attachments().empty());
  desk.press("<a-1>A");
  REQUIRE(desk.state.notice().text.find("Attached Re: Presupuesto") == 0);
  desk.press("gt");
  REQUIRE(open_draft(desk).attachments().size() == 1);
  CHECK(open_draft(desk).attachments()[0].part == "*");
  CHECK(open_draft(desk).attachments()[0].type == "message/rfc822");
}

TEST_CASE("a draft goes into the drafts folder, or away after a question") {
  Reply desk;
  type_line(desk, "x");
  desk.press("<esc>");
  SUBCASE("postponed") {
    desk.press("P");
    CHECK(desk.last<messages::StoreDraft>()->draft.body.find("x\n") != std::string::npos);
    CHECK(desk.state.desk().is_mail_in_front());
    CHECK(desk.state.notice().text == "Put into the drafts folder of work.");
  }
  SUBCASE("discarded") {
    desk.press("X");
    CHECK(desk.count<messages::DropDraft>() == 0);
    desk.press("<esc>Xy");
    CHECK(desk.count<messages::DropDraft>() == 1);
    CHECK(desk.state.desk().is_mail_in_front());
  }
}

TEST_CASE("drafts from earlier are told at the start, listed and opened") {
  Desk desk;
  desk.mailroom.drafts.resize(2);
  desk.mailroom.drafts[0].id = "a";
  desk.mailroom.drafts[0].subject = "First";
  desk.mailroom.drafts[0].body = "kept words\n";
  desk.mailroom.drafts[1].id = "b";
  desk.mailroom.drafts[1].subject = "Second";
  app::App state(desk.settings, desk.mailroom, desk.clock, {});
  state.resize(80, 24);
  for (messages::Event& event : std::exchange(desk.waiting, {})) state.handle(std::move(event));
  CHECK(state.notice().text == "2 drafts from earlier:");
  CHECK(state.notice().hint == ":drafts opens them.");
  desk.state.run("drafts");
  desk.answer();
  desk.press("<enter>");
  CHECK(open_draft(desk).draft().body == "kept words\n");
  desk.press("q");
  CHECK(desk.count<messages::DropDraft>() == 0);
}

TEST_CASE("an editor of one's own runs in the pane until it ends") {
  app::Options options;
  options.editor = "vim";
  Reply desk(options);
  REQUIRE(desk.state.editor_wish() != nullptr);
  CHECK(desk.state.editor_wish()->command == "vim");
  CHECK(desk.state.editor_wish()->in_pane);
  CHECK(desk.state.types_into_editor());
  CHECK_FALSE(desk.state.editor_area().empty());
  const std::string id = desk.state.editor_wish()->draft_id;
  SUBCASE("it is left and entered again, and other mail read meanwhile") {
    desk.press("<c-]>");
    CHECK_FALSE(desk.state.types_into_editor());
    desk.press("gt");
    CHECK(desk.state.editor_area().empty());
    CHECK(desk.state.editor_wish() != nullptr);
    desk.press("gte");
    CHECK(desk.state.types_into_editor());
  }
  SUBCASE("what it wrote is taken") {
    desk.state.editor_ended(id, 0);
    desk.answer();
    CHECK(desk.state.editor_wish() == nullptr);
    CHECK(open_draft(desk).draft().body == "edited\n");
    CHECK(desk.last<messages::SaveDraft>()->draft.body == "edited\n");
  }
  SUBCASE("also when it failed") {
    desk.state.editor_ended(id, 1);
    CHECK(desk.state.notice().kind == app::Notice::Kind::failed);
    desk.answer();
    CHECK(open_draft(desk).draft().body == "edited\n");
  }
  SUBCASE("one that cannot be started is told, and its file is taken back all the same") {
    desk.state.editor_ended(id, 127);
    CHECK(desk.state.notice().text.find("vim") != std::string::npos);
    CHECK(desk.count<messages::ReadEditor>() == 1);
  }
  SUBCASE("the draft cannot be closed or sent below it") {
    desk.press("<c-]>q");
    CHECK(desk.state.desk().front() == 1);
    desk.press("y");
    CHECK(desk.count<messages::QueueDraft>() == 0);
  }
}

TEST_CASE("a bounce goes out like a mail of one's own") {
  Desk desk;
  desk.press("B");
  CHECK(desk.state.prompt().text() == "bounce ");
  type_line(desk, "jun");
  desk.press("<tab><enter>");
  REQUIRE(desk.last<messages::BounceMessage>() != nullptr);
  CHECK(desk.last<messages::BounceMessage>()->to == "Jun Tanaka <jun@example.net>");
  CHECK(desk.state.departure().find("Jun Tanaka") != std::string::npos);
}

TEST_CASE("an address typed behind compose is whom it is for") {
  Desk desk;
  desk.state.run("compose ana@example.org");
  CHECK(desk.last<messages::StartDraft>()->text == "mailto:ana@example.org");
  desk.state.run("compose mailto:x@example.org?subject=a");
  CHECK(desk.last<messages::StartDraft>()->text == "mailto:x@example.org?subject=a");
  desk.state.run("compose invoice");
  CHECK(desk.last<messages::StartDraft>()->text == "invoice");
}

TEST_CASE("there is room to write between what is quoted and the signature, and a template stays as it is") {
  using Start = app::Composer::Start;
  const auto opened = [](Start start, const std::string& body) {
    Draft draft;
    draft.body = body;
    app::Composer composer(draft, false, start);
    composer.text().insert("*");
    return composer.draft().body;
  };
  CHECK(opened(Start::behind_the_quote, "X:\n> a\n\n-- \nAna\n") == "X:\n> a\n\n*\n\n-- \nAna\n");
  CHECK(opened(Start::behind_the_quote, "X:\n> a\n\n") == "X:\n> a\n\n*\n");
  CHECK(opened(Start::at_the_top, "\n\n-- \nAna\nX:\n> a\n") == "*\n\n-- \nAna\nX:\n> a\n");
  CHECK(opened(Start::at_the_top, "\n-- \nAna\n") == "*\n\n-- \nAna\n");
  CHECK(opened(Start::at_the_top, "") == "*\n");
  CHECK(opened(Start::at_the_top, "Dear all,\n") == "*Dear all,\n");
  CHECK(opened(Start::as_it_is, "\n\n\n> a\n") == "*\n\n\n> a\n");
}
