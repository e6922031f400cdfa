#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "connection.hpp"
#include "valija/sync/remote.hpp"

namespace valija::remote {

/// Appends messages to a folder, several in flight where literals need no permission (RFC 7888); their octets pass in pieces. Must not be
/// done twice: after an error the connection is of no use, and which of the last messages were taken is not known.
class Appender {
 public:
  /// All must outlive it; `validity` of the folder, 0: not known, so that no number is believed.
  Appender(Connection& connection, const sync::ServerFolder& folder, sync::UidValidity validity, sync::UploadSource& source);

  Result<void> run();

 private:
  Result<void> send(const sync::OutgoingMessage& message, std::size_t index);
  Result<void> stream();
  Result<void> take_next();
  Result<void> finish(std::size_t index, const imap::Condition& condition);
  Result<void> refuse(std::size_t index, std::string reason, std::string hint);
  std::uint64_t size_limit() const;

  Connection& connection_;
  const sync::ServerFolder& folder_;
  sync::UidValidity validity_;
  sync::UploadSource& source_;
  std::map<imap::CommandId, std::size_t> in_flight_;
  std::set<std::uint32_t> uids_;  ///< told until now: none is given twice
  std::vector<char> buffer_;
  bool is_missing_ = false;  ///< the folder
};

}  // namespace valija::remote
