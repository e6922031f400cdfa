#include "valija/ui/render.hpp"

#include <algorithm>
#include <array>

#include "frame.hpp"
#include "valija/app/text_flow.hpp"
#include "valija/base/text.hpp"

namespace valija::ui {

using config::Role;

namespace {

void draw_tab(Frame& frame, const app::ComposeDesk::Tab& tab) {
  switch (tab.kind) {
    case app::ComposeDesk::Tab::Kind::draft: return draw_composer(frame, *tab.composer);
    case app::ComposeDesk::Tab::Kind::outbox: return draw_outbox(frame, tab.cursor);
    case app::ComposeDesk::Tab::Kind::drafts: return draw_drafts(frame, tab.cursor);
  }
}

}  // namespace

Canvas render(const app::App& app, const config::Theme& theme, bool is_ascii, const pty::Screen* editor, bool orders_text) {
  const app::Geometry& geometry = app.geometry();
  Canvas canvas(geometry.columns, geometry.rows);
  canvas.orders_text = orders_text;
  Frame frame{app, theme, is_ascii ? Ornaments::ascii() : Ornaments(), canvas};
  canvas.fill({0, 0, geometry.rows, geometry.columns}, theme.look(Role::text));
  const bool is_full_screen = editor != nullptr && app.types_into_editor() && !app.editor_wish()->in_pane;
  if (is_full_screen) {
    draw_editor(frame, *editor);
    return canvas;
  }
  draw_title(frame);
  if (app.is_help_open()) {
    draw_help(frame);
  } else if (const app::ComposeDesk::Tab* tab = app.desk().front_tab()) {
    draw_tab(frame, *tab);
    if (editor != nullptr && app.editor_wish() != nullptr && app.editor_wish()->in_pane) draw_editor(frame, *editor);
  } else {
    draw_sidebar(frame);
    draw_list(frame);
    draw_reader(frame);
  }
  draw_question(frame);
  draw_message_line(frame);
  draw_which_key(frame);
  draw_completions(frame);
  return canvas;
}

int draw_paragraph(Frame& frame, const app::Area& area, int row, std::string_view text, const config::Look& look) {
  Line line;
  line.spans.push_back({clean(text), {}});
  for (const app::FlowRow& part : app::flow({line}, area.columns, area.columns)) {
    if (row >= area.row + area.rows) return row;
    frame.canvas.put(row++, area.column, area.columns, std::string_view(line.spans[0].text).substr(part.begin, part.end - part.begin), look);
  }
  return row;
}

std::vector<std::string> shown_tags(const std::vector<std::string>& tags) {
  static constexpr std::array<std::string_view, 9> hidden{"inbox", "unread", "flagged", "attachment", "new", "passed", "replied", "sent", "archive"};
  std::vector<std::string> shown;
  std::copy_if(tags.begin(), tags.end(), std::back_inserter(shown),
               [](const std::string& tag) { return std::find(hidden.begin(), hidden.end(), tag) == hidden.end(); });
  return shown;
}

int draw_tags(Frame& frame, int row, int column, int columns, const std::vector<std::string>& tags) {
  int used = 0;
  for (const std::string& tag : tags) {
    const int width = display_width(clean(tag));
    if (used + width > columns) break;
    used += frame.canvas.put(row, column + used, columns - used, tag, frame.theme.tag(tag)) + 1;
  }
  return std::max(0, used - 1);
}

}  // namespace valija::ui
