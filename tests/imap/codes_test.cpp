#include "valija/imap/codes.hpp"

#include <doctest/doctest.h>

namespace valija::imap {
namespace {

using Numbers = std::vector<std::uint32_t>;

}  // namespace

TEST_CASE("COPYUID pairs numbers in the order sent") {
  const auto copied = copy_uid_of({"COPYUID", "7 1:2,9 30,20:21"}, 10);
  REQUIRE(copied);
  CHECK(copied->uid_validity == 7);
  CHECK(copied->from == Numbers{1, 2, 9});
  CHECK(copied->to == Numbers{30, 20, 21});
}

TEST_CASE("COPYUID that does not add up is none") {
  for (const char* argument : {"", "7", "7 1", "7 1:2 3", "7 1 3:4", "7 1,1 3,4", "7 1:2 3,3", "0 1 2", "7 0 1", "7 1 0", "7 1 *", "7 1:* 2:*", "7 1 2 3",
                               "7 1  2", "4294967296 1 2", "7 1:4294967295 1:4294967295", "7 1,2,3,4,5,6,7,8,9,10,11 1:11", "7 a b", "-7 1 2"}) {
    CHECK_MESSAGE(!copy_uid_of({"COPYUID", argument}, 10), std::string(argument));
  }
  CHECK_FALSE(copy_uid_of({"APPENDUID", "7 1 2"}, 10));
  CHECK_FALSE(copy_uid_of({"COPYUID", "7 1 2"}, 0));
  CHECK(copy_uid_of({"COPYUID", "7 1:10 11:20"}, 10));
  CHECK_FALSE(copy_uid_of({"COPYUID", "7 1:11 11:21"}, 10));
}

TEST_CASE("APPENDUID is two numbers that are not 0") {
  const auto appended = append_uid_of({"APPENDUID", "7 4294967295"});
  REQUIRE(appended);
  CHECK(appended->uid_validity == 7);
  CHECK(appended->uid == 4294967295U);
  for (const char* argument : {"", "7", "7 0", "0 7", "7 1:2", "7 4294967296", "7 1 x"}) CHECK_FALSE(append_uid_of({"APPENDUID", argument}));
  CHECK_FALSE(append_uid_of({"COPYUID", "7 8"}));
}

TEST_CASE("MODIFIED names what was not stored") {
  CHECK(modified_of({"MODIFIED", "7,9:8"}) == std::vector<Range>{{7, 7}, {8, 9}});
  CHECK(modified_of({"MODIFIED", "x"}).empty());
  CHECK(modified_of({"ALERT", "7"}).empty());
}

TEST_CASE("PERMANENTFLAGS are flags, keywords, and whether there may be more") {
  const auto some = permanent_flags_of({"PERMANENTFLAGS", "(\\Seen \\DRAFT b $Junk a a \\Strange)"});
  REQUIRE(some);
  CHECK(some->marks == Marks{{Flag::seen, Flag::draft}, {"$Junk", "a", "b"}});
  CHECK_FALSE(some->any_keyword);
  const auto any = permanent_flags_of({"PERMANENTFLAGS", "(\\*)"});
  REQUIRE(any);
  CHECK(any->any_keyword);
  CHECK(any->marks.flags.has(Flag::passed));
  CHECK(permanent_flags_of({"PERMANENTFLAGS", "($forwarded)"})->marks.flags == Flags{Flag::passed});
  CHECK(permanent_flags_of({"PERMANENTFLAGS", "()"})->marks == Marks{});
  for (const char* argument : {"", "(", "(\\Seen", "\\Seen"}) CHECK_FALSE(permanent_flags_of({"PERMANENTFLAGS", argument}));
}

}  // namespace valija::imap
