#include "valija/imap/command.hpp"

#include <doctest/doctest.h>

namespace valija::imap {
namespace {

using Pieces = std::vector<CommandPiece>;

/// The one line that a command without waiting literals is, without its tag.
std::string line_of(const Command& command) {
  const Pieces pieces = command.to_pieces("V1", LiteralSupport::plus);
  REQUIRE(pieces.size() == 1);
  REQUIRE(pieces.front().octets.starts_with("V1 "));
  REQUIRE(pieces.front().octets.ends_with("\r\n"));
  return pieces.front().octets.substr(3, pieces.front().octets.size() - 5);
}

}  // namespace

TEST_CASE("strings are quoted where that is possible") {
  CHECK(line_of(select("a \"b\" \\c", false)) == "SELECT \"a \\\"b\\\" \\\\c\"");
  CHECK(line_of(select("", true)) == "SELECT \"\" (CONDSTORE)");
}

TEST_CASE("other strings are literals, which wait for the server unless it said they need not") {
  const Command command = select("caf\xc3\xa9\r\nX LOGOUT", true);
  CHECK(command.to_pieces("V1", LiteralSupport::synchronizing) ==
        Pieces{{"V1 SELECT {15}\r\n", false, 0}, {"caf\xc3\xa9\r\nX LOGOUT (CONDSTORE)\r\n", true, 0}});
  CHECK(command.to_pieces("V1", LiteralSupport::plus) == Pieces{{"V1 SELECT {15+}\r\ncaf\xc3\xa9\r\nX LOGOUT (CONDSTORE)\r\n", false, 0}});
  CHECK(select(std::string(5000, 'x'), false).to_pieces("V1", LiteralSupport::minus).size() == 2);
}

TEST_CASE("a message is announced, and its octets are the caller's") {
  const Command command = append("Sent", "(\\Seen)", "01-Jan-2024 00:00:00 +0000", 5000);
  CHECK(command.to_pieces("V1", LiteralSupport::plus) ==
        Pieces{{"V1 APPEND \"Sent\" (\\Seen) \"01-Jan-2024 00:00:00 +0000\" {5000+}\r\n", false, 5000}, {"\r\n", false, 0}});
  for (const LiteralSupport support : {LiteralSupport::minus, LiteralSupport::synchronizing}) {
    CHECK(command.to_pieces("V1", support) == Pieces{{"V1 APPEND \"Sent\" (\\Seen) \"01-Jan-2024 00:00:00 +0000\" {5000}\r\n", false, 0},
                                                     {"", true, 5000}, {"\r\n", false, 0}});
  }
  CHECK(append("Sent", "()", "", 4096).to_pieces("V1", LiteralSupport::minus) == Pieces{{"V1 APPEND \"Sent\" () {4096+}\r\n", false, 4096}, {"\r\n", false, 0}});
}

TEST_CASE("a very large message is asked for even where it need not") {
  CHECK(append("Sent", "()", "", 1 << 20).to_pieces("V1", LiteralSupport::plus).size() == 2);
  CHECK(append("Sent", "()", "", (1 << 20) + 1).to_pieces("V1", LiteralSupport::plus).size() == 3);
}

TEST_CASE("the commands of reading are spelled as the RFC has them") {
  CHECK(line_of(list_all()) == "LIST \"\" \"*\"");
  CHECK(line_of(list_all("SPECIAL-USE")) == "LIST \"\" \"*\" RETURN (SPECIAL-USE)");
  CHECK(line_of(list_one("a b")) == "LIST \"\" \"a b\"");
  CHECK(line_of(select_changes("INBOX", 7, 50)) == "SELECT \"INBOX\" (QRESYNC (7 50))");
  CHECK(line_of(examine("INBOX")) == "EXAMINE \"INBOX\"");
  CHECK(line_of(uid_fetch("1:*", "(UID FLAGS)", "(CHANGEDSINCE 5 VANISHED)")) == "UID FETCH 1:* (UID FLAGS) (CHANGEDSINCE 5 VANISHED)");
  CHECK(line_of(uid_search("DELETED", false)) == "UID SEARCH DELETED");
  CHECK(line_of(uid_search("ALL", true)) == "UID SEARCH RETURN (ALL) ALL");
  CHECK(line_of(enable("QRESYNC")) == "ENABLE QRESYNC");
  CHECK(line_of(namespaces()) == "NAMESPACE");
  CHECK(line_of(status("INBOX", "(UIDNEXT)")) == "STATUS \"INBOX\" (UIDNEXT)");
}

TEST_CASE("the commands of writing are spelled as the RFC has them") {
  CHECK(line_of(uid_store("1:3", StoreAction::add, "(\\Seen)")) == "UID STORE 1:3 +FLAGS.SILENT (\\Seen)");
  CHECK(line_of(uid_store("1:3", StoreAction::remove, "(x)", 50)) == "UID STORE 1:3 (UNCHANGEDSINCE 50) -FLAGS.SILENT (x)");
  CHECK(line_of(uid_copy("1,3", "a b")) == "UID COPY 1,3 \"a b\"");
  CHECK(line_of(uid_move("1,3", "Archive")) == "UID MOVE 1,3 \"Archive\"");
  CHECK(line_of(uid_expunge("1,3")) == "UID EXPUNGE 1,3");
  CHECK(line_of(create_folder("a")) == "CREATE \"a\"");
  CHECK(line_of(rename_folder("a", "b")) == "RENAME \"a\" \"b\"");
  CHECK(line_of(delete_folder("a")) == "DELETE \"a\"");
  CHECK(line_of(subscribe("a")) == "SUBSCRIBE \"a\"");
  CHECK(line_of(unsubscribe("a")) == "UNSUBSCRIBE \"a\"");
}

}  // namespace valija::imap
