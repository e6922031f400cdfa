#include "session.hpp"

#include <fmt/format.h>

#include <charconv>

#include "valija/base/text.hpp"
#include "valija/workers/account_pass.hpp"

namespace valija::cli {

index::Location index_location(const Session& session) {
  return workers::index_location(session.settings, session.places);
}

Result<std::unique_ptr<index::Reader>> open_index(const Session& session) {
  return index::Reader::open(index_location(session));
}

Result<std::string> query_of(const Arguments& arguments) {
  std::string query = arguments.query();
  if (!trim(query).empty()) return query;
  return fail(Kind::usage, Blast::program,
              fmt::format(fmt::runtime(_("The command {} needs a search.")), arguments.command->name),
              _("Everything is found by: '*'"));
}

std::size_t limit_of(const Arguments& arguments, std::size_t fallback) {
  const std::string typed = arguments.value("--limit", "");
  std::from_chars(typed.data(), typed.data() + typed.size(), fallback);
  return fallback;
}

void print_error(const Error& error, Output& err) {
  err.put("valija: " + to_text(error) + "\n");
  err.flush();
}

}  // namespace valija::cli
