#include <utility>

#include "patch.hpp"
#include "quote_styles.hpp"
#include "valija/base/text.hpp"
#include "valija/mime/parse.hpp"

namespace valija::mime {
namespace {

constexpr auto none = std::string_view::npos;
constexpr int most_blank_lines = 2;
constexpr std::size_t most_lines = 100'001;  // one more than a document takes, which then says that it is cut

std::string_view without_trailing_blanks(std::string_view line) {
  const auto last = line.find_last_not_of(' ');
  return line.substr(0, last == none ? 0 : last + 1);
}

bool is_signature_mark(std::string_view line) { return line == "-- "; }

/// Hands out the lines of a text one by one, with a look at the next one.
class LineSource {
 public:
  explicit LineSource(std::string_view text) : rest_(text) {}
  bool at_end() const { return is_at_end_; }
  std::string_view peek() const { return rest_.substr(0, rest_.find('\n')); }
  std::string_view take() {
    const auto line = peek();
    is_at_end_ = line.size() == rest_.size();
    rest_.remove_prefix(is_at_end_ ? rest_.size() : line.size() + 1);
    return line;
  }

 private:
  std::string_view rest_;
  bool is_at_end_ = false;
};

class TextReader {
 public:
  TextReader(bool is_flowed, bool deletes_space) : is_flowed_(is_flowed), deletes_space_(deletes_space) {}

  std::vector<Line> read(std::string_view text) {
    LineSource source(text);
    while (!source.at_end() && lines_.size() < most_lines) {
      const auto line = source.take();
      if (!in_signature_ && read_patch_line(line, source)) continue;
      is_flowed_ ? read_flowed(line) : read_fixed(line);
    }
    while (!lines_.empty() && is_empty(lines_.back())) lines_.pop_back();
    return std::move(lines_);
  }

 private:
  static bool is_empty(const Line& line) { return line.spans.empty() && line.quote_level == 0; }

  bool read_patch_line(std::string_view line, const LineSource& source) {
    const auto role = patch_.role(line, source.at_end() ? std::string_view() : source.peek());
    if (!role) return false;
    is_continued_ = false;
    blank_lines_ = 0;
    Line& added = lines_.emplace_back();
    added.role = *role;
    added.wraps = false;
    if (!line.empty()) added.spans.push_back({std::string(line), {}});
    return true;
  }

  void read_fixed(std::string_view line) {
    if (is_signature_mark(line)) in_signature_ = true;
    Quoted quoted = read_quote_marks(line);
    if (quoted.level > 0 && quoted.text.starts_with(' ')) quoted.text.remove_prefix(1);
    add(quoted.level, without_trailing_blanks(quoted.text));
  }

  /// RFC 3676 §4: quote marks, then one stuffed space, then a trailing space that joins with the next line.
  void read_flowed(std::string_view line) {
    Quoted quoted = read_quote_marks(line);
    if (quoted.text.starts_with(' ')) quoted.text.remove_prefix(1);
    const bool is_mark = is_signature_mark(quoted.text);
    const bool goes_on = !is_mark && quoted.text.ends_with(' ');
    if (goes_on && deletes_space_) quoted.text.remove_suffix(1);
    const bool joins = is_continued_ && !is_mark && !lines_.empty() && lines_.back().quote_level == quoted.level;
    if (is_mark && quoted.level == 0) in_signature_ = true;
    if (joins) {
      join(quoted.text);
    } else {
      add(quoted.level, goes_on ? quoted.text : without_trailing_blanks(quoted.text));
    }
    is_continued_ = goes_on;
  }

  void join(std::string_view text) {
    auto& spans = lines_.back().spans;
    if (spans.empty()) spans.emplace_back();
    spans.back().text += text;
  }

  void add(int level, std::string_view text) {
    const bool is_blank = level == 0 && without_trailing_blanks(text).empty();
    if (is_blank && (lines_.empty() || ++blank_lines_ > most_blank_lines)) return;
    if (!is_blank) blank_lines_ = 0;
    Line& line = lines_.emplace_back();
    line.quote_level = level;
    line.role = in_signature_ ? Line::Role::signature : level > 0 ? Line::Role::quote : Line::Role::text;
    if (!is_blank && !text.empty()) line.spans.push_back({std::string(text), {}});
  }

  bool is_flowed_, deletes_space_;
  bool is_continued_ = false;  ///< the last flowed line ended in a space
  bool in_signature_ = false;
  int blank_lines_ = 0;
  PatchReader patch_;
  std::vector<Line> lines_;
};

}  // namespace

std::vector<Line> text_lines(std::string_view utf8, bool flowed, bool delete_space) {
  std::vector<Line> lines = TextReader(flowed, delete_space).read(clean_lines(utf8));
  mark_history(lines);
  return lines;
}

}  // namespace valija::mime
