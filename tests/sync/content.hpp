#pragma once

#include <string>
#include <vector>

#include "valija/base/result.hpp"
#include "valija/mail/flags.hpp"
#include "valija/mail/folder.hpp"

namespace valija::sync::test {

inline FolderPath folder(const char* text) { return FolderPath::from_text(text).value(); }

/// Ends a run at its n-th step, as a crash or a cut would; from then on every step fails until `revive`.
class Stopper {
 public:
  void stop_at(int step) { left_ = step; }
  void revive() { left_ = -1; }
  /// A step that changes something.
  Result<void> step() {
    worthwhile_.push_back(++steps_);
    is_changed_ = true;
    return pass();
  }
  /// One that only looks.
  Result<void> look() {
    ++steps_;
    if (is_changed_) worthwhile_.push_back(steps_);
    is_changed_ = false;
    return pass();
  }
  int steps() const { return steps_; }
  /// Where to stop: of looks in a row the first only, as they all find the same state.
  const std::vector<int>& worthwhile() const { return worthwhile_; }

 private:
  Result<void> pass() {
    if (left_ > 0) --left_;
    if (left_ == 0) return fail(Kind::cancelled, Blast::account, "stopped");
    return {};
  }

  int left_ = -1;
  int steps_ = 0;
  bool is_changed_ = true;
  std::vector<int> worthwhile_;
};

struct Content {
  std::string body;
  Marks marks;
  friend bool operator==(const Content&, const Content&) = default;
  friend bool operator<(const Content& a, const Content& b) {
    if (a.body != b.body) return a.body < b.body;
    if (a.marks.flags != b.marks.flags) return a.marks.flags.bits() < b.marks.flags.bits();
    return a.marks.keywords < b.marks.keywords;
  }
};

}  // namespace valija::sync::test
