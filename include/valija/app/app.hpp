#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "valija/app/activity.hpp"
#include "valija/app/commands.hpp"
#include "valija/app/compose_desk.hpp"
#include "valija/app/geometry.hpp"
#include "valija/app/office.hpp"
#include "valija/app/people.hpp"
#include "valija/app/prompt.hpp"
#include "valija/app/reader.hpp"
#include "valija/app/sidebar.hpp"
#include "valija/app/thread_list.hpp"
#include "valija/base/clock.hpp"
#include "valija/config/keymap.hpp"
#include "valija/config/settings.hpp"
#include "valija/mail/places.hpp"
#include "valija/mail/tag_map.hpp"
#include "valija/messages/event.hpp"
#include "valija/messages/request.hpp"

namespace valija::app {

/// What the program knows and the settings do not say.
struct Options {
  std::string query;               ///< opened at the start; empty: the inbox
  std::string folder_prefix;       ///< the mail root relative to the index's: "" or "mail/"
  std::string download_directory;  ///< where attachments go when nothing else is said
  std::string home;                ///< for "~/" in a folder that is typed
  std::string settings_file;       ///< where settings would be, for the first screen
  std::string editor;              ///< $VISUAL, else $EDITOR; empty: the built-in one
  bool composes = false;           ///< begins a message at the start, with `mailto` and `attach`
  std::string mailto{};
  std::vector<std::string> attach{};  ///< absolute paths
  bool is_unconfigured = false;    ///< no settings and no index: the first screen
  bool is_demo = false;
};

enum class Pane : std::uint8_t { sidebar, list, reader };

/// What the list pane shows.
enum class ListState : std::uint8_t { rows, loading, welcome, first_sync, empty, no_match, failed };

/// The keys after a prefix that was typed, or a hint at the bottom.
struct KeyHint {
  std::string keys;
  std::string text;
};

/// The state of the interface and everything that it decides. Pure: it posts requests, takes events, and never waits; only the UI
/// thread uses it. `ui` draws it through the const members.
class App {
 public:
  /// The first `resize` posts the first requests. The settings, the mailroom and the clock must live longer.
  App(const config::Settings& settings, messages::Mailroom& mailroom, const Clock& clock, Options options);

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

  // What it wants from the outside; the `take` ones are asked once.
  bool wants_quit() const { return wants_quit_; }
  bool take_wants_suspend() { return std::exchange(wants_suspend_, false); }
  bool take_wants_redraw() { return std::exchange(wants_redraw_, false); }
  /// "auto", "dark" or "light".
  const std::string& theme_name() const { return theme_name_; }

  /// Null: no editor is to run, or not any more.
  const EditorWish* editor_wish() const { return desk_.editor_wish(); }
  /// The editor in the pane has the keyboard: keys go there, but for those bound in the context "editor" (by default <c-]> leaves it).
  bool types_into_editor() const { return desk_.types_into_editor() && !prompt_.is_open() && !is_help_open_; }
  /// Where its pane lies; empty: it is not on the screen.
  Area editor_area() const { return is_help_open_ ? Area{} : desk_.editor_area(); }
  void editor_ended(const std::string& draft_id, int exit_status);

  // Views.
  const config::Settings& settings() const { return settings_; }
  const Options& options() const { return options_; }
  const Geometry& geometry() const { return geometry_; }
  Pane focus() const { return focus_; }
  const Sidebar& sidebar() const { return sidebar_; }
  const ThreadList& list() const { return list_; }
  const Reader& reader() const { return reader_; }
  const Prompt& prompt() const { return prompt_; }
  const Activity& activity() const { return activity_; }
  const Notice& notice() const { return office_.notice(); }
  const People& people() const { return people_; }
  const ComposeDesk& desk() const { return desk_; }
  ComposeDesk& desk() { return desk_; }
  UnixTime now() const { return clock_.now(); }
  /// A date for a column of a list, and one in full.
  std::string list_date(UnixTime date) const;
  std::string full_date(UnixTime date) const;
  ListState list_state() const;
  const Error& list_error() const { return list_error_; }
  /// Name of the open view, or the query of a search.
  std::string title() const;
  bool is_search() const { return is_search_; }
  /// What is about to leave, and how it is taken back; empty: nothing is.
  std::string departure() const { return desk_.departure(key_of("undo-send")); }
  bool is_help_open() const { return is_help_open_; }
  const std::vector<HelpRow>& help() const { return help_; }
  std::size_t help_top() const { return help_top_; }
  std::vector<KeyHint> hints() const;
  /// Not empty: the panel of what can follow the keys typed so far.
  std::vector<KeyHint> which_key() const;
  std::string pending_keys() const { return key_names(pending_); }
  /// The keys of a command as a person reads them, here; ":name" where it has none.
  std::string key_of(const char* command) const;
  const config::Keymap& keymap() const { return keymap_; }
  /// Tags seen in the list, most used first.
  std::vector<std::string> known_tags() const;

  // What the commands of the table do.
  void move(long rows);
  void page(double screens);
  void go_to_top();
  void go_to_bottom();
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
  /// Folders that a tag stands for, by their names.
  std::vector<std::string> move_targets() const;
  void save_part(const std::string& arguments);
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

 private:
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
    std::uint8_t where;
  };
  Place place() const;
  std::uint8_t where() const { return place().where; }
  std::string context() const { return place().context; }
  void prompt_key(const config::Key& key);
  void accept_prompt();
  void complete_prompt();
  bool cancel_something();
  void open_list(const std::string& query, bool is_search);
  void open_row(const SidebarRow& row);
  void open_active_thread();
  void open_unread_in_list(int direction);
  void mark_seen();
  void note_read(const std::string& message_id);
  /// What the cursor is on, as a query; empty: nothing that could be changed.
  std::string target_query(const std::vector<std::string>& add) const;
  void show_change(const std::vector<std::string>& add, const std::vector<std::string>& remove);
  bool change_tags(std::vector<std::string> add, std::vector<std::string> remove, const std::string& only = {});
  std::vector<std::string> place_tags() const;
  std::vector<FilesInFolder> places_of(const messages::TagsChanged& event, const std::string& place_tag, std::string& target) const;
  std::string done_in_words(const messages::TagsChanged& event, const std::string& place_tag) const;

  void on(messages::ThreadsListed& event);
  void on(messages::UnindexedListed& event);
  void on(messages::MessagesCounted& event);
  void on(messages::ThreadOpened& event);
  void on(messages::MessageRendered& event);
  void on(messages::PartSaved& event);
  void on(messages::TagsChanged& event);
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

  const config::Settings& settings_;
  const Clock& clock_;
  Office office_;
  Options options_;
  TagMap tags_;
  People people_;
  config::Keymap keymap_;
  Geometry geometry_;
  Sidebar sidebar_;
  ThreadList list_;
  Reader reader_;
  Prompt prompt_;
  Activity activity_;
  ComposeDesk desk_;
  Pane focus_ = Pane::list;
  std::string theme_name_;

  bool is_search_ = false;
  std::string view_query_;      ///< the view under a search
  std::vector<UnindexedMessage> unindexed_;
  Error list_error_;
  bool has_list_error_ = false;
  bool opens_when_listed_ = false;  ///< a thread that is not in the list yet is to be opened: the first, or the unread one that is looked for

  std::vector<HelpRow> help_;
  bool is_help_open_ = false;
  std::size_t help_top_ = 0;

  config::KeySequence pending_;
  std::int64_t pending_since_ = 0;
  bool shows_which_key_ = false;
  bool was_interrupted_ = false;

  messages::RequestId aimed_id_ = 0;  ///< of the thread that is looked up for with_message
  std::function<void(const ThreadMessage&)> aimed_;
  messages::RequestId counts_id_ = 0, unindexed_id_ = 0;
  std::set<messages::RequestId> saves_, tag_changes_;
  messages::RequestId told_change_ = 0;  ///< whose answer is told
  std::string told_place_;               ///< the place that it moves to; empty: only tags
  std::vector<std::string> counted_;  ///< whose counts were asked for
  bool counts_are_stale_ = true;
  std::int64_t counts_asked_ms_ = -100000, list_asked_ms_ = -100000;
  bool index_changed_ = false;

  bool wants_quit_ = false, wants_suspend_ = false, wants_redraw_ = false;
};

}  // namespace valija::app
