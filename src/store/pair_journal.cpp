#include "pair_journal.hpp"

#include <algorithm>

#include "file_name.hpp"
#include "valija/base/text.hpp"

namespace valija::store {
namespace {

constexpr std::string_view columns =
    "folder.account, pair.folder, pair.uid, pair.file, pair.flags, pair.keywords, pair.tags, pair.size, pair.print"
    " FROM pair JOIN folder ON folder.id = pair.folder WHERE ";

std::string select(std::string_view where) { return std::string("SELECT ").append(columns).append(where); }

/// The second line of a fingerprint.
std::string_view id_line(std::string_view print) {
  const std::size_t start = print.find('\n');
  if (start == std::string_view::npos) return {};
  return print.substr(start + 1, print.find('\n', start + 1) - start - 1);
}

/// FNV-1a; only finds what is compared then.
std::int64_t hash(std::string_view text) {
  if (text.empty()) return 0;
  std::uint64_t value = 14695981039346656037U;
  for (const char byte : text) value = (value ^ static_cast<unsigned char>(byte)) * 1099511628211U;
  return static_cast<std::int64_t>(value);
}

Marks read_marks(std::int64_t bits, std::string_view keywords) { return {Flags::from_bits(static_cast<std::uint8_t>(bits)), from_lines(keywords)}; }

std::optional<Tags> read_tags(const Statement& rows, int column) {
  if (rows.is_null(column)) return std::nullopt;
  return from_lines(rows.text(column));
}

Statement& bind_marks(Statement& statement, const Marks& marks) {
  return statement.bind(std::int64_t{marks.flags.bits()}).bind(to_lines(marks.keywords));
}

}  // namespace

std::string message_id(const PairRow& row) {
  std::string_view id = id_line(row.print.fingerprint);
  const std::size_t start = id.find('<');
  if (start != std::string_view::npos) id = id.substr(start + 1);
  return std::string(id.substr(0, id.find('>')));
}

std::string_view base_of(std::string_view file) { return split_file_name(file.substr(std::min<std::size_t>(4, file.size()))).base; }

Result<void> PairJournal::prepare(Database& database) {
  const std::string named = select("pair.file IN ('cur/' || ?1, 'new/' || ?1) OR (pair.file >= 'cur/' || ?1 || ':2,' AND pair.file < 'cur/' || ?1 || ':2-')"
                                   " OR (pair.file >= 'new/' || ?1 || ':2,' AND pair.file < 'new/' || ?1 || ':2-')");
  const std::string found = select("pair.folder = ? AND pair.uid = ?"), copied = select("pair.message = ? AND pair.message <> 0");
  return database.prepare({
      {&all_, "SELECT uid, file, flags, keywords, tags FROM pair WHERE folder = ? ORDER BY uid"},
      {&find_, found},
      {&with_base_, named},
      {&copies_, copied},
      {&put_, "INSERT OR REPLACE INTO pair(folder, uid, file, flags, keywords, tags, size, message, print) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)"},
      {&set_agreed_, "UPDATE pair SET flags = ?, keywords = ? WHERE folder = ? AND uid = ?"},
      {&set_file_, "UPDATE pair SET file = ? WHERE folder = ? AND uid = ?"},
      {&set_tags_, "UPDATE pair SET tags = ? WHERE folder = ? AND uid = ?"},
      {&move_, "UPDATE OR REPLACE pair SET folder = ?, uid = ?, file = ? WHERE folder = ? AND uid = ?"},
      {&move_change_, "UPDATE OR REPLACE tag_change SET folder = ?, uid = ? WHERE folder = ? AND uid = ?"},
      {&drop_, "DELETE FROM pair WHERE folder = ? AND uid = ?"},
      {&drop_change_, "DELETE FROM tag_change WHERE folder = ? AND uid = ?"},
  });
}

PairRow PairJournal::read(const Statement& rows) {
  PairRow row;
  row.account = rows.integer(0);
  row.folder = rows.integer(1);
  row.pair = {sync::Uid{static_cast<std::uint32_t>(rows.integer(2))}, std::string(rows.text(3)), read_marks(rows.integer(4), rows.text(5)), read_tags(rows, 6)};
  row.print = {static_cast<std::uint64_t>(rows.integer(7)), std::string(rows.text(8))};
  return row;
}

Result<std::vector<PairRow>> PairJournal::read_all(Statement& rows) {
  std::vector<PairRow> result;
  while (true) {
    const Result<bool> row = rows.step();
    if (!row) return fail(row.error());
    if (!*row) return result;
    result.push_back(read(rows));
  }
}

Result<std::vector<Pair>> PairJournal::all(std::int64_t folder) {
  std::vector<Pair> result;
  Statement& rows = all_.start().bind(folder);
  while (true) {
    const Result<bool> row = rows.step();
    if (!row) return fail(row.error());
    if (!*row) return result;
    result.push_back({sync::Uid{static_cast<std::uint32_t>(rows.integer(0))}, std::string(rows.text(1)), read_marks(rows.integer(2), rows.text(3)),
                      read_tags(rows, 4)});
  }
}

Result<std::optional<PairRow>> PairJournal::find(std::int64_t folder, sync::Uid uid) {
  Result<std::vector<PairRow>> rows = read_all(find_.start().bind(folder).bind(std::int64_t{uid.value}));
  if (!rows) return fail(std::move(rows).error());
  if (rows->empty()) return std::optional<PairRow>();
  return std::optional<PairRow>(std::move(rows->front()));
}

Result<std::vector<PairRow>> PairJournal::with_base(std::string_view base) {
  Result<std::vector<PairRow>> rows = read_all(with_base_.start().bind(base));
  if (rows) std::erase_if(*rows, [&](const PairRow& row) { return base_of(row.pair.file) != base; });
  return rows;
}

Result<std::vector<PairRow>> PairJournal::copies(const PairRow& row) {
  const std::string_view id = id_line(row.print.fingerprint);
  if (id.empty()) return std::vector<PairRow>{};
  Result<std::vector<PairRow>> rows = read_all(copies_.start().bind(hash(id)));
  if (rows) {
    std::erase_if(*rows, [&](const PairRow& other) {
      return (other.folder == row.folder && other.pair.uid == row.pair.uid) || id_line(other.print.fingerprint) != id;
    });
  }
  return rows;
}

Result<void> PairJournal::put(std::int64_t folder, const Pair& pair, const FilePrint& print) {
  bind_marks(put_.start().bind(folder).bind(std::int64_t{pair.uid.value}).bind(pair.file), pair.agreed);
  if (pair.tags) put_.bind(to_lines(*pair.tags));
  if (!pair.tags) put_.bind_null();
  return put_.bind(static_cast<std::int64_t>(print.size)).bind(hash(id_line(print.fingerprint))).bind(print.fingerprint).run();
}

Result<void> PairJournal::set_agreed(std::int64_t folder, sync::Uid uid, const Marks& agreed) {
  return bind_marks(set_agreed_.start(), agreed).bind(folder).bind(std::int64_t{uid.value}).run();
}

Result<void> PairJournal::set_file(std::int64_t folder, sync::Uid uid, std::string_view file) {
  return set_file_.start().bind(file).bind(folder).bind(std::int64_t{uid.value}).run();
}

Result<void> PairJournal::set_tags(std::int64_t folder, sync::Uid uid, const Tags& tags) {
  return set_tags_.start().bind(to_lines(tags)).bind(folder).bind(std::int64_t{uid.value}).run();
}

/// `tags` nothing: the copy goes.
Result<TagChange> PairJournal::index_change(const PairRow& row, const std::optional<Tags>& tags) {
  const Result<std::vector<PairRow>> others = copies(row);
  if (!others) return fail(others.error());
  std::vector<Tags> before, after;
  for (const PairRow& other : *others) {
    if (other.pair.tags) before.push_back(*other.pair.tags);
  }
  after = before;
  before.push_back(row.pair.tags.value_or(Tags()));
  if (tags) after.push_back(*tags);
  return after.empty() ? TagChange() : difference(combine(before), combine(after));
}

Result<TagChange> PairJournal::edit(std::int64_t folder, sync::Uid uid, const TagChange& change) {
  const Result<std::optional<PairRow>> row = find(folder, uid);
  if (!row) return fail(row.error());
  // Gone meanwhile, or nothing is known to tell the difference from: what is to be learned from the index has this change in it.
  if (!*row || !(*row)->pair.tags) return change;
  const Tags tags = changed(*(*row)->pair.tags, change);
  if (tags == *(*row)->pair.tags) return TagChange();
  Result<TagChange> index = index_change(**row, tags);
  if (!index) return index;
  if (Result<void> set = set_tags(folder, uid, tags); !set) return fail(std::move(set).error());
  return index;
}

Result<void> PairJournal::move(std::int64_t folder, sync::Uid uid, std::int64_t to, sync::Uid new_uid, std::string_view file) {
  const std::int64_t from_uid = uid.value, to_uid = new_uid.value;
  if (Result<void> moved = move_.start().bind(to).bind(to_uid).bind(file).bind(folder).bind(from_uid).run(); !moved) return moved;
  return move_change_.start().bind(to).bind(to_uid).bind(folder).bind(from_uid).run();
}

Result<TagChange> PairJournal::drop(std::int64_t folder, sync::Uid uid) {
  const Result<std::optional<PairRow>> row = find(folder, uid);
  if (!row) return fail(row.error());
  if (!*row) return TagChange();
  Result<TagChange> index = (*row)->pair.tags ? index_change(**row, std::nullopt) : Result<TagChange>(TagChange());
  if (!index) return index;
  if (Result<void> dropped = drop_.start().bind(folder).bind(std::int64_t{uid.value}).run(); !dropped) return fail(std::move(dropped).error());
  if (Result<void> dropped = drop_change_.start().bind(folder).bind(std::int64_t{uid.value}).run(); !dropped) return fail(std::move(dropped).error());
  return index;
}

}  // namespace valija::store
