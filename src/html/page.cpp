#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <utility>
#include <vector>

#include "data_uri.hpp"
#include "element.hpp"
#include "filter.hpp"
#include "link.hpp"
#include "parse_tree.hpp"
#include "safe_css.hpp"
#include "style_sheet.hpp"
#include "tags.hpp"
#include "valija/base/text.hpp"
#include "valija/html/render.hpp"

namespace valija::html {
namespace {

constexpr std::size_t largest_page = 64 * 1024 * 1024;
constexpr std::size_t most_content_ids = 1000;

constexpr std::string_view head =
    "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\">"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\">"
    "<meta http-equiv=\"x-dns-prefetch-control\" content=\"off\"><meta name=\"referrer\" content=\"no-referrer\"></head>\n";

constexpr auto elements = std::to_array<std::string_view>(
    {"a", "abbr", "address", "article", "aside", "b", "bdi", "bdo", "big", "blockquote", "body", "br", "caption", "center", "cite", "code",
     "col", "colgroup", "dd", "del", "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "font", "footer", "h1", "h2", "h3", "h4",
     "h5", "h6", "header", "hr", "i", "img", "ins", "kbd", "li", "main", "mark", "nav", "ol", "p", "pre", "q", "s", "samp", "section",
     "small", "span", "strike", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "tt", "u", "ul", "var",
     "wbr"});

constexpr auto void_elements = std::to_array<std::string_view>({"br", "col", "hr", "img", "wbr"});

/// Copied as they are; none of them holds an address.
constexpr auto plain_attributes = std::to_array<std::string_view>(
    {"align", "alt", "bgcolor", "border", "cellpadding", "cellspacing", "color", "colspan", "dir", "face", "height", "lang", "nowrap", "rowspan", "size",
     "start", "title", "type", "valign", "value", "width"});

bool is_one_of(const auto& sorted_names, std::string_view name) { return std::binary_search(sorted_names.begin(), sorted_names.end(), name); }

std::string escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default:
        if (static_cast<unsigned char>(c) >= ' ' || c == '\n' || c == '\t') out += c;
    }
  }
  return out;
}

/// Writes a tree with a stack of its own.
class PageWriter {
 public:
  PageWriter(const Simplified& source, const CidResolver& data_uri_of_cid)
      : source_(source), data_uri_of_cid_(data_uri_of_cid), sheet_(source.style_sheet) {}

  std::string write(const GumboNode* root) {
    page_ = head;
    open(root);
    while (!stack_.empty()) {
      auto& [node, next] = stack_.back();
      if (const auto inner = children(node); next < inner.size() && !is_full()) {
        open(inner[next++]);
      } else {
        close(node);
        stack_.pop_back();
      }
    }
    return std::move(page_) + "</html>\n";
  }

 private:
  bool is_full() const { return page_.size() > largest_page; }

  /// The name under which an element is written; empty: only what is in it is.
  static std::string_view name_of(const GumboNode* node) {
    const std::string_view name = node->v.element.tag_namespace == GUMBO_NAMESPACE_HTML ? gumbo_normalized_tagname(node->v.element.tag) : "";
    return is_one_of(elements, name) ? name : std::string_view();
  }

  void open(const GumboNode* node) {
    if (is_text(node)) page_ += escaped(node->v.text.text);
    if (node->type != GUMBO_NODE_ELEMENT || is_skipped(node->v.element.tag)) return;
    if (const auto name = name_of(node); !name.empty()) {
      page_.append("<").append(name);
      write_attributes(node->v.element);
      page_ += '>';
      if (is_one_of(void_elements, name)) return;
    }
    stack_.emplace_back(node, 0);
  }

  void close(const GumboNode* node) {
    if (const auto name = name_of(node); !name.empty()) page_.append("</").append(name).append(">");
  }

  void put(std::string_view name, std::string_view value) { page_.append(" ").append(name).append("=\"").append(escaped(value)).append("\""); }

  void write_attributes(const GumboElement& element) {
    for (unsigned i = 0; i < element.attributes.length; ++i) {
      const auto& attribute = *static_cast<const GumboAttribute*>(element.attributes.data[i]);
      if (is_one_of(plain_attributes, attribute.name)) put(attribute.name, attribute.value);
    }
    const std::string style = safe_declarations(sheet_.declarations_of(element)) + safe_declarations(attribute(element, "style")) +
                              (has_attribute(element, "hidden") ? "display:none;" : "");
    if (!style.empty()) put("style", style);
    if (element.tag == GUMBO_TAG_A) write_target(attribute(element, "href"));
    if (element.tag == GUMBO_TAG_IMG) write_source(attribute(element, "src"));
  }

  void write_target(std::string_view href) {
    const std::string target = link_target(href);
    if (target.empty()) return;
    put("href", target);
    put("rel", "noreferrer");
  }

  void write_source(std::string_view source) {
    const std::string_view uri = picture(trim(source));
    if (is_plain_picture(uri)) put("src", uri);
  }

  std::string_view picture(std::string_view source) {
    const int number = data_number(source);
    if (number > 0 && static_cast<std::size_t>(number) <= source_.data_uris.size()) return source_.data_uris[static_cast<std::size_t>(number) - 1];
    if (!starts_with_ignoring_case(source, "cid:")) return {};
    const std::string id(source.substr(4));
    const auto known = enclosed_.find(id);
    if (known != enclosed_.end() || enclosed_.size() >= most_content_ids) return known == enclosed_.end() ? std::string_view() : known->second;
    return enclosed_[id] = data_uri_of_cid_ ? data_uri_of_cid_(id) : std::string();
  }

  const Simplified& source_;
  const CidResolver& data_uri_of_cid_;
  StyleSheet sheet_;
  std::map<std::string, std::string> enclosed_;  ///< data: URIs by Content-ID
  std::vector<std::pair<const GumboNode*, std::size_t>> stack_;
  std::string page_;
};

}  // namespace

std::string sanitised_page(std::string_view html, const CidResolver& data_uri_of_cid) {
  const Simplified source = simplify(html, Attributes::page);
  const ParseTree tree(source.html);
  if (tree.root() == nullptr) return std::string(head) + "<body><pre>" + escaped(html.substr(0, largest_page / 8)) + "</pre></body></html>\n";
  return PageWriter(source, data_uri_of_cid).write(tree.root());
}

}  // namespace valija::html
