#include "sync_report.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::cli {
namespace {

using nlohmann::ordered_json;

void print_line(const ordered_json& object) {
  // Folder names are UTF-8 by construction, server words need not be: replace instead of throwing.
  fmt::print("{}\n", object.dump(-1, ' ', false, ordered_json::error_handler_t::replace));
  std::fflush(stdout);
}

ordered_json to_json(const sync::Totals& totals) {
  return {{"downloaded", totals.downloaded},
          {"uploaded", totals.uploaded},
          {"flags_to_server", totals.flags_to_server},
          {"flags_to_local", totals.flags_to_local},
          {"moved", totals.moved},
          {"deleted_local", totals.deleted_local},
          {"deleted_server", totals.deleted_server}};
}

const char* stage_name(messages::SyncProgress::Stage stage) {
  using Stage = messages::SyncProgress::Stage;
  switch (stage) {
    case Stage::connecting:
      return "connecting";
    case Stage::listing:
      return "listing";
    case Stage::downloading:
      return "downloading";
    case Stage::changing:
      return "changing";
    case Stage::indexing:
      return "indexing";
  }
  return "";
}

const char* kind_name(Kind kind) {
  switch (kind) {
    case Kind::usage:
      return "usage";
    case Kind::input:
      return "input";
    case Kind::unreachable:
      return "unreachable";
    case Kind::bug:
      return "bug";
    case Kind::disk:
      return "disk";
    case Kind::try_later:
      return "try-later";
    case Kind::protocol:
      return "protocol";
    case Kind::login:
      return "login";
    case Kind::settings:
      return "settings";
    case Kind::cancelled:
      return "cancelled";
  }
  return "";
}

std::string counted(const char* one, const char* many, std::uint64_t count) {
  return fmt::format(fmt::runtime(n_(one, many, static_cast<unsigned long>(count))), number(count));
}

/// All but what was fetched.
sync::Totals changes_of(const messages::SyncProgress& progress) {
  return {.uploaded = progress.uploaded,
          .flags_to_server = progress.flags_sent,
          .flags_to_local = progress.flags_fetched,
          .moved = progress.moved,
          .deleted_local = progress.deleted};
}

/// "3 new, 1 flag changed"; empty if nothing happened.
std::string in_words(const sync::Totals& totals) {
  std::vector<std::string> words;
  if (totals.downloaded > 0) words.push_back(counted("{} new message", "{} new messages", totals.downloaded));
  if (totals.flags_to_local > 0) words.push_back(counted("{} mark changed", "{} marks changed", totals.flags_to_local));
  if (totals.moved > 0) words.push_back(counted("{} moved", "{} moved", totals.moved));
  if (totals.deleted_local > 0) words.push_back(counted("{} deleted", "{} deleted", totals.deleted_local));
  if (totals.uploaded > 0) words.push_back(counted("{} uploaded", "{} uploaded", totals.uploaded));
  if (totals.flags_to_server > 0) {
    words.push_back(counted("{} mark told to the server", "{} marks told to the server", totals.flags_to_server));
  }
  if (totals.deleted_server > 0) {
    words.push_back(counted("{} deleted on the server", "{} deleted on the server", totals.deleted_server));
  }
  return join(words, ", ");
}

}  // namespace

ReportObserver::ReportObserver(const std::string& account, const Clock& clock, Channel<SyncReport>& reports,
                               std::function<void()> stored)
    : account_(account),
      clock_(clock),
      reports_(reports),
      stored_(std::move(stored)),
      meter_(account, clock.monotonic_ms()) {}

void ReportObserver::folders(const std::vector<sync::ServerFolder>&) {}

void ReportObserver::folder_started(const FolderPath& folder, std::uint64_t to_download) {
  meter_.folder_started(folder.text(), to_download);
  if (meter_.is_due(clock_.monotonic_ms())) reports_.send(meter_.state());
}

void ReportObserver::progress(const FolderPath&, std::uint64_t messages_done, std::uint64_t) {
  const std::int64_t now = clock_.monotonic_ms();
  meter_.downloaded(messages_done, now);
  if (meter_.is_due(now)) reports_.send(meter_.state());
}

void ReportObserver::stored(const FolderPath&, const std::vector<sync::Stored>&) { stored_(); }
void ReportObserver::marked(const FolderPath&, const std::string&, const sync::Stored&) {}
void ReportObserver::removed(const FolderPath&, const std::string&) {}

void ReportObserver::would(const FolderPath& folder, const std::string& sentence) {
  reports_.send(WouldReport{account_, folder.text(), sentence});
}

void ReportObserver::changed(const FolderPath& folder, const sync::Totals& so_far) {
  meter_.changed(folder.text(), so_far);
  if (meter_.is_due(clock_.monotonic_ms())) reports_.send(meter_.state());
}

void ReportObserver::folder_done(const FolderPath& folder, const sync::Totals& totals) {
  reports_.send(FolderReport{account_, folder.text(), totals});
  stored_();
}

void ReportObserver::failed(const FolderPath& folder, const Error& error) {
  reports_.send(ErrorReport{account_, folder.text(), error});
}

void SyncPrinter::clear_progress() {
  if (!progress_on_screen_) return;
  fmt::print(stderr, "\r\x1b[K");
  progress_on_screen_ = false;
}

void SyncPrinter::print(const messages::SyncProgress& progress) {
  if (json_) {
    print_line({{"event", "progress"},
                {"account", progress.account},
                {"stage", stage_name(progress.stage)},
                {"folder", progress.folder},
                {"done", progress.done},
                {"total", progress.total},
                {"per_second", progress.per_second},
                {"seconds_left", progress.seconds_left}});
    return;
  }
  const std::string words = in_words(changes_of(progress));
  const bool is_changing = progress.stage == messages::SyncProgress::Stage::changing;
  if (!is_terminal_ || (is_changing ? words.empty() : progress.total == 0)) return;
  fmt::print(stderr, "\r\x1b[K{}",
             is_changing ? fmt::format("{}: {}", clean(progress.account), words)
                         : fmt::format(fmt::runtime(_("{}: {} of {} messages, {}")), clean(progress.account), number(progress.done),
                                       number(progress.total), clean(progress.folder)));
  std::fflush(stderr);
  progress_on_screen_ = true;
}

void SyncPrinter::print(const FolderReport& report) {
  totals_ += report.totals;
  if (json_) {
    ordered_json object{{"event", "folder"}, {"account", report.account}, {"folder", report.folder}};
    object.update(to_json(report.totals));
    print_line(object);
    return;
  }
  const std::string words = in_words(report.totals);
  if (words.empty() || is_dry_) return;
  clear_progress();
  fmt::print("{}/{}: {}\n", clean(report.account), clean(report.folder), words);
  std::fflush(stdout);
}

void SyncPrinter::print(const ErrorReport& report) {
  if (status_ == 0) status_ = exit_status(report.error.kind);
  if (json_) {
    print_line({{"event", "error"},
                {"account", report.account},
                {"folder", report.folder},
                {"kind", kind_name(report.error.kind)},
                {"message", report.error.message},
                {"hint", report.error.hint}});
  }
  clear_progress();
  const std::string place = report.folder.empty() ? report.account : report.account + "/" + report.folder;
  fmt::print(stderr, "valija: {}{}{}\n", clean(place), place.empty() ? "" : ": ", clean_lines(to_text(report.error)));
}

void SyncPrinter::print(const WouldReport& report) {
  if (json_) {
    print_line({{"event", "would"}, {"account", report.account}, {"folder", report.folder}, {"sentence", report.sentence}});
    return;
  }
  is_dry_ = true;
  clear_progress();
  fmt::print("{}/{}\n", clean(report.account), clean(report.sentence));
}

void SyncPrinter::finish(std::uint64_t indexed, std::uint64_t unindexed, double seconds, bool dry_run) {
  clear_progress();
  if (json_) {
    ordered_json object{{"event", "done"}};
    object.update(to_json(totals_));
    object.update({{"indexed", indexed}, {"unindexed", unindexed}, {"seconds", seconds}, {"status", status_}});
    print_line(object);
    return;
  }
  const std::string words = in_words(totals_);
  if (dry_run) {
    fmt::print("{}\n", words.empty() ? _("Nothing would change.")
                                     : fmt::format(fmt::runtime(_("In sum: {}.")), words));
  } else if (!words.empty()) {
    fmt::print("{}\n", fmt::format(fmt::runtime(_("Done in {:.1f} s: {}.")), seconds, words));
  } else if (status_ == 0) {
    fmt::print("{}\n", _("Nothing new."));
  }
  if (unindexed > 0) {
    fmt::print("{}\n", counted("{} message could not be indexed; the view Not indexed lists it.",
                               "{} messages could not be indexed; the view Not indexed lists them.", unindexed));
  }
  std::fflush(stdout);  // before --watch pauses
}

}  // namespace valija::cli
