#include "valija/app/reader.hpp"

#include <algorithm>
#include <cstdlib>
#include <unordered_map>
#include <utility>

#include "valija/app/part_view.hpp"
#include "valija/app/thread_list.hpp"
#include "valija/base/text.hpp"

namespace valija::app {
namespace {

constexpr std::size_t most_rendered_at_once = 4;

}  // namespace

bool OpenMessage::is_unread() const { return has_tag(message.tags, "unread"); }

void Reader::open(std::string thread_id, std::string query) {
  const int columns = columns_, lines = lines_, text_width = text_width_;
  const bool folds_quotes = folds_quotes_;
  *this = Reader();
  columns_ = columns;
  lines_ = lines;
  text_width_ = text_width;
  folds_quotes_ = folds_quotes;
  thread_id_ = std::move(thread_id);
  query_ = std::move(query);
  is_open_ = is_stale_ = true;
}

void Reader::open_file(const UnindexedMessage& file) {
  open({}, {});
  is_stale_ = false;
  has_answer_ = true;
  OpenMessage only;
  only.message.from = file.from;
  only.message.subject = file.subject;
  only.message.date = file.date;
  only.message.files = {file.path};
  only.is_open = true;
  messages_.push_back(std::move(only));
  rows_.resize(1);
}

void Reader::close() { open({}, {}), is_open_ = is_stale_ = false; }

void Reader::resize(int columns, int rows, int text_width) {
  if (columns == columns_ && rows == lines_ && text_width == text_width_) return;
  const bool is_wider = columns != columns_ || text_width != text_width_;
  columns_ = columns;
  lines_ = rows;
  text_width_ = text_width;
  if (is_wider) {
    rows_.assign(messages_.size(), {});
    for (OpenMessage& open : messages_) {
      const bool is_laid_out_for_another = open.state == OpenMessage::State::shown && open.document.depends_on_width && open.options.columns != text_columns();
      open.is_stale = open.is_stale || is_laid_out_for_another;
    }
  }
  if (!messages_.empty()) top_.row = std::min(top_.row, rows_of(top_.message).size() - 1);
  scroll(0);
}

bool Reader::is_good_for(const std::string& thread_id, const std::string& query) const {
  return is_open_ && failure_.empty() && thread_id == thread_id_ && query == query_;
}

void Reader::come_to_front() {
  for (OpenMessage& open : messages_) {
    if (open.state == OpenMessage::State::shown) continue;
    open.waiting = 0;
    open.state = OpenMessage::State::not_asked;
  }
}

std::optional<messages::OpenThread> Reader::wanted_thread(messages::RequestId id) {
  if (!is_open_ || !is_stale_ || waiting_ != 0) return std::nullopt;
  is_stale_ = false;
  waiting_ = id;
  return messages::OpenThread{id, thread_id_, query_};
}

std::optional<messages::RenderMessage> Reader::wanted_message(messages::RequestId id) {
  std::size_t running = 0;
  for (const OpenMessage& open : messages_) running += open.waiting != 0 ? 1 : 0;
  if (running >= most_rendered_at_once) return std::nullopt;
  // From the current message on: what is on the screen first.
  for (std::size_t i = 0; i < messages_.size(); ++i) {
    OpenMessage& open = messages_[(current_ + i) % messages_.size()];
    if (!open.is_open || open.waiting != 0 || (open.state != OpenMessage::State::not_asked && !open.is_stale)) continue;
    if (!open.is_stale) open.state = OpenMessage::State::asked;
    open.is_stale = false;
    open.waiting = id;
    open.options.columns = text_columns();
    return messages::RenderMessage{id, open.message.id, open.message.files, open.options};
  }
  return std::nullopt;
}

bool Reader::take(messages::ThreadOpened&& answer) {
  if (!is_open_ || waiting_ == 0 || answer.id != waiting_) return false;
  waiting_ = 0;
  const bool is_first = !has_answer_;
  has_answer_ = true;
  failure_.clear();
  std::unordered_map<std::string, OpenMessage> known;
  const std::string current = messages_.empty() ? std::string() : messages_[current_].message.id;
  const std::string at_top = messages_.empty() ? std::string() : messages_[top_.message].message.id;
  for (OpenMessage& open : messages_) known.emplace(open.message.id, std::move(open));
  messages_.clear();
  for (ThreadMessage& message : answer.messages) {
    const auto before = known.find(message.id);
    OpenMessage open = before == known.end() ? OpenMessage{} : std::move(before->second);
    if (before != known.end()) known.erase(before);
    open.message = std::move(message);
    if (!is_first && open.state == OpenMessage::State::not_asked) open.is_open = open.is_open || open.is_unread();
    messages_.push_back(std::move(open));
    if (messages_.back().message.id == current) current_ = messages_.size() - 1;
    if (messages_.back().message.id == at_top) top_.message = messages_.size() - 1;
  }
  hide_answers();
  if (messages_.empty()) {
    current_ = match_ = 0;
    top_ = {};
    matches_.clear();
    return true;
  }
  current_ = std::min(current_, messages_.size() - 1);
  top_.message = std::min(top_.message, messages_.size() - 1);
  top_.row = std::min(top_.row, rows_of(top_.message).size() - 1);
  if (is_first) choose_first();
  look_for_matches();
  return true;
}

void Reader::choose_first() {
  std::size_t first = messages_.size() - 1;
  for (std::size_t i = messages_.size(); i-- > 0;) {
    messages_[i].is_open = messages_[i].is_unread();
    if (messages_[i].is_open) first = i;
  }
  messages_[first].is_open = true;
  rows_.assign(messages_.size(), {});
  show_message(first);
}

bool Reader::take(messages::MessageRendered&& answer) {
  for (std::size_t i = 0; i < messages_.size(); ++i) {
    OpenMessage& open = messages_[i];
    if (answer.id == 0 || open.waiting != answer.id) continue;
    open.waiting = 0;
    open.document = std::move(answer.document);
    gate(open.document);
    open.found.reset();
    open.state = OpenMessage::State::shown;
    note_headers(open);
    relayout(i);
    look_for_matches();
    if (is_aiming_ && i == current_) {
      show_message(i);
      is_aiming_ = false;
    }
    return true;
  }
  return false;
}

bool Reader::failed(messages::RequestId id, const Error& error) {
  if (id == waiting_ && id != 0) {
    waiting_ = 0;
    has_answer_ = true;
    failure_ = error.message;
    return true;
  }
  for (std::size_t i = 0; i < messages_.size(); ++i) {
    if (id == 0 || messages_[i].waiting != id) continue;
    messages_[i].waiting = 0;
    // What is on the screen stays there; that it cannot be had in another way is said.
    if (messages_[i].state == OpenMessage::State::shown) return false;
    messages_[i].state = error.kind == Kind::cancelled ? OpenMessage::State::not_asked : OpenMessage::State::failed;
    messages_[i].failure = error.message;
    forget_rows(i);
    return true;
  }
  return false;
}

bool Reader::go_to_message(long step) {
  if (messages_.empty()) return false;
  std::size_t wanted = current_;
  for (long left = std::abs(step); left > 0; --left) wanted = shown_beside(wanted, step);
  if (wanted == current_) return false;
  go_to(wanted);
  return true;
}

void Reader::go_to(std::size_t message) {
  // What folds it away is unfolded.
  int depth = messages_[message].message.depth;
  for (std::size_t i = message; messages_[message].is_hidden && i-- > 0;) {
    if (messages_[i].message.depth >= depth) continue;
    depth = messages_[i].message.depth;
    messages_[i].folds_answers = false;
  }
  if (messages_[message].is_hidden) hide_answers();
  messages_[message].is_open = true;
  forget_rows(message);
  look_for_matches();
  show_message(message);
}

bool Reader::go_to_unread(int direction) {
  for (long i = static_cast<long>(current_) + direction; i >= 0 && i < static_cast<long>(messages_.size()); i += direction) {
    if (!messages_[static_cast<std::size_t>(i)].is_unread()) continue;
    go_to(static_cast<std::size_t>(i));
    return true;
  }
  return false;
}

std::size_t Reader::shown_beside(std::size_t message, long direction) const {
  std::size_t at = message;
  while (direction > 0 ? at + 1 < messages_.size() : at > 0) {
    at = direction > 0 ? at + 1 : at - 1;
    if (!messages_[at].is_hidden) return at;
  }
  return message;
}

/// Tells every message whether it is hidden, and its fold how many are.
void Reader::hide_answers() {
  OpenMessage* fold = nullptr;
  for (OpenMessage& open : messages_) {
    open.hidden = 0;
    open.is_hidden = fold != nullptr && open.message.depth > fold->message.depth;
    if (open.is_hidden) {
      ++fold->hidden;
    } else {
      fold = open.folds_answers ? &open : nullptr;
    }
  }
  rows_.assign(messages_.size(), {});
  if (messages_.empty()) return;
  if (messages_[std::min(current_, messages_.size() - 1)].is_hidden) current_ = shown_beside(current_, -1);
  if (messages_[std::min(top_.message, messages_.size() - 1)].is_hidden) top_ = {shown_beside(top_.message, -1), 0};
}

bool Reader::toggle_answers() {
  if (current_ + 1 >= messages_.size() || messages_[current_ + 1].message.depth <= messages_[current_].message.depth) return false;
  messages_[current_].folds_answers = !messages_[current_].folds_answers;
  const std::size_t kept = current_;
  hide_answers();
  look_for_matches();
  scroll(0);
  current_ = kept;
  return true;
}

bool Reader::toggle_quotes() {
  if (messages_.empty() || messages_[current_].state != OpenMessage::State::shown) return false;
  const std::vector<ReaderRow> rows = text_rows(current_, true);
  if (std::none_of(rows.begin(), rows.end(), [](const ReaderRow& row) { return row.kind == ReaderRow::Kind::folded_quote; })) return false;
  messages_[current_].turns_quotes = !messages_[current_].turns_quotes;
  relayout(current_);
  return true;
}

void Reader::set_fold_quotes(bool folds) {
  if (std::exchange(folds_quotes_, folds) == folds) return;
  rows_.assign(messages_.size(), {});
  if (!messages_.empty()) top_.row = std::min(top_.row, rows_of(top_.message).size() - 1);
}

std::vector<bool> Reader::branches(std::size_t message) const {
  constexpr int deepest = 8;
  std::vector<bool> branches;
  for (int level = 1; level <= std::min(messages_[message].message.depth, deepest); ++level) {
    std::size_t next = message + 1;
    while (next < messages_.size() && messages_[next].message.depth > level) ++next;
    branches.push_back(next < messages_.size() && messages_[next].message.depth == level);
  }
  return branches;
}

void Reader::toggle_fold() {
  if (messages_.empty()) return;
  messages_[current_].is_open = !messages_[current_].is_open;
  forget_rows(current_);
  look_for_matches();
  if (top_.message == current_) top_.row = 0;
  const std::size_t kept = current_;
  scroll(0);
  current_ = kept;
}

void Reader::fold_all(bool is_folded) {
  if (messages_.empty()) return;
  for (OpenMessage& open : messages_) open.is_open = !is_folded;
  rows_.assign(messages_.size(), {});
  look_for_matches();
  show_message(current_);
}

std::vector<std::string> Reader::seen(std::int64_t now_ms, std::int64_t delay_ms) {
  note_visible(now_ms);
  std::vector<std::string> ids;
  if (delay_ms < 0) return ids;
  for (OpenMessage& open : messages_) {
    if (open.visible_since < 0 || now_ms - open.visible_since < delay_ms || !open.is_unread()) continue;
    if (open.message.id.empty()) continue;
    apply_tags(open.message.tags, {}, {"unread"});
    ids.push_back(open.message.id);
  }
  return ids;
}

int Reader::next_seen_ms(std::int64_t now_ms, std::int64_t delay_ms) const {
  int soonest = -1;
  if (delay_ms < 0) return soonest;
  for (const OpenMessage& open : messages_) {
    if (open.visible_since < 0 || !open.is_unread()) continue;
    const auto left = static_cast<int>(std::clamp<std::int64_t>(open.visible_since + delay_ms - now_ms, 0, 3600000));
    if (soonest < 0 || left < soonest) soonest = left;
  }
  return soonest;
}

void Reader::note_visible(std::int64_t now_ms) {
  std::vector<bool> is_visible(messages_.size(), false);
  for (const VisibleRow& row : visible()) {
    if (row.row.kind != ReaderRow::Kind::folded && row.row.kind != ReaderRow::Kind::blank) is_visible[row.message] = true;
  }
  for (std::size_t i = 0; i < messages_.size(); ++i) {
    OpenMessage& open = messages_[i];
    const bool counts = is_visible[i] && open.is_open && open.state == OpenMessage::State::shown;
    if (!counts) open.visible_since = -1;
    if (counts && open.visible_since < 0) open.visible_since = now_ms;
  }
}

void Reader::change_tags(const std::string& message_id, const std::vector<std::string>& add,
                         const std::vector<std::string>& remove) {
  for (OpenMessage& open : messages_) {
    if (open.message.id == message_id || message_id.empty()) apply_tags(open.message.tags, add, remove);
  }
}

std::string Reader::subject() const {
  for (const OpenMessage& open : messages_) {
    if (!open.message.subject.empty()) return open.message.subject;
  }
  return {};
}

std::vector<std::string> Reader::tags() const {
  std::vector<std::string> all;
  for (const OpenMessage& open : messages_) all.insert(all.end(), open.message.tags.begin(), open.message.tags.end());
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

}  // namespace valija::app
