#include "valija/store/people.hpp"

#include "schema.hpp"

namespace valija::store {
namespace {

class StatePeople final : public People {
 public:
  explicit StatePeople(Database database) : database_(std::move(database)) {}

  Result<void> prepare() {
    return database_.prepare({
        {&all_, "SELECT mailbox, name, written_to, written_by, last_written_to, last_written_by FROM person ORDER BY mailbox"},
        // The newest name wins, but none is no name.
        {&add_, "INSERT INTO person VALUES(?, ?, ?, ?, ?, ?) ON CONFLICT(mailbox) DO UPDATE SET "
                "name = iif(excluded.name <> '' AND (name = '' OR max(excluded.last_written_to, excluded.last_written_by) >= "
                "max(last_written_to, last_written_by)), excluded.name, name), "
                "written_to = written_to + excluded.written_to, written_by = written_by + excluded.written_by, "
                "last_written_to = max(last_written_to, excluded.last_written_to), last_written_by = max(last_written_by, excluded.last_written_by)"},
        {&mark_, "SELECT index_id, revision FROM person_mark"},
        {&set_mark_, "INSERT OR REPLACE INTO person_mark VALUES(1, ?, ?)"},
    });
  }

  Result<std::vector<Person>> all() override {
    std::vector<Person> people;
    all_.start();
    while (true) {
      const Result<bool> row = all_.step();
      if (!row) return fail(row.error());
      if (!*row) return people;
      people.push_back({{std::string(all_.text(1)), std::string(all_.text(0))},
                        static_cast<std::uint32_t>(all_.integer(2)),
                        static_cast<std::uint32_t>(all_.integer(3)),
                        all_.integer(4),
                        all_.integer(5)});
    }
  }

  Result<Mark> mark() override {
    const Result<bool> row = mark_.start().step();
    if (!row) return fail(row.error());
    if (!*row) return Mark{};
    Mark mark{std::string(mark_.text(0)), static_cast<unsigned long>(mark_.integer(1))};
    mark_.start();
    return mark;
  }

  Result<void> add(const std::vector<Person>& people, const Mark& mark, bool starts_anew) override {
    Result<Transaction> transaction = Transaction::begin(database_);
    if (!transaction) return fail(std::move(transaction).error());
    if (Result<void> emptied = starts_anew ? database_.run("DELETE FROM person") : Result<void>(); !emptied) return emptied;
    for (const Person& person : people) {
      add_.start().bind(person.address.mailbox).bind(person.address.name);
      add_.bind(std::int64_t{person.written_to}).bind(std::int64_t{person.written_by});
      add_.bind(std::int64_t{person.last_written_to}).bind(std::int64_t{person.last_written_by});
      if (Result<void> added = add_.run(); !added) return added;
    }
    if (Result<void> set = set_mark_.start().bind(mark.index).bind(static_cast<std::int64_t>(mark.revision)).run(); !set) return set;
    return transaction->commit();
  }

 private:
  Database database_;
  Statement all_, add_, mark_, set_mark_;
};

}  // namespace

Result<std::unique_ptr<People>> People::open(const std::string& state_dir) {
  Result<Database> database = open_state(state_dir);
  if (!database) return fail(std::move(database).error());
  auto people = std::make_unique<StatePeople>(std::move(*database));
  if (Result<void> prepared = people->prepare(); !prepared) return fail(std::move(prepared).error());
  return std::unique_ptr<People>(std::move(people));
}

}  // namespace valija::store
