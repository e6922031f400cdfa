#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "valija/app/state.hpp"

namespace valija::app {

class Reading;

/// Everything that the interface decides. Pure: it posts requests, takes events, and never waits; only the UI
/// thread uses it. `ui` draws it through the const members.
class App : public AppState {
 public:
  /// The first `resize` posts the first requests. The mailroom and the clock must live longer.
  App(config::Settings settings, messages::Mailroom& mailroom, const Clock& clock, Options options);
  ~App();

  // What happens to it.
  void key(const config::Key& key);
  void paste(const std::string& text);
  void resize(int columns, int rows);
  void handle(messages::Event event);
  /// Time passed: see next_tick_ms.
  void tick();
  /// Milliseconds until `tick` has something to do; -1: nothing.
  int next_tick_ms() const;
  /// Runs a command line as if it had been typed.
  void run(const std::string& line);

  // Finding: searches, the typed line, the palette and the help (app_search.cpp, app_prompt.cpp, app_help.cpp).
  /// What is known about the search that is being typed: how much it finds, or what would find something.
  std::string found_in_words() const;
  /// Keeps the search that is open under this name in the settings file.
  void save_view(const std::string& name);
  /// Whether a command does something where the keys are.
  bool works_here(const Command& command) const { return (command.where & where()) != 0; }
  void open_palette() { open_prompt(Prompt::Kind::palette, {}); }
  /// Changes the line that is typed.
  void edit_line(void (Prompt::*how)());
  void complete_line(int direction);
  void accept_prompt();
  void cancel_prompt();
  /// What an unbound key does elsewhere, with other letters, or in another program's keys; empty: nothing.
  std::string nearest_to_key(const config::KeySequence& keys) const;

  // What it wants from the outside; the `take` ones are asked once.
  bool wants_quit() const { return wants_quit_; }
  bool take_wants_suspend() { return std::exchange(wants_suspend_, false); }
  bool take_wants_redraw() { return std::exchange(wants_redraw_, false); }

  // Settings while it runs.
  /// Takes other settings. What only the workers use is as before until the next start; that is said.
  void apply(config::Settings settings);
  /// The file cannot be used: says why; the settings stay.
  void settings_failed(const std::vector<config::Fault>& faults);
  /// One option as it is written in the file: "ui.ascii true"; only the name: says it.
  void set_option(const std::string& arguments);
  /// "auto" or the name of a theme: the one that is about to be chosen in the prompt, else the one in force.
  std::string theme_name() const;

  // What goes on behind the screen.
  void toggle_activity();
  std::vector<ActivityRow> activity_rows() const;

  /// Null: no editor is to run, or not any more.
  const EditorWish* editor_wish() const { return desk_.editor_wish(); }
  /// The editor in the pane has the keyboard: keys go there, but for those bound in the context "editor" (by default <c-]> leaves it).
  bool types_into_editor() const { return desk_.types_into_editor() && !prompt_.is_open() && !is_help_open_; }
  /// Where its pane lies; empty: it is not on the screen.
  Area editor_area() const { return is_help_open_ ? Area{} : desk_.editor_area(); }
  void editor_ended(const std::string& draft_id, int exit_status);

  // What takes long.
  /// "Archiving 3,200 of 10,000 (Esc stops)"; empty: nothing does.
  std::string progress_in_words() const;

  // Views.
  /// A date for a column of a list, and one in full.
  std::string list_date(UnixTime date) const;
  std::string full_date(UnixTime date) const;
  ListState list_state() const;
  /// Name of the open view, or the query of a search.
  std::string title() const;
  /// What is about to leave, and how it is taken back; empty: nothing is.
  std::string departure() const { return desk_.departure(key_of("undo")); }
  std::vector<KeyHint> hints() const;
  /// Not empty: the panel of what can follow the keys typed so far.
  std::vector<KeyHint> which_key() const;
  std::string pending_keys() const { return typed_count_ + key_names(pending_); }
  /// The keys of a command as a person reads them, here; ":name" where it has none.
  std::string key_of(const char* command) const;
  /// All tags, most used first.
  std::vector<std::string> known_tags() const;
  /// The account that a row's message lies in, by its number in the settings; nothing where there is only one, or where the row is of none.
  std::optional<std::size_t> account_of(const ThreadSummary& row) const;

  // What the commands of the table do.
  void move(long rows);
  void page(double screens);
  void go_to_top();
  void go_to_bottom();
  void toggle_messages();
  void toggle_snippets();
  void open();
  void close();
  void next_pane(int direction);
  void next_message(int direction);
  void next_unread(int direction);
  void read_on();
  void fold();
  void fold_all();
  /// "confirm": this once with the deletions that were held back.
  void start_sync(const std::string& arguments);
  void stop();
  void say_failures();
  void search(const std::string& query);
  void open_view(const std::string& name);
  void tag(const std::string& changes);
  void toggle_tag(const std::string& tag);
  /// Moves what the cursor is on to the place that a tag stands for, and goes on to the next row. Own writing in other folders stays where it is, but for
  /// what goes to the trash.
  void put_in(const std::string& place_tag);
  /// The same by the name of a folder.
  void move_to(const std::string& folder);
  /// Folders that mail may go to, by their names.
  std::vector<std::string> move_targets() const;
  void set_theme(const std::string& name);
  void open_prompt(Prompt::Kind kind, const std::string& text);
  void toggle_help();
  void redraw() { wants_redraw_ = true; }
  void suspend() { wants_suspend_ = true; }
  /// At once; what is written is on its way to the disk before.
  void quit();
  /// The same, after saying once what is left to do.
  void leave();
  /// Ctrl-C: takes back what is half done; twice quits.
  void interrupt();
  void say(Notice::Kind kind, std::string text, std::string hint = {}) { office_.say(kind, std::move(text), std::move(hint)); }
  /// Begins a message: a new one to somebody or from a template, or from the message that the cursor is on.
  void compose(const std::string& to);
  void answer(messages::StartDraft::How how);
  void edit_again();
  void bounce(const std::string& to);
  /// The message of the cursor, or one of its attachments, goes with a draft.
  void attach_message(const std::string& number);

  // Panes, tabs, the mouse and the clipboard.
  void mouse(const MouseEvent& event);
  /// Whether the terminal has the keyboard: what nobody looks at is not read.
  void focus_changed(bool has_focus);
  /// "valija: Inbox (12)", for the frame of the window.
  std::string window_title() const;
  /// What is to go to the clipboard, once.
  std::optional<std::string> take_copy() { return std::exchange(copy_, std::nullopt); }
  /// "link [NUMBER]", "id", "address", "subject" or "text" of the message that the cursor is on.
  void copy(const std::string& what);
  /// "auto", "below", "beside" or "none".
  void set_split(const std::string& name);
  /// Percent of the list, or columns of the side bar: "40", "+5", "-5"; empty: as the settings say.
  void set_split_size(const std::string& size);
  void set_sidebar_width(const std::string& size);
  void toggle_sidebar();
  void toggle_preview();
  /// The reader shows what the cursor of the list is on, and nobody reads it yet.
  bool is_previewing() const { return settings_.ui_preview && focus_ != Pane::reader && !geometry_.reader.empty() && !geometry_.list.empty(); }
  /// Those of the mail, then what is written.
  std::vector<TabName> tabs() const;
  /// Where they stand in the title line.
  std::vector<TabPlace> tab_places() const;
  void go_to_tab(std::size_t number);
  void next_tab(int direction);
  /// A view or a query in a tab of its own; empty: the thread that the cursor is on.
  void open_tab(const std::string& query);

  // Triage: what is marked, and changes with their way back.
  /// What is marked in words; empty: nothing is.
  std::string marked_in_words() const;
  /// Marks the row of the cursor and goes on; with a query all rows that it finds within the list.
  void mark(const std::string& query);
  void mark_range();
  void mark_all();
  void mark_sender();
  /// False: nothing was marked.
  bool unmark();
  /// The last change again, on what the cursor is on now.
  void repeat();
  /// Takes the last change back, or does again what was taken back.
  void undo(bool again);
  /// Runs a command on the whole thread of the cursor.
  void whole_thread(const std::string& line);
  void toggle_quotes();
  void fold_answers();
  /// What is done with one message beside reading its text, and the pages for that (reading.hpp).
  Reading& reading() { return *reading_; }
  const Reading& reading() const { return *reading_; }

 private:
  friend class Reading;
  Target target(const std::vector<std::string>& add) const;
  /// Of a thread in the list goes to another place what the list shows of it; own writing stays, but for what goes to the trash.
  std::string only_what_moves(const Target& about, const std::string& place_tag) const;
  /// Shows it at once, and posts it. False: there is nothing to change, which is said.
  bool change(std::vector<std::string> add, std::vector<std::string> remove, const std::string& place_tag = {});
  void begin_change(Target about, const std::string& query, std::vector<std::string> add, std::vector<std::string> remove, const std::string& place_tag);
  /// Moves all that a query finds to the place that a tag stands for.
  void put_query_in(const std::string& query, const std::string& place_tag);
  std::string undo_hint() const;
  void show(ShownChange& change);
  void show_before(const ShownChange& change);
  void show_again_what_is_under_way();
  /// It is in the index, or did not happen.
  std::optional<ShownChange> settle_change(messages::RequestId id);
  void move_files_to(const std::string& folder);
  /// "Archived 1,204 messages": without a full stop.
  static std::string change_in_words(const std::vector<std::string>& add, const std::vector<std::string>& remove, const std::string& place_tag, std::uint64_t messages);
  bool types_count(const config::Key& key);
  void note_departure();
  void go_on_after(const Target& about);
  bool take_marked(messages::ThreadsListed& event);

  // The list.
  void lay_out_list();
  void ask_for_list();
  void on(messages::TagsListed& event);
  void on(messages::SnippetsFound& event);

  messages::RequestId next_id() { return office_.next_id(); }
  void post(messages::Request request) { office_.post(std::move(request)); }
  /// With the message that the cursor is on: now, or when its thread is known.
  void with_message(std::function<void(const ThreadMessage&)> what);
  bool is_draft(const ThreadMessage& message) const;
  void typing_key(const config::Key& key);
  void settle();
  void ask();
  void ask_counts();
  void lay_out();
  std::string shown_keys(const Command& command, const std::string& here) const;
  /// Where the keys are: their context, and its bit for the command table.
  struct Place {
    const char* context;
    std::uint16_t where;
  };
  Place place() const;
  std::uint16_t where() const { return place().where; }
  std::string context() const { return place().context; }
  void prompt_key(const config::Key& key);
  void complete_prompt();
  bool cancel_something();
  void open_list(const std::string& query, bool is_search);
  void open_row(const SidebarRow& row);
  void open_active_thread();
  void open_unread_in_list(int direction);
  void mark_seen();
  void note_read(const std::string& message_id);
  std::vector<std::string> place_tags() const;
  std::vector<FilesInFolder> places_of(const messages::TagsChanged& event, const std::string& place_tag, std::string& target) const;
  /// "Archived 2 messages: work/INBOX to work/Archive."
  std::string with_places(const std::string& done, const messages::TagsChanged& event, const std::string& place_tag) const;

  void on(messages::ThreadsListed& event);
  void on(messages::UnindexedListed& event);
  void on(messages::MessagesCounted& event);
  void on(messages::ThreadOpened& event);
  void on(messages::MessageRendered& event);
  void on(messages::TagsChanged& event);
  void on(messages::ActionUndone& event);
  void on(messages::MessagesMoved& event);
  void on(messages::FoldersListed& event);
  void on(messages::ViewsListed& event);
  void on(messages::SyncProgress& event);
  void on(messages::SyncFinished& event);
  void on(messages::IndexChanged& event);
  void on(messages::Failed& event);
  template <typename OfTheDesk>
  void on(OfTheDesk& event) {
    if constexpr (requires { desk_.on(event); }) desk_.on(event);
  }

  // Settings while it runs, and the view of what goes on.
  bool move_in_activity(long rows);
  /// Esc: stops what runs, then closes.
  void leave_activity();

  // What takes long.
  void begin_work(messages::RequestId id, std::string doing, bool can_stop = true) { progress_.begin(id, std::move(doing), clock_.monotonic_ms(), can_stop); }
  void end_work(const messages::Event& event);
  /// Of what is shown; false: nothing is.
  bool stop_work();
  void note_waiting();
  /// What the list waits for, when that takes longer than a moment; empty: nothing.
  std::string waiting_in_words() const;
  int next_waiting_ms() const;
  int next_preview_ms() const;
  void on(messages::WorkProgress& event) { progress_.take(event); }
  void on(messages::LogListed& event);

  // Finding.
  void line_changed();
  void search_as_typed();
  void ask_as_typed(std::string query);
  void end_live_search(bool is_kept);
  void run_chosen();
  void show_help_that_fits();
  /// Answers that a search in work, or what it covers, waits for.
  bool take_live(messages::Event& event);
  bool take_live(messages::ThreadsListed& event);
  bool take_live(const messages::MessagesCounted& event);
  bool take_live(const messages::Failed& event);
  void on(messages::HistoryLoaded& event);
  void on(messages::SettingWritten& event);

  // Panes, tabs, the mouse and the clipboard.
  void take_pane_settings();
  bool is_beside() const { return geometry_.reader_rule.columns == 1; }
  int& list_share() { return is_beside() ? list_width_share_ : list_share_; }
  void follow_cursor();
  void read_ahead();
  void lay_out_readers();
  /// The query that the thread of a row is opened with.
  std::string query_in(const ThreadSummary& row) const;
  void open_thread(const std::string& thread_id, const std::string& query);
  Wish wish() const;
  void add_tab();
  void swap_tab(MailTab& tab);
  /// False: it is the first one, which stays.
  bool close_mail_tab();
  /// Made for one thread: it has no list, and closing the thread closes it.
  bool is_thread_tab() const { return mail_tab_ > 0 && reader_.is_open() && list_.query() == "thread:" + reader_.thread_id(); }
  /// Answers that a tab asked for before another came to the front. False: it is for the one in front, or for nobody.
  bool take_for_parked(messages::Event& event);
  TabName name_of(const ThreadList& list, const Reader& reader, bool is_search) const;
  void click(const MouseEvent& event);
  void click_in_list(std::size_t line, bool in_new_tab);
  void click_in_reader(std::size_t line);
  void wheel(const MouseEvent& event);
  void drag(const MouseEvent& event);

  std::unique_ptr<Reading> reading_;
};

}  // namespace valija::app
