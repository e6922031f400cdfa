#pragma once

#include <gumbo.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "lists.hpp"
#include "small_digits.hpp"
#include "style_sheet.hpp"
#include "table.hpp"
#include "text_builder.hpp"
#include "valija/html/render.hpp"

namespace valija::html {

/// Walks a tree with a stack of its own and says it to a TextBuilder.
class Walker {
 public:
  Walker(StyleSheet sheet, int columns) : sheet_(std::move(sheet)), columns_(columns) {}

  HtmlText walk(const GumboNode* root);

 private:
  struct ListLevel {
    ListStyle style;
    int next = 1;
  };
  /// What holds for everything below an element.
  struct Context {
    Style style;
    Place place;
    std::int32_t color = -1;            ///< as the message says; style.color is what is left of it to show
    std::int32_t background = 0xffffff;  ///< -1: a picture, or not to be told
    bool is_camouflaged = false;        ///< the text has the colour of its background
    bool has_zero_font = false;
    bool is_invisible = false;
    bool is_flat_row = false;  ///< cells of this row stand on one line
    bool is_flat_cell = false;
    bool is_outlook_item = false;  ///< its marker is known
    SmallDigits digits = SmallDigits::none;
    int list = -1;             ///< index into lists_
  };
  struct Frame {
    const GumboNode* node = nullptr;
    std::size_t next = 0;
    Context context;
    bool is_block = false, has_margin = false;
    bool is_box = false;  ///< of another background than what is around it
    bool ends_link = false, ends_cell = false, ends_table = false;
    bool is_beside = false;        ///< a block that stands on one line with what is around it
    bool is_column = false;        ///< a cell that stands below the one before it, not beside it
    bool has_tall_column = false;  ///< a row with such a cell of several lines
    bool is_attribution = false;
    std::size_t lines_before = 0;  ///< those that stood before a column or an attribution
  };

  void visit(const GumboNode* node, const Context& context);
  void say(std::string_view text, const Context& context);
  void enter(const GumboNode* node, const Context& context);
  void leave(const Frame& frame);
  /// What the style sheet, the attributes for looks and the style attribute say together.
  InlineStyle style_of(const GumboElement& element);
  static void inherit(const InlineStyle& style, GumboTag tag, Context& inner);
  void apply_colors(const InlineStyle& style, Context& inner) const;
  void count_hidden_pictures(const GumboNode* node);

  bool apply_element(const GumboElement& element, const InlineStyle& style, Frame& frame);
  void apply_block(const GumboElement& element, const InlineStyle& style, Frame& frame);
  void apply_quote_mark(const GumboElement& element, Frame& frame);
  bool apply_list(const GumboElement& element, const InlineStyle& style, Frame& frame);
  void begin_list(const GumboElement& element, const InlineStyle& style, Frame& frame);
  void apply_item(const GumboElement& element, const InlineStyle& style, Frame& frame);
  void apply_outlook_item(Frame& frame);
  void apply_input(const GumboElement& element, const Context& context);
  void begin_table(Frame& frame);
  void apply_row(Frame& frame);
  void apply_cell(const GumboElement& element, const InlineStyle& style, Frame& frame);
  bool is_button(const InlineStyle& style, const Frame& frame) const;
  void apply_link(const GumboElement& element, const InlineStyle& style, Frame& frame);
  void apply_image(const GumboNode* node, const InlineStyle& style, const Context& context);
  void end_link(const Frame& frame);
  void end_table();

  StyleSheet sheet_;
  int columns_;
  TextBuilder page_, cell_;
  TextBuilder* out_ = &page_;     ///< the page, or the cell of a table that is being read
  std::unique_ptr<Table> table_;  ///< of data, while it is read
  std::vector<Frame> stack_;
  std::vector<ListLevel> lists_;
  HtmlText text_;
  std::string link_text_;  ///< what the open link shows, its beginning
};

}  // namespace valija::html
