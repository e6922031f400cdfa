#pragma once

#include <optional>
#include <string>
#include <vector>

#include "database.hpp"
#include "message_file.hpp"
#include "tag_set.hpp"
#include "valija/sync/types.hpp"

namespace valija::store {

/// A recorded pair. `file` is below the folder's directory, as the index last heard of it ("cur/BASE:2,S"); its letters are those of the file
/// even where the file lies in another folder already.
struct Pair {
  sync::Uid uid;
  std::string file;
  Marks agreed;
  std::optional<Tags> tags{};  ///< the journal: what the index should have; nothing: not known yet
};

/// A pair and where it belongs.
struct PairRow {
  std::int64_t account = 0, folder = 0;
  Pair pair;
  FilePrint print;
};

/// The Message-ID as notmuch spells it: without brackets. Empty: it has none.
std::string message_id(const PairRow& row);

/// "BASE" of "cur/BASE:2,S".
std::string_view base_of(std::string_view file);

/// The pairs of all accounts with their journal. Everything is done within a transaction of the caller. One thread.
class PairJournal {
 public:
  Result<void> prepare(Database& database);

  /// By uid, ascending; without prints.
  Result<std::vector<Pair>> all(std::int64_t folder);
  Result<std::optional<PairRow>> find(std::int64_t folder, sync::Uid uid);
  /// In any folder of any account.
  Result<std::vector<PairRow>> with_base(std::string_view base);
  /// The other pairs with the same Message-ID, of any account.
  Result<std::vector<PairRow>> copies(const PairRow& row);

  /// Replaces a pair of the same uid.
  Result<void> put(std::int64_t folder, const Pair& pair, const FilePrint& print);
  Result<void> set_agreed(std::int64_t folder, sync::Uid uid, const Marks& agreed);
  Result<void> set_file(std::int64_t folder, sync::Uid uid, std::string_view file);
  Result<void> set_tags(std::int64_t folder, sync::Uid uid, const Tags& tags);
  /// Changes the journal; returns what changes for the message in the index, all its copies taken together.
  Result<TagChange> edit(std::int64_t folder, sync::Uid uid, const TagChange& change);
  /// The pair becomes one of another folder, with its journal.
  Result<void> move(std::int64_t folder, sync::Uid uid, std::int64_t to, sync::Uid new_uid, std::string_view file);
  /// Returns what changes in the index for the copies that stay.
  Result<TagChange> drop(std::int64_t folder, sync::Uid uid);

 private:
  static PairRow read(const Statement& rows);
  static Result<std::vector<PairRow>> read_all(Statement& rows);
  Result<TagChange> index_change(const PairRow& row, const std::optional<Tags>& tags);

  Statement all_, find_, with_base_, copies_, put_, set_agreed_, set_file_, set_tags_, move_, move_change_, drop_, drop_change_;
};

}  // namespace valija::store
