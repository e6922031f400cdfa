#include "push_world.hpp"

#include <algorithm>
#include <cstring>

namespace valija::remote::testing {

class PushWorld::PushStream final : public net::Stream {
 public:
  explicit PushStream(PushWorld& world) : world_(world) { world_.stream_ = this; }
  ~PushStream() override { world_.stream_ = nullptr; }

  Result<std::size_t> read(std::span<char> buffer) override {
    if (to_client.empty() && !is_closed) return fail(Kind::unreachable, Blast::account, "The server is silent.");
    const std::size_t size = std::min(buffer.size(), to_client.size());
    std::memcpy(buffer.data(), to_client.data(), size);
    to_client.erase(0, size);
    return size;
  }
  Result<void> write(std::string_view bytes) override {
    from_client_ += bytes;
    for (std::size_t end = 0; (end = from_client_.find("\r\n")) != std::string::npos;) {
      const std::string line = from_client_.substr(0, end);
      from_client_.erase(0, end + 2);
      const std::size_t space = line.find(' ');
      const std::string command = line == "DONE" ? line : line.substr(space + 1);
      world_.commands.push_back(command);
      const std::string answer = world_.answer(line.substr(0, space), command);
      if (!world_.is_dead) to_client += answer;
    }
    return {};
  }
  Result<bool> readable(int) override { return !to_client.empty() || is_closed; }

  std::string to_client;
  bool is_closed = false;

 private:
  PushWorld& world_;
  std::string from_client_;
};

PushWorld::PushWorld() {
  folders["INBOX"] = {{7}, {11}, {100}, 5};
  folders["Work"] = {{8}, {21}, {200}, 6};
  folders["Lists"] = {{9}, {31}, {300}, 7};
}

void PushWorld::tell(const std::string& text) {
  if (stream_ != nullptr && !is_dead) stream_->to_client += text;
}

void PushWorld::hang_up() {
  if (stream_ != nullptr) stream_->is_closed = true;
}

std::size_t PushWorld::count(const std::string& command) const {
  return static_cast<std::size_t>(std::count_if(commands.begin(), commands.end(), [&](const std::string& c) { return c.starts_with(command); }));
}

std::vector<sync::ServerFolder> PushWorld::listed() const {
  std::vector<sync::ServerFolder> listed;
  for (const std::string name : {"INBOX", "Work", "Lists"}) {
    sync::ServerFolder& folder = listed.emplace_back();
    folder.path = *FolderPath::from_text(name);
    folder.wire_name = name;
    folder.counters = folders.at(name);
  }
  return listed;
}

Result<sync::Woken> PushWorld::wait(const std::vector<sync::ServerFolder>& listed, std::int64_t timeout_ms) {
  Line line;
  line.connect = [this]() -> Result<Connection*> {
    if (connection_) return connection_.get();
    dialled_at.push_back(elapsed_ms());
    if (refused_dials > 0) {
      --refused_dials;
      return fail(dial_error);
    }
    is_dead = false;
    connection_ = std::make_unique<Connection>(std::make_unique<PushStream>(*this), clock_);
    if (auto started = connection_->start(); !started) return fail(started.error());
    return connection_.get();
  };
  line.drop = [this] { connection_.reset(); };
  return Waiter(std::move(line), *this, listed, 0, timeout_ms).run();
}

Result<Surroundings::Ready> PushWorld::poll(net::Stream* stream, int wake_fd, std::int64_t timeout_ms) {
  const std::int64_t end_ms = now_ms + timeout_ms;
  while (true) {
    if (is_stopped) return Ready::stop;
    if (stream != nullptr && *stream->readable(0)) return Ready::stream;
    if (is_woken && wake_fd >= 0) return Ready::wake;
    const auto next = events_.begin();
    if (next == events_.end() || next->first > end_ms) break;
    now_ms = std::max(now_ms, next->first);
    const auto event = std::move(next->second);
    events_.erase(next);
    event();
  }
  now_ms = end_ms;
  return Ready::time;
}

std::string PushWorld::status_of(const std::string& folder) const {
  const sync::FolderCounters& counters = folders.at(folder);
  return "* STATUS " + folder + " (MESSAGES " + std::to_string(counters.messages) + " UIDNEXT " + std::to_string(counters.uid_next.value) +
         " UIDVALIDITY " + std::to_string(counters.uid_validity.value) + " HIGHESTMODSEQ " + std::to_string(counters.highest.value) + ")\r\n";
}

std::string PushWorld::answer(const std::string& tag, const std::string& command) {
  if (command == "IDLE") idle_tag_ = tag;
  if (hook) {
    if (auto scripted = hook(tag, command)) return *scripted;
  }
  if (command == "CAPABILITY") return "* CAPABILITY IMAP4rev1 " + capabilities + "\r\n" + tag + " OK done\r\n";
  if (command == "IDLE") return "+ idling\r\n";
  if (command == "DONE") return idle_tag_ + " OK done\r\n";
  if (command.starts_with("STATUS \"")) {
    const std::string folder = command.substr(8, command.find('"', 8) - 8);
    return (folders.contains(folder) ? status_of(folder) + tag + " OK done\r\n" : tag + " NO no such folder\r\n");
  }
  if (command.starts_with("SELECT")) {
    const sync::FolderCounters& counters = folders.at("INBOX");
    return "* " + std::to_string(counters.messages) + " EXISTS\r\n* OK [UIDVALIDITY " + std::to_string(counters.uid_validity.value) +
           "] x\r\n* OK [UIDNEXT " + std::to_string(counters.uid_next.value) + "] x\r\n* OK [HIGHESTMODSEQ " +
           std::to_string(counters.highest.value) + "] x\r\n" + tag + " OK done\r\n";
  }
  if (command.starts_with("NOTIFY") || command == "NOOP") return tag + " OK done\r\n";
  return tag + " BAD what?\r\n";
}

}  // namespace valija::remote::testing
