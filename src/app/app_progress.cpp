// What takes long, and how it is stopped.
#include <fmt/format.h>

#include <utility>

#include "valija/app/app.hpp"
#include "valija/base/words.hpp"

namespace valija::app {

void App::end_work(const messages::Event& event) {
  if (std::holds_alternative<messages::WorkProgress>(event)) return;
  std::visit(
      [this](const auto& answer) {
        if constexpr (requires { answer.id; }) progress_.end(answer.id);
      },
      event);
}

void App::note_waiting() {
  const bool waits = list_.is_seeking() || (is_search_ && !list_.has_answer());
  if (!waits) {
    list_waits_since_ms_ = -1;
  } else if (list_waits_since_ms_ < 0) {
    list_waits_since_ms_ = clock_.monotonic_ms();
  }
}

int App::next_waiting_ms() const {
  const std::int64_t left = list_waits_since_ms_ < 0 ? -1 : list_waits_since_ms_ + moment_ms - clock_.monotonic_ms();
  return left > 0 ? static_cast<int>(left) : -1;
}

std::string App::waiting_in_words() const {
  if (list_waits_since_ms_ < 0 || clock_.monotonic_ms() - list_waits_since_ms_ < moment_ms || !desk_.is_mail_in_front()) return {};
  if (!list_.is_seeking()) return _("Searching");
  return list_.is_seeking_end() ? _("Going to the end of the list") : _("Looking for unread mail");
}

std::string App::progress_in_words() const {
  const Work* work = progress_.shown(clock_.monotonic_ms());
  if (work != nullptr && work->is_stopped) return fmt::format(fmt::runtime(_("{}: stopping…")), to_text(*work));
  if (work != nullptr && !work->can_stop) return fmt::format("{}…", to_text(*work));
  const std::string doing = work != nullptr ? to_text(*work) : waiting_in_words();
  return doing.empty() ? doing : fmt::format(fmt::runtime(_("{} (Esc stops)")), doing);
}

bool App::stop_work() {
  if (const Work* work = progress_.shown(clock_.monotonic_ms())) {
    const messages::RequestId id = work->id;
    if (!progress_.stop(id)) return false;
    post(messages::Cancel{id});
    if (id == marks_id_) progress_.end(std::exchange(marks_id_, 0));  // a list that is given up is not answered
    return true;
  }
  if (list_.is_seeking() || opens_when_listed_) {
    list_.stop_seeking();
    opens_when_listed_ = false;
    return true;
  }
  if (waiting_in_words().empty()) return false;
  post(messages::Cancel{list_.waits_for()});
  close();
  return true;
}

}  // namespace valija::app
