#pragma once

#include <functional>
#include <stdexcept>
#include <utility>

#include "sync/account_worlds.hpp"

namespace valija::sync::test {

/// What was sent and fetched, by body.
struct Transfers {
  std::multiset<std::string> downloads, uploads;
};

/// Carries out plans on a world as a runner would: effect first, record second; `after_step` is called behind each of these. Throws where a plan
/// asks for something that cannot be.
class AccountExecutor {
 public:
  AccountExecutor(AccountWorld& world, std::function<void()> after_step) : world_(world), after_step_(std::move(after_step)) {}

  Transfers run(const std::vector<Plan>& plans) {
    for (std::size_t at = 0; at < plans.size(); ++at) {
      if (plans[at].resets_pairs) reset(world_.folders[at]);
    }
    std::set<std::pair<FolderPath, Uid>> arrivals;
    for (const Plan& plan : plans) {
      for (const Operation& operation : plan.operations) {
        if (const auto* move = std::get_if<MoveLocal>(&operation)) arrivals.insert({move->to, move->message.uid});
      }
    }
    // Each part in all folders: up to the moves, what waits for moves, and last what ends something.
    for (const Part part : {Part::first, Part::transfers, Part::last}) {
      for (std::size_t at = 0; at < plans.size(); ++at) {
        AccountFolder& folder = world_.folders[at];
        bool is_behind_adoption = std::none_of(plans[at].operations.begin(), plans[at].operations.end(), is_a<Adopt>);
        for (const Operation& operation : plans[at].operations) {
          is_behind_adoption = is_behind_adoption || is_a<Adopt>(operation);
          Part wanted = Part::first;
          if (is_a<Download>(operation) || is_a<Upload>(operation)) wanted = Part::transfers;
          if (const auto* change = std::get_if<SetServerMarks>(&operation); change != nullptr && arrivals.contains({folder.path, change->uid})) wanted = Part::transfers;
          if (is_a<DeleteOnServer>(operation) || is_a<DeleteLocal>(operation) || (is_a<Forget>(operation) && is_behind_adoption)) wanted = Part::last;
          if (wanted == part) std::visit([&](const auto& single) { apply(folder, single); }, operation);
        }
        record_moves(folder);
      }
    }
    return transfers_;
  }

 private:
  enum class Part : std::uint8_t { first, transfers, last };
  template <typename Wanted>
  static bool is_a(const Operation& operation) {
    return std::holds_alternative<Wanted>(operation);
  }
  static void expect(bool holds, const char* what) {
    if (!holds) throw std::logic_error(what);
  }
  AccountFolder& folder(const FolderPath& path) {
    return *std::find_if(world_.folders.begin(), world_.folders.end(), [&](const AccountFolder& each) { return each.path == path; });
  }
  void step() {
    if (after_step_) after_step_();
  }
  void reset(AccountFolder& at) {
    at.synced = SyncedState{};
    at.synced.uid_validity = UidValidity{at.validity};
    step();
  }
  static SyncedMessage& pair(AccountFolder& at, Uid uid) {
    const auto found = std::find_if(at.synced.messages.begin(), at.synced.messages.end(), [&](const auto& pair) { return pair.uid == uid; });
    expect(found != at.synced.messages.end(), "no such pair");
    return *found;
  }
  static void record(AccountFolder& at, Uid uid, const BaseName& base, const Marks& marks) {
    for (const SyncedMessage& pair : at.synced.messages) expect(pair.uid != uid, "paired twice");
    const std::string& body = at.local.at(base).body;
    at.synced.uid_validity = UidValidity{at.validity};
    at.synced.messages.push_back({uid, base, marks, body.size(), fingerprint(body, body.size())});
  }
  static void drop(AccountFolder& at, Uid uid) {
    expect(std::erase_if(at.synced.messages, [&](const auto& pair) { return pair.uid == uid; }) == 1, "no pair to drop");
  }
  static Marks keepable(const AccountFolder& at, Marks marks) {
    if (!at.storable.any_keyword) marks.keywords.clear();
    return marks;
  }
  bool is_known(const BaseName& base) const {
    return std::any_of(world_.folders.begin(), world_.folders.end(), [&](const AccountFolder& each) {
      return std::any_of(each.synced.messages.begin(), each.synced.messages.end(), [&](const auto& pair) { return pair.base == base; });
    });
  }
  /// A file with a name of its own says nothing of keywords: those of its pair are its.
  static void name_keywords(Mail& mail, const Marks& agreed) {
    if (mail.marks.keywords.empty()) mail.marks.keywords = agreed.keywords;
  }
  static void tell(AccountFolder& at) { expect(!at.read_only, "told to a read-only folder"); }

  void apply(AccountFolder& at, const Download& download) {
    const Mail& mail = at.server.at(download.message.uid.value);
    const BaseName base = world_.new_name();
    at.local[base] = {mail.body, mail.marks};
    record(at, download.message.uid, base, mail.marks);
    transfers_.downloads.insert(mail.body);
    step();
  }
  void apply(AccountFolder& at, const Upload& upload) {
    tell(at);
    const Mail& mail = at.local.at(upload.base);
    expect(keepable(at, upload.marks) == upload.marks, "sent what is not kept");
    const Uid uid{at.add_to_server({mail.body, upload.marks})};
    transfers_.uploads.insert(mail.body);
    step();
    if (!is_known(upload.base)) name_keywords(at.local.at(upload.base), upload.marks);
    record(at, uid, upload.base, upload.marks);
    step();
  }
  void apply(AccountFolder& at, const Adopt& adopt) {
    expect(at.local.at(adopt.base).body == at.server.at(adopt.uid.value).body, "unequal messages");
    if (!is_known(adopt.base)) name_keywords(at.local.at(adopt.base), adopt.marks);
    std::erase_if(at.synced.messages, [&](const auto& pair) { return pair.uid == adopt.uid; });
    record(at, adopt.uid, adopt.base, adopt.marks);
    step();
  }
  void apply(AccountFolder& at, const SetServerMarks& change) {
    tell(at);
    expect(keepable(at, change.add) == change.add, "sent what is not kept");
    Marks& marks = at.server.at(change.uid.value).marks;
    marks = merge({}, merge(change.remove, marks, {}), change.add);
    step();
    pair(at, change.uid).marks = change.agreed;
    step();
  }
  void apply(AccountFolder& at, const SetLocalMarks& change) {
    expect(pair(at, change.uid).base == change.base, "another file");
    at.local.at(change.base).marks = change.marks;
    step();
    pair(at, change.uid).marks = change.agreed;
    step();
  }
  /// All of one folder's at once, then the records.
  void apply(AccountFolder& at, const MoveOnServer& move) {
    AccountFolder& to = folder(move.to);
    tell(at), tell(to);
    Mail mail = at.server.at(move.uid.value);
    mail.marks = keepable(to, mail.marks);
    expect(to.local.at(move.new_base).body == mail.body, "unequal messages");
    const Uid uid{to.add_to_server(mail)};
    if (world_.moves_by_copy) step();
    at.server.erase(move.uid.value);
    step();
    moved_.push_back({move, uid});
  }
  void record_moves(AccountFolder& at) {
    for (const auto& [move, uid] : std::exchange(moved_, {})) {
      AccountFolder& to = folder(move.to);
      expect(pair(at, move.uid).base == move.base, "another file");
      if (move.new_base != move.base) name_keywords(to.local.at(move.new_base), move.agreed);
      drop(at, move.uid);
      record(to, uid, move.new_base, move.agreed);
      step();
      if (!move.then) continue;
      to.local.at(move.new_base).marks = move.then->marks;
      step();
      pair(to, uid).marks = move.then->agreed;
      step();
    }
  }
  void apply(AccountFolder& at, const MoveLocal& move) {
    AccountFolder& to = folder(move.to);
    const BaseName base = to.local.contains(move.base) ? world_.new_name() : move.base;
    expect(at.local.at(move.base).body == to.server.at(move.message.uid.value).body, "unequal messages");
    to.local[base] = {at.local.at(move.base).body, move.marks};
    at.local.erase(move.base);
    step();
    if (move.uid.value != 0) drop(at, move.uid);
    record(to, move.message.uid, base, move.agreed);
    step();
  }
  void apply(AccountFolder& at, const DeleteOnServer& deletion) {
    tell(at);
    expect(pair(at, deletion.uid).base == deletion.base, "another file");
    expect(at.server.erase(deletion.uid.value) == 1, "nothing to delete");
    step();
    drop(at, deletion.uid);
    step();
  }
  void apply(AccountFolder& at, const DeleteLocal& deletion) {
    expect(at.local.erase(deletion.base) == 1, "nothing to delete");
    step();
    drop(at, deletion.uid);
    step();
  }
  void apply(AccountFolder& at, const Forget& gone) {
    drop(at, gone.uid);
    step();
  }

  AccountWorld& world_;
  std::function<void()> after_step_;
  Transfers transfers_;
  std::vector<std::pair<MoveOnServer, Uid>> moved_;
};

}  // namespace valija::sync::test
