#include "valija/mail/address_book.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
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

Match match_of(const Person& person, std::size_t number, bool is_machine, bool is_domain, UnixTime now) {
  const bool is_known = person.written_to > 0;
  return {(is_known ? 0 : is_machine ? 2 : 1) + (is_domain ? 3 : 0),
          is_known ? weight(person.written_to, person.last_written_to, now) : weight(person.written_by, person.last_written_by, now), number};
}

bool is_likelier(const Match& one, const Match& other) {
  return std::tuple(one.tier, -one.weight, one.person) < std::tuple(other.tier, -other.weight, other.person);
}

}  // namespace

std::size_t AddressBook::number_of(const Address& address) {
  const auto [known, is_new] = by_mailbox_.try_emplace(to_lower_ascii(address.mailbox), people_.size());
  if (is_new) {
    people_.emplace_back().person.address.mailbox = address.mailbox;
    people_.back().is_machine = is_of_machine(address.mailbox);
    rename(known->second, address.name.size() <= longest_name ? address.name : std::string());
  }
  return known->second;
}

void AddressBook::rename(std::size_t number, const std::string& name) {
  Entry& entry = people_[number];
  const std::string& mailbox = entry.person.address.mailbox;
  entry.person.address.name = name;
  entry.key = keys_.size();
  Key& key = keys_.emplace_back(Key{texts_.size(), 0, number});
  texts_ += key_of(name) + key_of(std::string_view(mailbox).substr(0, mailbox.rfind('@')));
  key.domain = texts_.size();
  texts_ += key_of(domain_of(mailbox));
  texts_ += '\0';
}

void AddressBook::add(const Person& person) {
  if (!is_sendable(person.address.mailbox)) return;
  const std::size_t number = number_of(person.address);
  const Entry& entry = people_[number];
  Person& known = people_[number].person;
  const std::string& name = person.address.name;
  const bool is_newer = known.address.name.empty() || (!entry.has_card && last_of(person) >= last_of(known));
  if (!name.empty() && name.size() <= longest_name && name != known.address.name && is_newer) rename(number, name);
  known.written_to += person.written_to;
  known.written_by += person.written_by;
  known.last_written_to = std::max(known.last_written_to, person.last_written_to);
  known.last_written_by = std::max(known.last_written_by, person.last_written_by);
  if (person.written_to > 0) domains_.insert(to_lower_ascii(domain_of(known.address.mailbox)));
}

void AddressBook::add_alias(std::string name, std::vector<Address> members) { aliases_.insert_or_assign(std::move(name), std::move(members)); }

void AddressBook::add_card(const Address& address) {
  if (!is_sendable(address.mailbox)) return;
  const std::size_t number = number_of(address);
  Entry& entry = people_[number];
  entry.has_card = true;
  if (!address.name.empty() && address.name.size() <= longest_name && address.name != entry.person.address.name) rename(number, address.name);
  entry.person.written_to = std::max<std::uint32_t>(entry.person.written_to, 1);
  domains_.insert(to_lower_ascii(domain_of(address.mailbox)));
}

std::vector<AddressSuggestion> AddressBook::complete(std::string_view typed, std::size_t limit, UnixTime now) const {
  std::string needle = key_of(typed);
  if (needle.empty() && !trim(typed).empty()) return {};
  std::vector<AddressSuggestion> suggestions = matching_aliases(needle, limit);

  std::vector<Match> matches;
  std::size_t number = 0;
  for (std::size_t at = 0; at < texts_.size();) {
    const void* found = ::memmem(texts_.data() + at, texts_.size() - at, needle.data(), needle.size());
    if (found == nullptr) break;
    const auto position = static_cast<std::size_t>(static_cast<const char*>(found) - texts_.data());
    while (number + 1 < keys_.size() && keys_[number + 1].begin <= position) ++number;
    const Key& key = keys_[number];
    const Entry& entry = people_[key.person];
    if (entry.key == number) matches.push_back(match_of(entry.person, key.person, entry.is_machine, position >= key.domain, now));
    at = number + 1 < keys_.size() ? keys_[number + 1].begin : texts_.size();
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
