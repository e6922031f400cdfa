#include "valija/imap/spelling.hpp"

#include <algorithm>
#include <ctime>

#include <fmt/format.h>

#include "flag_names.hpp"
#include "valija/base/text.hpp"

namespace valija::imap {
namespace {

constexpr std::size_t keyword_length_limit = 255;

bool is_atom(std::string_view word) {
  static constexpr std::string_view specials = "(){%*\"\\]";
  return !word.empty() && word.size() <= keyword_length_limit &&
         std::all_of(word.begin(), word.end(), [](char c) { return c > ' ' && c < 0x7f && specials.find(c) == std::string_view::npos; });
}

}  // namespace

std::optional<Flag> flag_of(std::string_view name) {
  for (const FlagName& row : flag_names) {
    if (equal_ignoring_case(row.name, name)) return row.flag;
  }
  return std::nullopt;
}

std::string to_flag_list(const Marks& marks) {
  std::string list;
  for (const FlagName& row : flag_names) {
    if (marks.flags.has(row.flag)) list.append(list.empty() ? "" : " ").append(row.name);
  }
  for (const std::string& keyword : marks.keywords) {
    if (is_atom(keyword)) list.append(list.empty() ? "" : " ").append(keyword);
  }
  return '(' + list + ')';
}

std::string to_internal_date(UnixTime time) {
  static constexpr std::string_view months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  constexpr UnixTime last = 253402300799;  // the end of the year 9999
  const std::time_t seconds = std::clamp<UnixTime>(time, 0, last);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  return fmt::format("{:02}-{}-{:04} {:02}:{:02}:{:02} +0000", parts.tm_mday, months[static_cast<std::size_t>(parts.tm_mon)],
                     parts.tm_year + 1900, parts.tm_hour, parts.tm_min, parts.tm_sec);
}

}  // namespace valija::imap
