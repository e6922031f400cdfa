#include "valija/demo/mailbox.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <optional>
#include <string_view>
#include <utility>

#include "demo/templates.hpp"

namespace valija::demo {
namespace {

constexpr std::array<std::pair<std::string_view, FolderRole>, 6> roles{{{"INBOX", FolderRole::inbox},
                                                                        {"Archive", FolderRole::archive},
                                                                        {"Drafts", FolderRole::drafts},
                                                                        {"Sent", FolderRole::sent},
                                                                        {"Trash", FolderRole::trash},
                                                                        {"Junk", FolderRole::junk}}};

FolderRole role_of(std::string_view folder) {
  const auto found = std::find_if(roles.begin(), roles.end(), [&](const auto& row) { return row.first == folder; });
  return found == roles.end() ? FolderRole::none : found->second;
}

std::tm civil(UnixTime time) {
  const std::time_t seconds = time;
  std::tm result{};
  gmtime_r(&seconds, &result);
  return result;
}

/// RFC 5322 §3.3, always in English.
std::string header_date(UnixTime time, int zone) {
  constexpr std::array<const char*, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::tm at = civil(time + zone * 60);
  return fmt::format("{}, {} {} {} {:02}:{:02}:{:02} {}{:02}{:02}", days[static_cast<std::size_t>(at.tm_wday)], at.tm_mday,
                     months[static_cast<std::size_t>(at.tm_mon)], at.tm_year + 1900, at.tm_hour, at.tm_min, at.tm_sec,
                     zone < 0 ? '-' : '+', std::abs(zone) / 60, std::abs(zone) % 60);
}

std::string day(UnixTime time, int zone) {
  const std::tm at = civil(time + zone * 60);
  return fmt::format("{}-{:02}-{:02}", at.tm_year + 1900, at.tm_mon + 1, at.tm_mday);
}

/// RFC 5545 §3.3.5 in UTC, on the half hour, as appointments are.
std::string calendar_time(UnixTime time) {
  const std::tm at = civil(time - time % 1800);
  return fmt::format("{}{:02}{:02}T{:02}{:02}00Z", at.tm_year + 1900, at.tm_mon + 1, at.tm_mday, at.tm_hour, at.tm_min);
}

/// "2d3h", "-1d22h30m" (in the future): seconds.
std::optional<std::int64_t> parse_age(std::string_view text) {
  const bool future = text.starts_with('-');
  if (future) text.remove_prefix(1);
  std::int64_t sum = 0, number = 0;
  for (const char c : text) {
    if (c >= '0' && c <= '9' && number < 100000) {
      number = number * 10 + (c - '0');
      continue;
    }
    const std::int64_t unit = c == 'd' ? 86400 : c == 'h' ? 3600 : c == 'm' ? 60 : 0;
    if (unit == 0) return std::nullopt;
    sum += number * unit;
    number = 0;
  }
  return future ? -sum : sum;
}

/// The text for the mark between two @, or nothing if it is none.
std::optional<std::string> fill(std::string_view mark, const Template& from, UnixTime now) {
  if (mark == "DATE") return header_date(now - from.age, from.zone);
  const auto colon = mark.find(':');
  if (colon == std::string_view::npos || mark.size() > 24) return std::nullopt;
  const auto age = parse_age(mark.substr(colon + 1));
  if (!age) return std::nullopt;
  const auto name = mark.substr(0, colon);
  if (name == "DATE") return header_date(now - *age, from.zone);
  if (name == "DAY") return day(now - *age, from.zone);
  if (name == "TIME") return calendar_time(now - *age);
  return std::nullopt;
}

std::string dated(const Template& from, UnixTime now) {
  std::string result;
  result.reserve(from.octets.size() + 256);
  std::string_view rest = from.octets;
  while (true) {
    const auto open = rest.find('@');
    const auto close = open == std::string_view::npos ? open : rest.find('@', open + 1);
    if (close == std::string_view::npos) break;
    result.append(rest.substr(0, open));
    if (const auto text = fill(rest.substr(open + 1, close - open - 1), from, now)) {
      result.append(*text);
      rest.remove_prefix(close + 1);
    } else {
      result.push_back('@');
      rest.remove_prefix(open + 1);
    }
  }
  return result.append(rest);
}

std::vector<std::string> split(std::string_view words) {
  std::vector<std::string> result;
  while (!words.empty()) {
    const auto space = std::min(words.find(' '), words.size());
    if (space > 0) result.emplace_back(words.substr(0, space));
    words.remove_prefix(std::min(space + 1, words.size()));
  }
  std::sort(result.begin(), result.end());
  return result;
}

}  // namespace

std::vector<DemoAccount> demo_accounts() {
  return {{"home", "ana@example.org", "Ana Ruiz"}, {"work", "ana@ruiz.example.net", "Ana Ruiz"}};
}

std::vector<DemoMessage> demo_mailbox(UnixTime now) {
  std::vector<DemoMessage> result;
  for (const Template& from : templates())
    result.push_back({std::string(from.account), std::string(from.folder), role_of(from.folder),
                      from_maildir_letters(from.flags), split(from.tags), now - from.age, dated(from, now)});
  std::sort(result.begin(), result.end(), [](const auto& a, const auto& b) { return a.date > b.date; });
  return result;
}

}  // namespace valija::demo
