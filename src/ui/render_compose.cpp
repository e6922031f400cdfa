#include <fmt/format.h>

#include <algorithm>

#include "frame.hpp"
#include "valija/app/text_flow.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::ui {
namespace {

using app::Field;
using config::Look;
using config::Role;

constexpr int text_margin = 2;
constexpr int label_columns = 11;  // the longest label ends here

const char* label_of(Field field) {
  switch (field) {
    case Field::from: return _("From");
    case Field::to: return _("To");
    case Field::cc: return _("Cc");
    case Field::bcc: return _("Bcc");
    case Field::reply_to: return _("Reply to");
    case Field::subject: return _("Subject");
    default: return "";
  }
}

class ComposePainter {
 public:
  ComposePainter(Frame& frame, const app::Composer& composer)
      : frame_(frame), composer_(composer), areas_(app::compose_areas(composer, frame.app.desk().body())) {}

  void draw() {
    const std::vector<app::ComposeRow> rows = composer_.rows();
    for (int i = 0; i < areas_.head.rows; ++i) head_row(areas_.head.row + i, rows, areas_.first_row + static_cast<std::size_t>(i));
    if (!areas_.rule.empty()) rule();
    if (!frame_.app.desk().is_editor_in_front()) text();
    suggestions();
  }

 private:
  /// Where one is: the bar at the left, and a soft background under the label.
  void mark(int row) {
    const bool is_typing = composer_.is_typing();
    if (!is_typing) frame_.canvas.tint({row, areas_.head.column, 1, label_columns + 1}, frame_.look(Role::row_active));
    frame_.canvas.put(row, areas_.head.column, 1, frame_.signs.bar, frame_.look(Role::accent));
    if (is_typing) return;
    frame_.canvas.cursor_row = row;
    frame_.canvas.cursor_column = areas_.head.column;
  }

  void head_row(int row, const std::vector<app::ComposeRow>& rows, std::size_t number) {
    if (number + 1 >= rows.size()) return;
    const app::ComposeRow& shown = rows[number];
    const bool is_active = number == composer_.cursor();
    if (is_active) mark(row);
    const int left = areas_.head.column + label_columns + 2;
    const int room = areas_.head.columns - label_columns - 3;
    if (shown.field == Field::attachment) return attachment(row, shown.number, left, room);
    frame_.canvas.put_right(row, areas_.head.column + 1, label_columns - 1, label_of(shown.field), frame_.look(Role::header_name));
    if (is_active && composer_.mode() == app::Composer::Mode::field) return field(row, left, room);
    const bool is_subject = shown.field == Field::subject;
    int used = frame_.canvas.put_fitted(row, left, room, composer_.value(shown.field), frame_.look(is_subject ? Role::title : Role::text));
    if (shown.field != Field::from) return;
    // Which account it is, where one could be mistaken.
    if (frame_.app.settings().accounts.size() > 1) used += frame_.canvas.put_fitted(row, left + used + 2, room - used - 2, composer_.account(), frame_.look(Role::dim)) + 2;
    if (composer_.is_markdown()) frame_.canvas.put_fitted(row, left + used + 2, room - used - 2, _("Markdown"), frame_.look(Role::dim));
  }

  void attachment(int row, std::size_t number, int left, int room) {
    const Attachment& attached = composer_.attachments()[number];
    frame_.canvas.put_right(row, areas_.head.column + 1, label_columns - 1, fmt::format("{} {}", frame_.signs.attachment, number + 1), frame_.look(Role::attachment));
    const std::string size = attached.size == 0 ? std::string() : byte_count(attached.size);
    const int used = frame_.canvas.put_fitted(row, left, room - display_width(size) - 2, attached.name, frame_.look(Role::text));
    frame_.canvas.put_fitted(row, left + used + 2, room - used - 2, size, frame_.look(Role::dim));
  }

  void field(int row, int left, int room) {
    const app::TextEditor& editor = composer_.field();
    const std::string& text = editor.lines().front();
    int cursor = 0;
    const std::string_view seen = window_of(text, editor.cursor().octet, std::max(1, room - 1), cursor);
    frame_.canvas.cursor_row = row;
    frame_.canvas.cursor_column = left + frame_.canvas.put_typed(row, left, room, seen, frame_.look(Role::text), cursor);
  }

  void rule() {
    const bool is_typing = composer_.mode() == app::Composer::Mode::text || frame_.app.types_into_editor();
    frame_.canvas.repeat(areas_.rule.row, areas_.rule.column, areas_.rule.columns, frame_.signs.rule, frame_.look(is_typing ? Role::accent : Role::rule));
    if (composer_.mode() == app::Composer::Mode::away) {
      frame_.canvas.put_fitted(areas_.rule.row, areas_.rule.column + text_margin, areas_.rule.columns - 4, fmt::format(" {} ", _("on its way out")), frame_.look(Role::dim));
    }
  }

  Role role_of(const std::string& line, bool is_signature) const {
    if (is_signature) return Role::signature;
    const std::size_t quote = app::quote_size(line);
    const auto level = std::count(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(quote), '>');
    return level == 0 ? Role::text : level == 1 ? Role::quote1 : level == 2 ? Role::quote2 : Role::quote3;
  }

  void text() {
    const app::TextEditor& editor = composer_.text();
    const std::vector<std::string>& lines = editor.lines();
    const auto separator = std::find(lines.rbegin(), lines.rend(), "-- ");
    const auto signature = separator == lines.rend() ? lines.size() : static_cast<std::size_t>(lines.rend() - separator) - 1;
    const int left = areas_.text.column + text_margin;
    const bool is_typing = composer_.mode() == app::Composer::Mode::text;
    const bool is_active = composer_.active().field == Field::text;
    int row = areas_.text.row;
    for (const app::TextEditor::Row& part : editor.visible()) {
      if (row >= areas_.text.row + areas_.text.rows) break;
      const std::string& line = lines[part.line];
      const bool goes_on = part.end < line.size();
      const std::string_view seen = std::string_view(line).substr(part.begin, part.end - part.begin);
      const app::TextEditor::Place cursor = editor.cursor();
      const bool has_cursor = cursor.line == part.line && cursor.octet >= part.begin && (cursor.octet < part.end || (cursor.octet == part.end && !goes_on));
      const int before = has_cursor ? display_width(std::string_view(line).substr(part.begin, cursor.octet - part.begin)) : 0;
      const int column = frame_.canvas.put_typed(row, left, areas_.text.columns - text_margin, seen, frame_.look(role_of(line, part.line >= signature)), before, line);
      if (has_cursor && is_typing) {
        frame_.canvas.cursor_row = row;
        frame_.canvas.cursor_column = std::min(left + column, areas_.text.column + areas_.text.columns - 1);
      }
      ++row;
    }
    if (!is_active || areas_.text.empty()) return;
    frame_.canvas.put(areas_.text.row, areas_.text.column, 1, frame_.signs.bar, frame_.look(is_typing ? Role::dim : Role::accent));
    if (is_typing) return;
    frame_.canvas.cursor_row = areas_.text.row;
    frame_.canvas.cursor_column = areas_.text.column;
  }

  /// People for the field, in a panel below it.
  void suggestions() {
    const std::vector<AddressSuggestion>& list = composer_.suggestions();
    if (composer_.mode() != app::Composer::Mode::field || list.empty()) return;
    const int top = areas_.head.row + static_cast<int>(composer_.cursor() - areas_.first_row) + 1;
    const int left = areas_.head.column + label_columns + 1;
    const int most = std::min(8, areas_.text.row + areas_.text.rows - top);
    const int rows = std::min(most, static_cast<int>(list.size()));
    if (rows <= 0) return;
    const int columns = std::min(areas_.head.columns - label_columns - 1, 76);
    frame_.canvas.fill({top, left, rows, columns}, frame_.look(Role::bar));
    const int first = std::clamp(composer_.chosen() - rows + 1, 0, static_cast<int>(list.size()) - rows);
    for (int i = 0; i < rows; ++i) {
      const AddressSuggestion& person = list[static_cast<std::size_t>(first + i)];
      if (first + i == composer_.chosen()) frame_.canvas.tint({top + i, left, 1, columns}, frame_.look(Role::row_active));
      const int used = frame_.canvas.put_fitted(top + i, left + 1, columns - 2, person.text, frame_.look(Role::text));
      frame_.canvas.put_fitted(top + i, left + used + 3, columns - used - 4, person.doc, frame_.look(Role::dim));
    }
  }

  Frame& frame_;
  const app::Composer& composer_;
  app::ComposeAreas areas_;
};

}  // namespace

void draw_composer(Frame& frame, const app::Composer& composer) { ComposePainter(frame, composer).draw(); }

}  // namespace valija::ui
