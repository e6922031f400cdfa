#include "valija/ui/render.hpp"

#include <algorithm>
#include <array>

#include "frame.hpp"
#include "valija/app/reading.hpp"
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

Canvas render(const app::App& app, const config::Theme& theme, bool is_ascii, const pty::Screen* editor, bool orders_text, Pictures* pictures) {
  const app::Geometry& geometry = app.geometry();
  Canvas canvas(geometry.columns, geometry.rows);
  canvas.orders_text = orders_text;
  Frame frame{app, theme, app.settings().ui_linear ? Ornaments::linear() : is_ascii ? Ornaments::ascii() : Ornaments(), canvas, app.settings().ui_linear || is_ascii ? nullptr : pictures};
  canvas.fill({0, 0, geometry.rows, geometry.columns}, theme.page());
  const bool is_full_screen = editor != nullptr && app.types_into_editor() && !app.editor_wish()->in_pane;
  if (is_full_screen) {
    draw_editor(frame, *editor);
    return canvas;
  }
  draw_title(frame);
  if (app.is_help_open()) {
    draw_help(frame);
  } else if (app.is_activity_open()) {
    draw_activity(frame);
  } else if (const app::ComposeDesk::Tab* tab = app.desk().front_tab()) {
    draw_tab(frame, *tab);
    if (editor != nullptr && app.editor_wish() != nullptr && app.editor_wish()->in_pane) draw_editor(frame, *editor);
  } else if (app.reading().page() == app::Reading::Page::senders) {
    draw_senders(frame);
  } else {
    draw_sidebar(frame);
    draw_list(frame);
    app.reading().is_page_open() ? draw_part_page(frame) : draw_reader(frame);
  }
  draw_question(frame);
  draw_message_line(frame);
  draw_which_key(frame);
  draw_completions(frame);
  // What stands over it would be drawn over by the terminal.
  if (app.prompt().is_open() || app.desk().question() || !app.which_key().empty()) canvas.picture.reset();
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

namespace {

/// Tags are chips where the theme has a soft background; among sixteen colours there is none.
std::optional<config::Color> chip_background(const Frame& frame) {
  const config::Color color = frame.look(config::Role::bar).background;
  const bool is_soft = color.kind == config::Color::Kind::rgb || (color.kind == config::Color::Kind::index && color.value >= 16);
  return is_soft ? std::optional(color) : std::nullopt;
}

}  // namespace

int tags_gap(const Frame& frame) { return chip_background(frame) ? 1 : 2; }

std::vector<std::string> shown_tags(const std::vector<std::string>& tags) {
  static constexpr std::array<std::string_view, 11> hidden{"inbox",   "unread", "flagged", "attachment", "new",     "passed",
                                                           "replied", "signed", "sent",    "archive",    "personal"};
  std::vector<std::string> shown;
  std::copy_if(tags.begin(), tags.end(), std::back_inserter(shown),
               [](const std::string& tag) { return std::find(hidden.begin(), hidden.end(), tag) == hidden.end(); });
  return shown;
}

int tags_width(const Frame& frame, const std::vector<std::string>& tags) {
  int width = 0;
  for (const std::string& tag : tags) width += display_width(clean(tag)) + 1 + (chip_background(frame) ? 2 : 0);
  return std::max(0, width - 1);
}

int draw_tags(Frame& frame, int row, int column, int columns, const std::vector<std::string>& tags) {
  const auto background = chip_background(frame);
  int used = 0;
  for (const std::string& tag : tags) {
    const std::string text = background ? " " + clean(tag) + " " : clean(tag);
    if (used + display_width(text) > columns) break;
    config::Look look = frame.theme.tag(tag);
    if (background && look.background == config::Color{}) look.background = *background;
    used += frame.canvas.put(row, column + used, columns - used, text, look) + 1;
  }
  return std::max(0, used - 1);
}

}  // namespace valija::ui
