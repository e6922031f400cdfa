#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "valija/app/app.hpp"
#include "valija/base/words.hpp"

namespace valija::app {
namespace {

/// Offered before anything is known.
constexpr std::array usual_tags{"inbox", "unread", "flagged", "archive", "todo"};

constexpr std::int64_t preview_after_ms = 150;
constexpr int longest_ahead = 100;  // messages of a thread: the index is not kept from other questions for long

}  // namespace

void App::lay_out_list() {
  ListManner manner;
  manner.by_message = settings_.ui_list == "messages";
  manner.has_headings = settings_.ui_date_headings;
  manner.has_snippets = settings_.ui_snippets && geometry_.list.rows > 3;
  manner.with_paths = settings_.ui_snippets || settings_.accounts.size() > 1;
  list_.set_now(now());
  list_.set_manner(manner);
  if (!geometry_.list.empty()) list_.resize(geometry_.list.rows, now());
}

void App::ask_for_list() {
  if (auto request = list_.wanted_snippets(office_.coming_id())) {
    next_id();
    post(std::move(*request));
  }
  // Completions are by use: asked once the first rows are there, and again for each line that is typed. An index without tags is an answer too.
  if (!std::exchange(had_prompt_, prompt_.is_open()) && had_prompt_) tags_are_stale_ = true;
  if (!tags_are_stale_ || tags_id_ != 0 || !list_.has_answer()) return;
  tags_are_stale_ = false;
  post(messages::ListTags{tags_id_ = next_id()});
}

void App::on(messages::TagsListed& event) {
  if (event.id != tags_id_) return;
  tags_id_ = 0;
  all_tags_.clear();
  for (auto& [tag, uses] : event.tags) all_tags_.push_back(std::move(tag));
}

void App::on(messages::SnippetsFound& event) { list_.take(std::move(event)); }

std::vector<std::string> App::known_tags() const {
  std::vector<std::string> tags = all_tags_;
  std::set<std::string> known(tags.begin(), tags.end());
  const auto add = [&](const std::string& tag) {
    if (known.insert(tag).second) tags.push_back(tag);
  };
  for (const ThreadSummary& row : list_.rows()) {
    for (const std::string& tag : row.tags) add(tag);
  }
  for (const char* tag : usual_tags) add(tag);
  return tags;
}

std::optional<std::size_t> App::account_of(const ThreadSummary& row) const {
  const auto& accounts = settings_.accounts;
  if (accounts.size() < 2 || !row.path.starts_with(settings_.mail_root + "/")) return std::nullopt;
  const std::string_view below = std::string_view(row.path).substr(settings_.mail_root.size() + 1);
  const std::string_view name = below.substr(0, below.find('/'));
  const auto found = std::find_if(accounts.begin(), accounts.end(), [&](const config::Account& account) { return account.name == name; });
  if (found == accounts.end()) return std::nullopt;
  return static_cast<std::size_t>(found - accounts.begin());
}

void App::toggle_messages() {
  const bool was_threads = settings_.ui_list == "threads";
  settings_.ui_list = was_threads ? "messages" : "threads";
  say(Notice::Kind::hint, was_threads ? _("The list shows messages.") : _("The list shows threads."));
}

void App::toggle_preview() {
  settings_.ui_preview = !settings_.ui_preview;
  lay_out();
  if (!settings_.ui_preview) {
    if (focus_ != Pane::reader) reader_.close();
  } else if (geometry_.reader.empty() || geometry_.list.empty()) {
    say(Notice::Kind::hint, _("The window is too small for the list and a preview."));
  }
}

/// While the list has the keys, the reader follows its cursor: after a moment, so that going down a list opens nothing on the way.
void App::follow_cursor() {
  if (!is_previewing() || !desk_.is_mail_in_front()) return;
  const ThreadSummary* row = list_.is_fixed() ? nullptr : list_.active();
  const std::string key = row == nullptr ? std::string() : row->key();
  const std::int64_t ms = clock_.monotonic_ms();
  if (std::exchange(previewed_, key) != key) preview_since_ms_ = ms;
  if (row == nullptr) return reader_.is_open() ? reader_.close() : void();
  const bool is_there = reader_.is_open() && reader_.thread_id() == row->id;
  if (is_there || ms - preview_since_ms_ < preview_after_ms) return;
  reader_.open(row->id, query_in(*row));
}

/// So that Enter finds it ready.
void App::read_ahead() {
  const bool may_open = focus_ == Pane::list && !is_previewing() && desk_.is_mail_in_front() && !prompt_.is_open() && !list_.is_fixed();
  const ThreadSummary* row = may_open ? list_.active() : nullptr;
  if (row == nullptr || row->total > longest_ahead) return ahead_.follow({}, {}, 0);
  ahead_.follow(row->id, query_in(*row), clock_.monotonic_ms());
}

void App::lay_out_readers() {
  const auto lay_out = [this](auto& reader, const Area& area) {
    if (area.empty()) return;
    reader.set_fold_quotes(settings_.ui_fold_quotes);
    reader.resize(area.columns, area.rows, static_cast<int>(std::clamp<std::int64_t>(settings_.ui_text_width, 20, 1000)));
  };
  lay_out(reader_, geometry_.reader);
  Wish with_reader = wish();
  with_reader.reader_open = true;
  lay_out(ahead_, app::lay_out(geometry_.columns, geometry_.rows, with_reader).reader);
}

std::string App::query_in(const ThreadSummary& row) const { return row.message.empty() ? list_.query() : query_of(row, false); }

void App::open_thread(const std::string& thread_id, const std::string& query) {
  auto ready = ahead_.open(thread_id, query);
  if (!ready) return reader_.open(thread_id, query);
  reader_ = *std::move(ready);
  show_again_what_is_under_way();
}

int App::next_preview_ms() const {
  if (!is_previewing() || previewed_.empty()) return -1;
  const std::int64_t left = preview_since_ms_ + preview_after_ms - clock_.monotonic_ms();
  return left > 0 ? static_cast<int>(left) : -1;
}

void App::toggle_snippets() { settings_.ui_snippets = !settings_.ui_snippets; }

}  // namespace valija::app
