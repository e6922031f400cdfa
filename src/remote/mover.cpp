#include "mover.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "answers.hpp"
#include "expunger.hpp"
#include "folder_admin.hpp"
#include "search.hpp"
#include "selection.hpp"
#include "valija/base/words.hpp"
#include "valija/imap/codes.hpp"

namespace valija::remote {
namespace {

bool can_move(const Connection& connection) { return connection.has("MOVE") || connection.has("IMAP4REV2"); }

}  // namespace

Result<void> Mover::prepare(Connection& connection, std::span<const sync::Uid> uids) {
  std::vector<std::uint32_t> asked;
  for (const sync::Uid uid : uids) {
    if (uid.value != 0) asked.push_back(uid.value);
  }
  std::sort(asked.begin(), asked.end());
  asked.erase(std::unique(asked.begin(), asked.end()), asked.end());
  auto present = search_among(connection, from_, asked);
  if (!present) return fail(std::move(present).error());
  present_ = std::move(*present);
  if (to_.counters) {
    to_validity_ = to_.counters->uid_validity;
  } else {
    const auto validity = ask_validity(connection, to_);
    if (!validity) return fail(validity.error());
    to_validity_ = *validity;
  }
  if (can_move(connection) || can_expunge_exactly(connection)) return {};
  // Copies could not be followed by the removal of the originals: each sync would copy anew.
  const auto has_others = has_others_deleted(connection, from_, present_);
  if (!has_others) return fail(has_others.error());
  if (!*has_others) return {};
  return fail(Kind::try_later, Blast::folder,
              fmt::format(fmt::runtime(_("Nothing is moved out of the folder {}: its server can only remove all that is marked as deleted, and "
                                         "another program marked some.")),
                          shown_name(from_)),
              _("Let that program remove them."));
}

Result<void> Mover::run(Connection& connection) {
  for (const auto part : imap::cut_to_lines(present_)) {
    if (auto moved = move_part(connection, part); !moved) return moved;
  }
  return {};
}

std::vector<sync::MovedMessage> Mover::moved() const {
  std::vector<sync::MovedMessage> messages;
  for (const auto& [from, to] : moved_) messages.push_back({{from}, {to}});
  return messages;
}

Result<void> Mover::move_part(Connection& connection, Uids part) {
  auto condition = ask(connection, part);
  if (condition && !is_ok(*condition) && condition->code.name == "TRYCREATE") {
    if (auto created = create(connection, to_); !created) return created;
    const auto validity = ask_validity(connection, to_);
    if (!validity) return fail(validity.error());
    to_validity_ = *validity;
    condition = ask(connection, part);
  }
  const bool is_copy = !can_move(connection);
  // What the server told of before the line broke has moved.
  if (!is_copy) {
    for (const std::uint32_t uid : part) {
      const auto told = new_uids_.find(uid);
      if (told != new_uids_.end()) moved_.insert(*told);
      else if (condition && is_ok(*condition)) moved_.emplace(uid, 0);
    }
  }
  if (!condition) return fail(std::move(condition).error());
  if (is_ok(*condition)) return is_copy ? finish_copies(connection, part) : Result<void>();
  warnings_.add({Kind::try_later, Blast::folder,
                 fmt::format(fmt::runtime(n_("The server did not move {} message from the folder {} to {}: {}.",
                                             "The server did not move {} messages from the folder {} to {}: {}.", part.size())),
                             number(part.size()), shown_name(from_), shown_name(to_), words_of(*condition)),
                 _("The next sync tries again.")});
  return {};
}

Result<imap::Condition> Mover::ask(Connection& connection, Uids part) {
  const std::string set = imap::to_sequence_set(part);
  const imap::Command command = can_move(connection) ? imap::uid_move(set, to_.wire_name) : imap::uid_copy(set, to_.wire_name);
  auto condition = connection.run(command, [&](imap::Event& event) -> Result<void> {
    if (const auto* told = untagged_of<imap::Condition>(event); told != nullptr && is_ok(*told)) learn(told->code, part);
    return {};
  });
  if (condition && is_ok(*condition)) learn(condition->code, part);
  return condition;
}

/// Believed only of what this command asked for, under the number that the target had before, and once.
void Mover::learn(const imap::Code& code, Uids part) {
  const auto copied = imap::copy_uid_of(code, part.size());
  if (!copied || copied->uid_validity != to_validity_.value || to_validity_.value == 0) return;
  const bool is_ours = std::all_of(copied->from.begin(), copied->from.end(), [&](std::uint32_t uid) {
    return std::binary_search(part.begin(), part.end(), uid) && !new_uids_.contains(uid);
  });
  if (!is_ours) return;
  for (std::size_t i = 0; i < copied->from.size(); ++i) new_uids_.emplace(copied->from[i], copied->to[i]);
}

Result<void> Mover::finish_copies(Connection& connection, Uids part) {
  const auto gone = expunge_exactly(connection, from_, part, warnings_);
  if (!gone) return fail(gone.error());
  for (const std::uint32_t uid : *gone) {
    const auto told = new_uids_.find(uid);
    moved_.emplace(uid, told != new_uids_.end() ? told->second : 0);
  }
  return {};
}

}  // namespace valija::remote
