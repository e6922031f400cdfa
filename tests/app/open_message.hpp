#pragma once

#include "desk.hpp"

namespace valija::testing {

inline Line line(std::string text, Line::Role role = Line::Role::text) {
  Line made;
  made.role = role;
  made.wraps = role != Line::Role::table;
  made.spans.push_back({std::move(text), {}});
  return made;
}

/// The first message of the canned mailbox is open, and says what `write` makes it say.
inline Document& open_with(Desk& desk, void (*write)(Document&)) {
  desk.press("<enter>");
  desk.press("q");
  Document& document = desk.mailroom.threads()[0].messages.back().document;
  write(document);
  desk.press("<enter>");
  return document;
}

inline std::string notice(const Desk& desk) { return desk.state.notice().text + " " + desk.state.notice().hint; }

inline void run(Desk& desk, const std::string& command) {
  desk.state.run(command);
  desk.answer();
}

}  // namespace valija::testing
