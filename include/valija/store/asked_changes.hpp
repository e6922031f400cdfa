#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "valija/base/clock.hpp"
#include "valija/base/result.hpp"

namespace valija::store {

/// A change of tags that a person asked for.
struct AskedChange {
  std::int64_t row = 0;  ///< 0: not stored
  std::string query;
  std::vector<std::string> ids{};  ///< Message-IDs of what matched when it was asked for: that is changed, whatever matches later. Empty: the query decides
  std::vector<std::string> add{}, remove{};
};

/// Changes of tags that the index does not have yet: stored before they are tried, removed when the index has them, so that a crash loses none and
/// none comes back. One connection per thread; several processes may use it at once.
class AskedChanges {
 public:
  static Result<std::unique_ptr<AskedChanges>> open(const std::string& state_dir);
  virtual ~AskedChanges() = default;
  /// Before `put`. What processes left that are no more, oldest first, belongs to the caller from now on. Nothing while another process that
  /// lives has claimed: no one can tell then whose they are. Nothing either if this one has already.
  virtual Result<std::vector<AskedChange>> claim() = 0;
  /// Durable when it returns the row.
  virtual Result<std::int64_t> put(const AskedChange& change, UnixTime now) = 0;
  /// The index has it, or it will never have it and the person was told.
  virtual Result<void> done(std::int64_t row) = 0;
  /// Ends the claim: what is still stored is for the next one. Without it the kernel does, when the process ends.
  virtual void release() = 0;
};

}  // namespace valija::store
