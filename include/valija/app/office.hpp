#pragma once

#include <string>
#include <utility>

#include "valija/app/activity.hpp"
#include "valija/base/clock.hpp"
#include "valija/config/settings.hpp"
#include "valija/messages/request.hpp"

namespace valija::app {

/// What the parts of the interface share: the settings, the way to the workers, the time, and the line at the bottom. UI thread.
class Office {
 public:
  Office(const config::Settings& settings, messages::Mailroom& mailroom, const Clock& clock) : settings_(settings), mailroom_(mailroom), clock_(clock) {}

  const config::Settings& settings() const { return settings_; }
  UnixTime now() const { return clock_.now(); }
  std::int64_t monotonic_ms() const { return clock_.monotonic_ms(); }

  messages::RequestId next_id() { return ++last_id_; }
  /// What `next_id` will be.
  messages::RequestId coming_id() const { return last_id_ + 1; }
  void post(messages::Request request) { mailroom_.post(std::move(request)); }
  /// Posts it under a number of its own.
  template <typename Question>
  messages::RequestId ask(Question question) {
    question.id = next_id();
    post(std::move(question));
    return last_id_;
  }

  void say(Notice::Kind kind, std::string text, std::string hint = {}) {
    notice_ = {kind, std::move(text), std::move(hint)};
    notice_since_ = monotonic_ms();
  }
  const Notice& notice() const { return notice_; }
  std::int64_t notice_since() const { return notice_since_; }
  void hush() { notice_ = {}; }

 private:
  const config::Settings& settings_;
  messages::Mailroom& mailroom_;
  const Clock& clock_;
  messages::RequestId last_id_ = 0;
  Notice notice_;
  std::int64_t notice_since_ = 0;
};

}  // namespace valija::app
