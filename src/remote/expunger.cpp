#include "expunger.hpp"

#include <algorithm>
#include <iterator>
#include <optional>

#include <fmt/format.h>

#include "answers.hpp"
#include "search.hpp"
#include "valija/base/words.hpp"

namespace valija::remote {
namespace {

using Uids = std::span<const std::uint32_t>;

constexpr std::string_view deleted = "(\\Deleted)";

void warn_of_others(const sync::ServerFolder& folder, Warnings& warnings) {
  warnings.add({Kind::try_later, Blast::folder,
                fmt::format(fmt::runtime(_("Messages of the folder {} stay on the server, marked as deleted: it can only remove all that are "
                                           "marked, and another program marked more.")),
                            shown_name(folder)),
                _("Let that program remove them.")});
}

void warn_of_refusal(const sync::ServerFolder& folder, std::size_t count, const imap::Condition& condition, Warnings& warnings) {
  warnings.add({Kind::try_later, Blast::folder,
                fmt::format(fmt::runtime(n_("The server did not remove {} message from the folder {}: {}.",
                                            "The server did not remove {} messages from the folder {}: {}.", count)),
                            number(count), shown_name(folder), words_of(condition)),
                _("The next sync tries again.")});
}

/// Marks and removes; the answer that was not OK, if one was.
Result<std::optional<imap::Condition>> expunge_part(Connection& connection, const sync::ServerFolder& folder, Uids part, Warnings& warnings) {
  const std::string set = imap::to_sequence_set(part);
  std::vector<imap::Command> commands{imap::uid_store(set, imap::StoreAction::add, deleted)};
  if (can_expunge_exactly(connection)) commands.push_back(imap::uid_expunge(set));
  auto conditions = connection.run_all(commands);
  if (!conditions) return fail(std::move(conditions).error());
  const auto refusal = std::find_if(conditions->begin(), conditions->end(), [](const auto& condition) { return !is_ok(condition); });
  if (refusal != conditions->end()) return std::optional(std::move(*refusal));
  if (can_expunge_exactly(connection)) return std::optional<imap::Condition>();
  const auto has_others = has_others_deleted(connection, folder, part);
  if (!has_others) return fail(has_others.error());
  if (*has_others) {
    warn_of_others(folder, warnings);
    return std::optional<imap::Condition>();
  }
  auto condition = connection.run(imap::expunge());
  if (!condition) return fail(std::move(condition).error());
  return is_ok(*condition) ? std::optional<imap::Condition>() : std::optional(std::move(*condition));
}

}  // namespace

bool can_expunge_exactly(const Connection& connection) { return connection.has("UIDPLUS") || connection.has("IMAP4REV2"); }

Result<bool> has_others_deleted(Connection& connection, const sync::ServerFolder& folder, Uids uids) {
  const auto marked = search(connection, folder, "DELETED");
  if (!marked) return fail(marked.error());
  std::uint64_t all = 0;
  for (const imap::Range& range : *marked) all += std::uint64_t{range.last} - range.first + 1;
  const auto ours = std::count_if(uids.begin(), uids.end(), [&](std::uint32_t uid) { return imap::contains(*marked, uid); });
  return all > static_cast<std::uint64_t>(ours);
}

Result<std::vector<std::uint32_t>> expunge_exactly(Connection& connection, const sync::ServerFolder& folder, Uids uids, Warnings& warnings) {
  std::optional<imap::Condition> refusal;
  for (const auto part : imap::cut_to_lines(uids)) {
    auto answer = expunge_part(connection, folder, part, warnings);
    if (!answer) return fail(std::move(answer).error());
    if (*answer) refusal = std::move(*answer);
  }
  const auto left = search_among(connection, folder, uids);
  if (!left) return fail(left.error());
  if (refusal && !left->empty()) warn_of_refusal(folder, left->size(), *refusal, warnings);
  std::vector<std::uint32_t> gone;
  std::set_difference(uids.begin(), uids.end(), left->begin(), left->end(), std::back_inserter(gone));
  return gone;
}

}  // namespace valija::remote
