#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "valija/net/stream.hpp"
#include "valija/remote/pop3_remote.hpp"
#include "valija/sync/uid_book.hpp"

namespace valija::remote::testing {

/// A POP3 server in memory; `hook` may answer any command in its place.
class FakePop3Server {
 public:
  struct Message {
    std::string uidl;
    std::string octets;
    std::optional<std::uint64_t> listed_size{};  ///< a lie of LIST
  };
  using Hook = std::function<std::optional<std::string>(const std::string& command)>;

  std::string capabilities = "TOP\r\nUIDL\r\nPIPELINING\r\n";
  std::vector<Message> messages;
  Hook hook;
  std::size_t cut_after = SIZE_MAX;  ///< octets of the first connection
  std::size_t piece = 65536;         ///< octets per read
  bool loses_quit = false;           ///< the deletions are not carried out, and QUIT is not answered
  int dials = 0;
  std::size_t octets_sent = 0;
  std::size_t most_waiting = 0;  ///< commands that came with one write
  std::vector<std::string> commands;

  std::size_t count(std::string_view beginning) const;
  Dialler dialler();

 private:
  friend class FakePop3Stream;
};

/// A UidBook in memory. A message is safe where `fingerprints` has its file and `unsafe` has not its number.
class MemoryUidBook final : public sync::UidBook {
 public:
  struct State {
    std::vector<sync::BookedMessage> rows;
    std::uint32_t last = 0;
  };
  explicit MemoryUidBook(State& state) : state_(state) {}
  Result<std::vector<sync::BookedMessage>> read() override { return state_.rows; }
  Result<std::vector<sync::Uid>> add(std::span<const sync::BookedMessage> messages) override;
  Result<void> rename(std::span<const sync::BookName> names) override;
  Result<void> mark_deleted(std::span<const sync::Uid> uids) override;
  Result<void> remove(std::span<const sync::Uid> uids) override;

 private:
  sync::BookedMessage* find(sync::Uid uid);
  State& state_;
};

std::vector<FakePop3Server::Message> some_pop3_messages(int count);

}  // namespace valija::remote::testing
