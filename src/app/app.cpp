#include "valija/app/app.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "completion.hpp"
#include "help.hpp"
#include "valija/app/reading.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"
#include "valija/mail/date.hpp"

namespace valija::app {
namespace {

constexpr std::int64_t which_key_after_ms = 400;
constexpr std::int64_t list_refresh_ms = 250;     // a first sync commits many times a second
constexpr std::int64_t counts_refresh_ms = 1000;
constexpr char inbox_query[] = "tag:inbox";

int sooner(int a, std::int64_t b) {
  const int bounded = static_cast<int>(std::clamp<std::int64_t>(b, 0, 3600000));
  return a < 0 ? bounded : std::min(a, bounded);
}

}  // namespace

AppState::AppState(config::Settings settings, messages::Mailroom& mailroom, const Clock& clock, Options options)
    : settings_(std::move(settings)),
      clock_(clock),
      office_(settings_, mailroom, clock),
      options_(std::move(options)),
      tags_(settings_.tags),
      people_(settings_),
      keymap_(make_keymap(settings_)),
      sidebar_(settings_, options_.folder_prefix),
      desk_(office_, options_.editor),
      theme_name_(settings_.ui_theme),
      started_(clock_.now()) {}

App::App(config::Settings settings, messages::Mailroom& mailroom, const Clock& clock, Options options)
    : AppState(std::move(settings), mailroom, clock, std::move(options)), reading_(std::make_unique<Reading>(*this)) {
  take_pane_settings();
  // The first view of the settings, where they name any.
  const SidebarRow* first = sidebar_.find("inbox");
  if (first == nullptr || first->kind != SidebarRow::Kind::view) {
    for (const SidebarRow& row : sidebar_.rows()) {
      if (row.kind == SidebarRow::Kind::view && (first == nullptr || first->kind != SidebarRow::Kind::view)) first = &row;
    }
  }
  view_query_ = first != nullptr ? first->query : inbox_query;
  const SidebarRow* named = options_.query.empty() ? nullptr : sidebar_.find(options_.query);
  if (named != nullptr) {
    open_row(SidebarRow(*named));
  } else {
    open_list(options_.query.empty() ? view_query_ : options_.query, !options_.query.empty());
  }
}

App::~App() = default;

void App::resize(int columns, int rows) {
  geometry_.columns = columns;
  geometry_.rows = rows;
  if (is_help_open_) show_help_that_fits();
  settle();
}

void App::lay_out() {
  geometry_ = app::lay_out(geometry_.columns, geometry_.rows, wish());
  desk_.lay_out(geometry_.body);
  lay_out_list();
  if (!geometry_.sidebar.empty()) sidebar_.resize(geometry_.sidebar.rows);
  lay_out_readers();
  reading_->lay_out();
}

void App::settle() {
  desk_.tick();
  note_departure();
  if (std::exchange(selection_query_, list_.query()) != list_.query()) selection_.clear();
  selection_.stretch(list_.rows(), list_.cursor());
  lay_out();
  follow_cursor();
  read_ahead();
  mark_seen();
  ask();
  note_waiting();
}

void App::ask() {
  if (options_.is_unconfigured || geometry_.rows == 0) return;
  const std::int64_t ms = clock_.monotonic_ms();
  if (index_changed_) ahead_.forget();
  if (index_changed_ && ms - list_asked_ms_ >= list_refresh_ms) {
    index_changed_ = false;
    list_.invalidate();
    reader_.invalidate();
  }
  if (auto request = list_.wanted(office_.coming_id())) {
    next_id();
    list_asked_ms_ = ms;
    post(std::move(*request));
  }
  ask_for_list();
  const auto ask_for = [this](auto& reader) {
    if (auto request = reader.wanted_thread(office_.coming_id())) {
      next_id();
      post(std::move(*request));
    }
    while (auto request = reader.wanted_message(office_.coming_id())) {
      next_id();
      post(std::move(*request));
    }
  };
  ask_for(reader_);
  ask_for(ahead_);
  ask_counts();
  if (unindexed_id_ == 0) {
    post(messages::ListUnindexed{unindexed_id_ = next_id()});
    post(messages::LoadHistory{history_id_ = next_id()});
    desk_.begin();
    if (options_.composes) desk_.start(messages::StartDraft::How::fresh, nullptr, options_.mailto, {}, options_.attach);
  }
}

void App::ask_counts() {
  const std::int64_t ms = clock_.monotonic_ms();
  if (!counts_are_stale_ || counts_id_ != 0 || ms - counts_asked_ms_ < counts_refresh_ms) return;
  counts_are_stale_ = false;
  counts_asked_ms_ = ms;
  counted_ = sidebar_.counted_queries();
  std::vector<std::string> queries;
  for (const std::string& query : counted_) queries.push_back(Sidebar::unread_of(query));
  post(messages::CountMessages{counts_id_ = next_id(), std::move(queries)});
}

int App::next_tick_ms() const {
  const std::int64_t ms = clock_.monotonic_ms();
  int wait = -1;
  if (!pending_.empty() && !shows_which_key_) wait = sooner(wait, pending_since_ + which_key_after_ms - ms);
  if (index_changed_) wait = sooner(wait, list_asked_ms_ + list_refresh_ms - ms);
  if (counts_are_stale_ && counts_id_ == 0) wait = sooner(wait, counts_asked_ms_ + counts_refresh_ms - ms);
  if (has_focus_ && reader_.is_open() && !is_previewing() && settings_.ui_mark_read_after >= 0) {
    const int seen = reader_.next_seen_ms(ms, settings_.ui_mark_read_after * 1000);
    if (seen >= 0) wait = sooner(wait, seen);
  }
  for (const int other : {desk_.next_tick_ms(), progress_.next_ms(ms), next_waiting_ms(), next_preview_ms(), ahead_.next_ms(ms)}) {
    if (other >= 0) wait = sooner(wait, other);
  }
  return wait;
}

void App::tick() {
  if (!pending_.empty() && clock_.monotonic_ms() - pending_since_ >= which_key_after_ms) shows_which_key_ = true;
  settle();
}

App::Place App::place() const {
  if (is_help_open_) return {"help", in_help};
  if (is_activity_open_) return {"activity", in_activity};
  if (reading_->is_page_open()) return {reading_->context(), reading_->where()};
  if (desk_.is_typing() || desk_.types_into_editor()) return {"editor", in_editor};
  if (const ComposeDesk::Tab* tab = desk_.front_tab()) {
    if (tab->kind == ComposeDesk::Tab::Kind::draft) return {"compose", in_compose};
    if (tab->kind == ComposeDesk::Tab::Kind::outbox) return {"outbox", in_outbox};
    return {"drafts", in_drafts};
  }
  switch (focus_) {
    case Pane::sidebar: return {"sidebar", in_sidebar};
    case Pane::reader: return {"reader", in_reader};
    default: return {"list", in_list};
  }
}

void App::key(const config::Key& key) {
  using config::KeyName;
  if (key.name != KeyName::escape) office_.hush();
  if (key.ctrl && key.point == U'c') {
    interrupt();
    return settle();
  }
  was_interrupted_ = false;
  if (prompt_.is_open()) {
    prompt_key(key);
    if (!prompt_.is_open()) count_.reset();
    return settle();
  }
  if (key.name == KeyName::escape) {
    cancel_something();
    return settle();
  }
  if (desk_.question()) {
    if (const auto command = desk_.answer_question(key)) run(*command);
    return settle();
  }
  if (desk_.is_typing()) {
    typing_key(key);
    return settle();
  }
  // What was typed ahead is given up for any other wish.
  if (!list_.is_seeking()) opens_when_listed_ = false;
  if (types_count(key)) return settle();
  pending_.push_back(key);
  shows_which_key_ = false;
  const config::Keymap::Found found = keymap_.find({context(), "global"}, pending_);
  if (found.match == config::Keymap::Match::prefix) {
    pending_since_ = clock_.monotonic_ms();
    return settle();
  }
  const config::KeySequence typed = std::exchange(pending_, {});
  const std::string digits = std::exchange(typed_count_, {});
  if (found.match == config::Keymap::Match::command) {
    count_ = digits.empty() ? std::nullopt : std::optional(count_of(digits));
    run(std::string(found.command));
    if (!prompt_.is_open()) count_.reset();
  } else {
    const std::string near = nearest_to_key(typed);
    say(Notice::Kind::hint, fmt::format(fmt::runtime(_("The key {} does nothing here.")), key_names(typed)), near.empty() ? _("? shows every key.") : near);
  }
  settle();
}

/// In a text only what is bound for that runs a command, the keys that go to another tab, and what mends the screen.
void App::typing_key(const config::Key& key) {
  const bool is_tab_key = key.alt && key.point >= U'1' && key.point <= U'9';
  pending_.push_back(key);
  const config::Keymap::Found found = is_tab_key ? keymap_.find({"editor", "global"}, pending_) : keymap_.find({"editor"}, pending_);
  if (found.match == config::Keymap::Match::prefix) {
    pending_since_ = clock_.monotonic_ms();
    return;
  }
  const config::KeySequence typed = std::exchange(pending_, {});
  if (found.match == config::Keymap::Match::command) return run(std::string(found.command));
  if (key.ctrl && keymap_.find({"global"}, typed).command == "redraw") return run("redraw");
  for (const config::Key& one : typed) desk_.key(one);
}

void App::run(const std::string& line) {
  const CommandLine parts = split_command_line(line);
  if (parts.name.empty()) return;
  const Command* command = find_command(parts.name);
  if (command == nullptr) {
    say(Notice::Kind::failed, fault_of_command_line(line), _("? shows every command."));
  } else if ((command->where & where()) == 0) {
    const char* text = (command->where & in_list) != 0      ? _("The command {} works on mail: in the list or in an open thread.")
                       : (command->where & in_compose) != 0 ? _("The command {} works on a message that is being written.")
                       : (command->where & in_outbox) != 0  ? _("The command {} works in the outbox.")
                       : (command->where & in_prompt) != 0  ? _("The command {} works in a line that is typed.")
                                                            : _("The command {} works in an open thread.");
    say(Notice::Kind::hint, fmt::format(fmt::runtime(text), parts.name));
  } else {
    const std::string arguments = count_ && command->takes_count && parts.arguments.empty() ? std::to_string(*count_) : parts.arguments;
    if (command->is_repeatable && (!arguments.empty() || command->arguments[0] == '\0')) last_change_ = line;
    command->run(*this, arguments);
  }
  settle();
}

void App::paste(const std::string& text) {
  if (prompt_.is_open()) {
    prompt_.insert(text);
    line_changed();
  } else if (!desk_.is_mail_in_front() && !is_help_open_ && !desk_.question()) {
    desk_.paste(text);
  } else {
    say(Notice::Kind::hint, _("Pasted text is never run as keys."), _("Open a line with / or : first."));
  }
  settle();
}

bool App::cancel_something() {
  if (prompt_.is_open()) {
    cancel_prompt();
  } else if (!pending_.empty() || !typed_count_.empty()) {
    pending_.clear();
    typed_count_.clear();
    shows_which_key_ = false;
  } else if (is_help_open_) {
    is_help_open_ = false;
  } else if (is_activity_open_) {
    leave_activity();
  } else if (!desk_.question() && notice().kind != Notice::Kind::failed && reading_->close()) {
    return true;
  } else if (desk_.drop_question()) {
    reading_->forget_question();
    return true;
  } else if (desk_.stop_typing()) {
    return true;
  } else if (stop_work() || office_.dismiss() || unmark()) {
    return true;
  } else {
    return false;
  }
  return true;
}

void App::interrupt() {
  if (was_interrupted_) return quit();
  if (cancel_something()) return;
  was_interrupted_ = true;
  say(Notice::Kind::hint, _("Ctrl-C again quits. Nothing is lost."));
}

std::string App::shown_keys(const Command& command, const std::string& here) const {
  // The first of the table, where the settings left it; it is the one to learn.
  for (const config::DefaultKey& key : command.keys) {
    if (key.keys == nullptr || std::string_view(key.command) != command.name) continue;
    if (key.context != here && std::string_view(key.context) != "global") continue;
    const auto keys = config::parse_keys(key.keys);
    if (!keys) continue;
    const config::Keymap::Found found = keymap_.find({here, "global"}, *keys);
    if (found.match == config::Keymap::Match::command && found.command == command.name) return key_names(*keys);
  }
  std::string keys = keymap_.keys_of(here, command.name);
  if (keys.empty()) keys = keymap_.keys_of("global", command.name);
  const auto parsed = config::parse_keys(keys);
  return parsed ? key_names(*parsed) : std::string();
}

std::string App::key_of(const char* command) const {
  const Command* row = find_command(command);
  const std::string keys = row == nullptr ? std::string() : shown_keys(*row, context());
  return keys.empty() ? std::string(":") + command : keys;
}

std::vector<KeyHint> App::hints() const {
  std::vector<KeyHint> hints;
  const std::string here = context();
  if (options_.is_unconfigured) return {{key_of("close"), _("quit")}, {key_of("help"), _("help")}};
  if (desk_.question()) return {};
  if (is_activity_open_) return {{"Esc", activity_.is_working() ? _("stop the sync") : _("close")}, {key_of("help"), _("help")}};
  if (desk_.is_typing()) return {{"Esc", _("back to the message")}};
  const bool is_desk = !desk_.is_mail_in_front() && !is_help_open_;
  const bool has_mail = here != "list" || list_.active() != nullptr;
  for (const Command& command : commands()) {
    if (!has_mail && ((command.where & in_reader) == 0 || (command.where & in_sidebar) == 0)) continue;
    if (command.hint == nullptr || (command.where & where()) == 0) continue;
    const std::string_view name = command.name;
    // What is everywhere is not what one came to a draft for.
    if (is_desk && (command.where & in_sidebar) != 0 && name != "close" && name != "help") continue;
    // In a plain list it would quit: no key to offer beside the others.
    if (name == "close" && here == "list" && !is_search_ && (!reader_.is_open() || is_previewing())) continue;
    std::string keys = shown_keys(command, here);
    if (!keys.empty()) hints.push_back({std::move(keys), _(command.hint)});
  }
  // The way out, and where all others are, stand last.
  for (const std::string last : {_("close"), _("help")}) {
    if (is_desk || last == _("help")) std::stable_partition(hints.begin(), hints.end(), [&last](const KeyHint& hint) { return hint.text != last; });
  }
  return hints;
}

std::vector<KeyHint> App::which_key() const {
  std::vector<KeyHint> all;
  if (!shows_which_key_) return all;
  for (const std::string& name : {context(), std::string("global")}) {
    for (const config::Keymap::Row& row : keymap_.rows(name)) {
      if (row.keys.size() <= pending_.size() || !std::equal(pending_.begin(), pending_.end(), row.keys.begin())) continue;
      const config::KeySequence rest(row.keys.begin() + static_cast<std::ptrdiff_t>(pending_.size()), row.keys.end());
      const CommandLine line = split_command_line(row.command);
      std::string text = sentence_of(row.command);
      if (const SidebarRow* view = line.name == "view" ? sidebar_.find(line.arguments) : nullptr) text = view->label;
      all.push_back({key_names(rest), std::move(text)});
    }
  }
  return all;
}

std::string App::list_date(UnixTime date) const { return valija::list_date(date, now()); }
std::string App::full_date(UnixTime date) const { return valija::full_date(date); }

ListState App::list_state() const {
  if (options_.is_unconfigured) return ListState::welcome;
  if (!list_.rows().empty()) return ListState::rows;
  if (has_list_error_) return ListState::failed;
  if (!list_.has_answer()) return ListState::loading;
  if (activity_.is_working() || activity_.messages_to_index() > 0) return ListState::first_sync;
  return is_search_ ? ListState::no_match : ListState::empty;
}

std::string App::title() const {
  const SidebarRow* row = sidebar_.find_query(list_.query());
  if (row == nullptr) return as_written(list_.query());
  if (row->kind == SidebarRow::Kind::folder) return row->id.substr(0, row->id.find('/') + 1) + row->label;
  return row->label;
}

}  // namespace valija::app
