#include "batch_writer.hpp"

#include <iterator>
#include <utility>

#include "valija/base/thrown.hpp"

namespace valija::store {
namespace {

constexpr std::size_t chunk_bytes = 256 << 10;
constexpr std::size_t chunk_messages = 64;
/// What may wait for the disk; with it the memory of a sync stays bounded.
constexpr std::size_t most_bytes_under_way = 8 << 20;

}  // namespace

BatchWriter::~BatchWriter() {
  if (thread_.joinable()) jobs_.send(Stop{});
}

Result<void> BatchWriter::add(const std::shared_ptr<const MailDirectory>& directory, Incoming message) {
  uncommitted_ = true;
  chunk_.directory = directory;
  chunk_.bytes += message.octets.size();
  chunk_.messages.push_back(std::move(message));
  if (chunk_.bytes >= chunk_bytes || chunk_.messages.size() >= chunk_messages) send_chunk();
  receive(false);
  while (bytes_under_way_ > most_bytes_under_way) receive(true);
  if (write_failure_) return fail(*write_failure_);
  return {};
}

void BatchWriter::order_commit(const BatchPlace& place) {
  send_chunk();
  send(place);
  uncommitted_ = false;
}

Result<std::vector<sync::Stored>> BatchWriter::committed() {
  receive(false);
  if (commit_failure_) {
    write_failure_.reset();
    return fail(*std::exchange(commit_failure_, std::nullopt));
  }
  return std::exchange(stored_, {});
}

void BatchWriter::wait_until_idle() {
  while (!is_idle()) receive(true);
}

void BatchWriter::send(Job job) {
  if (!thread_.joinable()) thread_ = std::jthread([this] { work(); });
  ++jobs_under_way_;
  jobs_.send(std::move(job));
}

void BatchWriter::send_chunk() {
  if (chunk_.messages.empty()) return;
  bytes_under_way_ += chunk_.bytes;
  send(std::exchange(chunk_, Write{}));
}

void BatchWriter::receive(bool wait) {
  if (wait && !is_idle()) wait_readable({answers_.fd()}, -1);
  for (Answer& answer : answers_.drain()) {
    --jobs_under_way_;
    bytes_under_way_ -= answer.bytes;
    std::optional<Error>& failure = answer.was_commit ? commit_failure_ : write_failure_;
    if (answer.failure && !failure) failure = std::move(answer.failure);
    stored_.insert(stored_.end(), std::make_move_iterator(answer.stored.begin()), std::make_move_iterator(answer.stored.end()));
  }
}

/// The thread's own function; ends with Stop.
void BatchWriter::work() {
  while (true) {
    wait_readable({jobs_.fd()}, -1);
    while (std::optional<Job> job = jobs_.take()) {
      if (std::holds_alternative<Stop>(*job)) return batch_.abandon();
      Answer answered = answer(std::move(*job));
      const bool has_news = !answered.stored.empty();
      answers_.send(std::move(answered));
      if (has_news && recorded_) recorded_();
    }
  }
}

/// Whatever happens there is an answer: the owner waits for it.
BatchWriter::Answer BatchWriter::answer(Job job) {
  const Write* written = std::get_if<Write>(&job);
  Answer failed;
  failed.bytes = written != nullptr ? written->bytes : 0;
  failed.was_commit = written == nullptr;
  try {
    return written != nullptr ? write(std::get<Write>(std::move(job))) : commit(std::get<BatchPlace>(job));
  } catch (const std::exception& exception) {
    batch_.give_up(thrown_error(exception, Blast::account));
    failed.failure = batch_.failure();
    return failed;
  }
}

BatchWriter::Answer BatchWriter::write(Write job) {
  batch_.write(job.directory, std::move(job.messages));
  Answer answer;
  answer.bytes = job.bytes;
  answer.failure = batch_.failure();
  return answer;
}

BatchWriter::Answer BatchWriter::commit(const BatchPlace& place) {
  Answer answer;
  answer.was_commit = true;
  Result<std::vector<sync::Stored>> stored = batch_.commit(place);
  if (stored) {
    answer.stored = std::move(*stored);
  } else {
    answer.failure = std::move(stored).error();
  }
  return answer;
}

}  // namespace valija::store
