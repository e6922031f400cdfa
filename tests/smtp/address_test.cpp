#include "valija/smtp/address.hpp"

#include <doctest/doctest.h>

#include <string>

namespace valija::smtp {

TEST_CASE("addresses that people have may be sent to") {
  for (const char* mailbox : {"ana@example.org", "ana.ruiz+tag@mail.example.org", "\"ana ruiz\"@example.org", "\"a\\\"b@c\"@example.org", "root", "a..b.@example.org",
                              "bounce=ana=example.org@lists.example.com", "o'hara@example.org", "ana@[192.0.2.1]", "ana@[IPv6:2001:db8::1]", "añá@exämple.org", "用户@例子.公司"}) {
    CAPTURE(mailbox);
    CHECK(is_sendable(mailbox));
  }
}

TEST_CASE("nothing breaks out of the path or of its line") {
  for (const char* mailbox : {"", "@", "a@", "@b", "a@b>\r\nRCPT TO:<x@y", "a@b\r\nDATA", "a@b\n", "a@b\r", "a@b SIZE=1", "<a@b> SIZE=1", "a@b>", "<a@b", "a b@c", "a@b c", "\"a@b>\"@c",
                              "\"a\r\nb\"@c", "\"a\"b\"@c", "\"a\\\"@c", "\"@c", "a@b@c", "a,b@c", "a@b,c", "a@b;c", "a@[b", "a@[]", "a@[b>]", "a@b\x7f", "a@b\x1b[2J", "a\t@b", "a@\xff",
                              "a@b\xc2\x85", "a@b\xe2\x80\xae", "@relay.example:a@b", "a(comment)@b", "ana <a@b>"}) {
    CAPTURE(mailbox);
    CHECK_FALSE(is_sendable(mailbox));
  }
  using namespace std::string_view_literals;
  CHECK_FALSE(is_sendable("a\0@b"sv));
}

TEST_CASE("an address has at most 320 octets") {
  const std::string domain = "@example.org";
  CHECK(is_sendable(std::string(320 - domain.size(), 'a') + domain));
  CHECK_FALSE(is_sendable(std::string(321 - domain.size(), 'a') + domain));
}

}  // namespace valija::smtp
