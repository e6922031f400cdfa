#include "valija/app/prompt.hpp"

#include <algorithm>
#include <iterator>

#include "valija/base/text.hpp"

namespace valija::app {
namespace {

constexpr std::size_t longest_line = 4096;
constexpr std::size_t longest_history = 200;

std::size_t grapheme_before(const std::string& text, std::size_t cursor) {
  std::size_t last = 0;
  for (const Grapheme& grapheme : graphemes(std::string_view(text).substr(0, cursor))) last = grapheme.bytes.size();
  return std::min(last, cursor);
}

std::size_t grapheme_after(const std::string& text, std::size_t cursor) {
  const std::vector<Grapheme> rest = graphemes(std::string_view(text).substr(cursor));
  return rest.empty() ? 0 : rest.front().bytes.size();
}

}  // namespace

void Prompt::open(Kind kind, std::string text) {
  kind_ = kind;
  text_ = std::move(text);
  cursor_ = text_.size();
  recalled_ = history().size();
  changed();
}

void Prompt::close() {
  kind_ = Kind::none;
  text_.clear();
  cursor_ = 0;
  changed();
}

void Prompt::changed() {
  completions_ = {};
  chosen_ = -1;
  typed_ = text_;
}

void Prompt::insert(std::string_view text) {
  std::string inserted = clean(text);
  if (text_.size() + inserted.size() > longest_line) return;
  text_.insert(cursor_, inserted);
  cursor_ += inserted.size();
  changed();
}

void Prompt::erase_before() {
  const std::size_t octets = grapheme_before(text_, cursor_);
  cursor_ -= octets;
  text_.erase(cursor_, octets);
  changed();
}

void Prompt::erase_after() {
  text_.erase(cursor_, grapheme_after(text_, cursor_));
  changed();
}

void Prompt::erase_word() {
  std::size_t start = cursor_;
  while (start > 0 && text_[start - 1] == ' ') --start;
  while (start > 0 && text_[start - 1] != ' ') --start;
  text_.erase(start, cursor_ - start);
  cursor_ = start;
  changed();
}

void Prompt::erase_to_start() {
  text_.erase(0, cursor_);
  cursor_ = 0;
  changed();
}

void Prompt::erase_to_end() {
  text_.erase(cursor_);
  changed();
}

void Prompt::left() { cursor_ -= grapheme_before(text_, cursor_); }
void Prompt::right() { cursor_ += grapheme_after(text_, cursor_); }

void Prompt::recall(std::size_t number) {
  if (recalled_ == history().size()) unsent_ = text_;
  recalled_ = number;
  text_ = number < history().size() ? history()[number] : unsent_;
  cursor_ = text_.size();
  changed();
}

void Prompt::older() {
  if (is_palette()) return choose(-1);
  if (recalled_ > 0) recall(recalled_ - 1);
}

void Prompt::newer() {
  if (is_palette()) return choose(1);
  if (recalled_ < history().size()) recall(recalled_ + 1);
}

bool Prompt::remember() {
  if (text_.empty() || (kind_ != Kind::command && kind_ != Kind::search)) return false;
  std::vector<std::string>& lines = history();
  std::erase(lines, text_);
  lines.push_back(text_);
  if (lines.size() > longest_history) lines.erase(lines.begin());
  return true;
}

void Prompt::take_history(std::vector<std::string> commands, std::vector<std::string> searches) {
  const auto put_in_front = [](std::vector<std::string>& lines, std::vector<std::string> older) {
    std::erase_if(older, [&](const std::string& line) { return std::find(lines.begin(), lines.end(), line) != lines.end(); });
    lines.insert(lines.begin(), std::make_move_iterator(older.begin()), std::make_move_iterator(older.end()));
    if (lines.size() > longest_history) lines.erase(lines.begin(), lines.end() - static_cast<std::ptrdiff_t>(longest_history));
  };
  const std::size_t before = history().size();
  put_in_front(commands_, std::move(commands));
  put_in_front(searches_, std::move(searches));
  recalled_ += history().size() - before;
}

void Prompt::set_completions(Completions completions) {
  completions_ = std::move(completions);
  chosen_ = is_palette() && !completions_.list.empty() ? 0 : -1;
  typed_ = text_;
}

void Prompt::choose(int direction) {
  const int count = static_cast<int>(completions_.list.size());
  if (count == 0) return;
  if (is_palette()) {
    chosen_ = (chosen_ + direction + count) % count;
    return;
  }
  // One place more than there are completions: what was typed.
  chosen_ = (chosen_ + 1 + direction + count + 1) % (count + 1) - 1;
  text_ = typed_.substr(0, std::min(completions_.from, typed_.size()));
  if (chosen_ >= 0) {
    text_ += completions_.list[static_cast<std::size_t>(chosen_)].text;
  } else {
    text_ = typed_;
  }
  cursor_ = text_.size();
}

}  // namespace valija::app
