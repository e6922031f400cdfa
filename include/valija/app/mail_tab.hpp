#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "valija/app/reader.hpp"
#include "valija/app/thread_list.hpp"
#include "valija/base/error.hpp"

namespace valija::app {

enum class Pane : std::uint8_t { sidebar, list, reader };

/// A tab of mail that is not in front: its list, its open thread and where the keys were. The one in front has them as members of App.
struct MailTab {
  ThreadList list;
  Reader reader;
  Pane focus = Pane::list;
  bool is_search = false;
  std::string view_query;  ///< the view under a search
  bool has_error = false;
  Error error;
};

/// An answer that a tab asked for before another came to the front. False: it is not for this one.
bool take_for(MailTab& tab, messages::Event& event);

/// A tab as it is named in the title line.
struct TabName {
  enum class Kind : std::uint8_t { mail, search, thread, draft, outbox, drafts };
  std::string text;
  Kind kind = Kind::mail;
  std::uint64_t unread = 0;  ///< of a view
  bool is_front = false;
};

/// The cells of the title line that a tab has.
struct TabPlace {
  std::size_t number = 0;
  int column = 0, columns = 0;
};

constexpr int tab_sign_columns = 2;  ///< before all but a view and a thread
constexpr int tab_rule_columns = 3;  ///< between two

/// As many as fit into the columns from `column` to `end`; the one in front is always there.
std::vector<TabPlace> place_tabs(const std::vector<TabName>& tabs, int column, int end);

}  // namespace valija::app
