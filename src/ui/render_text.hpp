#pragma once

#include <vector>

#include "frame.hpp"
#include "valija/app/reading.hpp"
#include "valija/app/text_flow.hpp"

namespace valija::ui {

/// The rows of a document's text within some columns of the screen.
class TextPainter {
 public:
  /// `width`: of what is wrapped; `room`: of all.
  TextPainter(Frame& frame, int left, int width, int room) : frame_(frame), left_(left), width_(width), room_(room) {}

  /// `marks`: places that were found in the line, as octets of its text; the first of them may be the one in front.
  struct Marked {
    std::uint32_t begin = 0, end = 0;
    bool is_front = false;
  };
  void draw(int row, const Document& document, const app::FlowRow& flow, const std::vector<Marked>& marked = {});
  /// The same for any line; it has no links.
  void draw(int row, const Line& line, const app::FlowRow& flow);
  /// The numbers by which links and pictures are opened.
  void set_things(const std::vector<app::Thing>* things) { things_ = things; }

 private:
  void text(int row, int column, const Document& document, const app::FlowRow& flow, const std::vector<Marked>& marked);
  /// Returns the columns that were filled.
  int spans(int row, int column, const Document& document, const app::FlowRow& flow, const std::vector<Marked>& marked);
  void mark(int row, int column, std::string_view piece, std::size_t at, const std::vector<Marked>& marked);
  void number(int row, int column, int columns, const Document& document, const Style& style);
  void link(int row, int column, int columns, const Document& document, const Style& style);
  config::Look look_of(const Style& style, const config::Look& base) const;

  Frame& frame_;
  int left_, width_, room_;
  const std::vector<app::Thing>* things_ = nullptr;
};

}  // namespace valija::ui
