#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "valija/app/geometry.hpp"
#include "valija/app/text_editor.hpp"
#include "valija/mail/address_book.hpp"
#include "valija/mail/draft.hpp"
#include "valija/mail/identity.hpp"

namespace valija::app {

enum class Field : std::uint8_t { from, to, cc, bcc, reply_to, subject, attachment, text };

/// A row of the head of a draft, or the text as a whole.
struct ComposeRow {
  Field field = Field::to;
  std::size_t number = 0;  ///< of the attachment
  friend bool operator==(const ComposeRow&, const ComposeRow&) = default;
};

/// One draft on the screen: its fields, its text, and which of them has the keyboard. Pure.
class Composer {
 public:
  /// What the keys are for: choosing a row, the field of the cursor, the text in the built-in editor, or nothing while it is being sent or stored.
  enum class Mode : std::uint8_t { browsing, field, text, away };

  /// Where one begins to write, and whether room is made for that.
  enum class Start : std::uint8_t { as_it_is, at_the_top, behind_the_quote };

  /// `is_kept`: it was on the disk before.
  Composer(Draft draft, bool is_kept, Start start);

  const std::string& id() const { return draft_.id; }
  /// As it is now.
  Draft draft() const;
  const std::string& value(Field field) const;
  const std::vector<Attachment>& attachments() const { return draft_.attachments; }
  const std::string& account() const { return draft_.account; }
  bool is_markdown() const { return draft_.is_markdown; }
  /// What a tab and a notice call it: the subject, else whom it is for.
  std::string name() const;
  bool is_kept() const { return is_kept_; }
  /// A person changed something since it was opened.
  bool is_touched() const { return revision() != 0; }
  std::uint64_t revision() const { return changes_ + text_.revision() - first_revision_; }
  void note_kept() { is_kept_ = true; }

  Mode mode() const { return mode_; }
  bool is_typing() const { return mode_ == Mode::field || mode_ == Mode::text; }
  std::vector<ComposeRow> rows() const;
  std::size_t cursor() const { return cursor_; }
  ComposeRow active() const { return rows()[cursor_]; }
  void move(long rows);
  /// Shows the field, empty or not, and gives it the keyboard.
  void edit_field(Field field);
  /// Gives the text the keyboard, in the built-in editor.
  void edit_text();
  void stop_typing();
  /// While it is being sent or stored nothing can be changed.
  void set_away(bool is_away) { mode_ = is_away ? Mode::away : Mode::browsing; }
  /// The field that a new message wants first, if any: whom it is for, then the subject.
  std::optional<Field> first_gap() const;

  /// In a field or the text. False: the key means nothing here.
  bool key(const config::Key& key);
  void paste(const std::string& text);
  /// A field was left by Enter and the text is to be written next.
  bool take_wants_text() { return std::exchange(wants_text_, false); }

  /// The word under the cursor of a field of recipients, when it changed since it was asked for.
  std::optional<std::string> take_lookup();
  void set_suggestions(std::vector<AddressSuggestion> suggestions);
  const std::vector<AddressSuggestion>& suggestions() const { return suggestions_; }
  /// -1: none is chosen.
  int chosen() const { return chosen_; }

  void add(std::vector<Attachment> attachments);
  /// False: there is no such one; counted from 0.
  bool remove_attachment(std::size_t number);
  void set_sender(const Address& address, const std::string& account, const std::string& old_signature, const std::string& signature);
  void toggle_markdown();
  /// What another editor made of it.
  void take_edited(Draft draft);

  TextEditor& text() { return text_; }
  const TextEditor& text() const { return text_; }
  const TextEditor& field() const { return field_; }

 private:
  std::string& slot(Field field);
  void take_field();
  void leave_field(int direction);
  bool choose(int direction);
  void take_suggestion(std::size_t number);
  /// Octets [begin, end) of the recipient under the cursor.
  std::pair<std::size_t, std::size_t> recipient() const;

  Draft draft_;  ///< but for the text, which is in text_
  TextEditor text_;
  TextEditor field_{TextEditor::Kind::line};
  Mode mode_ = Mode::browsing;
  std::size_t cursor_ = 0;
  bool is_kept_ = false, wants_text_ = false, is_new_ = false;
  bool shows_cc_ = false, shows_bcc_ = false, shows_reply_to_ = false;
  std::uint64_t changes_ = 0, first_revision_ = 0;
  std::vector<AddressSuggestion> suggestions_;
  int chosen_ = -1;
  std::string looked_up_;
};

/// Where the parts of a draft lie in `body`.
struct ComposeAreas {
  Area head, rule, text;
  std::size_t first_row = 0;  ///< of the head that is shown
};
ComposeAreas compose_areas(const Composer& composer, const Area& body);

}  // namespace valija::app
