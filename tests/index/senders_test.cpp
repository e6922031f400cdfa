#include <doctest/doctest.h>

#include "mailbox.hpp"

using namespace valija;
using namespace valija::index;
using valija::index::test::Mailbox;

TEST_CASE("senders are counted with what nobody read, the newest file, and most messages first") {
  Mailbox mail;
  {
    auto writer = open_writer(mail);
    const auto add = [&](const char* id, std::int64_t date, const char* from, std::vector<std::string> tags) {
      REQUIRE(writer->add(mail.message(id, "news", date, {}, from), tags));
    };
    add("1@x", 100, "Weekly <news@shop.example>", {"unread"});
    add("2@x", 300, "\"The Weekly\" <News@Shop.example>", {"unread"});
    add("3@x", 200, "Weekly <news@shop.example>", {"inbox"});
    add("4@x", 400, "Ana Ruiz <ana@example.org>", {"unread"});
    add("5@x", 500, "Ana Ruiz <ana@example.org>", {"deleted"});
    REQUIRE(writer->commit());
  }
  const auto opened = Reader::open(mail.location());
  REQUIRE(opened);
  const auto& reader = *opened;
  const auto senders = reader->senders("*", 10);
  REQUIRE(senders);
  REQUIRE(senders->size() == 2);
  CHECK(senders->front() == SenderSummary{"The Weekly", "News@Shop.example", 3, 2, 300, reader->files("id:2@x", 1, Sort::newest_first)->front(), 0});
  CHECK(senders->back().messages == 2);
  CHECK(senders->back().newest == 500);
  CHECK(reader->senders("tag:unread", 1)->front().messages == 2);
  CHECK(reader->senders("tag:unread", 1)->size() == 1);
  CHECK(reader->senders("tag:nothing or (", 10).has_value() == false);
  CHECK(reader->senders("tag:none", 10)->empty());
}
