#pragma once

#include <iterator>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "valija/sync/fingerprint.hpp"
#include "valija/sync/runner.hpp"

namespace valija::sync::test {

inline FolderPath folder(const char* text) { return FolderPath::from_text(text).value(); }

/// Ends a run at its n-th step, as a crash or a cut would; from then on every step fails until `revive`.
class Stopper {
 public:
  void stop_at(int step) { left_ = step; }
  void revive() { left_ = -1; }
  bool is_dead() const { return left_ == 0; }
  Result<void> step() {
    if (left_ > 0) --left_;
    if (left_ == 0) return fail(Kind::cancelled, Blast::account, "stopped");
    ++steps_;
    return {};
  }
  int steps() const { return steps_; }

 private:
  int left_ = -1;
  int steps_ = 0;
};

struct Content {
  std::string body;
  Marks marks;
  friend bool operator==(const Content&, const Content&) = default;
  friend bool operator<(const Content& a, const Content& b) {
    if (a.body != b.body) return a.body < b.body;
    if (a.marks.flags != b.marks.flags) return a.marks.flags.bits() < b.marks.flags.bits();
    return a.marks.keywords < b.marks.keywords;
  }
};

/// A server in memory.
class MemoryRemote final : public Remote {
 public:
  struct Folder {
    std::uint32_t validity = 1;
    std::uint32_t next = 1;
    std::map<std::uint32_t, Content> messages;
    bool selectable = true;
    FolderRole role = FolderRole::none;
    std::uint32_t add(std::string body, Marks marks = {}) {
      messages[next] = Content{std::move(body), std::move(marks)};
      return next++;
    }
  };

  explicit MemoryRemote(Stopper& stopper) : stopper_(stopper) {}

  std::map<FolderPath, Folder> folders;
  std::vector<std::uint32_t> fetched;
  std::size_t fetch_calls = 0;
  std::size_t piece = 7;
  std::set<std::uint32_t> unreadable;  ///< answered as empty
  std::map<FolderPath, Error> broken;
  std::vector<Error> warnings;
  bool complete = true;

  Result<std::vector<ServerFolder>> list_folders() override {
    if (auto alive = stopper_.step(); !alive) return fail(alive.error());
    std::vector<ServerFolder> result;
    for (const auto& [path, content] : folders) result.push_back({path, content.role, content.selectable, path.text()});
    return result;
  }

  Result<ServerSnapshot> list_messages(const ServerFolder& listed, const SyncedState&) override {
    if (auto alive = stopper_.step(); !alive) return fail(alive.error());
    if (const auto fault = broken.find(listed.path); fault != broken.end()) return fail(fault->second);
    current_ = &folders.at(listed.path);
    ServerSnapshot snapshot;
    snapshot.uid_validity = UidValidity{current_->validity};
    snapshot.uid_next = Uid{current_->next};
    snapshot.complete = complete;
    for (const auto& [uid, content] : current_->messages) snapshot.messages.push_back({Uid{uid}, content.marks, content.body.size(), 0});
    return snapshot;
  }

  Result<void> fetch(std::span<const Uid> uids, FetchSink& sink) override {
    ++fetch_calls;
    for (const Uid uid : uids) {
      if (auto alive = stopper_.step(); !alive) return alive;
      const auto found = current_->messages.find(uid.value);
      if (found == current_->messages.end()) continue;
      const std::string body = unreadable.contains(uid.value) ? "" : found->second.body;
      if (auto begun = sink.begin({uid, found->second.marks, 0, 0}, body.size()); !begun) return begun;
      for (std::size_t start = 0; start < body.size(); start += piece) {
        if (auto alive = stopper_.step(); !alive) return alive;
        if (auto passed = sink.body(std::string_view(body).substr(start, piece)); !passed) return passed;
      }
      if (auto ended = sink.end(); !ended) return ended;
      fetched.push_back(uid.value);
    }
    return {};
  }

  std::vector<Error> take_warnings() override { return std::exchange(warnings, {}); }

  Result<std::vector<ServerMessage>> fingerprints(std::span<const Uid> uids) override {
    if (auto alive = stopper_.step(); !alive) return fail(alive.error());
    std::vector<ServerMessage> result;
    for (const Uid uid : uids) {
      const Content& content = current_->messages.at(uid.value);
      result.push_back({uid, content.marks, content.body.size(), 0, fingerprint(content.body, content.body.size())});
    }
    return result;
  }

 private:
  Stopper& stopper_;
  Folder* current_ = nullptr;
};

/// A Maildir and its state in memory. What is not committed dies with `crash`.
class MemoryLocal final : public Local {
 public:
  struct Folder {
    std::map<BaseName, Content> files;
    SyncedState synced;
  };

  explicit MemoryLocal(Stopper& stopper) : stopper_(stopper) {}

  std::map<FolderPath, Folder> folders;
  std::vector<std::string> trashed;
  std::set<std::string> refused;  ///< bodies that fail to be written, alone
  std::vector<Error> late_failures;  ///< told by the next checkpoint or commit, whose messages are told by a later one

  void crash() {
    kept_.clear();
    records_.clear();
    open_ = false;
  }

  Result<SyncedState> synced(const FolderPath& path) override {
    if (auto alive = stopper_.step(); !alive) return fail(alive.error());
    return folders[path].synced;
  }
  Result<LocalSnapshot> list(const FolderPath& path) override {
    if (auto alive = stopper_.step(); !alive) return fail(alive.error());
    LocalSnapshot snapshot;
    for (const auto& [base, content] : folders[path].files) snapshot.messages.push_back({base, content.marks, 0});
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
  bool is_open() const { return open_; }

  Result<std::vector<Stored>> commit(const FolderPath& path, UidValidity validity) override {
    if (auto alive = stopper_.step(); !alive) return fail(alive.error());
    Folder& target = folders[path];
    std::vector<Stored> stored;
    for (Kept& message : kept_) {
      const BaseName base = "new" + std::to_string(++names_);
      target.synced.messages.push_back({message.uid, base, message.content.marks});
      stored.push_back({path.text() + "/" + base, message.content.marks, FolderRole::none});
      target.files[base] = std::move(message.content);
    }
    kept_.clear();
    if (!stored.empty()) target.synced.uid_validity = validity;
    settle(target);
    std::move(stored.begin(), stored.end(), std::back_inserter(untold_));
    if (late_failures.empty()) return std::exchange(untold_, {});
    const Error failure = late_failures.front();
    late_failures.erase(late_failures.begin());
    return fail(failure);
  }
  Result<Marked> set_marks(const FolderPath& path, Uid uid, const Marks& marks, const Marks& agreed) override {
    if (auto alive = stopper_.step(); !alive) return fail(alive.error());
    const SyncedMessage* pair = find(folders[path], uid);
    if (pair == nullptr) return fail(Kind::bug, Blast::message, "no pair");
    Content& file = folders[path].files.at(pair->base);
    Marked marked{path.text() + "/" + pair->base + to_maildir_letters(file.marks.flags), {}};
    const bool same = file.marks == marks;
    file.marks = marks;
    marked.message = {same ? marked.old_path : path.text() + "/" + pair->base + to_maildir_letters(marks.flags) + "*", marks, FolderRole::none};
    records_[uid.value] = agreed;
    return marked;
  }
  Result<std::string> trash(const FolderPath& path, Uid uid) override {
    if (auto alive = stopper_.step(); !alive) return fail(alive.error());
    const SyncedMessage* pair = find(folders[path], uid);
    if (pair == nullptr) return fail(Kind::bug, Blast::message, "no pair");
    trashed.push_back(folders[path].files.at(pair->base).body);
    folders[path].files.erase(pair->base);
    dropped_.insert(uid.value);
    return pair->base;
  }
  Result<void> forget(const FolderPath&, Uid uid) override {
    if (auto alive = stopper_.step(); !alive) return alive;
    dropped_.insert(uid.value);
    return {};
  }
  Result<void> reset(const FolderPath& path, UidValidity validity) override {
    if (auto alive = stopper_.step(); !alive) return alive;
    folders[path].synced = SyncedState{};
    folders[path].synced.uid_validity = validity;
    return {};
  }
  Result<void> adopt(const FolderPath& path, UidValidity validity, std::span<const SyncedMessage> pairs) override {
    if (auto alive = stopper_.step(); !alive) return alive;
    folders[path].synced.uid_validity = validity;
    for (const SyncedMessage& pair : pairs) folders[path].synced.messages.push_back(pair);
    return {};
  }
  Result<std::vector<LocalMessage>> fingerprints(const FolderPath& path, std::span<const BaseName> bases) override {
    if (auto alive = stopper_.step(); !alive) return fail(alive.error());
    std::vector<LocalMessage> result;
    for (const BaseName& base : bases) {
      const Content& content = folders[path].files.at(base);
      result.push_back({base, content.marks, content.body.size(), fingerprint(content.body, content.body.size())});
    }
    return result;
  }
  Result<void> agree(const FolderPath& path, UidValidity validity, Uid next, ModSeq highest) override {
    if (auto alive = stopper_.step(); !alive) return alive;
    Folder& target = folders[path];
    settle(target);
    target.synced.uid_validity = validity;
    target.synced.uid_next = next;
    target.synced.highest = highest;
    return {};
  }
  Result<void> recover() override { return {}; }

 private:
  struct Kept {
    Uid uid;
    Content content;
  };
  static const SyncedMessage* find(const Folder& in, Uid uid) {
    for (const SyncedMessage& pair : in.synced.messages) {
      if (pair.uid == uid) return &pair;
    }
    return nullptr;
  }
  /// Makes the pending records durable.
  void settle(Folder& target) {
    std::erase_if(target.synced.messages, [&](const SyncedMessage& pair) { return dropped_.contains(pair.uid.value); });
    for (SyncedMessage& pair : target.synced.messages) {
      if (const auto record = records_.find(pair.uid.value); record != records_.end()) pair.marks = record->second;
    }
    dropped_.clear();
    records_.clear();
  }

  Stopper& stopper_;
  bool open_ = false;
  int names_ = 0;
  Kept current_;
  std::vector<Kept> kept_;
  std::vector<Stored> untold_;
  std::map<std::uint32_t, Marks> records_;
  std::set<std::uint32_t> dropped_;
};

/// Remembers what it was told.
class RecordingObserver final : public Observer {
 public:
  std::vector<std::string> started, done;
  std::vector<Error> errors;
  std::vector<std::size_t> batches;
  std::size_t stored_messages = 0;
  std::map<std::string, std::size_t> stored_in;
  std::vector<std::string> removed_paths;
  Totals totals;

  void folders(const std::vector<ServerFolder>&) override {}
  void folder_started(const FolderPath& path, std::uint64_t) override { started.push_back(path.text()); }
  void progress(const FolderPath&, std::uint64_t, std::uint64_t) override {}
  void stored(const FolderPath& path, const std::vector<Stored>& messages) override {
    stored_in[path.text()] += messages.size();
    batches.push_back(messages.size());
    stored_messages += messages.size();
  }
  void marked(const FolderPath&, const std::string&, const Stored&) override {}
  void removed(const FolderPath&, const std::string& path) override { removed_paths.push_back(path); }
  void folder_done(const FolderPath& path, const Totals& sums) override {
    done.push_back(path.text());
    totals += sums;
  }
  void failed(const FolderPath&, const Error& error) override { errors.push_back(error); }
};

}  // namespace valija::sync::test
