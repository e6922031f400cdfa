#include "download.hpp"

#include <algorithm>
#include <optional>

namespace valija::sync {
namespace {

constexpr std::size_t first_batch = 50;
constexpr std::size_t largest_batch = 2000;
constexpr std::size_t batch_growth = 4;
constexpr std::uint64_t largest_batch_bytes = 32 << 20;

/// How many of the messages from `start` on make the next batch: at least one.
std::size_t batch_length(const std::vector<const ServerMessage*>& messages, std::size_t start, std::size_t limit) {
  std::uint64_t bytes = 0;
  std::size_t count = 0;
  while (start + count < messages.size() && count < limit) {
    const std::uint64_t size = std::min(messages[start + count]->size, largest_batch_bytes);
    if (count > 0 && bytes + size > largest_batch_bytes) break;
    bytes += size;
    ++count;
  }
  return count;
}

BaseName base_of(const std::string& path) {
  const std::string name = path.substr(path.rfind('/') + 1);
  return name.substr(0, name.rfind(":2,"));
}

bool stays_with_message(const Error& error) { return error.blast == Blast::message && error.kind != Kind::cancelled; }

}  // namespace

/// Takes only messages of the batch, once each, and only whole ones.
class Downloader::Sink final : public FetchSink {
 public:
  Sink(Downloader& owner, std::vector<const ServerMessage*> batch) : owner_(owner), batch_(std::move(batch)) {
    std::sort(batch_.begin(), batch_.end(), [](const auto* a, const auto* b) { return a->uid < b->uid; });
    taken_.resize(batch_.size());
  }
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;
  ~Sink() override { abandon(); }

  Result<void> begin(const ServerMessage& message, std::uint64_t size) override {
    abandon();
    const std::optional<std::size_t> asked = position(message.uid);
    // Nothing on the server is empty: some servers say so when they cannot read the message just now.
    if (!asked || taken_[*asked] || size == 0) return {};
    current_ = *asked;
    left_ = size;
    size_ = size;
    return settle(owner_.local_.begin(owner_.folder_.path, owner_.folder_.role, *batch_[*asked]));
  }

  Result<void> body(std::string_view piece) override {
    if (!current_) return {};
    if (piece.size() > left_) {
      abandon();
      return {};
    }
    left_ -= piece.size();
    return settle(owner_.local_.write(piece));
  }

  Result<void> end() override {
    if (!current_) return {};
    if (left_ != 0) {
      abandon();
      return {};
    }
    const std::size_t whole = *current_;
    const Result<void> kept = settle(owner_.local_.keep());
    if (!kept || !current_) return kept;
    current_.reset();
    taken_[whole] = true;
    owner_.totals_.bytes += size_;
    ++owner_.messages_done_;
    owner_.observer_.progress(owner_.folder_.path, owner_.messages_done_, owner_.totals_.bytes);
    return {};
  }

 private:
  std::optional<std::size_t> position(Uid uid) const {
    const auto found = std::lower_bound(batch_.begin(), batch_.end(), uid, [](const auto* message, Uid searched) { return message->uid < searched; });
    if (found == batch_.end() || (*found)->uid != uid) return std::nullopt;
    return static_cast<std::size_t>(found - batch_.begin());
  }

  void abandon() {
    if (current_) owner_.local_.discard();
    current_.reset();
  }

  /// A failure of this message only is told, and the rest of it is read past; any other one ends the fetch.
  Result<void> settle(Result<void> result) {
    if (result) return result;
    abandon();
    if (!stays_with_message(result.error())) return result;
    owner_.observer_.failed(owner_.folder_.path, result.error());
    return {};
  }

  Downloader& owner_;
  std::vector<const ServerMessage*> batch_;
  std::vector<bool> taken_;
  std::optional<std::size_t> current_;
  std::uint64_t left_ = 0, size_ = 0;
};

Downloader::Downloader(Remote& remote, Local& local, Observer& observer, const ServerFolder& folder, UidValidity validity)
    : remote_(remote), local_(local), observer_(observer), folder_(folder), validity_(validity) {}

void Downloader::tell(std::vector<Stored> stored) {
  if (stored.empty()) return;
  totals_.downloaded += stored.size();
  for (const Stored& message : stored) local_.note({folder_.path, base_of(message.path), "downloaded", "new on the server"});
  observer_.stored(folder_.path, stored);
}

Result<void> Downloader::fetch(std::vector<const ServerMessage*> batch) {
  std::vector<ServerMessage> messages;
  messages.reserve(batch.size());
  for (const ServerMessage* message : batch) messages.push_back(*message);
  Sink sink(*this, std::move(batch));
  return remote_.fetch(folder_, validity_, messages, sink);
}

void Downloader::settle() {
  // One failure may wait behind another one; after the second call nothing is under way any more.
  for (int attempt = 0; attempt < 2; ++attempt) {
    if (Result<std::vector<Stored>> stored = local_.commit(folder_.path, validity_)) return tell(std::move(*stored));
  }
}

Result<void> Downloader::run(const std::vector<const ServerMessage*>& messages) {
  asked_ = messages.size();
  if (messages.empty()) return {};
  std::size_t limit = first_batch;
  for (std::size_t start = 0; start < messages.size();) {
    const std::size_t length = batch_length(messages, start, limit);
    const auto first = messages.begin() + static_cast<std::ptrdiff_t>(start);
    Result<void> fetched = fetch({first, first + static_cast<std::ptrdiff_t>(length)});
    if (!fetched) {
      settle();
      return fetched;
    }
    Result<std::vector<Stored>> stored = local_.checkpoint(folder_.path, validity_);
    if (!stored) {
      settle();
      return fail(std::move(stored).error());
    }
    tell(std::move(*stored));
    start += length;
    limit = std::min(limit * batch_growth, largest_batch);
  }
  Result<std::vector<Stored>> stored = local_.commit(folder_.path, validity_);
  if (!stored) {
    settle();
    return fail(std::move(stored).error());
  }
  tell(std::move(*stored));
  return {};
}

}  // namespace valija::sync
