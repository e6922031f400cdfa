#include "valija/imap/codes.hpp"

#include <algorithm>

#include "cursor.hpp"
#include "flag_names.hpp"

namespace valija::imap {
namespace {

constexpr std::size_t keywords_limit = 1000;

/// In the order sent: it says which number of one set belongs to which of the other.
std::optional<std::vector<std::uint32_t>> expand_in_order(std::string_view set, std::size_t limit) {
  std::vector<std::uint32_t> numbers;
  while (true) {
    const std::size_t comma = set.find(',');
    const auto ranges = parse_sequence_set(set.substr(0, comma));
    if (!ranges || ranges->front().last - ranges->front().first >= limit - numbers.size()) return std::nullopt;
    for (std::uint64_t number = ranges->front().first; number <= ranges->front().last; ++number) {
      numbers.push_back(static_cast<std::uint32_t>(number));
    }
    if (comma == std::string_view::npos) return numbers;
    set.remove_prefix(comma + 1);
    if (numbers.size() >= limit) return std::nullopt;
  }
}

bool is_unique(std::vector<std::uint32_t> numbers) {
  std::sort(numbers.begin(), numbers.end());
  return std::adjacent_find(numbers.begin(), numbers.end()) == numbers.end();
}

}  // namespace

std::optional<CopyUid> copy_uid_of(const Code& code, std::size_t limit) {
  if (code.name != "COPYUID" || limit == 0) return std::nullopt;
  Cursor cursor(code.argument);
  CopyUid copied;
  copied.uid_validity = cursor.nonzero_number();
  cursor.expect(' ');
  const std::string_view from_set = cursor.word();
  cursor.expect(' ');
  const std::string_view to_set = cursor.word();
  if (!cursor.ok() || !cursor.at_end()) return std::nullopt;
  auto from = expand_in_order(from_set, limit);
  auto to = expand_in_order(to_set, limit);
  if (!from || !to || from->size() != to->size() || !is_unique(*from) || !is_unique(*to)) return std::nullopt;
  copied.from = std::move(*from);
  copied.to = std::move(*to);
  return copied;
}

std::optional<AppendUid> append_uid_of(const Code& code) {
  if (code.name != "APPENDUID") return std::nullopt;
  Cursor cursor(code.argument);
  AppendUid appended;
  appended.uid_validity = cursor.nonzero_number();
  cursor.expect(' ');
  appended.uid = cursor.nonzero_number();
  if (!cursor.ok() || !cursor.at_end()) return std::nullopt;
  return appended;
}

std::vector<Range> modified_of(const Code& code) {
  if (code.name != "MODIFIED") return {};
  return parse_sequence_set(code.argument).value_or(std::vector<Range>{});
}

std::optional<PermanentFlags> permanent_flags_of(const Code& code) {
  if (code.name != "PERMANENTFLAGS") return std::nullopt;
  PermanentFlags permanent;
  Cursor cursor(code.argument);
  cursor.expect('(');
  cursor.spaces();
  while (cursor.ok() && !cursor.accept(')')) {
    const std::string_view name = cursor.word();
    if (name == "\\*") {
      permanent.any_keyword = true;
      permanent.marks.flags.set(Flag::passed);
    } else if (const auto flag = flag_of(name)) {
      permanent.marks.flags.set(*flag);
    } else if (!name.starts_with('\\') && permanent.marks.keywords.size() < keywords_limit) {
      permanent.marks.keywords.emplace_back(name);
    }
    cursor.spaces();
  }
  if (!cursor.ok()) return std::nullopt;
  std::vector<std::string>& keywords = permanent.marks.keywords;
  std::sort(keywords.begin(), keywords.end());
  keywords.erase(std::unique(keywords.begin(), keywords.end()), keywords.end());
  return permanent;
}

}  // namespace valija::imap
