#pragma once

#include <optional>
#include <vector>

#include "database.hpp"
#include "valija/mail/change.hpp"

namespace valija::store {

/// The tables of what persons did. What was taken back is always newer than what was not: a new action forgets it. No transactions of its own.
class ActionJournal {
 public:
  Result<void> prepare(Database& database);
  /// Gives `action` its number. Forgets what was taken back, and the oldest where it is too much.
  Result<void> put(Database& database, Action& action);
  /// With effects and moves; nothing: there is none.
  Result<std::optional<Action>> find(std::int64_t id);
  /// 0: there is none.
  Result<std::int64_t> newest_done();
  Result<std::int64_t> last_undone();
  Result<void> set_undone(std::int64_t id, bool is_undone);
  Result<void> forget(std::int64_t id);
  Result<std::vector<Action>> list(std::size_t count);

 private:
  Result<std::int64_t> number(Statement& statement);
  Result<void> read_parts(Action& action);

  Statement put_, put_effect_, put_move_, find_, effects_, moves_, newest_done_, last_undone_, set_undone_, forget_, forget_undone_, trim_, list_;
};

}  // namespace valija::store
