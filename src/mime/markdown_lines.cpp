#include "markdown_lines.hpp"

#include <cmark.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <utility>

#include "markdown.hpp"
#include "quote_styles.hpp"
#include "valija/base/text.hpp"
#include "valija/mime/parse.hpp"

namespace valija::mime {
namespace {

constexpr std::size_t largest_markdown = 512 * 1024;
constexpr std::size_t most_links = 10'000;
constexpr std::size_t longest_target = 8192;
constexpr int deepest_quote = 50, widest_indent = 40;

struct FreeNode {
  void operator()(cmark_node* node) const { cmark_node_free(node); }
};
struct FreeIterator {
  void operator()(cmark_iter* iterator) const { cmark_iter_free(iterator); }
};

std::string_view view(const char* text) { return text == nullptr ? std::string_view() : std::string_view(text); }

bool is_target(std::string_view url) {
  constexpr auto schemes = std::to_array<std::string_view>({"https://", "http://", "mailto:"});
  return url.size() <= longest_target && std::any_of(schemes.begin(), schemes.end(), [&](std::string_view scheme) { return starts_with_ignoring_case(url, scheme); });
}

struct List {
  bool is_ordered = false, is_tight = false;
  int next = 1;
  int columns = 2;  ///< of its markers
};

/// Walks over the tree of cmark, which is no deeper in C++ than two calls.
class MarkdownReader {
 public:
  explicit MarkdownReader(std::vector<Link>& links) : links_(links) {}

  std::vector<Line> read(cmark_node* root) {
    const std::unique_ptr<cmark_iter, FreeIterator> iterator(cmark_iter_new(root));
    for (auto event = cmark_iter_next(iterator.get()); event != CMARK_EVENT_DONE; event = cmark_iter_next(iterator.get())) {
      cmark_node* node = cmark_iter_get_node(iterator.get());
      event == CMARK_EVENT_ENTER ? enter(node) : leave(node);
    }
    return std::move(lines_);
  }

 private:
  void enter(cmark_node* node) {
    switch (cmark_node_get_type(node)) {
      case CMARK_NODE_BLOCK_QUOTE:
        ++quotes_;
        break;
      case CMARK_NODE_LIST:
        begin_list(node);
        break;
      case CMARK_NODE_ITEM:
        begin_item();
        break;
      case CMARK_NODE_PARAGRAPH:
        open(quotes_ > 0 ? Line::Role::quote : Line::Role::text);
        break;
      case CMARK_NODE_HEADING:
        open(Line::Role::heading);
        style_.bold = true;
        break;
      case CMARK_NODE_THEMATIC_BREAK:
        open(Line::Role::rule);
        end_block();
        break;
      case CMARK_NODE_CODE_BLOCK:
        verbatim(view(cmark_node_get_literal(node)), Line::Role::preformatted);
        break;
      case CMARK_NODE_HTML_BLOCK:
        verbatim(view(cmark_node_get_literal(node)), Line::Role::text);
        break;
      case CMARK_NODE_TEXT:
      case CMARK_NODE_HTML_INLINE:
        add(view(cmark_node_get_literal(node)), style_);
        break;
      case CMARK_NODE_CODE:
        add_code(view(cmark_node_get_literal(node)));
        break;
      case CMARK_NODE_SOFTBREAK:
        if (!is_table_row()) {
          add(" ", style_);
          break;
        }
        [[fallthrough]];
      case CMARK_NODE_LINEBREAK:
        open(lines_.empty() ? Line::Role::text : lines_.back().role);
        break;
      case CMARK_NODE_EMPH:
        style_.italic = true;
        ++emphasis_;
        break;
      case CMARK_NODE_STRONG:
        style_.bold = true;
        ++strong_;
        break;
      case CMARK_NODE_LINK:
        begin_link(view(cmark_node_get_url(node)));
        break;
      case CMARK_NODE_IMAGE:
        add("[", style_);
        break;
      default:
        break;
    }
  }

  void leave(cmark_node* node) {
    switch (cmark_node_get_type(node)) {
      case CMARK_NODE_BLOCK_QUOTE:
        --quotes_;
        needs_blank_ = true;
        break;
      case CMARK_NODE_LIST:
        lists_.pop_back();
        end_block();
        break;
      case CMARK_NODE_ITEM:
        if (!marker_.empty()) open(Line::Role::text);  // an item without text
        break;
      case CMARK_NODE_PARAGRAPH:
        end_block();
        break;
      case CMARK_NODE_HEADING:
        style_.bold = false;
        end_block();
        break;
      case CMARK_NODE_EMPH:
        style_.italic = --emphasis_ > 0;
        break;
      case CMARK_NODE_STRONG:
        style_.bold = --strong_ > 0 || (!lines_.empty() && lines_.back().role == Line::Role::heading);
        break;
      case CMARK_NODE_LINK:
        style_.link = -1;
        break;
      case CMARK_NODE_IMAGE:
        add("]", style_);
        break;
      default:
        break;
    }
  }

  void begin_list(cmark_node* node) {
    List list;
    list.is_ordered = cmark_node_get_list_type(node) == CMARK_ORDERED_LIST;
    list.is_tight = cmark_node_get_list_tight(node) != 0;
    list.next = cmark_node_get_list_start(node);
    list.columns = list.is_ordered ? 4 : 2;
    lists_.push_back(list);
  }

  void begin_item() {
    List& list = lists_.back();
    marker_ = list.is_ordered ? std::to_string(list.next) + ". " : "• ";
    if (list.is_ordered && list.next < 1'000'000'000) ++list.next;
    list.columns = std::max(list.columns, display_width(marker_));
  }

  int indent() const {
    int columns = 0;
    for (const List& list : lists_) {
      columns += list.columns;
      if (columns > widest_indent) return widest_indent;
    }
    return columns;
  }

  void end_block() { needs_blank_ = lists_.empty() || !lists_.back().is_tight; }

  Line& open(Line::Role role) {
    const int level = std::min(quotes_, deepest_quote);
    if (std::exchange(needs_blank_, false) && !lines_.empty()) {
      const int between = std::min(level, lines_.back().quote_level);
      Line& blank = lines_.emplace_back();
      blank.quote_level = between;
      if (between > 0) blank.role = Line::Role::quote;
    }
    Line& line = lines_.emplace_back();
    line.role = role;
    line.quote_level = level;
    line.marker = std::exchange(marker_, {});
    line.indent = std::max(indent(), display_width(line.marker));
    return line;
  }

  void add(std::string_view text, const Style& style) {
    if (text.empty()) return;
    if (lines_.empty()) open(Line::Role::text);
    auto& spans = lines_.back().spans;
    if (spans.empty() || spans.back().style != style) spans.push_back({{}, style});
    spans.back().text += clean(text);
  }

  /// CommonMark has no tables: the rows of one stay as they are typed.
  bool is_table_row() const { return !lines_.empty() && !lines_.back().spans.empty() && lines_.back().spans.front().text.starts_with('|'); }

  void add_code(std::string_view text) {
    Style code = style_;
    code.code = true;
    add(text, code);
  }

  /// Line by line, as it stands.
  void verbatim(std::string_view text, Line::Role role) {
    Style style;
    style.code = role == Line::Role::preformatted;
    if (text.ends_with('\n')) text.remove_suffix(1);
    for (bool is_last = false; !is_last;) {
      const auto end = text.find('\n');
      is_last = end == std::string_view::npos;
      open(role).wraps = role != Line::Role::preformatted;
      add(text.substr(0, end), style);
      if (!is_last) text.remove_prefix(end + 1);
    }
    end_block();
  }

  void begin_link(std::string_view url) {
    if (links_.size() >= most_links || !is_target(url)) return;
    style_.link = static_cast<int>(links_.size());
    links_.push_back({clean(url)});
  }

  std::vector<Link>& links_;
  std::vector<Line> lines_;
  std::vector<List> lists_;
  Style style_;
  std::string marker_;  ///< of the item that begins with the next line
  int quotes_ = 0, emphasis_ = 0, strong_ = 0;
  bool needs_blank_ = false;
};

}  // namespace

bool is_markdown(std::string_view type) { return type == "text/markdown" || type == "text/x-markdown"; }

std::vector<Line> markdown_lines(std::string_view utf8, std::vector<Link>& links) {
  if (utf8.size() > largest_markdown) return text_lines(utf8, false, false);
  const std::string text = clean_lines(utf8);
  const auto [written, signature] = split_signature(text);
  const std::unique_ptr<cmark_node, FreeNode> root(cmark_parse_document(written.data(), written.size(), CMARK_OPT_DEFAULT));
  std::vector<Line> lines = MarkdownReader(links).read(root.get());
  mark_history(lines);
  std::vector<Line> below = text_lines(signature, false, false);
  if (!below.empty() && !lines.empty()) lines.emplace_back();
  lines.insert(lines.end(), std::make_move_iterator(below.begin()), std::make_move_iterator(below.end()));
  return lines;
}

}  // namespace valija::mime
