#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "fake_server.hpp"

namespace valija::remote::testing {

/// A mail server's account in memory: folders with everything that a client may do to them. It can do what `capabilities` say.
class MailModel {
 public:
  struct Message {
    std::uint32_t uid = 0;
    std::set<std::string> flags;
    std::string octets;
    std::uint64_t modseq = 0;
  };
  struct Folder {
    std::uint32_t uid_validity = 7;
    std::uint32_t uid_next = 1;
    std::vector<Message> messages;
    std::vector<std::pair<std::uint32_t, std::uint64_t>> vanished;  ///< uid, mod-sequence
    bool is_subscribed = false;
    std::string permanent_flags = "(\\Answered \\Flagged \\Deleted \\Seen \\Draft \\*)";
  };

  explicit MailModel(std::string_view capabilities);
  /// Answers everything for the server.
  void serve(FakeServer& server);

  Message& add(const std::string& folder, std::string octets, std::set<std::string> flags = {});
  bool has(std::string_view capability) const;
  /// Octets of the messages of a folder, sorted.
  std::vector<std::string> contents(const std::string& folder) const;
  /// The message with this uid; it must be there.
  const Message& message(const std::string& folder, std::uint32_t uid) const;

  std::string capabilities;
  char delimiter = '/';
  std::string prefix;  ///< of the personal namespace
  std::map<std::string, Folder> folders{{"INBOX", {}}};
  std::uint64_t modseq = 1;
  std::map<std::string, int> bodies_sent;  ///< by octets

 private:
  /// Words, quoted strings without their quotes, lists with their parentheses, literals.
  static std::vector<std::string> words_of(const std::string& command);
  std::string answer(const std::string& tag, const std::string& command);
  std::string answer_in_folder(const std::string& tag, const std::vector<std::string>& words);
  std::string list(const std::string& pattern, const std::vector<std::string>& words) const;
  std::string status(const std::string& name, const std::string& items) const;
  std::string select(const std::vector<std::string>& words, bool for_writing);
  std::string fetch(const std::vector<std::string>& words);
  std::string store(const std::string& tag, const std::vector<std::string>& words);
  std::string search(const std::vector<std::string>& words);
  std::string copy(const std::string& tag, const std::vector<std::string>& words, bool removes);
  std::string append(const std::string& tag, const std::vector<std::string>& words);
  std::string admin(const std::string& tag, const std::vector<std::string>& words);
  std::string remove(const std::set<std::uint32_t>& uids);
  std::set<std::uint32_t> uids_in(const std::string& set) const;
  std::string flags_line(const Message& message) const;

  std::string selected_;
  bool has_qresync_ = false;
};

/// Hands out messages and keeps what became of them.
class MemoryUpload final : public sync::UploadSource {
 public:
  struct Item {
    std::string octets;
    Marks marks{};
    UnixTime received = 0;
  };
  explicit MemoryUpload(std::vector<Item> items) : items_(std::move(items)) {}

  Result<std::optional<sync::OutgoingMessage>> next() override;
  Result<std::size_t> read(std::span<char> buffer) override;
  Result<void> appended(std::size_t index, sync::UidValidity validity, sync::Uid uid) override;
  Result<void> refused(std::size_t index, const Error& error) override;

  std::map<std::size_t, std::uint32_t> taken;  ///< index -> uid
  std::map<std::size_t, Error> refusals;
  std::size_t piece = 7;               ///< octets per read
  std::size_t ends_early_by = 0;       ///< a file that shrank
  std::size_t most_ahead = 0;          ///< handed out, and not yet answered
  std::optional<Error> fail_read_with;

 private:
  std::vector<Item> items_;
  std::size_t handed_out_ = 0, at_ = 0;
};

}  // namespace valija::remote::testing
