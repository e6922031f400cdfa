#pragma once

#include <deque>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "valija/base/wakeup.hpp"

namespace valija {

/// The only way values pass between threads: any thread sends, one thread receives. The receiver polls `fd()` beside
/// its other descriptors; the descriptor is readable while something waits.
template <typename T>
class Channel {
 public:
  void send(T value) {
    {
      std::lock_guard lock(mutex_);
      queue_.push_back(std::move(value));
    }
    wakeup_.notify();
  }

  /// Everything that waits, oldest first; empty when nothing does. Never blocks.
  std::vector<T> drain() {
    std::lock_guard lock(mutex_);
    wakeup_.clear();
    std::vector<T> values(std::make_move_iterator(queue_.begin()), std::make_move_iterator(queue_.end()));
    queue_.clear();
    return values;
  }

  /// The oldest value, or nothing. Never blocks.
  std::optional<T> take() {
    std::lock_guard lock(mutex_);
    if (queue_.empty()) {
      wakeup_.clear();
      return std::nullopt;
    }
    std::optional<T> value(std::move(queue_.front()));
    queue_.pop_front();
    if (queue_.empty()) wakeup_.clear();
    return value;
  }

  int fd() const { return wakeup_.fd(); }

 private:
  std::mutex mutex_;
  std::deque<T> queue_;
  Wakeup wakeup_;
};

}  // namespace valija
