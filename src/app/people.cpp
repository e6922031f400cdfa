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

std::vector<People::Participant> People::participants(const ThreadSummary& thread) const {
  std::vector<Participant> people;
  Participant own;
  const auto& unread = thread.unread_authors;
  for (const auto* authors : {&thread.authors, &thread.other_authors}) {
    for (const std::string& author : *authors) {
      if (people.size() >= most_named) break;
      const bool is_unread = std::find(unread.begin(), unread.end(), author) != unread.end();
      if (is_own(author)) {
        own = {_("you"), own.is_unread || is_unread};
      } else if (std::none_of(people.begin(), people.end(), [&](const Participant& person) { return person.name == author; })) {
        people.push_back({author, is_unread});
      }
    }
  }
  if (people.size() + (own.name.empty() ? 0 : 1) > 1) {
    for (Participant& person : people) person.name = first_name(person.name);
  }
  if (!own.name.empty()) people.push_back(std::move(own));
  return people;
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
