#include "valija/mail/address.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "support/cpu_time.hpp"

using namespace valija;

namespace {

Address one(std::string_view header) {
  const auto found = parse_addresses(header);
  CAPTURE(header);
  REQUIRE(found.size() == 1);
  return found[0];
}

std::string repeated(std::string_view piece, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += piece;
  return text;
}

}  // namespace

TEST_CASE("the usual forms of an address") {
  CHECK(one("ana@example.org") == Address{"", "ana@example.org"});
  CHECK(one("Ana Ruiz <ana@example.org>") == Address{"Ana Ruiz", "ana@example.org"});
  CHECK(one("\"Ruiz, Ana\" <ana@example.org>") == Address{"Ruiz, Ana", "ana@example.org"});
  CHECK(one("\"A \\\"B\\\" C\" <a@b>") == Address{"A \"B\" C", "a@b"});
  CHECK(one("ana@example.org (Ana Ruiz)") == Address{"Ana Ruiz", "ana@example.org"});
  CHECK(one("<ana@example.org>") == Address{"", "ana@example.org"});
  CHECK(one("  Ana \t Ruiz\r\n <ana@example.org> ") == Address{"Ana Ruiz", "ana@example.org"});
  CHECK(one("田中 <jun@example.jp>") == Address{"田中", "jun@example.jp"});
}

TEST_CASE("obsolete and odd forms of an address") {
  CHECK(one("<@relay,@other:ana@example.org>").mailbox == "ana@example.org");
  CHECK(one("\"ana ruiz\"@example.org").mailbox == "\"ana ruiz\"@example.org");
  CHECK(one("ana@[IPv6:::1]").mailbox == "ana@[IPv6:::1]");
  CHECK(one("ana @ example . org").mailbox == "ana@example.org");
  CHECK(one("ana . ruiz@example.org").mailbox == "ana.ruiz@example.org");
  CHECK(one("ana.(b)ruiz@example.org").mailbox == "ana.ruiz@example.org");
  CHECK(one("Ana B. Ruiz ana@example.org") == Address{"Ana B. Ruiz", "ana@example.org"});
  CHECK(one("< ana@example.org >").mailbox == "ana@example.org");
  CHECK(one("<<ana@example.org>>").mailbox == "ana@example.org");
  CHECK(one("Ana Ruiz ana@example.org") == Address{"Ana Ruiz", "ana@example.org"});
  CHECK(one("a(b(c)d\\)e)@f").mailbox == "a@f");
  CHECK(one("ana@example.org Ana Ruiz") == Address{"Ana Ruiz", "ana@example.org"});
  CHECK(one("Ana B. Ruiz <ana@example.org>").name == "Ana B. Ruiz");
  CHECK(one("MAILER-DAEMON").mailbox == "MAILER-DAEMON");
  CHECK(one("Ana Ruiz") == Address{"Ana Ruiz", ""});
}

TEST_CASE("comments are no part of a mailbox (RFC 5322 appendix A.5)") {
  CHECK(one("Pete(A nice \\) chap) <pete(his account)@silly.test(his host)>") == Address{"Pete", "pete@silly.test"});
  CHECK(one("Pete(A nice \n \\\n ) chap) <pete(his\n account)@silly\n .test(his host)>") == Address{"Pete", "pete@silly.test"});
  CHECK(one("<c@(Chris's (own) host.)public.example>").mailbox == "c@public.example");
  CHECK(one("John <jdoe@one.test> (my dear friend)").name == "John");
  CHECK(one("<jdoe@one.test> (my dear friend)").name == "my dear friend");
  CHECK(parse_addresses("a@x; (the end of the group)").size() == 1);
}

TEST_CASE("a parenthesis that does not end takes no address with it") {
  const auto found = parse_addresses("Ana <ana(x@example.org>, Bo <bo@example.org>");
  REQUIRE(found.size() == 2);
  CHECK(found[0].mailbox == "ana(x@example.org");
}

TEST_CASE("an escaped quotation mark does not end the quotes within angle brackets") {
  const auto found = parse_addresses("<\"a\\\"b\"@example.org>, bo@example.org");
  REQUIRE(found.size() == 2);
  CHECK(found[0].mailbox == "\"a\\\"b\"@example.org");
}

TEST_CASE("lists and groups are flattened") {
  CHECK(parse_addresses("a@x, B <b@x>,, c@x").size() == 3);
  const auto group = parse_addresses("Friends: a@x, b@x; c@x");
  REQUIRE(group.size() == 3);
  CHECK(group[0] == Address{"", "a@x"});
  CHECK(parse_addresses("undisclosed-recipients:;").empty());
  CHECK(parse_addresses("").empty());
  CHECK(parse_addresses(" , ;, ").empty());
}

TEST_CASE("what is left open ends with the header") {
  CHECK(one("\"Ana <ana@example.org>").name == "Ana <ana@example.org>");
  CHECK(one("Ana <ana@example.org").mailbox == "ana@example.org");
  CHECK(one("ana@example.org (Ana").name == "Ana");
  CHECK(one("ana@[1.2.3").mailbox == "ana@[1.2.3");
  CHECK(one("a@b\\").mailbox == "a@b\\");
}

TEST_CASE("an escaped angle bracket does not hide the real address") {
  // SECURITY: From: <admin@legit\>@attack> must not read as admin@legit.
  CHECK(one("<admin@legit\\>@attack>").mailbox != "admin@legit");
}

TEST_CASE("a header of 100 KB is read in linear time, whatever it repeats") {
  const test::CpuTime time;
  CHECK(parse_addresses(repeated("g:", 50'000)).empty());
  for (const std::string_view piece : {"(", "\"", "<", "[", "a,", "\\", "a ", ";", "<a@b>", "(a)", "a@b ", ") (", "<(", "<(>", "<\\", "<()"}) {
    CHECK(parse_addresses(repeated(piece, 100'000)).size() <= 10'000);
  }
  CHECK(time.seconds() < 5);
}

TEST_CASE("at most 10,000 addresses are read") { CHECK(parse_addresses(repeated("a@b,", 20'000)).size() == 10'000); }

TEST_CASE("the text of an address always holds the real mailbox and reads back") {
  CHECK(to_text({"Ana Ruiz", "ana@example.org"}) == "Ana Ruiz <ana@example.org>");
  CHECK(to_text({"Ruiz, Ana", "ana@example.org"}) == "\"Ruiz, Ana\" <ana@example.org>");
  CHECK(to_text({"", "ana@example.org"}) == "ana@example.org");
  CHECK(to_text({"ana@bank.example", "mallory@example.org"}) == "\"ana@bank.example\" <mallory@example.org>");
  CHECK(to_text({"Ana", ""}) == "Ana");
  for (const Address& address : {Address{"A \"B\" \\ C", "a@b"}, Address{"x <y@z>", "a@b"}, Address{"(c)", "a@b"}}) {
    CHECK(one(to_text(address)) == address);
  }
}

TEST_CASE("a list never shows a name that looks like another address") {
  CHECK(short_name({"Ana Ruiz", "ana@example.org"}) == "Ana Ruiz");
  CHECK(short_name({"", "ana@example.org"}) == "ana@example.org");
  CHECK(short_name({"support@bank.example", "mallory@example.org"}) == "mallory@example.org");
  CHECK(short_name({"support＠bank.example", "mallory@example.org"}) == "mallory@example.org");
  CHECK(short_name({"Ana", ""}) == "Ana");
}

TEST_CASE("a line break in quotes is a blank") {
  CHECK(one("\"a\r\n\tb\"@example.org").mailbox == "\"a   b\"@example.org");
  CHECK(one("Ana <\"a\nb\"@example.org>").mailbox == "\"a b\"@example.org");
  CHECK(one("ana@example.org \"A\\\rB\"").name == "\"A\\ B\"");
}

TEST_CASE("any bytes are read without harm, and nothing holds a line break") {
  CHECK(rc::check([](const std::string& header) {
    for (const auto& address : parse_addresses(header)) {
      RC_ASSERT((address.name + address.mailbox).find_first_of("\r\n\t") == std::string::npos);
      RC_ASSERT(!address.name.empty() || !address.mailbox.empty());
    }
  }));
}
