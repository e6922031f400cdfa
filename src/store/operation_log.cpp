#include <algorithm>

#include "database.hpp"
#include "schema.hpp"
#include "valija/store/account_store.hpp"

namespace valija::store {
namespace {

class StateOperationLog final : public OperationLog {
 public:
  explicit StateOperationLog(Database database) : database_(std::move(database)) {}

  Result<void> prepare() {
    return database_.prepare({
        {&newest_, "SELECT id, time, account, folder, base, what, why FROM operation ORDER BY id DESC LIMIT ?"},
        {&of_base_, "SELECT id, time, account, folder, base, what, why FROM operation WHERE base = ? ORDER BY id DESC LIMIT ?"},
    });
  }

  Result<std::vector<LoggedOperation>> read(const std::vector<std::string>& bases, std::size_t limit) override {
    std::vector<Row> rows;
    const auto most = static_cast<std::int64_t>(limit);
    Result<void> done = bases.empty() ? collect(newest_.start().bind(most), rows) : Result<void>();
    for (const std::string& base : bases) {
      if (done) done = collect(of_base_.start().bind(base).bind(most), rows);
    }
    if (!done) return fail(std::move(done).error());
    std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.id > b.id; });
    std::vector<LoggedOperation> operations;
    for (std::size_t index = 0; index < rows.size() && index < limit; ++index) operations.push_back(std::move(rows[index].operation));
    return operations;
  }

 private:
  struct Row {
    std::int64_t id = 0;
    LoggedOperation operation;
  };

  static Result<void> collect(Statement& from, std::vector<Row>& rows) {
    while (true) {
      const Result<bool> row = from.step();
      if (!row) return fail(row.error());
      if (!*row) return {};
      rows.push_back({from.integer(0),
                      {from.integer(1), std::string(from.text(2)), std::string(from.text(3)), std::string(from.text(4)), std::string(from.text(5)),
                       std::string(from.text(6))}});
    }
  }

  Database database_;
  Statement newest_, of_base_;
};

}  // namespace

Result<std::unique_ptr<OperationLog>> OperationLog::open(const std::string& state_dir) {
  Result<Database> database = open_state(state_dir);
  if (!database) return fail(std::move(database).error());
  auto log = std::make_unique<StateOperationLog>(std::move(*database));
  if (Result<void> prepared = log->prepare(); !prepared) return fail(std::move(prepared).error());
  return std::unique_ptr<OperationLog>(std::move(log));
}

}  // namespace valija::store
