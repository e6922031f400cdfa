#include <unordered_map>
#include <unordered_set>

#include "table.hpp"

namespace valija::sync {
namespace {

/// Sizes of messages of one kind; 0 is not known and may be any.
class Sizes {
 public:
  void add(std::uint64_t size) { (size == 0 ? has_unknown_ : has_known_) = true, sizes_.insert(size); }
  bool has(std::uint64_t size) const { return has_unknown_ || (size == 0 ? has_known_ : sizes_.contains(size)); }

 private:
  bool has_unknown_ = false, has_known_ = false;
  std::unordered_set<std::uint64_t> sizes_;
};

/// Who could be whose: what is new and what is lost, by size.
class Candidates {
 public:
  explicit Candidates(std::span<const FolderView> views) : messages_(views.size()), files_(views.size()) {
    for (const FolderView& view : views) tables_.push_back(tabulate({view.folder, view.server, view.local, view.synced}));
    for (const Table& table : tables_) add_lost(table);
    for (std::size_t view = 0; view < tables_.size(); ++view) add_new(view);
  }

  MoveCandidates of(std::size_t view, const SyncedState& synced) const {
    MoveCandidates result;
    const Table& table = tables_[view];
    for (const ServerMessage* message : table.new_on_server) {
      if (is_wanted(*message, view)) result.server.push_back(message->uid);
    }
    for (const LocalMessage* file : table.new_locally) {
      if (is_wanted(*file, view)) result.local.push_back(file->base);
    }
    for (const Row& row : table.rows) {
      if (is_wanted(row)) result.pairs.push_back(row.pair->uid);
    }
    if (table.unlisted.empty()) return result;
    // These files are named by void pairs only, so their prints can only come from there.
    for (const SyncedMessage& pair : synced.messages) result.pairs.push_back(pair.uid);
    return result;
  }

 private:
  void add_lost(const Table& table) {
    for (const Row& row : table.rows) {
      if (row.is_gone) gone_.add(row.pair->size);
      if (row.is_missing) missing_.emplace(row.pair->base, &row);
    }
  }
  void add_new(std::size_t view) {
    const Table& table = tables_[view];
    for (const ServerMessage* message : table.new_on_server) {
      for (Sizes* sizes : {&messages_[view], &all_messages_}) sizes->add(message->size);
      if (table.is_young) young_messages_.add(message->size);
    }
    for (const LocalMessage* file : table.new_locally) {
      files_[view].add(size_of(*file));
      all_files_.add(size_of(*file));
      if (table.is_young) young_files_.add(size_of(*file));
      if (!missing_.contains(file->base)) untraced_.add(file->size);
    }
    for (const Row& row : table.rows) {
      if (row.is_missing) lost_files_.add(row.pair->size);
    }
  }
  const Row* origin_of(const LocalMessage& file) const {
    const auto found = missing_.find(file.base);
    return found == missing_.end() ? nullptr : found->second;
  }
  std::uint64_t size_of(const LocalMessage& file) const {
    const Row* origin = origin_of(file);
    return file.size != 0 || origin == nullptr ? file.size : origin->pair->size;
  }

  bool is_wanted(const ServerMessage& message, std::size_t view) const {
    if (gone_.has(message.size) || files_[view].has(message.size)) return true;
    return tables_[view].is_young ? all_files_.has(message.size) : young_files_.has(message.size);
  }
  bool is_wanted(const LocalMessage& file, std::size_t view) const {
    const std::uint64_t size = size_of(file);
    if (messages_[view].has(size)) return true;
    if (const Row* origin = origin_of(file)) return origin->is_gone && all_messages_.has(size);
    return lost_files_.has(size) || (tables_[view].is_young ? all_messages_.has(size) : young_messages_.has(size));
  }
  bool is_wanted(const Row& row) const {
    return (row.is_gone && all_messages_.has(row.pair->size)) || (row.is_missing && (untraced_.has(row.pair->size) || all_messages_.has(row.pair->size)));
  }

  std::vector<Table> tables_;
  std::unordered_map<std::string_view, const Row*> missing_;
  Sizes gone_, lost_files_, untraced_, all_messages_, all_files_, young_messages_, young_files_;
  std::vector<Sizes> messages_, files_;
};

}  // namespace

std::vector<MoveCandidates> move_candidates(std::span<const FolderView> views) {
  const Candidates candidates(views);
  std::vector<MoveCandidates> result;
  for (std::size_t view = 0; view < views.size(); ++view) result.push_back(candidates.of(view, views[view].synced));
  return result;
}

}  // namespace valija::sync
