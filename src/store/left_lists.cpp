#include "valija/store/left_lists.hpp"

#include "schema.hpp"
#include "valija/base/text.hpp"

namespace valija::store {
namespace {

class StateLeftLists final : public LeftLists {
 public:
  explicit StateLeftLists(Database database) : database_(std::move(database)) {}

  Result<void> prepare() {
    return database_.prepare({
        {&add_, "INSERT INTO left_list VALUES(?, ?) ON CONFLICT(mailbox) DO UPDATE SET time = max(time, excluded.time)"},
        {&all_, "SELECT mailbox, time FROM left_list"},
    });
  }

  Result<void> add(std::string_view mailbox, UnixTime when) override { return add_.start().bind(to_lower_ascii(mailbox)).bind(std::int64_t{when}).run(); }

  Result<std::map<std::string, UnixTime>> all() override {
    std::map<std::string, UnixTime> times;
    all_.start();
    while (true) {
      const Result<bool> row = all_.step();
      if (!row) return fail(row.error());
      if (!*row) return times;
      times.emplace(all_.text(0), all_.integer(1));
    }
  }

 private:
  Database database_;
  Statement add_, all_;
};

}  // namespace

Result<std::unique_ptr<LeftLists>> LeftLists::open(const std::string& state_dir) {
  Result<Database> database = open_state(state_dir);
  if (!database) return fail(std::move(database).error());
  auto lists = std::make_unique<StateLeftLists>(std::move(*database));
  if (Result<void> prepared = lists->prepare(); !prepared) return fail(std::move(prepared).error());
  return std::unique_ptr<LeftLists>(std::move(lists));
}

}  // namespace valija::store
