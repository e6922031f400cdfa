#include "valija/mail/category.hpp"

#include <algorithm>

namespace valija {

std::string_view tag_of(Category category) {
  switch (category) {
    case Category::none: return "";
    case Category::personal: return "personal";
    case Category::list: return "list";
    case Category::newsletter: return "newsletter";
    case Category::marketing: return "marketing";
    case Category::transactional: return "transactional";
    case Category::notification: return "notification";
  }
  return "";
}

bool is_category_tag(std::string_view tag) {
  return std::any_of(all_categories.begin(), all_categories.end(), [tag](Category category) { return tag_of(category) == tag; });
}

bool has_category_tag(const std::vector<std::string>& tags) { return std::any_of(tags.begin(), tags.end(), is_category_tag); }

std::vector<std::string> with_category(std::vector<std::string> tags, Category category) {
  if (category != Category::none) tags.emplace_back(tag_of(category));
  return tags;
}

}  // namespace valija
