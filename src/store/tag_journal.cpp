#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "folder_name.hpp"
#include "pair_journal.hpp"
#include "schema.hpp"
#include "valija/base/text.hpp"
#include "valija/store/account_store.hpp"

namespace valija::store {
namespace {

/// A folder of any account.
struct Folder {
  std::string account;  ///< "/DIRECTORY/" of the account
  std::string below;    ///< "/DIRECTORY/FOLDER/"
  FolderRole role = FolderRole::none;
};

/// "cur/NAME" of a path.
std::string_view file_of(std::string_view path) {
  const std::size_t name = path.rfind('/');
  if (name == std::string_view::npos || name == 0) return {};
  const std::size_t part = path.rfind('/', name - 1);
  return part == std::string_view::npos ? std::string_view() : path.substr(part + 1);
}

/// What waits in the index queue: each name that a task speaks of, with the one that it gives to the file. A file that another program told the index
/// of by a newer name is known by its base name, which is given once.
class Waiting {
 public:
  void add(std::string_view path, std::string_view old_path) {
    if (!old_path.empty()) next_[std::string(old_path)] = path;
    next_.emplace(path, "");
    bases_.emplace(base_of(file_of(path)));
  }
  bool has(const std::string& path) const { return next_.contains(path) || bases_.contains(base_of(file_of(path))); }
  /// The name that the file will have when all is done.
  std::string last(std::string path) const {
    for (std::size_t steps = 0; steps < next_.size(); ++steps) {
      const auto found = next_.find(path);
      if (found == next_.end() || found->second.empty()) break;
      path = found->second;
    }
    return path;
  }

 private:
  std::map<std::string, std::string> next_;
  std::set<std::string, std::less<>> bases_;
};

class StateTagJournal final : public TagJournal {
 public:
  explicit StateTagJournal(Database database) : database_(std::move(database)) {}

  Result<void> prepare() {
    const Result<void> prepared = database_.prepare({
        {&mark_, "SELECT done, index_id, revision FROM queue_count LEFT JOIN tag_mark"},
        {&set_mark_, "INSERT OR REPLACE INTO tag_mark(id, index_id, revision) VALUES(1, ?, ?)"},
        {&waiting_, "SELECT path, old_path FROM index_task"},
        {&folders_, "SELECT folder.id, name, path, role FROM folder JOIN account ON account.id = folder.account"},
        {&delayed_, "SELECT path, idle FROM delayed_path ORDER BY path"},
        {&delay_, "INSERT OR REPLACE INTO delayed_path(path, idle) VALUES(?, ?)"},
        {&drop_delayed_, "DELETE FROM delayed_path WHERE path = ?"},
        {&change_, "SELECT added, dropped FROM tag_change WHERE folder = ? AND uid = ?"},
        {&put_change_, "INSERT OR REPLACE INTO tag_change(folder, uid, added, dropped, learned, carried) VALUES(?, ?, ?, ?, ?, 0)"},
    });
    return prepared ? pairs_.prepare(database_) : prepared;
  }

  Result<Mark> mark() override { return read_mark(); }

  Result<bool> take(const Mark& from, const Mark& to, const std::vector<MessageTags>& messages) override {
    Result<Transaction> transaction = Transaction::begin(database_);
    if (!transaction) return fail(std::move(transaction).error());
    const Result<Mark> now = read_mark();
    if (!now) return fail(now.error());
    if (*now != from) return false;
    // Another index than the one that was read last: it was lost, and what it has or lacks is no wish of anybody.
    const bool is_lost = !from.index.empty() && from.index != to.index;
    const Result<void> taken = is_lost ? forget_delayed() : take_all(messages);
    if (!taken) return fail(taken.error());
    const Result<void> marked = set_mark_.start().bind(to.index).bind(static_cast<std::int64_t>(to.revision)).run();
    if (!marked) return fail(marked.error());
    if (Result<void> committed = transaction->commit(); !committed) return fail(std::move(committed).error());
    return true;
  }

  Result<std::vector<std::string>> delayed() override {
    const auto rows = read_delayed();
    if (!rows) return fail(rows.error());
    std::vector<std::string> paths;
    for (const auto& row : *rows) paths.push_back(row.first);
    return paths;
  }

 private:
  Result<Mark> read_mark() {
    const Result<bool> row = mark_.start().step();
    if (!row) return fail(row.error());
    Mark mark;
    if (*row) mark = {std::string(mark_.text(1)), static_cast<std::uint64_t>(mark_.integer(2)), static_cast<std::uint64_t>(mark_.integer(0))};
    mark_.start();
    return mark;
  }

  Result<std::map<std::string, bool>> read_delayed() {
    std::map<std::string, bool> paths;
    delayed_.start();
    while (true) {
      const Result<bool> row = delayed_.step();
      if (!row) return fail(row.error());
      if (!*row) return paths;
      paths.emplace(delayed_.text(0), delayed_.integer(1) != 0);
    }
  }

  Result<void> forget_delayed() { return database_.run("DELETE FROM delayed_path"); }

  Result<Waiting> read_waiting() {
    Waiting waiting;
    waiting_.start();
    while (true) {
      const Result<bool> row = waiting_.step();
      if (!row) return fail(row.error());
      if (!*row) return waiting;
      const std::string path(waiting_.text(0));
      waiting.add(path, waiting_.text(1));
    }
  }

  Result<std::map<std::int64_t, Folder>> read_folders() {
    std::map<std::int64_t, Folder> folders;
    folders_.start();
    while (true) {
      const Result<bool> row = folders_.step();
      if (!row) return fail(row.error());
      if (!*row) return folders;
      Folder folder{"/" + directory_name(folders_.text(1)) + "/", {}, static_cast<FolderRole>(folders_.integer(3))};
      folder.below = folder.account;
      const auto path = FolderPath::from_text(folders_.text(2));
      for (const std::string& component : path ? path->components() : std::vector<std::string>()) folder.below += directory_name(component) + "/";
      folders.emplace(folders_.integer(0), std::move(folder));
    }
  }

  Result<void> take_all(const std::vector<MessageTags>& messages) {
    const Result<Waiting> waiting = read_waiting();
    if (!waiting) return fail(waiting.error());
    Result<std::map<std::int64_t, Folder>> folders = read_folders();
    if (!folders) return fail(std::move(folders).error());
    known_folders_ = std::move(*folders);
    const Result<std::map<std::string, bool>> before = read_delayed();
    if (!before) return fail(before.error());
    std::set<std::string> delayed, answered;
    for (const MessageTags& message : messages) {
      const auto busy = std::find_if(message.paths.begin(), message.paths.end(), [&](const std::string& path) { return waiting->has(path); });
      if (busy != message.paths.end()) delayed.insert(waiting->last(*busy));
      for (const std::string& path : message.paths) answered.insert(path);
      if (busy != message.paths.end()) continue;
      if (Result<void> taken = take_message(message); !taken) return taken;
    }
    for (const auto& [path, was_idle] : *before) {
      if (delayed.contains(path)) continue;
      const Result<std::optional<PairRow>> pair = pair_of(path);
      if (!pair) return fail(pair.error());
      // What the index does not have yet is asked for once more when nothing waits for it any longer; not where the message is gone.
      const bool is_over = answered.contains(path) || ((was_idle || !*pair) && !waiting->has(path));
      const Result<void> kept = is_over ? drop_delayed_.start().bind(path).run() : delay_.start().bind(path).bind(std::int64_t{waiting->has(path) ? 0 : 1}).run();
      if (!kept) return kept;
    }
    for (const std::string& path : delayed) {
      if (Result<void> kept = delay_.start().bind(path).bind(std::int64_t{0}).run(); !kept) return kept;
    }
    return {};
  }

  /// The pair that this file belongs to, wherever in its account the file lies now.
  Result<std::optional<PairRow>> pair_of(const std::string& path) {
    const std::string_view file = file_of(path);
    Result<std::vector<PairRow>> rows = pairs_.with_base(base_of(file));
    if (!rows) return fail(std::move(rows).error());
    std::optional<PairRow> found;
    for (PairRow& row : *rows) {
      const Folder& folder = known_folders_[row.folder];
      const bool is_there = std::string_view(path).substr(0, path.size() - file.size()).ends_with(folder.below);
      if (is_there || (!found && path.find(folder.account) != std::string::npos)) found = std::move(row);
      if (is_there) break;
    }
    return found;
  }

  Result<void> take_message(const MessageTags& message) {
    std::map<std::pair<std::int64_t, sync::Uid>, PairRow> copies;
    bool has_strangers = false;
    for (const std::string& path : message.paths) {
      Result<std::optional<PairRow>> row = pair_of(path);
      if (!row) return fail(std::move(row).error());
      has_strangers = has_strangers || !*row;
      if (*row) copies.emplace(std::pair((*row)->folder, (*row)->pair.uid), std::move(**row));
    }
    const Tags index = wanted_tags(message.tags);
    std::vector<Tags> known;
    Tags of_unknown;  // places that tell of copies whose journal is not known yet
    for (const auto& [key, row] : copies) {
      if (row.pair.tags) known.push_back(*row.pair.tags);
      if (!row.pair.tags) of_unknown.push_back(place_tag(known_folders_[row.folder].role));
    }
    const TagChange change = difference(combine(known), index);
    TagChange wish = change;
    const bool leaves_place = std::any_of(change.dropped.begin(), change.dropped.end(), [&](const std::string& tag) { return names_.place_of(tag).has_value(); });
    std::erase_if(wish.added, [&](const std::string& tag) {
      const auto place = names_.place_of(tag);
      const bool is_for_good = place && (place->role == FolderRole::trash || place->role == FolderRole::junk);
      // Not a move: another program's file brought the tag along.
      const bool is_strange = has_strangers && !leaves_place && place && !is_for_good;
      return is_strange || std::find(of_unknown.begin(), of_unknown.end(), tag) != of_unknown.end();
    });
    for (const auto& [key, row] : copies) {
      const Result<void> taken = row.pair.tags ? change_copy(row, change, wish) : put_change(row, {index, {}}, true);
      if (!taken) return taken;
    }
    return {};
  }

  Result<void> change_copy(const PairRow& row, const TagChange& change, const TagChange& wish) {
    if (change.is_empty()) return {};
    if (Result<void> set = pairs_.set_tags(row.folder, row.pair.uid, changed(*row.pair.tags, change)); !set) return set;
    if (wish.is_empty()) return {};
    const Result<bool> waits = change_.start().bind(row.folder).bind(std::int64_t{row.pair.uid.value}).step();
    if (!waits) return fail(waits.error());
    const TagChange before = *waits ? TagChange{from_lines(change_.text(0)), from_lines(change_.text(1))} : TagChange();
    change_.start();
    return put_change(row, joined(before, wish), false);
  }

  Result<void> put_change(const PairRow& row, const TagChange& change, bool is_learned) {
    put_change_.start().bind(row.folder).bind(std::int64_t{row.pair.uid.value}).bind(to_lines(change.added)).bind(to_lines(change.dropped));
    return put_change_.bind(std::int64_t{is_learned ? 1 : 0}).run();
  }

  /// Those that mean something to a server. notmuch's own say what is in the message.
  Tags wanted_tags(Tags tags) const {
    std::erase_if(tags, [&](const std::string& tag) {
      return tag.find('\n') != std::string::npos || (!names_.is_mark(tag) && !names_.place_of(tag));
    });
    return tidy(std::move(tags));
  }

  Database database_;
  PairJournal pairs_;
  TagMap names_;
  std::map<std::int64_t, Folder> known_folders_;
  Statement mark_, set_mark_, waiting_, folders_, delayed_, delay_, drop_delayed_, change_, put_change_;
};

}  // namespace

Result<std::unique_ptr<TagJournal>> TagJournal::open(const std::string& state_dir) {
  Result<Database> database = open_state(state_dir);
  if (!database) return fail(std::move(database).error());
  auto journal = std::make_unique<StateTagJournal>(std::move(*database));
  if (Result<void> prepared = journal->prepare(); !prepared) return fail(std::move(prepared).error());
  return std::unique_ptr<TagJournal>(std::move(journal));
}

}  // namespace valija::store
