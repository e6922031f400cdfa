#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace valija {

/// What kind of mail a message is.
enum class Category : std::uint8_t { none, personal, list, newsletter, marketing, transactional, notification };

inline constexpr std::array all_categories = {Category::personal,  Category::list,          Category::newsletter,
                                              Category::marketing, Category::transactional, Category::notification};

/// The tag in the index: "newsletter"; "" for none.
std::string_view tag_of(Category category);
bool is_category_tag(std::string_view tag);
bool has_category_tag(const std::vector<std::string>& tags);
/// With the one of `category`.
std::vector<std::string> with_category(std::vector<std::string> tags, Category category);

/// What the headers say, and why.
struct CategoryVerdict {
  Category category = Category::none;
  std::vector<std::string> reasons;  ///< sentences
  friend bool operator==(const CategoryVerdict&, const CategoryVerdict&) = default;
};

}  // namespace valija
