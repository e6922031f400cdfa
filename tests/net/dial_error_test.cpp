#include "../../src/net/dial_error.hpp"

#include <doctest/doctest.h>

namespace valija::net {

TEST_CASE("the server's refusal is found among its lines") {
  CHECK(refusal_of({"* OK hi\r\n", "A001 OK done\r\n"}).empty());
  CHECK(refusal_of({"* OK hi\r\n", "A001 NO [AUTHENTICATIONFAILED] no\r\n"}) == "[AUTHENTICATIONFAILED] no");
  CHECK(refusal_of({"+OK hi\r\n", "-ERR [AUTH] no\r\n"}) == "[AUTH] no");
  CHECK(refusal_of({"A001 BAD what\r\n"}) == "what");
  CHECK(refusal_of({}).empty());
}

TEST_CASE("every failure of a dial has a kind, a sentence and the host in it") {
  struct Row {
    CURLcode code;
    Kind kind;
  };
  for (const Row& row : {Row{CURLE_COULDNT_RESOLVE_HOST, Kind::unreachable}, Row{CURLE_COULDNT_CONNECT, Kind::unreachable},
                         Row{CURLE_OPERATION_TIMEDOUT, Kind::unreachable}, Row{CURLE_GOT_NOTHING, Kind::unreachable},
                         Row{CURLE_USE_SSL_FAILED, Kind::protocol}, Row{CURLE_SSL_CONNECT_ERROR, Kind::protocol},
                         Row{CURLE_WEIRD_SERVER_REPLY, Kind::protocol}, Row{CURLE_PEER_FAILED_VERIFICATION, Kind::protocol},
                         Row{CURLE_LOGIN_DENIED, Kind::login}}) {
    DialFailure failure;
    failure.code = row.code;
    failure.host = failure.name = "imap.example.org";
    failure.detail = "because\x1b[2J";
    const Error error = to_error(failure);
    CHECK(error.kind == row.kind);
    CHECK(error.message.find("imap.example.org") != std::string::npos);
    CHECK(error.message.find('\x1b') == std::string::npos);
    CHECK_FALSE(error.hint.empty());
  }
}

}  // namespace valija::net
