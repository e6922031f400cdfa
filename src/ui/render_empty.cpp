#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "frame.hpp"
#include "valija/base/words.hpp"

namespace valija::ui {
namespace {

using config::Role;

constexpr std::array settings_lines{
    "[account.work]",
    "address  = \"ana@example.org\"",
    "receive  = \"imaps://ana@imap.example.org\"",
    "send     = \"smtps://ana@smtp.example.org\"",
    "password-command = \"pass show mail/work\"",
};

/// Paragraphs one below the other.
class Page {
 public:
  Page(Frame& frame, const app::Area& area) : frame_(frame), area_(area), row_(area.row) {}

  void heading(const std::string& text) { row_ = draw_paragraph(frame_, area_, row_, text, frame_.look(Role::title)) + 1; }
  void text(const std::string& text) { row_ = draw_paragraph(frame_, area_, row_, text, frame_.look(Role::text)) + 1; }
  void quiet(const std::string& text) { row_ = draw_paragraph(frame_, area_, row_, text, frame_.look(Role::dim)) + 1; }
  void code(std::string_view line) {
    if (row_ < area_.row + area_.rows) frame_.canvas.put_fitted(row_, area_.column + 2, area_.columns - 2, line, frame_.look(Role::code));
    ++row_;
  }
  void gap() { ++row_; }

 private:
  Frame& frame_;
  app::Area area_;
  int row_;
};

app::Area page_area(const app::Area& area) {
  const int top = area.rows >= 12 ? 2 : 0;
  const int left = area.columns >= 50 ? 4 : 0;
  return {area.row + top, area.column + left, area.rows - top, std::min(area.columns - left - 1, 72)};
}

void welcome(Page& page, const app::App& app) {
  page.heading(_("Welcome to valija."));
  page.text(fmt::format(fmt::runtime(_("It fetches your mail, keeps it on this computer, and shows it here. Write these five lines into {}:")),
                        app.options().settings_file));
  for (const char* line : settings_lines) page.code(line);
  page.gap();
  page.text(_("Then start valija again; the newest mail appears while the rest arrives. If something does not work, valija doctor says what and why."));
  page.quiet(fmt::format(fmt::runtime(_("To look around first: {} quits, and valija demo opens a sample mailbox.")), app.key_of("close")));
}

}  // namespace

void draw_empty_list(Frame& frame, const app::Area& area) {
  const app::App& app = frame.app;
  Page page(frame, page_area(area));
  frame.canvas.cursor_row = area.row;
  frame.canvas.cursor_column = area.column;
  switch (app.list_state()) {
    case app::ListState::welcome: return welcome(page, app);
    case app::ListState::failed:
      page.heading(_("The list could not be read."));
      page.text(app.list_error().message);
      if (!app.list_error().hint.empty()) page.text(app.list_error().hint);
      page.quiet(fmt::format(fmt::runtime(_("{} tries again.")), app.key_of("sync")));
      return;
    case app::ListState::first_sync:
      page.heading(_("Your mail is on its way."));
      page.text(_("The newest messages come first and appear here by themselves. You can read while the rest arrives."));
      return;
    case app::ListState::no_match:
      page.heading(_("Nothing matches."));
      page.text(fmt::format(fmt::runtime(_("No mail was found for: {}")), app::as_written(app.list().query())));
      page.quiet(_("Try fewer words, a word's beginning with a star (pack*), or from:name, subject:word, date:2weeks.. alone."));
      page.quiet(fmt::format(fmt::runtime(_("{} searches again, {} goes back.")), app.key_of("search"), app.key_of("close")));
      return;
    case app::ListState::empty:
      page.heading(fmt::format(fmt::runtime(_("{}: nothing here.")), app.title()));
      page.quiet(fmt::format(fmt::runtime(_("{} looks for new mail, {} searches all mail, {} goes to the other views.")), app.key_of("sync"),
                             app.key_of("search"), app.key_of("next-pane")));
      return;
    default: return;
  }
}

}  // namespace valija::ui
