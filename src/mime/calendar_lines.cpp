#include "calendar_lines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::mime {
namespace {

constexpr auto none = std::string_view::npos;
constexpr int most_events = 20;
constexpr std::size_t longest_value = 2000;

struct Property {
  std::string name, parameters, value;
};

Property read_property(std::string_view line) {
  bool is_quoted = false;
  std::size_t colon = 0;
  for (; colon < line.size(); ++colon) {
    if (line[colon] == '"') is_quoted = !is_quoted;
    if (line[colon] == ':' && !is_quoted) break;
  }
  if (colon == line.size()) return {};
  const auto head = line.substr(0, colon);
  const auto name_end = std::min(head.find(';'), head.size());
  return {to_lower_ascii(head.substr(0, name_end)), std::string(head.substr(name_end)),
          std::string(line.substr(colon + 1, longest_value))};
}

/// RFC 5545 §3.3.11.
std::string unescape(std::string_view value) {
  std::string text;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] != '\\' || i + 1 == value.size()) {
      text += value[i];
    } else {
      ++i;
      text += value[i] == 'n' || value[i] == 'N' ? ' ' : value[i];
    }
  }
  return clean(text);
}

bool are_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// "20261123T094100Z" as "2026-11-23 09:41 UTC"; what is no date stays as it is.
std::string readable_time(const Property& property) {
  const std::string_view value = trim(property.value);
  if (value.size() < 8 || !are_digits(value.substr(0, 8))) return clean(value);
  std::string text = fmt::format("{}-{}-{}", value.substr(0, 4), value.substr(4, 2), value.substr(6, 2));
  if (value.size() >= 13 && value[8] == 'T' && are_digits(value.substr(9, 4))) {
    text += fmt::format(" {}:{}", value.substr(9, 2), value.substr(11, 2));
  }
  if (value.ends_with('Z')) return text + " UTC";
  const auto zone = property.parameters.find("TZID=");
  if (zone == none) return text;
  const auto end = property.parameters.find(';', zone);
  return text + " " + clean(std::string_view(property.parameters).substr(zone + 5, end == none ? none : end - zone - 5));
}

class CalendarReader {
 public:
  std::vector<Line> read(std::string_view calendar) {
    std::string logical;
    for (std::size_t start = 0; start <= calendar.size() && events_ <= most_events;) {
      const auto end = std::min(calendar.find('\n', start), calendar.size());
      auto line = calendar.substr(start, end - start);
      if (line.ends_with('\r')) line.remove_suffix(1);
      if (line.starts_with(' ') || line.starts_with('\t')) {
        if (logical.size() < longest_value) logical += line.substr(1);
      } else {
        add(read_property(logical));
        logical = line;
      }
      start = end + 1;
    }
    add(read_property(logical));
    return std::move(lines_);
  }

 private:
  struct Shown {
    std::string_view name;
    const char* label;
    bool is_time;
  };
  static constexpr auto shown = std::to_array<Shown>({{"summary", N_("Event"), false},
                                                      {"dtstart", N_("Start"), true},
                                                      {"dtend", N_("End"), true},
                                                      {"location", N_("Place"), false},
                                                      {"status", N_("Status"), false}});

  void add(const Property& property) {
    if (property.name == "begin" && equal_ignoring_case(trim(property.value), "vevent")) {
      in_event_ = ++events_ <= most_events;
      if (!lines_.empty()) lines_.emplace_back();
    } else if (property.name == "end" && equal_ignoring_case(trim(property.value), "vevent")) {
      in_event_ = false;
    }
    if (!in_event_) return;
    for (const Shown& known : shown) {
      if (known.name == property.name) {
        add_line(known.label, known.is_time ? readable_time(property) : unescape(property.value));
      }
    }
  }

  void add_line(const char* label, std::string value) {
    if (value.empty()) return;
    Style dim;
    dim.dim = true;
    Line& line = lines_.emplace_back();
    line.spans.push_back({std::string(_(label)) + ": ", dim});
    line.spans.push_back({std::move(value), {}});
  }

  std::vector<Line> lines_;
  int events_ = 0;
  bool in_event_ = false;
};

}  // namespace

std::vector<Line> calendar_lines(std::string_view calendar) { return CalendarReader().read(calendar); }

}  // namespace valija::mime
