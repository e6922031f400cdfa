#include "valija/app/people.hpp"

#include <algorithm>

#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::app {
namespace {

constexpr std::size_t most_named = 8;
constexpr std::size_t most_recipients_named = 40;

/// "Marta Gil" -> "Marta"; an address stays whole up to its @.
std::string first_name(const std::string& author) {
  const std::size_t at = author.find('@');
  const std::size_t end = std::min(author.find(' '), at);
  return end == std::string::npos || end < 2 ? author : author.substr(0, end);
}

}  // namespace

People::People(const config::Settings& settings) {
  const auto add = [this](const std::string& text) {
    if (!text.empty()) own_.push_back(to_lower_ascii(text));
  };
  for (const config::Account& account : settings.accounts) {
    add(account.address);
    add(account.full_name);
    for (const std::string& alias : account.aliases) add(alias);
  }
}

bool People::is_own(std::string_view author) const {
  return std::find(own_.begin(), own_.end(), to_lower_ascii(trim(author))) != own_.end();
}

std::string People::participants(const ThreadSummary& thread) const {
  std::vector<std::string> names;
  bool has_own = false;
  for (const auto* authors : {&thread.authors, &thread.other_authors}) {
    for (const std::string& author : *authors) {
      if (names.size() >= most_named) break;
      if (is_own(author)) {
        has_own = true;
      } else if (std::find(names.begin(), names.end(), author) == names.end()) {
        names.push_back(author);
      }
    }
  }
  if (names.size() + (has_own ? 1 : 0) > 1) {
    for (std::string& name : names) name = first_name(name);
  }
  if (has_own) names.push_back(_("you"));
  return join(names, ", ");
}

std::string People::names(const std::vector<Address>& addresses) const {
  std::vector<std::string> names;
  for (const Address& address : addresses) {
    if (names.size() == most_recipients_named) {
      names.push_back("…");
      break;
    }
    names.push_back(is_own(address.mailbox) ? std::string(_("you")) : short_name(address));
  }
  return join(names, ", ");
}

}  // namespace valija::app
