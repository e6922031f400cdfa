#include "valija/imap/command.hpp"

#include <doctest/doctest.h>

namespace valija::imap {
namespace {

using Pieces = std::vector<std::string>;

}  // namespace

TEST_CASE("strings are quoted where that is possible") {
  CHECK(examine("a \"b\" \\c", false).to_pieces("V1", LiteralSupport::synchronizing) ==
        Pieces{"V1 EXAMINE \"a \\\"b\\\" \\\\c\"\r\n"});
  CHECK(examine("", true).to_pieces("V1", LiteralSupport::plus) == Pieces{"V1 EXAMINE \"\" (CONDSTORE)\r\n"});
}

TEST_CASE("other strings are literals, which wait for the server unless it said they need not") {
  const Command command = examine("caf\xc3\xa9\r\nX LOGOUT", true);
  CHECK(command.to_pieces("V1", LiteralSupport::synchronizing) ==
        Pieces{"V1 EXAMINE {15}\r\n", "caf\xc3\xa9\r\nX LOGOUT (CONDSTORE)\r\n"});
  CHECK(command.to_pieces("V1", LiteralSupport::plus) == Pieces{"V1 EXAMINE {15+}\r\ncaf\xc3\xa9\r\nX LOGOUT (CONDSTORE)\r\n"});
  CHECK(examine(std::string(5000, 'x'), false).to_pieces("V1", LiteralSupport::minus).size() == 2);
}

TEST_CASE("the commands of reading are spelled as the RFC has them") {
  CHECK(list_all(true).to_pieces("V2", LiteralSupport::plus) == Pieces{"V2 LIST \"\" \"*\" RETURN (SPECIAL-USE)\r\n"});
  CHECK(uid_fetch("1:*", "(UID FLAGS)", "(CHANGEDSINCE 5 VANISHED)").to_pieces("V3", LiteralSupport::plus) ==
        Pieces{"V3 UID FETCH 1:* (UID FLAGS) (CHANGEDSINCE 5 VANISHED)\r\n"});
  CHECK(enable("QRESYNC").to_pieces("V4", LiteralSupport::plus) == Pieces{"V4 ENABLE QRESYNC\r\n"});
  CHECK(status("INBOX", "(UIDNEXT)").to_pieces("V5", LiteralSupport::plus) == Pieces{"V5 STATUS \"INBOX\" (UIDNEXT)\r\n"});
}

}  // namespace valija::imap
