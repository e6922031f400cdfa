#pragma once

#include <memory>
#include <string>

#include "valija/base/log.hpp"
#include "valija/workers/sender.hpp"

namespace valija::workers {

/// What sending works with, and its end: everything behind the server's 250. One thread.
class OutboxDesk {
 public:
  explicit OutboxDesk(Sender::Options options);

  Result<void> open();
  /// Behind `open`.
  store::Outbox& outbox() const { return *outbox_; }
  const Sender::Options& options() const { return options_; }
  const Log& log() const { return log_; }
  UnixTime now() const { return options_.clock.now(); }
  void tell(std::uint64_t sent = 0) const;
  /// Kind::settings: it is not there any more.
  Result<const config::Account*> account(const std::string& name) const;

  /// The Sent copy, the stored draft, the tag of the original, and out of the outbox; each step can be done again. `has_copy`: the Sent folder has it.
  Result<void> finish(const Outgoing& entry, bool has_copy);

 private:
  Sender::Options options_;
  Log log_;
  std::unique_ptr<store::Outbox> outbox_;
};

}  // namespace valija::workers
