#include "valija/store/asked_changes.hpp"

#include <optional>

#include "file_lock.hpp"
#include "schema.hpp"
#include "tag_set.hpp"

namespace valija::store {
namespace {

class StateAskedChanges final : public AskedChanges {
 public:
  StateAskedChanges(Database database, std::string lock_path) : database_(std::move(database)), lock_path_(std::move(lock_path)) {}

  Result<void> prepare() {
    return database_.prepare({
        {&all_, "SELECT row, query, ids, added, dropped FROM asked_change ORDER BY row"},
        {&put_, "INSERT INTO asked_change(time, query, ids, added, dropped) VALUES(?, ?, ?, ?, ?)"},
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

  Result<std::int64_t> put(const AskedChange& change, UnixTime now) override {
    put_.start().bind(std::int64_t{now}).bind(change.query).bind(to_lines(change.ids)).bind(to_lines(change.add)).bind(to_lines(change.remove));
    if (Result<void> stored = put_.run(); !stored) return fail(std::move(stored).error());
    return database_.last_row();
  }

  Result<void> done(std::int64_t row) override { return done_.start().bind(row).run(); }
  void release() override {
    if (claim_) release_lock(*claim_);
    claim_.reset();
  }

 private:
  Result<std::vector<AskedChange>> read_all() {
    std::vector<AskedChange> changes;
    all_.start();
    while (true) {
      const Result<bool> row = all_.step();
      if (!row) return fail(row.error());
      if (!*row) return changes;
      changes.push_back({all_.integer(0), std::string(all_.text(1)), from_lines(all_.text(2)), from_lines(all_.text(3)), from_lines(all_.text(4))});
    }
  }

  Database database_;
  const std::string lock_path_;
  std::optional<Fd> claim_;
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
