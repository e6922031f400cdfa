#include <fmt/format.h>

#include "session.hpp"
#include "valija/base/text.hpp"
#include "valija/index/writer.hpp"

namespace valija::cli {

namespace {

constexpr int quiet_wait_ms = 500;

struct Change {
  std::string query;
  std::vector<std::string> add, remove;
};

/// Opens, changes, commits; waits up to `wait_ms` for another program that writes. Kind::try_later: nothing was changed.
Result<std::uint64_t> carry_out(const Change& change, const Session& session, int wait_ms) {
  auto writer = index::Writer::open(index_location(session), wait_ms);
  if (!writer) return Unexpected(std::move(writer).error());
  const auto changed = (*writer)->change_tags(change.query, change.add, change.remove);
  if (!changed) return Unexpected(Error(changed.error()));
  if (auto committed = (*writer)->commit(); !committed) return Unexpected(std::move(committed).error());
  return *changed;
}

/// The same, and says so when the other program takes long.
Result<std::uint64_t> carry_out_patiently(const Change& change, const Session& session) {
  auto changed = carry_out(change, session, quiet_wait_ms);
  if (changed || changed.error().kind != Kind::try_later) return changed;
  session.err.line(fmt::format("valija: {} {}", changed.error().message, _("Waiting for it.")));
  session.err.flush();
  return carry_out(change, session, session.lock_wait_ms);
}

}  // namespace

Result<int> tag(const Arguments& arguments, Session& session) {
  if (arguments.changes.empty()) {
    return fail(Kind::usage, Blast::program, _("No change of a tag was given."),
                _("Write it like: valija tag +todo -inbox -- from:ana"));
  }
  const auto query = query_of(arguments);
  if (!query) return Unexpected(Error(query.error()));
  // A search that is not understood, or no index, is found without the lock.
  auto reader = open_index(session);
  if (!reader) return Unexpected(std::move(reader).error());
  if (auto number = (*reader)->count_messages(*query); !number) return Unexpected(std::move(number).error());

  Change change{*query, {}, {}};
  for (const std::string& one : arguments.changes) (one.front() == '+' ? change.add : change.remove).push_back(one.substr(1));
  const auto changed = carry_out_patiently(change, session);
  if (!changed) return Unexpected(Error(changed.error()));
  if (session.out.is_terminal()) {
    const auto count = static_cast<unsigned long>(*changed);
    session.out.line(fmt::format(
        fmt::runtime(n_("Changed the tags of {} message.", "Changed the tags of {} messages.", count)), number(count)));
  }
  return 0;
}

}  // namespace valija::cli
