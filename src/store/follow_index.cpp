#include "follow_index.hpp"

#include <vector>

#include "folder_name.hpp"
#include "mail_tree.hpp"
#include "tag_set.hpp"
#include "valija/store/account_store.hpp"

namespace valija::store {
namespace {

using Action = IndexTask::Action;

constexpr std::int64_t number(Action action) { return static_cast<std::int64_t>(action); }
constexpr std::int64_t number(FolderRole role) { return static_cast<std::int64_t>(role); }

struct Account {
  std::int64_t id = 0;
  std::string name, marker, index;
};

/// Accounts with mail that another index is recorded for.
Result<std::vector<Account>> accounts_elsewhere(Database& database, const std::string& index) {
  Result<Statement> rows = database.prepare("SELECT id, name, marker, index_id FROM account WHERE marker <> '' AND index_id <> ?");
  if (!rows) return fail(std::move(rows).error());
  std::vector<Account> accounts;
  rows->start().bind(index);
  while (true) {
    const Result<bool> row = rows->step();
    if (!row) return fail(row.error());
    if (!*row) return accounts;
    accounts.push_back({rows->integer(0), std::string(rows->text(1)), std::string(rows->text(2)), std::string(rows->text(3))});
  }
}

/// The directory of the account's mail; "" if it is not the one that was synced: perhaps it is not mounted.
std::string directory_of(const Account& account, const std::string& mail_root) {
  SystemFiles files;
  const auto tree = MailTree::open(mail_root, account.name, files);
  if (!tree || !*tree) return {};
  const auto marker = (*tree)->marker();
  return marker && *marker && **marker == account.marker ? (*tree)->path() : std::string();
}

struct Folder {
  std::int64_t id = 0;
  FolderRole role = FolderRole::none;
  std::string directory;
};

Tags flag_tags(Flags flags, FolderRole role) {
  Tags tags = to_tags(flags);
  if (std::string place = place_tag(role); !place.empty()) tags.push_back(std::move(place));
  return tidy(std::move(tags));
}

class Requeue {
 public:
  explicit Requeue(Database& database) : database_(database) {}

  Result<void> prepare() {
    return database_.prepare({
        {&last_, "SELECT coalesce(max(row), 0) FROM index_task"},
        {&folders_, "SELECT id, path, role FROM folder WHERE account = ? ORDER BY role IN (?, ?), role <> ?, path"},
        {&pairs_, "SELECT file, flags, tags FROM pair WHERE folder = ?1 AND NOT EXISTS(SELECT 1 FROM unindexed WHERE path = ?2 || file) ORDER BY uid DESC"},
        {&add_, "INSERT INTO index_task(action, path, old_path, tags) VALUES(?, ?, '', ?)"},
        {&move_, "INSERT INTO index_task(action, path, old_path, tags, dropped, all_tags, message)"
                 " SELECT action, path, old_path, tags, dropped, all_tags, message FROM index_task"
                 " WHERE row <= ?1 AND substr(path, 1, length(?2)) = ?2 AND action NOT IN (?3, ?4) ORDER BY row"},
        {&drop_, "DELETE FROM index_task WHERE row <= ?1 AND substr(path, 1, length(?2)) = ?2"},
        {&record_, "UPDATE account SET index_id = ? WHERE id = ?"},
    });
  }

  Result<void> record(const Account& account, const std::string& index) { return record_.start().bind(index).bind(account.id).run(); }

  /// What waited before comes behind the mail that it is about.
  Result<std::uint64_t> queue(const Account& account, const std::string& directory) {
    const Result<bool> row = last_.start().step();
    if (!row) return fail(row.error());
    const std::int64_t last = last_.integer(0);
    last_.start();
    const auto folders = list(account, directory);
    if (!folders) return fail(folders.error());
    std::uint64_t queued = 0;
    for (const Folder& folder : *folders) {
      const Result<std::uint64_t> added = queue(folder);
      if (!added) return added;
      queued += *added;
    }
    const std::string below = directory + "/";
    move_.start().bind(last).bind(below).bind(number(Action::add)).bind(number(Action::restore));
    if (Result<void> moved = move_.run(); !moved) return fail(std::move(moved).error());
    if (Result<void> dropped = drop_.start().bind(last).bind(below).run(); !dropped) return fail(std::move(dropped).error());
    return queued;
  }

 private:
  /// The inbox first, what was thrown away last.
  Result<std::vector<Folder>> list(const Account& account, const std::string& directory) {
    folders_.start().bind(account.id).bind(number(FolderRole::trash)).bind(number(FolderRole::junk)).bind(number(FolderRole::inbox));
    std::vector<Folder> folders;
    while (true) {
      const Result<bool> row = folders_.step();
      if (!row) return fail(row.error());
      if (!*row) return folders;
      const auto path = FolderPath::from_text(folders_.text(1));
      if (!path) continue;
      Folder folder{folders_.integer(0), static_cast<FolderRole>(folders_.integer(2)), directory};
      for (const std::string& component : path->components()) folder.directory += "/" + directory_name(component);
      folders.push_back(std::move(folder));
    }
  }

  Result<std::uint64_t> queue(const Folder& folder) {
    const std::string below = folder.directory + "/";
    std::uint64_t queued = 0;
    pairs_.start().bind(folder.id).bind(below);
    while (true) {
      const Result<bool> row = pairs_.step();
      if (!row) return fail(row.error());
      if (!*row) return queued;
      const Flags flags = Flags::from_bits(static_cast<std::uint8_t>(pairs_.integer(1)));
      // With the person's own tags; a message of before the journal gets those of its flags and place.
      const std::string tags = pairs_.is_null(2) ? to_lines(flag_tags(flags, folder.role)) : std::string(pairs_.text(2));
      add_.start().bind(number(Action::restore)).bind(below + std::string(pairs_.text(0))).bind(tags);
      if (Result<void> added = add_.run(); !added) return fail(std::move(added).error());
      ++queued;
    }
  }

  Database& database_;
  Statement last_, folders_, pairs_, add_, move_, drop_, record_;
};

}  // namespace

Result<std::uint64_t> follow_index(Database& database, const std::string& index, const std::string& mail_root) {
  const auto strange = accounts_elsewhere(database, index);
  if (!strange) return fail(strange.error());
  if (strange->empty()) return std::uint64_t{0};
  Requeue requeue(database);
  if (Result<void> prepared = requeue.prepare(); !prepared) return fail(std::move(prepared).error());
  Result<Transaction> transaction = Transaction::begin(database);
  if (!transaction) return fail(std::move(transaction).error());
  const auto accounts = accounts_elsewhere(database, index);  // another process may have been faster
  if (!accounts) return fail(accounts.error());
  std::uint64_t queued = 0;
  for (const Account& account : *accounts) {
    if (!account.index.empty()) {
      const std::string directory = directory_of(account, mail_root);
      if (directory.empty()) continue;
      const Result<std::uint64_t> added = requeue.queue(account, directory);
      if (!added) return added;
      queued += *added;
    }
    if (Result<void> recorded = requeue.record(account, index); !recorded) return fail(std::move(recorded).error());
  }
  if (Result<void> committed = transaction->commit(); !committed) return fail(std::move(committed).error());
  return queued;
}

}  // namespace valija::store
