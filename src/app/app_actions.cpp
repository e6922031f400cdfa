#include <fmt/format.h>

#include <algorithm>

#include "completion.hpp"
#include "valija/app/reading.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::app {
namespace {

constexpr long far = 1000000;  // rows

struct TagChange {
  std::vector<std::string> add, remove;
};

std::optional<TagChange> parse_tag_change(const std::string& changes) {
  TagChange change;
  for (const std::string& word : split(changes, ' ')) {
    if (word.empty()) continue;
    if (word.size() < 2 || (word[0] != '+' && word[0] != '-')) return std::nullopt;
    (word[0] == '+' ? change.add : change.remove).push_back(clean(word.substr(1)));
  }
  if (change.add.empty() && change.remove.empty()) return std::nullopt;
  return change;
}

}  // namespace

void App::open_list(const std::string& query, bool is_search) {
  if (!desk_.is_mail_in_front()) desk_.go_to_tab(0);
  reading_->close_all();
  is_search_ = is_search;
  has_list_error_ = false;
  opens_when_listed_ = false;
  reader_.close();
  focus_ = Pane::list;
  list_.open(query);
  if (!is_search) sidebar_.select(query);
}

void App::move(long rows) {
  if (is_help_open_) {
    const long last = std::max(0L, static_cast<long>(help_.size()) - std::max(1, geometry_.rows - 4));
    help_top_ = static_cast<std::size_t>(std::clamp(static_cast<long>(help_top_) + rows, 0L, last));
  } else if (move_in_activity(rows) || reading_->move(rows)) {
    return;
  } else if (!desk_.is_mail_in_front()) {
    desk_.move(rows);
  } else if (focus_ == Pane::sidebar) {
    sidebar_.move(rows);
  } else if (focus_ == Pane::reader) {
    reader_.scroll(rows);
  } else {
    list_.move(rows);
  }
}

void App::page(double screens) {
  if (is_help_open_) {
    move(static_cast<long>(screens * std::max(1, geometry_.rows - 6)));
  } else if (move_in_activity(static_cast<long>(screens * std::max(1, geometry_.rows - 4))) || reading_->turn(screens)) {
    return;
  } else if (!desk_.is_mail_in_front()) {
    desk_.page(screens);
  } else if (focus_ == Pane::sidebar) {
    sidebar_.move(static_cast<long>(screens * std::max(2, geometry_.sidebar.rows)));
  } else if (focus_ == Pane::reader) {
    reader_.page(screens);
  } else {
    list_.page(screens);
  }
}

void App::go_to_top() {
  if (is_help_open_) {
    help_top_ = 0;
  } else if (move_in_activity(-far) || reading_->move(-far)) {
    return;
  } else if (!desk_.is_mail_in_front()) {
    desk_.move(-far);
  } else if (focus_ == Pane::sidebar) {
    sidebar_.top();
  } else if (focus_ == Pane::reader) {
    reader_.top();
  } else {
    list_.top();
  }
}

void App::go_to_bottom() {
  if (is_help_open_) {
    move(static_cast<long>(help_.size()));
  } else if (move_in_activity(far) || reading_->move(far)) {
    return;
  } else if (!desk_.is_mail_in_front()) {
    desk_.move(far);
  } else if (focus_ == Pane::sidebar) {
    sidebar_.bottom();
  } else if (focus_ == Pane::reader) {
    reader_.bottom();
  } else {
    list_.bottom();
  }
}

void App::open() {
  if (!desk_.is_mail_in_front()) {
    desk_.open();
  } else if (focus_ == Pane::sidebar) {
    if (const SidebarRow* row = sidebar_.active()) open_row(SidebarRow(*row));
  } else if (focus_ == Pane::reader) {
    reader_.toggle_fold();
  } else if (!list_.has_answer()) {
    opens_when_listed_ = true;
  } else {
    open_active_thread();
  }
}

void App::close() {
  if (is_help_open_) {
    is_help_open_ = false;
  } else if (is_activity_open_) {
    is_activity_open_ = false;
  } else if (reading_->close()) {
    return;
  } else if (!desk_.is_mail_in_front()) {
    desk_.close();
  } else if (focus_ == Pane::sidebar) {
    focus_ = reader_.is_open() ? Pane::reader : Pane::list;
  } else if ((is_thread_tab() || !reader_.is_open() || is_previewing()) && close_mail_tab()) {
    return;
  } else if (reader_.is_open() && !is_previewing()) {
    focus_ = Pane::list;
    if (!is_previewing()) reader_.close();
  } else if (is_search_) {
    const SidebarRow* row = sidebar_.find_query(view_query_);
    if (row != nullptr) {
      open_row(SidebarRow(*row));
    } else {
      open_list(view_query_, false);
    }
  } else {
    leave();
  }
}

void App::next_pane(int direction) {
  if (!desk_.is_mail_in_front()) return desk_.next_field(direction);
  std::vector<Pane> panes{Pane::sidebar};
  if (!reader_.is_open() || !geometry_.list.empty()) panes.push_back(Pane::list);
  if (reader_.is_open()) panes.push_back(Pane::reader);
  const auto here = std::find(panes.begin(), panes.end(), focus_);
  const auto count = static_cast<long>(panes.size());
  const long at = here == panes.end() ? 0 : here - panes.begin();
  focus_ = panes[static_cast<std::size_t>((at + direction + count) % count)];
}

void App::next_message(int direction) {
  if (reader_.go_to_message(direction)) return;
  say(Notice::Kind::hint, direction > 0 ? _("This is the last message of the thread.") : _("This is the first message of the thread."));
}

void App::next_unread(int direction) {
  if (focus_ == Pane::reader && reader_.go_to_unread(direction)) return;
  opens_when_listed_ = focus_ == Pane::reader;
  list_.seek_unread(direction);
  if (list_.is_seeking()) return;
  if (list_.take_not_found()) {
    opens_when_listed_ = false;
    say(Notice::Kind::hint, _("There is no more unread mail in this list."));
  } else if (std::exchange(opens_when_listed_, false)) {
    open_active_thread();
  }
}

void App::read_on() {
  if (focus_ != Pane::reader) return list_.page(1);
  if (reader_.page(1)) return;
  // Who pages past the end has read what is on the screen.
  std::vector<std::string> read;
  for (std::size_t i = reader_.current(); i < reader_.messages().size() && settings_.ui_mark_read_after >= 0; ++i) {
    const OpenMessage& open = reader_.messages()[i];
    if (open.is_open && open.is_unread() && open.state == OpenMessage::State::shown) read.push_back(open.message.id);
  }
  for (const std::string& id : read) note_read(id);
  next_unread(1);
}

void App::fold() { reader_.toggle_fold(); }

void App::fold_all() {
  const auto& open = reader_.messages();
  const bool is_some_folded = std::any_of(open.begin(), open.end(), [](const OpenMessage& message) { return !message.is_open; });
  reader_.fold_all(!is_some_folded);
}

void App::start_sync(const std::string& arguments) {
  if (!arguments.empty() && arguments != "confirm") {
    return say(Notice::Kind::failed, fmt::format(fmt::runtime(_("sync does not know \"{}\".")), arguments), _("Write :sync or :sync confirm."));
  }
  if (options_.is_demo) return say(Notice::Kind::hint, _("This is the demo: there is no server to fetch from."));
  if (settings_.accounts.empty()) {
    return say(Notice::Kind::hint, _("No account is set up, so there is nothing to fetch."),
               fmt::format(fmt::runtime(_("Write one into {}.")), options_.settings_file));
  }
  if (arguments.empty()) {
    say(Notice::Kind::done, _("Looking for new mail."));
    return post(messages::SyncAccounts{});
  }
  std::vector<std::string> held = activity_.held_accounts();
  if (held.empty()) return say(Notice::Kind::hint, _("No deletions are held back."));
  say(Notice::Kind::done, _("Deleting what was held back."));
  post(messages::SyncAccounts{std::move(held), true});
}

void App::say_failures() {
  for (const AccountActivity& account : activity_.accounts()) {
    const Notice failure = activity_.failure_of(account.account);
    if (failure.kind == Notice::Kind::failed) return say(failure.kind, failure.text, failure.hint);
  }
  say(Notice::Kind::done, _("Nothing failed in the last sync."));
}

void App::stop() {
  if (!activity_.is_working()) return say(Notice::Kind::hint, _("No sync is running."));
  say(Notice::Kind::done, _("Stopping. What has arrived stays."));
  post(messages::StopSync{});
}

void App::open_view(const std::string& name) {
  if (name.empty()) return open_prompt(Prompt::Kind::command, "view ");
  if (const SidebarRow* row = sidebar_.find(name)) return open_row(SidebarRow(*row));
  std::vector<std::string> names;
  for (const SidebarRow& row : sidebar_.rows()) {
    if (row.is_open_able()) names.push_back(row.id);
  }
  const std::string near = nearest(name, names);
  say(Notice::Kind::failed, fmt::format(fmt::runtime(_("There is no view or folder \"{}\".")), name),
      near.empty() ? "" : fmt::format(fmt::runtime(_("Did you mean \"{}\"?")), near));
}

void App::tag(const std::string& changes) {
  if (changes.empty()) return open_prompt(Prompt::Kind::command, takes_whole_thread_ ? "thread tag " : "tag ");
  std::optional<TagChange> change = parse_tag_change(changes);
  if (!change) {
    return say(Notice::Kind::failed, fmt::format(fmt::runtime(_("\"{}\" is no change of tags.")), changes),
               _("+name adds a tag and -name takes it away."));
  }
  if (this->change(std::move(change->add), std::move(change->remove))) {
    say(Notice::Kind::done, fmt::format(fmt::runtime(_("Changed the tags: {}.")), changes), undo_hint());
  }
}

void App::toggle_tag(const std::string& tag) {
  const Target about = target({});
  const auto is_of = [](const std::vector<std::string>& all, const std::string& key) { return std::find(all.begin(), all.end(), key) != all.end(); };
  // Of several, all get it where one lacks it.
  bool lacks = false, has = false;
  const auto look = [&](const std::vector<std::string>& tags) { (has_tag(tags, tag) ? has : lacks) = true; };
  if (focus_ == Pane::reader) {
    for (const OpenMessage& open : reader_.messages()) {
      if (takes_whole_thread_ || is_of(about.messages, open.message.id)) look(open.message.tags);
    }
  } else {
    for (const ThreadSummary& row : list_.rows()) {
      if (is_of(about.threads, row.key()) || is_of(about.threads, row.id)) look(row.tags);
    }
  }
  has = has && !lacks;
  const bool is_unread = tag == "unread";
  const char* said = is_unread ? (has ? _("Marked as read.") : _("Marked as unread.")) : (has ? _("The flag is gone.") : _("Flagged."));
  std::vector<std::string> add, remove;
  (has ? remove : add).push_back(tag);
  if (change(std::move(add), std::move(remove))) say(Notice::Kind::done, said, undo_hint());
}

void App::mark_seen() {
  if (!reader_.is_open() || !has_focus_ || is_previewing()) return;
  const std::int64_t delay = settings_.ui_mark_read_after < 0 ? -1 : settings_.ui_mark_read_after * 1000;
  for (const std::string& id : reader_.seen(clock_.monotonic_ms(), delay)) note_read(id);
}

void App::note_read(const std::string& message_id) {
  reader_.change_tags(message_id, {}, {"unread"});
  if (!has_tag(reader_.tags(), "unread")) list_.change_tags(reader_.thread_id(), {}, {"unread"});
  const messages::RequestId id = next_id();
  tag_changes_.insert(id);
  post(messages::ChangeTags{.id = id, .query = "id:" + quoted_term(message_id), .add = {}, .remove = {"unread"}, .is_kept = false});
}

}  // namespace valija::app
