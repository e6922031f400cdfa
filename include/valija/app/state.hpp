#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "valija/app/activity.hpp"
#include "valija/app/ahead.hpp"
#include "valija/app/commands.hpp"
#include "valija/app/compose_desk.hpp"
#include "valija/app/geometry.hpp"
#include "valija/app/live_search.hpp"
#include "valija/app/mail_tab.hpp"
#include "valija/app/mouse.hpp"
#include "valija/app/office.hpp"
#include "valija/app/people.hpp"
#include "valija/app/progress.hpp"
#include "valija/app/prompt.hpp"
#include "valija/app/reader.hpp"
#include "valija/app/selection.hpp"
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

/// What the list pane shows.
enum class ListState : std::uint8_t { rows, loading, welcome, first_sync, empty, no_match, failed };

/// The keys after a prefix that was typed, or a hint at the bottom.
struct KeyHint {
  std::string keys;
  std::string text;
};

/// The keys of the settings over those of their preset; what is wrong with them, the settings' own check says.
config::Keymap make_keymap(const config::Settings& settings);

/// What the interface knows and shows. Only App changes it.
class AppState {
 public:
  const LiveSearch& live_search() const { return live_; }
  /// What the rows of the help were narrowed down to.
  const std::string& help_wanted() const { return help_wanted_; }
  /// Colours of the settings in force, for that theme.
  std::uint64_t settings_revision() const { return settings_revision_; }
  bool is_activity_open() const { return is_activity_open_; }
  std::size_t activity_cursor() const { return activity_cursor_; }
  std::size_t activity_top() const { return activity_top_; }
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
  const Progress& progress() const { return progress_; }
  const People& people() const { return people_; }
  const ComposeDesk& desk() const { return desk_; }
  ComposeDesk& desk() { return desk_; }
  UnixTime now() const { return clock_.now(); }
  const Error& list_error() const { return list_error_; }
  bool is_search() const { return is_search_; }
  bool is_help_open() const { return is_help_open_; }
  const std::vector<HelpRow>& help() const { return help_; }
  std::size_t help_top() const { return help_top_; }
  const config::Keymap& keymap() const { return keymap_; }
  const Selection& selection() const { return selection_; }

 protected:
  /// What a change is about.
  struct Target {
    std::string query;                  ///< empty: nothing
    std::vector<std::string> threads;   ///< rows of the list that show it at once
    std::vector<std::string> messages;  ///< of the open thread; empty: all of it
    bool is_all = false;                ///< every row of the list
    std::size_t rows = 0;               ///< rows or messages that it was asked for; with `is_all` 0
  };
  /// A change that the screen shows already, and what it showed before.
  struct ShownChange {
    messages::RequestId id = 0;
    Target target;
    std::vector<std::string> add, remove;
    std::string place_tag;  ///< where it moves to; empty: only tags
    std::map<std::string, std::vector<std::string>> rows, messages;  ///< tags before, by the key of the row and by message
  };

  AppState(config::Settings settings, messages::Mailroom& mailroom, const Clock& clock, Options options);

  config::Settings settings_;  ///< first: others refer to it
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
  Ahead ahead_;
  Prompt prompt_;
  Activity activity_;
  ComposeDesk desk_;
  Pane focus_ = Pane::list;

  std::string theme_name_;
  std::uint64_t settings_revision_ = 0;
  bool is_activity_open_ = false;
  std::size_t activity_cursor_ = 0, activity_top_ = 0;
  std::vector<LogLine> log_;  ///< of earlier runs, as it was when the view was opened
  messages::RequestId log_id_ = 0;
  UnixTime started_ = 0;      ///< of this run
  Progress progress_;
  std::int64_t list_waits_since_ms_ = -1;  ///< for rows of a search, or the end of the list; -1: it does not wait

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
  std::set<messages::RequestId> tag_changes_;
  messages::RequestId told_change_ = 0;  ///< whose answer is told
  std::vector<std::string> counted_;  ///< whose counts were asked for
  bool counts_are_stale_ = true;
  std::int64_t counts_asked_ms_ = -100000, list_asked_ms_ = -100000;
  bool index_changed_ = false;

  // Triage.
  Selection selection_;
  std::string selection_query_;              ///< of the list that the marks are in
  std::string typed_count_;                  ///< digits before a key
  std::optional<long> count_;                ///< of the command that runs
  std::string last_change_;                  ///< the command line that `repeat` runs
  bool takes_whole_thread_ = false;
  std::vector<ShownChange> under_way_, done_, undone_;
  messages::RequestId marks_id_ = 0;         ///< of the rows that a mark by query waits for
  std::int64_t changed_ms_ = 0, departed_ms_ = 0;  ///< of the newest change, and of the newest mail that is about to leave
  std::size_t departures_seen_ = 0;

  // The list.
  std::vector<std::string> all_tags_;  ///< most used first; asked for when a line is typed
  messages::RequestId tags_id_ = 0;
  bool tags_are_stale_ = true, had_prompt_ = false;

  // Finding.
  LiveSearch live_;
  config::KeySequence typed_in_prompt_;  ///< a prefix of a binding of the context "prompt"
  std::string help_wanted_;
  std::vector<HelpRow> all_help_;
  std::string saved_view_, saved_query_;  ///< on its way to the settings file
  messages::RequestId history_id_ = 0, setting_id_ = 0;

  bool wants_quit_ = false, wants_suspend_ = false, wants_redraw_ = false;

  // Panes, tabs, the mouse and the clipboard.
  enum class Dragged : std::uint8_t { nothing, sidebar, split };
  std::vector<MailTab> mail_tabs_ = std::vector<MailTab>(1);  ///< the one in front is empty here: its state are the members above
  std::size_t mail_tab_ = 0;
  Split split_ = Split::automatic;
  int list_share_ = 300, list_width_share_ = 450;  ///< thousandths: of the height, and of the width beside a thread
  std::string previewed_;                          ///< key of the row whose thread the reader shows, or is about to show
  std::int64_t preview_since_ms_ = 0;              ///< since when the cursor has been on it
  int sidebar_width_ = 22;
  bool is_sidebar_shown_ = true, has_focus_ = true;
  Dragged dragged_ = Dragged::nothing;
  std::optional<std::string> copy_;
};

}  // namespace valija::app
