#include <algorithm>

#include "database.hpp"
#include "schema.hpp"
#include "valija/store/account_store.hpp"

namespace valija::store {
namespace {

FolderRole to_role(std::int64_t value) {
  const bool is_known = value >= 0 && value <= static_cast<std::int64_t>(FolderRole::all);
  return is_known ? static_cast<FolderRole>(value) : FolderRole::none;
}

Result<std::vector<sync::ServerFolder>> read_known(Database& database, const std::string& account) {
  Result<Statement> rows = database.prepare("SELECT path, role, selectable, wire_name FROM known_folder WHERE account = ? ORDER BY position");
  if (!rows) return fail(std::move(rows).error());
  std::vector<sync::ServerFolder> folders;
  rows->start().bind(account);
  while (true) {
    const Result<bool> row = rows->step();
    if (!row) return fail(row.error());
    if (!*row) return folders;
    std::optional<FolderPath> path = FolderPath::from_text(rows->text(0));
    if (path) folders.push_back({std::move(*path), to_role(rows->integer(1)), rows->integer(2) != 0, std::string(rows->text(3))});
  }
}

/// The counters are of the moment and not remembered.
bool is_same(const sync::ServerFolder& a, const sync::ServerFolder& b) {
  return a.path == b.path && a.role == b.role && a.selectable == b.selectable && a.wire_name == b.wire_name;
}

}  // namespace

Result<std::vector<sync::ServerFolder>> known_folders(const std::string& state_dir, const std::string& account) {
  Result<Database> database = open_state(state_dir);
  if (!database) return fail(std::move(database).error());
  return read_known(*database, account);
}

Result<void> remember_folders(const std::string& state_dir, const std::string& account, const std::vector<sync::ServerFolder>& folders) {
  Result<Database> database = open_state(state_dir);
  if (!database) return fail(std::move(database).error());
  const Result<std::vector<sync::ServerFolder>> known = read_known(*database, account);
  if (known && std::equal(known->begin(), known->end(), folders.begin(), folders.end(), is_same)) return {};
  Result<Statement> clear = database->prepare("DELETE FROM known_folder WHERE account = ?");
  if (!clear) return fail(std::move(clear).error());
  Result<Statement> insert = database->prepare("INSERT INTO known_folder(account, position, path, role, selectable, wire_name) VALUES(?, ?, ?, ?, ?, ?)");
  if (!insert) return fail(std::move(insert).error());
  Result<Transaction> transaction = Transaction::begin(*database);
  if (!transaction) return fail(std::move(transaction).error());
  if (Result<void> done = clear->start().bind(account).run(); !done) return done;
  std::int64_t position = 0;
  for (const sync::ServerFolder& folder : folders) {
    insert->start().bind(account).bind(position++).bind(folder.path.text()).bind(static_cast<std::int64_t>(folder.role));
    insert->bind(std::int64_t{folder.selectable ? 1 : 0}).bind_bytes(folder.wire_name);
    if (Result<void> done = insert->run(); !done) return done;
  }
  return transaction->commit();
}

}  // namespace valija::store
