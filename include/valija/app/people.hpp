#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "valija/config/settings.hpp"
#include "valija/mail/address.hpp"
#include "valija/mail/thread.hpp"

namespace valija::app {

/// Who "you" is, and how the list names people. A value.
class People {
 public:
  explicit People(const config::Settings& settings);

  /// An address of an account, or an author string that names its owner.
  bool is_own(std::string_view author) const;
  /// One of the people of a row.
  struct Participant {
    std::string name;
    bool is_unread = false;  ///< something of theirs is not read
    friend bool operator==(const Participant&, const Participant&) = default;
  };
  /// "Marta", "Jun", "you": whole names for one, first names for several; those whose mail matched come first.
  std::vector<Participant> participants(const ThreadSummary& thread) const;
  /// "you, Jun Tanaka" of a To or Cc header.
  std::string names(const std::vector<Address>& addresses) const;

 private:
  std::vector<std::string> own_;  ///< lower case: addresses and full names
};

}  // namespace valija::app
