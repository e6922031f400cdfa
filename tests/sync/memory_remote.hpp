#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "sync/content.hpp"
#include "valija/base/text.hpp"
#include "valija/sync/fingerprint.hpp"
#include "valija/sync/remote.hpp"

namespace valija::sync::test {

/// A server in memory. Every change is a step before and one behind it: stopped there, the change is made and its answer lost.
class MemoryRemote : public Remote {
 public:
  struct Folder {
    std::uint32_t validity = 1;
    std::uint32_t next = 1;
    std::map<std::uint32_t, Content> messages;
    bool selectable = true;
    FolderRole role = FolderRole::none;
    bool read_only = false;
    Storable storable{};
    std::uint32_t add(std::string body, Marks marks = {}) {
      messages[next] = Content{std::move(body), std::move(marks)};
      return next++;
    }

   private:
    friend class MemoryRemote;
    /// Gives everything that changed since the last call a new mod-sequence, as a server does at once.
    void number_changes() {
      std::uint64_t now = highest_ + 1;
      for (const auto& [uid, content] : messages) {
        const auto known = numbered_.find(uid);
        if (known == numbered_.end() || !(known->second == content)) changed_[uid] = highest_ = now;
      }
      for (const auto& entry : numbered_) {
        if (!messages.contains(entry.first)) vanished_[entry.first] = highest_ = now;
      }
      numbered_ = messages;
    }
    std::uint64_t highest_ = 1;
    std::map<std::uint32_t, Content> numbered_;
    std::map<std::uint32_t, std::uint64_t> changed_, vanished_;
  };

  explicit MemoryRemote(Stopper& stopper) : stopper_(stopper) {}

  std::map<FolderPath, Folder> folders;
  std::vector<std::uint32_t> fetched;
  std::vector<std::string> calls;   ///< "move INBOX Archive", in order; without those that only list
  std::size_t fetch_calls = 0;
  std::size_t listings = 0;         ///< folders that were opened to be listed
  std::size_t piece = 7;
  bool is_writable = true;          ///< false: a protocol that can only fetch and delete
  std::set<std::uint32_t> unreadable;  ///< answered as empty
  std::set<std::uint32_t> stubborn;    ///< neither moved nor expunged
  bool lowers_keywords = false;        ///< answers `todo` for `Todo`
  bool has_counters = false;           ///< LIST-STATUS, also without mod-sequences
  bool looks_only = false;
  std::size_t most_listed = std::string::npos;  ///< answers of one call for several folders
  Error refusal{Kind::try_later, Blast::message, "Quota exceeded (mailbox for user is full)", ""};
  std::map<FolderPath, Error> broken;
  std::set<FolderPath> hidden;      ///< not listed, but there
  std::vector<Error> warnings;
  bool complete = true;
  bool has_modseq = false;          ///< CONDSTORE, QRESYNC and LIST-STATUS
  bool has_uidplus = true;
  bool labels = false;
  std::size_t quota = std::string::npos;      ///< messages that a folder can hold
  std::uint32_t next_validity = 100;           ///< of a folder made here
  std::function<void(const std::string&)> before;  ///< what others do just before a call: "fetch", "store" ...

  Result<std::vector<ServerFolder>> list_folders() override {
    if (auto alive = enter("list"); !alive) return fail(alive.error());
    std::vector<ServerFolder> result;
    for (auto& [path, content] : folders) {
      if (hidden.contains(path)) continue;
      ServerFolder listed{path, content.role, content.selectable, path.text()};
      if ((has_modseq || has_counters) && content.selectable) listed.counters = counters(content);
      result.push_back(std::move(listed));
    }
    return result;
  }

  std::vector<Result<ServerSnapshot>> list_messages(std::span<const ServerFolder> listed, std::span<const SyncedState> known) override {
    return Remote::list_messages(listed.first(std::min(listed.size(), most_listed)), known);
  }
  Result<ServerSnapshot> list_messages(const ServerFolder& listed, const SyncedState& known) override {
    Result<Folder*> opened = open(listed.path, "select");
    if (!opened) return fail(opened.error());
    ++listings;
    Folder& in = **opened;
    const FolderCounters now = counters(in);
    ServerSnapshot snapshot;
    snapshot.uid_validity = now.uid_validity;
    snapshot.uid_next = now.uid_next;
    snapshot.highest = now.highest;
    snapshot.read_only = in.read_only;
    snapshot.storable = in.storable;
    snapshot.is_delta = has_modseq && known.highest.value > 0 && known.uid_validity == now.uid_validity;
    snapshot.complete = complete;
    for (const auto& [uid, content] : in.messages) {
      if (snapshot.is_delta && in.changed_[uid] <= known.highest.value) continue;
      snapshot.messages.push_back({Uid{uid}, content.marks, content.body.size(), 0});
      for (std::string& keyword : snapshot.messages.back().marks.keywords) keyword = lowers_keywords ? to_lower_ascii(keyword) : keyword;
    }
    if (!snapshot.is_delta) return snapshot;
    for (const auto& [uid, when] : in.vanished_) {
      if (when > known.highest.value) snapshot.vanished.push_back(Uid{uid});
    }
    return snapshot;
  }

  Result<void> fetch(const ServerFolder& folder, UidValidity validity, std::span<const ServerMessage> messages, FetchSink& sink) override {
    ++fetch_calls;
    Result<Folder*> opened = open(folder.path, "fetch", validity);
    if (!opened) return fail(opened.error());
    for (const ServerMessage& message : messages) {
      const auto found = (*opened)->messages.find(message.uid.value);
      if (found == (*opened)->messages.end()) continue;
      const std::string body = unreadable.contains(message.uid.value) ? "" : found->second.body;
      if (auto begun = sink.begin({message.uid, found->second.marks, 0, 0}, body.size()); !begun) return begun;
      for (std::size_t start = 0; start < body.size(); start += piece) {
        if (auto alive = stopper_.step(); !alive) return alive;
        if (auto passed = sink.body(std::string_view(body).substr(start, piece)); !passed) return passed;
      }
      if (auto ended = sink.end(); !ended) return ended;
      fetched.push_back(message.uid.value);
    }
    return {};
  }

  Result<std::vector<ServerMessage>> fingerprints(const ServerFolder& folder, UidValidity validity, std::span<const ServerMessage> messages) override {
    Result<Folder*> opened = open(folder.path, "fingerprints", validity);
    if (!opened) return fail(opened.error());
    std::vector<ServerMessage> result;
    for (const ServerMessage& message : messages) {
      const auto found = (*opened)->messages.find(message.uid.value);
      if (found == (*opened)->messages.end()) continue;
      const Content& content = found->second;
      result.push_back({message.uid, content.marks, content.body.size(), 0, fingerprint(content.body, content.body.size())});
    }
    return result;
  }

  Result<std::vector<Uid>> store(const ServerFolder& folder, UidValidity validity, ModSeq since, std::span<const MarkChange> changes) override {
    Result<Folder*> opened = open(folder.path, "store", validity);
    if (!opened) return fail(opened.error());
    calls.push_back("store " + folder.path.text());
    Folder& in = **opened;
    in.number_changes();
    std::vector<Uid> unchanged;
    for (const MarkChange& change : changes) {
      const auto found = in.messages.find(change.uid.value);
      if (in.read_only || found == in.messages.end() || (has_modseq && in.changed_[change.uid.value] > since.value)) {
        unchanged.push_back(change.uid);
      } else {
        found->second.marks = kept(apply(found->second.marks, change), in.storable);
      }
    }
    if (auto answered = stopper_.step(); !answered) return fail(answered.error());
    return unchanged;
  }

  Result<std::vector<MovedMessage>> move(const ServerFolder& from, UidValidity validity, std::span<const Uid> uids, const ServerFolder& to) override {
    Result<Folder*> opened = open(from.path, "move", validity);
    if (!opened) return fail(opened.error());
    calls.push_back("move " + from.path.text() + " " + to.path.text());
    const auto target = folders.find(to.path);
    if (target == folders.end()) return fail(missing(to.path));
    std::vector<MovedMessage> moved;
    for (const Uid uid : uids) {
      const auto found = (*opened)->messages.find(uid.value);
      if (found == (*opened)->messages.end() || stubborn.contains(uid.value)) continue;
      const Uid now{target->second.next++};
      target->second.messages[now.value] = std::move(found->second);
      (*opened)->messages.erase(found);
      moved.push_back({uid, has_uidplus ? now : Uid{}});
    }
    if (auto answered = stopper_.step(); !answered) return fail(answered.error());
    return moved;
  }

  Result<std::vector<Uid>> expunge(const ServerFolder& folder, UidValidity validity, std::span<const Uid> uids) override {
    Result<Folder*> opened = open(folder.path, "expunge", validity);
    if (!opened) return fail(opened.error());
    calls.push_back("expunge " + folder.path.text());
    std::vector<Uid> gone;
    for (const Uid uid : uids) {
      if (stubborn.contains(uid.value)) continue;
      (*opened)->messages.erase(uid.value);
      gone.push_back(uid);
    }
    if (auto answered = stopper_.step(); !answered) return fail(answered.error());
    return gone;
  }

  Result<void> append(const ServerFolder& folder, UploadSource& source) override {
    Result<Folder*> opened = open(folder.path, "append");
    if (!opened) return fail(opened.error());
    Folder& in = **opened;
    for (std::size_t index = 0;; ++index) {
      Result<std::optional<OutgoingMessage>> message = source.next();
      if (!message) return fail(message.error());
      if (!*message) return {};
      calls.push_back("append " + folder.path.text());
      if (in.messages.size() >= quota) {
        if (auto told = source.refused(index, refusal); !told) return told;
        continue;
      }
      Result<std::string> body = read_all(source);
      if (!body) return fail(body.error());
      if (body->size() != (*message)->size) return fail(Kind::bug, Blast::account, "the size was a lie");
      if (auto alive = stopper_.step(); !alive) return alive;
      const Uid uid{in.add(*std::move(body), kept((*message)->marks, in.storable))};
      if (auto answered = stopper_.step(); !answered) return answered;
      if (auto told = source.appended(index, UidValidity{in.validity}, has_uidplus ? uid : Uid{}); !told) return told;
    }
  }

  Result<ServerFolder> create_folder(const FolderPath& path) override {
    if (auto alive = enter("create"); !alive) return fail(alive.error());
    calls.push_back("create " + path.text());
    if (folders.contains(path)) return fail(Kind::try_later, Blast::folder, "it exists");
    folders[path].validity = next_validity++;
    if (auto answered = stopper_.step(); !answered) return fail(answered.error());
    return ServerFolder{path, FolderRole::none, true, path.text()};
  }
  Result<ServerFolder> rename_folder(const ServerFolder& folder, const FolderPath& to) override {
    if (auto alive = enter("rename"); !alive) return fail(alive.error());
    calls.push_back("rename " + folder.path.text() + " " + to.text());
    if (!folders.contains(folder.path) || folders.contains(to)) return fail(Kind::try_later, Blast::folder, "no such folder, or one too many");
    auto node = folders.extract(folder.path);
    node.key() = to;
    folders.insert(std::move(node));
    if (auto answered = stopper_.step(); !answered) return fail(answered.error());
    return ServerFolder{to, folder.role, true, to.text()};
  }
  Result<void> delete_folder(const ServerFolder& folder) override {
    if (auto alive = enter("delete"); !alive) return alive;
    calls.push_back("delete " + folder.path.text());
    const auto found = folders.find(folder.path);
    if (found == folders.end()) return fail(missing(folder.path));
    if (!found->second.messages.empty()) return fail(Kind::try_later, Blast::folder, "it is not empty");
    folders.erase(found);
    return stopper_.step();
  }
  Result<bool> is_gone(const ServerFolder& folder) override {
    if (auto alive = enter("ask"); !alive) return fail(alive.error());
    return !folders.contains(folder.path);
  }

  void look_only(bool only) override { looks_only = only; }
  bool has_labels() const override { return labels; }
  bool can_write() const override { return is_writable; }
  Result<Woken> wait(std::span<const ServerFolder>, std::size_t, int, std::int64_t) override { return Woken::time; }
  std::vector<Error> take_warnings() override { return std::exchange(warnings, {}); }

 private:
  Result<void> enter(const std::string& call) {
    if (before) before(call);
    return stopper_.look();
  }

  Result<Folder*> open(const FolderPath& path, const std::string& call, UidValidity validity = {}) {
    if (auto alive = enter(call); !alive) return fail(alive.error());
    if (const auto fault = broken.find(path); fault != broken.end()) return fail(fault->second);
    const auto found = folders.find(path);
    if (found == folders.end()) return fail(missing(path));
    if (validity.value != 0 && validity.value != found->second.validity) return fail(Kind::try_later, Blast::folder, "another UIDVALIDITY");
    return &found->second;
  }

  static Error missing(const FolderPath& path) { return {Kind::protocol, Blast::folder, "There is no " + path.text(), ""}; }

  FolderCounters counters(Folder& in) const {
    in.number_changes();
    return {UidValidity{in.validity}, Uid{in.next}, ModSeq{has_modseq ? in.highest_ : 0}, in.messages.size()};
  }

  static Marks apply(const Marks& marks, const MarkChange& change) {
    Marks result;
    result.flags = Flags::from_bits(static_cast<std::uint8_t>((marks.flags.bits() | change.add.flags.bits()) & ~change.remove.flags.bits()));
    std::set<std::string> keywords(marks.keywords.begin(), marks.keywords.end());
    keywords.insert(change.add.keywords.begin(), change.add.keywords.end());
    for (const std::string& keyword : change.remove.keywords) {
      std::erase_if(keywords, [&](const std::string& known) { return equal_ignoring_case(known, keyword); });
    }
    result.keywords.assign(keywords.begin(), keywords.end());
    return result;
  }
  static Marks kept(Marks marks, const Storable& storable) {
    marks.flags = Flags::from_bits(marks.flags.bits() & storable.flags.bits());
    std::erase_if(marks.keywords, [&](const std::string& keyword) {
      return !storable.any_keyword && std::find(storable.keywords.begin(), storable.keywords.end(), keyword) == storable.keywords.end();
    });
    return marks;
  }
  Result<std::string> read_all(UploadSource& source) const {
    std::string body;
    std::string buffer(std::min<std::size_t>(piece, 4096), '\0');
    for (;;) {
      Result<std::size_t> count = source.read(buffer);
      if (!count) return fail(count.error());
      if (*count == 0) return body;
      body.append(buffer, 0, *count);
    }
  }

  Stopper& stopper_;
};

}  // namespace valija::sync::test
