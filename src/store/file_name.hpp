#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "valija/base/clock.hpp"
#include "valija/mail/flags.hpp"

namespace valija::store {

/// A Maildir file name taken apart: "BASE:2,LETTERS". A name without the second part has no letters.
struct FileName {
  std::string_view base;
  std::string_view letters;
};
FileName split_file_name(std::string_view name);

/// The name in cur/ for these flags; letters that we do not know are kept as they were.
std::string file_name(std::string_view base, Flags flags, std::string_view old_letters = {});

/// Makes base names that no other program, process, host or moment makes (maildir(5)). One thread.
class BaseNames {
 public:
  /// `host` empty: this machine's name.
  explicit BaseNames(const Clock& clock, std::string host = {});
  std::string next();
  /// A name that this class made, here or in an earlier process of this machine.
  bool is_ours(std::string_view base) const;

 private:
  const Clock& clock_;
  std::string tail_;  ///< "R", random octets, ".", host
  std::string host_;
  std::uint64_t count_ = 0;
};

}  // namespace valija::store
