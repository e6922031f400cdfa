#pragma once

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "sync/content.hpp"
#include "valija/sync/fingerprint.hpp"
#include "valija/sync/local.hpp"

namespace valija::sync::test {

/// A Maildir and its state in memory. Files change at once; records that are not committed or flushed die with `crash`.
class MemoryLocal final : public Local {
 public:
  /// What the state knows of a folder. Sizes and fingerprints are recorded with the pairs.
  struct Record {
    SyncedState synced;
    FolderCounters counters;
    bool is_settled = false;
    bool is_read_only = false;
    std::map<BaseName, Marks> agreed_files;
  };
  struct Folder : Record {
    std::map<BaseName, Content> files;
    FolderRole role = FolderRole::none;
    bool on_disk = false;  ///< also where it holds nothing
    bool is_there() const { return on_disk || !files.empty(); }
  };

  explicit MemoryLocal(Stopper& stopper) : stopper_(stopper) {}

  std::map<FolderPath, Folder> tree;
  std::vector<std::string> trashed;
  std::set<std::string> refused;               ///< bodies that fail to be written, alone
  std::vector<Error> late_failures;            ///< told by the next checkpoint or commit, whose messages are told by a later one
  std::map<BaseName, FolderPath> place_tags;   ///< what persons want through tags, until it is carried out
  int names = 0;                               ///< given to files so far
  std::vector<LogEntry> notes;
  std::map<FolderPath, Error> broken;          ///< folders that cannot be listed
  std::set<BaseName> unreadable;               ///< files that cannot be opened
  std::set<BaseName> lost;                     ///< files of which the index was told that they are gone

  /// What is recorded now survives a crash.
  void save() {
    durable_.clear();
    for (const auto& [path, in] : tree) durable_[path] = in;
  }
  void crash() {
    kept_.clear();
    untold_.clear();
    open_ = false;
    for (auto& entry : tree) static_cast<Record&>(entry.second) = Record{};
    for (const auto& [path, record] : durable_) static_cast<Record&>(tree[path]) = record;
  }
  bool is_open() const { return open_; }

  Result<std::vector<FolderRecordView>> folders() override {
    if (auto alive = stopper_.look(); !alive) return fail(alive.error());
    std::vector<FolderRecordView> views;
    for (const auto& [path, in] : tree) {
      FolderCounters counters = in.counters;
      counters.uid_validity = in.synced.uid_validity;
      if (in.is_there() || counters.uid_validity.value != 0) views.push_back({path, in.role, counters, in.is_settled, in.is_there(), in.is_read_only});
    }
    return views;
  }
  Result<bool> has_changes(const FolderPath& path) override {
    if (auto alive = stopper_.look(); !alive) return fail(alive.error());
    return marks_of(tree[path]) != tree[path].agreed_files;
  }
  Result<void> carry_out_tags(std::span<const ServerFolder> targets, bool) override {
    if (auto alive = stopper_.step(); !alive) return alive;
    for (auto wish = place_tags.begin(); wish != place_tags.end();) {
      const bool known = std::any_of(targets.begin(), targets.end(), [&](const ServerFolder& target) { return target.path == wish->second; });
      if (known) move_file(wish->first, wish->second);
      wish = known ? place_tags.erase(wish) : std::next(wish);
    }
    return {};
  }

  Result<SyncedState> synced(const FolderPath& path) override {
    if (auto alive = stopper_.look(); !alive) return fail(alive.error());
    SyncedState state = tree[path].synced;
    for (SyncedMessage& pair : state.messages) pair.fingerprint.clear();
    return state;
  }
  Result<std::vector<SyncedMessage>> prints(const FolderPath& path, std::span<const Uid> uids) override {
    if (auto alive = stopper_.look(); !alive) return fail(alive.error());
    std::vector<SyncedMessage> result;
    for (const Uid uid : uids) {
      const SyncedMessage* pair = find(tree[path], uid);
      if (pair != nullptr && pair->size > 0) result.push_back(*pair);
    }
    return result;
  }
  Result<LocalSnapshot> list(const FolderPath& path) override {
    if (auto alive = stopper_.look(); !alive) return fail(alive.error());
    if (const auto fault = broken.find(path); fault != broken.end()) return fail(fault->second);
    LocalSnapshot snapshot;
    for (const auto& [base, content] : tree[path].files) snapshot.messages.push_back({base, content.marks, 0});
    return snapshot;
  }

  Result<void> begin(const FolderPath&, FolderRole, const ServerMessage& message) override {
    if (auto alive = stopper_.step(); !alive) return alive;
    open_ = true;
    current_ = Kept{message.uid, Content{"", message.marks}};
    return {};
  }
  Result<void> write(std::string_view octets) override {
    if (auto alive = stopper_.step(); !alive) return alive;
    current_.content.body += octets;
    if (refused.contains(current_.content.body)) return fail(Kind::disk, Blast::message, "refused");
    return {};
  }
  Result<void> keep() override {
    if (auto alive = stopper_.step(); !alive) return alive;
    open_ = false;
    kept_.push_back(std::move(current_));
    return {};
  }
  void discard() override { open_ = false; }

  Result<std::vector<Stored>> commit(const FolderPath& path, UidValidity validity) override {
    if (auto alive = stopper_.step(); !alive) return fail(alive.error());
    Folder& target = tree[path];
    for (Kept& message : kept_) {
      const BaseName base = "new" + std::to_string(++names);
      untold_.push_back({path.text() + "/" + base, message.content.marks, FolderRole::none});
      target.files[base] = message.content;
      record(target, validity, message.uid, base, message.content.marks);
    }
    kept_.clear();
    save();
    if (late_failures.empty()) return std::exchange(untold_, {});
    const Error failure = late_failures.front();
    late_failures.erase(late_failures.begin());
    return fail(failure);
  }

  Result<Marked> set_marks(const FolderPath& path, Uid uid, const Marks& marks, const Marks& agreed) override {
    if (auto alive = stopper_.step(); !alive) return fail(alive.error());
    SyncedMessage* pair = find(tree[path], uid);
    if (pair == nullptr) return fail(Kind::bug, Blast::message, "no pair");
    const auto file = tree[path].files.find(pair->base);
    if (file == tree[path].files.end()) return fail(gone(pair->base));
    const std::string old_path = place(path, pair->base, file->second.marks);
    file->second.marks = marks;
    pair->marks = agreed;
    return Marked{old_path, {place(path, pair->base, marks), marks, FolderRole::none}};
  }
  Result<void> set_agreed(const FolderPath& path, Uid uid, const Marks& agreed) override {
    if (auto alive = stopper_.step(); !alive) return alive;
    SyncedMessage* pair = find(tree[path], uid);
    if (pair == nullptr) return fail(Kind::bug, Blast::message, "no pair");
    pair->marks = agreed;
    return {};
  }
  Result<Marked> move(const FolderPath& from, Uid uid, const BaseName& base, const FolderPath& to, FolderRole role, UidValidity to_validity,
                      const ServerMessage& message, const Marks& marks, const Marks& agreed) override {
    if (auto alive = stopper_.step(); !alive) return fail(alive.error());
    const auto file = tree[from].files.find(base);
    if (file == tree[from].files.end()) return fail(gone(base));
    const std::string old_path = place(from, base, file->second.marks);
    move_file(base, to);
    tree[to].files[base].marks = marks;
    if (auto answered = stopper_.step(); !answered) return fail(answered.error());
    drop(tree[from], uid);
    record(tree[to], to_validity, message.uid, base, agreed);
    return Marked{old_path, {place(to, base, marks), marks, role}};
  }
  Result<void> repair(const FolderPath& from, Uid uid, const FolderPath& to, UidValidity to_validity, Uid new_uid, const BaseName& new_base,
                      const Marks& agreed) override {
    if (auto alive = stopper_.step(); !alive) return alive;
    drop(tree[from], uid);
    if (new_uid.value != 0) record(tree[to], to_validity, new_uid, new_base, agreed);
    return {};
  }
  Result<std::unique_ptr<MessageReader>> open(const FolderPath& path, const BaseName& base) override {
    if (auto alive = stopper_.look(); !alive) return fail(alive.error());
    if (unreadable.contains(base)) return fail(Kind::disk, Blast::message, base + " cannot be read");
    const auto file = tree[path].files.find(base);
    if (file == tree[path].files.end()) return fail(gone(base));
    return std::unique_ptr<MessageReader>(std::make_unique<Reader>(file->second.body));
  }
  Result<void> pair_upload(const FolderPath& path, UidValidity validity, Uid uid, const BaseName& base, const Marks& agreed) override {
    if (auto alive = stopper_.step(); !alive) return alive;
    record(tree[path], validity, uid, base, agreed);
    return {};
  }

  Result<void> make_folder(const FolderPath& path, FolderRole role) override {
    if (auto alive = stopper_.step(); !alive) return alive;
    tree[path].on_disk = true;
    tree[path].role = role;
    return {};
  }
  Result<void> rename_folder(const FolderPath& from, const FolderPath& to) override {
    if (auto alive = stopper_.step(); !alive) return alive;
    Folder& source = tree[from];
    Folder& target = tree[to];
    target.on_disk = target.on_disk || source.is_there();
    target.files.merge(source.files);
    static_cast<Record&>(target) = source;
    tree.erase(from);
    return {};
  }
  Result<void> remove_folder(const FolderPath& path) override {
    if (auto alive = stopper_.step(); !alive) return alive;
    if (!tree[path].files.empty()) return fail(Kind::try_later, Blast::folder, "it holds files");
    tree.erase(path);
    return {};
  }
  void note(LogEntry entry) override { notes.push_back(std::move(entry)); }

  Result<std::string> trash(const FolderPath& path, Uid uid) override {
    if (auto alive = stopper_.step(); !alive) return fail(alive.error());
    const SyncedMessage* pair = find(tree[path], uid);
    if (pair == nullptr) return fail(Kind::bug, Blast::message, "no pair");
    const BaseName base = pair->base;
    if (tree[path].files.contains(base)) trashed.push_back(tree[path].files.at(base).body);
    tree[path].files.erase(base);
    tree[path].on_disk = true;
    drop(tree[path], uid);
    return base;
  }
  Result<void> lose(const FolderPath& path, Uid uid) override {
    if (auto alive = stopper_.step(); !alive) return alive;
    const SyncedMessage* pair = find(tree[path], uid);
    if (pair != nullptr && !tree[path].files.contains(pair->base)) lost.insert(pair->base);
    return {};
  }
  Result<void> forget(const FolderPath& path, Uid uid) override {
    if (auto alive = stopper_.step(); !alive) return alive;
    drop(tree[path], uid);
    return {};
  }
  Result<void> reset(const FolderPath& path, UidValidity validity) override {
    if (auto alive = stopper_.step(); !alive) return alive;
    static_cast<Record&>(tree[path]) = Record{};
    tree[path].synced.uid_validity = validity;
    return {};
  }
  Result<void> adopt(const FolderPath& path, UidValidity validity, std::span<const SyncedMessage> pairs) override {
    if (auto alive = stopper_.step(); !alive) return alive;
    for (const SyncedMessage& pair : pairs) {
      if (tree[path].files.contains(pair.base)) record(tree[path], validity, pair.uid, pair.base, pair.marks);
    }
    return {};
  }
  Result<std::vector<LocalMessage>> fingerprints(const FolderPath& path, std::span<const BaseName> bases) override {
    if (auto alive = stopper_.look(); !alive) return fail(alive.error());
    std::vector<LocalMessage> result;
    for (const BaseName& base : bases) {
      const auto file = tree[path].files.find(base);
      if (file == tree[path].files.end()) continue;
      const Content& content = file->second;
      result.push_back({base, content.marks, content.body.size(), fingerprint(content.body, content.body.size())});
    }
    return result;
  }
  Result<void> agree(const FolderPath& path, const FolderCounters& counters, bool is_settled, bool is_read_only) override {
    if (auto alive = stopper_.step(); !alive) return alive;
    Folder& target = tree[path];
    target.synced.uid_validity = counters.uid_validity;
    target.synced.uid_next = counters.uid_next;
    target.synced.highest = counters.highest;
    target.counters = counters;
    target.is_settled = is_settled;
    target.is_read_only = is_read_only;
    target.agreed_files = marks_of(target);
    return {};
  }
  Result<void> flush() override {
    if (auto alive = stopper_.step(); !alive) return alive;
    save();
    return {};
  }
  Result<void> recover() override { return {}; }

 private:
  struct Kept {
    Uid uid;
    Content content;
  };
  class Reader final : public MessageReader {
   public:
    explicit Reader(std::string body) : body_(std::move(body)) {}
    std::uint64_t size() const override { return body_.size(); }
    UnixTime received() const override { return 1; }
    Result<std::size_t> read(std::span<char> buffer) override {
      const std::size_t count = body_.copy(buffer.data(), buffer.size(), read_);
      read_ += count;
      return count;
    }

   private:
    std::string body_;
    std::size_t read_ = 0;
  };

  static SyncedMessage* find(Folder& in, Uid uid) {
    for (SyncedMessage& pair : in.synced.messages) {
      if (pair.uid == uid) return &pair;
    }
    return nullptr;
  }
  static void drop(Folder& in, Uid uid) {
    std::erase_if(in.synced.messages, [&](const SyncedMessage& pair) { return pair.uid == uid; });
  }
  static void record(Folder& in, UidValidity validity, Uid uid, const BaseName& base, const Marks& agreed) {
    const std::string& body = in.files[base].body;
    std::vector<SyncedMessage>& pairs = in.synced.messages;
    std::erase_if(pairs, [&](const SyncedMessage& pair) { return pair.base == base; });
    const auto place = std::lower_bound(pairs.begin(), pairs.end(), uid, [](const SyncedMessage& pair, Uid wanted) { return pair.uid < wanted; });
    const SyncedMessage recorded{uid, base, agreed, body.size(), fingerprint(body, body.size())};
    if (place != pairs.end() && place->uid == uid) {
      *place = recorded;
    } else {
      pairs.insert(place, recorded);
    }
    in.synced.uid_validity = validity;
  }
  void move_file(const BaseName& base, const FolderPath& to) {
    for (auto& [path, in] : tree) {
      auto node = in.files.extract(base);
      if (node.empty()) continue;
      in.on_disk = true;
      tree[to].files.insert(std::move(node));
      return;
    }
  }
  static std::map<BaseName, Marks> marks_of(const Folder& in) {
    std::map<BaseName, Marks> result;
    for (const auto& [base, content] : in.files) result[base] = content.marks;
    return result;
  }
  static std::string place(const FolderPath& path, const BaseName& base, const Marks& marks) {
    return path.text() + "/" + base + ":2," + to_maildir_letters(marks.flags);
  }
  static Error gone(const BaseName& base) { return {Kind::try_later, Blast::message, base + " is gone", ""}; }

  Stopper& stopper_;
  bool open_ = false;
  Kept current_;
  std::vector<Kept> kept_;
  std::vector<Stored> untold_;
  std::map<FolderPath, Record> durable_;
};

}  // namespace valija::sync::test
