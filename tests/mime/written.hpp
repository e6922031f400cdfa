#pragma once

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <string_view>

#include "support/temporary_directory.hpp"
#include "valija/base/fd.hpp"
#include "valija/mime/build.hpp"
#include "valija/mime/parse.hpp"

namespace valija::test {

inline mime::BuildOptions build_options() {
  mime::BuildOptions options;
  options.date = 1795424460;  // 23 Nov 2026 09:01 UTC
  options.utc_offset_minutes = 60;
  options.message_id = "abc@example.org";
  return options;
}

inline Draft simple_draft() {
  Draft draft;
  draft.from = "Ana Ruiz <ana@example.org>";
  draft.to = "Jun <jun@example.jp>";
  draft.subject = "Hello";
  draft.body = "Hi Jun,\nall is well.\n";
  return draft;
}

struct Written {
  mime::Built built;
  std::string octets;
};

/// What `make(path)` writes; the test fails if it does not.
template <typename Make>
Written written(Make make) {
  const TemporaryDirectory directory;
  const auto built = make(directory / "message");
  if (!built) FAIL(built.error().message);
  Written result{*built, read_file(directory / "message", 1U << 28).value_or("")};
  CHECK(result.built.size == result.octets.size());
  return result;
}

inline Written build(const Draft& draft, const mime::BuildOptions& options = build_options()) {
  return written([&](const std::string& path) { return mime::write_message(draft, options, path); });
}

/// The first thing in `octets` that SMTP (RFC 5321 §4.5.3.1.6) does not take; empty if there is none.
inline std::string fault_of(std::string_view octets) {
  for (std::size_t start = 0; start < octets.size();) {
    const auto end = octets.find("\r\n", start);
    if (end == std::string_view::npos) return "the last line has no end";
    const auto line = octets.substr(start, end - start);
    if (line.size() > 998) return "a line is too long";
    if (line.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos) return "a bare line end, or NUL";
    start = end + 2;
  }
  return {};
}

/// Names of the header fields, and how often they stand there.
inline std::map<std::string, int> fields_of(std::string_view octets) {
  std::map<std::string, int> names;
  for (std::size_t start = 0; start < octets.size();) {
    const auto end = octets.find("\r\n", start);
    const auto line = octets.substr(start, end - start);
    if (line.empty()) break;
    if (line.front() != ' ' && line.front() != '\t') ++names[std::string(line.substr(0, line.find(':')))];
    start = end + 2;
  }
  return names;
}

inline Document parsed(const std::string& octets) {
  return mime::parse(octets, [](std::string_view html, int) { return HtmlText{{Line{{}, 0, 0, {}, {{std::string(html), {}}}}}, {}}; });
}

}  // namespace valija::test
