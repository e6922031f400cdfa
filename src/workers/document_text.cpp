#include "valija/workers/document_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "valija/base/text.hpp"
#include "valija/base/words.hpp"
#include "valija/mail/date.hpp"

namespace valija::workers {

namespace {

constexpr int rule_columns = 40;
constexpr int least_columns = 20;
/// Enough for most writing; where characters take more, with many combining marks, lines only become shorter.
constexpr std::size_t most_octets_per_column = 6;
constexpr int deepest_margin = 40;

/// Writes the lines of a document one after the other.
class TextWriter {
 public:
  TextWriter(const Document& document, int columns)
      : document_(document), columns_(columns), is_noted_(document.links.size(), false) {}

  std::string write() {
    for (const Line& line : document_.lines) write_line(line);
    write_links();
    return std::move(text_);
  }

 private:
  /// The spans as one text; behind a link its number, unless the text is the target itself. The numbers of a row of a table stand at its end, so
  /// that its columns stay one below the other.
  std::string flat(const Line& line) {
    std::string text, linked, at_end;
    for (std::size_t i = 0; i < line.spans.size(); ++i) {
      const Span& span = line.spans[i];
      text += span.text;
      const int link = span.style.link;
      if (link < 0 || static_cast<std::size_t>(link) >= document_.links.size()) continue;
      linked += span.text;
      const bool goes_on = i + 1 < line.spans.size() && line.spans[i + 1].style.link == link;
      if (goes_on) continue;
      if (linked != document_.links[static_cast<std::size_t>(link)].target) {
        (line.role == Line::Role::table ? at_end : text) += fmt::format("[{}]", link + 1);
        is_noted_[static_cast<std::size_t>(link)] = true;
      }
      linked.clear();
    }
    return clean(at_end.empty() ? text : text + " " + at_end);
  }

  void write_line(const Line& line) {
    std::string quotes;
    for (int level = 0; level < std::min(line.quote_level, deepest_margin / 2); ++level) quotes += "> ";
    const auto indent = static_cast<std::size_t>(std::clamp(line.indent, 0, deepest_margin));
    const std::string rest = quotes + std::string(indent, ' ');
    std::string first = rest;
    if (!line.marker.empty()) {
      const std::string marker = clean(line.marker);
      const auto width = static_cast<std::size_t>(display_width(marker));
      first = quotes + std::string(indent > width ? indent - width : 0, ' ') + marker;
    }
    std::string text = flat(line);
    if (line.role == Line::Role::rule && text.empty()) {
      for (int i = 0; i < rule_columns; ++i) text += "─";
    }
    if (!line.wraps || columns_ == 0) {
      put(first, text);
    } else {
      wrap(text, first, rest);
    }
  }

  void put(const std::string& margin, std::string_view text) {
    const std::string line = margin + std::string(text);
    const auto end = line.find_last_not_of(' ');
    // "-- " is how a signature begins: its blank belongs to it.
    text_ += line == "-- " ? line : line.substr(0, end == std::string::npos ? 0 : end + 1);
    text_ += "\n";
  }

  /// Breaks at blanks and behind wide characters; a longer word stays whole, so that it can be copied.
  void wrap(std::string_view text, const std::string& first, const std::string& rest) {
    const int columns = std::max(least_columns, columns_ - display_width(rest));
    std::string_view margin = first;
    for (;;) {
      const std::size_t end = break_before(text, columns);
      put(std::string(margin), text.substr(0, end));
      if (end == std::string_view::npos) return;
      text.remove_prefix(std::min(text.find_first_not_of(' ', end), text.size()));
      if (text.empty()) return;
      margin = rest;
    }
  }

  /// The last place to break within `columns`, else the first one behind; npos: the text fits, or has none.
  static std::size_t break_before(std::string_view text, int columns) {
    // Only the beginning is looked at, so that a huge line stays linear.
    std::size_t size = std::min(text.size(), static_cast<std::size_t>(columns + 1) * most_octets_per_column);
    while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80) ++size;
    const std::string_view head = text.substr(0, size);
    std::size_t best = std::string_view::npos;
    int column = 0;
    bool is_behind_wide = false;
    for (const Grapheme& grapheme : graphemes(head)) {
      const auto offset = static_cast<std::size_t>(grapheme.bytes.data() - head.data());
      if (column > columns && best != std::string_view::npos) return best;
      if ((grapheme.bytes == " " && offset > 0) || is_behind_wide) {
        best = offset;
        if (column > columns) return best;
      }
      column += grapheme.width;
      is_behind_wide = grapheme.width == 2;
    }
    if (head.size() == text.size()) return column > columns ? best : std::string_view::npos;
    return best != std::string_view::npos ? best : text.find(' ', head.size());
  }

  void write_links() {
    bool is_first = true;
    for (std::size_t i = 0; i < is_noted_.size(); ++i) {
      if (!is_noted_[i]) continue;
      if (std::exchange(is_first, false)) text_ += "\n";
      text_ += fmt::format("[{}] {}\n", i + 1, clean(document_.links[i].target));
    }
  }

  const Document& document_;
  const int columns_;
  std::vector<bool> is_noted_;
  std::string text_;
};

std::string addresses_text(const std::vector<Address>& addresses) {
  std::vector<std::string> texts;
  for (const Address& address : addresses) texts.push_back(to_text(address));
  return join(texts, ", ");
}

}  // namespace

std::string header_text(const Document& document) {
  const Document::Headers& headers = document.headers;
  const std::pair<const char*, std::string> rows[] = {{_("From:"), addresses_text(headers.from)},
                                                      {_("To:"), addresses_text(headers.to)},
                                                      {_("Cc:"), addresses_text(headers.cc)},
                                                      {_("Subject:"), headers.subject},
                                                      {_("Date:"), headers.unix_date != 0 ? full_date(headers.unix_date) : headers.date}};
  std::string text;
  for (const auto& [name, value] : rows) {
    if (!value.empty()) text += fmt::format("{} {}\n", name, clean(value));
  }
  return text;
}

std::string document_text(const Document& document, int columns) { return TextWriter(document, columns).write(); }

}  // namespace valija::workers
