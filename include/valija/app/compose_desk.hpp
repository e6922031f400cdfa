#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "valija/app/composer.hpp"
#include "valija/app/office.hpp"
#include "valija/config/key.hpp"
#include "valija/mail/outgoing.hpp"
#include "valija/mail/presend.hpp"
#include "valija/mail/thread.hpp"
#include "valija/messages/event.hpp"

namespace valija::app {

/// The editor that is to run for a draft, until it ends or the wish goes.
struct EditorWish {
  std::string draft_id;
  std::string command;  ///< by /bin/sh, with the file behind it
  std::string file;
  bool in_pane = true;  ///< false: on the full screen, instead of the interface
  friend bool operator==(const EditorWish&, const EditorWish&) = default;
};

/// Something to be decided before anything else: a line and a key for each way on.
struct Question {
  struct Choice {
    config::Key key;
    std::string text;     ///< empty: another key for the one before
    std::string command;  ///< what it runs
  };
  std::string title;
  std::vector<Choice> choices;
  std::string way_back{};  ///< what Esc does, in words
};

/// Everything that is written and sent: the tabs beside the mail, the drafts in them, the editor, and the outbox. It posts requests and takes their
/// answers; UI thread.
class ComposeDesk {
 public:
  struct Tab {
    enum class Kind : std::uint8_t { draft, outbox, drafts };
    Kind kind = Kind::draft;
    std::unique_ptr<Composer> composer{};  ///< of a draft
    std::size_t cursor = 0;                ///< of a list
    std::uint64_t saved_revision = 0;
    std::int64_t changed_ms = -1;          ///< when it first differed from the disk; -1: it does not
    UnixTime due = 0;                      ///< when it is to leave, as chosen; 0: as soon as can be
    messages::RequestId waiting = 0;       ///< for being queued or stored
  };
  struct TabName {
    std::string text;
    Tab::Kind kind = Tab::Kind::draft;
    bool is_front = false;
  };

  ComposeDesk(Office& office, std::string editor);

  // Tabs. Number 0 is the mail.
  std::size_t front() const { return front_; }
  bool is_mail_in_front() const { return front_ == 0; }
  const Tab* front_tab() const { return front_ == 0 ? nullptr : &tabs_[front_ - 1]; }
  /// The draft in front.
  const Composer* composer() const { return front_ == 0 ? nullptr : tabs_[front_ - 1].composer.get(); }
  std::vector<TabName> names() const;
  void go_to_tab(std::size_t number);
  void next_tab(int direction);
  /// Closes the tab in front; a draft with anything in it is kept.
  void close();
  void lay_out(const Area& body);
  const Area& body() const { return body_; }

  // Keys.
  /// A field or the text has the keyboard.
  bool is_typing() const { return composer() != nullptr && composer()->is_typing(); }
  void key(const config::Key& key);
  void paste(const std::string& text);
  bool stop_typing();
  const std::optional<Question>& question() const { return question_; }
  void ask(Question question) { question_ = std::move(question); }
  /// The command that a key stands for in the question; nothing: the key means nothing there.
  std::optional<std::string> answer_question(const config::Key& key);
  bool drop_question();
  void move(long rows);
  void page(double screens);
  void open();
  void next_field(int direction);

  // Writing.
  void start(messages::StartDraft::How how, const ThreadMessage* message, std::string text, std::string account, std::vector<std::string> attach = {});
  void bounce(const ThreadMessage& message, const std::string& to);
  void edit_field(Field field);
  void edit_text();
  void leave_editor();
  void attach(const std::string& source);
  /// A message, or a part of it, goes with the newest open draft.
  void attach_part(Attachment attachment);
  void remove_attachment(const std::string& number);
  void choose_identity(const std::string& name);
  void toggle_markdown();
  void postpone();
  /// "yes": without asking.
  void discard(const std::string& arguments);
  void show_drafts();
  /// All that is not on the disk yet goes there.
  void save_all();

  // Sending.
  /// "anyway": whatever the doubts.
  void send(const std::string& arguments);
  void send_later(const std::string& when);
  void undo_send();
  void show_outbox();
  void cancel_sending();
  void send_again();
  void flush();

  const std::vector<Outgoing>& outbox() const { return outbox_; }
  const std::vector<Draft>& kept_drafts() const { return kept_; }
  /// "Sending to Marta in 10 s. u takes it back."; empty: nothing is about to leave.
  std::string departure(const std::string& undo_key) const;
  /// What waits for a person or a line, for the mark in the title.
  std::size_t waiting_count() const;
  std::size_t refused_count() const;
  /// Why one would not quit now, said once; empty: nothing is left to do.
  std::string last_words();

  const EditorWish* editor_wish() const { return wish_ ? &*wish_ : nullptr; }
  bool types_into_editor() const { return types_into_editor_ && is_editor_in_front(); }
  bool is_editor_in_front() const { return wish_ && composer() != nullptr && composer()->id() == wish_->draft_id; }
  Area editor_area() const;
  void editor_ended(const std::string& draft_id, int exit_status);

  /// Paths that complete what is typed behind "attach"; asked for by `look_up_path`.
  const std::vector<std::string>& paths_for(std::string_view typed) const;
  void look_up_path(std::string_view typed);
  const std::vector<AddressSuggestion>& people_for(std::string_view typed) const;
  void look_up_person(std::string_view typed);

  // What happens.
  void begin();
  void tick();
  int next_tick_ms() const;
  void on(messages::DraftStarted& event);
  void on(messages::DraftSaved& event);
  void on(messages::DraftsListed& event);
  void on(messages::DraftStored& event);
  void on(messages::DraftQueued& event);
  void on(messages::EditorReady& event);
  void on(messages::DraftRead& event);
  void on(messages::AttachmentAdded& event);
  void on(messages::PathsCompleted& event);
  void on(messages::AddressesCompleted& event);
  void on(messages::OutboxChanged& event);
  void fetch_sent(const std::vector<Outgoing>& before);
  void on(messages::OutgoingCancelled& event);
  /// A request of the desk may have failed; it is said by the caller.
  void failed(const messages::Failed& event);

 private:
  /// A mail on its way out that can still be taken back.
  struct Departure {
    std::int64_t outgoing = 0;
    UnixTime due = 0;
    std::string whom;
    bool is_gone = false;  ///< asked to come back
  };

  Tab* tab_in_front() { return front_ == 0 ? nullptr : &tabs_[front_ - 1]; }
  /// The draft in front where it can be changed; else null, which is said.
  Composer* open_composer();
  Tab* tab_of(const std::string& draft_id);
  void open_draft(Draft draft, bool is_kept, Composer::Start start);
  void open_list(Tab::Kind kind);
  void remove_tab(std::size_t index);
  void save(Tab& tab);
  void note_changes();
  void write_text();
  void leave(Tab& tab, bool is_sure);
  void look_up();
  const Outgoing* active_outgoing() const;
  void say_troubles(const std::vector<Outgoing>& before);
  std::string signature_of(const std::string& account) const;

  Office& office_;
  std::string editor_;  ///< command of the person's editor; empty: the built-in one
  std::vector<Identity> identities_;
  std::vector<Tab> tabs_;
  std::size_t front_ = 0;
  Area body_;
  std::optional<Question> question_;

  std::map<messages::RequestId, messages::StartDraft::How> starts_;
  std::set<messages::RequestId> bounces_, saves_, coming_back_;
  std::string bounced_to_;
  messages::RequestId drafts_id_ = 0, preparing_ = 0, reading_ = 0, paths_id_ = 0, people_id_ = 0, lookup_id_ = 0;
  bool tells_of_drafts_ = false;
  std::optional<EditorWish> wish_;
  bool types_into_editor_ = false;

  std::vector<Draft> kept_;  ///< in work, from earlier
  std::vector<Outgoing> outbox_;
  std::vector<Departure> departures_;
  std::vector<std::string> known_domains_;
  std::string path_typed_, person_typed_;
  std::vector<std::string> paths_;
  std::vector<AddressSuggestion> people_;
  bool has_warned_ = false;
};

}  // namespace valija::app
