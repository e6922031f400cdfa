#include "valija/smtp/session.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "valija/base/text.hpp"

namespace valija::smtp {
namespace {

using Step = Session::Step;

constexpr const char* all_extensions = "250-mx\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-DSN\r\n250-CHUNKING\r\n250 SIZE 1000\r\n";

Session opened(const std::string& greeting = all_extensions) {
  Session session("[127.0.0.1]");
  REQUIRE(session.take_output() == "EHLO [127.0.0.1]\r\n");
  REQUIRE(session.feed(greeting));
  REQUIRE(session.step() == Step::ready);
  return session;
}

Envelope to(std::vector<std::string> recipients) {
  Envelope envelope;
  envelope.sender = "me@x.org";
  envelope.recipients = std::move(recipients);
  return envelope;
}

/// In `body`, with one recipient.
Session in_body() {
  Session session = opened();
  REQUIRE(session.begin(to({"a@b"})));
  session.take_output();
  REQUIRE(session.feed("250 ok\r\n250 ok\r\n"));
  session.take_output();
  REQUIRE(session.feed("354 go\r\n"));
  REQUIRE(session.step() == Step::body);
  return session;
}

Session in_answer() {
  Session session = in_body();
  session.end_body();
  session.take_output();
  return session;
}

}  // namespace

TEST_CASE("EHLO tells what the server can") {
  const Extensions all = opened().extensions();
  CHECK((all.pipelining && all.eight_bit && all.smtputf8 && all.dsn && all.chunking && all.takes_size));
  CHECK(all.size == 1000);
  const Extensions none = opened("250 PIPELINING\r\n").extensions();
  CHECK_FALSE((none.pipelining || none.eight_bit || none.smtputf8 || none.dsn || none.chunking || none.takes_size));
  CHECK(opened("250-mx\r\n250 pipelining\r\n").extensions().pipelining);
  for (const char* size : {"SIZE", "SIZE 0", "SIZE x", "SIZE 99999999999999999999999", "SIZE -1"}) {
    const Extensions extensions = opened(std::string("250-mx\r\n250 ") + size + "\r\n").extensions();
    CHECK(extensions.takes_size);
    CHECK(extensions.size == 0);
  }
}

TEST_CASE("a server without EHLO is none, and HELO is never said") {
  for (const auto& [answer, kind] : {std::pair{"502 what\r\n", Kind::protocol}, {"421 busy\r\n", Kind::try_later}, {"354 go\r\n", Kind::protocol}, {"+OK\r\n", Kind::protocol}}) {
    Session session("[127.0.0.1]");
    session.take_output();
    const auto fed = session.feed(answer);
    REQUIRE_FALSE(fed);
    CHECK(fed.error().kind == kind);
    CHECK(session.step() == Step::closed);
    CHECK(session.take_output().empty());
  }
}

TEST_CASE("a message goes out in three turns, the next one behind it") {
  Session session = opened();
  for (int message = 0; message < 2; ++message) {
    REQUIRE(session.begin(to({"a@b", "c@d"})));
    CHECK(session.take_output() == "MAIL FROM:<me@x.org>\r\nRCPT TO:<a@b>\r\nRCPT TO:<c@d>\r\n");
    CHECK(session.awaited() == 3);
    REQUIRE(session.feed("250 2.1.0 ok\r\n250 ok\r\n"));
    CHECK(session.take_output().empty());
    REQUIRE(session.feed("251 ok\r\n"));
    CHECK(session.take_output() == "DATA\r\n");
    REQUIRE(session.feed("354 go\r\n"));
    REQUIRE(session.step() == Step::body);
    session.add_body("Subject: x\n\n.hidden");
    CHECK(session.take_output() == "Subject: x\r\n\r\n..hidden");
    CHECK_FALSE(session.outcome().was_handed_over);
    session.end_body();
    CHECK(session.outcome().was_handed_over);
    CHECK(session.take_output() == "\r\n.\r\n");
    CHECK(session.step() == Step::answer);
    REQUIRE(session.feed("250 2.0.0 queued as 42\r\n"));
    REQUIRE(session.step() == Step::ready);
    CHECK(session.outcome().is_accepted);
    CHECK(session.outcome().reply.text() == "250 2.0.0 queued as 42");
  }
  session.quit();
  CHECK(session.take_output() == "QUIT\r\n");
  CHECK(session.step() == Step::closed);
  CHECK(session.feed("221 bye\r\n"));
}

TEST_CASE("without PIPELINING each command waits for the answer before it") {
  Session session = opened("250 mx\r\n");
  REQUIRE(session.begin(to({"a@b", "c@d"})));
  for (const char* line : {"MAIL FROM:<me@x.org>\r\n", "RCPT TO:<a@b>\r\n", "RCPT TO:<c@d>\r\n"}) {
    CHECK(session.take_output() == line);
    CHECK(session.take_output().empty());
    REQUIRE(session.feed("250 ok\r\n"));
  }
  CHECK(session.take_output() == "DATA\r\n");
}

TEST_CASE("parameters are said where they are wanted and understood") {
  Envelope envelope = to({"a@b"});
  envelope.size = 1000;
  envelope.is_eight_bit = envelope.wants_dsn = envelope.needs_smtputf8 = true;
  Session session = opened();
  REQUIRE(session.begin(envelope));
  CHECK(session.take_output() == "MAIL FROM:<me@x.org> SIZE=1000 BODY=8BITMIME SMTPUTF8 RET=HDRS\r\nRCPT TO:<a@b> NOTIFY=SUCCESS,DELAY,FAILURE\r\n");
  envelope.is_eight_bit = envelope.needs_smtputf8 = false;
  envelope.sender.clear();
  Session plain = opened("250-mx\r\n250 PIPELINING\r\n");
  REQUIRE(plain.begin(envelope));
  CHECK(plain.take_output() == "MAIL FROM:<>\r\nRCPT TO:<a@b>\r\n");
  Session named = opened();
  REQUIRE(named.begin(to({"ñ@b"})));
  CHECK(named.take_output().starts_with("MAIL FROM:<me@x.org> SMTPUTF8\r\n"));
}

TEST_CASE("what the server cannot take, and addresses that are none, are refused before a word is said") {
  std::vector<Envelope> envelopes(7, to({"a@b"}));
  envelopes[0].size = 1001;
  envelopes[1].recipients = {};
  envelopes[2].recipients = {"a@b", "a@b>\r\nRCPT TO:<x@y"};
  envelopes[3].sender = "a@b> SIZE=1";
  envelopes[4].recipients = {""};
  envelopes[5].sender = "a\r\n@b";
  envelopes[6].recipients = {std::string(400, 'a') + "@b"};
  Session session = opened();
  for (const Envelope& envelope : envelopes) {
    const auto begun = session.begin(envelope);
    REQUIRE_FALSE(begun);
    CHECK(begun.error().kind == Kind::input);
    CHECK(begun.error().message.find('\r') == std::string::npos);
  }
  CHECK(session.step() == Step::ready);
  CHECK(session.take_output().empty());
  Session simple = opened("250 mx\r\n");
  Envelope envelope = to({"a@b"});
  envelope.is_eight_bit = true;
  CHECK(simple.begin(envelope).error().message.find("8BITMIME") != std::string::npos);
  CHECK(simple.begin(to({"ñ@b"})).error().message.find("SMTPUTF8") != std::string::npos);
  CHECK(simple.begin(to({"a@b"})));
}

TEST_CASE("one refused recipient of several is named and nothing is sent") {
  Session session = opened();
  REQUIRE(session.begin(to({"a@b", "c@d", "e@f"})));
  session.take_output();
  REQUIRE(session.feed("250 ok\r\n250 ok\r\n450 4.2.1 later\r\n"));
  REQUIRE(session.feed("550 5.1.1 no such user\r\n"));
  CHECK(session.take_output() == "RSET\r\n");
  CHECK(session.step() == Step::envelope);
  REQUIRE(session.feed("250 ok\r\n"));
  REQUIRE(session.step() == Step::ready);
  const Session::Outcome& outcome = session.outcome();
  CHECK_FALSE(outcome.is_accepted);
  CHECK_FALSE(outcome.was_handed_over);
  REQUIRE(outcome.refused.size() == 2);
  CHECK(outcome.refused[0].recipient == "c@d");
  CHECK(outcome.refused[1].recipient == "e@f");
  CHECK(outcome.reply.code == 550);
}

TEST_CASE("recipients beyond the server's limit are left for a further transaction, and the limit is kept") {
  Session session = opened();
  REQUIRE(session.begin(to({"a@b", "c@d", "e@f", "g@h"})));
  session.take_output();
  REQUIRE(session.feed("250 ok\r\n250 ok\r\n250 ok\r\n452 4.5.3 too many recipients\r\n452 4.5.3 too many recipients\r\n"));
  CHECK(session.take_output() == "DATA\r\n");
  REQUIRE(session.feed("354 go\r\n"));
  CHECK(session.outcome().refused.empty());
  CHECK(session.outcome().later == std::vector<std::string>{"e@f", "g@h"});
  session.end_body();
  session.take_output();
  REQUIRE(session.feed("250 ok\r\n"));
  CHECK(session.outcome().is_accepted);
  REQUIRE(session.begin(to({"e@f", "g@h", "i@j"})));
  CHECK(session.outcome().later == std::vector<std::string>{"i@j"});
  CHECK(session.take_output() == "MAIL FROM:<me@x.org>\r\nRCPT TO:<e@f>\r\nRCPT TO:<g@h>\r\n");
}

TEST_CASE("only too many recipients is a limit, and only behind one that was taken") {
  for (const char* replies : {"250 ok\r\n452 4.2.2 mailbox full\r\n", "250 ok\r\n451 later\r\n", "250 ok\r\n552 5.2.2 full\r\n", "452 4.5.3 too many\r\n452 4.5.3 too many\r\n",
                              "452 too many\r\n550 no\r\n"}) {
    Session session = opened();
    REQUIRE(session.begin(to({"a@b", "c@d"})));
    session.take_output();
    REQUIRE(session.feed(std::string("250 ok\r\n") + replies));
    CHECK(session.take_output() == "RSET\r\n");
  }
  for (const char* reply : {"452 too many\r\n", "452 4.5.3 x\r\n", "552 5.5.3 x\r\n"}) {
    Session session = opened();
    REQUIRE(session.begin(to({"a@b", "c@d"})));
    session.take_output();
    REQUIRE(session.feed(std::string("250 ok\r\n250 ok\r\n") + reply));
    CHECK(session.take_output() == "DATA\r\n");
  }
}

TEST_CASE("a limit that the server tells is kept from the first") {
  Session session = opened("250-mx\r\n250-PIPELINING\r\n250 LIMITS MAILMAX=5 RCPTMAX=2 RCPTDOMAINMAX=1\r\n");
  CHECK(session.extensions().most_recipients == 2);
  REQUIRE(session.begin(to({"a@b", "c@d", "e@f"})));
  CHECK(session.take_output() == "MAIL FROM:<me@x.org>\r\nRCPT TO:<a@b>\r\nRCPT TO:<c@d>\r\n");
  CHECK(session.outcome().later == std::vector<std::string>{"e@f"});
  for (const char* limits : {"LIMITS", "LIMITS RCPTMAX", "LIMITS RCPTMAX=0", "LIMITS RCPTMAX=x", "LIMITS RCPTMAX=-3", "LIMITS RCPTMAX=99999999999999999999999"}) {
    CHECK(opened(std::string("250-mx\r\n250 ") + limits + "\r\n").extensions().most_recipients == 0);
  }
}

TEST_CASE("refusals at each stage keep the server's words, and the session goes on") {
  SUBCASE("MAIL, pipelined: what is said to the recipients then does not matter") {
    Session session = opened();
    REQUIRE(session.begin(to({"a@b"})));
    session.take_output();
    REQUIRE(session.feed("452 4.3.1 full\r\n503 5.5.1 no\r\n"));
    CHECK(session.take_output() == "RSET\r\n");
    REQUIRE(session.feed("250 ok\r\n"));
    CHECK(session.outcome().reply.text() == "452 4.3.1 full");
    CHECK(session.outcome().refused.empty());
    CHECK(session.step() == Step::ready);
  }
  SUBCASE("MAIL, one by one: no recipient is told") {
    Session session = opened("250 mx\r\n");
    REQUIRE(session.begin(to({"a@b", "c@d"})));
    session.take_output();
    REQUIRE(session.feed("550 no\r\n"));
    CHECK(session.take_output() == "RSET\r\n");
  }
  SUBCASE("DATA") {
    Session session = opened();
    REQUIRE(session.begin(to({"a@b"})));
    session.take_output();
    REQUIRE(session.feed("250 ok\r\n250 ok\r\n"));
    session.take_output();
    REQUIRE(session.feed("451 later\r\n"));
    CHECK(session.take_output() == "RSET\r\n");
    REQUIRE(session.feed("250 ok\r\n"));
    CHECK(session.outcome().reply.code == 451);
    CHECK_FALSE(session.outcome().was_handed_over);
    CHECK(session.step() == Step::ready);
  }
  SUBCASE("the final dot") {
    for (const char* answer : {"552 5.2.2 full\r\n", "451 4.3.0 later\r\n"}) {
      Session session = in_answer();
      REQUIRE(session.feed(answer));
      CHECK(session.step() == Step::ready);
      CHECK_FALSE(session.outcome().is_accepted);
      CHECK(session.outcome().reply.is_refusal());
      CHECK(session.take_output().empty());
    }
  }
  SUBCASE("RSET: who does not forget is left") {
    Session session = opened();
    REQUIRE(session.begin(to({"a@b"})));
    session.take_output();
    REQUIRE(session.feed("550 no\r\n503 no\r\n"));
    session.take_output();
    REQUIRE(session.feed("500 what\r\n"));
    CHECK(session.step() == Step::closed);
    CHECK(session.outcome().reply.code == 550);
  }
}

TEST_CASE("421 ends the session at any time and is what decided") {
  const std::string farewell = "421 4.3.2 going down\r\n";
  Session idle = opened();
  REQUIRE(idle.feed(farewell));
  CHECK(idle.step() == Step::closed);
  Session envelope = opened();
  REQUIRE(envelope.begin(to({"a@b"})));
  envelope.take_output();
  REQUIRE(envelope.feed("250 ok\r\n" + farewell));
  CHECK(envelope.step() == Step::closed);
  CHECK(envelope.outcome().reply.code == 421);
  Session body = in_body();
  body.add_body("half a mess");
  REQUIRE(body.feed(farewell));
  CHECK(body.step() == Step::closed);
  CHECK(body.take_output().empty());
  CHECK_FALSE(body.outcome().was_handed_over);
  Session answer = in_answer();
  REQUIRE(answer.feed(farewell));
  CHECK(answer.step() == Step::closed);
  CHECK(answer.outcome().reply.code == 421);
  CHECK(answer.outcome().was_handed_over);
}

TEST_CASE("a refusal in the middle of the message ends it: not one octet more") {
  Session session = in_body();
  session.add_body("half a mess");
  REQUIRE(session.feed("552 5.3.4 too much\r\n"));
  CHECK(session.step() == Step::closed);
  session.add_body("age");
  session.end_body();
  CHECK(session.take_output().empty());
  CHECK(session.outcome().reply.code == 552);
  CHECK_FALSE(session.outcome().was_handed_over);
}

TEST_CASE("an acceptance before the final dot is none") {
  Session early = in_body();
  CHECK(early.feed("250 queued\r\n").error().kind == Kind::protocol);
  CHECK_FALSE(early.outcome().is_accepted);
  Session unsent = in_body();
  unsent.end_body();  // the dot lies here still
  CHECK_FALSE(unsent.feed("250 queued\r\n"));
  CHECK_FALSE(unsent.outcome().is_accepted);
  Session together = opened();
  REQUIRE(together.begin(to({"a@b"})));
  together.take_output();
  CHECK_FALSE(together.feed("250 ok\r\n250 ok\r\n354 go\r\n250 queued\r\n"));
  CHECK(together.step() == Step::closed);
}

TEST_CASE("answers that were not asked for, or do not fit, end the session") {
  CHECK_FALSE(opened().feed("250 ok\r\n"));
  for (const char* answer : {"354 go\r\n", "334 go\r\n"}) {
    Session session = opened();
    REQUIRE(session.begin(to({"a@b"})));
    session.take_output();
    CHECK_FALSE(session.feed(answer));
  }
  Session data = opened();
  REQUIRE(data.begin(to({"a@b"})));
  data.take_output();
  REQUIRE(data.feed("250 ok\r\n250 ok\r\n"));
  data.take_output();
  CHECK_FALSE(data.feed("250 ok\r\n"));
  Session last = in_answer();
  CHECK_FALSE(last.feed("354 more\r\n"));
  CHECK_FALSE(last.outcome().is_accepted);
  CHECK(last.outcome().was_handed_over);
  CHECK(last.outcome().reply.code == 0);
}

TEST_CASE("one session like the other, whatever the pieces of the server's octets") {
  const std::string dialogue = std::string(all_extensions) + "250 ok\r\n250 2.1.5 ok\r\n550-5.1.1 no\r\n550 5.1.1 never\r\n250 reset\r\n250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n250 queued\r\n";
  const auto play = [&](std::size_t step) {
    Session session("[127.0.0.1]");
    std::string log = session.take_output();
    int messages = 0;
    for (const std::string& line : split(dialogue, '\n')) {
      if (line.empty()) continue;
      const std::string octets = line + '\n';
      for (std::size_t at = 0; at < octets.size(); at += step) RC_ASSERT(session.feed(std::string_view(octets).substr(at, step)));
      if (session.step() == Step::ready && messages < 2) {
        RC_ASSERT(session.begin(to({"a@b", "c@d"})));
        ++messages;
      }
      if (session.step() == Step::body) session.end_body();
      log += session.take_output();
    }
    return log + session.outcome().reply.text();
  };
  CHECK(rc::check([&] { RC_ASSERT(play(*rc::gen::inRange<std::size_t>(1, 40)) == play(1000)); }));
  CHECK(play(1000).ends_with("250 queued"));
}

TEST_CASE("any octets of a server: no crash, and nothing is accepted without a dot") {
  CHECK(rc::check([] {
    const auto pieces = *rc::gen::container<std::vector<std::string>>(
        rc::gen::element<std::string>("250 ok\r\n", "250-mx\r\n", "250 PIPELINING\r\n", "354 go\r\n", "421 bye\r\n", "550 no\r\n", "451 later\r\n", "25", "0 x", "\r\n", "\xff"));
    Session session("[127.0.0.1]");
    std::string wire = session.take_output();
    for (const std::string& piece : pieces) {
      const bool is_fed = session.feed(piece).has_value();
      if (!is_fed) RC_ASSERT(session.step() == Step::closed);
      if (session.step() == Step::ready) RC_ASSERT(session.begin(to({"a@b"})));
      if (session.step() == Step::body) session.end_body();
      wire += session.take_output();
      if (session.outcome().is_accepted) RC_ASSERT(session.outcome().was_handed_over);
      if (session.outcome().was_handed_over) RC_ASSERT(wire.find("DATA\r\n.\r\n") != std::string::npos);
    }
  }));
}

}  // namespace valija::smtp
