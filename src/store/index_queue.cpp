#include <algorithm>

#include "database.hpp"
#include "follow_index.hpp"
#include "schema.hpp"
#include "tag_set.hpp"
#include "valija/store/account_store.hpp"

namespace valija::store {
namespace {

class StateIndexQueue final : public IndexQueue {
 public:
  explicit StateIndexQueue(Database database) : database_(std::move(database)) {}

  Result<void> prepare() {
    return database_.prepare({
        {&pending_, "SELECT row, action, path, old_path, tags, dropped, all_tags, message FROM index_task WHERE row > ? ORDER BY row LIMIT ?"},
        {&size_, "SELECT count(*) FROM index_task"},
        {&put_, "INSERT INTO index_task(action, path, old_path, tags, dropped, all_tags, message) VALUES(?, ?, ?, ?, ?, ?, ?)"},
        {&done_, "DELETE FROM index_task WHERE row = ?"},
        {&quarantine_, "INSERT OR REPLACE INTO unindexed(path, reason, date, sender, subject) VALUES(?, ?, ?, ?, ?)"},
        {&unindexed_, "SELECT path, reason, date, sender, subject FROM unindexed ORDER BY date DESC, path"},
        {&forget_, "DELETE FROM unindexed WHERE path = ?"},
    });
  }

  Result<std::vector<IndexTask>> pending(std::int64_t after, std::size_t limit) override {
    std::vector<IndexTask> tasks;
    pending_.start().bind(after).bind(static_cast<std::int64_t>(limit));
    while (true) {
      const Result<bool> row = pending_.step();
      if (!row) return fail(row.error());
      if (!*row) return tasks;
      tasks.push_back(read_task());
    }
  }

  Result<std::uint64_t> size() override {
    const Result<bool> row = size_.start().step();
    if (!row) return fail(row.error());
    const auto count = static_cast<std::uint64_t>(size_.integer(0));
    size_.start();
    return count;
  }

  Result<void> put(const std::vector<IndexTask>& tasks) override {
    Result<Transaction> transaction = Transaction::begin(database_);
    if (!transaction) return fail(std::move(transaction).error());
    for (const IndexTask& task : tasks) {
      put_.start().bind(static_cast<std::int64_t>(task.action)).bind(task.path).bind(task.old_path);
      put_.bind(to_lines(task.tags)).bind(to_lines(task.dropped)).bind(to_lines(task.all)).bind(task.message);
      if (Result<void> stored = put_.run(); !stored) return stored;
    }
    return transaction->commit();
  }

  Result<void> done(const std::vector<std::int64_t>& rows) override {
    if (rows.empty()) return {};
    Result<Transaction> transaction = Transaction::begin(database_);
    if (!transaction) return fail(std::move(transaction).error());
    for (const std::int64_t row : rows) {
      if (Result<void> deleted = done_.start().bind(row).run(); !deleted) return deleted;
    }
    return transaction->commit();
  }

  Result<void> quarantine(std::int64_t row, const UnindexedMessage& message) override {
    Result<Transaction> transaction = Transaction::begin(database_);
    if (!transaction) return fail(std::move(transaction).error());
    quarantine_.start().bind(message.path).bind(message.reason).bind(std::int64_t{message.date}).bind(message.from).bind(message.subject);
    if (Result<void> kept = quarantine_.run(); !kept) return kept;
    if (Result<void> deleted = done_.start().bind(row).run(); !deleted) return deleted;
    return transaction->commit();
  }

  Result<std::vector<UnindexedMessage>> unindexed() override {
    std::vector<UnindexedMessage> messages;
    unindexed_.start();
    while (true) {
      const Result<bool> row = unindexed_.step();
      if (!row) return fail(row.error());
      if (!*row) return messages;
      messages.push_back({std::string(unindexed_.text(0)), std::string(unindexed_.text(1)), unindexed_.integer(2),
                          std::string(unindexed_.text(3)), std::string(unindexed_.text(4))});
    }
  }

  Result<void> forget_unindexed(const std::string& path) override { return forget_.start().bind(path).run(); }

  Result<std::uint64_t> follow(const std::string& index, const std::string& mail_root) override {
    return follow_index(database_, index, mail_root);
  }

 private:
  IndexTask read_task() const {
    IndexTask task;
    task.row = pending_.integer(0);
    task.action = static_cast<IndexTask::Action>(std::clamp<std::int64_t>(pending_.integer(1), 0, 4));
    task.path = pending_.text(2);
    task.old_path = pending_.text(3);
    task.tags = from_lines(pending_.text(4));
    task.dropped = from_lines(pending_.text(5));
    task.all = from_lines(pending_.text(6));
    task.message = pending_.text(7);
    return task;
  }

  Database database_;
  Statement pending_, size_, put_, done_, quarantine_, unindexed_, forget_;
};

}  // namespace

Result<std::unique_ptr<IndexQueue>> IndexQueue::open(const std::string& state_dir) {
  Result<Database> database = open_state(state_dir);
  if (!database) return fail(std::move(database).error());
  auto queue = std::make_unique<StateIndexQueue>(std::move(*database));
  if (Result<void> prepared = queue->prepare(); !prepared) return fail(std::move(prepared).error());
  return std::unique_ptr<IndexQueue>(std::move(queue));
}

}  // namespace valija::store
