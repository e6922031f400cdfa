#include "fake_pop3_server.hpp"

#include <algorithm>
#include <cstring>

namespace valija::remote::testing {

class FakePop3Stream final : public net::Stream {
 public:
  FakePop3Stream(FakePop3Server& server, std::size_t cut_after) : server_(server), messages_(server.messages), cut_after_(cut_after) {
    is_deleted_.assign(messages_.size(), false);
  }

  Result<std::size_t> read(std::span<char> buffer) override {
    if (sent_ >= cut_after_ || to_client_.empty()) return fail(Kind::unreachable, Blast::account, "The connection was cut.");
    const std::size_t size = std::min({buffer.size(), to_client_.size(), server_.piece, cut_after_ - sent_});
    std::memcpy(buffer.data(), to_client_.data(), size);
    to_client_.erase(0, size);
    sent_ += size;
    server_.octets_sent += size;
    return size;
  }

  Result<void> write(std::string_view bytes) override {
    std::size_t lines = 0;
    from_client_ += bytes;
    for (std::size_t end = 0; (end = from_client_.find("\r\n")) != std::string::npos; ++lines) {
      const std::string line = from_client_.substr(0, end);
      from_client_.erase(0, end + 2);
      server_.commands.push_back(line);
      to_client_ += answer(line);
    }
    server_.most_waiting = std::max(server_.most_waiting, lines);
    return {};
  }

  Result<bool> readable(int) override { return !to_client_.empty(); }

 private:
  using Message = FakePop3Server::Message;

  std::string answer(const std::string& command) {
    if (server_.hook) {
      if (auto scripted = server_.hook(command)) return *scripted;
    }
    if (command == "CAPA") return server_.capabilities.empty() ? "-ERR what?\r\n" : "+OK\r\n" + server_.capabilities + ".\r\n";
    if (command == "STAT") return "+OK " + std::to_string(messages_.size()) + " 1000\r\n";
    if (command == "LIST") return listing([](const Message& message) { return std::to_string(message.listed_size.value_or(message.octets.size())); });
    if (command == "UIDL") return listing([](const Message& message) { return message.uidl; });
    if (command == "QUIT") return quit();
    const std::size_t number = std::stoul(command.substr(command.find(' ') + 1));
    if (number == 0 || number > messages_.size() || is_deleted_[number - 1]) return "-ERR no such message\r\n";
    const std::string& octets = messages_[number - 1].octets;
    if (command.starts_with("RETR")) return "+OK\r\n" + stuffed(octets) + ".\r\n";
    if (command.starts_with("TOP")) return "+OK\r\n" + stuffed(octets.substr(0, octets.find("\r\n\r\n") + 4)) + ".\r\n";
    is_deleted_[number - 1] = true;
    return "+OK\r\n";
  }

  std::string listing(const std::function<std::string(const Message&)>& what) const {
    std::string lines = "+OK\r\n";
    for (std::size_t i = 0; i < messages_.size(); ++i) lines += std::to_string(i + 1) + ' ' + what(messages_[i]) + "\r\n";
    return lines + ".\r\n";
  }

  std::string quit() {
    if (server_.loses_quit) return {};
    for (std::size_t i = 0; i < messages_.size(); ++i) {
      const auto is_same = [&](const Message& message) { return is_deleted_[i] && message.octets == messages_[i].octets && message.uidl == messages_[i].uidl; };
      const auto found = std::find_if(server_.messages.begin(), server_.messages.end(), is_same);
      if (found != server_.messages.end()) server_.messages.erase(found);
    }
    return "+OK bye\r\n";
  }

  static std::string stuffed(const std::string& octets) {
    std::string wire = octets.starts_with('.') ? "." : "";
    for (std::size_t at = 0; at < octets.size(); ++at) {
      wire += octets[at];
      if (octets.compare(at, 2, "\n.") == 0 && at > 0 && octets[at - 1] == '\r') wire += '.';
    }
    return wire;
  }

  FakePop3Server& server_;
  std::vector<Message> messages_;
  std::vector<bool> is_deleted_;
  std::size_t cut_after_;
  std::size_t sent_ = 0;
  std::string from_client_, to_client_;
};

std::size_t FakePop3Server::count(std::string_view beginning) const {
  return static_cast<std::size_t>(std::count_if(commands.begin(), commands.end(), [&](const std::string& c) { return c.starts_with(beginning); }));
}

Dialler FakePop3Server::dialler() {
  return [this]() -> Result<std::unique_ptr<net::Stream>> {
    const std::size_t cut = dials++ == 0 ? cut_after : SIZE_MAX;
    return std::unique_ptr<net::Stream>(std::make_unique<FakePop3Stream>(*this, cut));
  };
}

Result<std::vector<sync::Uid>> MemoryUidBook::add(std::span<const sync::BookedMessage> messages) {
  std::vector<sync::Uid> uids;
  for (const sync::BookedMessage& message : messages) {
    state_.rows.push_back(message);
    state_.rows.back().uid.value = ++state_.last;
    uids.push_back(state_.rows.back().uid);
  }
  return uids;
}

Result<void> MemoryUidBook::rename(std::span<const sync::BookName> names) {
  for (const sync::BookName& name : names) find(name.uid)->name = name.name;
  return {};
}

Result<void> MemoryUidBook::mark_deleted(std::span<const sync::Uid> uids) {
  for (const sync::Uid uid : uids) find(uid)->is_deleted = true;
  return {};
}

Result<void> MemoryUidBook::remove(std::span<const sync::Uid> uids) {
  std::erase_if(state_.rows, [&](const auto& row) { return std::find(uids.begin(), uids.end(), row.uid) != uids.end(); });
  return {};
}

sync::BookedMessage* MemoryUidBook::find(sync::Uid uid) {
  return &*std::find_if(state_.rows.begin(), state_.rows.end(), [&](const auto& row) { return row.uid == uid; });
}

std::vector<FakePop3Server::Message> some_pop3_messages(int count) {
  std::vector<FakePop3Server::Message> messages;
  for (int i = 1; i <= count; ++i) {
    const std::string number = std::to_string(i);
    messages.push_back({"uidl-" + number, "Message-ID: <" + number + "@example.test>\r\nSubject: " + number + "\r\n\r\n.line " + number + "\r\n.\r\n\n.\n\r\n"});
  }
  return messages;
}

}  // namespace valija::remote::testing
