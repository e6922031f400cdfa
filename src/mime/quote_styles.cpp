#include "quote_styles.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "attribution.hpp"
#include "valija/base/text.hpp"

namespace valija::mime {
namespace {

constexpr int deepest_quote = 50;
constexpr std::size_t longest_looked_at = 500;  ///< octets of one line
constexpr std::size_t most_attribution_lines = 4;
constexpr std::size_t most_folded_lines = 3;     ///< of one copied header: a long "To:"
constexpr std::size_t longest_signature = 12;    ///< lines below "--" or a rule of underscores
constexpr std::string_view hard_blank = "\u00a0";

/// Without the blanks of HTML around it too.
std::string_view trimmed(std::string_view text) {
  for (;;) {
    const auto size = text.size();
    text = trim(text);
    if (text.starts_with(hard_blank)) text.remove_prefix(hard_blank.size());
    if (text.ends_with(hard_blank)) text.remove_suffix(hard_blank.size());
    if (text.size() == size) return text;
  }
}

std::string text_of(const Line& line) {
  std::string text;
  for (const Span& span : line.spans) {
    text += std::string_view(span.text).substr(0, longest_looked_at);
    if (text.size() > longest_looked_at) break;
  }
  return std::string(trimmed(text));
}

bool is_made_of(std::string_view text, char c, std::size_t least) { return text.size() >= least && text.find_first_not_of(c) == std::string_view::npos; }

bool is_underscore_rule(std::string_view text) { return is_made_of(text, '_', 20); }

/// What introduces earlier mail: lines [begin, end), of which those from `hidden` on are history already.
struct Head {
  enum class Kind { none, attribution, bare_attribution, original, forwarded };
  Kind kind = Kind::none;
  std::size_t end = 0, hidden = 0;
};

class HistoryMarker {
 public:
  explicit HistoryMarker(std::vector<Line>& lines) : lines_(lines) {}

  void run() {
    for (std::size_t at = 0; at < lines_.size();) {
      const Head head = read_head(at);
      if (head.kind == Head::Kind::none) {
        pass(at++);
      } else {
        take(head, at);
        at = head.end;
      }
    }
    end_block(lines_.size());
  }

 private:
  bool is_prose(std::size_t at) const {
    const Line::Role role = lines_[at].role;
    const bool is_plain = role == Line::Role::text || role == Line::Role::quote || role == Line::Role::signature || role == Line::Role::attribution ||
                          role == Line::Role::heading;
    return is_plain && lines_[at].marker.empty();
  }

  bool is_beside(std::size_t at, std::size_t other) const { return at < lines_.size() && lines_[at].quote_level == lines_[other].quote_level; }
  bool is_blank(std::size_t at) const { return text_of(lines_[at]).empty() && lines_[at].role != Line::Role::rule; }

  /// The next line with text or of another quote level, within a few; the number of lines if there is none.
  std::size_t next_text(std::size_t at) const {
    constexpr std::size_t most_blanks = 8;
    for (std::size_t i = at; i < lines_.size() && i < at + most_blanks; ++i) {
      if (!is_blank(i) || !is_beside(i, at - 1)) return i;
    }
    return lines_.size();
  }

  Head read_head(std::size_t at) const {
    const std::string text = text_of(lines_[at]);
    if (lines_[at].role == Line::Role::rule || is_underscore_rule(text)) return below_rule(at);
    if (text.empty() || !is_prose(at)) return {};
    if (const HeadMark mark = head_mark(text); mark != HeadMark::none) {
      const auto block = next_text(at + 1);
      const auto end = block < lines_.size() && is_beside(block, at) ? std::max(header_block_end(block), at + 1) : at + 1;
      return {mark == HeadMark::original ? Head::Kind::original : Head::Kind::forwarded, end, at + 1};
    }
    if (const auto end = header_block_end(at); end > at) return {Head::Kind::original, end, at + 1};
    return read_attribution(at, text);
  }

  /// Outlook draws a rule above the copied headers; any other rule is none of ours.
  Head below_rule(std::size_t at) const {
    const auto block = next_text(at + 1);
    if (block >= lines_.size() || !is_beside(block, at)) return {};
    const auto end = header_block_end(block);
    return end > block ? Head{Head::Kind::original, end, block + 1} : Head{};
  }

  /// Copied headers: at least three of them, among them the author and either the date or the subject. Long ones are folded, HTML may set a blank
  /// line between two. `at` if there are none.
  std::size_t header_block_end(std::size_t at) const {
    unsigned seen = 0;
    int count = 0;
    std::size_t end = at;
    for (std::size_t i = at; i < lines_.size() && i <= end + most_folded_lines && is_beside(i, at) && is_prose(i); ++i) {
      const HeadLabel label = head_label(text_of(lines_[i]));
      if (label == HeadLabel::none && i == at) return at;
      if (label == HeadLabel::none) continue;
      const unsigned bit = 1U << static_cast<unsigned>(label);
      if ((seen & bit) != 0) break;
      seen |= bit;
      ++count;
      end = i + 1;
    }
    const auto has = [&](HeadLabel label) { return (seen & 1U << static_cast<unsigned>(label)) != 0; };
    const bool is_block = count >= 3 && has(HeadLabel::from) && (has(HeadLabel::date) || has(HeadLabel::subject));
    return is_block ? end : at;
  }

  Head read_attribution(std::size_t at, const std::string& first) const {
    std::string joined;
    for (std::size_t i = at; i < at + most_attribution_lines && is_beside(i, at) && is_prose(i); ++i) {
      const std::string text = i == at ? first : text_of(lines_[i]);
      if (text.empty() || joined.size() + text.size() > longest_attribution) return {};
      if (!joined.empty()) joined += ' ';
      joined += text;
      if (is_attribution(joined)) return attribution_until(i + 1, at, joined);
      if (i == at && !begins_attribution(text)) return {};
    }
    return {};
  }

  Head attribution_until(std::size_t end, std::size_t begin, const std::string& text) const {
    const auto next = next_text(end);
    if (next >= lines_.size()) return {};
    if (lines_[next].quote_level > lines_[begin].quote_level) return {Head::Kind::attribution, end, end};
    return is_dated(text) ? Head{Head::Kind::bare_attribution, end, end} : Head{};
  }

  void take(const Head& head, std::size_t begin) {
    const bool is_own = lines_[begin].quote_level == 0;
    if (is_own) end_block(begin);
    if (is_own) ends_signature_ = true;
    for (std::size_t i = begin; i < head.end; ++i) {
      if (lines_[i].role != Line::Role::rule && !is_blank(i)) lines_[i].role = Line::Role::attribution;
      lines_[i].is_history = in_history_;
    }
    const bool hides = head.kind == Head::Kind::original || head.kind == Head::Kind::bare_attribution;
    if (!hides || !is_own || !has_own_text_ || in_history_) return;
    in_history_ = true;
    for (std::size_t i = head.hidden; i < head.end; ++i) lines_[i].is_history = true;
  }

  void pass(std::size_t at) {
    Line& line = lines_[at];
    if (line.role == Line::Role::signature && (ends_signature_ || line.quote_level > 0)) line.role = line.quote_level > 0 ? Line::Role::quote : Line::Role::text;
    line.is_history = line.is_history || in_history_;
    if (line.quote_level > 0) {
      end_block(at);
    } else if (!is_blank(at)) {
      if (!in_block_) block_begin_ = at;
      in_block_ = true;
      has_own_text_ = has_own_text_ || line.role != Line::Role::signature;
    }
  }

  /// The text of the writer ends here, before a quote, history, or the end: what stands last in it may be a signature without its proper mark.
  void end_block(std::size_t end) {
    if (!std::exchange(in_block_, false)) return;
    std::size_t texts = 0;
    for (std::size_t at = end; at > block_begin_ && texts < longest_signature; --at) {
      Line& line = lines_[at - 1];
      const std::string text = text_of(line);
      if (text.empty()) continue;
      if (line.role != Line::Role::text || !is_prose(at - 1)) return;
      ++texts;
      const bool is_mark = text == "--" || (is_underscore_rule(text) && texts > 1);
      if (is_mark || (texts <= most_device_lines && is_device_signature(text))) sign(at - 1, end);
      if (is_mark) return;
    }
  }

  void sign(std::size_t begin, std::size_t end) {
    for (std::size_t at = begin; at < end; ++at) lines_[at].role = Line::Role::signature;
  }

  static constexpr std::size_t most_device_lines = 2;

  std::vector<Line>& lines_;
  std::size_t block_begin_ = 0;  ///< where the writer's own text began, while in_block_
  bool in_block_ = false;
  bool has_own_text_ = false;    ///< something to read stood above
  bool in_history_ = false;
  bool ends_signature_ = false;  ///< a head was seen: what was taken for the rest of a signature is not
};

}  // namespace

Quoted read_quote_marks(std::string_view line) {
  Quoted quoted{0, line};
  if (line.starts_with(">From ")) return {0, line.substr(1)};
  while (quoted.level < deepest_quote) {
    const auto rest = quoted.text;
    const bool is_spaced = quoted.level > 0 && rest.starts_with(" >");
    if (!is_spaced && !rest.starts_with('>')) break;
    quoted.text.remove_prefix(is_spaced ? 2 : 1);
    ++quoted.level;
  }
  return quoted;
}

void take_quote_marks(std::vector<Line>& lines) {
  for (Line& line : lines) {
    if (line.quote_level > 0 || line.spans.empty() || (line.role != Line::Role::text && line.role != Line::Role::preformatted)) continue;
    std::string& text = line.spans.front().text;
    Quoted quoted = read_quote_marks(text);
    if (quoted.level == 0) continue;
    if (quoted.text.starts_with(' ')) quoted.text.remove_prefix(1);
    line.quote_level = quoted.level;
    line.role = Line::Role::quote;
    text.erase(0, text.size() - quoted.text.size());
    if (text.empty()) line.spans.erase(line.spans.begin());
  }
}

void mark_history(std::vector<Line>& lines) { HistoryMarker(lines).run(); }

}  // namespace valija::mime
