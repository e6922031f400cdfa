#include "choose_parts.hpp"

#include <algorithm>
#include <array>

#include "valija/base/text.hpp"

namespace valija::mime {
namespace {

bool is_html(const PartNode& node) { return node.type == "text/html"; }

bool is_text(const PartNode& node) {
  constexpr auto readable = std::to_array<std::string_view>(
      {"message/delivery-status", "message/disposition-notification", "message/rfc822-headers",
       "message/feedback-report", "message/global-delivery-status", "message/global-disposition-notification",
       "message/external-body", "message/partial", "message/rfc822", "message/global", "message/news"});
  return node.kind == PartNode::Kind::leaf &&
         (node.type.starts_with("text/") || std::find(readable.begin(), readable.end(), node.type) != readable.end());
}

/// A patch is there to be read, as an attachment too.
bool is_patch(const PartNode& node) { return node.kind == PartNode::Kind::leaf && (node.type == "text/x-patch" || node.type == "text/x-diff"); }

bool is_inline_text(const PartNode& node) { return is_text(node) && (node.disposition != "attachment" || is_patch(node)); }

bool is_signature(std::string_view type) {
  return type == "application/pgp-signature" || type == "application/pkcs7-signature" ||
         type == "application/x-pkcs7-signature" || type == "application/pgp-encrypted";
}

/// One pass over the nodes, parents before children.
class Chooser {
 public:
  Chooser(const std::vector<PartNode>& nodes, const std::function<bool(const PartNode&)>& has_text,
          const std::string& wanted)
      : nodes_(nodes), has_text_(has_text), wanted_(wanted), is_shown_(nodes.size(), true) {}

  std::vector<bool> choose() {
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      const PartNode& node = nodes_[i];
      if (!is_shown_[i]) continue;
      if (node.type == "multipart/alternative") {
        choose_alternative(i);
      } else if (node.type == "multipart/related") {
        choose_root(i);
      } else if (node.kind == PartNode::Kind::message && node.disposition == "attachment") {
        hide(i + 1, node.end);
      } else if (node.kind == PartNode::Kind::leaf && !is_inline_text(node)) {
        is_shown_[i] = false;
      }
    }
    hide_repeated_bodies();
    return std::move(is_shown_);
  }

 private:
  void hide(std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) is_shown_[i] = false;
  }

  /// The first inline text below a version decides what it is.
  const PartNode* first_text(std::size_t begin, std::size_t end) const {
    for (std::size_t i = begin; i < end; ++i) {
      if (is_inline_text(nodes_[i])) return &nodes_[i];
    }
    return nullptr;
  }

  void choose_alternative(std::size_t index) {
    std::size_t plain = 0, html = 0, other = 0;  // 0: none, as no version has the index of its parent
    for (std::size_t i = index + 1; i < nodes_[index].end; i = nodes_[i].end) {
      const PartNode* text = first_text(i, nodes_[i].end);
      if (text == nullptr || text->type == "text/calendar") continue;
      if (is_html(*text)) {
        html = i;
      } else if (text->type == "text/plain" && plain == 0 && has_text_(*text)) {
        plain = i;
      } else {
        other = i;
      }
    }
    const auto wanted = wanted_version(index);
    const auto chosen = wanted != 0 ? wanted : plain != 0 ? plain : html != 0 ? html : other;
    if (chosen == 0) return;
    for (std::size_t i = index + 1; i < nodes_[index].end; i = nodes_[i].end) {
      if (i != chosen && nodes_[i].type != "text/calendar") hide(i, nodes_[i].end);
    }
  }

  /// The version that holds the part which a person chose; 0: none.
  std::size_t wanted_version(std::size_t index) const {
    if (wanted_.empty()) return 0;
    for (std::size_t i = index + 1; i < nodes_[index].end; i = nodes_[i].end) {
      for (std::size_t below = i; below < nodes_[i].end; ++below) {
        if (nodes_[below].number == wanted_ && is_inline_text(nodes_[below])) return i;
      }
    }
    return 0;
  }

  /// Of a multipart/related only the root is shown where it is HTML (RFC 2387): other HTML is there for its frames.
  void choose_root(std::size_t index) {
    const PartNode& related = nodes_[index];
    std::size_t root = 0;
    for (std::size_t i = index + 1; i < related.end; i = nodes_[i].end) {
      const bool is_named = !related.start.empty() && nodes_[i].content_id == related.start;
      if (is_named || (root == 0 && first_text(i, nodes_[i].end) != nullptr)) root = i;
    }
    for (std::size_t i = index + 1; i < related.end; i = nodes_[i].end) {
      if (i != root && nodes_[i].type == "text/html") hide(i, nodes_[i].end);
    }
  }

  /// The text of a winmail.dat says once more what the message says, if that says anything.
  void hide_repeated_bodies() {
    const auto is_within_leaf = [&](const PartNode& node) {
      return node.parent >= 0 && nodes_[static_cast<std::size_t>(node.parent)].kind == PartNode::Kind::leaf;
    };
    bool has_said = false;
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      if (!is_shown_[i] || nodes_[i].kind != PartNode::Kind::leaf) continue;
      if (is_within_leaf(nodes_[i])) is_shown_[i] = !has_said;
      has_said = has_said || has_text_(nodes_[i]);
    }
  }

  const std::vector<PartNode>& nodes_;
  const std::function<bool(const PartNode&)>& has_text_;
  const std::string& wanted_;
  std::vector<bool> is_shown_;
};

}  // namespace

std::vector<bool> choose_shown(const std::vector<PartNode>& nodes, const std::function<bool(const PartNode&)>& has_text,
                               const std::string& wanted) {
  return Chooser(nodes, has_text, wanted).choose();
}

int alternative_of(const std::vector<PartNode>& nodes, std::size_t index) {
  const auto is_alternative = [](const PartNode& node) { return node.type == "multipart/alternative"; };
  if (!is_inline_text(nodes[index])) return -1;
  for (int parent = nodes[index].parent; parent >= 0; parent = nodes[static_cast<std::size_t>(parent)].parent) {
    if (nodes[static_cast<std::size_t>(parent)].kind == PartNode::Kind::message) return -1;
    if (is_alternative(nodes[static_cast<std::size_t>(parent)]))
      return static_cast<int>(std::count_if(nodes.begin(), nodes.begin() + parent, is_alternative));
  }
  return -1;
}

bool is_attachment(const std::vector<PartNode>& nodes, std::size_t index) {
  const PartNode& node = nodes[index];
  if (node.kind == PartNode::Kind::multipart) return false;
  if (node.kind == PartNode::Kind::leaf && node.end > index + 1) return false;  // its files stand below it
  if (node.disposition == "attachment") return true;
  if (node.kind == PartNode::Kind::message || is_signature(node.type)) return false;
  const bool is_related = node.parent >= 0 && nodes[static_cast<std::size_t>(node.parent)].type == "multipart/related";
  if (is_related && !(node.content_id.empty() && node.location.empty()) && !is_text(node)) return false;
  return !node.filename.empty() || !is_text(node);
}

bool is_stub(std::string_view utf8) {
  constexpr std::size_t longest_stub = 400;
  constexpr auto phrases = std::to_array<std::string_view>({"view this email in",
                                                            "view it in",
                                                            "view in browser",
                                                            "view in your browser",
                                                            "view online",
                                                            "view the online version",
                                                            "html email",
                                                            "html-email",
                                                            "html message",
                                                            "html version",
                                                            "html format",
                                                            "support html",
                                                            "html compatible",
                                                            "html-capable",
                                                            "read html",
                                                            "ver en el navegador",
                                                            "en su navegador",
                                                            "en tu navegador",
                                                            "im browser",
                                                            "dans votre navigateur",
                                                            "does not have a plain text",
                                                            "no plain text"});
  const std::string_view text = trim(utf8);
  if (text.empty()) return true;
  if (text.size() > longest_stub) return false;
  const std::string lower = to_lower_ascii(text);
  return std::any_of(phrases.begin(), phrases.end(),
                     [&](std::string_view phrase) { return lower.find(phrase) != std::string::npos; });
}

}  // namespace valija::mime
