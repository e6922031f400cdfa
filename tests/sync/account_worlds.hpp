#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "sync/chance.hpp"
#include "valija/sync/fingerprint.hpp"
#include "valija/sync/plan.hpp"

namespace valija::sync::test {

/// A message of either side.
struct Mail {
  std::string body;
  Marks marks;
};

/// One folder in three states.
struct AccountFolder {
  FolderPath path;
  std::uint32_t validity = 1, next = 1;
  bool read_only = false;
  Storable storable{};
  std::map<std::uint32_t, Mail> server;
  std::map<BaseName, Mail> local;
  SyncedState synced;  ///< sizes and fingerprints as they were recorded

  std::uint32_t add_to_server(Mail mail) {
    server[next] = std::move(mail);
    return next++;
  }
  /// Whether planning begins without a history.
  bool is_young() const { return synced.uid_next.value == 0 || synced.uid_validity.value != validity; }
};

/// What happened to one message since both sides agreed: where it is now on each, if anywhere.
struct Life {
  struct Side {
    int folder = -1;  ///< -1: deleted there
    Marks marks{};
    bool moved = false;       ///< perhaps back to where it was, as another uid or file
    bool is_renamed = false;  ///< the file has another base name
  };
  std::string body;
  int folder = -1;    ///< where both had it; -1: new
  Marks marks;
  Side server, local;
};

/// What is allowed to happen in a world.
struct Climate {
  bool equal_bodies = false;    ///< copies, and few different bodies
  bool lacks_prints = false;    ///< messages that nothing but their pair or their base name tells
  bool one_folder = false;      ///< what moves stays in its folder: another uid there, another name here
  bool forbids = false;         ///< folders that are read-only or keep few marks, an account that is not written to
};

struct AccountWorld {
  std::vector<AccountFolder> folders;
  std::vector<Life> lives;
  Policy policy;
  bool moves_by_copy = false;  ///< a server without MOVE
  int names = 0;
  BaseName new_name() { return "n" + std::to_string(++names); }
};

/// Every third is of the same size as another one.
inline std::string account_body(int number, bool has_print) {
  const std::string text(static_cast<std::size_t>(number % 3), '.');
  return has_print ? "Message-ID: <" + std::to_string(100 + number) + "@x>\n\n" + text : "plain" + std::to_string(100 + number);
}

/// Makes a world in which both sides agreed and went on by themselves.
class WorldMaker {
 public:
  WorldMaker(std::uint64_t seed, Climate climate) : chance_(seed), climate_(climate) {}

  AccountWorld make() {
    world_.policy.to_server = !climate_.forbids || !chance_.one_in(8);
    world_.policy.delete_limit = 1000;
    world_.moves_by_copy = chance_.one_in(3);
    const int folders = climate_.one_folder ? 1 : 3 + chance_.below(2);
    for (int index = 0; index < folders; ++index) add_folder(index);
    for (int count = 1 + chance_.below(4); count > 0; --count) agree_on_one();
    const std::vector<AccountFolder> agreed = world_.folders;
    for (std::size_t index = 0; index < world_.lives.size(); ++index) live(world_.lives[index], agreed);
    world_.lives.insert(world_.lives.end(), copies_.begin(), copies_.end());
    for (int count = chance_.below(3); count > 0; --count) add_news(chance_.one_in(2));
    if (chance_.one_in(8)) renumber(world_.folders[pick()]);
    if (chance_.one_in(24)) {
      for (AccountFolder& folder : world_.folders) folder.synced = SyncedState{};
    }
    return std::move(world_);
  }

 private:
  std::size_t pick() { return static_cast<std::size_t>(chance_.below(static_cast<int>(world_.folders.size()))); }
  std::string new_body() {
    const int number = climate_.equal_bodies ? chance_.below(2) : ++bodies_;
    return account_body(number, !climate_.lacks_prints || number % 2 == 0);
  }
  Marks marks(const AccountFolder& folder) {
    Marks result = chance_.marks();
    if (!folder.storable.any_keyword) result.keywords.clear();
    return result;
  }

  void add_folder(int index) {
    AccountFolder folder;
    folder.path = FolderPath::from_text(std::string(1, static_cast<char>('A' + index))).value();
    if (climate_.forbids) {
      folder.read_only = chance_.one_in(5);
      folder.storable.any_keyword = !chance_.one_in(4);
    }
    if (!chance_.one_in(8)) folder.synced.uid_validity = UidValidity{folder.validity}, folder.synced.uid_next = Uid{1};
    world_.folders.push_back(folder);
  }

  void agree_on_one() {
    const std::size_t at = pick();
    AccountFolder& folder = world_.folders[at];
    const Mail mail{new_body(), marks(folder)};
    const BaseName base = world_.new_name();
    const std::uint32_t uid = folder.add_to_server(mail);
    folder.local[base] = mail;
    folder.synced.messages.push_back({Uid{uid}, base, mail.marks, mail.body.size(), fingerprint(mail.body, mail.body.size())});
    folder.synced.uid_validity = UidValidity{folder.validity};
    folder.synced.uid_next = Uid{folder.next};
    world_.lives.push_back({mail.body, static_cast<int>(at), mail.marks, {}, {}});
  }

  void live(Life& life, const std::vector<AccountFolder>& agreed) {
    const auto at = static_cast<std::size_t>(life.folder);
    const SyncedMessage pair = pair_of(life, agreed[at]);
    life.server = life.local = {life.folder, life.marks, false};
    change_server(life, world_.folders[at], pair.uid.value);
    change_local(life, world_.folders[at], pair.base);
  }
  /// Lives were made in the order of pairs.
  SyncedMessage pair_of(const Life& life, const AccountFolder& folder) { return folder.synced.messages.at(used_[life.folder]++); }

  void change_server(Life& life, AccountFolder& folder, std::uint32_t uid) {
    const int what = chance_.below(6);
    if (chance_.one_in(3)) folder.server.at(uid).marks = life.server.marks = marks(folder);
    if (what == 0) folder.server.erase(uid), life.server.folder = -1;
    const std::size_t to = pick();
    if (what == 1 || what == 2) {
      Mail mail = folder.server.at(uid);
      folder.server.erase(uid);
      if (!world_.folders[to].storable.any_keyword) mail.marks.keywords.clear();
      world_.folders[to].add_to_server(mail);
      life.server = {static_cast<int>(to), mail.marks, true};
    }
    if (what == 3 && climate_.equal_bodies) {
      world_.folders[to].add_to_server(folder.server.at(uid));
      copies_.push_back({life.body, -1, {}, {static_cast<int>(to)}, {}});
    }
  }
  void change_local(Life& life, AccountFolder& folder, const BaseName& base) {
    const int what = chance_.below(6);
    if (chance_.one_in(3)) folder.local.at(base).marks = life.local.marks = chance_.marks();
    if (what == 0) folder.local.erase(base), life.local.folder = -1;
    const std::size_t to = pick();
    if (what == 1 || what == 2) {
      const Mail mail = folder.local.at(base);
      folder.local.erase(base);
      const BaseName name = chance_.one_in(3) ? world_.new_name() : base;
      world_.folders[to].local[name] = mail;
      life.local.is_renamed = name != base;
      life.local.moved = name != base || static_cast<int>(to) != life.folder;
      life.local.folder = static_cast<int>(to);
    }
    if (what == 3 && climate_.equal_bodies) {
      world_.folders[to].local[world_.new_name()] = folder.local.at(base);
      copies_.push_back({life.body, -1, {}, {}, {static_cast<int>(to)}});
    }
  }

  void add_news(bool on_server) {
    const std::size_t at = pick();
    const Mail mail{new_body(), marks(world_.folders[at])};
    Life life{mail.body, -1, {}, {}, {}};
    (on_server ? life.server : life.local) = {static_cast<int>(at), mail.marks, false};
    if (on_server) {
      world_.folders[at].add_to_server(mail);
    } else {
      world_.folders[at].local[world_.new_name()] = mail;
    }
    world_.lives.push_back(life);
  }

  static void renumber(AccountFolder& folder) {
    std::map<std::uint32_t, Mail> renumbered;
    folder.next = 1;
    for (auto& entry : folder.server) renumbered[folder.next++] = std::move(entry.second);
    folder.server = std::move(renumbered);
    ++folder.validity;
  }

  Chance chance_;
  Climate climate_;
  AccountWorld world_;
  std::vector<Life> copies_;
  std::map<int, std::size_t> used_;
  int bodies_ = 0;
};

/// The views of an account, with the fingerprints that `move_candidates` asks for and no others.
inline std::vector<FolderView> views_of(const AccountWorld& world) {
  std::vector<FolderView> views;
  for (const AccountFolder& folder : world.folders) {
    FolderView view{folder.path, {}, {}, folder.synced};
    view.server.uid_validity = UidValidity{folder.validity};
    view.server.uid_next = Uid{folder.next};
    view.server.complete = true;
    view.server.read_only = folder.read_only;
    view.server.storable = folder.storable;
    for (const auto& [uid, mail] : folder.server) view.server.messages.push_back({Uid{uid}, mail.marks, mail.body.size(), 0, {}});
    for (const auto& [base, mail] : folder.local) view.local.messages.push_back({base, mail.marks, 0, {}});
    for (SyncedMessage& pair : view.synced.messages) pair.fingerprint.clear();
    views.push_back(std::move(view));
  }
  const std::vector<MoveCandidates> candidates = move_candidates(views);
  const auto has = [](const auto& values, const auto& wanted) { return std::find(values.begin(), values.end(), wanted) != values.end(); };
  for (std::size_t index = 0; index < views.size(); ++index) {
    const AccountFolder& folder = world.folders[index];
    const auto print = [](const Mail& mail) { return fingerprint(mail.body, mail.body.size()); };
    for (ServerMessage& message : views[index].server.messages) {
      if (has(candidates[index].server, message.uid)) message.fingerprint = print(folder.server.at(message.uid.value));
    }
    for (LocalMessage& message : views[index].local.messages) {
      if (has(candidates[index].local, message.base)) message.fingerprint = print(folder.local.at(message.base));
    }
    for (std::size_t row = 0; row < folder.synced.messages.size(); ++row) {
      SyncedMessage& pair = views[index].synced.messages[row];
      if (has(candidates[index].pairs, pair.uid)) pair.fingerprint = folder.synced.messages[row].fingerprint;
    }
  }
  return views;
}

}  // namespace valija::sync::test
