#include <fmt/format.h>

#include <glib.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <optional>

#include "dangers.hpp"
#include "embedded_files.hpp"
#include "gmime_handles.hpp"
#include "header_block.hpp"
#include "locations.hpp"
#include "node_text.hpp"
#include "part_tree.hpp"
#include "pictures.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"
#include "valija/mime/parse.hpp"

namespace valija::mime {
namespace {

constexpr std::size_t largest_html = 8 * 1024 * 1024;

Unexpected refuse(const std::string& sentence) { return fail(Kind::input, Blast::message, sentence); }

/// A message behind its envelope, and its parts.
struct Opened {
  std::string_view message;
  HeaderBlock block;
  PartTree tree;
};

Result<Opened> open(std::string_view whole) {
  if (const std::string danger = find_danger(whole); !danger.empty()) return refuse(danger);
  Opened opened;
  opened.message = whole.substr(envelope_size(whole));
  opened.block = read_header_block(opened.message);
  if (opened.block.starts_with_field) opened.tree = with_embedded_files(read_part_tree(opened.message));
  return opened;
}

const PartNode* find_part(const std::vector<PartNode>& nodes, std::string_view number) {
  const auto found = std::find_if(nodes.begin(), nodes.end(), [&](const PartNode& node) {
    return node.kind != PartNode::Kind::multipart && node.number == number;
  });
  return found == nodes.end() ? nullptr : &*found;
}

/// "1.1#3": the third data: URI of the HTML part 1.1.
struct Reference {
  std::string_view number;
  int data_uri = 0;  ///< 0: the part itself
};

std::optional<Reference> read_reference(std::string_view text) {
  const auto mark = text.find('#');
  if (mark == std::string_view::npos) return Reference{text, 0};
  Reference reference{text.substr(0, mark), 0};
  const auto digits = text.substr(mark + 1);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), reference.data_uri);
  const bool is_whole = error == std::errc() && end == digits.data() + digits.size() && reference.data_uri > 0;
  return is_whole ? std::optional(reference) : std::nullopt;
}

std::string octets_of(const PartNode& node) {
  if (node.kind == PartNode::Kind::message) return std::string(node.content);
  return decode_content(node.content, node.encoding, node.content.size());
}

std::string data_uri_of(const PartNode& node) {
  const std::string octets = octets_of(node);
  const std::unique_ptr<char, FreeText> base64(
      g_base64_encode(reinterpret_cast<const guchar*>(octets.data()), octets.size()));
  return "data:" + node.type + ";base64," + base64.get();
}

const PartNode* find_html(const std::vector<PartNode>& nodes, const std::string& wanted) {
  const PartNode* chosen = find_part(nodes, wanted);
  if (chosen != nullptr && chosen->type == "text/html") return chosen;
  const auto is_html = [](const PartNode& node) {
    return node.type == "text/html" && node.disposition != "attachment";
  };
  const auto found = std::find_if(nodes.begin(), nodes.end(), is_html);
  return found == nodes.end() ? nullptr : &*found;
}

}  // namespace

Result<std::string> extract_part(std::string_view whole, const std::string& number, DataUriReader data_uri) {
  const auto opened = open(whole);
  if (!opened) return Unexpected(opened.error());
  const auto& nodes = opened->tree.nodes;
  const auto missing = [&] {
    return refuse(fmt::format(fmt::runtime(_("The message has no part {}.")), clean(number)));
  };
  if (nodes.empty() && number == "1") return std::string(opened->message);
  const auto reference = read_reference(number);
  const PartNode* node = reference ? find_part(nodes, reference->number) : nullptr;
  if (node == nullptr) return missing();
  if (reference->data_uri == 0) return octets_of(*node);
  if (data_uri == nullptr) return missing();
  std::string octets = data_uri(read_node_text(*node, {}, largest_html).text, reference->data_uri);
  if (octets.empty()) return missing();
  return octets;
}

Result<std::string> browser_page(std::string_view whole, PageMaker make_page, const RenderOptions& options) {
  const auto opened = open(whole);
  if (!opened) return Unexpected(opened.error());
  const auto& nodes = opened->tree.nodes;
  const PartNode* html = find_html(nodes, options.alternative);
  if (html == nullptr) return refuse(_("The message has no HTML."));
  return make_page(Locations(nodes).name_by_id(*html, read_node_text(*html, options.charset, largest_html).text), [&](std::string_view cid) {
    const PartNode* picture = find_content_id(nodes, cid);
    return picture == nullptr ? std::string() : data_uri_of(*picture);
  });
}

}  // namespace valija::mime
