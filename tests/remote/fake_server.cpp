#include "fake_server.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "valija/imap/sequence_set.hpp"

namespace valija::remote::testing {
namespace {

class FakeStream final : public net::Stream {
 public:
  FakeStream(FakeServer& server, std::size_t cut_after) : server_(server), cut_after_(cut_after) {}

  Result<std::size_t> read(std::span<char> buffer) override {
    if (to_client_.empty()) return fail(Kind::unreachable, Blast::account, "The server is silent.");
    if (sent_ >= cut_after_) return fail(Kind::unreachable, Blast::account, "The connection was cut.");
    const std::size_t size = std::min({buffer.size(), to_client_.size(), server_.piece, cut_after_ - sent_});
    std::memcpy(buffer.data(), to_client_.data(), size);
    to_client_.erase(0, size);
    sent_ += size;
    server_.octets_sent += size;
    return size;
  }

  Result<void> write(std::string_view bytes) override {
    const std::size_t arrived = std::min(bytes.size(), server_.cut_writes_after);
    server_.cut_writes_after -= server_.cut_writes_after == SIZE_MAX ? 0 : arrived;
    server_.octets_received += arrived;
    from_client_ += bytes.substr(0, arrived);
    while (take_line()) continue;
    if (arrived < bytes.size()) return fail(Kind::unreachable, Blast::account, "The connection was cut.");
    return {};
  }

  Result<bool> readable(int) override { return !to_client_.empty(); }

 private:
  /// A whole command, or one piece of it up to a literal's end.
  bool take_line() {
    const std::size_t end = from_client_.find("\r\n");
    if (end == std::string::npos) return false;
    const std::size_t brace = from_client_.rfind('{', end);
    const bool has_literal = end > 0 && from_client_[end - 1] == '}' && brace != std::string::npos;
    if (!has_literal) {
      command_ += from_client_.substr(0, end);
      from_client_.erase(0, end + 2);
      finish_command();
      return true;
    }
    const std::size_t size = std::stoul(from_client_.substr(brace + 1));
    const bool waits = from_client_[end - 2] != '+';
    const std::string start = command_ + from_client_.substr(0, end);
    const std::size_t space = start.find(' ');
    if (waits && !is_permitted_) {
      const auto refusal = server_.refuse_literal ? server_.refuse_literal(start.substr(0, space), start.substr(space + 1)) : std::nullopt;
      to_client_ += refusal.value_or("+ go on\r\n");
      if (refusal) {
        command_.clear();
        from_client_.erase(0, end + 2);
        return true;
      }
      is_permitted_ = true;
    }
    if (from_client_.size() < end + 2 + size) return false;
    command_ = start + "\r\n" + from_client_.substr(end + 2, size);
    from_client_.erase(0, end + 2 + size);
    is_permitted_ = false;
    return true;
  }

  void finish_command() {
    const std::string command = std::exchange(command_, {});
    const std::size_t space = command.find(' ');
    if (space == std::string::npos) return;
    server_.commands.push_back(command.substr(space + 1));
    to_client_ += server_.answer(command.substr(0, space), command.substr(space + 1));
  }

  FakeServer& server_;
  std::size_t cut_after_;
  std::size_t sent_ = 0;
  std::string from_client_, to_client_;
  std::string command_;        ///< its pieces until now
  bool is_permitted_ = false;  ///< the literal that comes
};

}  // namespace

Dialler FakeServer::dialler() {
  return [this]() -> Result<std::unique_ptr<net::Stream>> {
    if (dials > 0 && stays_down) return fail(Kind::unreachable, Blast::account, "Nobody is there.");
    if (dials > 0) cut_writes_after = SIZE_MAX;
    const std::size_t cut = dials++ == 0 ? cut_after : SIZE_MAX;
    return std::unique_ptr<net::Stream>(std::make_unique<FakeStream>(*this, cut));
  };
}

std::string FakeServer::answer(const std::string& tag, const std::string& command) {
  if (hook) {
    if (auto scripted = hook(tag, command)) return *scripted;
  }
  if (command == "CAPABILITY") return "* CAPABILITY IMAP4rev1 " + capabilities + "\r\n" + tag + " OK done\r\n";
  if (command.starts_with("ENABLE")) return "* ENABLED QRESYNC\r\n" + tag + " OK done\r\n";
  if (command.starts_with("LIST")) return answer_list(tag);
  if (command.starts_with("SELECT")) return answer_select(tag);
  if (command.starts_with("UID FETCH")) return answer_fetch(tag, command);
  return tag + " BAD what?\r\n";
}

std::string FakeServer::answer_list(const std::string& tag) const {
  return (list.empty() ? "* LIST () \"/\" INBOX\r\n" : list) + tag + " OK done\r\n";
}

std::string FakeServer::answer_select(const std::string& tag) const {
  std::string answer = "* " + std::to_string(messages.size()) + " EXISTS\r\n* OK [UIDVALIDITY " + std::to_string(uid_validity) + "] x\r\n";
  answer += "* OK [UIDNEXT " + std::to_string(messages.empty() ? 1 : messages.back().uid + 1) + "] x\r\n";
  if (highest_modseq > 0) answer += "* OK [HIGHESTMODSEQ " + std::to_string(highest_modseq) + "] x\r\n";
  return answer + tag + " OK [READ-WRITE] done\r\n";
}

std::string FakeServer::full_body(const Message& message) const {
  return "BODY[] {" + std::to_string(message.octets.size()) + "}\r\n" + message.octets;
}

std::string FakeServer::answer_fetch(const std::string& tag, const std::string& command) const {
  std::string answer;
  const std::string set = command.substr(10, command.find(' ', 10) - 10);
  const auto ranges = imap::parse_sequence_set(set == "1:*" ? "1:4294967295" : set);
  if (!ranges) return tag + " BAD set\r\n";
  const bool wants_body = command.find("BODY.PEEK[]") != std::string::npos;
  const bool only_changes = command.find("CHANGEDSINCE") != std::string::npos;
  for (std::size_t i = 0; i < messages.size() && !only_changes; ++i) {
    const Message& message = messages[i];
    if (!imap::contains(*ranges, message.uid)) continue;
    answer += "* " + std::to_string(i + 1) + " FETCH (UID " + std::to_string(message.uid) + ' ';
    answer += wants_body ? full_body(message)
                         : "FLAGS (" + message.flags + ") RFC822.SIZE " + std::to_string(message.octets.size()) +
                               " INTERNALDATE \"01-Jan-2024 00:00:00 +0000\"";
    answer += ")\r\n";
  }
  return answer + tag + " OK done\r\n";
}

Result<void> Collector::begin(const sync::ServerMessage& message, std::uint64_t size) {
  if (refuse_with) return fail(*refuse_with);
  uid_ = message.uid.value;
  size_ = size;
  octets_.clear();
  return {};
}

Result<void> Collector::body(std::string_view piece) {
  CHECK(uid_ != 0);
  octets_ += piece;
  return {};
}

Result<void> Collector::end() {
  CHECK(octets_.size() == size_);
  order.push_back(uid_);
  if (!bodies.emplace(uid_, octets_).second) ++doubled;
  uid_ = 0;
  return {};
}

sync::ServerFolder inbox() {
  sync::ServerFolder folder;
  folder.path = *FolderPath::from_text("INBOX");
  folder.wire_name = "INBOX";
  return folder;
}

std::vector<sync::ServerMessage> messages_of(std::initializer_list<std::uint32_t> uids) {
  std::vector<sync::ServerMessage> messages;
  for (const std::uint32_t uid : uids) messages.emplace_back().uid = {uid};
  return messages;
}

std::vector<sync::ServerMessage> newest_first(const std::vector<sync::ServerMessage>& messages) { return {messages.rbegin(), messages.rend()}; }

std::vector<FakeServer::Message> some_messages(std::uint32_t count) {
  std::vector<FakeServer::Message> messages;
  for (std::uint32_t i = 1; i <= count; ++i) {
    messages.push_back({i * 10, "\\Seen", "Subject: " + std::to_string(i) + "\r\n\r\nbody " + std::to_string(i) + "\r\n"});
  }
  return messages;
}

}  // namespace valija::remote::testing
