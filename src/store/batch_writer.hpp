#pragma once

#include <functional>
#include <optional>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "mail_batch.hpp"
#include "valija/base/channel.hpp"

namespace valija::store {

/// Writes batches on a thread of its own, so that the disk works while the next messages arrive. Used by one thread, the owner. While
/// `is_idle()` is false the thread owns the account's state, and the owner must not touch it.
class BatchWriter {
 public:
  /// `recorded` is called by the thread behind each commit that has messages; may be empty.
  BatchWriter(AccountState& state, Files& files, const TagMap& tags, std::function<void()> recorded)
      : batch_(state, files, tags), recorded_(std::move(recorded)) {}
  ~BatchWriter();
  BatchWriter(const BatchWriter&) = delete;
  BatchWriter& operator=(const BatchWriter&) = delete;

  /// Takes one whole message; waits where the disk is much slower than the server. Fails if the batch is lost: then commit.
  Result<void> add(const std::shared_ptr<const MailDirectory>& directory, Incoming message);
  /// Messages were added that no commit was ordered for.
  bool has_uncommitted() const { return uncommitted_; }
  void order_commit(const BatchPlace& place);
  /// What was committed since the last call, or why one of the commits failed. Does not wait.
  Result<std::vector<sync::Stored>> committed();
  /// Until everything ordered is done.
  void wait_until_idle();
  bool is_idle() const { return jobs_under_way_ == 0; }

 private:
  struct Write {
    std::shared_ptr<const MailDirectory> directory;
    std::vector<Incoming> messages;
    std::size_t bytes = 0;
  };
  struct Stop {};
  using Job = std::variant<Write, BatchPlace, Stop>;
  struct Answer {
    std::size_t bytes = 0;
    std::optional<Error> failure;
    std::vector<sync::Stored> stored;
    bool was_commit = false;
  };

  void send(Job job);
  void send_chunk();
  void receive(bool wait);
  void work();
  Answer answer(Job job);
  Answer write(Write job);
  Answer commit(const BatchPlace& place);

  MailBatch batch_;  ///< the thread's
  const std::function<void()> recorded_;
  Channel<Job> jobs_;
  Channel<Answer> answers_;
  Write chunk_;
  std::size_t jobs_under_way_ = 0;
  std::size_t bytes_under_way_ = 0;
  bool uncommitted_ = false;
  std::optional<Error> write_failure_, commit_failure_;
  std::vector<sync::Stored> stored_;
  std::jthread thread_;
};

}  // namespace valija::store
