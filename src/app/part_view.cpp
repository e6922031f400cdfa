#include "valija/app/part_view.hpp"

#include <algorithm>
#include <utility>

#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::app {
namespace {

bool has_text(const Document& document) {
  const auto says_something = [](const Span& span) { return !trim(span.text).empty(); };
  return std::any_of(document.lines.begin(), document.lines.end(), [&](const Line& line) { return std::any_of(line.spans.begin(), line.spans.end(), says_something); });
}

}  // namespace

void gate(Document& document) {
  document.headers.subject = clean(document.headers.subject);
  for (Line& line : document.lines) {
    line.marker = clean(line.marker);
    for (Span& span : line.spans) span.text = clean(span.text);
  }
}

PartView::PartView(std::string title, Document document, std::optional<Pixels> pixels) : title_(clean(title)), document_(std::move(document)) {
  std::vector<Line> warnings;
  for (const std::string& warning : document_.warnings) warnings.emplace_back().spans.push_back({warning, {.bold = true}});
  document_.lines.insert(document_.lines.begin(), warnings.begin(), warnings.end());
  gate(document_);
  const bool is_whole = pixels && pixels->width > 0 && pixels->height > 0 &&
                        pixels->rgba.size() == static_cast<std::size_t>(pixels->width) * static_cast<std::size_t>(pixels->height) * 4;
  if (is_whole) {
    pixels_ = std::make_shared<const Pixels>(std::move(*pixels));
  } else if (!has_text(document_)) {
    document_.lines.assign(1, {});
    document_.lines.front().spans.push_back({_("There is no text in it."), {.dim = true}});
  }
}

void PartView::resize(int columns, int lines, int text_width) {
  lines_ = std::max(1, lines);
  if (columns != columns_ || text_width != text_width_) {
    columns_ = columns;
    text_width_ = text_width;
    rows_ = flow(document_.lines, std::max(1, std::min(text_width, columns)), std::max(1, columns));
  }
  scroll(0);
}

void PartView::scroll(long rows) {
  const long last = std::max(0L, static_cast<long>(rows_.size()) - lines_);
  top_ = static_cast<std::size_t>(std::clamp(static_cast<long>(top_) + rows, 0L, last));
}

std::vector<FlowRow> PartView::visible() const {
  const std::size_t end = std::min(rows_.size(), top_ + static_cast<std::size_t>(lines_));
  return {rows_.begin() + static_cast<std::ptrdiff_t>(std::min(top_, end)), rows_.begin() + static_cast<std::ptrdiff_t>(end)};
}

}  // namespace valija::app
