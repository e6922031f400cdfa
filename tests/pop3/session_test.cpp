#include "valija/pop3/session.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <string>
#include <vector>

namespace valija::pop3 {
namespace {

using Log = std::vector<std::string>;

/// One line per event, pieces joined, so that two runs can be compared.
Log describe(Session& session, Log log = {}) {
  while (auto event = session.next()) {
    if (const auto* piece = std::get_if<Piece>(&*event)) {
      if (!log.empty() && log.back().starts_with("octets ")) {
        log.back() += piece->octets;
      } else {
        log.push_back("octets " + std::string(piece->octets));
      }
    } else if (const auto* row = std::get_if<Row>(&*event)) {
      log.push_back("row " + std::to_string(row->command) + " " + std::string(row->text));
    } else if (const auto* begin = std::get_if<MessageBegin>(&*event)) {
      log.push_back("begin " + std::to_string(begin->command));
    } else if (const auto* done = std::get_if<Completed>(&*event)) {
      log.push_back((done->reply.is_ok ? "ok " : "err ") + std::to_string(done->command) + " " + done->reply.code + "/" + done->reply.text);
    } else {
      log.push_back("failure");
    }
  }
  return log;
}

/// A session that is past its CAPA, with these commands sent.
Session ready(std::vector<Command> commands, std::string_view capabilities = "PIPELINING\r\n") {
  Session session;
  session.take_output();
  session.feed("+OK\r\n" + std::string(capabilities) + ".\r\n");
  while (session.next()) continue;
  for (Command& command : commands) session.send(std::move(command));
  return session;
}

Log answers(std::vector<Command> commands, std::string_view wire) {
  Session session = ready(std::move(commands));
  session.take_output();
  session.feed(wire);
  return describe(session);
}

}  // namespace

TEST_CASE("it begins with CAPA and learns what the server can do") {
  Session session;
  CHECK(session.take_output() == "CAPA\r\n");
  CHECK(session.take_output().empty());
  session.feed("+OK here it is\r\nTOP\r\nsasl PLAIN LOGIN\r\n.\r\n");
  CHECK(describe(session) == Log{"ok 1 /here it is"});
  CHECK(session.is_ready());
  CHECK(session.has("TOP"));
  CHECK(session.has("SASL"));
  CHECK_FALSE(session.has("PIPELINING"));
}

TEST_CASE("a server without CAPA can nothing but the least") {
  Session session;
  session.take_output();
  session.feed("-ERR what?\r\n");
  CHECK(describe(session) == Log{"err 1 /what?"});
  CHECK(session.is_ready());
  CHECK_FALSE(session.has("TOP"));
}

TEST_CASE("what the login left is skipped, torn lines and a second +OK among it") {
  Session session;
  session.feed("+OK logged in twice\r\n");
  CHECK(describe(session).empty());
  session.take_output();
  session.feed("orn rest\r\n+OK another\r\n+OK Capability list follows\r\nUIDL\r\n.\r\n");
  CHECK(describe(session) == Log{"ok 1 /Capability list follows"});
  CHECK(session.has("UIDL"));
  CHECK_FALSE(session.has("+OK"));
  Session refused;
  refused.take_output();
  refused.feed("+OK another\r\n-ERR no CAPA here\r\n");
  CHECK(describe(refused) == Log{"err 1 /no CAPA here"});
  CHECK(refused.is_ready());
}

TEST_CASE("a server that never answers the first command is left after 1 MiB") {
  Session session;
  session.take_output();
  Log log;
  for (int i = 0; i < 3000; ++i) {
    session.feed(std::string(1000, 'x') + "\r\n");
    log = describe(session, std::move(log));
  }
  CHECK(log == Log{"failure"});
}

TEST_CASE("with PIPELINING all commands go at once, without it one after another") {
  Session quick = ready({uidl(), list()});
  CHECK(quick.take_output() == "UIDL\r\nLIST\r\n");
  Session slow = ready({dele(1), dele(2), quit()}, "");
  CHECK(slow.take_output() == "DELE 1\r\n");
  CHECK(slow.take_output().empty());
  slow.feed("+OK\r\n");
  CHECK(describe(slow) == Log{"ok 2 /"});
  CHECK(slow.take_output() == "DELE 2\r\n");
  slow.feed("-ERR [SYS/TEMP] not now\r\n");
  CHECK(describe(slow) == Log{"err 3 SYS/TEMP/not now"});
  CHECK(slow.take_output() == "QUIT\r\n");
}

TEST_CASE("listings and messages come with their command") {
  CHECK(answers({uidl(), retr(1), top(2), dele(1)}, "+OK\r\n1 a\r\n2 b\r\n.\r\n+OK 5 octets\r\n..x\r\n.\r\n-ERR [in-use] gone\r\n+OK bye\r\n") ==
        Log{"row 2 1 a", "row 2 2 b", "ok 2 /", "begin 3", "octets .x\r\n", "ok 3 /5 octets", "err 4 IN-USE/gone", "ok 5 /bye"});
  CHECK(answers({retr(1)}, "+OK\r\n.\r\n") == Log{"begin 2", "ok 2 /"});
}

TEST_CASE("what is no status line, or an answer to nothing, ends the session") {
  CHECK(answers({noop()}, "hello\r\n") == Log{"failure"});
  CHECK(answers({noop()}, "+OKAY\r\n") == Log{"failure"});
  CHECK(answers({noop()}, "-ERROR\r\n+OK\r\n") == Log{"failure"});
  CHECK(answers({noop()}, "+OK\r\n+OK\r\n+OK\r\n") == Log{"ok 2 /", "failure"});
  CHECK(answers({noop()}, std::string(line_limit + 2, 'x')) == Log{"failure"});
}

TEST_CASE("an answer before its command was sent is an answer to nothing") {
  Session session = ready({dele(1), dele(2)}, "");
  session.take_output();
  session.feed("+OK\r\n+OK\r\n");
  CHECK(describe(session) == Log{"ok 2 /", "failure"});
}

TEST_CASE("status lines may be in any case and bare") {
  CHECK(answers({noop(), noop(), noop()}, "+ok\r\n-err\r\n+OK\n") == Log{"ok 2 /", "err 3 /", "ok 4 /"});
}

TEST_CASE("listings and messages without end are left") {
  Session rows = ready({list()});
  rows.take_output();
  rows.feed("+OK\r\n");
  std::size_t count = 0;
  bool has_failed = false;
  for (std::size_t fed = 0; !has_failed && fed <= rows_limit; fed += 1000) {
    for (int i = 0; i < 1000; ++i) rows.feed("1 1\r\n");
    while (auto event = rows.next()) {
      if (std::holds_alternative<Row>(*event)) ++count;
      has_failed = std::holds_alternative<Failure>(*event);
    }
  }
  CHECK(has_failed);
  CHECK(count == rows_limit);

  Session message = ready({retr(1)});
  message.take_output();
  message.feed("+OK\r\n");
  has_failed = false;
  std::uint64_t octets = 0;
  const std::string block(std::size_t{1} << 20, 'x');
  for (int fed = 0; !has_failed && fed <= 513; ++fed) {
    message.feed(block);
    while (auto event = message.next()) {
      if (const auto* piece = std::get_if<Piece>(&*event)) octets += piece->octets.size();
      has_failed = std::holds_alternative<Failure>(*event);
    }
  }
  CHECK(has_failed);
  CHECK(octets == message_limit);
}

TEST_CASE("however the octets arrive, the events are the same") {
  static constexpr std::string_view parts[] = {"+OK\r\n",  "-ERR [SYS/PERM] no\r\n", "1 a\r\n", ".\r\n", "..\r\n", "\r\n", "\n",
                                               "text\r\n", ".\n",  "+OK 2 octets\r\n",       "\r",      "+",     "."};
  const auto commands = [] { return std::vector<Command>{uidl(), retr(1), list(), retr(2), top(3), dele(1), quit()}; };
  CHECK(rc::check([&](const std::vector<std::uint8_t>& choice, const std::vector<std::uint8_t>& cuts) {
    std::string wire;
    for (const std::uint8_t part : choice) wire += parts[part % std::size(parts)];
    Session pieces = ready(commands());
    pieces.take_output();
    Log log;
    std::size_t at = 0;
    for (std::size_t i = 0; at < wire.size(); ++i) {
      const std::size_t size = std::min<std::size_t>(cuts.empty() ? 1 : cuts[i % cuts.size()] % 7 + 1, wire.size() - at);
      pieces.feed(std::string_view(wire).substr(at, size));
      log = describe(pieces, std::move(log));
      at += size;
    }
    RC_ASSERT(log == answers(commands(), wire));
  }));
}

}  // namespace valija::pop3
