#pragma once

#include <memory>
#include <string>
#include <vector>

#include "valija/base/result.hpp"
#include "valija/mail/address_book.hpp"

namespace valija::store {

/// What mail history knows of people, durable, so that a start reads it and not the mail. One connection per thread.
class People {
 public:
  static Result<std::unique_ptr<People>> open(const std::string& state_dir);
  virtual ~People() = default;
  virtual Result<std::vector<Person>> all() = 0;
  /// Up to where the index was read: its identity and revision; "" and 0 at first.
  struct Mark {
    std::string index;
    unsigned long revision = 0;
  };
  virtual Result<Mark> mark() = 0;
  /// Adds the counts, in one transaction with the mark. `starts_anew`: all that was known is forgotten first.
  virtual Result<void> add(const std::vector<Person>& people, const Mark& mark, bool starts_anew) = 0;
};

}  // namespace valija::store
