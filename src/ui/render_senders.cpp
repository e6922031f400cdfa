#include <fmt/format.h>

#include <algorithm>

#include "frame.hpp"
#include "valija/app/reading.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::ui {

using config::Role;

namespace {

constexpr int count_columns = 8;
constexpr int read_columns = 14;
constexpr int date_columns = 11;

void draw_sender(Frame& frame, const app::Area& area, int row, const SenderSummary& sender) {
  const std::string read = app::is_never_read(sender) ? std::string(_("never read")) : sender.unread > 0 ? fmt::format(fmt::runtime(_("{} unread")), number(sender.unread)) : std::string();
  int column = area.column + 2;
  frame.canvas.put_right(row, column, count_columns - 2, number(sender.messages), frame.look(Role::count));
  column += count_columns;
  frame.canvas.put_fitted(row, column, read_columns - 1, read, frame.look(app::is_never_read(sender) ? Role::warning : Role::dim));
  column += read_columns;
  frame.canvas.put_right(row, column, date_columns - 2, frame.app.list_date(sender.newest), frame.look(Role::date));
  column += date_columns;
  const std::string left = sender.unsubscribed > 0 ? fmt::format(fmt::runtime(_("left {}")), frame.app.list_date(sender.unsubscribed)) : std::string();
  const int for_left = left.empty() ? 0 : display_width(left) + 2;
  const int room = area.column + area.columns - 1 - column - for_left;
  const int used = frame.canvas.put_fitted(row, column, room, sender.name.empty() ? sender.mailbox : sender.name, frame.look(Role::text));
  if (!sender.name.empty()) frame.canvas.put_fitted(row, column + used + 2, room - used - 2, sender.mailbox, frame.look(Role::dim));
  frame.canvas.put_right(row, column + room, for_left, left, frame.look(Role::success));
}

std::string nothing_here(const app::App& app) {
  if (!app.settings().mail_categories) return _("Newsletters are found by the tags of their categories, which the settings do not want: mail.categories is false.");
  const char* words = _("No mail has the tag newsletter or marketing. New mail gets the tag of its category as it is indexed; {} gives what was indexed before, or by notmuch, "
                        "its own.");
  return fmt::format(fmt::runtime(words), app.key_of("categorise"));
}

}  // namespace

void draw_senders(Frame& frame) {
  const app::Area area = frame.app.reading().area();
  const app::Senders& senders = frame.app.reading().senders();
  frame.canvas.put_fitted(area.row, area.column + 2, area.columns - 3, _("Newsletters, by how much they send"), frame.look(Role::title));
  frame.canvas.cursor_row = area.row;
  frame.canvas.cursor_column = area.column;
  if (senders.rows().empty()) {
    const app::Area page{area.row + 2, area.column + 2, area.rows - 2, std::min(area.columns - 4, 72)};
    draw_paragraph(frame, page, page.row, senders.has_answer() ? nothing_here(frame.app) : _("Counting…"), frame.look(Role::dim));
    return;
  }
  for (int i = 1; i < area.rows; ++i) {
    const std::size_t at = senders.cursor().top + static_cast<std::size_t>(i) - 1;
    if (at >= senders.rows().size()) break;
    const int row = area.row + i;
    const SenderSummary& sender = senders.rows()[at];
    const bool is_active = at == senders.cursor().at, is_marked = senders.is_marked(sender);
    if (is_marked) frame.canvas.tint({row, area.column, 1, area.columns}, frame.look(Role::row_marked));
    if (is_active) {
      frame.canvas.tint({row, area.column, 1, area.columns}, frame.look(Role::row_active));
      frame.canvas.cursor_row = row;
    }
    if (is_active || is_marked) frame.canvas.put(row, area.column, 1, is_active ? frame.signs.bar : frame.signs.done, frame.look(Role::accent));
    draw_sender(frame, area, row, sender);
  }
}

}  // namespace valija::ui
