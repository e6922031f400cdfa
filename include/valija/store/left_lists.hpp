#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "valija/base/clock.hpp"
#include "valija/base/result.hpp"

namespace valija::store {

/// Which senders of newsletters were unsubscribed from, and when. Mailboxes compare without ASCII case. One connection per thread.
class LeftLists {
 public:
  static Result<std::unique_ptr<LeftLists>> open(const std::string& state_dir);
  virtual ~LeftLists() = default;
  /// The newest time counts.
  virtual Result<void> add(std::string_view mailbox, UnixTime when) = 0;
  /// By mailbox in lower case.
  virtual Result<std::map<std::string, UnixTime>> all() = 0;
};

}  // namespace valija::store
