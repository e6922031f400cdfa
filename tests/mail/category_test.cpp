#include "valija/mail/category.hpp"

#include <doctest/doctest.h>

using namespace valija;

TEST_CASE("each category has a tag of its own, and none has none") {
  CHECK(tag_of(Category::none).empty());
  CHECK(tag_of(Category::marketing) == "marketing");
  for (const Category category : all_categories) CHECK(is_category_tag(tag_of(category)));
  CHECK_FALSE(is_category_tag(""));
  CHECK_FALSE(is_category_tag("inbox"));
  CHECK(has_category_tag({"inbox", "list"}));
  CHECK_FALSE(has_category_tag({"inbox", "lists"}));
  CHECK(with_category({"inbox"}, Category::personal) == std::vector<std::string>{"inbox", "personal"});
  CHECK(with_category({"inbox"}, Category::none) == std::vector<std::string>{"inbox"});
}
