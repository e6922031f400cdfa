#include "walker.hpp"

#include <algorithm>
#include <utility>

#include "color.hpp"
#include "element.hpp"
#include "pictures.hpp"
#include "tags.hpp"
#include "valija/base/text.hpp"

namespace valija::html {
namespace {

using Given = InlineStyle::Given;

void take(bool& state, Given given) {
  if (given != Given::nothing) state = given == Given::yes;
}

}  // namespace

HtmlText Walker::walk(const GumboNode* root) {
  Context context;
  if (!sheet_.knows_backgrounds()) context.background = -1;
  visit(root, context);
  while (!stack_.empty() && !out_->is_full()) {
    Frame& frame = stack_.back();
    const auto inner = children(frame.node);
    if (frame.next < inner.size()) {
      const Context outer = frame.context;
      visit(inner[frame.next++], outer);
    } else {
      const Frame done = std::move(stack_.back());
      stack_.pop_back();
      leave(done);
    }
  }
  text_.lines = page_.take();
  return std::move(text_);
}

void Walker::visit(const GumboNode* node, const Context& context) {
  if (is_text(node)) return say(node->v.text.text, context);
  if (node->type == GUMBO_NODE_ELEMENT) enter(node, context);
}

void Walker::say(std::string_view text, const Context& context) {
  constexpr std::size_t remembered = 300;
  if (context.has_zero_font || context.is_invisible || context.is_camouflaged) return;
  if (context.digits == SmallDigits::none) {
    out_->text(text, context.style, context.place);
  } else {
    out_->text(small_digits(text, context.digits), context.style, context.place);
  }
  if (context.style.link >= 0 && link_text_.size() < remembered) link_text_ += text.substr(0, remembered);
}

InlineStyle Walker::style_of(const GumboElement& element) {
  InlineStyle style;
  if (element.attributes.length > 0) {
    style.color = parse_color(to_lower_ascii(attribute(element, "color")));
    style.background = parse_color(to_lower_ascii(attribute(element, "bgcolor")));
    if (has_attribute(element, "background")) style.background = -1;
    style.has_background = style.background >= 0 || has_attribute(element, "background");
    if (equal_ignoring_case(attribute(element, "align"), "right")) style.right = Given::yes;
    if (has_attribute(element, "dir")) style.right_to_left = equal_ignoring_case(attribute(element, "dir"), "rtl") ? Given::yes : Given::no;
    if (has_attribute(element, "hidden")) style.no_display = Given::yes;
  }
  style.add(sheet_.style_of(element));
  if (const auto inner = attribute(element, "style"); !inner.empty()) style.add(read_style(inner));
  return style;
}

void Walker::inherit(const InlineStyle& style, GumboTag tag, Context& inner) {
  take(inner.has_zero_font, style.zero_font);
  take(inner.is_invisible, style.invisible);
  take(inner.style.bold, style.bold);
  take(inner.style.italic, style.italic);
  take(inner.place.keeps_breaks, style.keeps_breaks);
  take(inner.place.is_preformatted, style.keeps_blanks);
  take(inner.place.is_right_to_left, style.right_to_left);
  if (style.underline == Given::yes && tag != GUMBO_TAG_A) inner.style.underline = true;
  if (style.strike == Given::yes) inner.style.strike = true;
}

/// Greys are no colour that somebody wished for, but pale text is meant to stand back. Links look as all links do.
void Walker::apply_colors(const InlineStyle& style, Context& inner) const {
  constexpr int light = 180, pale = 110;
  if (style.has_background && sheet_.knows_backgrounds()) inner.background = style.background;
  if (style.color >= 0) inner.color = style.color;
  if (style.color < 0 && !style.has_background) return;
  const bool is_near_background = inner.color >= 0 && inner.background >= 0 && is_near(inner.color, inner.background);
  const bool is_on_light = inner.background >= 0 && brightness(inner.background) > light;
  const bool is_pale = is_on_light && inner.color >= 0 && is_grey(inner.color) && brightness(inner.color) >= pale;
  inner.is_camouflaged = is_near_background && inner.style.link < 0;
  if (inner.style.link >= 0) return;
  inner.style.color = inner.color < 0 || is_near_background || is_grey(inner.color) ? -1 : inner.color;
  inner.style.dim = is_pale && !is_near_background;
}

void Walker::enter(const GumboNode* node, const Context& context) {
  const GumboElement& element = node->v.element;
  if (is_skipped(element.tag)) return;
  const InlineStyle style = style_of(element);
  if (style.is_removed()) return count_hidden_pictures(node);
  Frame frame;
  frame.node = node;
  frame.context = context;
  inherit(style, element.tag, frame.context);
  apply_colors(style, frame.context);
  frame.is_box = frame.context.background != context.background;
  if (!apply_element(element, style, frame)) return;
  if (out_ == &cell_ && style.right == Given::yes) table_->align_right();
  stack_.push_back(std::move(frame));
}

/// A picture that is hidden and would be fetched can only be there to tell that the mail was read.
void Walker::count_hidden_pictures(const GumboNode* node) {
  std::vector<const GumboNode*> waiting = {node};
  while (!waiting.empty()) {
    const GumboNode* next = waiting.back();
    waiting.pop_back();
    if (is_element(next, GUMBO_TAG_IMG) && read_image(next->v.element, {}).is_remote) ++text_.trackers;
    const auto inner = children(next);
    waiting.insert(waiting.end(), inner.begin(), inner.end());
  }
}

void Walker::leave(const Frame& frame) {
  if (frame.ends_link) end_link(frame);
  if (frame.ends_table) end_table();
  if (frame.is_block) out_->end_block(frame.has_margin);
  if (frame.is_beside) out_->gap();
  if (frame.is_column && !stack_.empty()) stack_.back().has_tall_column |= out_->text_line_count() > frame.lines_before + 1;
  if (frame.is_attribution && page_.line_count() > frame.lines_before) page_.mark_attribution(true);
  if (!frame.ends_cell) return;
  table_->end_cell(cell_.take());
  out_ = &page_;
}

}  // namespace valija::html
