#include <fmt/format.h>

#include "session.hpp"
#include "valija/base/text.hpp"
#include "valija/index/writer.hpp"

namespace valija::cli {

namespace {

constexpr int quiet_wait_ms = 500;

/// Another program may be writing: waits, and says so when it takes long.
Result<std::unique_ptr<index::Writer>> open_writer(const Session& session) {
  const index::Location location = index_location(session);
  auto writer = index::Writer::open(location, quiet_wait_ms);
  if (writer || writer.error().kind != Kind::try_later) return writer;
  session.err.line(fmt::format("valija: {} {}", writer.error().message, _("Waiting for it.")));
  session.err.flush();
  return index::Writer::open(location, session.lock_wait_ms);
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

  auto writer = open_writer(session);
  if (!writer) return Unexpected(std::move(writer).error());
  std::vector<std::string> add, remove;
  for (const std::string& change : arguments.changes)
    (change.front() == '+' ? add : remove).push_back(change.substr(1));
  const auto changed = (*writer)->change_tags(*query, add, remove);
  if (!changed) return Unexpected(Error(changed.error()));
  if (auto committed = (*writer)->commit(); !committed) return Unexpected(std::move(committed).error());
  if (session.out.is_terminal()) {
    const auto count = static_cast<unsigned long>(*changed);
    session.out.line(fmt::format(
        fmt::runtime(n_("Changed the tags of {} message.", "Changed the tags of {} messages.", count)), number(count)));
  }
  return 0;
}

}  // namespace valija::cli
