#pragma once

#include <doctest/doctest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "store/store_scene.hpp"
#include "valija/store/account_store.hpp"

namespace valija::store::test {

/// What notmuch makes of the queue's tasks: messages by Message-ID, with all their files.
class FakeIndex {
 public:
  using Names = std::set<std::string>;

  explicit FakeIndex(const Scene& scene, std::string identity = "one") : state_dir_(scene.places.state_dir), identity_(std::move(identity)) {}

  /// The index process comes by.
  void update() {
    auto queue = IndexQueue::open(state_dir_);
    REQUIRE(queue);
    const auto tasks = (*queue)->pending(0, 1000000).value();
    for (const IndexTask& task : tasks) {
      run(task);
      REQUIRE((*queue)->done({task.row}));
    }
  }

  /// A person tags a message.
  void tag(const std::string& id, const Names& add, const Names& drop) {
    REQUIRE(messages_.contains(id));
    change(messages_[id], {add.begin(), add.end()}, {drop.begin(), drop.end()});
  }

  /// Another program moved a file, and told the index.
  void rename(const std::string& from, const std::string& to) {
    Message* message = find(from);
    REQUIRE(message != nullptr);
    std::filesystem::rename(from, to);
    move(*message, from, to);
  }

  /// The tag scan: what changed since the last one, and what was delayed.
  bool scan(TagJournal& journal) { return take(journal, journal.mark().value()); }
  bool scan() {
    auto journal = TagJournal::open(state_dir_);
    REQUIRE(journal);
    return scan(**journal);
  }
  bool take(TagJournal& journal, const TagJournal::Mark& from) {
    std::vector<MessageTags> found;
    const auto delayed = journal.delayed().value();
    for (const auto& [id, message] : messages_) {
      const bool is_asked = std::any_of(delayed.begin(), delayed.end(), [&](const auto& path) { return message.paths.contains(path); });
      if (message.revision <= from.revision && from.index == identity_ && !is_asked) continue;
      found.push_back({{message.tags.begin(), message.tags.end()}, {message.paths.begin(), message.paths.end()}});
    }
    const auto taken = journal.take(from, {identity_, revision_, 0}, found);
    REQUIRE(taken);
    return *taken;
  }

  Names tags(const std::string& id) const {
    const auto found = messages_.find(id);
    return found != messages_.end() ? found->second.tags : Names{"no such message"};
  }
  Names paths(const std::string& id) const {
    const auto found = messages_.find(id);
    return found != messages_.end() ? found->second.paths : Names{};
  }
  std::size_t size() const { return messages_.size(); }

 private:
  struct Message {
    Names tags, paths;
    std::uint64_t revision = 0;
  };

  void change(Message& message, const std::vector<std::string>& add, const std::vector<std::string>& drop) {
    const Names before = message.tags;
    for (const auto& one : drop) message.tags.erase(one);
    message.tags.insert(add.begin(), add.end());
    if (message.tags != before) message.revision = ++revision_;
  }
  void move(Message& message, const std::string& from, const std::string& to) {
    message.paths.erase(from);
    message.paths.insert(to);
    message.revision = ++revision_;
  }
  Message* find(const std::string& path) {
    for (auto& entry : messages_) {
      if (entry.second.paths.contains(path)) return &entry.second;
    }
    return nullptr;
  }
  void add(const std::string& path, const std::vector<std::string>& tags) {
    if (find(path) != nullptr || !std::filesystem::exists(path)) return;
    const std::string text = Scene::content(path);
    const std::size_t start = text.find('<');
    const std::string id = text.substr(start + 1, text.find('>', start) - start - 1);
    const bool is_new = !messages_.contains(id);
    Message& message = messages_[id];
    message.paths.insert(path);
    message.revision = ++revision_;
    const bool is_read = std::find(tags.begin(), tags.end(), "unread") == tags.end();
    const bool was_read = !is_new && !message.tags.contains("unread");
    change(message, tags, {});
    if (is_read || was_read) change(message, {}, {"unread"});
  }
  void run(const IndexTask& task) {
    using Action = IndexTask::Action;
    if (task.action == Action::add || task.action == Action::restore) return add(task.path, task.tags);
    Message* message = find(task.action == Action::rename ? task.old_path : task.path);
    if (task.action == Action::rename && message == nullptr) message = find(task.path);
    if (message == nullptr && task.action == Action::rename) return add(task.path, task.all.empty() ? task.tags : task.all);
    if (message == nullptr) return;
    if (task.action == Action::rename) move(*message, task.old_path, task.path);
    if (task.action == Action::rename || task.action == Action::retag) change(*message, task.tags, task.dropped);
    if (task.action == Action::remove) {
      message->paths.erase(task.path);
      std::erase_if(messages_, [](const auto& entry) { return entry.second.paths.empty(); });
    }
  }

  std::string state_dir_, identity_;
  std::map<std::string, Message> messages_;
  std::uint64_t revision_ = 0;
};

/// INBOX, Archive, Trash and Sent with one message in INBOX, indexed and scanned.
struct TagScene : Scene {
  using Names = FakeIndex::Names;
  FakeIndex index{*this};
  TagScene() {
    options.policy.to_server = true;
    options.policy.deletes_confirmed = true;
    server("INBOX").role = FolderRole::inbox;
    server("Archive").role = FolderRole::archive;
    server("Trash").role = FolderRole::trash;
    server("Sent").role = FolderRole::sent;
    server("INBOX").add(mail(1));
    settle();
  }
  /// Sync, index, scan: until nothing is left to do.
  void settle() {
    for (int round = 0; round < 3; ++round) {
      REQUIRE(pass());
      REQUIRE(observer.errors.empty());
      index.update();
      REQUIRE(index.scan());
    }
    REQUIRE(pass()->is_zero());
    auto queue = IndexQueue::open(places.state_dir);
    CHECK((*queue)->size().value() == 0);
  }
  Marks marks(const char* name, std::uint32_t uid) {
    auto& messages = server(name).messages;
    return messages.contains(uid) ? messages[uid].marks : Marks{{}, {"gone"}};
  }
  /// A person tags the message, and the next pass is there.
  void tag_and_sync(const std::string& id, const Names& add, const Names& drop) {
    index.tag(id, add, drop);
    REQUIRE(index.scan());
    REQUIRE(pass());
  }
  /// The journal and the index agree: a scan finds nothing that a person did.
  void check_quiet() {
    REQUIRE(index.scan());
    auto store = open();
    REQUIRE(store);
    for (const char* name : {"INBOX", "Archive", "Trash", "Sent"}) CHECK(!store->has_changes(folder(name)).value());
  }
};

}  // namespace valija::store::test
