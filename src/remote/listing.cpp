#include "listing.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::remote {
namespace {

constexpr std::size_t rows_limit = 4'000'000;
constexpr std::size_t rows_slack = 10'000;

template <typename T>
const T* untagged_of(const imap::Event& event) {
  const auto* untagged = std::get_if<imap::Untagged>(&event);
  return untagged != nullptr ? std::get_if<T>(untagged) : nullptr;
}

void learn(Selected& selected, const imap::Code& code) {
  const auto number32 = [&] { return static_cast<std::uint32_t>(number_of(code, UINT32_MAX).value_or(0)); };
  if (code.name == "UIDVALIDITY") selected.uid_validity = {number32()};
  if (code.name == "UIDNEXT") selected.uid_next = {number32()};
  if (code.name == "HIGHESTMODSEQ") selected.highest = {number_of(code, INT64_MAX).value_or(0)};
  if (code.name == "NOMODSEQ") selected.highest = {};
}

Unexpected refused(const sync::ServerFolder& folder, const imap::Condition& condition) {
  return fail(Kind::try_later, Blast::folder,
              fmt::format(fmt::runtime(_("The server does not open the folder {}: {}.")), shown_name(folder),
                          clean(condition.text.substr(0, 300))));
}

/// The counters that EXAMINE did not give (RFC 3501 allows that for UIDNEXT, old servers for both).
Result<void> ask_status(Connection& connection, const sync::ServerFolder& folder, Selected& selected) {
  const auto condition =
      connection.run(imap::status(folder.wire_name, "(UIDVALIDITY UIDNEXT)"), [&](imap::Event& event) -> Result<void> {
        if (const auto* status = untagged_of<imap::FolderStatus>(event)) {
          selected.uid_validity = {static_cast<std::uint32_t>(status->uid_validity.value_or(0))};
          selected.uid_next = {static_cast<std::uint32_t>(status->uid_next.value_or(0))};
        }
        return {};
      });
  if (!condition) return fail(condition.error());
  return {};
}

/// Collects FETCH responses; a server may split one message over several.
class Rows {
 public:
  Rows(const sync::ServerFolder& folder, std::uint32_t exists) : folder_(folder), exists_(exists) {}

  Result<void> take(imap::Event& event) {
    if (const auto* fetched = untagged_of<imap::Fetched>(event)) return add(*fetched);
    if (const auto* exists = untagged_of<imap::Exists>(event)) exists_ = exists->count;
    if (untagged_of<imap::Expunged>(event) != nullptr && exists_ > 0) --exists_;
    if (const auto* vanished = untagged_of<imap::Vanished>(event)) {
      if (!vanished->earlier) changed_meanwhile_ = true;
      vanished_.insert(vanished_.end(), vanished->uids.begin(), vanished->uids.end());
    }
    if (std::holds_alternative<imap::Malformed>(event)) ++malformed_;
    return {};
  }

  /// Sorts, merges and hands over what is whole.
  std::vector<sync::ServerMessage> finish();
  bool is_faultless() const { return malformed_ == 0 && doubled_ == 0 && incomplete_ == 0; }
  std::size_t faults() const { return malformed_ + doubled_ + incomplete_; }
  bool changed_meanwhile() const { return changed_meanwhile_; }
  std::uint32_t exists() const { return exists_; }
  const std::vector<imap::Range>& vanished() const { return vanished_; }

 private:
  struct Row {
    sync::ServerMessage message;
    std::uint32_t sequence = 0;
    bool has_marks = false;
  };

  Result<void> add(const imap::Fetched& fetched) {
    if (fetched.uid == 0) return {};
    if (rows_.size() >= rows_limit || rows_.size() >= std::size_t{exists_} + rows_slack) {
      return fail(Kind::protocol, Blast::folder,
                  fmt::format(fmt::runtime(_("The server lists more messages in the folder {} than it has.")),
                              shown_name(folder_)));
    }
    Row row;
    row.message.uid = {fetched.uid};
    row.sequence = fetched.sequence;
    row.has_marks = fetched.marks.has_value();
    if (fetched.marks) row.message.marks = *fetched.marks;
    row.message.size = fetched.size.value_or(0);
    row.message.received = fetched.received.value_or(0);
    rows_.push_back(std::move(row));
    return {};
  }

  static void merge(Row& into, Row& from) {
    if (from.has_marks) into.message.marks = std::move(from.message.marks);
    into.has_marks = into.has_marks || from.has_marks;
    if (from.message.size != 0) into.message.size = from.message.size;
    if (from.message.received != 0) into.message.received = from.message.received;
  }

  const sync::ServerFolder& folder_;
  std::vector<Row> rows_;
  std::vector<imap::Range> vanished_;
  std::uint32_t exists_ = 0;
  std::size_t malformed_ = 0, doubled_ = 0, incomplete_ = 0;
  bool changed_meanwhile_ = false;
};

std::vector<sync::ServerMessage> Rows::finish() {
  const auto by_uid = [](const Row& a, const Row& b) { return a.message.uid < b.message.uid; };
  if (!std::is_sorted(rows_.begin(), rows_.end(), by_uid)) std::stable_sort(rows_.begin(), rows_.end(), by_uid);
  std::vector<sync::ServerMessage> messages;
  messages.reserve(rows_.size());
  for (std::size_t i = 0; i < rows_.size();) {
    Row row = std::move(rows_[i]);
    for (++i; i < rows_.size() && rows_[i].message.uid == row.message.uid; ++i) {
      if (rows_[i].sequence != row.sequence && !changed_meanwhile_) ++doubled_;
      merge(row, rows_[i]);
    }
    // Without flags it is not known whether the message was read: left for the next time.
    if (row.has_marks) {
      messages.push_back(std::move(row.message));
    } else {
      ++incomplete_;
    }
  }
  rows_.clear();
  return messages;
}

sync::ServerSnapshot start_snapshot(const Selected& selected) {
  sync::ServerSnapshot snapshot;
  snapshot.uid_validity = selected.uid_validity;
  snapshot.uid_next = selected.uid_next;
  snapshot.highest = selected.highest;
  snapshot.read_only = true;
  return snapshot;
}

constexpr std::string_view list_items = "(UID FLAGS RFC822.SIZE INTERNALDATE)";

Result<void> fetch_rows(Connection& connection, const sync::ServerFolder& folder, std::string_view modifier, Rows& rows) {
  const auto condition = connection.run(imap::uid_fetch("1:*", list_items, modifier),
                                        [&](imap::Event& event) { return rows.take(event); });
  if (!condition) return fail(condition.error());
  if (condition->status != imap::Status::ok) return refused(folder, *condition);
  return {};
}

Result<sync::ServerSnapshot> list_all(Connection& connection, const sync::ServerFolder& folder,
                                      const Selected& selected, Warnings& warnings) {
  sync::ServerSnapshot snapshot = start_snapshot(selected);
  Rows rows(folder, selected.exists);
  if (selected.exists > 0) {
    if (auto fetched = fetch_rows(connection, folder, {}, rows); !fetched) return fail(std::move(fetched).error());
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

/// Only uids that were known can be news; a range up to 2^32 costs nothing.
std::vector<sync::Uid> known_among(const std::vector<imap::Range>& vanished, const sync::SyncedState& known) {
  std::vector<sync::Uid> uids;
  std::vector<imap::Range> ranges = vanished;
  std::sort(ranges.begin(), ranges.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
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
  const auto is_new = [&](const sync::ServerMessage& message) {
    return !std::binary_search(known.messages.begin(), known.messages.end(), message,
                               [](const auto& a, const auto& b) { return a.uid < b.uid; });
  };
  const auto added = std::count_if(delta.messages.begin(), delta.messages.end(), is_new);
  return known.messages.size() - delta.vanished.size() + static_cast<std::size_t>(added) == exists;
}

/// Nothing: the changes cannot be told for certain, list all.
Result<std::optional<sync::ServerSnapshot>> list_changes(Connection& connection, const sync::ServerFolder& folder,
                                                         const Selected& selected, const sync::SyncedState& known) {
  sync::ServerSnapshot snapshot = start_snapshot(selected);
  snapshot.is_delta = true;
  Rows rows(folder, selected.exists);
  const bool is_unchanged = selected.highest == known.highest && selected.uid_next == known.uid_next;
  if (!is_unchanged && selected.exists > 0) {
    const std::string modifier = fmt::format("(CHANGEDSINCE {}{})", known.highest.value,
                                             connection.has_qresync() ? " VANISHED" : "");
    if (auto fetched = fetch_rows(connection, folder, modifier, rows); !fetched) {
      return fail(std::move(fetched).error());
    }
  }
  snapshot.messages = rows.finish();
  snapshot.vanished = known_among(rows.vanished(), known);
  if (!rows.is_faultless() || !adds_up(snapshot, known, rows.exists())) return std::optional<sync::ServerSnapshot>();
  return std::optional(std::move(snapshot));
}

bool can_list_changes(const Selected& selected, const sync::SyncedState& known) {
  return known.highest.value > 0 && known.uid_validity == selected.uid_validity &&
         selected.highest.value >= known.highest.value && selected.uid_next >= known.uid_next;
}

}  // namespace

std::string shown_name(const sync::ServerFolder& folder) { return clean(folder.path.text()); }

Result<Selected> examine(Connection& connection, const sync::ServerFolder& folder) {
  Selected selected;
  const bool with_condstore = connection.has("CONDSTORE") || connection.has("QRESYNC");
  const auto condition =
      connection.run(imap::select(folder.wire_name, with_condstore), [&](imap::Event& event) -> Result<void> {
        if (const auto* status = untagged_of<imap::Condition>(event)) learn(selected, status->code);
        if (const auto* exists = untagged_of<imap::Exists>(event)) selected.exists = exists->count;
        return {};
      });
  if (!condition) return fail(condition.error());
  if (condition->status != imap::Status::ok) return refused(folder, *condition);
  if (selected.uid_validity.value == 0) {
    if (auto asked = ask_status(connection, folder, selected); !asked) return fail(std::move(asked).error());
  }
  if (selected.uid_validity.value == 0) {
    return fail(Kind::protocol, Blast::folder,
                fmt::format(fmt::runtime(_("The server gives no UIDVALIDITY for the folder {}.")), shown_name(folder)),
                _("Without it messages cannot be told apart, so the folder is left alone."));
  }
  return selected;
}

Result<sync::ServerSnapshot> list(Connection& connection, const sync::ServerFolder& folder, const Selected& selected,
                                  const sync::SyncedState& known, Warnings& warnings) {
  if (can_list_changes(selected, known)) {
    auto changes = list_changes(connection, folder, selected, known);
    if (!changes) return fail(std::move(changes).error());
    if (*changes) return std::move(**changes);
  }
  return list_all(connection, folder, selected, warnings);
}

}  // namespace valija::remote
