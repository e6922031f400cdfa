#pragma once

#include <cstdint>

#include "valija/base/fd.hpp"
#include "valija/base/result.hpp"

namespace valija::workers {

/// A page of memory shared with a worker process, in which it notes what it is at: after a crash it tells which message did it.
class CrashNote {
 public:
  /// A new one; `descriptor()` goes to the worker.
  static Result<CrashNote> create();
  /// The worker's end.
  static Result<CrashNote> attach(Fd descriptor);

  CrashNote(CrashNote&& other) noexcept;
  CrashNote& operator=(CrashNote&& other) noexcept;
  ~CrashNote();

  int descriptor() const { return descriptor_.get(); }
  /// The work that begins now; 0: none.
  void set(std::int64_t row) noexcept;
  std::int64_t row() const noexcept;
  /// Grows with every `set`: the worker moves on.
  std::uint64_t steps() const noexcept;

 private:
  struct Page;
  CrashNote(Fd descriptor, Page* page) : descriptor_(std::move(descriptor)), page_(page) {}
  void unmap() noexcept;

  Fd descriptor_;
  Page* page_ = nullptr;  ///< mapped, ours
};

}  // namespace valija::workers
