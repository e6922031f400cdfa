#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "html_text.hpp"
#include "valija/base/text.hpp"

using namespace valija;

namespace {

std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Breaks at blanks, as the reader does.
std::vector<std::string> wrapped(const std::string& text, int columns) {
  std::vector<std::string> lines(1);
  for (const std::string& word : split(text, ' ')) {
    const bool is_first = lines.back().empty();
    if (!is_first && display_width(lines.back()) + 1 + display_width(word) > columns) {
      lines.push_back(word);
    } else {
      lines.back() += (is_first ? "" : " ") + word;
    }
  }
  return lines;
}

std::string blanks(int count) { return std::string(static_cast<std::size_t>(std::max(count, 0)), ' '); }

/// A line as it stands on a screen of `columns`; earlier mail behind "~".
std::string drawn(const Line& line, int columns) {
  std::string bars = line.is_history ? "~ " : "";
  for (int i = 0; i < line.quote_level; ++i) bars += "│ ";
  std::string text = test::text_of(line), out;
  if (line.role == Line::Role::rule) {
    for (int i = display_width(bars); i < columns; ++i) text += "─";
  }
  const int room = columns - display_width(bars) - line.indent;
  std::string front = blanks(line.indent - display_width(line.marker)) + line.marker;
  for (const std::string& piece : line.wraps && text.front() != ' ' ? wrapped(text, room) : std::vector{text}) {
    std::string whole = bars + front + piece;
    whole.erase(whole.find_last_not_of(' ') + 1);
    out += whole + "\n";
    front = blanks(line.indent);
  }
  return out;
}

std::string screen(const std::string& html, int columns) {
  const HtmlText text = html::render(html, columns);
  std::string out;
  for (const Line& line : text.lines) out += line.spans.empty() && line.role != Line::Role::rule ? "\n" : drawn(line, columns);
  return out + fmt::format("({} links, {} pictures, {} trackers, {} not fetched)\n", text.links.size(), text.pictures.size(), text.trackers,
                           text.remote_pictures);
}

}  // namespace

TEST_CASE("golden/*: mail of machines as it is read") {
  int seen = 0;
  for (const auto& entry : std::filesystem::directory_iterator(VALIJA_GOLDEN)) {
    if (entry.path().extension() != ".html") continue;
    for (const int columns : {80, 120}) {
      auto golden = entry.path();
      golden.replace_extension(fmt::format(".{}.txt", columns));
      CAPTURE(golden.string());
      const std::string shown = screen(content_of(entry.path()), columns);
      if (std::getenv("VALIJA_REGENERATE") != nullptr) std::ofstream(golden) << shown;
      CHECK(shown == content_of(golden));
      for (const std::string& line : split(shown, '\n')) CHECK(display_width(line) <= columns);
    }
    ++seen;
  }
  CHECK(seen >= 12);
}
