#include "table_shape.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include "element.hpp"
#include "pictures.hpp"
#include "tags.hpp"
#include "valija/base/text.hpp"

namespace valija::html {
namespace {

/// Letters that are seen: runs of blanks and what senders pad with count for nothing.
std::size_t visible_size(std::string_view text) {
  std::size_t size = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto octet = static_cast<unsigned char>(text[i]);
    const bool is_no_break_space = octet == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) == 0xa0;
    if (is_no_break_space) ++i;
    size += !is_no_break_space && octet > ' ' && (octet & 0xc0) != 0x80;
  }
  return size;
}

/// A table is read row by row; `fits` is false as soon as it cannot be one of data.
class Shape {
 public:
  explicit Shape(const GumboNode* table) : table_(table) {
    const std::string_view role = attribute(table->v.element, "role");
    is_said_ = number(attribute(table->v.element, "border"), 0) > 0 || role == "table" || role == "grid";
  }

  bool is_of_data() {
    waiting_.push_back(table_);
    while (!waiting_.empty() && fits_) {
      const GumboNode* node = waiting_.back();
      waiting_.pop_back();
      node == nullptr ? end_row() : read(node);
    }
    return fits_ && wide_rows_ >= 2 && (is_said_ || long_cells_ <= wide_rows_) && narrow_rows_ <= wide_rows_ + 1;
  }

 private:
  /// What a cell may hold at most, where the table says that it is one of data, and where it only looks so.
  static constexpr std::size_t longest_said = 1000, longest_unsaid = 160, short_text = 40;
  static constexpr int most_breaks_said = 20, most_breaks_unsaid = 4;
  static constexpr int most_cells = 20'000, most_columns = 40;

  void read(const GumboNode* node) {
    if (is_text(node)) {
      text_ += visible_size(node->v.text.text);
      fits_ = text_ <= (is_said_ ? longest_said : longest_unsaid);
      return;
    }
    if (node->type != GUMBO_NODE_ELEMENT) return;
    const GumboTag tag = node->v.element.tag;
    if (is_skipped(tag)) return;
    if (tag == GUMBO_TAG_TR) begin_row();
    if (tag == GUMBO_TAG_TD || tag == GUMBO_TAG_TH) begin_cell(node->v.element);
    if (tag == GUMBO_TAG_CAPTION || tag == GUMBO_TAG_THEAD) is_said_ = true;
    if (tag == GUMBO_TAG_IMG) text_ += read_image(node->v.element, read_style(attribute(node->v.element, "style"))).is_shown;
    const bool is_inner = node != table_ && (tag == GUMBO_TAG_TABLE || tag == GUMBO_TAG_BLOCKQUOTE || tag == GUMBO_TAG_HR || is_heading(tag) ||
                                             is_preformatted(tag));
    breaks_ += is_in_cell_ && (tag == GUMBO_TAG_BR || block_kind(tag) != BlockKind::none);
    fits_ = fits_ && !is_inner && breaks_ <= (is_said_ ? most_breaks_said : most_breaks_unsaid);
    const auto inner = children(node);
    waiting_.insert(waiting_.end(), inner.rbegin(), inner.rend());
  }

  void begin_row() {
    waiting_.push_back(nullptr);  // met again behind the last cell
    cells_in_row_ = filled_ = 0;
    text_ = 0;
    is_in_cell_ = false;
  }

  void begin_cell(const GumboElement& element) {
    end_cell();
    is_in_cell_ = true;
    is_said_ = is_said_ || element.tag == GUMBO_TAG_TH;
    rows_below_ = std::max(rows_below_, number(attribute(element, "rowspan"), 1));
    fits_ = fits_ && ++cells_ <= most_cells && ++cells_in_row_ <= most_columns;
  }

  void end_cell() {
    filled_ += is_in_cell_ && text_ > 0;
    long_in_row_ += text_ > short_text;
    text_ = 0;
    breaks_ = 0;
  }

  void end_row() {
    end_cell();
    is_in_cell_ = false;
    filled_ += reached_rows_ > 0 && filled_ > 0;
    wide_rows_ += filled_ >= 2;
    narrow_rows_ += filled_ == 1;
    if (filled_ >= 2) long_cells_ += long_in_row_;
    long_in_row_ = 0;
    reached_rows_ = std::max(reached_rows_, rows_below_) - 1;
    rows_below_ = 1;
  }

  const GumboNode* table_;
  std::vector<const GumboNode*> waiting_;  ///< nullptr: the end of a row
  bool is_said_ = false, fits_ = true, is_in_cell_ = false;
  std::size_t text_ = 0;  ///< of the cell so far
  int breaks_ = 0, cells_ = 0, cells_in_row_ = 0, filled_ = 0, long_in_row_ = 0;
  int wide_rows_ = 0, narrow_rows_ = 0, long_cells_ = 0;
  int rows_below_ = 1, reached_rows_ = 0;  ///< that cells of this row reach into, itself included; that those above it do
};

/// Like the signs of social networks in a footer: no wider than a few letters.
bool is_icon(const Image& image) {
  constexpr int widest = 80;
  return image.picture.width >= 0 && image.picture.width <= widest;
}

}  // namespace

bool is_data_table(const GumboNode* table) { return Shape(table).is_of_data(); }

std::optional<std::size_t> line_size(const GumboNode* box) {
  constexpr std::size_t most_looked_at = 40, most_octets = 2000, most_text = 60;
  std::vector<const GumboNode*> waiting = {box};
  std::size_t text = 0, looked_at = 0;
  int paragraphs = 0, rows = 0;
  while (!waiting.empty()) {
    const GumboNode* node = waiting.back();
    waiting.pop_back();
    if (++looked_at > most_looked_at) return {};
    if (node->type == GUMBO_NODE_TEXT) {
      const std::string_view all = node->v.text.text;
      text += all.size() > most_octets ? all.size() : visible_size(all);
    }
    if (text > most_text) return {};
    if (node->type != GUMBO_NODE_ELEMENT) continue;
    const GumboTag tag = node->v.element.tag;
    if (tag == GUMBO_TAG_IMG) {
      const Image image = read_image(node->v.element, read_style(attribute(node->v.element, "style")));
      if (image.is_shown && !is_icon(image)) return {};
      text += image.is_shown ? image.picture.name.size() : 0;
    }
    if (node != box && is_one_line(tag)) {
      if (++paragraphs > 1) return {};
    } else if (tag == GUMBO_TAG_TR) {
      if (++rows > 1) return {};
    } else if (node != box && !stays_on_line(tag) && breaks_lines(tag)) {
      return {};
    }
    const auto inner = children(node);
    waiting.insert(waiting.end(), inner.begin(), inner.begin() + static_cast<std::ptrdiff_t>(std::min(inner.size(), most_looked_at)));
  }
  return text;
}

bool is_flat_row(const GumboNode* row) {
  constexpr std::size_t most_children = 40, short_text = 24, most_text = 64;
  if (children(row).size() > most_children) return false;
  std::size_t longest = 0, text = 0;
  int cells = 0;
  for (const GumboNode* cell : children(row)) {
    if (cell->type != GUMBO_NODE_ELEMENT) continue;
    const auto size = line_size(cell);
    if (!size) return false;
    longest = std::max(longest, *size);
    text += *size;
    ++cells;
  }
  return cells > 1 && (longest <= short_text || text <= most_text);
}

}  // namespace valija::html
