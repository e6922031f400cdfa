// Our own splitter: one pass over the lines that could be boundaries, a stack of the multiparts that are open. Only
// header values go to GMime.
#include "part_tree.hpp"

#include <algorithm>
#include <utility>

#include "header_block.hpp"
#include "parameters.hpp"
#include "valija/base/text.hpp"

namespace valija::mime {
namespace {

constexpr auto none = std::string_view::npos;
constexpr int deepest = 100;
constexpr std::size_t most_nodes = 1000;
constexpr std::size_t most_decoded = 64 * 1024 * 1024;  ///< of messages that are themselves encoded
constexpr std::size_t most_decoded_messages = 20;

std::size_t octets_of(const std::deque<std::string>& texts) {
  std::size_t octets = 0;
  for (const std::string& text : texts) octets += text.size();
  return octets;
}

/// Of several the last one, as GMime (and so the index) and most others read it.
std::string_view value_of(const HeaderBlock& block, std::string_view name) {
  const auto found = std::find_if(block.fields.rbegin(), block.fields.rend(),
                                  [&](const Field& field) { return equal_ignoring_case(field.name, name); });
  return found == block.fields.rend() ? std::string_view() : found->value;
}

std::string without_brackets(std::string_view value) {
  value = trim(value);
  if (value.starts_with('<')) value.remove_prefix(1);
  if (value.ends_with('>')) value.remove_suffix(1);
  return clean(value);
}

/// Of an address, which may be folded anywhere.
std::string without_blanks(std::string_view value) {
  constexpr std::size_t longest = 1000;
  std::string address = clean(value.substr(0, longest + 1));
  std::erase_if(address, [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; });
  return address.size() > longest ? std::string() : address;
}

bool is_message_type(std::string_view type) {
  return type == "message/rfc822" || type == "message/global" || type == "message/news";
}

PartNode read_node(const HeaderBlock& block, bool is_in_digest) {
  PartNode node;
  node.content_type = value_of(block, "Content-Type");
  if (node.content_type.empty() && is_in_digest) node.content_type = "message/rfc822";
  const ContentType type(node.content_type);
  const Disposition disposition = read_disposition(value_of(block, "Content-Disposition"));
  node.type = type.type();
  node.disposition = disposition.kind;
  node.filename = clean_filename(disposition.filename.empty() ? type.parameter("name") : disposition.filename);
  node.content_id = without_brackets(value_of(block, "Content-ID"));
  node.location = without_blanks(value_of(block, "Content-Location"));
  node.encoding = encoding_of(value_of(block, "Content-Transfer-Encoding"));
  if (node.type.starts_with("multipart/")) {
    node.boundary = type.parameter("boundary");
    node.start = without_brackets(type.parameter("start"));
    return node;
  }
  node.charset = clean(to_lower_ascii(type.parameter("charset")));
  node.is_flowed = to_lower_ascii(type.parameter("format")) == "flowed";
  node.deletes_space = to_lower_ascii(type.parameter("delsp")) == "yes";
  return node;
}

/// Reads the entities of one text; an encoded message within it has a reader of its own.
class TreeReader {
 public:
  TreeReader(PartTree& tree, std::string_view text) : tree_(tree), text_(text) {}

  /// `parent`: the node around the entity that the text is, -1 if that is the whole message.
  void read(int parent, int depth, const std::string& number) {
    begin_entity({parent, depth, number, false});
    while (!tree_.has_too_many) {
      const Delimiter found = next_delimiter(position_, text_.size());
      if (found.open == none) break;
      close_down_to(found.is_last ? found.open : found.open + 1, found.line);
      position_ = found.end;
      if (!found.is_last && position_ < text_.size()) begin_child(open_.back());
    }
    close_down_to(0, text_.size());
  }

 private:
  /// Where the entity that begins at `position_` stands.
  struct Place {
    int parent = -1;
    int depth = 0;
    std::string number;
    bool is_in_digest = false;
  };
  /// A node whose end was not seen yet.
  struct Open {
    std::size_t node = 0;
    std::size_t start = 0;    ///< of its content
    std::string delimiter{};  ///< of a multipart: "--boundary"
    int children = 0;
  };
  struct Delimiter {
    std::size_t open = none;  ///< whose it is
    std::size_t line = 0, end = 0;
    bool is_last = false;
  };

  PartNode& node_of(const Open& open) { return tree_.nodes[open.node]; }

  void begin_child(Open& multipart) {
    const PartNode& parent = node_of(multipart);
    const std::string prefix = parent.number.empty() ? "" : parent.number + ".";
    const auto index = static_cast<int>(multipart.node);
    begin_entity(
        {index, parent.depth + 1, prefix + std::to_string(++multipart.children), parent.type == "multipart/digest"});
  }

  /// Lines in front of a Content-Type that are no header: another text got between.
  std::size_t garbage_size() const {
    constexpr std::size_t looked_at = 4096;
    const auto rest = text_.substr(position_, looked_at);
    const auto type = rest.find("\nContent-Type:");
    return type == none || std::min(rest.find("\n\n"), rest.find("\n\r\n")) < type ? 0 : type + 1;
  }

  HeaderBlock take_headers() {
    HeaderBlock block = read_header_block(text_.substr(position_));
    if (!block.starts_with_field && !block.has_end) {
      position_ += garbage_size();
      block = read_header_block(text_.substr(position_));
    }
    const Delimiter early = next_delimiter(position_, position_ + block.body);
    if (early.open != none) block = read_header_block(text_.substr(position_, early.line - position_));
    position_ += block.body;
    return block;
  }

  void begin_entity(const Place& place) {
    if (tree_.nodes.size() >= most_nodes) {
      tree_.has_too_many = true;
      return;
    }
    const auto head = position_;
    PartNode node = read_node(take_headers(), place.is_in_digest);
    node.parent = place.parent;
    node.depth = place.depth;
    node.number = place.number;
    const bool is_multipart = node.type.starts_with("multipart/");
    if (place.depth >= deepest && (is_multipart || is_message_type(node.type))) {
      tree_.is_too_deep = true;
      make_text(node);
      position_ = head;
    } else if (is_multipart && !node.boundary.empty()) {
      node.kind = PartNode::Kind::multipart;
    } else if (is_multipart) {
      make_text(node);
    }
    if (!is_multipart && node.number.empty()) node.number = "1";
    const bool is_message = is_message_type(node.type);
    open_.push_back({tree_.nodes.size(), position_});
    if (node.kind == PartNode::Kind::multipart) open_.back().delimiter = "--" + node.boundary;
    tree_.nodes.push_back(std::move(node));
    if (is_message) begin_message(open_.back());
  }

  /// Text of its own, in place of a multipart.
  void make_text(PartNode& node) const {
    node.type = "text/plain";
    node.encoding = Encoding::none;
    if (is_numbered_as_its_message(node)) node.number += ".1";
    if (node.number.empty()) node.number = "1";
  }

  /// A multipart has the number of the message that it is the body of.
  bool is_numbered_as_its_message(const PartNode& node) const {
    return node.parent >= 0 && tree_.nodes[static_cast<std::size_t>(node.parent)].number == node.number;
  }

  /// What is no mail stays a leaf.
  void begin_message(Open& open) {
    PartNode& node = node_of(open);
    if (node.encoding != Encoding::none) return;
    const auto start = position_ + envelope_size(text_.substr(position_));
    const HeaderBlock block = read_header_block(text_.substr(start));
    if (!block.starts_with_field || next_delimiter(position_, start + 1).open != none) return;
    node.kind = PartNode::Kind::message;
    open.start = position_ = start;
    begin_entity(place_within(node, static_cast<int>(open.node), block));
  }

  static Place place_within(const PartNode& message, int index, const HeaderBlock& block) {
    const bool is_multipart = starts_with_ignoring_case(trim(value_of(block, "Content-Type")), "multipart/");
    return {index, message.depth + 1, is_multipart ? message.number : message.number + ".1", false};
  }

  /// The first line from `begin` on that is a boundary of an open multipart; `line` is the end of the text if there is
  /// none.
  Delimiter next_delimiter(std::size_t begin, std::size_t end) const {
    const auto is_open = [](const Open& open) { return !open.delimiter.empty(); };
    if (std::any_of(open_.begin(), open_.end(), is_open)) {
      for (auto line = first_dashes(begin, end); line < end; line = first_dashes(line + 2, end)) {
        if (const Delimiter found = delimiter_at(line); found.open != none) return found;
      }
    }
    return {none, text_.size(), text_.size(), false};
  }

  std::size_t first_dashes(std::size_t begin, std::size_t end) const {
    if ((begin == 0 || text_[begin - 1] == '\n') && text_.substr(begin).starts_with("--")) return begin;
    const auto found = text_.substr(0, end).find("\n--", begin);
    return found == none ? end : found + 1;
  }

  /// RFC 2046 §5.1.1 lets a line that only begins like the boundary be one; of multiparts within each other that would
  /// be the wrong one, so it counts only where the right one was never seen.
  Delimiter delimiter_at(std::size_t start) const {
    const auto line_end = std::min(text_.find('\n', start), text_.size());
    const auto line = text_.substr(start, line_end - start);
    const auto next = std::min(line_end + 1, text_.size());
    Delimiter similar;
    for (std::size_t i = open_.size(); i-- > 0;) {
      const Open& open = open_[i];
      if (open.delimiter.empty() || !line.starts_with(open.delimiter)) continue;
      const auto rest = trim(line.substr(open.delimiter.size()));
      if (rest.empty() || rest == "--") return {i, start, next, rest == "--"};
      if (similar.open == none && open.children == 0) similar = {i, start, next, false};
    }
    return similar;
  }

  /// Ends all but the outermost `kept` of what is open, at the line end in front of `line`.
  void close_down_to(std::size_t kept, std::size_t line) {
    while (open_.size() > kept) {
      const Open open = std::move(open_.back());
      open_.pop_back();
      close(open, line);
    }
  }

  void close(const Open& open, std::size_t line) {
    auto end = line;
    if (line < text_.size() && end > open.start && text_[end - 1] == '\n') --end;
    if (line < text_.size() && end > open.start && text_[end - 1] == '\r') --end;
    PartNode& node = node_of(open);
    const auto content = text_.substr(open.start, std::max(end, open.start) - open.start);
    if (node.kind != PartNode::Kind::multipart) node.content = content;
    if (node.kind == PartNode::Kind::multipart && open.children == 0 && !trim(content).empty())
      show_as_text(node, content);
    if (is_message_type(node.type) && node.encoding != Encoding::none) read_encoded_message(open.node);
    tree_.nodes[open.node].end = tree_.nodes.size();
  }

  /// A multipart without parts.
  void show_as_text(PartNode& node, std::string_view content) const {
    node.kind = PartNode::Kind::leaf;
    node.content = content;
    make_text(node);
  }

  /// RFC 2046 §5.2.1 forbids it, mailers do it.
  void read_encoded_message(std::size_t index) {
    if (tree_.decoded.size() >= most_decoded_messages || tree_.nodes.size() >= most_nodes) return;
    const PartNode& node = tree_.nodes[index];
    std::string bytes =
        decode_content(node.content, node.encoding, most_decoded - std::min(most_decoded, octets_of(tree_.decoded)));
    const auto envelope = envelope_size(bytes);
    if (!read_header_block(std::string_view(bytes).substr(envelope)).starts_with_field) return;
    const std::string_view message = tree_.decoded.emplace_back(std::move(bytes));
    PartNode& kept = tree_.nodes[index];
    kept.kind = PartNode::Kind::message;
    kept.encoding = Encoding::none;
    kept.content = message;
    const auto inner = message.substr(envelope);
    const Place place = place_within(kept, static_cast<int>(index), read_header_block(inner));
    TreeReader(tree_, inner).read(place.parent, place.depth, place.number);
  }

  PartTree& tree_;
  std::string_view text_;
  std::size_t position_ = 0;
  std::vector<Open> open_;
};

}  // namespace

PartTree read_part_tree(std::string_view message) {
  PartTree tree;
  TreeReader(tree, message).read(-1, 0, "");
  return tree;
}

}  // namespace valija::mime
