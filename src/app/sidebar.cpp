#include "valija/app/sidebar.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::app {
namespace {

struct DefaultView {
  const char* id;
  const char* label;
  const char* query;
};
constexpr std::array default_views{
    DefaultView{"inbox", N_("Inbox"), "tag:inbox"},       DefaultView{"unread", N_("Unread"), "tag:unread"},
    DefaultView{"flagged", N_("Flagged"), "tag:flagged"}, DefaultView{"sent", N_("Sent"), "tag:sent"},
    DefaultView{"drafts", N_("Drafts"), "tag:draft"},     DefaultView{"archive", N_("Archive"), "tag:archive"},
    DefaultView{"all", N_("All mail"), "*"},
};

int rank(FolderRole role) {
  switch (role) {
    case FolderRole::inbox: return 0;
    case FolderRole::drafts: return 1;
    case FolderRole::sent: return 2;
    case FolderRole::archive: return 3;
    case FolderRole::none: return 4;
    case FolderRole::flagged: return 5;
    case FolderRole::all: return 6;
    case FolderRole::junk: return 7;
    case FolderRole::trash: return 8;
  }
  return 9;
}

/// Parents stand before their children, and a role moves the whole branch.
bool comes_before(const messages::FolderInfo& a, const messages::FolderInfo& b) {
  const int first = rank(a.role), second = rank(b.role);
  return first != second ? first < second : a.path < b.path;
}

bool is_below(const FolderPath& path, const FolderPath& parent) {
  const auto &inner = path.components(), &outer = parent.components();
  return inner.size() > outer.size() && std::equal(outer.begin(), outer.end(), inner.begin());
}

bool has_count(const SidebarRow& row) {
  return row.kind == SidebarRow::Kind::folder || row.kind == SidebarRow::Kind::view;
}

std::string as_heading(const std::string& name) {
  std::string upper = name;
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return upper;
}

}  // namespace

std::string quoted_term(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    quoted += c;
    if (c == '"') quoted += '"';
  }
  return quoted + '"';
}

Sidebar::Sidebar(const config::Settings& settings, std::string folder_prefix) : prefix_(std::move(folder_prefix)) {
  for (const config::Account& account : settings.accounts) {
    Folders folders{account.name, {}};
    if (auto inbox = FolderPath::from_text("INBOX")) folders.list.push_back({std::move(*inbox), FolderRole::inbox});
    accounts_.push_back(std::move(folders));
  }
  take(settings);
}

void Sidebar::take(const config::Settings& settings) {
  views_.clear();
  for (const config::View& view : settings.views) {
    views_.push_back({SidebarRow::Kind::view, view.name, view.name, view.query, 0, 0});
  }
  if (views_.empty()) {
    for (const DefaultView& view : default_views) {
      views_.push_back({SidebarRow::Kind::view, view.id, _(view.label), view.query, 0, 0});
    }
  }
  rebuild();
}

void Sidebar::take(const messages::FoldersListed& folders) {
  auto known = std::find_if(accounts_.begin(), accounts_.end(),
                            [&](const Folders& account) { return account.account == folders.account; });
  if (known == accounts_.end()) known = accounts_.insert(accounts_.end(), Folders{folders.account, {}});
  known->list = folders.folders;
  std::sort(known->list.begin(), known->list.end(), comes_before);
  rebuild();
}

void Sidebar::take(const messages::ViewsListed& saved) {
  saved_.clear();
  for (const auto& search : saved.views) {
    const std::string &name = search.first, &query = search.second;
    const auto has_name = [&name](const SidebarRow& view) {
      return equal_ignoring_case(view.id, name) || equal_ignoring_case(view.label, name);
    };
    if (name.empty() || query.empty() || std::any_of(views_.begin(), views_.end(), has_name)) continue;
    saved_.push_back({SidebarRow::Kind::view, name, name, query, 0, 0});
  }
  rebuild();
}

void Sidebar::set_unindexed(std::size_t count) {
  if (count == unindexed_) return;
  unindexed_ = count;
  rebuild();
}

void Sidebar::add_account(const Folders& folders) {
  rows_.push_back({});
  rows_.push_back({SidebarRow::Kind::heading, {}, as_heading(folders.account), {}, 0, 0});
  std::vector<const FolderPath*> branch;  // the parents above, outermost first
  for (const messages::FolderInfo& folder : folders.list) {
    const std::vector<std::string>& parts = folder.path.components();
    if (parts.empty()) continue;
    while (!branch.empty() && !is_below(folder.path, *branch.back())) branch.pop_back();
    const std::size_t known = branch.empty() ? 0 : branch.back()->components().size();
    const std::vector<std::string> own(parts.begin() + static_cast<std::ptrdiff_t>(known), parts.end());
    const std::string path = folders.account + "/" + folder.path.text();
    rows_.push_back({SidebarRow::Kind::folder, path, folder.role == FolderRole::inbox ? _("Inbox") : join(own, "/"),
                     "folder:" + quoted_term(prefix_ + path), static_cast<int>(branch.size()), 0});
    branch.push_back(&folder.path);
  }
}

void Sidebar::add_views() {
  rows_.push_back({SidebarRow::Kind::heading, {}, _("VIEWS"), {}, 0, 0});
  rows_.insert(rows_.end(), views_.begin(), views_.end());
  rows_.insert(rows_.end(), saved_.begin(), saved_.end());
  if (unindexed_ > 0) {
    rows_.push_back({SidebarRow::Kind::unindexed, "not-indexed", _("Not indexed"), "not-indexed", 0, unindexed_});
  }
}

void Sidebar::rebuild() {
  const std::vector<SidebarRow> old = std::move(rows_);
  const std::string selected = cursor_ < old.size() ? old[cursor_].id : std::string();
  rows_.clear();
  // Views first: they are few, and reach all accounts.
  add_views();
  for (const Folders& account : accounts_) add_account(account);
  std::unordered_map<std::string, std::uint64_t> counts;
  for (const SidebarRow& row : old) counts.emplace(row.query, row.count);
  for (SidebarRow& row : rows_) {
    if (const auto before = counts.find(row.query); has_count(row) && before != counts.end()) row.count = before->second;
  }
  cursor_ = 0;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    if (!rows_[i].is_open_able()) continue;
    if (!rows_[cursor_].is_open_able()) cursor_ = i;
    if (!selected.empty() && rows_[i].id == selected) cursor_ = i;
  }
  keep_visible();
}

std::vector<std::string> Sidebar::counted_queries() const {
  std::vector<std::string> queries;
  for (const SidebarRow& row : rows_) {
    if (has_count(row)) queries.push_back(row.query);
  }
  return queries;
}

std::string Sidebar::unread_of(const std::string& query) {
  return query == "*" ? "tag:unread" : "(" + query + ") and tag:unread";
}

void Sidebar::take_counts(const std::vector<std::string>& queries, const std::vector<std::uint64_t>& counts) {
  // The rows may have changed since the question.
  std::unordered_map<std::string_view, std::uint64_t> known;
  for (std::size_t i = 0; i < std::min(queries.size(), counts.size()); ++i) known.emplace(queries[i], counts[i]);
  for (SidebarRow& row : rows_) {
    if (const auto count = known.find(row.query); has_count(row) && count != known.end()) row.count = count->second;
  }
}

const SidebarRow* Sidebar::active() const {
  return cursor_ < rows_.size() && rows_[cursor_].is_open_able() ? &rows_[cursor_] : nullptr;
}

void Sidebar::move(long rows) {
  const int step = rows < 0 ? -1 : 1;
  for (long left = std::min(std::abs(rows), 100000L); left > 0; --left) {
    long next = static_cast<long>(cursor_) + step;
    while (next >= 0 && next < static_cast<long>(rows_.size()) && !rows_[static_cast<std::size_t>(next)].is_open_able()) {
      next += step;
    }
    if (next < 0 || next >= static_cast<long>(rows_.size())) break;
    cursor_ = static_cast<std::size_t>(next);
  }
  keep_visible();
}

void Sidebar::top() { move(-static_cast<long>(rows_.size())); }
void Sidebar::bottom() { move(static_cast<long>(rows_.size())); }

void Sidebar::resize(int lines) {
  lines_ = lines;
  keep_visible();
}

void Sidebar::keep_visible() {
  const auto lines = static_cast<std::size_t>(std::max(lines_, 1));
  // The heading above the first row comes with it.
  const std::size_t first = cursor_ > 0 && rows_[cursor_ - 1].kind == SidebarRow::Kind::heading ? cursor_ - 1 : cursor_;
  if (first < top_) top_ = first;
  if (cursor_ >= top_ + lines) top_ = cursor_ + 1 - lines;
  top_ = std::min(top_, rows_.size() > lines ? rows_.size() - lines : 0);
}

void Sidebar::select(const std::string& query) {
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    if (rows_[i].query == query) cursor_ = i;
  }
  keep_visible();
}

const SidebarRow* Sidebar::find(const std::string& name) const {
  for (const SidebarRow& row : rows_) {
    if (row.is_open_able() && (equal_ignoring_case(row.id, name) || equal_ignoring_case(row.label, name))) return &row;
  }
  return nullptr;
}

std::string Sidebar::folder_at(const std::string& account, const TagMap::Place& place) const {
  for (const Folders& folders : accounts_) {
    if (folders.account != account) continue;
    for (const messages::FolderInfo& folder : folders.list) {
      const bool is_there = place.role != FolderRole::none ? folder.role == place.role : folder.path == place.folder;
      if (is_there) return account + "/" + folder.path.text();
    }
  }
  return {};
}

std::vector<messages::FolderInfo> Sidebar::folders() const {
  std::vector<messages::FolderInfo> all;
  for (const Folders& account : accounts_) all.insert(all.end(), account.list.begin(), account.list.end());
  return all;
}

const SidebarRow* Sidebar::find_query(const std::string& query) const {
  for (const SidebarRow& row : rows_) {
    if (row.is_open_able() && row.query == query) return &row;
  }
  return nullptr;
}

}  // namespace valija::app
