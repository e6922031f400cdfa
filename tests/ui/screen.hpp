#pragma once

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "../app/canned_mailroom.hpp"
#include "valija/ui/render.hpp"

namespace valija::testing {

using config::Key;

inline constexpr UnixTime noon = 1795341600;  // Sun 22 Nov 2026 10:00 UTC

class StillClock final : public Clock {
 public:
  UnixTime now() const override { return noon; }
  std::int64_t monotonic_ms() const override { return milliseconds; }
  std::int64_t milliseconds = 1000000;
};

/// An interface on the canned mailbox; answers come after the key, as events do.
struct Screen {
  explicit Screen(int columns, int rows, app::Options options = {}, config::Settings wanted = testing::canned_settings())
      : settings(std::move(wanted)), mailroom(noon, 40), state((setenv("TZ", "UTC", 1), settings), mailroom, clock, std::move(options)) {
    mailroom.answer = [this](messages::Event event) { waiting.push_back(std::move(event)); };
    state.resize(columns, rows);
    for (const config::Account& account : settings.accounts) waiting.push_back(testing::canned_folders(account.name));
    answer();
  }

  void answer() {
    for (int rounds = 0; rounds < 50 && !waiting.empty(); ++rounds) {
      clock.milliseconds += 2000;
      for (messages::Event& event : std::exchange(waiting, {})) state.handle(std::move(event));
      state.tick();
    }
  }
  Screen& press(std::string_view keys) {
    const auto parsed = config::parse_keys(keys);
    REQUIRE(parsed.has_value());
    for (const Key& key : *parsed) {
      state.key(key);
      answer();
    }
    return *this;
  }
  Screen& type(std::string_view text) {
    for (const char c : text) state.key(Key::character(static_cast<unsigned char>(c)));
    return *this;
  }
  ui::Canvas draw(bool is_ascii = false) const { return ui::render(state, theme, is_ascii); }

  config::Settings settings;
  StillClock clock;
  CannedMailroom mailroom;
  std::vector<messages::Event> waiting;
  config::Theme theme = config::Theme::make("dark", config::ColorDepth::indexed256, {});
  app::App state;
};

/// Compares with tests/ui/golden/NAME.txt; VALIJA_UPDATE_GOLDEN=1 writes it instead.
inline void check_golden_text(const std::string& name, const std::string& text) {
  const std::string path = std::string(VALIJA_GOLDEN) + "/" + name + ".txt";
  if (std::getenv("VALIJA_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(path) << text;
    return;
  }
  std::ifstream file(path);
  std::ostringstream wanted;
  wanted << file.rdbuf();
  CHECK_MESSAGE(text == wanted.str(), name);
}
inline void check_golden(const std::string& name, const ui::Canvas& canvas) { check_golden_text(name, canvas.to_text()); }

}  // namespace valija::testing
