#pragma once

#include <string>
#include <utility>
#include <vector>

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

  /// A failure stays until it is dismissed; what else is said goes with the next key, and a failure that was just said comes before it.
  void say(Notice::Kind kind, std::string text, std::string hint = {});
  const Notice& notice() const { return notice_; }
  /// A key was typed: what was said is read, and a failure that stood long enough makes room.
  void hush();
  /// Takes away what is shown. False: nothing was.
  bool dismiss();
  /// Failures that are not dismissed.
  std::size_t failure_count() const { return failures_.size(); }

 private:
  void show();

  const config::Settings& settings_;
  messages::Mailroom& mailroom_;
  const Clock& clock_;
  messages::RequestId last_id_ = 0;
  Notice notice_, said_;           ///< what is shown; the newest that is no failure
  std::vector<Notice> failures_;  ///< newest last
  std::int64_t failed_ms_ = 0;
  bool is_failure_new_ = false;
};

}  // namespace valija::app
