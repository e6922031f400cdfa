#include "valija/mail/flags.hpp"

#include <array>

namespace valija {
namespace {

struct LetterOfFlag {
  char letter;
  Flag flag;
};

constexpr std::array letters_of_flags = {
    LetterOfFlag{'D', Flag::draft},    LetterOfFlag{'F', Flag::flagged}, LetterOfFlag{'P', Flag::passed},
    LetterOfFlag{'R', Flag::answered}, LetterOfFlag{'S', Flag::seen},    LetterOfFlag{'T', Flag::deleted},
};

}  // namespace

std::string to_maildir_letters(Flags flags) {
  std::string letters;
  for (const auto& [letter, flag] : letters_of_flags) {
    if (flags.has(flag)) letters += letter;
  }
  return letters;
}

Flags from_maildir_letters(std::string_view letters) {
  Flags flags;
  for (const auto& [letter, flag] : letters_of_flags) {
    if (letters.find(letter) != std::string_view::npos) flags.set(flag);
  }
  return flags;
}

std::vector<std::string> to_tags(Flags flags) {
  std::vector<std::string> tags;
  if (flags.has(Flag::draft)) tags.emplace_back("draft");
  if (flags.has(Flag::flagged)) tags.emplace_back("flagged");
  if (flags.has(Flag::passed)) tags.emplace_back("passed");
  if (flags.has(Flag::answered)) tags.emplace_back("replied");
  if (!flags.has(Flag::seen)) tags.emplace_back("unread");
  return tags;
}

}  // namespace valija
