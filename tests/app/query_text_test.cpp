#include "valija/app/query_text.hpp"

#include <doctest/doctest.h>

#include "valija/app/fuzzy.hpp"

using namespace valija::app;

TEST_CASE("the last word also matches as the beginning of one, and nothing else changes") {
  const std::vector<std::string> tags{"inbox", "invoice", "todo"};
  CHECK(as_typed("bud", tags) == "(bud or bud*)");
  CHECK(as_typed("from:marta bud", tags) == "from:marta (bud or bud*)");
  CHECK(as_typed("from:mar", tags) == "(from:mar or from:mar*)");
  CHECK(as_typed("not bud", tags) == "not (bud or bud*)");
  CHECK(as_typed("tag:in", tags) == "(tag:in or tag:inbox or tag:invoice)");
  CHECK(as_typed("is:t", tags) == "(is:t or is:todo)");
  CHECK(as_typed("bud from:", tags) == "bud");
  CHECK(as_typed("bud and from:", tags) == "bud");
  for (const char* query : {"b", "bud*", "\"two words", "\"two words\"", "tag:inbox", "tag:zzz", "date:2weeks..", "id:abc", "folder:work/INBOX", "path:work/**", "(bud)", "*", "bud and", "one near two",
                            "from:/mar.*/", "subject:\"a b\"", "-bud", "C++", "a@b.example", "thread:0001", "mimetype:pdf"}) {
    CHECK_MESSAGE(as_typed(query, tags) == query, query);
  }
  CHECK(as_typed("done ", tags) == "done");
}

TEST_CASE("a title has the words that were typed") {
  const std::vector<std::string> tags{"inbox", "invoice", "todo"};
  for (const char* query : {"bud", "from:marta bud", "from:mar", "tag:in", "x and bud", "(one or two)", "tag:inbox", ""}) CHECK(as_written(as_typed(query, tags)) == query);
}

TEST_CASE("where the error in a query is") {
  const auto place = [](const char* query) {
    const auto fault = check_query(query);
    return fault ? std::string(query).substr(fault->begin, fault->end - fault->begin) + (fault->is_refused ? "!" : "") : std::string("none");
  };
  CHECK(place("from:(") == "(");
  CHECK(place("a (b (c)") == "(");
  CHECK(place("a) b") == ")");
  CHECK(place("subject:\"a b") == "\"");
  CHECK(place("form:marta") == "form:");
  CHECK(place("a and") == "and!");
  CHECK(place("or a") == "or!");
  CHECK(place("a and or b") == "and!");
  CHECK(place("a not") == "not!");
  CHECK(place("(a or) b") == "or!");
  for (const char* query : {"", "a b", "from:(a b)", "not a", "a and not b", "\"and\"", "http://example.org/a(b", "re:zero", "from:/a (b/", "subject:\"a ) b\"", "(a or b) and c"}) {
    CHECK_MESSAGE(place(query) == "none", query);
  }
  CHECK(check_query("form:x")->help.find("from:") != std::string::npos);
}

TEST_CASE("a query without one of its terms") {
  const auto all = shortened("from:marta date:today not tag:spam");
  REQUIRE(all.size() == 3);
  CHECK(all[1].query == "from:marta and not tag:spam");
  CHECK(all[1].left_out == "date:today");
  CHECK(all[2].left_out == "not tag:spam");
  CHECK(shortened("a and (b or b*)").front().query == "(b or b*)");
  CHECK(shortened("from:(a b) c").size() == 2);
  for (const char* query : {"", "a", "a or b", ")", "a )", "(a", "a b c d e f g"}) CHECK_MESSAGE(shortened(query).empty(), query);
}

TEST_CASE("loose matches prefer beginnings and neighbours") {
  CHECK_FALSE(fuzzy_match("xyz", "archive"));
  CHECK_FALSE(fuzzy_match("ea", "ae"));
  CHECK(fuzzy_match("", "archive")->octets.empty());
  CHECK(fuzzy_match("tu", "toggle-unread")->octets == std::vector<std::size_t>{0, 7});
  CHECK(fuzzy_match("tu", "toggle-unread")->score > fuzzy_match("tu", "attributes")->score);
  CHECK(fuzzy_match("arch", "archive")->score > fuzzy_match("arch", "a-r-c-h")->score);
  CHECK(fuzzy_match("deb lis", "work/Lists/debian-devel"));
  CHECK(fuzzy_match("ARCH", "work/Archive"));
  CHECK(fuzzy_match(std::string(5000, 'a'), std::string(100000, 'a')));
}
