#include "outbox_pass.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <random>
#include <utility>

#include "valija/base/text.hpp"
#include "valija/base/words.hpp"
#include "valija/mime/build.hpp"

namespace valija::workers {
namespace {

using How = remote::Submitted::How;

constexpr UnixTime minute_s = 60;
constexpr int most_doublings = 6;  // 1, 2, 4 ... 60 minutes
/// Longer no server takes to show in the Sent folder what it sent; then a person has to say.
constexpr UnixTime looked_for_s = 24 * 3600;

/// "550 no such user", for refused recipients with their names: "ben@example.org: 550 no such user".
std::string in_words(const remote::Submitted& submitted) {
  std::vector<std::string> words;
  for (const smtp::Refused& refused : submitted.recipients) words.push_back(refused.recipient + ": " + clean_phrase(refused.reply.text()));
  if (words.empty()) return clean_phrase(submitted.answer);
  return join(words, "; ");
}

/// 1, 2, 4 ... 60 minutes, a little more or less, so that not all come back at once.
UnixTime back_off(int tries) {
  static thread_local std::minstd_rand random{std::random_device()()};
  const UnixTime wait = std::min<UnixTime>(minute_s << std::min(tries, most_doublings), 60 * minute_s);
  return wait + std::uniform_int_distribution<UnixTime>(-wait / 10, wait / 10)(random);
}

/// The mails of one account, one behind the other on one line.
std::vector<Outgoing> first_account(std::vector<Outgoing> entries) {
  if (entries.empty()) return entries;
  const std::string account = entries.front().account;
  std::erase_if(entries, [&](const Outgoing& entry) { return entry.account != account; });
  return entries;
}

/// For the log.
const char* name_of(How how) {
  switch (how) {
    case How::accepted: return "sent";
    case How::try_later: return "to be tried again";
    case How::refused: return "refused";
    case How::unknown: return "maybe sent";
  }
  return "";
}

std::string told(const char* sentence, const Outgoing& entry, const std::string& answer) {
  return fmt::format(fmt::runtime(sentence), clean_phrase(entry.subject.empty() ? entry.message_id : entry.subject), clean_phrase(answer));
}

}  // namespace

Result<void> OutboxPass::run() {
  auto entries = desk_.outbox().all();
  if (!entries) return fail(std::move(entries).error());
  for (const Outgoing& entry : *entries) {
    if (entry.state == OutgoingState::accepted) finish(entry, false);
  }
  while (!stop_.stop_requested()) {
    const auto due = this->due();
    if (!due) return fail(due.error());
    if (due->empty()) break;
    if (auto sent = send(first_account(*due)); !sent) return sent;
  }
  return stop_.stop_requested() ? Result<void>() : look_for_maybe_sent();
}

Result<bool> OutboxPass::has_more() {
  if (stop_.stop_requested()) return false;
  const auto due = this->due();
  if (!due) return fail(due.error());
  return !due->empty();
}

Result<SendReport> OutboxPass::report() {
  const auto entries = desk_.outbox().all();
  if (!entries) return fail(entries.error());
  for (const Outgoing& entry : *entries) {
    if (entry.state == OutgoingState::refused) ++report_.refused;
    if (entry.state == OutgoingState::maybe_sent) ++report_.maybe_sent;
    if (entry.state != OutgoingState::waiting) continue;
    ++report_.waiting;
    report_.next_due = report_.next_due == 0 ? entry.due : std::min(report_.next_due, entry.due);
  }
  return std::move(report_);
}

Result<std::vector<Outgoing>> OutboxPass::due() {
  auto entries = desk_.outbox().all();
  if (!entries) return entries;
  const UnixTime now = desk_.now();
  std::erase_if(*entries, [&](const Outgoing& entry) {
    return entry.state != OutgoingState::waiting || attempted_.contains(entry.id) || (!whatever_due_ && entry.due > now);
  });
  return entries;
}

Result<void> OutboxPass::send(const std::vector<Outgoing>& entries) {
  for (const Outgoing& entry : entries) attempted_.insert(entry.id);
  const auto account = desk_.account(entries.front().account);
  if (!account) return put_off(entries, account.error());
  std::unique_ptr<Submission> line;
  for (auto entry = entries.begin(); entry != entries.end() && !stop_.stop_requested();) {
    const bool is_fresh = !line || !line->is_open();
    if (is_fresh) {
      auto opened = desk_.options().open(**account, stop_);
      if (!opened) return put_off({entry, entries.end()}, opened.error());
      line = std::move(*opened);
    }
    const auto again = send(*line, *entry, is_fresh);
    if (!again) return fail(again.error());
    if (!*again) ++entry;
  }
  if (line) line->close();
  return {};
}

Result<bool> OutboxPass::send(Submission& line, const Outgoing& listed, bool is_fresh) {
  // Somebody may have taken it back while the others were sent; some of its recipients may have it.
  const auto found = desk_.outbox().find(listed.id);
  if (!found) return fail(found.error());
  if (!*found || (*found)->state != OutgoingState::waiting) return false;
  const Outgoing& entry = **found;
  OutgoingState state = OutgoingState::waiting;
  const auto before_last = [&](const std::vector<std::string>& later) -> Result<void> {
    const auto changed = desk_.outbox().hand(entry.id, later);
    if (!changed) return fail(changed.error());
    if (!*changed) return fail(Kind::cancelled, Blast::message, _("It was taken back."));
    state = OutgoingState::handing;
    return {};
  };
  const remote::Submitted submitted = hand_over(line, entry, before_last);
  const bool had_hung_up = submitted.how == How::try_later && !line.is_open() && state == OutgoingState::waiting;
  if (had_hung_up && !is_fresh) return true;
  if (submitted.how == How::accepted && !submitted.later.empty()) {
    if (auto settled = settle_part(entry, state, submitted.later); !settled) return fail(std::move(settled).error());
    return true;
  }
  if (auto settled = settle(entry, state, submitted); !settled) return fail(std::move(settled).error());
  return false;
}

remote::Submitted OutboxPass::hand_over(Submission& line, const Outgoing& entry, const remote::BeforeLast& before_last) {
  smtp::Envelope envelope{entry.sender, without(entry.recipients, entry.delivered), entry.size, entry.needs_smtputf8, entry.is_eight_bit, entry.wants_dsn};
  if (!entry.is_eight_bit || line.extensions().eight_bit) return line.send(envelope, entry.file, before_last);
  const std::string file = desk_.outbox().new_file();
  const auto written = mime::write_seven_bit(entry.file, file);
  envelope.is_eight_bit = false;
  envelope.size = 0;
  remote::Submitted submitted;
  submitted.how = How::refused;
  submitted.answer = written ? std::string() : written.error().message;
  if (written) submitted = line.send(envelope, file, before_last);
  ::unlink(file.c_str());
  return submitted;
}

Result<void> OutboxPass::settle_part(const Outgoing& entry, OutgoingState state, const std::vector<std::string>& later) {
  const auto delivered = without(entry.recipients, later);
  desk_.log().write(entry.account, fmt::format("outbox {}: {} of {} recipients have it", entry.id, delivered.size(), entry.recipients.size()));
  const auto changed = desk_.outbox().deliver_part(entry.id, state, delivered);
  if (!changed) return fail(changed.error());
  desk_.tell();
  return {};
}

Result<void> OutboxPass::settle(const Outgoing& entry, OutgoingState state, const remote::Submitted& submitted) {
  const std::string words = in_words(submitted);
  const std::string answer = words.empty() ? submitted.answer : words;
  desk_.log().write(entry.account, fmt::format("outbox {}: {} {}", entry.id, name_of(submitted.how), answer));
  switch (submitted.how) {
    case How::accepted: {
      const auto changed = desk_.outbox().change(entry.id, state, OutgoingState::accepted, answer);
      if (!changed) return fail(changed.error());
      ++report_.sent;
      finish(entry, false);
      desk_.tell(1);
      return {};
    }
    case How::try_later:
      if (auto put_off = postpone(entry, state, answer); !put_off) return put_off;
      add({Kind::try_later, Blast::message, told(_("\"{}\" could not be sent yet: {}."), entry, answer), _("It is tried again by itself.")});
      break;
    case How::refused:
      if (auto changed = desk_.outbox().change(entry.id, state, OutgoingState::refused, answer); !changed) return fail(changed.error());
      add({Kind::unreachable, Blast::message,
           told(entry.delivered.empty() ? _("\"{}\" was refused, and nobody got it: {}.") : _("\"{}\" was refused for those who do not have it yet: {}."), entry, answer),
           fmt::format(fmt::runtime(_("It stays in the outbox. Try again: valija outbox send {0}. Give up: valija outbox cancel {0}.")), entry.id)});
      break;
    case How::unknown:
      if (auto changed = desk_.outbox().change(entry.id, state, OutgoingState::maybe_sent, answer); !changed) return fail(changed.error());
      add({Kind::try_later, Blast::message, told(_("\"{}\" may have been sent: the line was cut before the server answered ({})."), entry, answer),
           fmt::format(fmt::runtime(_("It is not sent again by itself. Ask the recipient, then: valija outbox send {0}, or valija outbox cancel {0}.")), entry.id)});
      break;
  }
  desk_.tell();
  return {};
}

Result<void> OutboxPass::postpone(const Outgoing& entry, OutgoingState from, const std::string& answer) {
  // Somebody who took it back meanwhile was faster: then there is nothing to put off.
  const auto done = desk_.outbox().postpone(entry.id, from, desk_.now() + back_off(entry.tries), answer);
  return done ? Result<void>() : fail(done.error());
}

Result<void> OutboxPass::put_off(const std::vector<Outgoing>& entries, const Error& error) {
  if (error.kind == Kind::cancelled) return {};
  desk_.log().write(entries.front().account, error.message);
  add(error);
  for (const Outgoing& entry : entries) {
    if (auto done = postpone(entry, OutgoingState::waiting, clean_phrase(error.message)); !done) return done;
  }
  desk_.tell();
  return {};
}

void OutboxPass::finish(const Outgoing& entry, bool has_copy) {
  if (auto finished = desk_.finish(entry, has_copy); !finished) {
    desk_.log().write(entry.account, finished.error().message);
    add(std::move(finished).error());
  }
}

Result<void> OutboxPass::look_for_maybe_sent() {
  auto entries = desk_.outbox().all();
  if (!entries) return fail(std::move(entries).error());
  std::map<std::string, std::vector<Outgoing>> held;
  for (Outgoing& entry : *entries) {
    const bool is_looked_for = entry.state == OutgoingState::maybe_sent && can_be_looked_for(entry) && desk_.now() - entry.due < looked_for_s;
    if (is_looked_for) held[entry.account].push_back(std::move(entry));
  }
  for (const auto& [name, mails] : held) {
    const auto account = desk_.account(name);
    if (!account) continue;
    std::vector<std::string> ids;
    for (const Outgoing& mail : mails) ids.push_back(mail.message_id);
    const auto found = desk_.options().find_sent(**account, ids, stop_);
    if (!found) desk_.log().write(name, found.error().message);
    for (const Outgoing& mail : mails) {
      if (!found || std::find(found->begin(), found->end(), mail.message_id) == found->end()) continue;
      desk_.log().write(name, fmt::format("outbox {}: is in the Sent folder", mail.id));
      if (!mail.later.empty()) {
        if (auto settled = settle_part(mail, OutgoingState::maybe_sent, mail.later); !settled) return settled;
        attempted_.erase(mail.id);
        continue;
      }
      ++report_.sent;
      finish(mail, true);
      desk_.tell(1);
    }
  }
  return {};
}

void OutboxPass::add(Error error) {
  constexpr std::size_t most_errors = 100;
  if (report_.errors.size() < most_errors) report_.errors.push_back(std::move(error));
}

}  // namespace valija::workers
