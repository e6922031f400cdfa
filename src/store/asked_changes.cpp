#include "valija/store/asked_changes.hpp"

#include <algorithm>
#include <optional>

#include "action_journal.hpp"
#include "file_lock.hpp"
#include "schema.hpp"
#include "tag_set.hpp"

namespace valija::store {
namespace {

class StateAskedChanges final : public AskedChanges {
 public:
  StateAskedChanges(Database database, std::string lock_path) : database_(std::move(database)), lock_path_(std::move(lock_path)) {}

  Result<void> prepare() {
    if (Result<void> prepared = journal_.prepare(database_); !prepared) return prepared;
    return database_.prepare({
        {&all_, "SELECT row, query, ids, added, dropped, action, step FROM asked_change ORDER BY row"},
        {&put_, "INSERT INTO asked_change(time, query, ids, added, dropped, action, step) VALUES(?, ?, ?, ?, ?, ?, ?)"},
        {&done_, "DELETE FROM asked_change WHERE row = ?"},
    });
  }

  /// Who has rows holds a shared lock. Whoever gets it alone knows that the rows are nobody's.
  Result<std::vector<AskedChange>> claim() override {
    std::vector<AskedChange> left;
    if (claim_) return left;
    Result<Fd> file = open_lock(lock_path_);
    if (!file) return fail(std::move(file).error());
    const Result<bool> alone = try_lock(*file, F_WRLCK, lock_path_);
    if (!alone) return fail(alone.error());
    if (*alone) {
      Result<std::vector<AskedChange>> all = read_all();
      if (!all) return all;
      left = std::move(*all);
    }
    if (Result<void> shared = wait_for_lock(*file, F_RDLCK, lock_path_); !shared) return fail(std::move(shared).error());
    claim_ = std::move(*file);
    return left;
  }

  Result<std::int64_t> put(AskedChange& change, UnixTime now) override {
    Result<Transaction> transaction = Transaction::begin(database_);
    if (!transaction) return fail(std::move(transaction).error());
    if (change.action) {
      change.action->time = now;
      if (Result<void> kept = journal_.put(database_, *change.action); !kept) return fail(std::move(kept).error());
    }
    return store(*transaction, change, now);
  }

  Result<std::optional<AskedChange>> turn(ChangeStep step, UnixTime now) override {
    Result<Transaction> transaction = Transaction::begin(database_);
    if (!transaction) return fail(std::move(transaction).error());
    const bool is_undo = step == ChangeStep::undo;
    const Result<std::int64_t> id = is_undo ? journal_.newest_done() : journal_.last_undone();
    if (!id) return fail(id.error());
    if (*id == 0) return std::optional<AskedChange>();
    if (Result<void> marked = journal_.set_undone(*id, is_undo); !marked) return fail(std::move(marked).error());
    AskedChange change;
    change.step = step;
    if (Result<void> read = read_action(change, *id); !read) return fail(std::move(read).error());
    Result<std::int64_t> row = store(*transaction, change, now);
    if (!row) return fail(std::move(row).error());
    change.row = *row;
    return std::optional(std::move(change));
  }

  Result<void> done(std::int64_t row) override { return done_.start().bind(row).run(); }

  Result<void> give_up(const AskedChange& change) override {
    Result<Transaction> transaction = Transaction::begin(database_);
    if (!transaction) return fail(std::move(transaction).error());
    if (Result<void> removed = done(change.row); !removed) return removed;
    if (change.action) {
      Result<void> told = change.step == ChangeStep::first ? journal_.forget(change.action->id)
                                                           : journal_.set_undone(change.action->id, change.step == ChangeStep::redo);
      if (!told) return told;
    }
    return transaction->commit();
  }

  Result<std::vector<Action>> actions(std::size_t count) override { return journal_.list(count); }
  void release() override {
    if (claim_) release_lock(*claim_);
    claim_.reset();
  }

 private:
  Result<std::int64_t> store(Transaction& transaction, const AskedChange& change, UnixTime now) {
    put_.start().bind(std::int64_t{now}).bind(change.query).bind(to_lines(change.ids)).bind(to_lines(change.add)).bind(to_lines(change.remove));
    put_.bind(change.action ? change.action->id : std::int64_t{0}).bind(static_cast<std::int64_t>(change.step));
    if (Result<void> stored = put_.run(); !stored) return fail(std::move(stored).error());
    const std::int64_t row = database_.last_row();
    if (Result<void> committed = transaction.commit(); !committed) return fail(std::move(committed).error());
    return row;
  }

  Result<std::vector<AskedChange>> read_all() {
    std::vector<AskedChange> changes;
    std::vector<std::int64_t> actions;
    all_.start();
    Result<bool> row = all_.step();
    for (; row && *row; row = all_.step()) {
      AskedChange change{all_.integer(0), std::string(all_.text(1)), from_lines(all_.text(2)), from_lines(all_.text(3)), from_lines(all_.text(4))};
      change.step = static_cast<ChangeStep>(std::clamp<std::int64_t>(all_.integer(6), 0, 2));
      actions.push_back(all_.integer(5));
      changes.push_back(std::move(change));
    }
    if (!row) return fail(row.error());
    for (std::size_t i = 0; i < changes.size(); ++i) {
      if (actions[i] == 0) continue;
      if (Result<void> read = read_action(changes[i], actions[i]); !read) return fail(std::move(read).error());
    }
    return changes;
  }

  /// As it is to be carried out.
  Result<void> read_action(AskedChange& change, std::int64_t id) {
    Result<std::optional<Action>> found = journal_.find(id);
    if (!found) return fail(std::move(found).error());
    change.action = *found ? std::move(**found) : Action();
    if (change.step != ChangeStep::undo) return {};
    change.action->effects = inverse(std::move(change.action->effects));
    change.action->moves = inverse(std::move(change.action->moves));
    return {};
  }

  Database database_;
  const std::string lock_path_;
  std::optional<Fd> claim_;
  ActionJournal journal_;
  Statement all_, put_, done_;
};

}  // namespace

Result<std::unique_ptr<AskedChanges>> AskedChanges::open(const std::string& state_dir) {
  Result<Database> database = open_state(state_dir);
  if (!database) return fail(std::move(database).error());
  auto changes = std::make_unique<StateAskedChanges>(std::move(*database), state_dir + "/changes.lock");
  if (Result<void> prepared = changes->prepare(); !prepared) return fail(std::move(prepared).error());
  return std::unique_ptr<AskedChanges>(std::move(changes));
}

}  // namespace valija::store
