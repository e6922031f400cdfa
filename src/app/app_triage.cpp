// What a command of triage is about, how it shows at once, and its way back.
#include <fmt/format.h>

#include <algorithm>

#include "completion.hpp"
#include "valija/app/app.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"
#include "valija/mail/mailbox_query.hpp"

namespace valija::app {
namespace {

constexpr char own_writing[] = "((tag:sent or tag:draft) and not tag:inbox)";
constexpr std::size_t most_remembered = 20;  // changes whose rows are known, for showing an undo at once
constexpr std::size_t most_digits = 5;
constexpr std::size_t most_marked_by_query = 5000;  // rows

/// What must be added to `from` to make it `to`.
std::vector<std::string> missing(const std::vector<std::string>& from, const std::vector<std::string>& to) {
  std::vector<std::string> gone;
  std::set_difference(to.begin(), to.end(), from.begin(), from.end(), std::back_inserter(gone));
  return gone;
}

bool is_mark(const std::vector<std::string>& add) { return add.size() == 1 && (add[0] == "unread" || add[0] == "flagged"); }

std::string tags_in_short(const std::vector<std::string>& add, const std::vector<std::string>& remove) {
  std::string text;
  for (const std::string& tag : add) text += (text.empty() ? "+" : " +") + tag;
  for (const std::string& tag : remove) text += (text.empty() ? "-" : " -") + tag;
  return text;
}

const char* words_of_place(const std::string& place_tag, unsigned long count) {
  if (place_tag == "archive") return n_("Archived {} message", "Archived {} messages", count);
  if (place_tag == "trash") return n_("Deleted {} message", "Deleted {} messages", count);
  if (place_tag == "spam") return n_("Marked {} message as spam", "Marked {} messages as spam", count);
  return n_("Moved {} message", "Moved {} messages", count);
}

std::string change_under_way(const std::vector<std::string>& add, const std::vector<std::string>& remove, const std::string& place_tag) {
  if (place_tag == "archive") return _("Archiving");
  if (place_tag == "trash") return _("Deleting");
  if (place_tag == "spam") return _("Marking as spam");
  if (!place_tag.empty()) return _("Moving");
  const std::string tags = tags_in_short(add, remove);
  if (tags == "-unread") return _("Marking as read");
  if (tags == "+unread") return _("Marking as unread");
  return _("Tagging");
}

const char* words_of_tags(const std::string& tags, unsigned long count) {
  if (tags == "+flagged") return n_("Flagged {} message", "Flagged {} messages", count);
  if (tags == "-flagged") return n_("Took the flag from {} message", "Took the flags from {} messages", count);
  if (tags == "-unread") return n_("Marked {} message as read", "Marked {} messages as read", count);
  if (tags == "+unread") return n_("Marked {} message as unread", "Marked {} messages as unread", count);
  return n_("Tagged {} message", "Tagged {} messages", count);
}

}  // namespace

App::Target App::target(const std::vector<std::string>& add) const {
  const auto rows_wanted = static_cast<std::size_t>(std::max(1L, count_.value_or(1)));
  const ThreadSummary* active = list_.is_fixed() ? nullptr : list_.active();
  if (takes_whole_thread_) {
    const std::string id = focus_ == Pane::reader ? reader_.thread_id() : active != nullptr ? active->id : "";
    return id.empty() ? Target{} : Target{"thread:" + id, {id}, {}, false, 1};
  }
  Target about;
  if (focus_ == Pane::reader) {
    const std::vector<OpenMessage>& open = reader_.messages();
    std::vector<std::string> terms;
    for (std::size_t i = reader_.current(); i < open.size() && about.messages.size() < rows_wanted; ++i) {
      if (open[i].message.id.empty() || open[i].is_hidden) continue;
      about.messages.push_back(open[i].message.id);
      terms.push_back("id:" + quoted_term(open[i].message.id));
    }
    about.query = terms.size() < 2 ? join(terms, "") : "(" + join(terms, " or ") + ")";
    about.threads = {reader_.thread_id()};
    about.rows = terms.size();
    return about;
  }
  if (active == nullptr) return about;
  // A mark is put on the newest message of a thread only, and taken from all.
  const bool newest_only = is_mark(add);
  Selection chosen = selection_;
  if (chosen.is_empty()) {
    for (std::size_t i = list_.cursor(); i < list_.rows().size() && about.rows < rows_wanted; ++i, ++about.rows) chosen.add(list_.rows()[i]);
  } else {
    about.rows = chosen.count();
  }
  about.is_all = chosen.is_all();
  about.query = about.rows == 1 && !about.is_all && selection_.is_empty() ? query_of(*active, newest_only) : chosen.query(list_.query(), newest_only);
  for (const ThreadSummary& row : list_.rows()) {
    if (chosen.has(row)) about.threads.push_back(row.key());
  }
  std::sort(about.threads.begin(), about.threads.end());
  return about;
}

std::string App::only_what_moves(const Target& about, const std::string& place_tag) const {
  std::string only;
  if (!about.messages.empty()) return only;
  if (!takes_whole_thread_ && !about.is_all && !list_.query().empty() && list_.query() != "*") only = " and (" + list_.query() + ")";
  if (place_tag != "trash") only += fmt::format(" and not {}", own_writing);
  return only;
}

bool App::change(std::vector<std::string> add, std::vector<std::string> remove, const std::string& place_tag) {
  Target about = target(add);
  if (about.query.empty()) {
    const bool is_unindexed = focus_ == Pane::reader ? reader_.is_open() && reader_.thread_id().empty() : list_.is_fixed() && list_.active() != nullptr;
    say(Notice::Kind::hint, is_unindexed ? _("This message is not in the index: it can be read, saved and exported, but not tagged or moved.")
                                         : _("There is no mail here to change."));
    return false;
  }
  const Target was = about;
  const std::string query = about.query + (place_tag.empty() ? "" : only_what_moves(about, place_tag));
  begin_change(std::move(about), query, std::move(add), std::move(remove), place_tag);
  if (!place_tag.empty()) {
    go_on_after(was);
  } else if (!selection_.is_empty() && focus_ != Pane::reader) {
    selection_.clear();
  }
  return true;
}

/// Shows it and posts it, with its way back.
void App::begin_change(Target about, const std::string& query, std::vector<std::string> add, std::vector<std::string> remove, const std::string& place_tag) {
  ShownChange shown{next_id(), std::move(about), std::move(add), std::move(remove), place_tag, {}, {}};
  show(shown);
  changed_ms_ = clock_.monotonic_ms();
  undone_.clear();
  told_change_ = shown.id;
  tag_changes_.insert(shown.id);
  begin_work(shown.id, change_under_way(shown.add, shown.remove, place_tag));
  post(messages::ChangeTags{shown.id, query, shown.add, shown.remove, place_tag.empty() ? tags_in_short(shown.add, shown.remove) : place_tag, place_tag});
  under_way_.push_back(std::move(shown));
}

/// The cursor goes to what comes behind that which moved away.
void App::go_on_after(const Target& about) {
  const auto rows = static_cast<long>(std::max<std::size_t>(1, about.rows));
  if (focus_ != Pane::reader) {
    if (selection_.is_empty()) return list_.move(rows);
    return selection_.clear();
  }
  if (!about.messages.empty() && reader_.go_to_message(rows)) return;
  reader_.close();
  focus_ = Pane::list;
  list_.move(1);
}

/// At once, before the index has it.
void App::show(ShownChange& change) {
  const Target& about = change.target;
  if (about.messages.empty()) {
    for (const ThreadSummary& row : list_.rows()) {
      if (about.is_all || std::binary_search(about.threads.begin(), about.threads.end(), row.key())) change.rows.try_emplace(row.key(), row.tags);
    }
    for (const auto& [key, tags] : change.rows) list_.change_tags(key, change.add, change.remove);
    if (std::find(about.threads.begin(), about.threads.end(), reader_.thread_id()) != about.threads.end()) reader_.invalidate();
    return;
  }
  for (const OpenMessage& open : reader_.messages()) {
    if (std::find(about.messages.begin(), about.messages.end(), open.message.id) != about.messages.end()) change.messages.try_emplace(open.message.id, open.message.tags);
  }
  for (const auto& [id, tags] : change.messages) reader_.change_tags(id, change.add, change.remove);
  if (about.threads.front() != reader_.thread_id()) return;
  // The list shows the union over the thread.
  const std::vector<std::string> left = reader_.tags();
  std::vector<std::string> gone;
  std::copy_if(change.remove.begin(), change.remove.end(), std::back_inserter(gone), [&](const std::string& tag) { return !has_tag(left, tag); });
  for (const ThreadSummary& row : list_.rows()) {
    if (row.id == reader_.thread_id()) change.rows.try_emplace(row.key(), row.tags);
  }
  list_.change_tags(reader_.thread_id(), change.add, gone);
}

void App::show_before(const ShownChange& change) {
  for (const ThreadSummary& row : list_.rows()) {
    const auto before = change.rows.find(row.key());
    if (before == change.rows.end()) continue;
    const std::vector<std::string> add = missing(row.tags, before->second), remove = missing(before->second, row.tags);
    list_.change_tags(before->first, add, remove);
  }
  for (const OpenMessage& open : reader_.messages()) {
    const auto before = change.messages.find(open.message.id);
    if (before == change.messages.end()) continue;
    const std::vector<std::string> add = missing(open.message.tags, before->second), remove = missing(before->second, open.message.tags);
    reader_.change_tags(before->first, add, remove);
  }
  if (change.messages.empty()) reader_.invalidate();
}

/// An answer may be older than what the index is about to do.
void App::show_again_what_is_under_way() {
  for (ShownChange& change : under_way_) show(change);
}

std::optional<App::ShownChange> App::settle_change(messages::RequestId id) {
  const auto found = std::find_if(under_way_.begin(), under_way_.end(), [id](const ShownChange& change) { return change.id == id; });
  if (found == under_way_.end()) return std::nullopt;
  ShownChange change = std::move(*found);
  under_way_.erase(found);
  return change;
}

std::string App::change_in_words(const std::vector<std::string>& add, const std::vector<std::string>& remove, const std::string& place_tag, std::uint64_t messages) {
  const std::string tags = tags_in_short(add, remove);
  const auto count = static_cast<unsigned long>(messages);
  return fmt::format(fmt::runtime(place_tag.empty() ? words_of_tags(tags, count) : words_of_place(place_tag, count)), number(messages));
}

std::string App::undo_hint() const { return fmt::format(fmt::runtime(_("{} undoes.")), key_of("undo")); }

void App::on(messages::TagsChanged& event) {
  tag_changes_.erase(event.id);
  counts_are_stale_ = true;
  index_changed_ = true;
  std::optional<ShownChange> change = settle_change(event.id);
  if (!change) return;
  const ShownChange told = *change;
  if (event.action != 0) {
    done_.push_back(std::move(*change));
    if (done_.size() > most_remembered) done_.erase(done_.begin());
  }
  const bool is_stopped = progress_.is_stopped(event.id);
  if (event.id != told_change_ && !is_stopped) return;
  if (is_stopped && event.messages == 0) return say(Notice::Kind::done, _("Stopped. Nothing was changed."));
  if (!told.place_tag.empty() && event.messages == 0) return say(Notice::Kind::hint, _("It is there already."));
  const bool is_told_already = !is_stopped && told.place_tag.empty() && event.messages <= 1 && count_files(event.places) <= event.messages;
  if (is_told_already) return;
  std::string done = change_in_words(told.add, told.remove, told.place_tag, event.messages);
  if (is_stopped) done = fmt::format(fmt::runtime(_("Stopped. {}")), done);
  say(Notice::Kind::done, with_places(done, event, told.place_tag), event.action != 0 ? undo_hint() : "");
}

void App::undo(bool again) {
  if (!again && departed_ms_ > changed_ms_ && !departure().empty()) return desk_.undo_send();
  std::vector<ShownChange>& from = again ? undone_ : done_;
  if (!from.empty()) {
    ShownChange change = std::move(from.back());
    from.pop_back();
    again ? show(change) : show_before(change);
    (again ? done_ : undone_).push_back(std::move(change));
  }
  const messages::RequestId id = next_id();
  tag_changes_.insert(id);
  begin_work(id, again ? _("Doing it again") : _("Undoing"));
  post(messages::UndoChange{id, again});
}

void App::on(messages::ActionUndone& event) {
  tag_changes_.erase(event.id);
  counts_are_stale_ = index_changed_ = true;
  std::vector<std::string> add, remove;
  for (const std::string& word : split(event.action.label, ' ')) {
    if (word.size() > 1 && (word[0] == '+' || word[0] == '-')) (word[0] == '+' ? add : remove).push_back(word.substr(1));
  }
  const std::string words = clean(change_in_words(add, remove, event.action.place_tag, event.action.messages));
  if (event.again) return say(Notice::Kind::done, fmt::format("{}.", words), undo_hint());
  say(Notice::Kind::done, fmt::format(fmt::runtime(_("Undone: {}.")), words), fmt::format(fmt::runtime(_("{} does it again.")), key_of("redo")));
}

void App::repeat() {
  if (last_change_.empty()) return say(Notice::Kind::hint, _("Nothing was done yet that could be repeated."));
  run(std::string(last_change_));
}

void App::whole_thread(const std::string& line) {
  const CommandLine parts = split_command_line(line);
  const Command* command = find_command(parts.name);
  if (command == nullptr || !command->is_repeatable || parts.name == "thread") {
    return say(Notice::Kind::failed, fmt::format(fmt::runtime(_("\"{}\" does nothing to a whole thread.")), clean(line)),
               _("Write it like :thread archive, or :thread tag +todo."));
  }
  if (parts.arguments.empty() && command->arguments[0] != '\0') return open_prompt(Prompt::Kind::command, "thread " + parts.name + " ");
  takes_whole_thread_ = true;
  command->run(*this, parts.arguments);
  takes_whole_thread_ = false;
}

/// A digit before a key, where it is bound to nothing.
bool App::types_count(const config::Key& key) {
  const bool is_digit = key.name == config::KeyName::none && !key.ctrl && !key.alt && key.point >= U'0' && key.point <= U'9';
  if (!is_digit || !pending_.empty() || (where() & (in_mail | in_sidebar)) == 0 || (key.point == U'0' && typed_count_.empty())) return false;
  const config::KeySequence typed{key};
  if (keymap_.find({context(), "global"}, typed).match != config::Keymap::Match::none) return false;
  if (typed_count_.size() < most_digits) typed_count_ += static_cast<char>(key.point);
  return true;
}

/// Which of both `undo` takes back: the newer one.
void App::note_departure() {
  const std::size_t waiting = desk_.waiting_count();
  if (waiting > departures_seen_) departed_ms_ = clock_.monotonic_ms();
  departures_seen_ = waiting;
}

// Marks.

std::string App::marked_in_words() const {
  if (selection_.is_empty()) return {};
  if (selection_.is_all()) return _("all marked");
  const auto count = static_cast<unsigned long>(selection_.count());
  return fmt::format(fmt::runtime(n_("{} marked", "{} marked", count)), number(count));
}

void App::mark(const std::string& query) {
  const ThreadSummary* row = list_.is_fixed() ? nullptr : list_.active();
  if (row == nullptr) return say(Notice::Kind::hint, _("There is no mail here to mark."));
  if (!query.empty()) {
    const std::string within = list_.query() == "*" ? query : "(" + list_.query() + ") and (" + query + ")";
    messages::ListThreads request{marks_id_ = next_id(), within, 0, most_marked_by_query};
    request.by_message = !row->message.empty();
    begin_work(marks_id_, _("Looking for what matches"));
    return post(std::move(request));
  }
  for (long left = std::max(1L, count_.value_or(1)); left > 0; --left) {
    const std::size_t before = list_.cursor();
    selection_.toggle(list_.rows()[before]);
    list_.move(1);
    if (list_.cursor() == before) break;
  }
}

bool App::take_marked(messages::ThreadsListed& event) {
  if (event.id == 0 || event.id != marks_id_) return false;
  marks_id_ = 0;
  for (const ThreadSummary& row : event.rows) selection_.add(row);
  if (event.rows.empty()) {
    say(Notice::Kind::hint, _("Nothing in this list matches."));
  } else if (!event.at_end) {
    say(Notice::Kind::hint, fmt::format(fmt::runtime(_("Only the first {} are marked.")), number(event.rows.size())), _("Search for them, and mark all with *."));
  }
  return true;
}

void App::mark_range() {
  if (selection_.has_range()) return selection_.end_range();
  const ThreadSummary* row = list_.is_fixed() ? nullptr : list_.active();
  if (row == nullptr) return say(Notice::Kind::hint, _("There is no mail here to mark."));
  selection_.begin_range(*row);
}

void App::mark_all() {
  if (selection_.is_all()) return selection_.clear();
  if (list_.is_fixed() || list_.rows().empty()) return say(Notice::Kind::hint, _("There is no mail here to mark."));
  selection_.take_all();
  say(Notice::Kind::hint, _("Everything that this list finds is marked, also what is not on the screen."));
}

void App::mark_sender() {
  with_message([this](const ThreadMessage& message) {
    const std::vector<Address> from = parse_addresses(message.from);
    if (from.empty()) return say(Notice::Kind::hint, _("This message has no sender."));
    const std::string query = sender_query(from.front().mailbox);
    if (query.empty()) return say(Notice::Kind::hint, fmt::format(fmt::runtime(_("\"{}\" is no address that can be looked for.")), clean(from.front().mailbox)));
    mark(query);
  });
}

bool App::unmark() {
  const bool was_marked = !selection_.is_empty();
  selection_.clear();
  return was_marked;
}

}  // namespace valija::app
