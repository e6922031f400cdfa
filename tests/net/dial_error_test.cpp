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

TEST_CASE("a line that ends while it is being encrypted is no fault of the encryption") {
  DialFailure failure;
  failure.code = CURLE_SSL_CONNECT_ERROR;
  failure.name = "imap.example.org";
  for (const char* detail : {"OpenSSL SSL_connect: Connection reset by peer in connection to h:993", "OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection to h:993"}) {
    failure.detail = detail;
    CHECK(to_error(failure).kind == Kind::unreachable);
    CHECK(to_error(failure).hint.find("TLS") == std::string::npos);
  }
  failure.detail = "error:0A000102:SSL routines::unsupported protocol";
  CHECK(to_error(failure).kind == Kind::protocol);
  CHECK(to_error(failure).hint.find("TLS") != std::string::npos);
}

TEST_CASE("what a server says ends in one full stop") {
  DialFailure failure;
  failure.code = CURLE_LOGIN_DENIED;
  failure.name = "imap.example.org";
  failure.replies = {"a1 NO [AUTHENTICATIONFAILED] Authentication failed.\r\n"};
  const Error error = to_error(failure);
  CHECK(error.message.ends_with("Authentication failed."));
  CHECK_FALSE(error.message.ends_with(".."));
}

}  // namespace valija::net
