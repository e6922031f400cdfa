#include "valija/mime/parse.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "charset.hpp"
#include "choose_parts.hpp"
#include "dangers.hpp"
#include "document_builder.hpp"
#include "gmime_handles.hpp"
#include "header_block.hpp"
#include "message_headers.hpp"
#include "part_tree.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"
#include "valija/mime/categorise.hpp"

namespace valija::mime {
namespace {

constexpr std::size_t largest_raw_text = 1024 * 1024;

Part to_part(const std::vector<PartNode>& nodes, std::size_t index, bool is_shown) {
  const PartNode& node = nodes[index];
  Part part;
  part.number = node.number;
  part.depth = node.depth;
  part.type = node.type;
  part.filename = node.filename;
  part.size = decoded_size(node.content, node.encoding);
  part.is_attachment = is_attachment(nodes, index);
  part.is_shown = is_shown;
  return part;
}

bool is_signed(const PartNode& node) {
  return node.type == "multipart/signed" || node.type == "application/pkcs7-mime" || node.type == "application/x-pkcs7-mime";
}

void add_parts(const PartTree& tree, HtmlRenderer html, const RenderOptions& options, Document& document) {
  const auto has_text = [](const PartNode& node) {
    constexpr std::size_t looked_at = 4096;
    return !is_stub(to_utf8(decode_content(node.content, node.encoding, looked_at), node.charset));
  };
  const std::vector<bool> shown = choose_shown(tree.nodes, has_text);
  DocumentBuilder builder(document, html, options);
  for (std::size_t i = 0; i < tree.nodes.size(); ++i) {
    const PartNode& node = tree.nodes[i];
    if (is_signed(node)) document.signature = Document::Signature::present_unchecked;
    if (node.kind == PartNode::Kind::multipart) continue;
    if (shown[i]) node.kind == PartNode::Kind::message ? builder.add_message(node) : builder.add_leaf(node);
    document.parts.push_back(to_part(tree.nodes, i, shown[i]));
  }
  if (tree.is_too_deep) document.warnings.emplace_back(_("The message is nested too deeply; the rest is shown as it came."));
  if (tree.has_too_many) document.warnings.emplace_back(_("The message has more than 1,000 parts; the rest is not shown."));
}

/// A body that GMime finds no part in (a multipart without boundary), or a file that is no mail at all.
void add_whole_body(std::string_view body, HtmlRenderer html, const RenderOptions& options, Document& document) {
  DocumentBuilder(document, html, options).add_text(body);
  document.parts.push_back({"1", 0, "text/plain", {}, body.size(), false, true});
}

bool has_parts(const PartTree& tree) {
  return std::any_of(tree.nodes.begin(), tree.nodes.end(),
                     [](const PartNode& node) { return node.kind != PartNode::Kind::multipart; });
}

const PartNode* find_part(const std::vector<PartNode>& nodes, const std::string& number) {
  const auto found = std::find_if(nodes.begin(), nodes.end(), [&](const PartNode& node) {
    return node.kind != PartNode::Kind::multipart && node.number == number;
  });
  return found == nodes.end() ? nullptr : &*found;
}

}  // namespace

void start() {
  start_gmime();
  open_charsets();
}

Document parse(std::string_view whole, HtmlRenderer html, const RenderOptions& options) {
  if (const std::string danger = find_danger(whole); !danger.empty()) return raw_document(whole, danger);
  const auto message = whole.substr(envelope_size(whole));
  const HeaderBlock block = read_header_block(message);
  Document document;
  if (!block.starts_with_field) {
    if (!trim(message).empty()) add_whole_body(message, html, options, document);
    document.warnings.emplace_back(_("This file has no mail header."));
    return document;
  }
  document.headers = read_headers(block, document.warnings);
  document.category = categorise(category_facts(message), false, &document.category_reasons);
  const PartTree tree = read_part_tree(message);
  add_parts(tree, html, options, document);
  const auto body = message.substr(block.body);
  if (document.parts.empty() && !trim(body).empty()) add_whole_body(body, html, options, document);
  return document;
}

Document raw_document(std::string_view message, const std::string& reason) {
  Document document;
  document.is_unreadable = true;
  document.warnings.push_back(clean(reason));
  std::vector<std::string> ignored;
  document.headers = read_headers(read_header_block(message.substr(envelope_size(message))), ignored);
  const std::string text = clean_lines(guess_utf8(message.substr(0, largest_raw_text)));
  constexpr std::size_t most_lines = 50'000;
  for (std::size_t start = 0; start < text.size() && document.lines.size() < most_lines;) {
    const auto end = std::min(text.find('\n', start), text.size());
    Line& line = document.lines.emplace_back();
    line.role = Line::Role::preformatted;
    if (end > start) line.spans.push_back({text.substr(start, end - start), {}});
    start = end + 1;
  }
  return document;
}

Result<std::string> extract_part(std::string_view whole, const std::string& number, DataUriReader) {
  const auto refuse = [&](const std::string& sentence) { return fail(Kind::input, Blast::message, sentence); };
  if (const std::string danger = find_danger(whole); !danger.empty()) return refuse(danger);
  const auto message = whole.substr(envelope_size(whole));
  const HeaderBlock block = read_header_block(message);
  const PartTree tree = block.starts_with_field ? read_part_tree(message) : PartTree();
  if (!has_parts(tree) && number == "1") return std::string(message.substr(block.starts_with_field ? block.body : 0));
  const PartNode* node = find_part(tree.nodes, number);
  if (node == nullptr) return refuse(fmt::format(fmt::runtime(_("The message has no part {}.")), clean(number)));
  if (node->kind == PartNode::Kind::message) return std::string(node->content);
  return decode_content(node->content, node->encoding, node->content.size());
}

}  // namespace valija::mime
