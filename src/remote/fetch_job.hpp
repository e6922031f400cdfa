#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "valija/sync/types.hpp"

namespace valija::remote {

/// What one fetch still has to bring; outlives the connections that it takes.
class FetchJob {
 public:
  /// A uid that is asked twice counts once.
  explicit FetchJob(std::span<const sync::ServerMessage> messages);

  /// The position of a uid that is asked for and not settled.
  std::optional<std::size_t> open_position(std::uint32_t uid) const;
  const sync::ServerMessage& message(std::size_t position) const { return messages_[position]; }
  /// Delivered, given up or known to be gone: never asked for again.
  void settle(std::size_t position);
  std::size_t left() const { return left_; }

  /// The uids still open, in the order asked for, cut into small sets at first, each ascending as UID FETCH wants it.
  std::vector<std::vector<std::uint32_t>> sets() const;

 private:
  std::vector<sync::ServerMessage> messages_;                     ///< in the order asked for
  std::vector<std::pair<std::uint32_t, std::size_t>> positions_;  ///< by uid
  std::vector<bool> settled_;
  std::size_t left_ = 0;
};

}  // namespace valija::remote
