#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "valija/app/text_flow.hpp"
#include "valija/messages/event.hpp"
#include "valija/messages/request.hpp"

namespace valija::app {

/// One screen line of an open thread.
struct ReaderRow {
  enum class Kind : std::uint8_t { subject, blank, folded, sender, recipients, places, own_subject, facts, header, attachment, warning, loading, failed, text,
                                   folded_quote };
  Kind kind = Kind::blank;
  std::uint32_t index = 0;  ///< attachment: into Document::parts; warning: into Document::warnings
  FlowRow flow;             ///< text, warning, failed; header: of OpenMessage::headers
  std::uint32_t count = 0;  ///< folded_quote: rows that it stands for
};

/// Octets [begin, end) of a line of a text.
struct TextPlace {
  std::uint32_t line = 0, begin = 0, end = 0;
};

/// One message of the open thread and what is known of it.
struct OpenMessage {
  enum class State : std::uint8_t { not_asked, asked, shown, failed };
  ThreadMessage message;
  bool is_open = false;  ///< not folded to one line
  State state = State::not_asked;
  Document document;     ///< if `shown`
  std::string failure;   ///< if `failed`
  messages::RequestId waiting = 0;
  std::int64_t visible_since = -1;  ///< monotonic ms; -1: not on the screen
  bool turns_quotes = false;        ///< long quotations are whole where the settings fold them, and the other way
  bool folds_answers = false;       ///< what answers it, and what answers that, is not shown
  std::size_t hidden = 0;           ///< how many that are
  bool is_hidden = false;           ///< below such a message
  RenderOptions options;            ///< how the document was asked for last
  bool is_stale = false;            ///< shown, but wanted in another way
  std::string wanted_headers;       ///< "all", or names behind each other; "": the usual ones
  std::vector<Line> headers;        ///< those
  std::optional<std::vector<TextPlace>> found;  ///< where what is looked for stands; nothing: not looked for in this text yet
  bool is_unread() const;
};

/// An open thread: messages, what is folded, where the screen stands. The place is (message, row of it), so that what arrives above does
/// not move what is read.
class Reader {
 public:
  struct Place {
    std::size_t message = 0, row = 0;
    friend auto operator<=>(const Place&, const Place&) = default;
  };
  struct VisibleRow {
    std::size_t message = 0;
    ReaderRow row;
  };
  /// Octets [begin, end) of a line of a message's text, which hold what was looked for.
  struct Match {
    std::size_t message = 0;
    std::uint32_t line = 0, begin = 0, end = 0;
    friend auto operator<=>(const Match&, const Match&) = default;
  };

  void open(std::string thread_id, std::string query);
  /// A single file that has no thread.
  void open_file(const UnindexedMessage& file);
  void close();
  bool is_open() const { return is_open_; }
  /// Whether it was opened with these two, and nothing failed since.
  bool is_good_for(const std::string& thread_id, const std::string& query) const;
  /// What is not there yet is asked for again, and not ahead of its time any more.
  void come_to_front();
  void resize(int columns, int rows, int text_width);
  /// Tags or messages may have changed.
  void invalidate() { is_stale_ = is_open_ && !thread_id_.empty(); }

  std::optional<messages::OpenThread> wanted_thread(messages::RequestId id);
  std::optional<messages::RenderMessage> wanted_message(messages::RequestId id);
  bool take(messages::ThreadOpened&& answer);
  bool take(messages::MessageRendered&& answer);
  bool failed(messages::RequestId id, const Error& error);

  void scroll(long rows);
  /// False: there is nothing more below.
  bool page(double screens);
  void top();
  void bottom();
  bool go_to_message(long step);
  /// The next (1) or previous (-1) unread message; false: none in this thread.
  bool go_to_unread(int direction);
  void toggle_fold();
  void fold_all(bool is_folded);
  /// Hides the answers below the current message, and theirs, or shows them. False: there are none.
  bool toggle_answers();
  /// Long quotations of the current message as one line, or whole. False: it has none.
  bool toggle_quotes();
  void set_fold_quotes(bool folds);
  /// The current message in another way: what differs from now is asked for. The columns are the pane's in any case.
  void render_as(RenderOptions options);
  /// "all", names of headers, or "" for the usual ones.
  void show_headers(const std::string& wanted);
  /// Wide tables, so many columns to the right; false: there is nothing more that way.
  bool scroll_sideways(int columns);
  /// How often the text stands in the open messages, without case and accents; goes to the first below the top of the screen.
  std::size_t find(const std::string& text);
  /// The next (1) or previous (-1) match, around the ends; false: nothing was found before.
  bool go_to_match(long direction);
  const std::vector<Match>& matches() const { return matches_; }
  /// Which one is in front; into matches().
  std::size_t match() const { return match_; }
  /// Where the message stands in the tree, from its first ancestor on: whether more of that level follow below. Empty: a root.
  std::vector<bool> branches(std::size_t message) const;

  /// Ids of messages that were on the screen for `delay_ms` and are unread now; they count as read from then on.
  std::vector<std::string> seen(std::int64_t now_ms, std::int64_t delay_ms);
  /// Milliseconds until `seen` may say something; -1: nothing to wait for.
  int next_seen_ms(std::int64_t now_ms, std::int64_t delay_ms) const;
  void change_tags(const std::string& message_id, const std::vector<std::string>& add,
                   const std::vector<std::string>& remove);

  const std::string& thread_id() const { return thread_id_; }
  const std::vector<OpenMessage>& messages() const { return messages_; }
  std::size_t current() const { return current_; }
  const OpenMessage* current_message() const { return messages_.empty() ? nullptr : &messages_[current_]; }
  std::string subject() const;
  std::vector<std::string> tags() const;
  bool has_answer() const { return has_answer_; }
  const std::string& failure() const { return failure_; }
  std::vector<VisibleRow> visible() const;
  /// How much of the thread lies above the bottom of the screen, in percent.
  bool is_at_end() const;

 private:
  const std::vector<ReaderRow>& rows_of(std::size_t message) const;
  void lay_out(std::size_t message) const;
  void forget_rows(std::size_t message);
  Place forward(Place place, long rows) const;
  Place backward(Place place, long rows) const;
  Place last_top() const;
  void show_message(std::size_t message);
  void after_scroll();
  void choose_first();
  void note_visible(std::int64_t now_ms);
  void hide_answers();
  /// The nearest message below (1) or above (-1) that is not hidden; itself where there is none.
  std::size_t shown_beside(std::size_t message, long direction) const;
  void go_to(std::size_t message);
  std::vector<ReaderRow> text_rows(std::size_t message, bool folds_quotes) const;
  int text_columns() const;
  void relayout(std::size_t message);
  void note_headers(OpenMessage& open) const;
  void look_for_matches();
  void show_match();

  bool folds_quotes_ = true;
  bool is_open_ = false, is_stale_ = false, has_answer_ = false, is_aiming_ = false;
  std::string thread_id_, query_, failure_;
  messages::RequestId waiting_ = 0;
  std::vector<OpenMessage> messages_;
  mutable std::vector<std::vector<ReaderRow>> rows_;  ///< per message; empty: not laid out yet
  std::size_t current_ = 0;
  Place top_;
  int columns_ = 80, lines_ = 20, text_width_ = 88;
  int shift_ = 0;  ///< columns of tables that are left of the pane
  std::string wanted_text_;
  std::vector<Match> matches_;
  std::size_t match_ = 0;
};

/// Where `text` stands in a line, without case and accents: octets of its joined spans.
std::vector<std::pair<std::uint32_t, std::uint32_t>> places_in(const Line& line, std::string_view text);

}  // namespace valija::app
