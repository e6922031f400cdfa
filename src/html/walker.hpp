#pragma once

#include <gumbo.h>

#include <string>
#include <vector>

#include "text_builder.hpp"
#include "valija/html/render.hpp"

namespace valija::html {

/// Walks a tree with a stack of its own and says it to a TextBuilder.
class Walker {
 public:
  explicit Walker(int columns) : columns_(columns) {}

  HtmlText walk(const GumboNode* root);

 private:
  struct ListLevel {
    bool is_ordered = false;
    int next = 1;
  };
  /// What holds for everything below an element.
  struct Context {
    Style style;
    Place place;
    bool has_zero_font = false;
    bool is_invisible = false;
    bool is_flat_row = false;  ///< cells of this row stand on one line
    bool is_flat_cell = false;
    int list = -1;             ///< index into lists_
  };
  struct Frame {
    const GumboNode* node = nullptr;
    unsigned next = 0;
    Context context;
    bool is_block = false, has_margin = false;
    bool ends_link = false;
  };

  void visit(const GumboNode* node, const Context& context);
  void enter(const GumboNode* node, const Context& context);
  void leave(const Frame& frame);
  bool apply_element(const GumboElement& element, const GumboNode* node, Frame& frame);
  bool apply_list(GumboTag tag, const GumboElement& element, Frame& frame);
  void apply_row(const GumboNode* node, Frame& frame);
  void apply_cell(GumboTag tag, Frame& frame);
  void apply_link(const GumboElement& element, Frame& frame);
  void image(const GumboElement& element, const Context& context);
  void say(std::string_view text, const Context& context);

  int columns_;
  TextBuilder builder_;
  std::vector<Frame> stack_;
  std::vector<ListLevel> lists_;
  std::vector<Link> links_;
  std::string link_text_;  ///< what the open link shows, its beginning
};

}  // namespace valija::html
