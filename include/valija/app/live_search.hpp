#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "valija/app/mail_tab.hpp"
#include "valija/app/query_text.hpp"
#include "valija/app/thread_list.hpp"
#include "valija/messages/request.hpp"

namespace valija::app {

/// A search while it is typed: the list shows what it finds, and gets back what was there when it is given up.
struct LiveSearch {
  bool is_shown = false;        ///< the list shows rows of the search
  MailTab before;               ///< what the list showed, while `is_shown`
  std::string query;            ///< as it was asked last; empty: nothing was
  ThreadList coming;            ///< its rows, until the first are there: those of the query before stay so long
  messages::RequestId rows_id = 0, count_id = 0;  ///< that are waited for
  std::vector<Shortened> shorter;                 ///< what is counted besides
  std::optional<std::uint64_t> count;             ///< messages that it finds
  std::string without;                            ///< nothing is found, but without this term
  std::uint64_t count_without = 0;
  std::optional<QueryFault> fault;
};

}  // namespace valija::app
