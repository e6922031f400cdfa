#include "account_state.hpp"

#include "schema.hpp"
#include "valija/base/codec.hpp"

namespace valija::store {
namespace {

FolderRole to_role(std::int64_t value) {
  const bool is_known = value >= 0 && value <= static_cast<std::int64_t>(FolderRole::all);
  return is_known ? static_cast<FolderRole>(value) : FolderRole::none;
}

/// What folder.settled is the sum of.
constexpr std::int64_t settled_bit = 1, read_only_bit = 2;

constexpr std::string_view folder_columns = "SELECT id, role, uid_validity, uid_next, highest, messages, settled, cur_time, new_time, path FROM folder WHERE ";

FolderRecord read_folder(const Statement& row) {
  FolderRecord record;
  record.id = row.integer(0);
  record.role = to_role(row.integer(1));
  record.counters.uid_validity.value = static_cast<std::uint32_t>(row.integer(2));
  record.counters.uid_next.value = static_cast<std::uint32_t>(row.integer(3));
  record.counters.highest.value = static_cast<std::uint64_t>(row.integer(4));
  record.counters.messages = static_cast<std::uint64_t>(row.integer(5));
  record.is_settled = (row.integer(6) & settled_bit) != 0;
  record.is_read_only = (row.integer(6) & read_only_bit) != 0;
  record.times = {row.integer(7), row.integer(8)};
  return record;
}

Result<std::int64_t> read_number(Statement& statement) {
  const Result<bool> row = statement.step();
  if (!row) return fail(row.error());
  const std::int64_t number = *row ? statement.integer(0) : 0;
  statement.start();
  return number;
}

std::string encode(const std::vector<BatchRecord::Message>& messages) {
  Encoder encoder;
  encoder.u32(static_cast<std::uint32_t>(messages.size()));
  for (const auto& message : messages) {
    encoder.u32(message.uid.value).text(message.file).u8(message.marks.flags.bits()).texts(message.marks.keywords);
  }
  return encoder.take();
}

std::vector<BatchRecord::Message> decode(std::string_view bytes) {
  Decoder decoder(bytes);
  constexpr std::size_t smallest_message = 13;
  std::vector<BatchRecord::Message> messages(decoder.count(smallest_message));
  for (auto& message : messages) {
    message.uid.value = decoder.u32();
    message.file = decoder.text();
    message.marks.flags = Flags::from_bits(decoder.u8());
    message.marks.keywords = decoder.texts();
  }
  if (!decoder.ok()) messages.clear();
  return messages;
}

}  // namespace

Result<std::unique_ptr<AccountState>> AccountState::open(const std::string& state_dir, const std::string& account) {
  Result<Database> database = open_state(state_dir);
  if (!database) return fail(std::move(database).error());
  auto state = std::unique_ptr<AccountState>(new AccountState(std::move(*database)));
  if (Result<void> prepared = state->prepare(); !prepared) return fail(std::move(prepared).error());
  if (Result<void> loaded = state->load_account(account); !loaded) return fail(std::move(loaded).error());
  return state;
}

Result<void> AccountState::prepare() {
  const std::string columns(folder_columns);
  const std::string found = columns + "account = ? AND path = ?", listed = columns + "account = ?";
  const Result<void> prepared = database_.prepare({
      {&sql_.find_folder, found},
      {&sql_.list_folders, listed},
      {&sql_.insert_folder, "INSERT INTO folder(account, path, role, uid_validity, uid_next, highest) VALUES(?, ?, ?, 0, 0, 0)"},
      {&sql_.known_role, "SELECT role FROM known_folder WHERE account = ? AND path = ?"},
      {&sql_.set_validity, "UPDATE folder SET uid_validity = ? WHERE id = ?"},
      {&sql_.set_role, "UPDATE folder SET role = ? WHERE id = ?"},
      {&sql_.agree, "UPDATE folder SET uid_validity = ?, uid_next = ?, highest = ?, messages = ?, settled = ? WHERE id = ?"},
      {&sql_.set_times, "UPDATE folder SET cur_time = ?, new_time = ? WHERE id = ?"},
      {&sql_.rename_folder, "UPDATE folder SET path = ? WHERE id = ?"},
      {&sql_.drop_pairs, "DELETE FROM pair WHERE folder = ?"},
      {&sql_.drop_folder_batches, "DELETE FROM batch WHERE folder = ?"},
      {&sql_.drop_folder_changes, "DELETE FROM tag_change WHERE folder = ?"},
      {&sql_.drop_folder, "DELETE FROM folder WHERE id = ?"},
      {&sql_.pending_tags, "SELECT tag_change.id, folder, uid, added, dropped, learned FROM tag_change JOIN folder ON folder.id = tag_change.folder"
                           " WHERE carried = 0 AND account = ? ORDER BY tag_change.id"},
      {&sql_.changed_uids, "SELECT uid FROM tag_change WHERE folder = ? ORDER BY uid"},
      {&sql_.last_tag_change, "SELECT coalesce(max(id), 0) FROM tag_change WHERE folder = ?"},
      {&sql_.newest_tag_change, "SELECT coalesce(max(id), 0) FROM tag_change"},
      {&sql_.carried, "UPDATE tag_change SET carried = 1, added = '', dropped = '', learned = 0 WHERE id = ?"},
      {&sql_.follow_tags, "INSERT OR IGNORE INTO tag_change(folder, uid, added, dropped, learned, carried) VALUES(?, ?, '', '', 0, 0)"},
      {&sql_.look_again, "INSERT OR IGNORE INTO tag_change(folder, uid, added, dropped, learned, carried) VALUES(?, ?, '', '', 0, 1)"},
      {&sql_.drop_tag_changes, "DELETE FROM tag_change WHERE folder = ? AND id <= ? AND carried = 1"},
      {&sql_.add_task, "INSERT INTO index_task(action, path, old_path, tags, dropped, all_tags, message) VALUES(?, ?, ?, ?, ?, ?, ?)"},
      {&sql_.move_unindexed, "UPDATE OR REPLACE unindexed SET path = ? WHERE path = ?"},
      {&sql_.drop_unindexed, "DELETE FROM unindexed WHERE path = ?"},
      {&sql_.ask_for_tags, "INSERT OR REPLACE INTO delayed_path(path, idle) VALUES(?, 0)"},
      {&sql_.log, "INSERT INTO operation(time, account, folder, base, what, why) VALUES(?, ?, ?, ?, ?, ?)"},
      // Up to the first row that is young enough: rows come in the order of their times, and not all of them need be read.
      {&sql_.prune_old, "DELETE FROM operation WHERE id < coalesce((SELECT id FROM operation WHERE time >= ? ORDER BY id LIMIT 1),"
                        " (SELECT max(id) + 1 FROM operation))"},
      {&sql_.prune_many, "DELETE FROM operation WHERE id <= (SELECT max(id) FROM operation) - ?"},
      {&sql_.add_batch, "INSERT INTO batch(folder, uid_validity, messages) VALUES(?, ?, ?)"},
      {&sql_.drop_batch, "DELETE FROM batch WHERE id = ?"},
      {&sql_.batches,
       "SELECT batch.id, batch.folder, batch.uid_validity, batch.messages FROM batch JOIN folder ON folder.id = batch.folder"
       " WHERE folder.account = ? ORDER BY batch.id"},
  });
  return prepared ? pairs_.prepare(database_) : prepared;
}

Result<void> AccountState::load_account(const std::string& account) {
  name_ = account;
  Result<Statement> find = database_.prepare("SELECT id, marker FROM account WHERE name = ?");
  if (!find) return fail(std::move(find).error());
  Result<bool> row = find->start().bind(account).step();
  if (!row) return fail(std::move(row).error());
  if (*row) {
    account_ = find->integer(0);
    marker_ = find->text(1);
    return {};
  }
  Result<Statement> insert = database_.prepare("INSERT INTO account(name, marker) VALUES(?, '')");
  if (!insert) return fail(std::move(insert).error());
  if (Result<void> inserted = insert->start().bind(account).run(); !inserted) return inserted;
  account_ = database_.last_row();
  return {};
}

Result<void> AccountState::set_marker(const std::string& marker) {
  Result<Transaction> transaction = begin();
  if (!transaction) return fail(std::move(transaction).error());
  for (const char* sql : {"DELETE FROM tag_change WHERE folder IN (SELECT id FROM folder WHERE account = ?1)",
                          "DELETE FROM pair WHERE folder IN (SELECT id FROM folder WHERE account = ?1)",
                          "DELETE FROM batch WHERE folder IN (SELECT id FROM folder WHERE account = ?1)",
                          "DELETE FROM folder WHERE account = ?1", "UPDATE account SET marker = ?2 WHERE id = ?1"}) {
    Result<Statement> statement = database_.prepare(sql);
    if (!statement) return fail(std::move(statement).error());
    statement->start().bind(account_);
    if (std::string_view(sql).find("?2") != std::string_view::npos) statement->bind(marker);
    if (Result<void> done = statement->run(); !done) return done;
  }
  if (Result<void> committed = transaction->commit(); !committed) return committed;
  marker_ = marker;
  return {};
}

Result<FolderRecord> AccountState::folder(const FolderPath& folder) {
  const Result<bool> row = sql_.find_folder.start().bind(account_).bind(folder.text()).step();
  if (!row) return fail(row.error());
  const FolderRecord record = *row ? read_folder(sql_.find_folder) : FolderRecord{};
  sql_.find_folder.start();
  return record;
}

Result<std::vector<std::pair<FolderPath, FolderRecord>>> AccountState::folders() {
  std::vector<std::pair<FolderPath, FolderRecord>> result;
  Statement& rows = sql_.list_folders.start().bind(account_);
  while (true) {
    const Result<bool> row = rows.step();
    if (!row) return fail(row.error());
    if (!*row) return result;
    if (auto path = FolderPath::from_text(rows.text(9))) result.emplace_back(std::move(*path), read_folder(rows));
  }
}

Result<FolderRecord> AccountState::make_folder(const FolderPath& folder, FolderRole role) {
  if (role == FolderRole::none) {
    const Result<bool> row = sql_.known_role.start().bind(name_).bind(folder.text()).step();
    if (row && *row) role = to_role(sql_.known_role.integer(0));
    sql_.known_role.start();
  }
  const auto bits = static_cast<std::int64_t>(role);
  if (Result<void> made = sql_.insert_folder.start().bind(account_).bind(folder.text()).bind(bits).run(); !made) return fail(std::move(made).error());
  FolderRecord record;
  record.id = database_.last_row();
  record.role = role;
  return record;
}

Result<void> AccountState::set_role(std::int64_t folder, FolderRole role) {
  return sql_.set_role.start().bind(static_cast<std::int64_t>(role)).bind(folder).run();
}

Result<void> AccountState::agree(std::int64_t folder, const sync::FolderCounters& counters, bool is_settled, bool is_read_only) {
  return sql_.agree.start().bind(std::int64_t{counters.uid_validity.value}).bind(std::int64_t{counters.uid_next.value})
      .bind(static_cast<std::int64_t>(counters.highest.value)).bind(static_cast<std::int64_t>(counters.messages))
      .bind((is_settled ? settled_bit : 0) + (is_read_only ? read_only_bit : 0)).bind(folder).run();
}

Result<void> AccountState::set_times(std::int64_t folder, const FolderTimes& times) {
  return sql_.set_times.start().bind(times.cur).bind(times.fresh).bind(folder).run();
}

Result<void> AccountState::set_validity(std::int64_t folder, sync::UidValidity validity) {
  return sql_.set_validity.start().bind(std::int64_t{validity.value}).bind(folder).run();
}

Result<void> AccountState::reset_folder(std::int64_t folder, sync::UidValidity validity) {
  for (Statement* statement : {&sql_.drop_pairs, &sql_.drop_folder_batches, &sql_.drop_folder_changes}) {
    if (Result<void> dropped = statement->start().bind(folder).run(); !dropped) return dropped;
  }
  if (Result<void> set = set_times(folder, {}); !set) return set;
  return agree(folder, {validity, {}, {}, 0}, false, false);
}

Result<void> AccountState::rename_folder(std::int64_t folder, const FolderPath& path) {
  return sql_.rename_folder.start().bind(path.text()).bind(folder).run();
}

Result<void> AccountState::drop_folder(std::int64_t folder) {
  for (Statement* statement : {&sql_.drop_pairs, &sql_.drop_folder_batches, &sql_.drop_folder_changes, &sql_.drop_folder}) {
    if (Result<void> dropped = statement->start().bind(folder).run(); !dropped) return dropped;
  }
  return {};
}

Result<std::vector<PendingTags>> AccountState::pending_tags() {
  std::vector<PendingTags> result;
  Statement& rows = sql_.pending_tags.start().bind(account_);
  while (true) {
    const Result<bool> row = rows.step();
    if (!row) return fail(row.error());
    if (!*row) return result;
    result.push_back({rows.integer(0), rows.integer(1), sync::Uid{static_cast<std::uint32_t>(rows.integer(2))},
                      {from_lines(rows.text(3)), from_lines(rows.text(4))}, rows.integer(5) != 0});
  }
}

Result<std::vector<sync::Uid>> AccountState::changed_uids(std::int64_t folder) {
  std::vector<sync::Uid> result;
  Statement& rows = sql_.changed_uids.start().bind(folder);
  while (true) {
    const Result<bool> row = rows.step();
    if (!row) return fail(row.error());
    if (!*row) return result;
    result.push_back(sync::Uid{static_cast<std::uint32_t>(rows.integer(0))});
  }
}

Result<std::int64_t> AccountState::last_tag_change(std::int64_t folder) {
  sql_.last_tag_change.start().bind(folder);
  return read_number(sql_.last_tag_change);
}

Result<std::int64_t> AccountState::newest_tag_change() {
  sql_.newest_tag_change.start();
  return read_number(sql_.newest_tag_change);
}

Result<void> AccountState::carried(std::int64_t id) { return sql_.carried.start().bind(id).run(); }

Result<void> AccountState::look_again(std::int64_t folder, sync::Uid uid) {
  return sql_.look_again.start().bind(folder).bind(std::int64_t{uid.value}).run();
}

Result<void> AccountState::follow_tags(std::int64_t folder, sync::Uid uid) {
  return sql_.follow_tags.start().bind(folder).bind(std::int64_t{uid.value}).run();
}

Result<void> AccountState::drop_tag_changes(std::int64_t folder, std::int64_t last) {
  return sql_.drop_tag_changes.start().bind(folder).bind(last).run();
}

Result<void> AccountState::add_task(const NewTask& task) {
  sql_.add_task.start().bind(static_cast<std::int64_t>(task.action)).bind(task.path).bind(task.old_path);
  return sql_.add_task.bind(to_lines(task.tags)).bind(to_lines(task.dropped)).bind(to_lines(task.all)).bind(task.message).run();
}

Result<void> AccountState::ask_for_tags(const std::string& path) { return sql_.ask_for_tags.start().bind(path).run(); }

Result<void> AccountState::log(const std::vector<Note>& notes) {
  for (const auto& [time, entry] : notes) {
    sql_.log.start().bind(time).bind(name_).bind(entry.folder.text()).bind(entry.base).bind(entry.what).bind(entry.why);
    if (Result<void> logged = sql_.log.run(); !logged) return logged;
  }
  return {};
}

Result<void> AccountState::prune_log(UnixTime now) {
  constexpr std::int64_t longest_time = 90 * 86400, most_rows = 200000;
  if (Result<void> pruned = sql_.prune_old.start().bind(now - longest_time).run(); !pruned) return pruned;
  return sql_.prune_many.start().bind(most_rows).run();
}

Result<void> AccountState::move_unindexed(const std::string& from, const std::string& to) {
  if (to.empty()) return sql_.drop_unindexed.start().bind(from).run();
  return sql_.move_unindexed.start().bind(to).bind(from).run();
}

Result<std::int64_t> AccountState::add_batch(const BatchRecord& batch) {
  const Result<void> added = sql_.add_batch.start().bind(batch.folder).bind(std::int64_t{batch.uid_validity.value}).bind_bytes(encode(batch.messages)).run();
  if (!added) return fail(added.error());
  return database_.last_row();
}

Result<void> AccountState::drop_batch(std::int64_t id) { return sql_.drop_batch.start().bind(id).run(); }

Result<std::vector<BatchRecord>> AccountState::batches() {
  std::vector<BatchRecord> result;
  Statement& rows = sql_.batches.start().bind(account_);
  while (true) {
    const Result<bool> row = rows.step();
    if (!row) return fail(row.error());
    if (!*row) return result;
    result.push_back({rows.integer(0), rows.integer(1), {static_cast<std::uint32_t>(rows.integer(2))}, decode(rows.text(3))});
  }
}

}  // namespace valija::store
