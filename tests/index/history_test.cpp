#include <doctest/doctest.h>

#include "mailbox.hpp"

using namespace valija;
using namespace valija::index;
using valija::index::test::Mailbox;

TEST_CASE("whether somebody was written to: in To, Cc and Bcc of sent mail alone") {
  Mailbox mail;
  auto writer = open_writer(mail);
  const auto add = [&](const std::string& name, const std::string& headers, const char* tag) {
    REQUIRE(writer->add(mail.write(name, "From: me@example.org\nMessage-ID: <" + name + "@x>\n" + headers + "\n\nx\n"), {tag}));
  };
  add("sent", "To: Ana <Ana@Example.org>\nCc: bob@example.org\nBcc: eve@example.org", "sent");
  add("draft", "To: zoe@example.org", "draft");
  const auto is_known = [&](const char* mailbox) {
    const auto known = writer->has_written_to(mailbox);
    REQUIRE(known);
    return *known;
  };
  for (const char* mailbox : {"ana@example.org", "bob@example.org", "eve@example.org"}) CHECK_MESSAGE(is_known(mailbox), mailbox);  // before the commit too
  REQUIRE(writer->commit());
  for (const char* mailbox : {"ana@example.org", "bob@example.org", "eve@example.org"}) CHECK_MESSAGE(is_known(mailbox), mailbox);
  for (const char* mailbox : {"zoe@example.org", "me@example.org", "ana@example.com", "", "/.*/", "a\" or *@b"}) CHECK_FALSE_MESSAGE(is_known(mailbox), mailbox);
}

TEST_CASE("a message is found with its tags and all of its files, also before the commit") {
  Mailbox mail;
  auto writer = open_writer(mail);
  const std::string octets = "From: a@x\nSubject: s\nMessage-ID: <a@x>\n\nx\n";
  const std::string one = mail.write("one", octets), two = mail.write("two", octets);
  REQUIRE(writer->add(one, {"inbox", "list"}));
  REQUIRE(writer->add(two, {"inbox"}));
  const auto found = writer->message("a@x");
  REQUIRE(found);
  REQUIRE(*found);
  CHECK((*found)->tags == std::vector<std::string>{"inbox", "list"});
  CHECK((*found)->paths == std::vector<std::string>{one, two});
  const auto missing = writer->message("b@x");
  REQUIRE(missing);
  CHECK_FALSE(*missing);
}
