#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "pop3_connection.hpp"
#include "valija/sync/types.hpp"
#include "warnings.hpp"

namespace valija::remote {

/// A message as the server has it in this session.
struct DropMessage {
  pop3::MessageNumber number = 0;
  std::uint64_t size = 0;  ///< as LIST says, which may be an estimate
  std::string name;        ///< what the UidBook calls it; unique in its list
  sync::Uid uid{};         ///< 0: not in the book yet
};

/// What a session shows: the messages by number, ascending.
struct Maildrop {
  std::vector<DropMessage> messages;
  bool is_whole = true;  ///< listed without a fault: what is not there is gone
};

/// STAT, LIST and UIDL. A message is called after its UIDL; where that is missing, empty or not its alone, after its header and
/// size, so that every copy has a name.
Result<Maildrop> list_maildrop(Pop3Connection& connection, Warnings& warnings);

/// The headers of these messages by TOP, to `take` in order; nothing for one that the server would not give.
Result<void> read_headers(Pop3Connection& connection, std::span<const pop3::MessageNumber> numbers,
                          const std::function<void(std::size_t index, const std::optional<std::string>& header)>& take);

}  // namespace valija::remote
