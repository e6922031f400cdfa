#include "selection.hpp"

#include <fmt/format.h>

#include "answers.hpp"
#include "valija/base/words.hpp"
#include "valija/imap/codes.hpp"

namespace valija::remote {
namespace {

sync::Storable to_storable(imap::PermanentFlags permanent) {
  return {permanent.marks.flags, permanent.any_keyword, std::move(permanent.marks.keywords)};
}

void learn(Selected& selected, const imap::Code& code) {
  const auto number32 = [&] { return static_cast<std::uint32_t>(number_of(code, UINT32_MAX).value_or(0)); };
  if (code.name == "UIDVALIDITY") selected.uid_validity = {number32()};
  if (code.name == "UIDNEXT") selected.uid_next = {number32()};
  if (code.name == "HIGHESTMODSEQ") selected.highest = {number_of(code, INT64_MAX).value_or(0)};
  if (code.name == "NOMODSEQ") selected.highest = {};
  if (code.name == "READ-ONLY") selected.read_only = true;
  if (auto permanent = imap::permanent_flags_of(code)) selected.storable = to_storable(std::move(*permanent));
}

struct Counters {
  sync::UidValidity uid_validity;
  sync::Uid uid_next;
};

Result<Counters> ask_counters(Connection& connection, const sync::ServerFolder& folder) {
  Counters counters;
  const auto condition = connection.run(imap::status(folder.wire_name, "(UIDVALIDITY UIDNEXT)"), [&](imap::Event& event) -> Result<void> {
    // Of other folders the server may tell of its own accord (RFC 5465).
    if (const auto* status = untagged_of<imap::FolderStatus>(event); status != nullptr && is_same_name(status->name, folder.wire_name)) {
      counters.uid_validity = {static_cast<std::uint32_t>(status->uid_validity.value_or(0))};
      counters.uid_next = {static_cast<std::uint32_t>(status->uid_next.value_or(0))};
    }
    return {};
  });
  if (!condition) return fail(condition.error());
  return is_ok(*condition) ? counters : Counters{};
}

}  // namespace

Unexpected refused_to_open(const sync::ServerFolder& folder, const imap::Condition& condition) {
  return fail(Kind::try_later, Blast::folder,
              fmt::format(fmt::runtime(_("The server does not open the folder {}: {}.")), shown_name(folder), words_of(condition)));
}

Result<sync::UidValidity> ask_validity(Connection& connection, const sync::ServerFolder& folder) {
  const auto counters = ask_counters(connection, folder);
  if (!counters) return fail(counters.error());
  return counters->uid_validity;
}

Result<Selected> select(Connection& connection, const sync::ServerFolder& folder, imap::Access access, const sync::SyncedState* since,
                        const Connection::Take& take) {
  Selected selected;
  const bool with_condstore = connection.has("CONDSTORE") || connection.has("QRESYNC");
  const imap::Command command = since != nullptr
                                    ? imap::select_changes(folder.wire_name, since->uid_validity.value, since->highest.value, access)
                                    : imap::select(folder.wire_name, with_condstore, access);
  const auto condition = connection.run(command, [&](imap::Event& event) -> Result<void> {
    if (const auto* status = untagged_of<imap::Condition>(event)) learn(selected, status->code);
    if (const auto* exists = untagged_of<imap::Exists>(event)) selected.exists = exists->count;
    return take ? take(event) : Result<void>();
  });
  if (!condition) return fail(condition.error());
  if (!is_ok(*condition)) return refused_to_open(folder, *condition);
  learn(selected, condition->code);
  if (access == imap::Access::read) selected.read_only = false, selected.storable = {};
  // RFC 3501 allows a server to keep UIDNEXT to itself, old ones both.
  if (selected.uid_validity.value == 0) {
    const auto counters = ask_counters(connection, folder);
    if (!counters) return fail(counters.error());
    selected.uid_validity = counters->uid_validity;
    selected.uid_next = counters->uid_next;
  }
  if (selected.uid_validity.value != 0) return selected;
  return fail(Kind::protocol, Blast::folder,
              fmt::format(fmt::runtime(_("The server gives no UIDVALIDITY for the folder {}.")), shown_name(folder)),
              _("Without it messages cannot be told apart, so the folder is left alone."));
}

}  // namespace valija::remote
