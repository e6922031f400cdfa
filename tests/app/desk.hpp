#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>

#include "canned_mailroom.hpp"
#include "valija/app/app.hpp"

namespace valija::testing {

using config::Key;
using config::KeyName;

inline constexpr UnixTime noon = 1795341600;

class StillClock final : public Clock {
 public:
  UnixTime now() const override { return time; }
  std::int64_t monotonic_ms() const override { return milliseconds; }
  UnixTime time = noon;
  std::int64_t milliseconds = 1000000;
};

struct Desk {
  explicit Desk(app::Options options = {}, std::size_t more = 0, int columns = 80, int rows = 24)
      : settings(canned_settings()), mailroom(noon, more), state(settings, mailroom, clock, std::move(options)) {
    mailroom.answer = [this](messages::Event event) { waiting.push_back(std::move(event)); };
    state.resize(columns, rows);
    answer();
  }
  void answer() {
    for (int rounds = 0; rounds < 2000 && !waiting.empty(); ++rounds) {
      for (messages::Event& event : std::exchange(waiting, {})) state.handle(std::move(event));
    }
    if (!waiting.empty()) FAIL("every answer asks again");
  }
  void pass(std::int64_t milliseconds) {
    clock.milliseconds += milliseconds;
    state.tick();
    answer();
  }
  void press(std::string_view keys) {
    const auto parsed = config::parse_keys(keys);
    REQUIRE(parsed.has_value());
    for (const Key& key : *parsed) {
      state.key(key);
      answer();
    }
  }
  void type(std::string_view text) {
    for (const char c : text) state.key(Key::character(static_cast<unsigned char>(c)));
  }
  std::string active() const { return state.list().active() == nullptr ? "" : state.list().active()->subject; }
  /// The line of the list pane that the cursor is on.
  std::size_t line() const {
    const auto lines = state.list().visible();
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (lines[i].heading.empty() && lines[i].row == state.list().cursor()) return i;
    }
    return 999;
  }
  template <typename T>
  const T* last() const {
    for (auto request = mailroom.requests.rbegin(); request != mailroom.requests.rend(); ++request) {
      if (const T* found = std::get_if<T>(&*request)) return found;
    }
    return nullptr;
  }
  template <typename T>
  std::size_t count() const {
    return static_cast<std::size_t>(std::count_if(mailroom.requests.begin(), mailroom.requests.end(),
                                                  [](const messages::Request& request) { return std::holds_alternative<T>(request); }));
  }

  config::Settings settings;
  StillClock clock;
  CannedMailroom mailroom;
  std::vector<messages::Event> waiting;
  app::App state;
};

}  // namespace valija::testing
