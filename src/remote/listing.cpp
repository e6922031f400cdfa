#include "listing.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "answers.hpp"
#include "gmail.hpp"
#include "rows.hpp"
#include "search.hpp"
#include "valija/base/words.hpp"

namespace valija::remote {
namespace {

std::string_view items_of(const Connection& connection, const sync::ServerFolder& folder) {
  return has_labels(connection, folder) ? "(UID FLAGS RFC822.SIZE INTERNALDATE X-GM-LABELS)" : "(UID FLAGS RFC822.SIZE INTERNALDATE)";
}

sync::ServerSnapshot start_snapshot(const Selected& selected) {
  sync::ServerSnapshot snapshot;
  snapshot.uid_validity = selected.uid_validity;
  snapshot.uid_next = selected.uid_next;
  snapshot.highest = selected.highest;
  snapshot.read_only = selected.read_only;
  snapshot.storable = selected.storable;
  return snapshot;
}

Result<void> fetch_rows(Connection& connection, const sync::ServerFolder& folder, std::string_view set, std::string_view modifier, Rows& rows) {
  const auto command = imap::uid_fetch(set, items_of(connection, folder), modifier);
  const auto condition = connection.run(command, [&](imap::Event& event) { return rows.take(event); });
  if (!condition) return fail(condition.error());
  if (!is_ok(*condition)) return refused_to_open(folder, *condition);
  return {};
}

Result<sync::ServerSnapshot> list_all(Connection& connection, const sync::ServerFolder& folder, const Selected& selected, Warnings& warnings) {
  sync::ServerSnapshot snapshot = start_snapshot(selected);
  Rows rows(folder, selected.exists, has_labels(connection, folder));
  if (selected.exists > 0) {
    if (auto fetched = fetch_rows(connection, folder, "1:*", {}, rows); !fetched) return fail(std::move(fetched).error());
  }
  snapshot.messages = rows.finish();
  snapshot.complete = rows.is_faultless() && snapshot.messages.size() >= rows.exists();
  if (!rows.is_faultless()) {
    warnings.add({Kind::protocol, Blast::folder,
                  fmt::format(fmt::runtime(n_("The server sent {} line about the folder {} that breaks the protocol.",
                                              "The server sent {} lines about the folder {} that break the protocol.",
                                              rows.faults())),
                              number(rows.faults()), shown_name(folder)),
                  _("Its other messages are read; nothing is deleted here.")});
  }
  return snapshot;
}

bool is_known(const sync::SyncedState& known, sync::Uid uid) {
  const auto found = std::lower_bound(known.messages.begin(), known.messages.end(), uid,
                                      [](const sync::SyncedMessage& message, sync::Uid u) { return message.uid < u; });
  return found != known.messages.end() && found->uid == uid;
}

/// Only uids that were known can be news; a range up to 2^32 costs nothing. `ranges` are sorted and merged.
std::vector<sync::Uid> known_among(std::span<const imap::Range> ranges, const sync::SyncedState& known) {
  std::vector<sync::Uid> uids;
  auto message = known.messages.begin();
  for (const imap::Range& range : ranges) {
    message = std::lower_bound(message, known.messages.end(), sync::Uid{range.first},
                               [](const sync::SyncedMessage& m, sync::Uid uid) { return m.uid < uid; });
    for (; message != known.messages.end() && message->uid.value <= range.last; ++message) uids.push_back(message->uid);
  }
  return uids;
}

/// What is left of the known messages plus the new ones must be what exists: else something vanished unseen.
bool adds_up(const sync::ServerSnapshot& delta, const sync::SyncedState& known, std::uint32_t exists) {
  const auto is_new = [&](const sync::ServerMessage& message) { return !is_known(known, message.uid); };
  const auto added = std::count_if(delta.messages.begin(), delta.messages.end(), is_new);
  return known.messages.size() - delta.vanished.size() + static_cast<std::size_t>(added) == exists;
}

/// The changes of one folder since `known`, step by step as far as the server makes it necessary.
class Changes {
 public:
  Changes(Connection& connection, const sync::ServerFolder& folder, const sync::SyncedState& known, Rows& rows)
      : connection_(connection), folder_(folder), known_(known), rows_(rows) {}

  /// QRESYNC has told already; only the sizes of what is new are missing.
  Result<void> complete_resync() {
    std::vector<std::uint32_t> uids = rows_.without_size();
    std::erase_if(uids, [&](std::uint32_t uid) { return is_known(known_, {uid}); });
    for (const auto part : imap::cut_to_lines(uids)) {
      if (auto fetched = fetch_rows(connection_, folder_, imap::to_sequence_set(part), {}, rows_); !fetched) return fetched;
    }
    return {};
  }

  Result<void> ask(const Selected& selected) {
    const bool is_unchanged = selected.highest == known_.highest && selected.uid_next == known_.uid_next;
    if (is_unchanged || selected.exists == 0) return {};
    return fetch_rows(connection_, folder_, "1:*", fmt::format("(CHANGEDSINCE {})", known_.highest.value), rows_);
  }

  /// Nothing: they cannot be told for certain.
  Result<std::optional<sync::ServerSnapshot>> finish(const Selected& selected, bool told_of_vanished) {
    sync::ServerSnapshot snapshot = start_snapshot(selected);
    snapshot.is_delta = true;
    snapshot.messages = rows_.finish();
    std::vector<imap::Range> vanished = rows_.vanished();
    imap::sort_and_merge(vanished);
    snapshot.vanished = known_among(vanished, known_);
    // What went while we asked is no news.
    std::erase_if(snapshot.messages, [&](const sync::ServerMessage& message) { return imap::contains(vanished, message.uid.value); });
    if (!rows_.is_faultless()) return std::optional<sync::ServerSnapshot>();
    if (!told_of_vanished && !adds_up(snapshot, known_, rows_.exists())) {
      auto found = find_vanished(snapshot);
      if (!found && found.error().kind != Kind::try_later) return fail(std::move(found).error());
    }
    if (!adds_up(snapshot, known_, rows_.exists())) return std::optional<sync::ServerSnapshot>();
    return std::optional(std::move(snapshot));
  }

 private:
  Result<void> find_vanished(sync::ServerSnapshot& snapshot) {
    const auto present = search(connection_, folder_, "ALL");
    if (!present) return fail(present.error());
    snapshot.vanished.clear();
    for (const sync::SyncedMessage& message : known_.messages) {
      if (!imap::contains(*present, message.uid.value)) snapshot.vanished.push_back(message.uid);
    }
    return {};
  }

  Connection& connection_;
  const sync::ServerFolder& folder_;
  const sync::SyncedState& known_;
  Rows& rows_;
};

bool can_list_changes(const Selected& selected, const sync::SyncedState& known) {
  return known.highest.value > 0 && known.uid_validity == selected.uid_validity && selected.highest.value >= known.highest.value &&
         selected.uid_next >= known.uid_next;
}

}  // namespace

Result<sync::ServerSnapshot> list(Connection& connection, const sync::ServerFolder& folder, const sync::SyncedState& known, imap::Access access,
                                  Warnings& warnings) {
  const bool with_labels = has_labels(connection, folder);
  Rows rows(folder, 0, with_labels);
  const bool by_resync = !with_labels && connection.has_qresync() && known.highest.value > 0 && known.uid_validity.value > 0;
  const auto selected = select(connection, folder, access, by_resync ? &known : nullptr, [&](imap::Event& event) { return rows.take(event); });
  if (!selected) return fail(selected.error());
  if (!can_list_changes(*selected, known)) return list_all(connection, folder, *selected, warnings);
  Changes changes(connection, folder, known, rows);
  if (auto asked = by_resync ? changes.complete_resync() : changes.ask(*selected); !asked) return fail(std::move(asked).error());
  auto snapshot = changes.finish(*selected, by_resync);
  if (!snapshot) return fail(std::move(snapshot).error());
  if (*snapshot) return std::move(**snapshot);
  return list_all(connection, folder, *selected, warnings);
}

}  // namespace valija::remote
