#pragma once

#include <string_view>

#include "locations.hpp"
#include "part_tree.hpp"
#include "valija/mail/document.hpp"
#include "valija/mime/parse.hpp"

namespace valija::mime {

/// Collects the lines of one document within the limits: 4 MiB of text, 100,000 lines.
class DocumentBuilder {
 public:
  DocumentBuilder(Document& document, HtmlRenderer html, const RenderOptions& options) : document_(document), html_(html), options_(options) {}

  /// The text of a leaf, by its type.
  void add_leaf(const PartNode& node, const Locations& locations);
  /// The headers of an enclosed message; its text follows as leaves of its own.
  void add_message(const PartNode& node);
  /// Text that is no MIME part.
  void add_text(std::string_view bytes);
  bool is_full() const { return is_full_; }

 private:
  void add_html(const PartNode& node, const Locations& locations);
  void separate();
  void append(std::vector<Line> lines);
  void take_html(HtmlText text);
  std::string read(const PartNode& node, std::size_t limit);
  void warn_of_guess(const std::string& charset);
  void mark_cut();

  Document& document_;
  HtmlRenderer html_;
  const RenderOptions& options_;
  std::size_t text_size_ = 0;
  bool is_full_ = false;
};

}  // namespace valija::mime
