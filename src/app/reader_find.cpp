// An open message in another way, its headers, and what is looked for in a thread.
#include <algorithm>
#include <utility>

#include "valija/app/reader.hpp"
#include "valija/base/text.hpp"

namespace valija::app {
namespace {

constexpr std::size_t most_matches = 10000;

/// A text as it is compared, and where each octet of that comes from.
struct Folded {
  std::string text;
  std::vector<std::uint32_t> from;  ///< one more than octets: the end
};

Folded folded(const Line& line) {
  Folded all;
  std::string joined;
  for (const Span& span : line.spans) joined += span.text;
  std::uint32_t at = 0;
  for (const Grapheme& grapheme : graphemes(std::string_view(joined))) {
    const std::string one = grapheme.bytes == " " ? " " : fold(grapheme.bytes);
    all.text += one;
    all.from.insert(all.from.end(), one.size(), at);
    at += static_cast<std::uint32_t>(grapheme.bytes.size());
  }
  all.from.push_back(at);
  return all;
}

std::vector<TextPlace> all_places_in(const std::vector<Line>& lines, std::string_view text) {
  std::vector<TextPlace> places;
  for (std::size_t line = 0; line < lines.size() && places.size() < most_matches; ++line) {
    for (const auto& [begin, end] : places_in(lines[line], text)) places.push_back({static_cast<std::uint32_t>(line), begin, end});
  }
  return places;
}

bool is_wanted_header(const std::string& wanted, const std::string& name) {
  if (wanted == "all") return true;
  const std::vector<std::string> names = split(wanted, ' ');
  return std::any_of(names.begin(), names.end(), [&](const std::string& one) { return equal_ignoring_case(one, name); });
}

}  // namespace

std::vector<std::pair<std::uint32_t, std::uint32_t>> places_in(const Line& line, std::string_view text) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> places;
  const std::string wanted = fold(text);
  if (trim(wanted).empty()) return places;
  const Folded in = folded(line);
  for (std::size_t at = in.text.find(wanted); at != std::string::npos; at = in.text.find(wanted, at + wanted.size())) {
    const std::size_t end = at + wanted.size();
    // Up to where the next character begins: the end may be inside of one that folds to several.
    std::size_t next = end;
    while (next < in.from.size() - 1 && in.from[next] == in.from[end - 1]) ++next;
    places.emplace_back(in.from[at], in.from[next]);
  }
  return places;
}

void Reader::render_as(RenderOptions options) {
  if (messages_.empty()) return;
  OpenMessage& open = messages_[current_];
  options.columns = open.options.columns;
  if (open.state != OpenMessage::State::shown || options == open.options) return;
  open.options = std::move(options);
  open.is_stale = true;
}

void Reader::show_headers(const std::string& wanted) {
  if (messages_.empty()) return;
  messages_[current_].wanted_headers = wanted;
  note_headers(messages_[current_]);
  relayout(current_);
}

void Reader::note_headers(OpenMessage& open) const {
  open.headers.clear();
  if (open.wanted_headers.empty()) return;
  for (const Document::HeaderRow& row : open.document.all_headers) {
    if (!is_wanted_header(open.wanted_headers, row.name)) continue;
    Line line;
    line.indent = 2;
    line.spans = {{clean(row.name) + ": ", {.dim = true}}, {clean(row.value), {}}};
    open.headers.push_back(std::move(line));
  }
}

bool Reader::scroll_sideways(int columns) {
  int widest = 0;
  for (const OpenMessage& open : messages_) {
    if (open.is_open && open.state == OpenMessage::State::shown) widest = std::max(widest, widest_table(open.document.lines));
  }
  const int shift = std::clamp(shift_ + columns, 0, std::max(0, widest - text_columns()));
  if (shift == shift_) return false;
  shift_ = shift;
  rows_.assign(messages_.size(), {});
  return true;
}

std::size_t Reader::find(const std::string& text) {
  wanted_text_ = text;
  for (OpenMessage& open : messages_) open.found.reset();
  look_for_matches();
  if (matches_.empty()) return 0;
  const std::vector<VisibleRow> rows = visible();
  const auto seen = std::find_if(rows.begin(), rows.end(), [](const VisibleRow& row) { return row.row.kind == ReaderRow::Kind::text; });
  const Match from = seen == rows.end() ? Match{top_.message} : Match{seen->message, seen->row.flow.line, seen->row.flow.begin};
  const auto first = std::lower_bound(matches_.begin(), matches_.end(), from);
  match_ = first == matches_.end() ? 0 : static_cast<std::size_t>(first - matches_.begin());
  show_match();
  return matches_.size();
}

bool Reader::go_to_match(long direction) {
  if (matches_.empty()) return false;
  const auto count = static_cast<long>(matches_.size());
  match_ = static_cast<std::size_t>(((static_cast<long>(match_) + direction) % count + count) % count);
  show_match();
  return true;
}

/// Something else is looked for, or other texts are open: only a text that is new is read for it.
void Reader::look_for_matches() {
  const Match in_front = matches_.empty() ? Match() : matches_[match_];
  matches_.clear();
  for (std::size_t i = 0; i < messages_.size() && !wanted_text_.empty(); ++i) {
    OpenMessage& open = messages_[i];
    if (!open.is_open || open.is_hidden || open.state != OpenMessage::State::shown) continue;
    if (!open.found) open.found = all_places_in(open.document.lines, wanted_text_);
    for (const TextPlace& place : *open.found) {
      if (matches_.size() < most_matches) matches_.push_back({i, place.line, place.begin, place.end});
    }
  }
  const auto same = std::lower_bound(matches_.begin(), matches_.end(), in_front);
  match_ = std::min(static_cast<std::size_t>(same - matches_.begin()), matches_.empty() ? 0 : matches_.size() - 1);
}

/// Unfolds the quotation that it is in, and brings it on the screen.
void Reader::show_match() {
  const Match& match = matches_[match_];
  const auto row_of_match = [&]() -> std::optional<std::size_t> {
    const std::vector<ReaderRow>& rows = rows_of(match.message);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const FlowRow& flow = rows[i].flow;
      const bool is_here = flow.line == match.line && (match.begin < flow.end || flow.begin == flow.end);
      if (rows[i].kind == ReaderRow::Kind::text && is_here) return i;
    }
    return std::nullopt;
  };
  auto row = row_of_match();
  if (!row) {
    messages_[match.message].turns_quotes = !messages_[match.message].turns_quotes;
    forget_rows(match.message);
    row = row_of_match();
  }
  const Place place{match.message, row.value_or(0)};
  const Place bottom = forward(top_, std::max(0, lines_ - 1));
  if (place < top_ || place > bottom) top_ = std::min(backward(place, lines_ / 3), last_top());
  is_aiming_ = false;
  current_ = match.message;
}

}  // namespace valija::app
