#pragma once

#include <memory>
#include <string>
#include <vector>

#include "valija/base/result.hpp"
#include "valija/index/reader.hpp"
#include "valija/store/account_store.hpp"

namespace valija::workers {

/// Brings what persons did to tags, with any program, from the index into the journal of the state, from where a pass takes it to files and server.
/// Where nothing changed since the last scan that is a stat or two. The journal belongs to all accounts: whoever scans first does it for all. One
/// thread at a time.
class TagScan {
 public:
  struct Options {
    index::Location location;
    std::string mail_root;
    std::string state_dir;
  };
  explicit TagScan(Options options) : options_(std::move(options)) {}

  /// Without an index there is nothing to do. An error leaves all for the next scan.
  Result<void> run();

 private:
  using Messages = std::vector<store::MessageTags>;

  Result<bool> open();
  Result<bool> scan();
  Result<index::Reader::Changes> changes_behind(const store::TagJournal::Mark& mark);
  Result<void> look_up(const std::vector<std::string>& delayed, Messages& messages);
  void add(index::Reader::Change change, Messages& messages) const;

  Options options_;
  std::unique_ptr<index::Reader> reader_;
  std::unique_ptr<store::TagJournal> journal_;
  bool is_done_ = false;          ///< nothing was left over by the last scan
  store::TagJournal::Mark last_;  ///< where it ended
};

}  // namespace valija::workers
