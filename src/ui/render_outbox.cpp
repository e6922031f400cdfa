#include <fmt/format.h>

#include <algorithm>

#include "frame.hpp"
#include "valija/app/text_flow.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::ui {
namespace {

using config::Role;

constexpr int state_columns = 14;
constexpr int date_columns = 11;

struct StateWord {
  const char* text;
  Role role;
};

StateWord word_of(const Outgoing& outgoing, UnixTime now) {
  switch (outgoing.state) {
    case OutgoingState::handing: return {_("being sent"), Role::success};
    case OutgoingState::accepted: return {_("accepted"), Role::success};
    case OutgoingState::maybe_sent: return {_("maybe sent"), Role::warning};
    case OutgoingState::refused: return {_("refused"), Role::danger};
    case OutgoingState::waiting: break;
  }
  if (outgoing.tries > 0) return {_("trying again"), Role::warning};
  return outgoing.due > now ? StateWord{_("leaves"), Role::text} : StateWord{_("waiting"), Role::text};
}

/// The row of the cursor, as in the list of mail.
void mark(Frame& frame, int row, const app::Area& area) {
  frame.canvas.tint({row, area.column, 1, area.columns}, frame.look(Role::row_active));
  frame.canvas.put(row, area.column, 1, frame.signs.bar, frame.look(Role::accent));
  frame.canvas.cursor_row = row;
  frame.canvas.cursor_column = area.column;
}

void say_empty(Frame& frame, const app::Area& area, const char* title, const char* text) {
  const app::Area page{area.row + (area.rows >= 12 ? 2 : 0), area.column + 4, area.rows, std::min(area.columns - 5, 72)};
  const int row = draw_paragraph(frame, page, page.row, title, frame.look(Role::title));
  draw_paragraph(frame, page, row + 1, text, frame.look(Role::dim));
  frame.canvas.cursor_row = area.row;
  frame.canvas.cursor_column = area.column;
}

int rows_of(const std::string& text, int columns) {
  Line line;
  line.spans.push_back({clean(text), {}});
  return static_cast<int>(app::flow({line}, columns, columns).size());
}

/// The first entry that is drawn, so that the one of the cursor fits.
std::size_t first_shown(std::size_t cursor, int rows, int rows_each) {
  const auto fitting = static_cast<std::size_t>(std::max(1, rows / rows_each));
  return cursor < fitting ? 0 : cursor + 1 - fitting;
}

}  // namespace

void draw_outbox(Frame& frame, std::size_t cursor) {
  const app::Area& area = frame.app.desk().body();
  const std::vector<Outgoing>& entries = frame.app.desk().outbox();
  if (entries.empty()) return say_empty(frame, area, _("The outbox is empty."), _("What you send waits here for its time, for a line, or for you."));
  int row = area.row;
  for (std::size_t i = first_shown(cursor, area.rows, 2); i < entries.size() && row < area.row + area.rows; ++i) {
    const Outgoing& entry = entries[i];
    if (i == cursor) mark(frame, row, area);
    const StateWord state = word_of(entry, frame.app.now());
    frame.canvas.put_fitted(row, area.column + 2, state_columns, state.text, frame.look(state.role));
    const UnixTime when = entry.state == OutgoingState::waiting ? entry.due : entry.queued;
    frame.canvas.put_right(row, area.column + state_columns + 2, date_columns - 1, frame.app.list_date(when), frame.look(Role::date));
    const int left = area.column + state_columns + date_columns + 4;
    const int room = area.columns - left - 1;
    const std::string whom = join(entry.recipients, ", ");
    const int for_whom = std::max(10, std::min(room / 3, 40));
    frame.canvas.put_fitted(row, left, for_whom, whom, frame.look(Role::text));
    frame.canvas.put_fitted(row, left + for_whom + 2, room - for_whom - 2, entry.subject.empty() ? _("(no subject)") : entry.subject, frame.look(Role::text));
    ++row;
    // What the server said, else the hour of a later day.
    const bool is_later = entry.state == OutgoingState::waiting && entry.due - frame.app.now() > 86400 / 2;
    const std::string second = !entry.answer.empty() ? entry.answer : is_later ? frame.app.full_date(entry.due) : std::string();
    if (!second.empty() && row < area.row + area.rows) frame.canvas.put_fitted(row++, left, room, second, frame.look(Role::dim));
  }
}

void draw_drafts(Frame& frame, std::size_t cursor) {
  const app::Area& area = frame.app.desk().body();
  const std::vector<Draft>& drafts = frame.app.desk().kept_drafts();
  if (drafts.empty()) return say_empty(frame, area, _("No drafts wait on this computer."), _("What you have postponed is in the drafts folder of its account."));
  int row = area.row;
  for (std::size_t i = first_shown(cursor, area.rows, 1); i < drafts.size() && row < area.row + area.rows; ++i, ++row) {
    const Draft& draft = drafts[i];
    if (i == cursor) mark(frame, row, area);
    frame.canvas.put_right(row, area.column + 2, date_columns - 1, frame.app.list_date(draft.changed), frame.look(Role::date));
    const int left = area.column + date_columns + 3;
    const int room = area.columns - left - 1;
    const int for_whom = std::max(10, std::min(room / 3, 40));
    const std::string whom = frame.app.people().names(parse_addresses(draft.to));
    frame.canvas.put_fitted(row, left, for_whom, whom.empty() ? _("(nobody yet)") : whom, frame.look(whom.empty() ? Role::dim : Role::text));
    frame.canvas.put_fitted(row, left + for_whom + 2, room - for_whom - 2, draft.subject.empty() ? _("(no subject)") : draft.subject,
                            frame.look(draft.subject.empty() ? Role::dim : Role::text));
  }
}

void draw_question(Frame& frame) {
  const auto& question = frame.app.desk().question();
  if (!question) return;
  std::vector<const app::Question::Choice*> shown;
  for (const app::Question::Choice& choice : question->choices) {
    if (!choice.text.empty()) shown.push_back(&choice);
  }
  const int room = std::max(1, frame.app.geometry().columns - 10);
  int wanted = 2;
  for (const app::Question::Choice* choice : shown) wanted += rows_of(choice->text, room);
  const app::Area area = panel(frame, wanted);
  if (area.empty()) return;
  frame.canvas.put_fitted(area.row, 2, area.columns - 4, question->title, over(frame.look(Role::bar), frame.look(Role::title)));
  int row = area.row + 1;
  const auto line = [&](const std::string& keys, const std::string& text, Role role) {
    if (row >= area.row + area.rows) return;
    frame.canvas.put_right(row, 2, 4, keys, frame.look(Role::key));
    row = draw_paragraph(frame, {area.row, 8, area.rows, room}, row, text, frame.look(role));
  };
  for (const app::Question::Choice* choice : shown) line(app::key_names({choice->key}), choice->text, Role::text);
  line("Esc", question->way_back.empty() ? _("back to the message") : question->way_back, Role::dim);
  frame.canvas.cursor_row = area.row;
  frame.canvas.cursor_column = 1;
}

}  // namespace valija::ui
