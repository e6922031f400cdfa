#include <fmt/format.h>

#include "frame.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::ui {

using config::Role;

namespace {

/// "unread. Marta Gil, you: Budget. 3 messages, 09:41, flagged, todo": what tells rows apart comes first.
std::string row_in_words(const app::App& app, const ThreadSummary& thread) {
  std::string people;
  for (const auto& person : app.people().participants(thread)) people += (people.empty() ? "" : ", ") + clean(person.name);
  const std::string subject = clean(thread.subject);
  std::string text = app.selection().has(thread) ? std::string(_("marked")) + ", " : std::string();
  if (app::has_tag(thread.tags, "unread")) text += std::string(_("unread")) + ". ";
  text += people + ": " + (trim(subject).empty() ? std::string(_("(no subject)")) : subject) + ". ";
  if (thread.total > 1) text += fmt::format(fmt::runtime(n_("{} message", "{} messages", static_cast<unsigned long>(thread.total))), thread.total) + ", ";
  text += app.list_date(thread.newest);
  const auto add = [&](const char* tag, const char* word) {
    if (app::has_tag(thread.tags, tag)) text += std::string(", ") + word;
  };
  add("flagged", _("flagged"));
  add("replied", _("answered"));
  add("attachment", _("attachment"));
  add("signed", _("signed"));
  const auto account = app.account_of(thread);
  if (account && app.settings().accounts.size() > 1) text += ", " + clean(app.settings().accounts[*account].name);
  for (const std::string& tag : shown_tags(thread.tags)) {
    if (tag != "signed") text += ", " + clean(tag);
  }
  return text;
}

}  // namespace

void draw_linear_row(Frame& frame, const app::Area& area, int row, const ThreadSummary& thread, bool is_active) {
  if (is_active) frame.canvas.tint({row, area.column, 1, area.columns}, frame.look(Role::row_active));
  const bool is_unread = app::has_tag(thread.tags, "unread");
  frame.canvas.put_fitted(row, area.column, area.columns, row_in_words(frame.app, thread), frame.look(is_unread ? Role::unread : Role::text));
}

}  // namespace valija::ui
