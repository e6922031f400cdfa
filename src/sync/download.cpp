#include "download.hpp"

#include <algorithm>
#include <optional>

namespace valija::sync {
namespace {

constexpr std::size_t first_batch = 50;
constexpr std::size_t largest_batch = 2000;
constexpr std::size_t batch_growth = 4;
constexpr std::uint64_t largest_batch_bytes = 32 << 20;
/// Messages that are asked for with one call: many batches, as the line is idle between two calls.
constexpr std::size_t largest_request = 20000;

BaseName base_of(const std::string& path) {
  const std::string name = path.substr(path.rfind('/') + 1);
  return name.substr(0, name.rfind(":2,"));
}

bool stays_with_message(const Error& error) { return error.blast == Blast::message && error.kind != Kind::cancelled; }

}  // namespace

/// Takes only messages that were asked for, once each, and only whole ones.
class Downloader::Sink final : public FetchSink {
 public:
  Sink(Downloader& owner, std::vector<const ServerMessage*> asked) : owner_(owner), asked_(std::move(asked)) {
    std::sort(asked_.begin(), asked_.end(), [](const auto* a, const auto* b) { return a->uid < b->uid; });
    taken_.resize(asked_.size());
  }
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;
  ~Sink() override { abandon(); }

  Result<void> begin(const ServerMessage& message, std::uint64_t size) override {
    abandon();
    const std::optional<std::size_t> asked = position(message.uid);
    // Nothing on the server is empty: some servers say so when they cannot read the message just now.
    if (!asked || taken_[*asked] || size == 0) return {};
    if (Result<void> ready = owner_.make_room(size); !ready) return ready;
    current_ = *asked;
    left_ = size;
    size_ = size;
    return settle(owner_.local_.begin(owner_.folder_.path, owner_.folder_.role, *asked_[*asked]));
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
    return owner_.count(size_);
  }

 private:
  std::optional<std::size_t> position(Uid uid) const {
    const auto found = std::lower_bound(asked_.begin(), asked_.end(), uid, [](const auto* message, Uid searched) { return message->uid < searched; });
    if (found == asked_.end() || (*found)->uid != uid) return std::nullopt;
    return static_cast<std::size_t>(found - asked_.begin());
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
  std::vector<const ServerMessage*> asked_;
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

/// A batch ends before a message that would make it too large.
Result<void> Downloader::make_room(std::uint64_t size) {
  return batch_messages_ > 0 && batch_bytes_ + size > largest_batch_bytes ? end_batch() : Result<void>();
}

Result<void> Downloader::count(std::uint64_t size) {
  ++batch_messages_;
  batch_bytes_ += size;
  return batch_messages_ == batch_limit_ ? end_batch() : Result<void>();
}

/// The line goes on meanwhile.
Result<void> Downloader::end_batch() {
  batch_messages_ = 0;
  batch_bytes_ = 0;
  batch_limit_ = std::min(batch_limit_ * batch_growth, largest_batch);
  Result<std::vector<Stored>> stored = local_.checkpoint(folder_.path, validity_);
  if (!stored) return fail(std::move(stored).error());
  tell(std::move(*stored));
  return {};
}

Result<void> Downloader::fetch(std::vector<const ServerMessage*> asked) {
  std::vector<ServerMessage> messages;
  messages.reserve(asked.size());
  for (const ServerMessage* message : asked) messages.push_back(*message);
  Sink sink(*this, std::move(asked));
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
  batch_limit_ = first_batch;
  for (std::size_t start = 0; start < messages.size(); start += largest_request) {
    const auto first = messages.begin() + static_cast<std::ptrdiff_t>(start);
    const auto length = static_cast<std::ptrdiff_t>(std::min(largest_request, messages.size() - start));
    if (Result<void> fetched = fetch({first, first + length}); !fetched) {
      settle();
      return fetched;
    }
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
