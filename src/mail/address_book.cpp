#include "valija/mail/address_book.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <tuple>

#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija {
namespace {

constexpr std::size_t longest_name = 200;  ///< octets; longer ones are no names
constexpr double fading = 90.0 * 24 * 3600;

/// What words stand between, as people type them and as they stand in names and mailboxes.
bool is_separator(char c) { return std::string_view(" .-_@+,;\"'<>()").find(c) != std::string_view::npos; }

/// Each word folded and behind a '\n'.
std::string key_of(std::string_view text) {
  std::string key;
  bool is_inside = false;
  for (const char c : fold(text)) {
    const bool is_word = !is_separator(c);
    if (is_word && !is_inside) key += '\n';
    if (is_word) key += c;
    is_inside = is_word;
  }
  return key;
}

std::string_view domain_of(std::string_view mailbox) { return mailbox.substr(std::min(mailbox.rfind('@'), mailbox.size() - 1) + 1); }

/// Addresses behind which nobody reads.
bool is_of_machine(std::string_view mailbox) {
  std::string name;
  for (const char c : to_lower_ascii(mailbox.substr(0, mailbox.find('@')))) {
    if (!is_separator(c)) name += c;
  }
  constexpr std::array machines = {"noreply", "donotreply", "mailerdaemon", "bounce", "notification"};
  return std::any_of(machines.begin(), machines.end(), [&](const char* machine) { return name.starts_with(machine); }) || name.ends_with("noreply");
}

UnixTime last_of(const Person& person) { return std::max(person.last_written_to, person.last_written_by); }

/// One of long ago counts less than one of today, and never nothing.
double weight(std::uint32_t count, UnixTime last, UnixTime now) {
  return count / (1 + static_cast<double>(std::max<UnixTime>(now - last, 0)) / fading);
}

struct Match {
  int tier = 0;
  double weight = 0;
  std::size_t person = 0;
};

bool is_likelier(const Match& one, const Match& other) {
  return std::tuple(one.tier, -one.weight, one.person) < std::tuple(other.tier, -other.weight, other.person);
}

}  // namespace

AddressBook::Entry& AddressBook::entry_of(const Address& address) {
  const auto [known, is_new] = by_mailbox_.try_emplace(to_lower_ascii(address.mailbox), people_.size());
  if (is_new) {
    Entry& entry = people_.emplace_back();
    entry.person.address.mailbox = address.mailbox;
    entry.is_machine = is_of_machine(address.mailbox);
    rename(entry, {});
  }
  return people_[known->second];
}

void AddressBook::rename(Entry& entry, const std::string& name) {
  const std::string& mailbox = entry.person.address.mailbox;
  entry.person.address.name = name;
  entry.key = key_of(name) + key_of(std::string_view(mailbox).substr(0, mailbox.rfind('@')));
  entry.domain = entry.key.size();
  entry.key += key_of(domain_of(mailbox));
}

void AddressBook::add(const Person& person) {
  if (!is_sendable(person.address.mailbox)) return;
  Entry& entry = entry_of(person.address);
  Person& known = entry.person;
  const std::string& name = person.address.name;
  const bool is_newer = known.address.name.empty() || (!entry.has_card && last_of(person) >= last_of(known));
  if (!name.empty() && name.size() <= longest_name && name != known.address.name && is_newer) rename(entry, name);
  known.written_to += person.written_to;
  known.written_by += person.written_by;
  known.last_written_to = std::max(known.last_written_to, person.last_written_to);
  known.last_written_by = std::max(known.last_written_by, person.last_written_by);
  if (person.written_to > 0) domains_.insert(to_lower_ascii(domain_of(known.address.mailbox)));
}

void AddressBook::add_alias(std::string name, std::vector<Address> members) { aliases_.insert_or_assign(std::move(name), std::move(members)); }

void AddressBook::add_card(const Address& address) {
  if (!is_sendable(address.mailbox)) return;
  Entry& entry = entry_of(address);
  entry.has_card = true;
  if (!address.name.empty() && address.name.size() <= longest_name) rename(entry, address.name);
  entry.person.written_to = std::max<std::uint32_t>(entry.person.written_to, 1);
  domains_.insert(to_lower_ascii(domain_of(address.mailbox)));
}

std::vector<AddressSuggestion> AddressBook::complete(std::string_view typed, std::size_t limit, UnixTime now) const {
  std::string needle = key_of(typed);
  if (needle.empty() && !trim(typed).empty()) return {};
  std::vector<AddressSuggestion> suggestions = matching_aliases(needle, limit);

  std::vector<Match> matches;
  for (std::size_t i = 0; i < people_.size(); ++i) {
    const auto& [person, key, domain, has_card, is_machine] = people_[i];
    const std::size_t position = key.find(needle);
    if (position == std::string::npos) continue;
    const int kind = person.written_to > 0 ? 0 : is_machine ? 2 : 1;
    const bool is_mine = kind == 0;
    matches.push_back({kind + (position >= domain ? 3 : 0),
                       weight(is_mine ? person.written_to : person.written_by, is_mine ? person.last_written_to : person.last_written_by, now), i});
  }
  const std::size_t count = std::min(limit - suggestions.size(), matches.size());
  std::partial_sort(matches.begin(), matches.begin() + static_cast<std::ptrdiff_t>(count), matches.end(), is_likelier);
  for (std::size_t i = 0; i < count; ++i) suggestions.push_back({to_text(people_[matches[i].person].person.address), {}});
  return suggestions;
}

std::vector<AddressSuggestion> AddressBook::matching_aliases(const std::string& needle, std::size_t limit) const {
  std::vector<AddressSuggestion> suggestions;
  for (const auto& [name, members] : aliases_) {
    if (suggestions.size() == limit) break;
    if (key_of(name).find(needle) == std::string::npos) continue;
    std::vector<std::string> texts;
    for (const Address& member : members) texts.push_back(to_text(member));
    const auto size = members.size();
    suggestions.push_back({join(texts, ", "), size == 1 ? name : fmt::format(fmt::runtime(n_("{}: {} person", "{}: {} people", size)), name, size)});
  }
  return suggestions;
}

std::vector<Address> AddressBook::members_of(std::string_view name) const {
  const auto found = aliases_.find(name);
  return found == aliases_.end() ? std::vector<Address>() : found->second;
}

std::vector<std::string> AddressBook::known_domains() const { return {domains_.begin(), domains_.end()}; }

}  // namespace valija
