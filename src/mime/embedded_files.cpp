#include "embedded_files.hpp"

#include <algorithm>
#include <utility>

#include "charset.hpp"
#include "known_types.hpp"
#include "rtf.hpp"
#include "tnef.hpp"
#include "uuencoded.hpp"
#include "valija/base/text.hpp"

namespace valija::mime {
namespace {

constexpr std::size_t largest = 64 * 1024 * 1024;
constexpr std::size_t most_nodes = 1000;
constexpr std::size_t largest_body = 8 * 1024 * 1024;
constexpr int deepest_tnef = 4;  ///< a winmail.dat within another

bool is_tnef(const PartNode& node) {
  return node.type == "application/ms-tnef" || node.type == "application/vnd.ms-tnef" ||
         to_lower_ascii(node.filename) == "winmail.dat";
}

/// Base64 hides no uuencoded file: who encodes, encodes once.
bool may_have_uuencoded(const PartNode& node) {
  const bool is_plain =
      node.type == "text/plain" && node.encoding != Encoding::base64 && node.encoding != Encoding::uuencode;
  return is_plain && node.content.find("begin ") != std::string_view::npos;
}

bool may_have_files(const PartNode& node) {
  return node.kind == PartNode::Kind::leaf && (is_tnef(node) || may_have_uuencoded(node));
}

class Expander {
 public:
  explicit Expander(PartTree tree) : tree_(std::move(tree)), old_(std::exchange(tree_.nodes, {})) {}

  PartTree run() {
    std::vector<std::size_t> places;
    for (const PartNode& node : old_) {
      places.push_back(tree_.nodes.size());
      tree_.nodes.push_back(node);
      PartNode& copy = tree_.nodes.back();
      if (copy.parent >= 0) copy.parent = static_cast<int>(places[static_cast<std::size_t>(copy.parent)]);
      if (may_have_files(copy)) add_files(tree_.nodes.size() - 1, 0);
    }
    places.push_back(tree_.nodes.size());
    for (std::size_t i = 0; i < old_.size(); ++i) tree_.nodes[places[i]].end = places[old_[i].end];
    return std::move(tree_);
  }

 private:
  /// Octets that stay as long as the tree.
  std::string_view keep(std::string octets) { return tree_.decoded.emplace_back(std::move(octets)); }

  void add_files(std::size_t parent, int depth) {
    const PartNode& node = tree_.nodes[parent];
    const bool is_winmail = is_tnef(node);
    const std::string_view octets = keep(decode_content(node.content, node.encoding, largest));
    is_winmail ? add_tnef(parent, read_tnef(octets), depth) : add_uuencoded(parent, octets);
    tree_.nodes[parent].end = tree_.nodes.size();
  }

  /// A leaf below `parent`; nullptr if there are too many.
  PartNode* add_child(std::size_t parent, std::string type, std::string_view octets) {
    if (tree_.nodes.size() >= most_nodes) {
      tree_.has_too_many = true;
      return nullptr;
    }
    const auto is_child = [&](const PartNode& node) { return node.parent == static_cast<int>(parent); };
    const auto number =
        1 + std::count_if(tree_.nodes.begin() + static_cast<std::ptrdiff_t>(parent), tree_.nodes.end(), is_child);
    PartNode child;
    child.depth = tree_.nodes[parent].depth + 1;
    child.parent = static_cast<int>(parent);
    child.end = tree_.nodes.size() + 1;
    child.number = tree_.nodes[parent].number + ":" + std::to_string(number);
    child.type = std::move(type);
    child.content = octets;
    return &tree_.nodes.emplace_back(std::move(child));
  }

  void add_uuencoded(std::size_t parent, std::string_view text) {
    for (const UuencodedFile& file : find_uuencoded(text)) {
      PartNode* child = add_child(parent, std::string(type_of_name(file.name)), text.substr(file.begin, file.end - file.begin));
      if (child == nullptr) return;
      child->encoding = Encoding::uuencode;
      child->filename = file.name;
      child->disposition = "attachment";
    }
  }

  void add_tnef(std::size_t parent, const Tnef& tnef, int depth) {
    add_body(parent, tnef);
    for (const TnefFile& file : tnef.files) {
      const bool says_type = file.type.find('/') != std::string::npos && file.type != unknown_type;
      PartNode* child = add_child(parent, says_type ? file.type : std::string(type_of_name(file.name)), file.octets);
      if (child == nullptr) return;
      child->filename = clean_filename(file.name);
      child->content_id = file.content_id;
      child->disposition = "attachment";
      if (depth < deepest_tnef && is_tnef(*child)) add_files(tree_.nodes.size() - 1, depth + 1);
    }
  }

  /// The best of its texts, in UTF-8.
  void add_body(std::size_t parent, const Tnef& tnef) {
    RtfText body;
    if (!tnef.html.empty()) {
      body = {to_utf8(tnef.html, code_page_name(tnef.code_page)), true};
    } else if (!tnef.compressed_rtf.empty()) {
      body = read_rtf(decompress_rtf(tnef.compressed_rtf, largest_body));
    }
    if (trim(body.text).empty())
      body = {to_utf8(tnef.plain, tnef.is_utf16 ? "utf-16le" : code_page_name(tnef.code_page)), false};
    if (trim(body.text).empty()) return;
    PartNode* child = add_child(parent, body.is_html ? "text/html" : "text/plain", keep(std::move(body.text)));
    if (child != nullptr) child->charset = "utf-8";
  }

  PartTree tree_;
  std::vector<PartNode> old_;
};

}  // namespace

PartTree with_embedded_files(PartTree tree) {
  if (std::none_of(tree.nodes.begin(), tree.nodes.end(), may_have_files)) return tree;
  return Expander(std::move(tree)).run();
}

}  // namespace valija::mime
