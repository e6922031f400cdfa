#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "valija/mail/thread.hpp"
#include "valija/messages/event.hpp"
#include "valija/messages/request.hpp"

namespace valija::app {

/// One screen line of the list: a heading over a group of dates, a row, or the first words of its newest message below it.
struct ListLine {
  std::string heading;   ///< not empty: a heading
  std::size_t row = 0;   ///< index into rows()
  bool is_snippet = false;
};

/// How a list looks, by the settings.
struct ListManner {
  bool by_message = false, with_paths = false;
  bool has_headings = true, has_snippets = false;
  friend bool operator==(const ListManner&, const ListManner&) = default;
};

/// The list of threads or messages of one query: a window of rows around the cursor, which asks for more as the cursor nears its ends. The
/// cursor sits on a thread, not on a number: what arrives or goes does not move it away.
class ThreadList {
 public:
  /// Forgets everything and starts at the top of another query.
  void open(std::string query);
  /// Rows that need no query (the messages that are not indexed).
  void show(std::string name, std::vector<ThreadSummary> rows);
  void resize(int lines, UnixTime now);
  /// Other rows are asked for anew; the cursor goes to the top.
  void set_manner(ListManner manner);
  void set_now(UnixTime now) { now_ = now; }
  /// The index changed: the visible part is asked for again.
  void invalidate() { is_stale_ = !is_fixed_; }

  void move(long rows);
  void page(double screens);
  void top();
  /// Goes to the end, which is asked for by itself: what lies between is not read. `stop_seeking` takes that back.
  void bottom();
  /// To the next unread thread in a direction (1 or -1), loading as needed. Seeking goes on until found, the end, or stopped.
  void seek_unread(int direction);
  bool is_seeking() const { return seek_ != Seek::none; }
  void stop_seeking() { seek_ = Seek::none; }
  bool is_seeking_end() const { return seek_ == Seek::end; }
  /// The request whose answer it waits for; 0: none.
  messages::RequestId waits_for() const { return asked_ == Asked::nothing ? 0 : waiting_; }
  /// The last search for an unread thread came to the end and found none; asking forgets it.
  bool take_not_found();

  /// What it needs now, at most one request at a time.
  std::optional<messages::ListThreads> wanted(messages::RequestId id);
  /// False: not the answer that it waits for.
  bool take(messages::ThreadsListed&& answer);
  bool failed(messages::RequestId id);

  /// Changes tags at once, before the index answers: of all rows of a thread, or of a message.
  void change_tags(const std::string& id, const std::vector<std::string>& add,
                   const std::vector<std::string>& remove);

  const std::string& query() const { return query_; }
  bool is_fixed() const { return is_fixed_; }
  const std::vector<ThreadSummary>& rows() const { return rows_; }
  /// Index into rows(); 0 if there are none.
  std::size_t cursor() const { return cursor_; }
  const ThreadSummary* active() const { return rows_.empty() ? nullptr : &rows_[cursor_]; }
  bool has_answer() const { return has_answer_; }
  bool at_end() const { return at_end_; }
  /// Nothing is above rows()[0].
  bool at_start() const { return first_ == 0 && !from_end_; }
  std::vector<ListLine> visible() const;
  const ListManner& manner() const { return manner_; }

  /// The rows on the screen whose snippet is not known, all at once; nothing while an answer is awaited.
  std::optional<messages::FindSnippets> wanted_snippets(messages::RequestId id);
  void take(messages::SnippetsFound&& found);
  /// Null: not known yet.
  const std::string* snippet(const ThreadSummary& row) const;

 private:
  enum class Seek { none, end, next_unread, previous_unread };
  std::string group_of(std::size_t row) const;
  int line_of(std::size_t row) const;
  void place_at(std::size_t row, int line);
  void place_cursor_at(int line) { place_at(cursor_, line); }
  void fill_pane();
  void keep_visible();
  /// Screen lines of one row.
  int row_lines() const { return manner_.has_snippets ? 2 : 1; }
  void leave_out_known(std::vector<ThreadSummary>& rows) const;
  void take_last(messages::ThreadsListed&& answer);
  void append(messages::ThreadsListed&& answer);
  void prepend(messages::ThreadsListed&& answer);
  void merge(messages::ThreadsListed&& answer);
  void trim();
  void go_on_seeking();

  std::string query_;
  std::vector<ThreadSummary> rows_;
  ListManner manner_;
  std::size_t first_ = 0;   ///< number of rows_[0] in the whole list, where that is known
  bool from_end_ = false;   ///< it is not: rows are counted from the end
  std::size_t behind_ = 0;  ///< from_end_: how many lie behind rows_
  long after_end_ = 0;      ///< moves that wait for the end
  std::size_t cursor_ = 0, top_ = 0;  ///< indexes into rows_
  int lines_ = 0;
  UnixTime now_ = 0;
  bool at_end_ = false, has_answer_ = false, is_stale_ = false, is_fixed_ = false, not_found_ = false;
  Seek seek_ = Seek::none;

  enum class Asked { nothing, first, more, earlier, again, last };
  Asked asked_ = Asked::nothing;
  messages::RequestId waiting_ = 0;
  std::size_t asked_first_ = 0;

  std::map<std::string, std::string> snippets_;  ///< by the file that they were read from
  messages::RequestId waiting_snippets_ = 0;
};

/// Whether a thread has a tag; tags are sorted.
bool has_tag(const std::vector<std::string>& tags, std::string_view tag);
/// Adds and removes; keeps them sorted and unique.
void apply_tags(std::vector<std::string>& tags, const std::vector<std::string>& add,
                const std::vector<std::string>& remove);

}  // namespace valija::app
