#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "valija/app/text_flow.hpp"
#include "valija/mail/document.hpp"
#include "valija/mail/pixels.hpp"

namespace valija::app {

/// A text or a picture that is shown by itself in the pane of the reader: a part of a message, or what is told about one. A value.
class PartView {
 public:
  PartView(std::string title, Document document, std::optional<Pixels> pixels = {});

  void resize(int columns, int lines, int text_width);
  void scroll(long rows);
  void page(double screens) { scroll(static_cast<long>(screens * std::max(1, lines_ - 1))); }

  const std::string& title() const { return title_; }
  const Document& document() const { return document_; }
  /// Null: it is a text.
  const std::shared_ptr<const Pixels>& pixels() const { return pixels_; }
  /// The rows of the text on the screen.
  std::vector<FlowRow> visible() const;

 private:
  std::string title_;
  Document document_;
  std::shared_ptr<const Pixels> pixels_;
  std::vector<FlowRow> rows_;
  std::size_t top_ = 0;
  int columns_ = 0, lines_ = 1, text_width_ = 0;
};

/// The render process may be under an attacker's control: its text passes the gate before its columns are counted.
void gate(Document& document);

}  // namespace valija::app
