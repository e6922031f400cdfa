#include "valija/mail/when.hpp"

#include <array>
#include <charconv>
#include <ctime>
#include <string>
#include <vector>

#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija {
namespace {

constexpr UnixTime farthest = UnixTime{3660} * 86400;
constexpr int morning = 8;

/// Lower case without the accents of Latin letters: "Miércoles" is "miercoles".
std::string folded(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, char>, 14> accents{{{"á", 'a'}, {"é", 'e'}, {"í", 'i'}, {"ó", 'o'}, {"ú", 'u'}, {"ñ", 'n'}, {"ü", 'u'},
      {"Á", 'a'}, {"É", 'e'}, {"Í", 'i'}, {"Ó", 'o'}, {"Ú", 'u'}, {"Ñ", 'n'}, {"Ü", 'u'}}};
  std::string plain;
  for (std::size_t i = 0; i < text.size();) {
    const std::string_view rest = text.substr(i);
    std::size_t size = 1;
    char letter = rest[0];
    for (const auto& [accented, base] : accents) {
      if (rest.starts_with(accented)) {
        size = accented.size();
        letter = base;
      }
    }
    plain += letter;
    i += size;
  }
  return to_lower_ascii(plain);
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  for (std::string& word : split(folded(clean(text)), ' ')) {
    if (!word.empty()) words.push_back(std::move(word));
  }
  return words;
}

std::optional<int> number_of(std::string_view text) {
  int value = 0;
  const auto end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  if (read.ec != std::errc() || read.ptr != end || text.empty() || text.size() > 4 || value < 0) return std::nullopt;
  return value;
}

/// Whether `word` is one of a list ("in en"), in English or the person's language.
bool is_one_of(const std::string& word, const char* english) {
  for (const char* list : {english, _(english)}) {
    for (const std::string& known : words_of(list)) {
      if (known == word) return true;
    }
  }
  return false;
}

/// 0 Sunday .. 6 Saturday, whole or by its first three letters.
std::optional<int> weekday_of(const std::string& word) {
  constexpr const char* english = N_("sunday monday tuesday wednesday thursday friday saturday");
  if (word.size() < 3) return std::nullopt;
  for (const char* list : {english, _(english)}) {
    const std::vector<std::string> days = words_of(list);
    for (std::size_t i = 0; i < days.size() && i < 7; ++i) {
      if (days[i] == word || days[i].substr(0, 3) == word) return static_cast<int>(i);
    }
  }
  return std::nullopt;
}

struct TimeOfDay {
  int hour = 0, minute = 0;
};

/// "8", "18:30", "8h", "8am", "6pm"
std::optional<TimeOfDay> time_of(std::string_view word) {
  int add = 0;
  bool is_twelve = false;
  if (word.ends_with("am") || word.ends_with("pm")) {
    is_twelve = true;
    if (word.ends_with("pm")) add = 12;
    word.remove_suffix(2);
  } else if (word.ends_with("h")) {
    word.remove_suffix(1);
  }
  const std::size_t colon = word.find(':');
  const auto hour = number_of(word.substr(0, colon));
  const auto minute = colon == std::string_view::npos ? std::optional(0) : number_of(word.substr(colon + 1));
  if (!hour || !minute || *hour > 23 || *minute > 59) return std::nullopt;
  if (is_twelve && (*hour < 1 || *hour > 12)) return std::nullopt;
  return TimeOfDay{is_twelve ? *hour % 12 + add : *hour, *minute};
}

/// "2026-12-24"
bool read_date(std::string_view word, std::tm& day) {
  const std::vector<std::string> fields = split(word, '-');
  if (fields.size() != 3 || fields[0].size() != 4) return false;
  const auto year = number_of(fields[0]), month = number_of(fields[1]), date = number_of(fields[2]);
  if (!year || !month || !date || *month < 1 || *month > 12 || *date < 1 || *date > 31) return false;
  day.tm_year = *year - 1900;
  day.tm_mon = *month - 1;
  day.tm_mday = *date;
  return true;
}

UnixTime local_time_of(std::tm day, TimeOfDay time) {
  day.tm_hour = time.hour;
  day.tm_min = time.minute;
  day.tm_sec = 0;
  day.tm_isdst = -1;
  return ::mktime(&day);
}

/// "in 2h", "in 30 min", "in 3 days"
std::optional<UnixTime> parse_distance(const std::vector<std::string>& words, UnixTime now) {
  std::string joined;
  for (std::size_t i = 1; i < words.size(); ++i) joined += words[i];
  const std::size_t digits = std::min(joined.find_first_not_of("0123456789"), joined.size());
  const auto count = number_of(std::string_view(joined).substr(0, digits));
  const std::string unit = joined.substr(digits);
  if (!count) return std::nullopt;
  if (is_one_of(unit, N_("m min mins minute minutes"))) return now + *count * UnixTime{60};
  if (is_one_of(unit, N_("h hour hours"))) return now + *count * UnixTime{3600};
  if (is_one_of(unit, N_("d day days"))) return now + *count * UnixTime{86400};
  if (is_one_of(unit, N_("w week weeks"))) return now + *count * UnixTime{7 * 86400};
  return std::nullopt;
}

std::optional<UnixTime> parse_day(const std::vector<std::string>& words, UnixTime now) {
  const std::time_t seconds = now;
  std::tm day{};
  ::localtime_r(&seconds, &day);
  const int today = day.tm_wday;
  std::size_t next = 1;
  bool has_day = true, is_weekday = false;
  if (is_one_of(words[0], N_("today"))) {
  } else if (is_one_of(words[0], N_("tomorrow"))) {
    ++day.tm_mday;
  } else if (const auto weekday = weekday_of(words[0])) {
    is_weekday = true;
    day.tm_mday += (*weekday - today + 7) % 7;
  } else if (!read_date(words[0], day)) {
    has_day = false;
    next = 0;
  }
  // "tomorrow at 8", "mañana a las 8"
  while (next < words.size() && is_one_of(words[next], N_("at"))) ++next;
  TimeOfDay time{morning, 0};
  if (next < words.size()) {
    const auto read = time_of(words[next++]);
    if (!read) return std::nullopt;
    time = *read;
  } else if (!has_day) {
    return std::nullopt;
  }
  if (next != words.size()) return std::nullopt;
  UnixTime when = local_time_of(day, time);
  if (when <= now && !has_day) when = local_time_of((++day.tm_mday, day), time);
  if (when <= now && is_weekday) when = local_time_of((day.tm_mday += 7, day), time);
  return when;
}

}  // namespace

std::optional<UnixTime> parse_when(std::string_view text, UnixTime now) {
  const std::vector<std::string> words = words_of(text.substr(0, 200));
  if (words.empty()) return std::nullopt;
  const auto when = is_one_of(words[0], N_("in")) ? parse_distance(words, now) : parse_day(words, now);
  if (!when || *when <= now || *when - now > farthest) return std::nullopt;
  return when;
}

}  // namespace valija
