#include "valija/imap/spelling.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "imap_testing.hpp"

namespace valija::imap {

TEST_CASE("marks are spelled as flags and keywords; what is no atom is left out") {
  CHECK(to_flag_list({}) == "()");
  CHECK(to_flag_list({{Flag::seen, Flag::passed, Flag::deleted}, {"$Junk", "work"}}) == "(\\Seen \\Deleted $Forwarded $Junk work)");
  CHECK(to_flag_list({{}, {"", "a b", "a)", "x\r\nLOGOUT", "\\Seen", "caf\xc3\xa9", "a%", "a*", "a\"", "a]", "{3}", std::string(256, 'x'), "ok"}}) == "(ok)");
}

TEST_CASE("dates are spelled as servers send them") {
  CHECK(to_internal_date(0) == "01-Jan-1970 00:00:00 +0000");
  CHECK(to_internal_date(1704102060) == "01-Jan-2024 09:41:00 +0000");
  CHECK(to_internal_date(INT64_MAX) == "31-Dec-9999 23:59:59 +0000");
  CHECK(to_internal_date(-5) == to_internal_date(0));
  CHECK(rc::check([](std::uint32_t time) {
    const auto fetched = testing::untagged<Fetched>("* 1 FETCH (INTERNALDATE \"" + to_internal_date(time) + "\")");
    RC_ASSERT(fetched.received == UnixTime{time});
  }));
}

}  // namespace valija::imap
