#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "valija/config/settings.hpp"
#include "valija/mail/tag_map.hpp"
#include "valija/messages/event.hpp"

namespace valija::app {

/// One line of the side bar.
struct SidebarRow {
  enum class Kind : std::uint8_t { gap, heading, folder, view, unindexed };
  Kind kind = Kind::gap;
  std::string id;     ///< "inbox" for `:view inbox`; a folder's "work/Lists/debian"
  std::string label;  ///< as shown
  std::string query;  ///< empty: cannot be opened
  int depth = 0;
  std::uint64_t count = 0;  ///< unread messages; of `unindexed` all
  bool is_open_able() const { return !query.empty(); }
};

/// Views and saved searches, then accounts with their folders. Counts are of unread messages.
class Sidebar {
 public:
  /// `folder_prefix`: the mail root relative to the index's ("" or "mail/"), for folder: terms.
  Sidebar(const config::Settings& settings, std::string folder_prefix);
  /// Other settings: their views; accounts stay.
  void take(const config::Settings& settings);

  void take(const messages::FoldersListed& folders);
  /// Those without a name or a query, or with the name of a view, are left out.
  void take(const messages::ViewsListed& saved);
  void set_unindexed(std::size_t count);
  /// The queries of the rows that show a count, and how the unread mail of one is asked for.
  std::vector<std::string> counted_queries() const;
  static std::string unread_of(const std::string& query);
  void take_counts(const std::vector<std::string>& queries, const std::vector<std::uint64_t>& counts);

  void move(long rows);
  void top();
  void bottom();
  void resize(int lines);
  /// Puts the cursor on the row of a query, if there is one.
  void select(const std::string& query);

  const std::vector<SidebarRow>& rows() const { return rows_; }
  std::size_t cursor() const { return cursor_; }
  std::size_t top_row() const { return top_; }
  const SidebarRow* active() const;
  /// By id or label, without case; nullptr: none.
  const SidebarRow* find(const std::string& name) const;
  /// "work/Archive": the folder of this account that a place tag stands for; empty if the account has none.
  std::string folder_at(const std::string& account, const TagMap::Place& place) const;
  /// Every folder of every account.
  std::vector<messages::FolderInfo> folders() const;
  const SidebarRow* find_query(const std::string& query) const;

 private:
  struct Folders {
    std::string account;
    std::vector<messages::FolderInfo> list;
  };
  void rebuild();
  void add_account(const Folders& folders);
  void add_views();
  void keep_visible();

  std::vector<Folders> accounts_;
  std::vector<SidebarRow> views_, saved_, rows_;
  std::string prefix_;
  std::size_t unindexed_ = 0;
  std::size_t cursor_ = 0, top_ = 0;
  int lines_ = 0;
};

/// `text` as one quoted term value of a query, so that a folder or an id cannot change the query.
std::string quoted_term(std::string_view text);

}  // namespace valija::app
