#include <algorithm>
#include <utility>

#include "color.hpp"
#include "element.hpp"
#include "link.hpp"
#include "outlook.hpp"
#include "pictures.hpp"
#include "quotes.hpp"
#include "table_shape.hpp"
#include "tags.hpp"
#include "valija/base/text.hpp"
#include "walker.hpp"

namespace valija::html {
namespace {

constexpr std::size_t most_links = 10'000, most_pictures = 10'000;
constexpr int widest_indent = 40, deepest_quote = 50;

/// A table that stands beside what comes next, like the entries of a menu.
bool is_beside(const GumboNode* node) {
  if (!is_element(node, GUMBO_TAG_TABLE)) return false;
  const std::string_view align = attribute(node->v.element, "align");
  return (equal_ignoring_case(align, "left") || equal_ignoring_case(align, "right")) && line_size(node).has_value();
}

/// Whether nothing else stands in the parent of a node. Parents of many are not looked at for each of them.
bool is_alone(const GumboNode* node) {
  constexpr std::size_t most_looked_at = 8;
  const auto around = children(node->parent);
  return around.size() <= most_looked_at && std::all_of(around.begin(), around.end(), [node](const GumboNode* other) { return other == node || is_blank(other); });
}

/// Padding that a reader sees as a line left out.
bool is_far(const InlineStyle& style) {
  constexpr int least = 10;
  return style.padding >= least;
}

/// A cell that only keeps a distance.
bool is_empty(const GumboNode* cell) {
  const auto inner = children(cell);
  return std::all_of(inner.begin(), inner.end(), is_blank);
}

bool is_light_grey(std::int32_t color) {
  constexpr int light = 160;
  return color >= 0 && is_grey(color) && brightness(color) > light;
}

}  // namespace

/// False: the element is said, and nothing below it matters.
bool Walker::apply_element(const GumboElement& element, const InlineStyle& style, Frame& frame) {
  Context& inner = frame.context;
  apply_inline(element.tag, inner.style);
  if (is_heading(element.tag)) inner.style.bold = true;
  switch (element.tag) {
    case GUMBO_TAG_SUP:
      inner.digits = SmallDigits::raised;
      return true;
    case GUMBO_TAG_SUB:
      inner.digits = SmallDigits::lowered;
      return true;
    case GUMBO_TAG_BR:
      out_->break_line(inner.place);
      return false;
    case GUMBO_TAG_HR:
      apply_quote_mark(element, frame);
      out_->rule(inner.place);
      return false;
    case GUMBO_TAG_IMG:
      apply_image(frame.node, style, inner);
      return false;
    case GUMBO_TAG_INPUT:
      apply_input(element, inner);
      return false;
    case GUMBO_TAG_A:
      apply_link(element, style, frame);
      return true;
    case GUMBO_TAG_TR:
      apply_row(frame);
      return true;
    case GUMBO_TAG_TD:
    case GUMBO_TAG_TH:
      apply_cell(element, style, frame);
      return true;
    default:
      break;
  }
  if (inner.is_outlook_item && is_outlook_marker(element)) return false;
  if ((inner.is_flat_cell && stays_on_line(element.tag)) || is_beside(frame.node)) {
    frame.is_beside = inner.is_flat_cell = true;
    out_->gap();
    return true;
  }
  if (!apply_list(element, style, frame)) apply_block(element, style, frame);
  return true;
}

void Walker::apply_block(const GumboElement& element, const InlineStyle& style, Frame& frame) {
  Context& inner = frame.context;
  const bool is_close = element.tag == GUMBO_TAG_P && style.no_margin == InlineStyle::Given::yes;
  const BlockKind kind = is_close || is_outlook_paragraph(element) ? BlockKind::plain : block_kind(element.tag);
  frame.is_block = kind != BlockKind::none;
  frame.has_margin = kind == BlockKind::with_margin || (frame.is_block && (frame.is_box || is_far(style)));
  if (frame.is_block) out_->end_block(frame.has_margin);
  if (frame.is_block) apply_outlook_item(frame);
  apply_quote_mark(element, frame);
  if (is_heading(element.tag)) inner.place.is_heading = true;
  if (is_preformatted(element.tag)) inner.place.is_preformatted = true;
  if (element.tag == GUMBO_TAG_CAPTION) inner.style.bold = true;
  if (element.tag == GUMBO_TAG_TABLE) begin_table(frame);
  if (element.tag != GUMBO_TAG_BLOCKQUOTE) return;
  out_->mark_attribution();
  inner.place.quote_level = std::min(inner.place.quote_level + 1, deepest_quote);
}

/// Earlier mail that no blockquote marks. Without an answer before it, it is what the message has to say.
void Walker::apply_quote_mark(const GumboElement& element, Frame& frame) {
  Place& place = frame.context.place;
  switch (quote_mark(element)) {
    case QuoteMark::attribution:
      frame.is_attribution = out_ == &page_;
      frame.lines_before = page_.line_count();
      break;
    case QuoteMark::history:
      place.is_history = place.is_history || page_.line_count() > 0;
      break;
    case QuoteMark::begins:
      if (page_.line_count() == 0) break;
      out_->end_block(true);
      frame.has_margin = frame.is_block;
      place.is_history = true;
      for (Frame& outer : stack_) outer.context.place.is_history = true;
      break;
    case QuoteMark::signature:
      place.is_signature = true;
      out_->mark_signature();
      break;
    case QuoteMark::none:
      break;
  }
}

/// Lists and their items; false if the element is neither.
bool Walker::apply_list(const GumboElement& element, const InlineStyle& style, Frame& frame) {
  switch (element.tag) {
    case GUMBO_TAG_UL:
    case GUMBO_TAG_OL:
      begin_list(element, style, frame);
      return true;
    case GUMBO_TAG_DD:
      frame.is_block = true;
      out_->end_block(false);
      frame.context.place.indent = std::min(frame.context.place.indent + 4, widest_indent);
      return true;
    case GUMBO_TAG_LI:
      frame.is_block = true;
      apply_item(element, style, frame);
      return true;
    default:
      return false;
  }
}

void Walker::begin_list(const GumboElement& element, const InlineStyle& style, Frame& frame) {
  Context& inner = frame.context;
  const bool is_ordered = element.tag == GUMBO_TAG_OL;
  frame.is_block = true;
  frame.has_margin = inner.list < 0;
  out_->end_block(frame.has_margin);
  ListLevel list;
  list.style.depth = inner.list < 0 ? 0 : lists_[static_cast<std::size_t>(inner.list)].style.depth + 1;
  list.style.type = is_ordered ? '1' : '*';
  if (const auto type = attribute(element, "type"); is_ordered && type.size() == 1 && std::string_view("aAiI").find(type) != std::string_view::npos) {
    list.style.type = type.front();
  }
  if (style.list_type == '-' || (is_ordered && style.list_type != 0)) list.style.type = style.list_type;
  list.next = number(attribute(element, "start"), 1);
  const int columns = is_ordered ? std::max(marker_columns(frame.node, list.style, list.next), list.style.type == '1' ? 4 : 0)
                                 : marker_columns(frame.node, list.style, 1);
  inner.place.indent = std::min(inner.place.indent + columns, widest_indent);
  inner.list = static_cast<int>(lists_.size());
  lists_.push_back(list);
}

void Walker::apply_item(const GumboElement& element, const InlineStyle& style, Frame& frame) {
  out_->end_block(false);
  if (style.list_type == '-') return;
  if (frame.context.list < 0) return out_->marker(list_marker({}, 0));
  ListLevel& list = lists_[static_cast<std::size_t>(frame.context.list)];
  list.next = number(attribute(element, "value"), list.next);
  out_->marker(list_marker(list.style, list.next));
  list.next = std::min(list.next + 1, 1'000'000);
}

void Walker::apply_outlook_item(Frame& frame) {
  const OutlookItem item = outlook_item(frame.node);
  if (item.marker.empty()) return;
  int& indent = frame.context.place.indent;
  indent = std::min(indent + item.indent, widest_indent);
  out_->marker(item.marker);
  frame.context.is_outlook_item = true;
}

/// What is to be done, in a list; elsewhere it is something that only a browser has a use for.
void Walker::apply_input(const GumboElement& element, const Context& context) {
  if (!equal_ignoring_case(attribute(element, "type"), "checkbox") || context.list < 0 || context.is_invisible) return;
  out_->text(has_attribute(element, "checked") ? "[x] " : "[ ] ", context.style, context.place);
}

void Walker::begin_table(Frame& frame) {
  if (table_ != nullptr || !is_data_table(frame.node)) return;
  table_ = std::make_unique<Table>(frame.context.place);
  frame.ends_table = true;
}

void Walker::end_table() {
  page_.add(table_->lay_out(columns_));
  table_.reset();
  text_.has_tables = true;
}

void Walker::apply_row(Frame& frame) {
  if (table_ != nullptr) return table_->begin_row();
  frame.context.is_flat_row = frame.context.is_flat_cell || is_flat_row(frame.node);
  if (frame.context.is_flat_cell) return;
  frame.is_block = true;
  out_->end_block(false);
}

void Walker::apply_cell(const GumboElement& element, const InlineStyle& style, Frame& frame) {
  Context& inner = frame.context;
  const bool is_header = element.tag == GUMBO_TAG_TH;
  if (is_header) inner.style.bold = true;
  if (table_ != nullptr && out_ == &page_) {
    table_->begin_cell(number(attribute(element, "colspan"), 1), number(attribute(element, "rowspan"), 1), is_header);
    inner.place = Place();
    inner.list = -1;
    out_ = &cell_;
    frame.ends_cell = true;
    return;
  }
  if (!inner.is_flat_row) {
    frame.is_block = frame.is_column = true;
    frame.lines_before = out_->text_line_count();
    frame.has_margin = frame.is_box || is_far(style);
    out_->end_block(frame.has_margin || (stack_.back().has_tall_column && !is_empty(frame.node)));
  } else {
    out_->gap();
  }
  inner.is_flat_cell = std::exchange(inner.is_flat_row, false);
}

/// A link with a ground or a frame of its own, or alone in a box with one.
bool Walker::is_button(const InlineStyle& style, const Frame& frame) const {
  constexpr std::size_t most_boxes = 6;
  if (style.has_background && style.background != 0xffffff && (stack_.empty() || style.background != stack_.back().context.background)) return true;
  if (style.bordered == InlineStyle::Given::yes && style.padded == InlineStyle::Given::yes) return true;
  const GumboNode* node = frame.node;
  for (std::size_t i = 0; i < std::min(stack_.size(), most_boxes) && is_alone(node); ++i, node = node->parent) {
    const Frame& box = stack_[stack_.size() - 1 - i];
    if (box.is_box) return !is_light_grey(box.context.background);
  }
  return false;
}

/// Bold, too, where a theme has no other way to set it apart.
void Walker::apply_link(const GumboElement& element, const InlineStyle& style, Frame& frame) {
  const std::string target = link_target(attribute(element, "href"));
  if (target.empty() || text_.links.size() >= most_links) return;
  Style& look = frame.context.style;
  look.link = static_cast<int>(text_.links.size());
  look.color = -1;
  look.dim = false;
  look.button = is_button(style, frame);
  look.bold = look.bold || look.button;
  frame.context.is_camouflaged = false;
  frame.ends_link = true;
  text_.links.push_back({target});
  link_text_.clear();
}

void Walker::end_link(const Frame& frame) {
  const std::string host = misleading_host(link_text_, text_.links[static_cast<std::size_t>(frame.context.style.link)].target);
  Style dim;
  dim.dim = true;
  if (!host.empty()) out_->literal(" [" + host + "]", dim, frame.context.place);
}

void Walker::apply_image(const GumboNode* node, const InlineStyle& style, const Context& context) {
  Image image = read_image(node->v.element, style);
  if (image.is_tracker) ++text_.trackers;
  if (image.is_remote && !image.is_tracker) ++text_.remote_pictures;
  const bool is_repeated = image.is_remote && !text_.pictures.empty() && text_.pictures.back().name == image.picture.name;
  const bool is_told = image.is_remote && equal_ignoring_case(clean(trim(text_behind(node))), image.picture.name);
  if (!image.is_shown || is_repeated || is_told || context.is_invisible || text_.pictures.size() >= most_pictures) return;
  Style look = context.style;
  look.dim = true;
  look.button = false;
  look.picture = static_cast<int>(text_.pictures.size());
  out_->text(placeholder(image.picture, look.link >= 0), look, context.place);
  text_.pictures.push_back(std::move(image.picture));
}

}  // namespace valija::html
