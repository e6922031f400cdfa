#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "connection.hpp"
#include "valija/sync/remote.hpp"
#include "warnings.hpp"

namespace valija::remote {

/// Moves messages out of the open folder: UID MOVE (RFC 6851), else UID COPY and removal of exactly what was copied.
class Mover {
 public:
  /// All must outlive it.
  Mover(const sync::ServerFolder& from, const sync::ServerFolder& to, Warnings& warnings) : from_(from), to_(to), warnings_(warnings) {}

  /// Asks what is there and under which UIDVALIDITY it will come; changes nothing, so it may be done twice.
  Result<void> prepare(Connection& connection, std::span<const sync::Uid> uids);
  /// Must not be done twice. What the server confirmed before an error is in `moved`.
  Result<void> run(Connection& connection);
  /// By the old uid, ascending; a new one of 0 is not told, or not to be believed.
  std::vector<sync::MovedMessage> moved() const;

 private:
  using Uids = std::span<const std::uint32_t>;

  Result<void> move_part(Connection& connection, Uids part);
  Result<imap::Condition> ask(Connection& connection, Uids part);
  Result<void> finish_copies(Connection& connection, Uids part);
  void learn(const imap::Code& code, Uids part);

  const sync::ServerFolder& from_;
  const sync::ServerFolder& to_;
  Warnings& warnings_;
  sync::UidValidity to_validity_;
  std::vector<std::uint32_t> present_;
  std::map<std::uint32_t, std::uint32_t> new_uids_;  ///< as told
  std::map<std::uint32_t, std::uint32_t> moved_;
};

}  // namespace valija::remote
