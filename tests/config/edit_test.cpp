#include "valija/config/edit.hpp"

#include <doctest/doctest.h>

using valija::config::with_key;

TEST_CASE("a key of the settings file is set and all else stays") {
  CHECK(with_key("", "views", "Budget", "subject:budget").value() == "[views]\n\"Budget\" = \"subject:budget\"\n");
  const std::string file = "# mine\n[ui]\ntheme = \"dark\"  # at night\n\n[views]\n# kept\n\"Old\" = \"tag:old\" # why\n\n[keys.list]\nx = \"archive\"\n";
  const auto added = with_key(file, "views", "New", "from:\"Ana Ruiz\"");
  REQUIRE(added.has_value());
  CHECK(*added == "# mine\n[ui]\ntheme = \"dark\"  # at night\n\n[views]\n# kept\n\"Old\" = \"tag:old\" # why\n\"New\" = \"from:\\\"Ana Ruiz\\\"\"\n\n[keys.list]\nx = \"archive\"\n");
  const auto changed = with_key(file, "views", "Old", "tag:new");
  REQUIRE(changed.has_value());
  CHECK(changed->find("\"Old\" = \"tag:new\" # why\n") != std::string::npos);
  CHECK(with_key("[ui]\nascii = true", "views", "a", "b").value() == "[ui]\nascii = true\n\n[views]\n\"a\" = \"b\"\n");
}

TEST_CASE("what only a person can change is left alone") {
  CHECK_FALSE(with_key("[views\n", "views", "a", "b").has_value());
  CHECK_FALSE(with_key("[views]\na = \"\"\"x\ny\"\"\"\n", "views", "a", "b").has_value());
  CHECK_FALSE(with_key("views = { a = \"x\" }\n", "views", "b", "y").has_value());
  CHECK_FALSE(with_key("", "views", "a\nb", "c").has_value());
  CHECK(with_key("", "views", "a\nb", "c").error().hint.find("by hand") != std::string::npos);
}
