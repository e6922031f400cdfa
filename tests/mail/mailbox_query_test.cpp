#include "valija/mail/mailbox_query.hpp"

#include <doctest/doctest.h>

using namespace valija;

TEST_CASE("a sender is looked for by an address, never by what its header makes of a query") {
  CHECK(sender_query("weekly@news.example") == "from:\"weekly@news.example\"");
  CHECK(written_to_query("ana@example.org") == "tag:sent and to:\"ana@example.org\"");
  CHECK(sender_query("año@news.example") == "from:\"año@news.example\"");
  for (const char* mailbox : {"", "com", "/./", "/a@b/", "@com", "a@", "-@com", "a@.", "a\" or *@b", "a\n@b", "a b@c", "a@b*", "\x7f@a.b"}) {
    CHECK_MESSAGE(sender_query(mailbox).empty(), mailbox);
    CHECK_MESSAGE(written_to_query(mailbox).empty(), mailbox);
  }
  CHECK(sender_query(std::string(400, 'a') + "@b.c").empty());
}
