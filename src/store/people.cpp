#include "valija/store/people.hpp"

#include "schema.hpp"

namespace valija::store {
namespace {

/// FNV-1a: the same in every build. Two that collide are counted as one.
std::int64_t hash_of(std::string_view text) {
  std::uint64_t hash = 14695981039346656037U;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  return static_cast<std::int64_t>(hash);
}

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
        {&has_letter_, "SELECT 1 FROM person_letter WHERE hash = ?"},
        {&add_letter_, "INSERT OR IGNORE INTO person_letter VALUES(?)"},
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

  Result<bool> has_counted(const std::string& message_id) override {
    const Result<bool> row = has_letter_.start().bind(hash_of(message_id)).step();
    has_letter_.start();
    return row;
  }

  Result<std::vector<Person>> add(const std::vector<Letter>& letters, const Mark& mark) override {
    Result<Transaction> transaction = Transaction::begin(database_);
    if (!transaction) return fail(std::move(transaction).error());
    if (Result<void> ready = forget_other(mark.index); !ready) return fail(std::move(ready).error());
    std::vector<Person> added;
    for (const Letter& letter : letters) {
      if (Result<void> marked = add_letter_.start().bind(hash_of(letter.message_id)).run(); !marked) return fail(std::move(marked).error());
      if (database_.changes() == 0) continue;
      for (const Person& person : letter.people) {
        if (Result<void> kept = put(person); !kept) return fail(std::move(kept).error());
        added.push_back(person);
      }
    }
    if (Result<void> set = set_mark_.start().bind(mark.index).bind(static_cast<std::int64_t>(mark.revision)).run(); !set) return fail(std::move(set).error());
    if (Result<void> done = transaction->commit(); !done) return fail(std::move(done).error());
    return added;
  }

 private:
  Result<void> forget_other(const std::string& index) {
    const Result<Mark> known = mark();
    if (!known) return fail(known.error());
    if (known->index == index) return {};
    if (Result<void> emptied = database_.run("DELETE FROM person"); !emptied) return emptied;
    return database_.run("DELETE FROM person_letter");
  }

  Result<void> put(const Person& person) {
    add_.start().bind(person.address.mailbox).bind(person.address.name);
    add_.bind(std::int64_t{person.written_to}).bind(std::int64_t{person.written_by});
    add_.bind(std::int64_t{person.last_written_to}).bind(std::int64_t{person.last_written_by});
    return add_.run();
  }

  Database database_;
  Statement all_, add_, has_letter_, add_letter_, mark_, set_mark_;
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
