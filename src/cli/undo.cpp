#include <fmt/format.h>

#include "index_request.hpp"
#include "relative_date.hpp"
#include "session.hpp"
#include "valija/base/text.hpp"
#include "valija/store/asked_changes.hpp"

namespace valija::cli {

namespace {

constexpr std::size_t default_limit = 50;
constexpr std::size_t largest_limit = 1000;

std::string messages_in_words(std::uint64_t count) {
  const auto number_of = static_cast<unsigned long>(count);
  return fmt::format(fmt::runtime(n_("{} message", "{} messages", number_of)), number(number_of));
}

/// "2026-11-22 12:10  +todo -inbox, 12 messages (taken back)"
Result<int> list(const Arguments& arguments, const Session& session) {
  const auto journal = store::AskedChanges::open(session.places.state_dir);
  if (!journal) return fail(journal.error());
  const auto actions = (*journal)->actions(std::min(largest_limit, limit_of(arguments, default_limit)));
  if (!actions) return fail(actions.error());
  for (const Action& action : *actions) {
    std::string line = fmt::format("{}  {}, {}", time_of(action.time), clean(action.label), messages_in_words(action.messages));
    if (action.is_undone) line += std::string(" ") + _("(taken back)");
    session.out.line(line);
  }
  if (actions->empty() && session.out.is_terminal()) session.out.line(_("There is nothing to take back."));
  return 0;
}

}  // namespace

Result<int> undo(const Arguments& arguments, Session& session) {
  if (!arguments.words.empty()) return fail(Kind::usage, Blast::program, _("undo takes no words: it takes back the newest change."), _("See: valija undo --list"));
  if (arguments.has("--list")) return list(arguments, session);
  if (auto reader = open_index(session); !reader) return Unexpected(std::move(reader).error());
  const auto undone = ask_index<messages::ActionUndone>(messages::UndoChange{1, arguments.has("--redo")}, session);
  if (!undone) return Unexpected(Error(undone.error()));
  if (!session.out.is_terminal()) return 0;
  const char* words = undone->again ? _("Done again: {}, {}.") : _("Taken back: {}, {}.");
  session.out.line(fmt::format(fmt::runtime(words), clean(undone->action.label), messages_in_words(undone->action.messages)));
  return 0;
}

}  // namespace valija::cli
