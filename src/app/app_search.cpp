#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "valija/app/app.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::app {
namespace {

using Kind = Prompt::Kind;

/// Where a search that notmuch does not take is wrong, as far as it can be told: it checks dates, and little else.
QueryFault fault_of(const std::string& query, const Error& error) {
  const std::size_t date = query.find("date:");
  const std::size_t begin = date == std::string::npos ? 0 : date;
  const std::size_t end = date == std::string::npos ? query.size() : std::min(query.size(), query.find_first_of(" )", date));
  if (date == std::string::npos) return {begin, end, error.message, error.hint, true};
  return {begin, end, fmt::format(fmt::runtime(_("\"{}\" is no date that notmuch knows.")), query.substr(begin, end - begin)), _("Like date:today, date:2weeks.. or date:2026-11."), true};
}

/// The first tag of a query that no mail has, and the one that was probably meant.
std::optional<QueryFault> tag_fault(const std::string& query, const std::vector<std::string>& tags) {
  for (const char* name : {"tag:", "is:"}) {
    for (std::size_t at = query.find(name); at != std::string::npos; at = query.find(name, at + 1)) {
      if (at > 0 && query[at - 1] != ' ' && query[at - 1] != '(') continue;
      const std::size_t begin = at + std::string_view(name).size(), end = std::min(query.size(), query.find_first_of(" )", begin));
      const std::string tag = query.substr(begin, end - begin), near = nearest(tag, tags);
      if (near.empty() || near == tag || std::find(tags.begin(), tags.end(), tag) != tags.end()) continue;
      return QueryFault{at, end, fmt::format(fmt::runtime(_("No mail has the tag {}.")), tag), fmt::format(fmt::runtime(_("Did you mean \"{}\"?")), name + near)};
    }
  }
  return std::nullopt;
}

/// Where the settings name no view, those that are built in: beside a first one of one's own they are to stay.
std::vector<config::View> all_views(const config::Settings& settings, const Sidebar& sidebar) {
  std::vector<config::View> views = settings.views;
  if (!views.empty()) return views;
  for (const SidebarRow& row : sidebar.rows()) {
    if (row.kind == SidebarRow::Kind::view) views.push_back({equal_ignoring_case(row.id, row.label) ? row.label : row.id, row.query});
  }
  return views;
}

std::string messages_in_words(std::uint64_t count) {
  return fmt::format(fmt::runtime(n_("{} message", "{} messages", static_cast<unsigned long>(count))), number(count));
}

}  // namespace

void App::search(const std::string& query) {
  if (trim(query).empty()) return open_prompt(is_help_open_ ? Kind::help : Kind::search, is_help_open_ ? help_wanted_ : std::string());
  if (is_help_open_) {
    help_wanted_ = query;
    return show_help_that_fits();
  }
  open_list(std::string(trim(query)), true);
}

void App::search_as_typed() {
  const std::string& typed = prompt_.text();
  live_.fault = check_query(typed);
  if (live_.fault && live_.fault->is_refused) {
    live_.count.reset();
    live_.without.clear();
    return;  // what was found before stays
  }
  std::string query = as_typed(typed, known_tags());
  if (query == live_.query) return;
  if (!query.empty()) return ask_as_typed(std::move(query));
  end_live_search(false);
}

void App::ask_as_typed(std::string query) {
  for (messages::RequestId* id : {&live_.rows_id, &live_.count_id}) {
    if (*id != 0) post(messages::Cancel{*id});
    *id = 0;
  }
  live_.query = std::move(query);
  live_.count.reset();
  live_.without.clear();
  live_.shorter.clear();
  // A draft stays on the screen until Enter.
  if (desk_.is_mail_in_front()) {
    live_.coming = ThreadList();
    live_.coming.set_manner(list_.manner());
    live_.coming.resize(std::max(1, geometry_.body.rows), now());
    live_.coming.open(live_.query);
    if (auto request = live_.coming.wanted(office_.coming_id())) {
      live_.rows_id = next_id();
      post(std::move(*request));
    }
  }
  post(messages::CountMessages{live_.count_id = next_id(), {live_.query}});
}

bool App::take_live(messages::Event& event) {
  if (live_.is_shown && take_for(live_.before, event)) return true;
  if (auto* listed = std::get_if<messages::ThreadsListed>(&event)) return take_live(*listed);
  if (auto* counted = std::get_if<messages::MessagesCounted>(&event)) return take_live(*counted);
  if (auto* failed = std::get_if<messages::Failed>(&event)) return take_live(*failed);
  return false;
}

bool App::take_live(messages::ThreadsListed& event) {
  if (live_.rows_id == 0 || event.id != live_.rows_id) return false;
  live_.rows_id = 0;
  if (!live_.coming.take(std::move(event))) return true;
  if (!std::exchange(live_.is_shown, true)) {
    list_.stop_seeking();
    swap_tab(live_.before);
    view_query_ = live_.before.view_query;
  }
  list_ = std::exchange(live_.coming, ThreadList());
  is_search_ = true;
  return true;
}

bool App::take_live(const messages::MessagesCounted& event) {
  if (live_.count_id == 0 || event.id != live_.count_id || event.counts.empty()) return false;
  live_.count_id = 0;
  if (!live_.count) {
    live_.count = event.counts.front();
    if (*live_.count > 0) return true;
    if (!live_.fault) live_.fault = tag_fault(prompt_.text(), known_tags());
    live_.shorter = shortened(live_.query);
    if (live_.shorter.empty()) return true;
    std::vector<std::string> queries;
    for (const Shortened& shorter : live_.shorter) queries.push_back(shorter.query);
    post(messages::CountMessages{live_.count_id = next_id(), std::move(queries)});
    return true;
  }
  // The least is the nearest to what was wanted.
  for (std::size_t i = 0; i < live_.shorter.size() && i < event.counts.size(); ++i) {
    if (event.counts[i] == 0 || (!live_.without.empty() && live_.count_without <= event.counts[i])) continue;
    live_.without = as_written(live_.shorter[i].left_out);
    live_.count_without = event.counts[i];
  }
  return true;
}

bool App::take_live(const messages::Failed& event) {
  if (event.id == 0 || (event.id != live_.rows_id && event.id != live_.count_id)) return false;
  (event.id == live_.rows_id ? live_.rows_id : live_.count_id) = 0;
  if (event.error.kind == valija::Kind::usage) live_.fault = fault_of(prompt_.text(), event.error);
  return true;
}

/// Kept: the rows that are shown become the list, where they are those of the whole line.
void App::end_live_search(bool is_kept) {
  if (live_.is_shown && !is_kept) {
    swap_tab(live_.before);
    list_.invalidate();
    reader_.invalidate();
  }
  for (const messages::RequestId id : {live_.rows_id, live_.count_id}) {
    if (id != 0) post(messages::Cancel{id});
  }
  live_ = {};
}

std::string App::found_in_words() const {
  if (live_.fault && (live_.fault->is_refused || live_.count == 0U)) {
    return live_.fault->help.empty() ? live_.fault->message : live_.fault->message + " " + live_.fault->help;
  }
  if (!live_.count) return {};
  if (*live_.count > 0 || live_.without.empty()) return messages_in_words(*live_.count);
  return fmt::format(fmt::runtime(_("nothing, but {} without {}")), number(live_.count_without), live_.without);
}

void App::save_view(const std::string& name) {
  const std::string query = as_written(list_.query());
  if (name.empty()) return open_prompt(Kind::command, "save-view ");
  if (!desk_.is_mail_in_front() || list_.is_fixed() || query.empty()) return say(Notice::Kind::hint, _("There is no search here to keep."), _("Open one with / first."));
  saved_view_ = name;
  saved_query_ = list_.query();
  if (settings_.views.empty()) {
    for (const config::View& view : all_views(settings_, sidebar_)) post(messages::WriteSetting{0, "views", view.name, view.query});
  }
  post(messages::WriteSetting{setting_id_ = next_id(), "views", name, saved_query_});
}

void App::on(messages::HistoryLoaded& event) {
  if (event.id == history_id_) prompt_.take_history(std::move(event.commands), std::move(event.searches));
}

void App::on(messages::SettingWritten& event) {
  if (event.id == 0 || event.id != setting_id_) return;
  setting_id_ = 0;
  const bool were_built_in = settings_.views.empty();
  settings_.views = all_views(settings_, sidebar_);
  const auto same = std::find_if(settings_.views.begin(), settings_.views.end(), [this](const config::View& view) { return view.name == saved_view_; });
  if (same != settings_.views.end()) {
    same->query = saved_query_;
  } else {
    settings_.views.push_back({saved_view_, saved_query_});
  }
  sidebar_.take(settings_);
  sidebar_.select(list_.query());
  counts_are_stale_ = true;
  say(Notice::Kind::done, fmt::format(fmt::runtime(_("The view {} is kept in {}.")), saved_view_, event.file),
      were_built_in ? _("Those that were there before are written there too, so that all stay.") : "");
}

}  // namespace valija::app
