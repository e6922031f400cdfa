#include <fmt/format.h>

#include <algorithm>

#include "valija/app/app.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::app {

void App::toggle_activity() {
  is_activity_open_ = !is_activity_open_;
  is_help_open_ = false;
  activity_cursor_ = activity_top_ = 0;
  if (!is_activity_open_) return;
  post(messages::ListLog{log_id_ = next_id()});
  move_in_activity(1);
}

void App::on(messages::LogListed& event) {
  if (event.id != log_id_) return;
  log_ = std::move(event.lines);
  std::erase_if(log_, [this](const LogLine& line) { return line.time >= started_; });
}

void App::leave_activity() {
  if (notice().kind == Notice::Kind::failed) {
    office_.dismiss();
  } else if (stop_work()) {
    return;
  } else if (activity_.is_working()) {
    stop();
  } else {
    is_activity_open_ = false;
  }
}

bool App::move_in_activity(long rows) {
  if (!is_activity_open_) return false;
  const std::size_t count = activity_rows().size();
  const std::size_t lines = static_cast<std::size_t>(std::max(1, geometry_.rows - 2));
  const long last = static_cast<long>(count) - 1;
  activity_cursor_ = static_cast<std::size_t>(std::clamp(static_cast<long>(activity_cursor_) + rows, 0L, std::max(0L, last)));
  activity_top_ = std::clamp(activity_top_, activity_cursor_ + 1 > lines ? activity_cursor_ + 1 - lines : 0, activity_cursor_);
  return true;
}

std::vector<ActivityRow> App::activity_rows() const {
  using Kind = ActivityRow::Kind;
  std::vector<ActivityRow> rows{{Kind::heading, 0, _("Now")}};
  for (const AccountActivity& account : activity_.accounts()) {
    if (account.state == AccountActivity::State::working) rows.push_back({Kind::working, 0, to_text(account.progress)});
  }
  for (const Work& work : progress_.all()) rows.push_back({Kind::working, 0, to_text(work)});
  if (const std::uint64_t pending = activity_.messages_to_index(); pending > 0) {
    const auto count = static_cast<unsigned long>(pending);
    rows.push_back({Kind::working, 0, fmt::format(fmt::runtime(n_("index: {} message to go", "index: {} messages to go", count)), number(pending))});
  }
  for (const Outgoing& outgoing : desk_.outbox()) {
    if (outgoing.state == OutgoingState::handing) rows.push_back({Kind::working, 0, fmt::format(fmt::runtime(_("outbox: \"{}\" is leaving")), clean(outgoing.subject))});
  }
  if (const std::size_t waiting = desk_.waiting_count(); waiting > 0) {
    rows.push_back({Kind::idle, 0, fmt::format(fmt::runtime(n_("outbox: {} mail waits", "outbox: {} mails wait", static_cast<unsigned long>(waiting))), waiting)});
  }
  if (rows.size() == 1) rows.push_back({Kind::idle, 0, _("Nothing is under way.")});
  rows.push_back({Kind::heading, 0, _("Before, in this run")});
  for (const Happening& happening : activity_.past()) {
    const std::string account = happening.account.empty() ? std::string() : happening.account + ": ";
    rows.push_back({happening.is_failure ? Kind::failed : Kind::done, happening.time, account + happening.text});
    if (!happening.hint.empty()) rows.push_back({Kind::hint, 0, happening.hint});
  }
  if (activity_.past().empty()) rows.push_back({Kind::idle, 0, _("Nothing yet.")});
  if (!log_.empty()) rows.push_back({Kind::heading, 0, _("In earlier runs")});
  for (const LogLine& line : log_) {
    const std::string why = line.why.empty() ? std::string() : ": " + clean(line.why);
    rows.push_back({Kind::done, line.time, fmt::format("{}/{} {}{}", clean(line.account), clean(line.folder), in_words(line), why)});
  }
  return rows;
}

}  // namespace valija::app
