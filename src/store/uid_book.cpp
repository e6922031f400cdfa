#include "valija/store/uid_book.hpp"

#include <limits>
#include <unordered_set>

#include "database.hpp"
#include "file_name.hpp"
#include "schema.hpp"
#include "valija/base/words.hpp"

namespace valija::store {
namespace {

constexpr std::int64_t largest_uid = std::numeric_limits<std::uint32_t>::max();

/// "BASE" of ".../cur/BASE:2,S": stays the same wherever the file goes.
std::string base_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return std::string(split_file_name(slash == std::string_view::npos ? path : path.substr(slash + 1)).base);
}

class StateUidBook final : public sync::UidBook {
 public:
  StateUidBook(Database database, std::string account) : database_(std::move(database)), account_(std::move(account)) {}

  Result<void> prepare() {
    return database_.prepare({
        {&read_,
         "SELECT book.uid, book.name, book.first_seen, book.size, book.deleted, pair.print, pair.file FROM uid_book AS book"
         " LEFT JOIN account ON account.name = book.account LEFT JOIN folder ON folder.account = account.id AND folder.path = 'INBOX'"
         " LEFT JOIN pair ON pair.folder = folder.id AND pair.uid = book.uid WHERE book.account = ? ORDER BY book.uid"},
        {&waiting_, "SELECT path FROM index_task"},
        {&add_, "INSERT INTO uid_book(account, name, first_seen, size) VALUES(?, ?, ?, ?)"},
        {&rename_, "UPDATE uid_book SET name = ? WHERE account = ? AND uid = ?"},
        {&mark_deleted_, "UPDATE uid_book SET deleted = 1 WHERE account = ? AND uid = ?"},
        {&tell_,
         "INSERT INTO operation(time, account, folder, base, what, why) SELECT CAST(strftime('%s', 'now') AS INTEGER), account.name, 'INBOX',"
         " substr(pair.file, 5, instr(pair.file || ':2,', ':2,') - 5), 'deleted_server', 'it is safe here, and the settings say so'"
         " FROM account JOIN folder ON folder.account = account.id AND folder.path = 'INBOX' JOIN pair ON pair.folder = folder.id"
         " WHERE account.name = ? AND pair.uid = ?"},
        {&remove_, "DELETE FROM uid_book WHERE account = ? AND uid = ?"},
    });
  }

  /// One state of the database: a task that is done is not taken for one that never was.
  Result<std::vector<sync::BookedMessage>> read() override {
    const Result<Transaction> transaction = Transaction::begin(database_);
    if (!transaction) return fail(transaction.error());
    const auto waiting = waiting_files();
    if (!waiting) return fail(waiting.error());
    std::vector<sync::BookedMessage> messages;
    read_.start().bind(account_);
    while (true) {
      const Result<bool> row = read_.step();
      if (!row) return fail(row.error());
      if (!*row) return messages;
      sync::BookedMessage message;
      message.uid.value = static_cast<std::uint32_t>(read_.integer(0));
      message.name = read_.text(1);
      message.first_seen = read_.integer(2);
      message.size = static_cast<std::uint64_t>(read_.integer(3));
      message.is_deleted = read_.integer(4) != 0;
      message.fingerprint = read_.text(5);
      message.is_safe = !read_.text(6).empty() && !waiting->contains(base_of(read_.text(6)));
      messages.push_back(std::move(message));
    }
  }

  Result<std::vector<sync::Uid>> add(std::span<const sync::BookedMessage> messages) override {
    std::vector<sync::Uid> uids;
    const Result<void> added = change(messages, [&](const sync::BookedMessage& message) -> Result<void> {
      add_.start().bind(account_).bind(message.name).bind(std::int64_t{message.first_seen}).bind(static_cast<std::int64_t>(message.size));
      if (Result<void> done = add_.run(); !done) return done;
      const std::int64_t uid = database_.last_row();
      if (uid > largest_uid) return fail(Kind::disk, Blast::account, _("There are no numbers left for new messages of POP3 accounts."));
      uids.push_back({static_cast<std::uint32_t>(uid)});
      return {};
    });
    if (!added) return fail(added.error());
    return uids;
  }

  Result<void> rename(std::span<const sync::BookName> names) override {
    return change(names, [&](const sync::BookName& name) {
      return rename_.start().bind(name.name).bind(account_).bind(std::int64_t{name.uid.value}).run();
    });
  }

  Result<void> mark_deleted(std::span<const sync::Uid> uids) override {
    return change(uids, [&](sync::Uid uid) -> Result<void> {
      if (Result<void> done = mark_deleted_.start().bind(account_).bind(std::int64_t{uid.value}).run(); !done) return done;
      return tell_.start().bind(account_).bind(std::int64_t{uid.value}).run();
    });
  }

  Result<void> remove(std::span<const sync::Uid> uids) override {
    return change(uids, [&](sync::Uid uid) { return remove_.start().bind(account_).bind(std::int64_t{uid.value}).run(); });
  }

 private:
  /// All of `items` or none.
  template <typename Item, typename Function>
  Result<void> change(std::span<const Item> items, const Function& function) {
    Result<Transaction> transaction = Transaction::begin(database_);
    if (!transaction) return fail(std::move(transaction).error());
    for (const Item& item : items) {
      if (Result<void> done = function(item); !done) return done;
    }
    return transaction->commit();
  }

  Result<std::unordered_set<std::string>> waiting_files() {
    std::unordered_set<std::string> bases;
    waiting_.start();
    while (true) {
      const Result<bool> row = waiting_.step();
      if (!row) return fail(row.error());
      if (!*row) return bases;
      bases.insert(base_of(waiting_.text(0)));
    }
  }

  Database database_;
  std::string account_;
  Statement read_, waiting_, add_, rename_, mark_deleted_, tell_, remove_;
};

}  // namespace

Result<std::unique_ptr<sync::UidBook>> open_uid_book(const std::string& state_dir, const std::string& account) {
  Result<Database> database = open_state(state_dir);
  if (!database) return fail(std::move(database).error());
  auto book = std::make_unique<StateUidBook>(std::move(*database), account);
  if (Result<void> prepared = book->prepare(); !prepared) return fail(std::move(prepared).error());
  return std::unique_ptr<sync::UidBook>(std::move(book));
}

}  // namespace valija::store
