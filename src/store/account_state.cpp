#include "account_state.hpp"

#include "schema.hpp"
#include "valija/base/codec.hpp"
#include "valija/base/text.hpp"

namespace valija::store {
namespace {

FolderRole to_role(std::int64_t value) {
  const bool is_known = value >= 0 && value <= static_cast<std::int64_t>(FolderRole::all);
  return is_known ? static_cast<FolderRole>(value) : FolderRole::none;
}

std::vector<std::string> lines(std::string_view text) { return text.empty() ? std::vector<std::string>() : split(text, '\n'); }

FolderRecord read_folder(const Statement& row) {
  FolderRecord record;
  record.id = row.integer(0);
  record.role = to_role(row.integer(1));
  record.uid_validity.value = static_cast<std::uint32_t>(row.integer(2));
  record.uid_next.value = static_cast<std::uint32_t>(row.integer(3));
  record.highest.value = static_cast<std::uint64_t>(row.integer(4));
  return record;
}

Marks read_marks(std::int64_t bits, std::string_view keywords) {
  return {Flags::from_bits(static_cast<std::uint8_t>(bits)), lines(keywords)};
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
  struct Source {
    Statement* statement;
    const char* sql;
  };
  const Source sources[] = {
      {&sql_.find_folder, "SELECT id, role, uid_validity, uid_next, highest FROM folder WHERE account = ? AND path = ?"},
      {&sql_.list_folders, "SELECT id, role, uid_validity, uid_next, highest, path FROM folder WHERE account = ?"},
      {&sql_.insert_folder, "INSERT INTO folder(account, path, role, uid_validity, uid_next, highest) VALUES(?, ?, ?, 0, 0, 0)"},
      {&sql_.known_role, "SELECT role FROM known_folder WHERE account = ? AND path = ?"},
      {&sql_.set_validity, "UPDATE folder SET uid_validity = ? WHERE id = ?"},
      {&sql_.set_role, "UPDATE folder SET role = ? WHERE id = ?"},
      {&sql_.set_counters, "UPDATE folder SET uid_validity = ?, uid_next = ?, highest = ? WHERE id = ?"},
      {&sql_.drop_pairs, "DELETE FROM pair WHERE folder = ?"},
      {&sql_.drop_folder_batches, "DELETE FROM batch WHERE folder = ?"},
      {&sql_.pairs, "SELECT uid, file, flags, keywords FROM pair WHERE folder = ? ORDER BY uid"},
      {&sql_.put_pair, "INSERT OR REPLACE INTO pair(folder, uid, file, flags, keywords) VALUES(?, ?, ?, ?, ?)"},
      {&sql_.drop_pair, "DELETE FROM pair WHERE folder = ? AND uid = ?"},
      {&sql_.add_task, "INSERT INTO index_task(action, path, old_path, tags) VALUES(?, ?, ?, ?)"},
      {&sql_.move_unindexed, "UPDATE OR REPLACE unindexed SET path = ? WHERE path = ?"},
      {&sql_.drop_unindexed, "DELETE FROM unindexed WHERE path = ?"},
      {&sql_.add_batch, "INSERT INTO batch(folder, uid_validity, messages) VALUES(?, ?, ?)"},
      {&sql_.drop_batch, "DELETE FROM batch WHERE id = ?"},
      {&sql_.batches,
       "SELECT batch.id, batch.folder, batch.uid_validity, batch.messages FROM batch JOIN folder ON folder.id = batch.folder"
       " WHERE folder.account = ? ORDER BY batch.id"},
  };
  for (const Source& source : sources) {
    Result<Statement> statement = database_.prepare(source.sql);
    if (!statement) return fail(std::move(statement).error());
    *source.statement = std::move(*statement);
  }
  return {};
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
  for (const char* sql : {"DELETE FROM pair WHERE folder IN (SELECT id FROM folder WHERE account = ?1)",
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
    if (auto path = FolderPath::from_text(rows.text(5))) result.emplace_back(std::move(*path), read_folder(rows));
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

Result<void> AccountState::set_counters(std::int64_t folder, sync::UidValidity validity, sync::Uid next, sync::ModSeq highest) {
  return sql_.set_counters.start().bind(std::int64_t{validity.value}).bind(std::int64_t{next.value})
      .bind(static_cast<std::int64_t>(highest.value)).bind(folder).run();
}

Result<void> AccountState::set_validity(std::int64_t folder, sync::UidValidity validity) {
  return sql_.set_validity.start().bind(std::int64_t{validity.value}).bind(folder).run();
}

Result<void> AccountState::reset_folder(std::int64_t folder, sync::UidValidity validity) {
  if (Result<void> dropped = sql_.drop_pairs.start().bind(folder).run(); !dropped) return dropped;
  if (Result<void> dropped = sql_.drop_folder_batches.start().bind(folder).run(); !dropped) return dropped;
  return set_counters(folder, validity, {}, {});
}

Result<std::vector<Pair>> AccountState::pairs(std::int64_t folder) {
  std::vector<Pair> result;
  Statement& rows = sql_.pairs.start().bind(folder);
  while (true) {
    const Result<bool> row = rows.step();
    if (!row) return fail(row.error());
    if (!*row) return result;
    result.push_back({sync::Uid{static_cast<std::uint32_t>(rows.integer(0))}, std::string(rows.text(1)), read_marks(rows.integer(2), rows.text(3))});
  }
}

Result<void> AccountState::put_pair(std::int64_t folder, const Pair& pair) {
  return sql_.put_pair.start().bind(folder).bind(std::int64_t{pair.uid.value}).bind(pair.file)
      .bind(std::int64_t{pair.agreed.flags.bits()}).bind(join(pair.agreed.keywords, "\n")).run();
}

Result<void> AccountState::drop_pair(std::int64_t folder, sync::Uid uid) {
  return sql_.drop_pair.start().bind(folder).bind(std::int64_t{uid.value}).run();
}

Result<void> AccountState::add_task(const NewTask& task) {
  return sql_.add_task.start().bind(static_cast<std::int64_t>(task.action)).bind(task.path).bind(task.old_path).bind(join(task.tags, "\n")).run();
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
