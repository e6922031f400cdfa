#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "valija/app/compose_desk.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"
#include "valija/mail/date.hpp"
#include "valija/mail/when.hpp"

namespace valija::app {
namespace {

PresendRules rules_of(const config::Settings& settings) {
  PresendRules rules;
  rules.attachment = settings.compose_check_attachment;
  rules.subject = settings.compose_check_subject;
  rules.identity = settings.compose_check_identity;
  rules.most_recipients = static_cast<std::size_t>(std::max<std::int64_t>(0, settings.compose_check_recipients));
  rules.own_domains = settings.compose_own_domains;
  rules.typos = settings.compose_check_typos;
  return rules;
}

/// "Marta Gil", "Marta Gil and 2 others"
std::string whom_in_words(const std::vector<Address>& to) {
  if (to.empty()) return _("nobody");
  const std::string first = clean(short_name(to.front()));
  const auto others = static_cast<unsigned long>(to.size() - 1);
  if (others == 0) return first;
  return fmt::format(fmt::runtime(n_("{} and {} other", "{} and {} others", others)), first, number(others));
}

std::string whom_in_words(const Draft& draft) {
  std::vector<Address> all = parse_addresses(draft.to);
  for (const std::string* more : {&draft.cc, &draft.bcc}) {
    for (Address& address : parse_addresses(*more)) all.push_back(std::move(address));
  }
  return whom_in_words(all);
}

/// The key and the command that mend what is doubted.
Question::Choice mend(const Doubt& doubt) {
  const auto choice = [&doubt](char32_t letter, const char* command) { return Question::Choice{config::Key::character(letter), doubt.sentence, command}; };
  switch (doubt.what) {
    case Doubt::What::attachment: return choice(U'A', "attach");
    case Doubt::What::subject: return choice(U's', "edit-subject");
    case Doubt::What::identity: return choice(U'i', "identity");
    default: return choice(U't', "edit-to");
  }
}

}  // namespace

void ComposeDesk::send(const std::string& arguments) {
  if (open_composer() == nullptr) return;
  const bool is_sure = arguments == "anyway";
  if (!is_sure) tab_in_front()->due = 0;
  leave(*tab_in_front(), is_sure);
}

void ComposeDesk::send_later(const std::string& when) {
  if (open_composer() == nullptr) return;
  const auto due = parse_when(when, office_.now());
  if (!due) {
    return office_.say(Notice::Kind::failed, fmt::format(fmt::runtime(_("\"{}\" is no time to come.")), clean(when)),
                       _("Write 18:30, tomorrow 8, monday 9, in 2h, or 2026-12-24 8:00."));
  }
  tab_in_front()->due = *due;
  leave(*tab_in_front(), false);
}

/// Into the outbox, unless something must be mended or decided before.
void ComposeDesk::leave(Tab& tab, bool is_sure) {
  tab.composer->stop_typing();
  save_all();
  Draft draft = tab.composer->draft();
  if (const std::vector<std::string> faults = faults_of(draft); !faults.empty()) {
    return office_.say(Notice::Kind::failed, join(faults, " "), _("t edits the recipients."));
  }
  const std::vector<Doubt> doubts = is_sure ? std::vector<Doubt>() : doubts_about(draft, identities_, rules_of(office_.settings()), known_domains_);
  if (!doubts.empty()) {
    question_ = Question{_("Send it like this?"), {}};
    for (const Doubt& doubt : doubts) question_->choices.push_back(mend(doubt));
    question_->choices.push_back({config::Key::character(U'y'), _("Send it as it is."), "send anyway"});
    question_->choices.push_back({config::Key::named(config::KeyName::enter), {}, "send anyway"});
    return;
  }
  const UnixTime due = tab.due != 0 ? tab.due : office_.now() + office_.settings().compose_hold;
  tab.waiting = office_.ask(messages::QueueDraft{0, std::move(draft), due});
  tab.composer->set_away(true);
}

void ComposeDesk::on(messages::DraftQueued& event) {
  std::string whom;
  if (bounces_.erase(event.id) > 0) {
    whom = whom_in_words(parse_addresses(bounced_to_));
  } else {
    const auto tab = std::find_if(tabs_.begin(), tabs_.end(), [&](const Tab& other) { return event.id != 0 && other.waiting == event.id; });
    if (tab == tabs_.end()) return;
    whom = whom_in_words(tab->composer->draft());
    remove_tab(static_cast<std::size_t>(tab - tabs_.begin()));
  }
  departures_.push_back({event.outgoing, event.due, whom});
  const UnixTime wait = event.due - office_.now();
  if (wait <= std::max<UnixTime>(60, office_.settings().compose_hold)) return office_.hush();
  office_.say(Notice::Kind::done, fmt::format(fmt::runtime(_("Leaves for {} on {}.")), whom, full_date(event.due)), _(":outbox shows it."));
}

std::string ComposeDesk::departure(const std::string& undo_key) const {
  const UnixTime now = office_.now();
  for (auto it = departures_.rbegin(); it != departures_.rend(); ++it) {
    if (it->is_gone || it->due - now > std::max<UnixTime>(60, office_.settings().compose_hold)) continue;
    if (it->due > now) return fmt::format(fmt::runtime(_("Sending to {} in {} s. {} takes it back.")), it->whom, it->due - now, undo_key);
    // Behind its time it is with the server, or waits for a line: the outbox knows.
    const auto entry = std::find_if(outbox_.begin(), outbox_.end(), [&](const Outgoing& outgoing) { return outgoing.id == it->outgoing; });
    if (entry == outbox_.end() || entry->state == OutgoingState::refused || entry->state == OutgoingState::maybe_sent) continue;
    if (entry->tries > 0 && entry->due > now) return fmt::format(fmt::runtime(_("Waiting to send to {}.")), it->whom);
    return fmt::format(fmt::runtime(_("Sending to {}…")), it->whom);
  }
  return {};
}

void ComposeDesk::undo_send() {
  for (auto it = departures_.rbegin(); it != departures_.rend(); ++it) {
    if (it->is_gone) continue;
    it->is_gone = true;
    coming_back_.insert(office_.ask(messages::CancelOutgoing{0, it->outgoing}));
    return office_.say(Notice::Kind::done, _("Taking it back."));
  }
  office_.say(Notice::Kind::hint, _("No mail is on its way that could be taken back."), _(":outbox shows what waits."));
}

void ComposeDesk::on(messages::OutgoingCancelled& event) {
  if (coming_back_.erase(event.id) == 0) return;
  std::erase_if(departures_, [](const Departure& departure) { return departure.is_gone; });
  if (event.draft.id.empty()) return office_.say(Notice::Kind::done, _("Taken out of the outbox."));
  office_.say(Notice::Kind::done, _("Taken back: it was not sent."));
  open_draft(std::move(event.draft), true, Composer::Start::as_it_is);
}

// The outbox.

void ComposeDesk::show_outbox() {
  office_.ask(messages::ListOutbox{});
  open_list(Tab::Kind::outbox);
}

const Outgoing* ComposeDesk::active_outgoing() const {
  const Tab* tab = front_tab();
  return tab == nullptr || tab->kind != Tab::Kind::outbox || tab->cursor >= outbox_.size() ? nullptr : &outbox_[tab->cursor];
}

void ComposeDesk::cancel_sending() {
  const Outgoing* outgoing = active_outgoing();
  if (outgoing == nullptr) return;
  if (outgoing->state == OutgoingState::handing || outgoing->state == OutgoingState::accepted) {
    return office_.say(Notice::Kind::hint, _("The server has this mail already."));
  }
  for (Departure& departure : departures_) departure.is_gone = departure.is_gone || departure.outgoing == outgoing->id;
  coming_back_.insert(office_.ask(messages::CancelOutgoing{0, outgoing->id}));
}

void ComposeDesk::send_again() {
  const Outgoing* outgoing = active_outgoing();
  if (outgoing == nullptr) return;
  if (outgoing->state != OutgoingState::refused && outgoing->state != OutgoingState::maybe_sent) {
    return office_.say(Notice::Kind::hint, _("It is sent by itself when its time comes."), _("F sends all now."));
  }
  if (outgoing->state == OutgoingState::maybe_sent) {
    office_.say(Notice::Kind::hint, _("Sending it again. If it had arrived, it arrives twice."));
  } else {
    office_.say(Notice::Kind::done, _("Sending it again."));
  }
  office_.ask(messages::SendAgain{0, outgoing->id});
}

void ComposeDesk::flush() {
  const auto waiting = static_cast<unsigned long>(waiting_count());
  if (waiting == 0) return office_.say(Notice::Kind::hint, _("Nothing waits in the outbox."));
  office_.ask(messages::FlushOutbox{});
  office_.say(Notice::Kind::done, fmt::format(fmt::runtime(n_("Sending {} mail now.", "Sending {} mails now.", waiting)), number(waiting)));
}

std::size_t ComposeDesk::waiting_count() const {
  return static_cast<std::size_t>(std::count_if(outbox_.begin(), outbox_.end(), [](const Outgoing& outgoing) {
    return outgoing.state == OutgoingState::waiting || outgoing.state == OutgoingState::handing;
  }));
}

std::size_t ComposeDesk::refused_count() const {
  return static_cast<std::size_t>(std::count_if(outbox_.begin(), outbox_.end(), [](const Outgoing& outgoing) {
    return outgoing.state == OutgoingState::refused || outgoing.state == OutgoingState::maybe_sent;
  }));
}

void ComposeDesk::on(messages::OutboxChanged& event) {
  const std::vector<Outgoing> before = std::exchange(outbox_, std::move(event.entries));
  for (Tab& tab : tabs_) {
    if (tab.kind == Tab::Kind::outbox) tab.cursor = std::min(tab.cursor, outbox_.empty() ? 0 : outbox_.size() - 1);
  }
  const auto is_in = [](const std::vector<Outgoing>& entries, std::int64_t id) {
    return std::any_of(entries.begin(), entries.end(), [id](const Outgoing& outgoing) { return outgoing.id == id; });
  };
  std::string whom;
  std::erase_if(departures_, [&](const Departure& departure) {
    const bool has_left = !departure.is_gone && departure.due <= office_.now() + 1 && !is_in(outbox_, departure.outgoing);
    if (has_left && event.sent > 0) whom = departure.whom;
    return has_left;
  });
  if (!whom.empty() && event.sent == 1) {
    office_.say(Notice::Kind::done, fmt::format(fmt::runtime(_("Sent to {}.")), whom));
  } else if (event.sent > 0) {
    const auto sent = static_cast<unsigned long>(event.sent);
    office_.say(Notice::Kind::done, fmt::format(fmt::runtime(n_("{} mail sent.", "{} mails sent.", sent)), number(event.sent)));
  }
  if (event.sent > 0) fetch_sent(before);
  say_troubles(before);
}

/// The copy of a sent mail, put into the Sent folder by us or by the server, is found by a search only when a pass has seen it.
void ComposeDesk::fetch_sent(const std::vector<Outgoing>& before) {
  std::set<std::string> accounts;
  for (const Outgoing& outgoing : before) {
    const bool has_left = std::none_of(outbox_.begin(), outbox_.end(), [&](const Outgoing& left) { return left.id == outgoing.id; });
    if (has_left) accounts.insert(outgoing.account);
  }
  if (!accounts.empty()) office_.post(messages::SyncAccounts{{accounts.begin(), accounts.end()}});
}

/// What needs a person since the last time.
void ComposeDesk::say_troubles(const std::vector<Outgoing>& before) {
  for (const Outgoing& now : outbox_) {
    const auto then = std::find_if(before.begin(), before.end(), [&](const Outgoing& other) { return other.id == now.id; });
    if (then != before.end() && then->state == now.state) continue;
    std::vector<Address> to;
    for (const std::string& recipient : now.recipients) to.push_back({{}, recipient});
    const std::string whom = whom_in_words(to), answer = clean_phrase(now.answer);
    if (now.state == OutgoingState::refused) {
      std::string text = fmt::format(fmt::runtime(_("The mail to {} was refused")), whom);
      office_.say(Notice::Kind::failed, text + (answer.empty() ? "." : ": " + answer + "."), _(":outbox shows it; e there makes it a draft again."));
    } else if (now.state == OutgoingState::maybe_sent) {
      office_.say(Notice::Kind::failed, fmt::format(fmt::runtime(_("The line broke while the mail to {} was handed over: it may have been sent.")), whom),
                  _("It is not sent again by itself. :outbox shows it."));
    }
  }
}

std::string ComposeDesk::last_words() {
  const bool is_second = std::exchange(has_warned_, true);
  if (is_second) return {};
  if (wish_) return _("An editor is still open.");
  if (waiting_count() > 0) {
    const auto waiting = static_cast<unsigned long>(waiting_count());
    return fmt::format(fmt::runtime(n_("{} mail still waits in the outbox, and leaves when valija runs again.",
                                       "{} mails still wait in the outbox, and leave when valija runs again.", waiting)), number(waiting));
  }
  has_warned_ = false;
  return {};
}

}  // namespace valija::app
