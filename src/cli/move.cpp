#include <fmt/format.h>

#include "index_request.hpp"
#include "session.hpp"
#include "valija/base/text.hpp"
#include "valija/mail/folder.hpp"

namespace valija::cli {

Result<int> move(const Arguments& arguments, Session& session) {
  const std::string folder = arguments.words.empty() ? std::string() : arguments.words.front();
  const std::string query = join({arguments.words.begin() + (arguments.words.empty() ? 0 : 1), arguments.words.end()}, " ");
  if (!FolderPath::from_text(folder) || trim(query).empty()) {
    return fail(Kind::usage, Blast::program, _("A folder and a search are needed."), _("Write it like: valija move Lists/debian -- from:debian"));
  }
  // No index is found without a process of its own.
  if (auto reader = open_index(session); !reader) return Unexpected(std::move(reader).error());
  const auto moved = ask_index<messages::MessagesMoved>(messages::MoveMessages{1, query, folder}, session);
  if (!moved) return Unexpected(Error(moved.error()));
  if (session.out.is_terminal()) {
    const auto count = static_cast<unsigned long>(moved->messages);
    session.out.line(fmt::format(fmt::runtime(n_("Moved {} message; the next sync tells the server.", "Moved {} messages; the next sync tells the server.", count)),
                                 number(count)));
  }
  return 0;
}

}  // namespace valija::cli
