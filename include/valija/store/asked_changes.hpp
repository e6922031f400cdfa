#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "valija/base/clock.hpp"
#include "valija/base/result.hpp"
#include "valija/mail/change.hpp"

namespace valija::store {

/// Whether an action is done, taken back, or done once more.
enum class ChangeStep : std::uint8_t { first, undo, redo };

/// A change of tags that a person asked for.
struct AskedChange {
  std::int64_t row = 0;  ///< 0: not stored
  std::string query;
  std::vector<std::string> ids{};  ///< Message-IDs of what matched when it was asked for: that is changed, whatever matches later. Empty: the query decides
  std::vector<std::string> add{}, remove{};
  /// What is kept for undo has an action instead of all that; with the effects and moves to carry out now, those of an undo are the way back already.
  std::optional<Action> action{};
  ChangeStep step = ChangeStep::first;
};

/// Changes that the index does not have yet: stored before they are tried, removed when the index has them, so that a crash loses none and none comes
/// back; and the journal of what can be taken back or done again. One connection per thread; several processes may use it at once.
class AskedChanges {
 public:
  static Result<std::unique_ptr<AskedChanges>> open(const std::string& state_dir);
  virtual ~AskedChanges() = default;
  /// Before `put`. What processes left that are no more, oldest first, belongs to the caller from now on. Nothing while another process that
  /// lives has claimed: no one can tell then whose they are. Nothing either if this one has already.
  virtual Result<std::vector<AskedChange>> claim() = 0;
  /// Durable when it returns the row. A change with an action goes into the journal in the same transaction, which gives it its number: what was taken
  /// back before cannot be done again from then on.
  virtual Result<std::int64_t> put(AskedChange& change, UnixTime now) = 0;
  /// Takes back the newest action that is not taken back, or does the last one of those again: stored like `put`, and in the journal from now on. Nothing:
  /// there is none.
  virtual Result<std::optional<AskedChange>> turn(ChangeStep step, UnixTime now) = 0;
  /// The index has it; or it will never have it and the person was told, then it did not happen for the journal either.
  virtual Result<void> done(std::int64_t row) = 0;
  virtual Result<void> give_up(const AskedChange& change) = 0;
  /// Newest first, without effects and moves.
  virtual Result<std::vector<Action>> actions(std::size_t count) = 0;
  /// Ends the claim: what is still stored is for the next one. Without it the kernel does, when the process ends.
  virtual void release() = 0;
};

}  // namespace valija::store
