#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "sync/worlds.hpp"

namespace valija::sync::test {

/// A whole account with the runner between its two sides. `copy_from` copies the sides, not the stopper.
struct AccountScene {
  Stopper stopper;
  MemoryRemote remote{stopper};
  MemoryLocal local{stopper};
  RecordingObserver observer;
  RunOptions options;

  AccountScene() {
    remote.piece = 1 << 20;
    options.policy.to_server = true;
  }
  AccountScene(const AccountScene&) = delete;
  AccountScene& operator=(const AccountScene&) = delete;

  void copy_from(const AccountScene& other) {
    remote.folders = other.remote.folders;
    remote.has_modseq = other.remote.has_modseq;
    remote.has_uidplus = other.remote.has_uidplus;
    remote.next_validity = other.remote.next_validity;
    local.tree = other.local.tree;
    local.place_tags = other.local.place_tags;
    local.names = other.local.names;
    local.save();
    options = other.options;
  }

  /// What a pass would see is the same.
  bool is_like(const AccountScene& other) const {
    return std::equal(remote.folders.begin(), remote.folders.end(), other.remote.folders.begin(), other.remote.folders.end(),
                      [](const auto& a, const auto& b) {
                        return a.first == b.first && a.second.validity == b.second.validity && a.second.messages == b.second.messages;
                      }) &&
           std::equal(local.tree.begin(), local.tree.end(), other.local.tree.begin(), other.local.tree.end(), [](const auto& a, const auto& b) {
             return a.first == b.first && a.second.files == b.second.files && a.second.on_disk == b.second.on_disk &&
                    a.second.synced.uid_validity == b.second.synced.uid_validity && a.second.synced.messages == b.second.synced.messages &&
                    a.second.counters == b.second.counters && a.second.agreed_files == b.second.agreed_files;
           }) &&
           local.place_tags == other.local.place_tags;
  }

  Result<Totals> run() {
    observer = RecordingObserver();
    return sync::run(remote, local, options, observer);
  }
};

/// What persons on both sides did, told by the bodies, which are unique.
struct Expectation {
  std::set<std::string> kept;     ///< exactly once in the end
  std::set<std::string> deleted;  ///< by one side, whatever the other did meanwhile: at most once
  std::set<std::string> moved_there, moved_here;
  bool is_renumbered = false;     ///< then what moved on both sides, to different places, is not known to be one message
  int most(const std::string& body) const { return is_renumbered && moved_there.contains(body) && moved_here.contains(body) ? 2 : 1; }
};

/// Both sides go on by themselves from a state in which they agree.
class AccountHistory {
 public:
  AccountHistory(AccountScene& scene, Chance& chance) : scene_(scene), chance_(chance) {}

  void begin() {
    for (const char* name : {"INBOX", "Archive", "Lists/a"}) scene_.remote.folders[folder(name)];
    scene_.remote.folders[folder("Archive")].role = FolderRole::archive;
    scene_.remote.has_modseq = chance_.one_in(2);
    scene_.remote.has_uidplus = !chance_.one_in(4);
    for (int count = chance_.below(6); count > 0; --count) add_there();
  }

  void diverge() {
    for (int count = chance_.below(4); count > 0; --count) change_there();
    for (int count = chance_.below(4); count > 0; --count) change_here();
    if (chance_.one_in(6)) shape_there();
    if (chance_.one_in(6)) shape_here();
    // A folder that is gone cannot be meant.
    std::erase_if(scene_.local.place_tags, [this](const auto& wish) { return !scene_.remote.folders.contains(wish.second); });
    for (const auto& entry : born_) {
      if (!expected.deleted.contains(entry)) expected.kept.insert(entry);
    }
  }

  Expectation expected;
  std::string story;  ///< what was done, for a failure

 private:
  void tell(const std::string& act, const Content& content) {
    story += act + " " + content.body.substr(13, content.body.find('@') - 13) + "; ";
  }
  std::string new_body() {
    born_.push_back("Message-ID: <" + std::to_string(++messages_) + "@x>\n\ntext");
    return born_.back();
  }
  template <typename Map>
  auto any_of(Map& map) { return std::next(map.begin(), chance_.below(static_cast<int>(map.size()))); }

  MemoryRemote::Folder& any_there() { return any_of(scene_.remote.folders)->second; }
  MemoryLocal::Folder& any_here() { return any_of(scene_.local.tree)->second; }
  void add_there() { any_there().add(new_body(), chance_.marks()); }

  void change_there() {
    MemoryRemote::Folder& in = any_there();
    const int what = chance_.below(5);
    if (what == 0 || in.messages.empty()) return add_there();
    const auto message = any_of(in.messages);
    tell("there " + std::to_string(what), message->second);
    if (what == 1) message->second.marks = chance_.marks();
    if (what == 2) expected.deleted.insert(message->second.body);
    if (what >= 3) expected.moved_there.insert(message->second.body);
    if (what >= 3) any_there().add(message->second.body, message->second.marks);
    if (what >= 2) in.messages.erase(message);
  }

  void change_here() {
    MemoryLocal::Folder& in = any_here();
    const int what = chance_.below(6);
    if (what == 0 || in.files.empty()) {
      in.files["own" + std::to_string(++messages_)] = Content{new_body(), chance_.marks()};
      return;
    }
    const auto file = any_of(in.files);
    tell("here " + std::to_string(what), file->second);
    if (what == 1) file->second.marks = chance_.marks();
    if (what == 2) expected.deleted.insert(file->second.body);
    if (what == 3) scene_.local.place_tags[file->first] = any_of(scene_.remote.folders)->first;
    if (what >= 3) expected.moved_here.insert(file->second.body);
    if (what >= 4) any_here().files.insert(*file);
    if (what == 2 || what >= 4) erase_everywhere_but_one(in, file, what);
  }

  /// A move into the folder where the file is already is none.
  void erase_everywhere_but_one(MemoryLocal::Folder& in, std::map<BaseName, Content>::iterator file, int what) {
    const BaseName base = file->first;
    int copies = 0;
    for (const auto& entry : scene_.local.tree) copies += static_cast<int>(entry.second.files.count(base));
    if (what != 2 && copies == 1) return;
    in.on_disk = true;
    in.files.erase(file);
    scene_.local.place_tags.erase(base);
  }

  void shape_there() {
    auto& folders = scene_.remote.folders;
    const FolderPath lists = folder("Lists/a");
    const int what = chance_.below(4);
    story += "shape there " + std::to_string(what) + "; ";
    if (what == 0) folders[folder("Made")].validity = ++validity_;
    if (what == 1 && folders.contains(lists)) {
      for (const auto& entry : folders[lists].messages) expected.deleted.insert(entry.second.body);
      folders.erase(lists);
    }
    if (what == 2 && folders.contains(lists)) {
      auto node = folders.extract(lists);
      node.key() = folder("Lists/b");
      folders.insert(std::move(node));
    }
    if (what == 3) renumber(any_there());
  }

  void renumber(MemoryRemote::Folder& in) {
    expected.is_renumbered = true;
    MemoryRemote::Folder renumbered;
    renumbered.role = in.role;
    renumbered.validity = ++validity_;
    for (const auto& entry : in.messages) renumbered.add(entry.second.body, entry.second.marks);
    in = renumbered;
  }

  void shape_here() {
    auto& tree = scene_.local.tree;
    const auto lists = tree.find(folder("Lists/a"));
    const int what = chance_.below(3);
    story += "shape here " + std::to_string(what) + "; ";
    if (what == 0) tree[folder("Own")].on_disk = true;
    if (lists == tree.end() || what == 0) return;
    if (what == 1) {
      for (const auto& entry : lists->second.files) expected.deleted.insert(entry.second.body);
    } else {
      tree[folder("Lists/c")].files = lists->second.files;
      tree[folder("Lists/c")].on_disk = true;
    }
    lists->second.files.clear();
    lists->second.on_disk = false;
  }

  AccountScene& scene_;
  Chance& chance_;
  int messages_ = 0;
  std::uint32_t validity_ = 10;
  std::vector<std::string> born_;
};

/// What is where: the same on both sides in the end.
using Places = std::map<FolderPath, std::vector<Content>>;
inline Places places_there(const AccountScene& scene) {
  Places result;
  for (const auto& [path, in] : scene.remote.folders) result[path] = contents(in.messages);
  return result;
}
inline Places places_here(const AccountScene& scene) {
  Places result;
  for (const auto& [path, in] : scene.local.tree) {
    if (in.is_there()) result[path] = contents(in.files);
  }
  return result;
}

inline std::map<std::string, int> count_all(const Places& places) {
  std::map<std::string, int> counts;
  for (const auto& entry : places) {
    for (const Content& content : entry.second) ++counts[content.body];
  }
  return counts;
}

}  // namespace valija::sync::test
