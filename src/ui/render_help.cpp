#include <algorithm>

#include "frame.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::ui {

using config::Role;

void draw_help(Frame& frame) {
  const app::Geometry& geometry = frame.app.geometry();
  const int first = geometry.title.empty() ? 0 : 1;
  const int rows = geometry.rows - first - (geometry.message.empty() ? 0 : 1);
  for (int i = 0; i < rows; ++i) {
    const std::size_t at = frame.app.help_top() + static_cast<std::size_t>(i);
    if (at >= frame.app.help().size()) break;
    const app::HelpRow& help = frame.app.help()[at];
    const int row = first + i;
    if (help.is_heading) {
      const int used = frame.canvas.put_fitted(row, 2, geometry.columns - 3, help.command, frame.look(Role::heading));
      frame.canvas.repeat(row, used + 3, std::min(geometry.columns, 136) - used - 4, frame.signs.rule, frame.look(Role::rule));
      continue;
    }
    const auto [lead, doc] = app::help_columns(help, geometry.columns);
    constexpr int margin = 2;
    const int column = margin + lead + 1;
    frame.canvas.put_fitted(row, column, doc, help.doc, frame.look(Role::text));
    if (help.is_rest) continue;
    frame.canvas.put_fitted(row, margin, lead, help.keys.empty() ? help.command : help.keys, frame.look(Role::key));
    const bool is_said = help.doc == ":" + help.command;
    if (geometry.columns >= 100 && !help.keys.empty() && !is_said) frame.canvas.put_fitted(row, column + doc + 1, 22, help.command, frame.look(Role::dim));
  }
  if (frame.app.help().empty()) frame.canvas.put_fitted(first, 2, geometry.columns - 3, _("No key or command fits."), frame.look(Role::dim));
  frame.canvas.cursor_row = first;
  frame.canvas.cursor_column = 0;
}

}  // namespace valija::ui
