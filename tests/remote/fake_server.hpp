#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "valija/net/stream.hpp"
#include "valija/remote/imap_remote.hpp"
#include "valija/sync/remote.hpp"

namespace valija::remote::testing {

/// An IMAP server in memory with one folder, INBOX; `hook` may answer any command in its place.
class FakeServer {
 public:
  struct Message {
    std::uint32_t uid = 0;
    std::string flags;
    std::string octets;
  };
  /// What to send for a command ("UID FETCH 1:* ..."); nothing: the honest answer. "" sends nothing at all.
  using Hook = std::function<std::optional<std::string>(const std::string& tag, const std::string& command)>;

  std::string capabilities;
  std::vector<Message> messages;
  std::uint32_t uid_validity = 7;
  std::uint64_t highest_modseq = 0;
  std::string list;  ///< LIST responses; empty: INBOX alone
  Hook hook;
  /// What to answer in place of "+" to a command up to its literal; nothing: "+".
  Hook refuse_literal;
  std::size_t cut_after = SIZE_MAX;  ///< octets of the first connection
  bool stays_down = false;  ///< behind a cut nobody can dial
  std::size_t cut_writes_after = SIZE_MAX;  ///< octets that the first connection takes from the client
  std::size_t piece = 65536;         ///< octets per read
  int dials = 0;
  std::vector<std::string> commands;
  std::size_t octets_sent = 0;
  std::size_t octets_received = 0;

  std::string answer(const std::string& tag, const std::string& command);
  std::string full_body(const Message& message) const;
  Dialler dialler();

 private:
  std::string answer_list(const std::string& tag) const;
  std::string answer_select(const std::string& tag) const;
  std::string answer_fetch(const std::string& tag, const std::string& command) const;
};

/// Keeps what arrived whole, in order.
class Collector final : public sync::FetchSink {
 public:
  std::vector<std::uint32_t> order;
  std::map<std::uint32_t, std::string> bodies;
  int doubled = 0;
  std::optional<Error> refuse_with;

  Result<void> begin(const sync::ServerMessage& message, std::uint64_t size) override;
  Result<void> body(std::string_view piece) override;
  Result<void> end() override;

 private:
  std::uint32_t uid_ = 0;
  std::uint64_t size_ = 0;
  std::string octets_;
};

sync::ServerFolder inbox();
/// Messages of which only the uids are known.
std::vector<sync::ServerMessage> messages_of(std::initializer_list<std::uint32_t> uids);
std::vector<sync::ServerMessage> newest_first(const std::vector<sync::ServerMessage>& messages);
/// `count` messages with uids 10, 20, ...
std::vector<FakeServer::Message> some_messages(std::uint32_t count);

}  // namespace valija::remote::testing
