#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "valija/app/app.hpp"
#include "valija/config/theme.hpp"
#include "valija/pty/program.hpp"
#include "valija/ui/canvas.hpp"
#include "valija/ui/pictures.hpp"

namespace valija::ui {

/// The few signs that are no words.
struct Ornaments {
  const char *bar = "▌", *dot = "●", *rule = "─", *rule_down = "│", *tee = "├", *corner = "└", *quote = "▎", *flag = "⚑", *attachment = "@", *sync = "↻",
             *failed = "✕", *done = "✓", *folded = "▸", *draft = "✎", *outgoing = "⇡",
             *replied = "←", *is_signed = "§", *more = "›";
  static Ornaments ascii() { return {"|", "*", "-", "|", "+", "`", "|", "!", "@", "~", "x", "+", ">", "*", "^", "<", "s", ">"}; }
  /// The same without what only draws: a screen reader would say it.
  static Ornaments linear() {
    Ornaments signs = ascii();
    signs.bar = signs.rule = signs.rule_down = signs.tee = signs.corner = " ";
    signs.quote = signs.folded = ">";
    return signs;
  }
};

/// What every drawing function needs, for one frame.
struct Frame {
  const app::App& app;
  const config::Theme& theme;
  Ornaments signs;
  Canvas& canvas;
  Pictures* pictures = nullptr;  ///< null: none are drawn

  const config::Look& look(config::Role role) const { return theme.look(role); }
};

void draw_title(Frame& frame);
/// The tabs of the title line, up to the column `end`.
void draw_tabs(Frame& frame, int end);
void draw_sidebar(Frame& frame);
/// A thread as one sentence, for screen readers.
void draw_linear_row(Frame& frame, const app::Area& area, int row, const ThreadSummary& thread, bool is_active);
void draw_list(Frame& frame);
void draw_reader(Frame& frame);
/// The parts of a message, or one of them, in the place of the reader.
void draw_part_page(Frame& frame);
/// Who sends newsletters.
void draw_senders(Frame& frame);
/// A draft, without its text where an editor runs for it.
void draw_composer(Frame& frame, const app::Composer& composer);
void draw_outbox(Frame& frame, std::size_t cursor);
void draw_drafts(Frame& frame, std::size_t cursor);
/// What is to be decided first, over the lowest rows.
void draw_question(Frame& frame);
void draw_prompt(Frame& frame, const app::Area& area);
/// The line at the bottom: a line that is typed, or the newest notice and the key hints.
void draw_message_line(Frame& frame);
void draw_completions(Frame& frame);
/// Another program's screen, in its own colours, where the app has its pane.
void draw_editor(Frame& frame, const pty::Screen& screen);
void draw_which_key(Frame& frame);
void draw_help(Frame& frame);
/// What goes on behind the screen, and what went on.
void draw_activity(Frame& frame);
/// What the list pane says when it has no rows.
void draw_empty_list(Frame& frame, const app::Area& area);

/// A soft panel over the lowest rows, above the message line.
app::Area panel(Frame& frame, int rows);
/// The part of a typed line that fits, so that the cursor is in it. `cursor` becomes its column.
std::string_view window_of(std::string_view text, std::size_t cursor_octet, int columns, int& cursor);

/// Text wrapped at words from `row` on; returns the row behind it.
int draw_paragraph(Frame& frame, const app::Area& area, int row, std::string_view text, const config::Look& look);
/// The columns between a text and the tags behind it: a chip brings a blank of its own.
int tags_gap(const Frame& frame);
/// Tags as coloured chips, as many as fit; returns the columns that were filled.
int draw_tags(Frame& frame, int row, int column, int columns, const std::vector<std::string>& tags);
/// The columns that all of them take.
int tags_width(const Frame& frame, const std::vector<std::string>& tags);
/// Tags that are not shown by a sign or by the place already.
std::vector<std::string> shown_tags(const std::vector<std::string>& tags);

}  // namespace valija::ui
