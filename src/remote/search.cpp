#include "search.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "answers.hpp"
#include "valija/base/words.hpp"

namespace valija::remote {
namespace {

constexpr std::size_t numbers_limit = 4'000'000;

}  // namespace

Result<std::vector<imap::Range>> search(Connection& connection, const sync::ServerFolder& folder, std::string_view criteria) {
  std::vector<imap::Range> found;
  bool is_broken = false;
  const auto take = [&](imap::Event& event) -> Result<void> {
    if (const auto* extended = untagged_of<imap::ExtendedSearchResult>(event)) {
      if (extended->is_uid) found.insert(found.end(), extended->all.begin(), extended->all.end());
    } else if (const auto* plain = untagged_of<imap::SearchResult>(event)) {
      for (const std::uint32_t number : plain->numbers) found.push_back({number, number});
    } else if (const auto* malformed = std::get_if<imap::Malformed>(&event)) {
      is_broken = is_broken || malformed->word == "SEARCH" || malformed->word == "ESEARCH";
    }
    is_broken = is_broken || found.size() > numbers_limit;
    if (!is_broken) return {};
    return fail(Kind::protocol, Blast::folder,
                fmt::format(fmt::runtime(_("The server's answers about the folder {} are not IMAP.")), shown_name(folder)));
  };
  const bool is_extended = connection.has("ESEARCH") || connection.has("IMAP4REV2");
  const auto condition = connection.run(imap::uid_search(criteria, is_extended), take);
  if (!condition) return fail(condition.error());
  if (!is_ok(*condition)) {
    return fail(Kind::try_later, Blast::folder,
                fmt::format(fmt::runtime(_("The server does not search the folder {}: {}.")), shown_name(folder), words_of(*condition)));
  }
  imap::sort_and_merge(found);
  return found;
}

Result<std::vector<std::uint32_t>> search_among(Connection& connection, const sync::ServerFolder& folder, std::span<const std::uint32_t> uids) {
  std::vector<std::uint32_t> present;
  for (const auto part : imap::cut_to_lines(uids)) {
    const auto found = search(connection, folder, "UID " + imap::to_sequence_set(part));
    if (!found) return fail(found.error());
    std::copy_if(part.begin(), part.end(), std::back_inserter(present), [&](std::uint32_t uid) { return imap::contains(*found, uid); });
  }
  return present;
}

}  // namespace valija::remote
