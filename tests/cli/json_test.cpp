#include "cli/json.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "valija/base/text.hpp"

using namespace valija::cli;

TEST_CASE("values keep their order and their text") {
  Json object;
  object["b"] = "é \"quoted\"\n";
  object["a"] = 1;
  CHECK(to_text(object) == "{\"b\":\"é \\\"quoted\\\"\\n\",\"a\":1}");
  CHECK(to_text(to_json({"x", "y"})) == "[\"x\",\"y\"]");
  CHECK(to_text(to_json({})) == "[]");
}

TEST_CASE("what a terminal would obey is escaped, and reads back as the same text") {
  const std::string text = "a\x1b[31m \x7f \u009b31m \u202e\u2066\u2069 \u2028 \u00a0 \u2014 é";
  const std::string printed = to_text(Json(text));
  CHECK(valija::clean(printed) == printed);
  CHECK(Json::parse(printed).get<std::string>() == text);
}

TEST_CASE("any bytes are printed as JSON that passes the gate") {
  CHECK(rc::check([](const std::string& bytes) {
    const std::string printed = to_text(Json(bytes));
    RC_ASSERT(Json::accept(printed));
    RC_ASSERT(valija::clean(printed) == printed);
  }));
}
