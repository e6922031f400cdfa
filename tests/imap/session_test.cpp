#include "valija/imap/session.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "imap_testing.hpp"

namespace valija::imap {
namespace {

using testing::describe;
using testing::ready_session;
using Log = std::vector<std::string>;

Log events_of(std::string_view wire, int commands = 1) {
  Session session = ready_session();
  for (int i = 0; i < commands; ++i) session.send(noop());
  session.take_output();
  session.feed(wire);
  return describe(session);
}

}  // namespace

TEST_CASE("everything before the answer to the first command is skipped, torn lines and literals among it") {
  Session session;
  CHECK(session.take_output() == "V1 CAPABILITY\r\n");
  session.feed("orn rest of something {500}\r\n\0\r\n* 5 EXISTS\r\nA003 OK late\r\n* CAPABILITY IMAP4rev1 idle\r\n");
  CHECK_FALSE(session.next());
  CHECK_FALSE(session.is_ready());
  session.feed("* CAPABILITY IMAP4rev1 QRESYNC\r\nv1 OK done\r\n");
  CHECK(describe(session) == Log{"completed 1 status 0 done"});
  CHECK(session.is_ready());
  CHECK(session.has("QRESYNC"));
  CHECK_FALSE(session.has("IDLE"));
}

TEST_CASE("a server that never answers the first command is left after 1 MiB") {
  Session session;
  Log log;
  for (int i = 0; i < 3000; ++i) {
    session.feed(std::string(1000, 'x') + "\r\n");
    log = describe(session, std::move(log));
  }
  CHECK(log == Log{"failure"});
}

TEST_CASE("a body is streamed between its head and its FETCH") {
  CHECK(events_of("* 1 FETCH (UID 5 BODY[] {3}\r\nabc FLAGS (\\Seen))\r\nV2 OK done\r\n") ==
        Log{"begin BODY[] uid 5 size 3", "body abc", "untagged 9 uid 5", "completed 2 status 0 done"});
}

TEST_CASE("a literal whose length lies gives no FETCH") {
  const Log log = events_of("* 1 FETCH (UID 5 BODY[] {4}\r\nabcdefgh\r\n* 1 EXPUNGE\r\n");
  CHECK(log == Log{"begin BODY[] uid 5 size 4", "body abcd", "malformed FETCH", "untagged 8"});
}

TEST_CASE("answers may come in any order, but only to commands that were sent, and once") {
  CHECK(events_of("V3 OK b\r\nV2 OK a\r\n", 2) == Log{"completed 3 status 0 b", "completed 2 status 0 a"});
  CHECK(events_of("V2 OK a\r\nV2 OK a\r\n") == Log{"completed 2 status 0 a", "failure"});
  CHECK(events_of("V9 OK a\r\n") == Log{"failure"});
  CHECK(events_of("nonsense\r\n") == Log{"failure"});
}

TEST_CASE("nothing follows a failure") {
  CHECK(events_of("nonsense\r\nV2 OK a\r\n") == Log{"failure"});
}

TEST_CASE("a stray continuation releases nothing") {
  Session session = ready_session();
  session.feed("+ go on\r\n");
  CHECK(describe(session).empty());
  session.send(examine("\xc3\xa9"));
  CHECK(session.take_output() == "V2 EXAMINE {2}\r\n");
  CHECK(session.take_output().empty());
  session.feed("+ now\r\n");
  CHECK(describe(session).empty());
  CHECK(session.take_output() == "\xc3\xa9\r\n");
}

TEST_CASE("a command that is refused before its literal takes the literal along") {
  Session session = ready_session();
  session.send(examine("\xc3\xa9"));
  session.send(noop());
  CHECK(session.take_output() == "V2 EXAMINE {2}\r\n");
  session.feed("V2 BAD no literals here\r\n");
  CHECK(describe(session).size() == 1);
  CHECK(session.take_output() == "V3 NOOP\r\n");
}

TEST_CASE("literals go at once where the server allows it") {
  Session session = ready_session("LITERAL+");
  session.send(examine("\xc3\xa9"));
  CHECK(session.take_output() == "V2 EXAMINE {2+}\r\n\xc3\xa9\r\n");
}

TEST_CASE("a streamed literal is asked for, sent by the caller, and followed by the rest") {
  Session session = ready_session();
  session.send(append("Sent", "()", "", 5));
  session.send(noop());
  CHECK(session.take_output() == "V2 APPEND \"Sent\" () {5}\r\n");
  CHECK(session.left_to_stream() == 0);
  session.feed("* 1 EXISTS\r\n+ go on\r\n");
  CHECK(describe(session) == Log{"untagged 6", "literal wanted"});
  CHECK(session.take_output().empty());
  CHECK(session.left_to_stream() == 5);
  session.streamed(3);
  CHECK(session.take_output().empty());
  session.streamed(200);
  CHECK(session.left_to_stream() == 0);
  CHECK(session.take_output() == "\r\nV3 NOOP\r\n");
}

TEST_CASE("streamed literals need no permission where the server says so") {
  Session session = ready_session("LITERAL+");
  session.send(append("Sent", "()", "", 5));
  session.send(append("Sent", "()", "", 6));
  CHECK(session.take_output() == "V2 APPEND \"Sent\" () {5+}\r\n");
  CHECK(session.left_to_stream() == 5);
  session.streamed(5);
  CHECK(session.take_output() == "\r\nV3 APPEND \"Sent\" () {6+}\r\n");
  CHECK(session.left_to_stream() == 6);
}

TEST_CASE("a message that is refused before it was asked for is not sent; one that was announced is sent to its end") {
  Session waiting = ready_session();
  waiting.send(append("Sent", "()", "", 5));
  waiting.send(noop());
  waiting.take_output();
  waiting.feed("V2 NO [OVERQUOTA] full\r\n");
  CHECK(describe(waiting) == Log{"completed 2 status 1 full"});
  CHECK(waiting.take_output() == "V3 NOOP\r\n");
  Session announced = ready_session("LITERAL+");
  announced.send(append("Sent", "()", "", 5));
  announced.send(noop());
  announced.take_output();
  announced.streamed(2);
  announced.feed("V2 NO [OVERQUOTA] full\r\n");
  CHECK(describe(announced) == Log{"completed 2 status 1 full"});
  CHECK(announced.left_to_stream() == 3);
  announced.streamed(3);
  CHECK(announced.take_output() == "\r\nV3 NOOP\r\n");
  Session asked = ready_session();
  asked.send(append("Sent", "()", "", 5));
  asked.take_output();
  asked.feed("+ go on\r\nV2 NO full\r\n");
  CHECK(describe(asked) == Log{"literal wanted", "completed 2 status 1 full"});
  asked.take_output();
  CHECK(asked.left_to_stream() == 5);
}

TEST_CASE("an answer to a command that was not yet sent is none") {
  Session session = ready_session();
  session.send(append("Sent", "()", "", 5));
  session.send(noop());
  session.take_output();
  session.feed("V3 OK done\r\n");
  CHECK(describe(session) == Log{"failure"});
}

TEST_CASE("a message that was never sent cannot have been taken") {
  Session session = ready_session();
  session.send(append("Sent", "()", "", 5));
  session.take_output();
  session.feed("V2 OK [APPENDUID 1 2] done\r\n");
  CHECK(describe(session) == Log{"failure"});
}

TEST_CASE("a literal of 4 GB names its message and ends the session") {
  CHECK(events_of("* 1 FETCH (UID 5 BODY[] {4294967295}\r\nabc") == Log{"too large uid 5", "failure"});
  CHECK(events_of("* LIST () \"/\" {4294967295}\r\nabc") == Log{"failure"});
}

TEST_CASE("literals that are kept have a small limit, and so has their number") {
  CHECK(events_of("* LIST () \"/\" {65536}\r\n" + std::string(65536, 'n') + "\r\n") == Log{"untagged 3"});
  CHECK(events_of("* LIST () \"/\" {65537}\r\n") == Log{"failure"});
  std::string many = "* 1 FETCH (";
  for (int i = 0; i < 100; ++i) many += "X {1}\r\na ";
  CHECK(events_of(many + ")\r\n") == Log{"failure"});
}

TEST_CASE("capabilities are learned from wherever they come") {
  Session session = ready_session();
  session.send(noop());
  session.take_output();
  session.feed("V2 OK [CAPABILITY IMAP4rev1 Condstore] done\r\n");
  describe(session);
  CHECK(session.has("CONDSTORE"));
}

TEST_CASE("IDLE is ended once the server has agreed to it") {
  Session session = ready_session("IDLE");
  session.idle();
  CHECK(session.take_output() == "V2 IDLE\r\n");
  session.end_idle();
  CHECK(session.take_output().empty());
  session.feed("* 4 EXISTS\r\n+ idling\r\n");
  CHECK(describe(session).size() == 1);
  CHECK(session.take_output() == "DONE\r\n");
  session.end_idle();
  CHECK(session.take_output().empty());
  session.feed("V2 OK done\r\n");
  CHECK(describe(session) == Log{"completed 2 status 0 done"});
}

TEST_CASE("IDLE that was agreed to long ago is ended at once") {
  Session session = ready_session("IDLE");
  session.idle();
  session.take_output();
  session.feed("+ idling\r\n* 4 EXISTS\r\n");
  describe(session);
  session.end_idle();
  CHECK(session.take_output() == "DONE\r\n");
}

TEST_CASE("IDLE that is refused or ends by itself needs no end, and its + permits nothing else") {
  for (const std::string answer : {"V2 NO not now\r\n", "+ idling\r\nV2 OK that was it\r\n"}) {
    Session session = ready_session("IDLE");
    session.idle();
    session.take_output();
    session.feed(answer);
    CHECK(describe(session).size() == 1);
    session.end_idle();
    session.send(Command("LOGIN").string(std::string(2000, 'x')));
    CHECK(session.take_output() == "V3 LOGIN {2000}\r\n");
    CHECK(session.take_output().empty());
  }
}

TEST_CASE("what follows an answer unread can be taken for another stream") {
  Session session = ready_session("COMPRESS=DEFLATE");
  session.send(Command("COMPRESS DEFLATE"));
  session.take_output();
  session.feed("V2 OK go\r\n\x01\x02");
  CHECK(describe(session).size() == 1);
  CHECK(session.take_rest() == "\x01\x02");
  CHECK(session.take_rest().empty());
  session.feed("* 4 EXISTS\r\n");
  CHECK(describe(session).size() == 1);
}

TEST_CASE("however the octets arrive, the events are the same") {
  static constexpr std::string_view parts[] = {
      "* 1 FETCH (UID 5 BODY[] {3}\r\nabc)\r\n", "* 2 FETCH (UID 6 FLAGS (\\Seen))\r\n", "* LIST () \"/\" {3}\r\na b\r\n", "V2 OK done\r\n",
      "* 3 EXISTS\r\n", "* 1 FETCH (BODY[] {0}\r\n UID 7)\r\n", "* STATUS x (MESSAGES 99999999999999999999)\r\n", "+ stray\r\n",
      "* 1 FETCH (UID 5 BODY[] {9}\r\nabc)\r\n", "* OK [ALERT] {5}\r\n", "junk\r\n", "* 4 FETCH (UID 5 BODY[] {999999999}\r\n", "\n", "{", "}"};
  CHECK(rc::check([](const std::vector<std::uint8_t>& choice, const std::vector<std::uint8_t>& cuts) {
    std::string wire;
    for (const std::uint8_t part : choice) wire += parts[part % std::size(parts)];
    Session pieces = ready_session();
    pieces.send(noop());
    pieces.take_output();
    std::vector<std::string> log;
    std::size_t at = 0;
    for (std::size_t i = 0; at < wire.size(); ++i) {
      const std::size_t size = std::min<std::size_t>(cuts.empty() ? 1 : cuts[i % cuts.size()] % 7 + 1, wire.size() - at);
      pieces.feed(std::string_view(wire).substr(at, size));
      log = describe(pieces, std::move(log));
      at += size;
    }
    RC_ASSERT(log == events_of(wire));
  }));
}

}  // namespace valija::imap
