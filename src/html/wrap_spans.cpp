#include "wrap_spans.hpp"

#include <algorithm>
#include <utility>

#include "valija/base/text.hpp"

namespace valija::html {
namespace {

/// A part of a span without blanks, or one of blanks only.
struct Piece {
  std::string_view text;
  const Style* style = nullptr;
  int width = 0;
  bool is_blank() const { return text.starts_with(' '); }
};

std::vector<Piece> pieces_of(const std::vector<Span>& spans) {
  std::vector<Piece> pieces;
  for (const Span& span : spans) {
    for (std::string_view rest = span.text; !rest.empty();) {
      const bool is_blank = rest.front() == ' ';
      const auto end = std::min(is_blank ? rest.find_first_not_of(' ') : rest.find(' '), rest.size());
      pieces.push_back({rest.substr(0, end), &span.style, display_width(rest.substr(0, end))});
      rest.remove_prefix(end);
    }
  }
  return pieces;
}

/// Takes words and the blanks between them.
class Wrapper {
 public:
  explicit Wrapper(int columns) : columns_(std::max(columns, 1)), lines_(1) {}

  void blank(const Piece& piece) { pending_ = column_ > 0 ? &piece : nullptr; }

  void word(const Piece* begin, const Piece* end) {
    int width = 0;
    for (const Piece* piece = begin; piece != end; ++piece) width += piece->width;
    const int gap = pending_ == nullptr ? 0 : pending_->width;
    if (column_ > 0 && column_ + gap + width > columns_) {
      next_line();
    } else if (pending_ != nullptr) {
      put(pending_->text, pending_->width, *pending_->style);
    }
    pending_ = nullptr;
    for (const Piece* piece = begin; piece != end; ++piece) {
      if (column_ + piece->width <= columns_) {
        put(piece->text, piece->width, *piece->style);
      } else {
        broken(*piece);
      }
    }
  }

  std::vector<std::vector<Span>> take() { return std::move(lines_); }

 private:
  void broken(const Piece& piece) {
    for (const Grapheme& grapheme : graphemes(piece.text)) {
      if (column_ > 0 && column_ + grapheme.width > columns_) next_line();
      put(grapheme.bytes, grapheme.width, *piece.style);
    }
  }

  void put(std::string_view text, int width, const Style& style) {
    append_span(lines_.back(), text, style);
    column_ += width;
  }

  void next_line() {
    lines_.emplace_back();
    column_ = 0;
  }

  int columns_, column_ = 0;
  const Piece* pending_ = nullptr;
  std::vector<std::vector<Span>> lines_;
};

}  // namespace

void append_span(std::vector<Span>& spans, std::string_view text, const Style& style) {
  if (spans.empty() || spans.back().style != style) spans.push_back({{}, style});
  spans.back().text += text;
}

std::vector<std::vector<Span>> wrap_spans(const std::vector<Span>& spans, int columns) {
  const std::vector<Piece> pieces = pieces_of(spans);
  const Piece* const end = pieces.data() + pieces.size();
  Wrapper wrapper(columns);
  for (const Piece* piece = pieces.data(); piece != end;) {
    if (piece->is_blank()) {
      wrapper.blank(*piece++);
      continue;
    }
    const Piece* next = std::find_if(piece, end, [](const Piece& other) { return other.is_blank(); });
    wrapper.word(piece, next);
    piece = next;
  }
  return wrapper.take();
}

int width_of(const std::vector<Span>& spans) {
  int width = 0;
  for (const Span& span : spans) width += display_width(span.text);
  return width;
}

int word_width(const std::vector<Span>& spans) {
  int longest = 0, width = 0;
  for (const Piece& piece : pieces_of(spans)) {
    width = piece.is_blank() ? 0 : width + piece.width;
    longest = std::max(longest, width);
  }
  return longest;
}

std::string plain_text(const std::vector<Span>& spans) {
  std::string text;
  for (const Span& span : spans) text += span.text;
  return text;
}

}  // namespace valija::html
