#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "valija/base/clock.hpp"
#include "valija/mail/address.hpp"

namespace valija {

/// What mail history knows of one address.
struct Person {
  Address address;
  std::uint32_t written_to = 0;  ///< messages of mine to it
  std::uint32_t written_by = 0;  ///< messages of it to me
  UnixTime last_written_to = 0, last_written_by = 0;
  friend bool operator==(const Person&, const Person&) = default;
};

/// A suggestion for a recipient field.
struct AddressSuggestion {
  std::string text;  ///< what goes into the field: "Ana Ruiz <ana@example.org>", or all members of a group
  std::string doc;   ///< "family: 3 people", or empty
};

/// Everybody that can be written to, in memory: history, aliases and cards. One thread.
class AddressBook {
 public:
  /// Adds to what is known of the same mailbox (case ignored); the newest name wins. What cannot be sent to is left out.
  void add(const Person& person);
  /// An alias or a group, as [aliases] of the settings has it.
  void add_alias(std::string name, std::vector<Address> members);
  /// From a card: ranks as if it had been written to once.
  void add_card(const Address& address);

  /// Those whose name, mailbox, a part of them behind blank . - _ @, or alias begins with `typed` (case and accents ignored), the likeliest first:
  /// aliases, then those I write to, often and lately, then those who write to me, then programs (noreply@). Of whom only the domain begins so
  /// comes behind all. Under 10 ms for 50,000 people.
  std::vector<AddressSuggestion> complete(std::string_view typed, std::size_t limit, UnixTime now) const;
  /// The members where `name` is an alias; else nothing.
  std::vector<Address> members_of(std::string_view name) const;
  /// Domains that mail was sent to.
  std::vector<std::string> known_domains() const;
  std::size_t size() const { return people_.size(); }

 private:
  struct Entry {
    Person person;
    std::size_t key = 0;      ///< in keys_; those of earlier names stay
    bool has_card = false;    ///< whose name stays
    bool is_machine = false;  ///< nobody reads what is sent there
  };
  /// The folded words of a name and a mailbox, each behind a '\n', lie in texts_ from `begin` on up to a NUL; those of the domain from `domain` on.
  struct Key {
    std::size_t begin = 0, domain = 0, person = 0;
  };
  std::size_t number_of(const Address& address);
  void rename(std::size_t number, const std::string& name);
  std::vector<AddressSuggestion> matching_aliases(const std::string& needle, std::size_t limit) const;

  std::vector<Entry> people_;
  std::string texts_;  ///< one after the other, so that a search goes through memory once
  std::vector<Key> keys_;
  std::map<std::string, std::size_t, std::less<>> by_mailbox_;
  std::map<std::string, std::vector<Address>, std::less<>> aliases_;
  std::set<std::string, std::less<>> domains_;
};

}  // namespace valija
