#include <algorithm>
#include <optional>

#include "choose_parts.hpp"
#include "dangers.hpp"
#include "draft_header.hpp"
#include "encoded_words.hpp"
#include "flowed.hpp"
#include "header_block.hpp"
#include "message_headers.hpp"
#include "node_text.hpp"
#include "part_tree.hpp"
#include "valija/base/text.hpp"
#include "valija/mail/date.hpp"
#include "valija/mime/build.hpp"

namespace valija::mime {
namespace {

constexpr std::size_t largest_text = 4 * 1024 * 1024;

std::string addresses_of(const HeaderBlock& block, std::string_view name) {
  std::string text;
  for (const Field& field : block.fields) {
    if (!equal_ignoring_case(field.name, name)) continue;
    for (const Address& address : decode_addresses(field.value)) text += (text.empty() ? "" : ", ") + to_text(address);
  }
  return text;
}

std::string_view value_of(const HeaderBlock& block, std::string_view name) {
  const Field* field = block.find(name);
  return field == nullptr ? std::string_view() : field->value;
}

Draft read_fields(const HeaderBlock& block) {
  Draft draft = read_draft_header(value_of(block, "X-Valija-Draft"));
  struct Row {
    const char* name;
    std::string Draft::*member;
  };
  for (const Row& row : {Row{"From", &Draft::from}, Row{"To", &Draft::to}, Row{"Cc", &Draft::cc}, Row{"Bcc", &Draft::bcc}, Row{"Reply-To", &Draft::reply_to},
                         Row{"Mail-Followup-To", &Draft::followup_to}}) {
    if (std::string text = addresses_of(block, row.name); !text.empty()) draft.*row.member = std::move(text);
  }
  draft.subject = decode_header(value_of(block, "Subject"));
  draft.in_reply_to = first_id(value_of(block, "In-Reply-To"));
  draft.references = all_ids(value_of(block, "References"));
  draft.changed = parse_date(value_of(block, "Date")).value_or(0);
  if (draft.kind == Draft::Kind::fresh && !draft.in_reply_to.empty()) draft.kind = Draft::Kind::reply;
  return draft;
}

/// The text that is edited: the first text/plain that is no attachment, else the first HTML.
std::optional<std::size_t> find_text(const std::vector<PartNode>& nodes, std::string_view type) {
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i].kind == PartNode::Kind::message) {
      i = nodes[i].end - 1;
    } else if (nodes[i].type == type && !is_attachment(nodes, i)) {
      return i;
    }
  }
  return std::nullopt;
}

std::string with_lf(std::string_view text) {
  std::string lines;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_cr = text[i] == '\r';
    if (!is_cr || i + 1 == text.size() || text[i + 1] != '\n') lines += is_cr ? '\n' : text[i];
  }
  return lines;
}

std::string text_of_node(const PartNode& node) {
  const std::string text = with_lf(read_node_text(node, {}, largest_text).text);
  return node.is_flowed ? from_flowed(text, node.deletes_space) : text;
}

std::string text_of_html(const PartNode& node, HtmlRenderer html) {
  std::string text;
  for (const Line& line : html(read_node_text(node, {}, largest_text).text, 80).lines) {
    text += std::string(static_cast<std::size_t>(line.quote_level), '>') + (line.quote_level > 0 ? " " : "") + line.marker;
    for (const Span& span : line.spans) text += span.text;
    text += '\n';
  }
  return text;
}

/// Whether a node only says once more what the text says.
bool is_alternative(const std::vector<PartNode>& nodes, std::size_t index) {
  for (int parent = nodes[index].parent; parent >= 0; parent = nodes[static_cast<std::size_t>(parent)].parent) {
    if (nodes[static_cast<std::size_t>(parent)].type == "multipart/alternative") return nodes[index].type.starts_with("text/");
  }
  return false;
}

}  // namespace

Result<Draft> recall(std::string_view whole, const std::string& file, HtmlRenderer html) {
  if (const std::string danger = find_danger(whole); !danger.empty()) return fail(Kind::input, Blast::message, danger);
  const auto message = whole.substr(envelope_size(whole));
  const HeaderBlock block = read_header_block(message);
  Draft draft = read_fields(block);
  const PartTree tree = read_part_tree(message);
  const auto& nodes = tree.nodes;
  auto shown = find_text(nodes, "text/plain");
  if (shown) draft.body = text_of_node(nodes[*shown]);
  if (!shown && html != nullptr) shown = find_text(nodes, "text/html");
  if (shown && nodes[*shown].type == "text/html") draft.body = text_of_html(nodes[*shown], html);
  if (!draft.body.empty() && draft.body.back() != '\n') draft.body += '\n';
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const PartNode& node = nodes[i];
    if (node.kind == PartNode::Kind::multipart || shown == i || is_alternative(nodes, i)) continue;
    const std::string id = node.disposition == "inline" ? node.content_id : std::string();
    draft.attachments.push_back({file, node.number, node.filename, node.type, decoded_size(node.content, node.encoding), id});
    if (node.kind == PartNode::Kind::message) i = node.end - 1;
  }
  return draft;
}

}  // namespace valija::mime
