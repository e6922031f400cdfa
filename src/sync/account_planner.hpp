#pragma once

#include <map>
#include <span>
#include <string_view>
#include <vector>

#include "draft.hpp"
#include "table.hpp"

namespace valija::sync {

/// A pair that one side or both have no more at its place.
struct LostPair {
  enum class Fate : std::uint8_t {
    open,     ///< deleted, as far as is known
    moved,    ///< its message goes on elsewhere
    renewed,  ///< one half of it is paired anew in the same folder
    copied,   ///< its file and an equal message are in another folder already; it only leaves this one
    stays,    ///< its file moved to where the server takes nothing: the only copy of the server stays
    waits,    ///< its file moved and its message is nowhere: not before a second look at all folders
  };
  std::size_t view = 0;
  const Row* row = nullptr;
  Fate fate = Fate::open;
  bool is_traced = false;  ///< a new file is known to be its file
};

/// A message of the server without a pair.
struct NewMessage {
  std::size_t view = 0;
  const ServerMessage* message = nullptr;
  bool is_settled = false;
};

/// A file without a pair.
struct NewFile {
  std::size_t view = 0;
  const LocalMessage* file = nullptr;
  Marks marks{};
  LostPair* origin = nullptr;  ///< the pair whose file it was
  bool is_settled = false;
};

/// Halves of a pair to be made; `renews`: a lost pair of the same folder gives it.
struct ServerHalf {
  Uid uid;
  const Marks* marks;
  NewMessage* fresh;
  LostPair* renews;
};
struct FileHalf {
  std::string_view base;
  const Marks* marks;
  NewFile* fresh;
  LostPair* renews;
};

/// Everything with one fingerprint, in the order of folders, then of uids or base names: what is settled may fall away (a plan that was stopped
/// and made anew) without another partner for what is left.
struct EqualMessages {
  std::vector<NewMessage*> messages;
  std::vector<NewFile*> files;
  std::vector<LostPair*> lost;
};

/// Plans a whole account: first what is paired, then who of the lost and the new are one message. Used once; refers to the sides and the policy.
class AccountPlanner {
 public:
  AccountPlanner(std::span<const Sides> sides, const Policy& policy);
  /// One plan per side, in order.
  std::vector<Plan> run();

 private:
  void collect();
  static void trace(NewFile& file, LostPair& origin);
  void trace_by_name();
  void group();
  /// Where only one file and one missing pair are equal, the file was the pair's.
  void trace_by_print(EqualMessages& equal);
  /// Equal messages of the two sides of one folder become pairs, one to one.
  void adopt(EqualMessages& equal);
  void adopt_in(std::size_t view, EqualMessages& equal);
  void pair(std::size_t view, const ServerHalf& message, const FileHalf& file);
  void move_on_server(NewFile& file, LostPair& from);
  void move_local(LostPair& from, NewMessage& to);
  void move_unpaired(NewFile& file, NewMessage& to);
  void move_between(EqualMessages& equal);
  void meet_without_pairs(EqualMessages& equal);
  void wait_for_second_look();
  void finish_lost(const LostPair& lost);

  std::span<const Sides> sides_;
  bool looks_again_;
  std::vector<Table> tables_;
  std::vector<Draft> drafts_;
  std::vector<LostPair> lost_;         ///< by folder, then uid
  std::vector<NewMessage> messages_;   ///< by folder, then uid
  std::vector<NewFile> files_;         ///< by folder, then base
  std::map<std::string_view, EqualMessages> equal_;
};

}  // namespace valija::sync
