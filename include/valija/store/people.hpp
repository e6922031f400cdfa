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
  /// One message, and whom it makes known.
  struct Letter {
    std::string message_id;
    std::vector<Person> people;
  };
  virtual Result<bool> has_counted(const std::string& message_id) = 0;
  /// Adds the letters that nobody counted before, in one transaction with the mark, and returns their people. Behind the mark of another index all
  /// that was known is forgotten first.
  virtual Result<std::vector<Person>> add(const std::vector<Letter>& letters, const Mark& mark) = 0;
};

}  // namespace valija::store
