#include <doctest/doctest.h>

#include "reply.hpp"
#include "valija/base/text.hpp"

using namespace valija;
using namespace valija::testing;

TEST_CASE("sending waits, counts down, and can be taken back") {
  Reply desk;
  type_line(desk, "Gracias");
  desk.press("<esc>y");
  const auto* queue = desk.last<messages::QueueDraft>();
  REQUIRE(queue != nullptr);
  CHECK(queue->due == noon + 10);
  CHECK(desk.state.desk().is_mail_in_front());
  CHECK(desk.state.departure() == "Sending to Marta Gil in 10 s. u takes it back.");
  CHECK(desk.state.next_tick_ms() <= 1000);
  desk.press("u");
  CHECK(desk.last<messages::CancelOutgoing>()->outgoing == 1);
  CHECK(desk.state.departure().empty());
  CHECK(open_draft(desk).draft().body.find("Gracias") != std::string::npos);
  desk.press("<a-1>u");
  CHECK(desk.count<messages::CancelOutgoing>() == 1);
}

TEST_CASE("what left is told once, what was refused with the server's words") {
  Reply desk;
  type_line(desk, "Gracias");
  desk.press("<esc>y");
  desk.clock.time += 11;
  CHECK(desk.state.departure() == "Sending to Marta Gil…");
  SUBCASE("sent") {
    desk.state.handle(messages::OutboxChanged{{}, 1});
    CHECK(desk.state.notice().text == "Sent to Marta Gil.");
    CHECK(desk.state.departure().empty());
    const auto* sync = desk.last<messages::SyncAccounts>();
    REQUIRE(sync);
    CHECK(sync->accounts == std::vector<std::string>{desk.mailroom.outbox[0].account});
    CHECK_FALSE(sync->deletes_confirmed);
  }
  SUBCASE("refused") {
    desk.mailroom.outbox[0].state = OutgoingState::refused;
    desk.mailroom.outbox[0].answer = "550 no such user\r\n";
    desk.state.handle(messages::OutboxChanged{desk.mailroom.outbox, 0});
    CHECK(desk.state.notice().text == "The mail to marta@example.org was refused: 550 no such user.");
    CHECK(desk.state.desk().refused_count() == 1);
    desk.clock.milliseconds += 5000;
    desk.state.handle(messages::OutboxChanged{desk.mailroom.outbox, 0});
    desk.press("go");
    CHECK(desk.state.desk().front_tab()->kind == app::ComposeDesk::Tab::Kind::outbox);
    desk.press("s");
    CHECK(desk.last<messages::SendAgain>()->outgoing == 1);
    desk.press("e");
    CHECK(open_draft(desk).draft().subject.starts_with("Re: Presupuesto"));
  }
  SUBCASE("maybe sent") {
    desk.mailroom.outbox[0].state = OutgoingState::maybe_sent;
    desk.state.handle(messages::OutboxChanged{desk.mailroom.outbox, 0});
    CHECK(desk.state.notice().kind == app::Notice::Kind::failed);
    CHECK(desk.state.notice().hint.find("not sent again") != std::string::npos);
  }
}

TEST_CASE("a failure to queue leaves the draft where it is") {
  Reply desk;
  type_line(desk, "Gracias");
  desk.press("<esc>");
  desk.mailroom.answer = [](const messages::Event&) {};
  desk.press("y");
  CHECK(open_draft(desk).mode() == app::Composer::Mode::away);
  desk.press("t");
  CHECK(open_draft(desk).mode() == app::Composer::Mode::away);
  desk.state.handle(messages::Failed{desk.last<messages::QueueDraft>()->id, {Kind::disk, Blast::message, "The disk is full.", ""}, {}, {}});
  CHECK(open_draft(desk).mode() == app::Composer::Mode::browsing);
  CHECK(desk.state.notice().text == "The disk is full.");
}

TEST_CASE("doubts are asked once, each with the key that mends it") {
  Desk desk;
  desk.press("c");
  type_line(desk, "marta@example.org");
  desk.press("<esc>e");
  type_line(desk, "see the attached file");
  desk.press("<esc>y");
  REQUIRE(desk.state.desk().question().has_value());
  CHECK(desk.count<messages::QueueDraft>() == 0);
  const auto& choices = desk.state.desk().question()->choices;
  REQUIRE(choices.size() == 4);
  CHECK(choices[0].key == Key::character(U'A'));
  SUBCASE("any other key does nothing, Esc goes back") {
    desk.press("q");
    CHECK(desk.state.desk().question().has_value());
    desk.press("<esc>");
    CHECK_FALSE(desk.state.desk().question().has_value());
    CHECK(desk.count<messages::QueueDraft>() == 0);
  }
  SUBCASE("A attaches") {
    desk.press("A");
    CHECK(desk.state.prompt().text() == "attach ");
    type_line(desk, "/tmp/");
    CHECK(desk.state.prompt().completions().list.size() == 2);
    desk.press("<tab><enter>");
    CHECK(desk.last<messages::AddAttachment>()->source == "/tmp/report.pdf");
    CHECK(open_draft(desk).attachments().size() == 1);
    desk.press("s");
    type_line(desk, "Report");
    desk.press("<esc>y");
    CHECK(desk.count<messages::QueueDraft>() == 1);
  }
  SUBCASE("Enter sends it as it is") {
    desk.press("<enter>");
    CHECK(desk.count<messages::QueueDraft>() == 1);
  }
}

TEST_CASE("what cannot be sent at all says why") {
  Desk desk;
  desk.press("c<esc>y");
  CHECK(desk.state.notice().kind == app::Notice::Kind::failed);
  CHECK(desk.count<messages::QueueDraft>() == 0);
  CHECK_FALSE(desk.state.desk().question().has_value());
}

TEST_CASE("a mail can leave later, and quitting says once what waits") {
  setenv("TZ", "UTC", 1);
  Reply desk;
  type_line(desk, "Gracias");
  desk.press("<esc>Y");
  CHECK(desk.state.prompt().text() == "send-later ");
  type_line(desk, "in 2h");
  desk.press("<enter>");
  CHECK(desk.last<messages::QueueDraft>()->due == noon + 7200);
  CHECK(desk.state.notice().text.find("Marta Gil") != std::string::npos);
  CHECK(desk.state.departure().empty());
  desk.press("Q");
  CHECK_FALSE(desk.state.wants_quit());
  CHECK(desk.state.notice().text.find("outbox") != std::string::npos);
  desk.press("Q");
  CHECK(desk.state.wants_quit());
}

TEST_CASE("send-later says what it does not understand") {
  Reply desk;
  desk.press("<esc>");
  desk.state.run("send-later some day");
  CHECK(desk.state.notice().kind == app::Notice::Kind::failed);
  CHECK(desk.count<messages::QueueDraft>() == 0);
}

TEST_CASE("a mail that cannot be taken back any more can be tried again") {
  Reply desk;
  type_line(desk, "Gracias");
  desk.press("<esc>y");
  desk.mailroom.answer = [](const messages::Event&) {};
  desk.press("u");
  desk.state.handle(messages::Failed{desk.last<messages::CancelOutgoing>()->id, {Kind::try_later, Blast::message, "The server has it.", ""}, {}, {}});
  CHECK(desk.state.notice().text == "The server has it.");
  CHECK_FALSE(desk.state.departure().empty());
}

TEST_CASE("every command runs in every tab, and leaves it as it should be") {
  for (const char* tab : {"compose a@example.org", "reply", "outbox", "drafts"}) {
    for (const app::Command& command : app::commands()) {
      for (const char* argument : {"", "1", "yes", "nonsense (("}) {
        for (const bool is_typing : {true, false}) {
          Desk desk;
          desk.mailroom.outbox = testing::canned_outbox(noon);
          desk.state.run(tab);
          desk.answer();
          if (!is_typing) desk.press("<esc>");
          desk.state.run(std::string(command.name) + " " + argument);
          desk.answer();
          desk.press("<esc><esc>x<enter>");
          desk.pass(4000);
          for (const auto& open : desk.state.desk().names()) CHECK_FALSE(open.text.empty());
          CHECK(desk.state.desk().front() <= desk.state.desk().names().size());
        }
      }
    }
  }
}
