#include "valija/app/office.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "valija/base/words.hpp"

namespace valija::app {
namespace {

constexpr std::int64_t failure_stays_ms = 3000;
constexpr std::size_t most_failures = 50;

}  // namespace

void Office::say(Notice::Kind kind, std::string text, std::string hint) {
  Notice notice{kind, std::move(text), std::move(hint)};
  if (kind == Notice::Kind::failed) {
    // What is said again is one failure: a pass that goes wrong every five minutes takes no place from what nobody has read yet.
    const auto same = std::find_if(failures_.begin(), failures_.end(), [&notice](const Notice& other) { return other.text == notice.text; });
    if (same != failures_.end()) {
      if (is_failure_new_) return;
      failures_.erase(same);
    }
    failures_.push_back(std::move(notice));
    if (failures_.size() > most_failures) failures_.erase(failures_.begin());
    failed_ms_ = monotonic_ms();
    is_failure_new_ = true;
    said_ = {};
  } else {
    said_ = std::move(notice);
  }
  show();
}

void Office::show() {
  if (failures_.empty() || (!is_failure_new_ && said_.kind != Notice::Kind::none)) {
    notice_ = said_;
    return;
  }
  notice_ = failures_.back();
  notice_.is_read = !is_failure_new_;
  if (const auto others = static_cast<unsigned long>(failures_.size() - 1); others > 0) {
    notice_.text += " " + fmt::format(fmt::runtime(n_("(+{} failure)", "(+{} failures)", others)), others);
  }
}

void Office::hush() {
  said_ = {};
  if (is_failure_new_ && monotonic_ms() - failed_ms_ >= failure_stays_ms) is_failure_new_ = false;
  show();
}

bool Office::dismiss() {
  if (notice_.kind == Notice::Kind::none) return false;
  if (notice_.kind == Notice::Kind::failed) {
    failures_.pop_back();
  } else {
    said_ = {};
  }
  is_failure_new_ = is_failure_new_ && !failures_.empty();
  show();
  return true;
}

}  // namespace valija::app
