#pragma once

#include <cstdio>
#include <string>
#include <variant>
#include <vector>

#include "valija/base/channel.hpp"
#include "valija/base/clock.hpp"
#include "valija/sync/runner.hpp"
#include "valija/workers/progress_meter.hpp"

namespace valija::cli {

/// What the account threads tell the main thread, which alone prints.
struct FolderReport {
  std::string account;
  std::string folder;
  sync::Totals totals;
};
struct ErrorReport {
  std::string account;
  std::string folder;  ///< empty: the whole account
  Error error;
};
/// What a dry run would do.
struct WouldReport {
  std::string account;
  std::string folder;
  std::string sentence;
};
struct PassReport {
  std::string account;
  std::int64_t start_ms = 0;  ///< monotonic; of the pass that ended
};
using SyncReport = std::variant<messages::SyncProgress, FolderReport, ErrorReport, WouldReport, PassReport>;

/// sync::Observer of one account -> reports.
class ReportObserver final : public sync::Observer {
 public:
  ReportObserver(const std::string& account, const Clock& clock, Channel<SyncReport>& reports,
                 std::function<void()> stored);
  void folders(const std::vector<sync::ServerFolder>& folders) override;
  void folder_started(const FolderPath& folder, std::uint64_t to_download) override;
  void progress(const FolderPath& folder, std::uint64_t messages_done, std::uint64_t bytes_done) override;
  void stored(const FolderPath& folder, const std::vector<sync::Stored>& messages) override;
  void marked(const FolderPath& folder, const std::string& old_path, const sync::Stored& message) override;
  void removed(const FolderPath& folder, const std::string& path) override;
  void would(const FolderPath& folder, const std::string& sentence) override;
  void changed(const FolderPath& folder, const sync::Totals& so_far) override;
  void folder_done(const FolderPath& folder, const sync::Totals& totals) override;
  void failed(const FolderPath& folder, const Error& error) override;

 private:
  const std::string account_;
  const Clock& clock_;
  Channel<SyncReport>& reports_;
  const std::function<void()> stored_;
  workers::ProgressMeter meter_;
};

/// Prints reports as sentences or as JSON lines and keeps the sums. One thread.
class SyncPrinter {
 public:
  SyncPrinter(bool json, bool is_terminal) : json_(json), is_terminal_(is_terminal) {}

  void print(const messages::SyncProgress& progress);
  void print(const FolderReport& report);
  void print(const ErrorReport& report);
  void print(const WouldReport& report);
  void print(const PassReport&) {}
  /// `unindexed`: messages that only lie in the Maildir; `seconds`: the whole run.
  void finish(std::uint64_t indexed, std::uint64_t unindexed, double seconds, bool dry_run);

  /// Behind `finish`: the next pass is counted by itself.
  void start_over() { totals_ = {}; }

  const sync::Totals& totals() const { return totals_; }
  /// 0, or that of the first error.
  int status() const { return status_; }

 private:
  void clear_progress();

  const bool json_;
  const bool is_terminal_;
  bool progress_on_screen_ = false;
  bool is_dry_ = false;  ///< sentences told what would be done
  sync::Totals totals_;
  int status_ = 0;
};

}  // namespace valija::cli
