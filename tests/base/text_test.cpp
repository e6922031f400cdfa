#include "valija/base/text.hpp"

#include <doctest/doctest.h>

using namespace valija;

TEST_CASE("ASCII case folding leaves other bytes alone") {
  CHECK(to_lower_ascii("INBOX Ñandú") == "inbox Ñandú");
  CHECK(equal_ignoring_case("InBoX", "INBOX"));
  CHECK_FALSE(equal_ignoring_case("INBOX", "INBOXES"));
  CHECK_FALSE(equal_ignoring_case("", "a"));
  CHECK(starts_with_ignoring_case("Content-Type: text", "content-type:"));
  CHECK_FALSE(starts_with_ignoring_case("Con", "content"));
}

TEST_CASE("trim removes white space at both ends only") {
  CHECK(trim(" \t a b \r\n") == "a b");
  CHECK(trim("") == "");
  CHECK(trim(" \n ") == "");
}

TEST_CASE("split keeps empty parts and join is its inverse") {
  CHECK(split("a//b/", '/') == std::vector<std::string>{"a", "", "b", ""});
  CHECK(split("", '/') == std::vector<std::string>{""});
  CHECK(join(split("a//b/", '/'), "/") == "a//b/");
  CHECK(join({}, ", ") == "");
}

TEST_CASE("edit distance counts inserts, deletes, replacements and swaps") {
  CHECK(edit_distance("", "") == 0);
  CHECK(edit_distance("abc", "") == 3);
  CHECK(edit_distance("kitten", "sitting") == 3);
  CHECK(edit_distance("recieve", "receive") == 1);
  CHECK(edit_distance("ab", "ba") == 1);
}

TEST_CASE("edit distance of very long words is a cheap upper bound") {
  CHECK(edit_distance(std::string(1'000'000, 'a'), std::string(1'000'000, 'b')) == 1'000'000);
  const std::string same(1000, 'x');
  CHECK(edit_distance(same, same) == 0);
}

TEST_CASE("nearest finds what was probably meant and nothing for a stranger") {
  const std::vector<std::string> keys = {"address", "receive", "send", "password-command"};
  CHECK(nearest("recieve", keys) == "receive");
  CHECK(nearest("Adress", keys) == "address");
  CHECK(nearest("pasword-comand", keys) == "password-command");
  CHECK(nearest("zebra", keys) == "");
  CHECK(nearest("x", keys) == "");
  CHECK(nearest("", keys) == "");
}

TEST_CASE("a fold has neither case nor accents") {
  CHECK(fold("Ana RUIZ") == "ana ruiz");
  CHECK(fold("Ángela Núñez") == fold("angela nunez"));
  CHECK(fold("A\xcc\x81ngela") == "angela");
  CHECK(fold("Straße") == "strasse");
  CHECK(fold("ＡＮＡ") == "ana");
  CHECK(fold("Ольга") == fold("ОЛЬГА"));
  CHECK(fold("\xff\xc3") == fold("\xef\xbf\xbd\xef\xbf\xbd"));
  CHECK(fold("").empty());
}
