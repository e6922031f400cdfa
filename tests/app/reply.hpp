#pragma once

#include "desk.hpp"

namespace valija::testing {

inline const app::Composer& open_draft(const Desk& desk) {
  REQUIRE(desk.state.desk().composer() != nullptr);
  return *desk.state.desk().composer();
}

/// A reply in the built-in editor, which has the keyboard.
struct Reply : Desk {
  explicit Reply(app::Options options = {}) : Desk(std::move(options)) { press("r"); }
};

inline void type_line(Desk& desk, std::string_view text) {
  desk.type(text);
  desk.answer();
}

}  // namespace valija::testing
