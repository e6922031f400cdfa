#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "valija/app/reading.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::app {
namespace {

constexpr std::size_t most_mail_tabs = 40;  // each keeps its rows and its thread
constexpr int narrowest_tab = 8;

int columns_of(const TabName& tab) {
  const bool has_sign = tab.kind != TabName::Kind::mail && tab.kind != TabName::Kind::thread;
  const int for_count = tab.unread > 0 ? 1 + display_width(number(tab.unread)) : 0;
  return (has_sign ? tab_sign_columns : 0) + display_width(clean(tab.text)) + for_count;
}

}  // namespace

std::vector<TabPlace> place_tabs(const std::vector<TabName>& tabs, int column, int end) {
  std::vector<TabPlace> places;
  const int room = end - column;
  if (room <= 0 || tabs.empty()) return places;
  // Where not all have room the neighbours of the one in front are shown.
  const auto most = static_cast<std::size_t>(std::max(1, (room + tab_rule_columns) / (narrowest_tab + tab_rule_columns)));
  const auto count = std::min(tabs.size(), most);
  const auto front = static_cast<std::size_t>(std::find_if(tabs.begin(), tabs.end(), [](const TabName& tab) { return tab.is_front; }) - tabs.begin());
  const std::size_t first = std::min(front - std::min(front, count / 2), tabs.size() - count);
  int wanted = -tab_rule_columns;
  for (std::size_t i = first; i < first + count; ++i) wanted += columns_of(tabs[i]) + tab_rule_columns;
  const int others = static_cast<int>(count) - 1;
  const int share = std::max(narrowest_tab, (room / 2) / std::max(1, others) - tab_rule_columns);
  const int for_front = std::max(narrowest_tab, room - others * (share + tab_rule_columns));
  for (std::size_t i = first; i < first + count; ++i) {
    const int most_columns = wanted <= room ? room : tabs[i].is_front ? for_front : share;
    if (column >= end) break;
    const int columns = std::min({std::max(1, columns_of(tabs[i])), most_columns, end - column});
    places.push_back({i, column, columns});
    column += columns + tab_rule_columns;
  }
  return places;
}

TabName App::name_of(const ThreadList& list, const Reader& reader, bool is_search) const {
  if (is_search) return {as_written(list.query()), TabName::Kind::search};
  if (list.query().starts_with("thread:")) {
    const std::string subject = reader.subject();
    return {subject.empty() ? _("(no subject)") : subject, TabName::Kind::thread};
  }
  const SidebarRow* row = sidebar_.find_query(list.query());
  if (row == nullptr) return {as_written(list.query())};
  const bool is_folder = row->kind == SidebarRow::Kind::folder;
  return {is_folder ? row->id.substr(0, row->id.find('/') + 1) + row->label : row->label, TabName::Kind::mail, row->count};
}

std::vector<TabName> App::tabs() const {
  std::vector<TabName> tabs;
  for (std::size_t i = 0; i < mail_tabs_.size(); ++i) {
    const MailTab& tab = mail_tabs_[i];
    tabs.push_back(i == mail_tab_ ? name_of(list_, reader_, is_search_) : name_of(tab.list, tab.reader, tab.is_search));
    tabs.back().is_front = i == mail_tab_ && desk_.is_mail_in_front();
  }
  for (const ComposeDesk::TabName& tab : desk_.names()) {
    using Kind = ComposeDesk::Tab::Kind;
    const auto kind = tab.kind == Kind::draft ? TabName::Kind::draft : tab.kind == Kind::outbox ? TabName::Kind::outbox : TabName::Kind::drafts;
    tabs.push_back({tab.text, kind, 0, tab.is_front});
  }
  return tabs;
}

void App::swap_tab(MailTab& tab) {
  std::swap(list_, tab.list);
  std::swap(reader_, tab.reader);
  std::swap(focus_, tab.focus);
  std::swap(is_search_, tab.is_search);
  std::swap(view_query_, tab.view_query);
  std::swap(has_list_error_, tab.has_error);
  std::swap(list_error_, tab.error);
}

void App::go_to_tab(std::size_t number) {
  if (number >= tabs().size()) return say(Notice::Kind::hint, fmt::format(fmt::runtime(_("There is no tab {}.")), number + 1));
  if (number >= mail_tabs_.size()) return desk_.go_to_tab(number - mail_tabs_.size() + 1);
  if (!desk_.is_mail_in_front()) desk_.go_to_tab(0);
  reading_->close_all();
  if (number == mail_tab_) return;
  list_.stop_seeking();
  opens_when_listed_ = false;
  swap_tab(mail_tabs_[mail_tab_]);
  mail_tab_ = number;
  swap_tab(mail_tabs_[mail_tab_]);
  list_.invalidate();
  reader_.invalidate();
  if (!is_search_) sidebar_.select(list_.query());
}

void App::next_tab(int direction) {
  const std::vector<TabName> all = tabs();
  if (all.size() == 1) return say(Notice::Kind::hint, _("There is only this tab."), fmt::format(fmt::runtime(_("{} opens a thread in one of its own.")), key_of("open-tab")));
  const auto count = static_cast<long>(all.size());
  const auto front = static_cast<long>(std::find_if(all.begin(), all.end(), [](const TabName& tab) { return tab.is_front; }) - all.begin());
  go_to_tab(static_cast<std::size_t>((front + direction + count) % count));
}

/// An empty one behind the others, with the view of the one that was in front.
void App::add_tab() {
  const std::string view = view_query_;
  mail_tabs_.emplace_back();
  go_to_tab(mail_tabs_.size() - 1);
  view_query_ = view;
}

void App::open_tab(const std::string& query) {
  if (mail_tabs_.size() >= most_mail_tabs) return say(Notice::Kind::hint, _("There are too many tabs."), _("q closes one."));
  if (!query.empty()) {
    const SidebarRow* view = sidebar_.find(query);
    add_tab();
    return view != nullptr && view->is_open_able() ? open_row(SidebarRow(*view)) : open_list(query, true);
  }
  const ThreadSummary* row = list_.active();
  const bool is_reading = focus_ == Pane::reader && !reader_.thread_id().empty();
  if (!is_reading && (row == nullptr || list_.is_fixed())) return say(Notice::Kind::hint, _("There is no thread here."));
  const std::string thread = is_reading ? reader_.thread_id() : row->id;
  const std::string from = list_.query();
  add_tab();
  list_.open("thread:" + thread);
  open_thread(thread, from);
  focus_ = Pane::reader;
}

bool App::close_mail_tab() {
  if (mail_tab_ == 0) return false;
  const std::size_t closed = mail_tab_;
  go_to_tab(closed - 1);
  mail_tabs_.erase(mail_tabs_.begin() + static_cast<std::ptrdiff_t>(closed));
  return true;
}

bool take_for(MailTab& tab, messages::Event& event) {
  if (auto* listed = std::get_if<messages::ThreadsListed>(&event)) return tab.list.take(std::move(*listed));
  if (auto* opened = std::get_if<messages::ThreadOpened>(&event)) return tab.reader.take(std::move(*opened));
  if (auto* rendered = std::get_if<messages::MessageRendered>(&event)) return tab.reader.take(std::move(*rendered));
  if (auto* failed = std::get_if<messages::Failed>(&event)) return tab.list.failed(failed->id) || tab.reader.failed(failed->id, failed->error);
  return false;
}

bool App::take_for_parked(messages::Event& event) {
  return std::any_of(mail_tabs_.begin(), mail_tabs_.end(), [&event](MailTab& tab) { return take_for(tab, event); });
}

}  // namespace valija::app
