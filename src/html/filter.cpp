#include "filter.hpp"

#include <algorithm>
#include <array>

#include "valija/base/text.hpp"

namespace valija::html {
namespace {

constexpr auto none = std::string_view::npos;
constexpr std::size_t largest_input = 8 * 1024 * 1024;
constexpr std::size_t largest_style_sheet = 256 * 1024;
constexpr std::size_t longest_value = 4096;
constexpr int most_attributes = 16;
constexpr int deepest = 256;

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool contains(const auto& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Elements whose content is dropped unread, up to their end tag.
constexpr auto dropped = std::to_array<std::string_view>(
    {"script", "style", "title", "template", "noframes", "noembed", "iframe", "object", "applet", "svg", "video", "audio", "xml"});

/// Elements that never nest for want of an end tag: void ones, and those whose end tag may be left out.
constexpr auto uncounted = std::to_array<std::string_view>(
    {"area", "base", "basefont", "bgsound", "body", "br", "caption", "col", "colgroup", "dd", "dt", "embed", "frame", "head",
     "hr", "html", "image", "img", "input", "keygen", "li", "link", "meta", "optgroup", "option", "p", "param", "rp", "rt",
     "source", "tbody", "td", "tfoot", "th", "thead", "tr", "track", "wbr"});

constexpr auto kept_attributes = std::to_array<std::string_view>(
    {"align", "alt", "background", "bgcolor", "border", "checked", "class", "color", "colspan", "dir", "height", "hidden", "href", "id", "role",
     "rowspan", "src", "start", "style", "type", "value", "width"});

constexpr auto page_attributes = std::to_array<std::string_view>(
    {"cellpadding", "cellspacing", "face", "lang", "nowrap", "size", "title", "valign"});

constexpr std::size_t longest_name = 11;

/// Reads one tag from its name on; everything is a view into the input.
class TagReader {
 public:
  TagReader(std::string_view html, std::size_t position) : html_(html), position_(position) {}

  std::string_view name() {
    const auto start = position_;
    while (position_ < html_.size() && !is_space(html_[position_]) && html_[position_] != '>' && html_[position_] != '/') {
      ++position_;
    }
    return html_.substr(start, position_ - start);
  }

  struct Attribute {
    std::string_view name, value;
  };

  /// False at the end of the tag; then `position()` is behind its ">".
  bool next(Attribute& attribute) {
    while (position_ < html_.size() && (is_space(html_[position_]) || html_[position_] == '/')) {
      is_closed_ = html_[position_] == '/' || (is_closed_ && is_space(html_[position_]));
      ++position_;
    }
    if (position_ >= html_.size()) return false;
    if (html_[position_] == '>') {
      ++position_;
      return false;
    }
    is_closed_ = false;
    const auto start = position_++;  // a "=" in front is part of the name
    while (position_ < html_.size() && !is_end_of_name(html_[position_])) ++position_;
    attribute = {html_.substr(start, position_ - start), {}};
    skip_spaces();
    if (position_ < html_.size() && html_[position_] == '=') {
      ++position_;
      skip_spaces();
      attribute.value = value();
    }
    return true;
  }

  std::size_t position() const { return position_; }
  bool is_self_closed() const { return is_closed_; }

 private:
  static bool is_end_of_name(char c) { return is_space(c) || c == '=' || c == '>' || c == '/'; }

  void skip_spaces() {
    while (position_ < html_.size() && is_space(html_[position_])) ++position_;
  }

  std::string_view value() {
    if (position_ >= html_.size()) return {};
    const char quote = html_[position_];
    const bool is_quoted = quote == '"' || quote == '\'';
    const auto start = position_ + (is_quoted ? 1 : 0);
    auto end = start;
    if (is_quoted) {
      end = std::min(html_.find(quote, start), html_.size());
    } else {
      while (end < html_.size() && !is_space(html_[end]) && html_[end] != '>') ++end;
    }
    position_ = std::min(end + (is_quoted ? 1 : 0), html_.size());
    return html_.substr(start, end - start);
  }

  std::string_view html_;
  std::size_t position_;
  bool is_closed_ = false;
};

class Simplifier {
 public:
  Simplifier(std::string_view html, Attributes attributes) : html_(html), attributes_(attributes) { out_.reserve(html.size()); }

  Simplified run() {
    while (position_ < html_.size()) {
      const auto tag = std::min(html_.find('<', position_), html_.size());
      out_ += html_.substr(position_, tag - position_);
      position_ = tag;
      if (tag < html_.size()) read_markup();
    }
    return {std::move(out_), std::move(style_sheet_), std::move(data_uris_)};
  }

 private:
  void skip_behind(std::string_view mark, std::size_t from) {
    const auto end = html_.find(mark, from);
    position_ = end == none ? html_.size() : end + mark.size();
  }

  void read_markup() {
    const auto rest = html_.substr(position_);
    const char next = rest.size() > 1 ? rest[1] : ' ';
    if (rest.starts_with("<!--")) {
      skip_comment();
    } else if (next == '!' || next == '?') {
      skip_behind(">", position_);
    } else if (next == '/' && rest.size() > 2 && is_letter(rest[2])) {
      end_tag();
    } else if (is_letter(next)) {
      start_tag();
    } else {
      out_ += "&lt;";
      ++position_;
    }
  }

  /// "<!-->" is a whole comment.
  void skip_comment() {
    if (html_.substr(position_).starts_with("<!-->")) {
      position_ += 5;
    } else {
      skip_behind("-->", position_ + 4);
    }
  }

  void end_tag() {
    TagReader reader(html_, position_ + 2);
    const std::string name = to_lower_ascii(reader.name());
    skip_behind(">", reader.position());
    if (!contains(uncounted, name)) {
      if (left_out_ > 0) {
        --left_out_;
        return;
      }
      depth_ = std::max(depth_ - 1, 0);
    }
    if (name.size() <= 20) out_.append("</").append(name).append(">");
  }

  void start_tag() {
    TagReader reader(html_, position_ + 1);
    const std::string name = to_lower_ascii(reader.name());
    const auto before = out_.size();
    out_.append("<").append(name.size() <= 20 ? name : "span");
    copy_attributes(reader, name);
    if (reader.is_self_closed()) out_ += '/';
    out_ += '>';
    position_ = reader.position();
    if (contains(dropped, name)) {
      out_.resize(before);
      if (!reader.is_self_closed()) skip_content(name);
    } else if (!contains(uncounted, name)) {
      if (depth_ < deepest) {
        ++depth_;
      } else {
        ++left_out_;
        out_.resize(before);
      }
    }
  }

  bool is_kept(std::string_view name) const {
    return contains(kept_attributes, name) || (attributes_ == Attributes::page && contains(page_attributes, name));
  }

  void copy_attributes(TagReader& reader, std::string_view tag) {
    TagReader::Attribute attribute;
    int count = 0;
    while (reader.next(attribute)) {
      if (attribute.name.size() > longest_name) continue;
      const std::string name = to_lower_ascii(attribute.name);
      if (!is_kept(name) || ++count > most_attributes) continue;
      const bool is_picture = name == "src" && (tag == "img" || tag == "image");
      if (is_picture && starts_with_ignoring_case(trim(attribute.value), "data:")) {
        data_uris_.push_back(trim(attribute.value));
        put(name, "data:#" + std::to_string(data_uris_.size()));
      } else if (attribute.value.size() <= longest_value) {
        put(name, attribute.value);
      }
    }
  }

  void put(std::string_view name, std::string_view value) {
    out_.append(" ").append(name).append("=\"");
    for (const char c : value) c == '"' ? out_.append("&quot;") : out_.append(1, c);
    out_ += '"';
  }

  /// Behind "</name" and its ">". Looked for by "</", so that one pass is enough for all.
  void skip_content(std::string_view name) {
    const auto start = position_;
    auto end = html_.find("</", position_);
    while (end != none && !starts_with_ignoring_case(html_.substr(end + 2), name)) end = html_.find("</", end + 2);
    if (end == none) {
      position_ = html_.size();
    } else {
      skip_behind(">", end);
    }
    const auto room = largest_style_sheet - std::min(style_sheet_.size(), largest_style_sheet);
    if (name == "style") style_sheet_.append(html_.substr(start, std::min(end, html_.size()) - start).substr(0, room)).append("\n");
  }

  std::string_view html_;
  std::size_t position_ = 0;
  Attributes attributes_;
  std::string out_, style_sheet_;
  std::vector<std::string_view> data_uris_;
  int depth_ = 0;
  long left_out_ = 0;  ///< start tags that were dropped and whose end tags must go too
};

}  // namespace

Simplified simplify(std::string_view html, Attributes attributes) { return Simplifier(html.substr(0, largest_input), attributes).run(); }

}  // namespace valija::html
