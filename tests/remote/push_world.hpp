#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "../../src/remote/waiter.hpp"

namespace valija::remote::testing {

/// A server that tells of changes, and everything around somebody who waits for it: time passes only while he waits.
class PushWorld final : public Surroundings {
 public:
  PushWorld();

  std::string capabilities = "IDLE CONDSTORE";
  std::map<std::string, sync::FolderCounters> folders;
  /// What to send for a command in place of the honest answer; "" sends nothing.
  std::function<std::optional<std::string>(const std::string& tag, const std::string& command)> hook;
  bool is_dead = false;           ///< the line swallows everything, both ways
  int refused_dials = 0;          ///< the next dials that fail
  Error dial_error{Kind::unreachable, Blast::account, "Nobody there.", ""};
  double next_chance = 0.5;
  std::string network = "192.0.2.1";  ///< the machine's addresses

  std::int64_t now_ms = 1'000'000, suspended_ms = 0;
  bool is_woken = false, is_stopped = false;
  std::vector<std::string> commands;     ///< without tags, with "DONE"
  std::vector<std::int64_t> dialled_at;  ///< milliseconds since the world began

  void at(std::int64_t ms, std::function<void()> event) { events_.emplace(1'000'000 + ms, std::move(event)); }
  /// The server sends this of its own accord.
  void tell(const std::string& text);
  void hang_up();
  std::int64_t elapsed_ms() const { return now_ms - 1'000'000; }
  std::size_t count(const std::string& command) const;

  /// Folders with the counters that the server has now.
  std::vector<sync::ServerFolder> listed() const;
  Result<sync::Woken> wait(const std::vector<sync::ServerFolder>& listed, std::int64_t timeout_ms);
  bool is_connected() const { return connection_ != nullptr; }

  Result<Ready> poll(net::Stream* stream, int wake_fd, std::int64_t timeout_ms) override;
  std::int64_t monotonic_ms() override { return now_ms; }
  std::int64_t boot_ms() override { return now_ms + suspended_ms; }
  std::string addresses() override { return network; }
  double chance() override { return next_chance; }

 private:
  class PushStream;

  std::string answer(const std::string& tag, const std::string& command);
  std::string status_of(const std::string& folder) const;

  std::multimap<std::int64_t, std::function<void()>> events_;
  PushStream* stream_ = nullptr;
  SystemClock clock_;
  std::unique_ptr<Connection> connection_;
  std::string idle_tag_;
};

}  // namespace valija::remote::testing
