#include "walker.hpp"

#include <algorithm>
#include <utility>

#include "element.hpp"
#include "link.hpp"
#include "style.hpp"
#include "tags.hpp"
#include "valija/base/text.hpp"

namespace valija::html {
namespace {

constexpr std::size_t most_links = 10'000;
constexpr int widest_indent = 40;

void inherit(bool& state, InlineStyle::Given given) {
  if (given != InlineStyle::Given::nothing) state = given == InlineStyle::Given::yes;
}

/// A cell that fits into one line with its neighbours: little text, at most one paragraph, nothing that breaks a line. Only the first
/// nodes are looked at.
bool is_flat_cell(const GumboNode* cell) {
  constexpr int most_looked_at = 40;
  constexpr std::size_t most_text = 60;
  std::vector<const GumboNode*> waiting = {cell};
  std::size_t text = 0;
  int looked_at = 0, paragraphs = 0;
  while (!waiting.empty()) {
    const GumboNode* node = waiting.back();
    waiting.pop_back();
    if (++looked_at > most_looked_at) return false;
    if (node->type == GUMBO_NODE_TEXT) text += std::string_view(node->v.text.text).size();
    if (text > most_text) return false;
    if (node->type != GUMBO_NODE_ELEMENT) continue;
    const auto& element = node->v.element;
    if (node != cell && is_plain_paragraph(element.tag)) {
      if (++paragraphs > 1) return false;
    } else if (node != cell && breaks_lines(element.tag)) {
      return false;
    }
    for (unsigned i = 0; i < std::min<unsigned>(element.children.length, most_looked_at); ++i) {
      waiting.push_back(static_cast<const GumboNode*>(element.children.data[i]));
    }
  }
  return true;
}

bool is_flat_row(const GumboNode* row) {
  constexpr unsigned most_children = 40;
  const auto& children = row->v.element.children;
  if (children.length > most_children) return false;
  int cells = 0;
  for (unsigned i = 0; i < children.length; ++i) {
    const auto* cell = static_cast<const GumboNode*>(children.data[i]);
    if (cell->type != GUMBO_NODE_ELEMENT) continue;
    if (!is_flat_cell(cell)) return false;
    ++cells;
  }
  return cells > 1;
}

}  // namespace

HtmlText Walker::walk(const GumboNode* root) {
  visit(root, Context());
  while (!stack_.empty() && !builder_.is_full()) {
    Frame& frame = stack_.back();
    const auto& children = frame.node->v.element.children;
    if (frame.next < children.length) {
      const Context context = frame.context;
      visit(static_cast<const GumboNode*>(children.data[frame.next++]), context);
    } else {
      const Frame done = std::move(stack_.back());
      stack_.pop_back();
      leave(done);
    }
  }
  HtmlText text;
  text.lines = builder_.take();
  text.links = std::move(links_);
  return text;
}

void Walker::visit(const GumboNode* node, const Context& context) {
  switch (node->type) {
    case GUMBO_NODE_TEXT:
    case GUMBO_NODE_CDATA:
    case GUMBO_NODE_WHITESPACE:
      return say(node->v.text.text, context);
    case GUMBO_NODE_ELEMENT:
      return enter(node, context);
    default:
      return;
  }
}

void Walker::say(std::string_view text, const Context& context) {
  constexpr std::size_t remembered = 300;
  if (context.has_zero_font || context.is_invisible) return;
  builder_.text(text, context.style, context.place);
  if (context.style.link >= 0 && link_text_.size() < remembered) link_text_ += text.substr(0, remembered);
}

void Walker::enter(const GumboNode* node, const Context& context) {
  const GumboElement& element = node->v.element;
  if (is_skipped(element.tag) || has_attribute(element, "hidden")) return;
  Frame frame;
  frame.node = node;
  frame.context = context;
  const InlineStyle style = read_style(attribute(element, "style"));
  if (style.is_removed) return;
  Context& inner = frame.context;
  inherit(inner.has_zero_font, style.zero_font);
  inherit(inner.is_invisible, style.invisible);
  inherit(inner.style.bold, style.bold);
  inherit(inner.style.italic, style.italic);
  if (style.underline && element.tag != GUMBO_TAG_A) inner.style.underline = true;
  if (apply_element(element, node, frame)) stack_.push_back(std::move(frame));
}

/// False: the element is said, and nothing below it matters.
bool Walker::apply_element(const GumboElement& element, const GumboNode* node, Frame& frame) {
  Context& inner = frame.context;
  apply_inline(element.tag, inner.style);
  switch (element.tag) {
    case GUMBO_TAG_BR:
      builder_.break_line(inner.place);
      return false;
    case GUMBO_TAG_HR:
      builder_.rule(inner.place);
      return false;
    case GUMBO_TAG_IMG:
      image(element, inner);
      return false;
    case GUMBO_TAG_A:
      apply_link(element, frame);
      return true;
    case GUMBO_TAG_TR:
      apply_row(node, frame);
      return true;
    case GUMBO_TAG_TD:
    case GUMBO_TAG_TH:
      apply_cell(element.tag, frame);
      return true;
    default:
      break;
  }
  if (inner.is_flat_cell && is_plain_paragraph(element.tag)) return true;
  const BlockKind kind = block_kind(element.tag);
  frame.is_block = kind != BlockKind::none;
  frame.has_margin = kind == BlockKind::with_margin;
  if (apply_list(element.tag, element, frame)) return true;
  if (frame.is_block) builder_.end_block(frame.has_margin);
  if (is_heading(element.tag)) inner.place.is_heading = inner.style.bold = true;
  if (is_preformatted(element.tag)) inner.place.is_preformatted = true;
  if (element.tag == GUMBO_TAG_BLOCKQUOTE) {
    builder_.mark_attribution();
    inner.place.quote_level = std::min(inner.place.quote_level + 1, 50);
  }
  return true;
}

/// Lists and their items; false if the element is neither.
bool Walker::apply_list(GumboTag tag, const GumboElement& element, Frame& frame) {
  Context& inner = frame.context;
  Place& place = inner.place;
  if (tag == GUMBO_TAG_UL || tag == GUMBO_TAG_OL) {
    frame.is_block = true;
    frame.has_margin = inner.list < 0;
    builder_.end_block(frame.has_margin);
    place.indent = std::min(place.indent + (tag == GUMBO_TAG_OL ? 4 : 2), widest_indent);
    inner.list = static_cast<int>(lists_.size());
    lists_.push_back({tag == GUMBO_TAG_OL, number(attribute(element, "start"), 1)});
    return true;
  }
  if (tag == GUMBO_TAG_DD) {
    builder_.end_block(false);
    place.indent = std::min(place.indent + 4, widest_indent);
    return true;
  }
  if (tag != GUMBO_TAG_LI) return false;
  builder_.end_block(false);
  if (inner.list < 0) {
    builder_.marker("• ");
    return true;
  }
  ListLevel& list = lists_[static_cast<std::size_t>(inner.list)];
  const bool is_inner = place.indent > (list.is_ordered ? 4 : 2);
  builder_.marker(list.is_ordered ? std::to_string(list.next) + ". " : is_inner ? "◦ " : "• ");
  list.next = std::min(list.next + 1, 1'000'000);
  return true;
}

void Walker::apply_row(const GumboNode* node, Frame& frame) {
  frame.is_block = true;
  builder_.end_block(false);
  frame.context.is_flat_row = is_flat_row(node);
}

void Walker::apply_cell(GumboTag tag, Frame& frame) {
  Context& inner = frame.context;
  if (tag == GUMBO_TAG_TH) inner.style.bold = true;
  if (!inner.is_flat_row) {
    frame.is_block = true;
    builder_.end_block(false);
  } else if (!builder_.is_at_line_start()) {
    builder_.literal("  ", {}, inner.place);
  }
  inner.is_flat_cell = std::exchange(inner.is_flat_row, false);
}

void Walker::apply_link(const GumboElement& element, Frame& frame) {
  const std::string target = link_target(attribute(element, "href"));
  if (target.empty() || links_.size() >= most_links) return;
  frame.context.style.link = static_cast<int>(links_.size());
  frame.ends_link = true;
  links_.push_back({target});
  link_text_.clear();
}

void Walker::image(const GumboElement& element, const Context& context) {
  constexpr int largest_tracker = 2;
  const InlineStyle style = read_style(attribute(element, "style"));
  const auto is_tiny = [](int size) { return size >= 0 && size <= largest_tracker; };
  const bool is_tracker = is_tiny(pixels(attribute(element, "width"))) || is_tiny(pixels(attribute(element, "height"))) ||
                          is_tiny(style.width) || is_tiny(style.height);
  const std::string alt = clean(trim(attribute(element, "alt")));
  if (is_tracker || alt.empty() || context.is_invisible) return;
  Style dim = context.style;
  dim.dim = true;
  builder_.text("[" + alt + "]", dim, context.place);
}

void Walker::leave(const Frame& frame) {
  if (frame.ends_link) {
    const std::string host = misleading_host(link_text_, links_[static_cast<std::size_t>(frame.context.style.link)].target);
    Style dim;
    dim.dim = true;
    if (!host.empty()) builder_.literal(" [" + host + "]", dim, frame.context.place);
  }
  if (frame.is_block) builder_.end_block(frame.has_margin);
}

}  // namespace valija::html
