// RFC 5322 §3.3 and §4.3, and what real mail has instead: words in any order, ISO 8601, missing zones.
#include <algorithm>
#include <array>
#include <charconv>

#include "valija/base/text.hpp"
#include "valija/mail/date.hpp"

namespace valija {
namespace {

constexpr std::size_t longest_header = 1000;  // no date is longer; the rest is not looked at

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// Days since 1970-01-01 of a Gregorian date; a day beyond the month counts on into the next.
std::int64_t days_from_civil(int year, int month, int day) {
  const int shifted = month > 2 ? year : year - 1;
  const int era = shifted / 400;
  const int year_of_era = shifted - era * 400;
  const int day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  const int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return static_cast<std::int64_t>(era) * 146097 + day_of_era - 719468;
}

int month_of(std::string_view word) {
  constexpr std::array<std::string_view, 12> months = {"jan", "feb", "mar", "apr", "may", "jun",
                                                       "jul", "aug", "sep", "oct", "nov", "dec"};
  const std::string start = to_lower_ascii(word.substr(0, 3));
  const auto found = std::find(months.begin(), months.end(), start);
  return found == months.end() ? 0 : static_cast<int>(found - months.begin()) + 1;
}

struct NamedZone {
  std::string_view name;
  int hours;
};

/// The obsolete names of RFC 5322 §4.3; any other name means that the zone is not known, which counts as UTC.
int minutes_of_zone(std::string_view name) {
  constexpr std::array zones = {NamedZone{"est", -5}, NamedZone{"edt", -4}, NamedZone{"cst", -6}, NamedZone{"cdt", -5},
                                NamedZone{"mst", -7}, NamedZone{"mdt", -6}, NamedZone{"pst", -8}, NamedZone{"pdt", -7}};
  const auto found =
      std::find_if(zones.begin(), zones.end(), [&](const NamedZone& z) { return equal_ignoring_case(z.name, name); });
  return found == zones.end() ? 0 : found->hours * 60;
}

class DateReader {
 public:
  explicit DateReader(std::string_view header) : rest_(header.substr(0, longest_header)) {}

  std::optional<UnixTime> read() {
    while (!rest_.empty()) step();
    if (month_ == 0 || day_ < 1 || day_ > 31 || year_ < 0) return std::nullopt;
    if (hour_ > 23 || minute_ > 59 || second_ > 60) return std::nullopt;
    constexpr UnixTime last = 253402300799;  // the end of the year 9999
    const UnixTime local = days_from_civil(year_, month_, day_) * 86400 + hour_ * 3600 + minute_ * 60 + second_;
    return std::clamp<UnixTime>(local - zone_minutes_ * 60, 0, last);
  }

 private:
  void step() {
    const char c = rest_.front();
    if (c == '(') {
      comment();
    } else if (is_letter(c)) {
      word(take_while(is_letter));
    } else if (is_digit(c)) {
      digits();
    } else if ((c == '+' || c == '-') && has_time_ && rest_.size() > 1 && is_digit(rest_[1])) {
      zone();
    } else {
      rest_.remove_prefix(1);
    }
  }

  void comment() {
    int depth = 0;
    while (!rest_.empty()) {
      const char c = rest_.front();
      rest_.remove_prefix(1);
      if (c == '\\' && !rest_.empty()) rest_.remove_prefix(1);
      if (c == '(') ++depth;
      if (c == ')' && --depth == 0) return;
    }
  }

  template <typename Predicate>
  std::string_view take_while(Predicate belongs) {
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), belongs);
    const auto taken = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
    rest_.remove_prefix(taken.size());
    return taken;
  }

  /// -1 for a number that no date has.
  static int to_int(std::string_view digits) {
    int value = -1;
    if (digits.size() <= 6) std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
  }

  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  void word(std::string_view text) {
    if (has_time_ && text.size() <= 4 && zone_minutes_ == 0) zone_minutes_ = minutes_of_zone(text);
    if (month_ == 0 && text.size() >= 3) month_ = month_of(text);
  }

  void digits() {
    const auto text = take_while(is_digit);
    const int value = to_int(text);
    if (!has_time_ && !rest_.empty() && rest_.front() == ':') {
      time(value);
    } else if (text.size() >= 4 && year_ < 0 && month_ == 0 && take('-')) {
      iso_date(value);
    } else if (day_ == 0 && text.size() <= 2) {
      day_ = value;
    } else if (year_ < 0) {
      year_ = to_year(value, text.size());
    }
  }

  /// RFC 5322 §4.3: two digits turn at 50, three count from 1900.
  static int to_year(int value, std::size_t size) {
    if (value < 0) return size > 6 ? 9999 : -1;
    if (size <= 2) return value < 50 ? value + 2000 : value + 1900;
    if (size == 3) return value + 1900;
    return std::clamp(value, 1900, 9999);
  }

  void iso_date(int year) {
    year_ = to_year(year, 4);
    month_ = to_int(take_while(is_digit));
    if (month_ < 1 || month_ > 12) month_ = 0;
    if (take('-')) day_ = to_int(take_while(is_digit));
    if (!rest_.empty() && (rest_.front() == 'T' || rest_.front() == 't')) rest_.remove_prefix(1);
  }

  void time(int hour) {
    has_time_ = true;
    hour_ = hour < 0 ? 99 : hour;
    take(':');
    minute_ = std::max(to_int(take_while(is_digit)), 0);
    if (take(':')) second_ = std::max(to_int(take_while(is_digit)), 0);
    if (take('.')) take_while(is_digit);
  }

  void zone() {
    const bool is_west = rest_.front() == '-';
    rest_.remove_prefix(1);
    const auto text = take_while(is_digit);
    int hours = to_int(text.substr(0, 2));
    int minutes = text.size() == 4 ? to_int(text.substr(2)) : 0;
    if (text.size() == 2 && take(':')) minutes = to_int(take_while(is_digit));
    const bool is_zone = (text.size() == 4 || text.size() == 2) && hours <= 23 && minutes >= 0 && minutes <= 59;
    if (is_zone) zone_minutes_ = (hours * 60 + minutes) * (is_west ? -1 : 1);
  }

  std::string_view rest_;
  int year_ = -1;
  int month_ = 0;
  int day_ = 0;
  int hour_ = 0;
  int minute_ = 0;
  int second_ = 0;
  int zone_minutes_ = 0;
  bool has_time_ = false;
};

}  // namespace

std::optional<UnixTime> parse_date(std::string_view header) { return DateReader(header).read(); }

}  // namespace valija
