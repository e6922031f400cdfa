#include "valija/pop3/command.hpp"

#include <doctest/doctest.h>

namespace valija::pop3 {

TEST_CASE("commands are spelled as RFC 1939 has them and know their answer") {
  CHECK(retr(7).line == "RETR 7");
  CHECK(retr(7).answer == Command::Answer::message);
  CHECK(top(4294967295).line == "TOP 4294967295 0");
  CHECK(dele(1).line == "DELE 1");
  CHECK(dele(1).answer == Command::Answer::line);
  for (const Command& listing : {capa(), list(), uidl()}) CHECK(listing.answer == Command::Answer::listing);
  for (const Command& line : {stat(), noop(), rset(), quit()}) CHECK(line.answer == Command::Answer::line);
}

TEST_CASE("lines of LIST") {
  const auto row = parse_list_row("5 1200 and more");
  REQUIRE(row);
  CHECK(row->number == 5);
  CHECK(row->size == 1200);
  CHECK(parse_list_row("  5\t18446744073709551615 ")->size == UINT64_MAX);
  for (const char* line : {"", "5", "0 12", "-1 12", "5 -1", "4294967296 1", "1 18446744073709551616", "5 0x10", "five 5", "5 12a"}) {
    CAPTURE(line);
    CHECK_FALSE(parse_list_row(line));
  }
}

TEST_CASE("lines of UIDL, whose name may be anything or nothing") {
  CHECK(parse_uidl_row("5 whqtswO00WBw418f9t5JxYwZ")->name == "whqtswO00WBw418f9t5JxYwZ");
  CHECK(parse_uidl_row("5 ../../etc/passwd ")->name == "../../etc/passwd");
  CHECK(parse_uidl_row("5 two words")->name == "two words");
  CHECK(parse_uidl_row("5")->name.empty());
  CHECK(parse_uidl_row("5   ")->name.empty());
  CHECK_FALSE(parse_uidl_row("x y"));
  CHECK_FALSE(parse_uidl_row("0 y"));
}

TEST_CASE("STAT counts") {
  CHECK(parse_stat("2 320") == 2);
  CHECK(parse_stat("4294967296 320") == 4294967296);
  CHECK_FALSE(parse_stat("no messages"));
  CHECK_FALSE(parse_stat(""));
}

}  // namespace valija::pop3
