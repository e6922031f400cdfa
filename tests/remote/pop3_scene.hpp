#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "../../src/remote/pop3_remote.hpp"
#include "fake_pop3_server.hpp"
#include "fake_server.hpp"
#include "valija/sync/fingerprint.hpp"

namespace valija::remote::testing {

inline constexpr sync::UidValidity validity{1};

class SetClock final : public Clock {
 public:
  explicit SetClock(const UnixTime& now) : now_(now) {}
  UnixTime now() const override { return now_; }
  std::int64_t monotonic_ms() const override { return 0; }

 private:
  const UnixTime& now_;
};

/// A person's side: what was fetched stays, and says so to the book.
struct Scene {
  FakePop3Server server;
  MemoryUidBook::State book;
  Pop3Options options;
  UnixTime now = 1'000'000;
  std::vector<std::string> fetched;  ///< bodies, of all passes
  std::vector<Error> warnings;
  std::uint64_t told_deleted = 0;
  bool is_indexed = true;            ///< at the end of a pass, before the session is closed
  std::vector<std::uint32_t> paired;

  std::unique_ptr<Pop3Remote> remote() {
    return std::make_unique<Pop3Remote>(server.dialler(), std::make_unique<MemoryUidBook>(book), options, std::make_unique<SetClock>(now), std::stop_token());
  }

  /// One pass: fetches, newest first, what has no pair yet.
  Result<void> pass() {
    const auto remote = this->remote();
    if (auto listed = remote->list_folders(); !listed) return fail(listed.error());
    const auto snapshot = remote->list_messages(inbox(), {});
    if (!snapshot) return fail(snapshot.error());
    std::vector<sync::ServerMessage> wanted;
    for (auto message = snapshot->messages.rbegin(); message != snapshot->messages.rend(); ++message) {
      if (std::find(paired.begin(), paired.end(), message->uid.value) == paired.end()) wanted.push_back(*message);
    }
    Collector sink;
    const auto done = remote->fetch(inbox(), validity, wanted, sink);
    for (const std::uint32_t uid : sink.order) keep(uid, sink.bodies[uid]);
    if (is_indexed) settle();
    remote->close();
    told_deleted += remote->take_deleted();
    for (Error& warning : remote->take_warnings()) warnings.push_back(std::move(warning));
    return done;
  }

  void keep(std::uint32_t uid, const std::string& body) {
    fetched.push_back(body);
    paired.push_back(uid);
    for (auto& row : book.rows) {
      if (row.uid.value == uid) row.fingerprint = sync::fingerprint(body, body.size());
    }
  }
  void settle() {
    for (auto& row : book.rows) row.is_safe = std::find(paired.begin(), paired.end(), row.uid.value) != paired.end();
  }
};

inline std::vector<std::string> bodies_of(const FakePop3Server& server) {
  std::vector<std::string> bodies;
  for (auto message = server.messages.rbegin(); message != server.messages.rend(); ++message) bodies.push_back(message->octets);
  return bodies;
}

}  // namespace valija::remote::testing
