#include "pictures.hpp"

#include <algorithm>

#include "valija/base/escapes.hpp"
#include "valija/base/text.hpp"

namespace valija::mime {
namespace {

constexpr std::string_view scheme = "cid:";

bool is_within_related(const std::vector<PartNode>& nodes, const PartNode& node) {
  return node.parent >= 0 && nodes[static_cast<std::size_t>(node.parent)].type == "multipart/related";
}

const PartNode* find_number(const std::vector<PartNode>& nodes, std::string_view number) {
  const auto found = std::find_if(nodes.begin(), nodes.end(), [&](const PartNode& node) {
    return node.kind == PartNode::Kind::leaf && node.number == number;
  });
  return found == nodes.end() ? nullptr : &*found;
}

/// Apple Mail and Outlook put what a person attached beside the pictures.
void find_attachments(const std::vector<PartNode>& nodes, Document& document) {
  for (Part& part : document.parts) {
    const auto is_it = [&](const Picture& picture) { return picture.part == part.number; };
    const PartNode* node = find_number(nodes, part.number);
    if (std::any_of(document.pictures.begin(), document.pictures.end(), is_it)) {
      part.is_attachment = false;
    } else if (document.is_html && node != nullptr && is_within_related(nodes, *node) && !part.is_shown &&
               !part.filename.empty()) {
      part.is_attachment = part.is_attachment || !part.type.starts_with("image/");
    }
  }
}

}  // namespace

const PartNode* find_content_id(const std::vector<PartNode>& nodes, std::string_view cid) {
  if (cid.starts_with(part_scheme)) return find_number(nodes, cid.substr(part_scheme.size()));
  const std::string decoded = decode_escapes(cid, '%');
  const auto found = std::find_if(nodes.begin(), nodes.end(), [&](const PartNode& node) {
    return node.kind == PartNode::Kind::leaf && !node.content_id.empty() &&
           (node.content_id == cid || node.content_id == decoded);
  });
  return found == nodes.end() ? nullptr : &*found;
}

void resolve_pictures(const std::vector<PartNode>& nodes, Document& document) {
  for (Picture& picture : document.pictures) {
    if (!picture.part.starts_with(scheme)) continue;
    const PartNode* node = find_content_id(nodes, std::string_view(picture.part).substr(scheme.size()));
    picture.part = node == nullptr ? std::string() : node->number;
    if (node != nullptr && picture.name.empty()) picture.name = node->filename;
  }
  find_attachments(nodes, document);
}

}  // namespace valija::mime
