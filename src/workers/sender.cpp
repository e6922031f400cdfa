#include "valija/workers/sender.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "command_submission.hpp"
#include "dial_of.hpp"
#include "sent_copy.hpp"
#include "sent_search.hpp"
#include "tag_original.hpp"
#include "valija/base/log.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"
#include "valija/mime/build.hpp"

namespace valija::workers {
namespace {

using How = remote::Submitted::How;
using Submission = remote::Submission;

constexpr int command_timeout_ms = 10 * 60 * 1000;
constexpr UnixTime minute_s = 60;
constexpr int most_doublings = 6;  // 1, 2, 4 ... 60 minutes
/// Longer no server takes to show in the Sent folder what it sent; then a person has to say.
constexpr UnixTime looked_for_s = 24 * 3600;

Error no_mail(std::int64_t id) {
  return {Kind::usage, Blast::message, fmt::format(fmt::runtime(_("No mail {} is in the outbox.")), id), _("See: valija outbox")};
}

Error sends_elsewhere() {
  return {Kind::try_later, Blast::program, _("Another valija process is sending."), _("It sends this mail too.")};
}

/// "550 no such user", for refused recipients with their names: "ben@example.org: 550 no such user".
std::string in_words(const remote::Submitted& submitted) {
  std::vector<std::string> words;
  for (const smtp::Refused& refused : submitted.recipients) words.push_back(refused.recipient + ": " + clean_phrase(refused.reply.text()));
  if (words.empty()) return clean_phrase(submitted.answer);
  return join(words, "; ");
}

Result<std::unique_ptr<Submission>> open_line(const config::Account& account, const config::Settings& settings, const std::stop_token& stop) {
  if (!account.send_command.empty()) return std::unique_ptr<Submission>(std::make_unique<CommandSubmission>(account.send_command, command_timeout_ms));
  if (!account.send) {
    return fail(Kind::settings, Blast::account, fmt::format(fmt::runtime(_("Account {} has no server to send by.")), account.name),
                _("Write send = \"smtps://user@host\" into its section of the settings."));
  }
  const auto dial = dial_with_password(account, *account.send, settings, stop);
  if (!dial) return fail(dial.error());
  return Submission::open([dial](std::stop_token asked) { return net::dial(*dial, std::move(asked)); }, stop);
}

/// 1, 2, 4 ... 60 minutes, a little more or less, so that not all come back at once.
UnixTime back_off(int tries) {
  static thread_local std::minstd_rand random{std::random_device()()};
  const UnixTime wait = std::min<UnixTime>(minute_s << std::min(tries, most_doublings), 60 * minute_s);
  return wait + std::uniform_int_distribution<UnixTime>(-wait / 10, wait / 10)(random);
}

}  // namespace

struct Sender::State {
  Options options;
  Log log;
  std::unique_ptr<store::Outbox> outbox;

  explicit State(Options given) : options(std::move(given)), log(options.places.state_dir + "/log") {
    if (!options.open) {
      options.open = [settings = &options.settings](const config::Account& account, const std::stop_token& stop) { return open_line(account, *settings, stop); };
    }
    if (!options.find_sent) {
      options.find_sent = [settings = &options.settings, places = &options.places](const config::Account& account, const std::vector<std::string>& ids,
                                                                                  const std::stop_token& stop) {
        return workers::find_sent(account, *settings, *places, ids, stop);
      };
    }
  }

  Result<void> open_outbox() {
    if (outbox) return {};
    auto opened = store::Outbox::open(options.places.state_dir);
    if (!opened) return fail(std::move(opened).error());
    outbox = std::move(*opened);
    return {};
  }

  UnixTime now() const { return options.clock.now(); }
  void tell(std::uint64_t sent = 0) const {
    if (options.changed) options.changed(sent);
  }

  Result<const config::Account*> account(const std::string& name) const {
    const auto& accounts = options.settings.accounts;
    const auto found = std::find_if(accounts.begin(), accounts.end(), [&](const auto& one) { return one.name == name; });
    if (found != accounts.end()) return &*found;
    return fail(Kind::settings, Blast::account, fmt::format(fmt::runtime(_("The settings have no account {} any more, which mail is to be sent by.")), clean(name)),
                _("Write it into the settings again, or cancel the mail: valija outbox"));
  }

  /// Everything behind the server's 250; each step can be done again. `has_copy`: the Sent folder has it.
  Result<void> finish(const Outgoing& entry, bool has_copy) {
    const auto by = account(entry.account);
    if (by && !has_copy && needs_sent_copy(**by)) {
      const auto copied = make_sent_copy(entry, **by, options.settings, options.places);
      if (!copied) return fail(copied.error());
    }
    if (entry.stored.starts_with(options.settings.mail_root + "/")) ::unlink(entry.stored.c_str());
    if (!entry.original.empty() && !entry.original_tag.empty()) {
      if (auto tagged = tag_original(entry, options.settings, options.places, now()); !tagged) return tagged;
    }
    return outbox->done(entry.id);
  }
};

namespace {

/// The mails of one account, one behind the other on one line.
std::vector<Outgoing> first_account(std::vector<Outgoing> entries) {
  if (entries.empty()) return entries;
  const std::string account = entries.front().account;
  std::erase_if(entries, [&](const Outgoing& entry) { return entry.account != account; });
  return entries;
}

}  // namespace

/// One time through the outbox, with the lock held. An error is one of the disk: what it means for a mail is found out by the next pass.
class Sender::Pass {
 public:
  Pass(Sender::State& sender, std::stop_token stop, bool whatever_due) : sender_(sender), stop_(std::move(stop)), whatever_due_(whatever_due) {}

  Result<void> run() {
    auto entries = sender_.outbox->all();
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

  /// Something was put while the lock was held: who put it left it to us.
  Result<bool> has_more() {
    if (stop_.stop_requested()) return false;
    const auto due = this->due();
    if (!due) return fail(due.error());
    return !due->empty();
  }

  Result<SendReport> report() {
    const auto entries = sender_.outbox->all();
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

 private:
  Result<std::vector<Outgoing>> due() {
    auto entries = sender_.outbox->all();
    if (!entries) return entries;
    const UnixTime now = sender_.now();
    std::erase_if(*entries, [&](const Outgoing& entry) {
      return entry.state != OutgoingState::waiting || attempted_.contains(entry.id) || (!whatever_due_ && entry.due > now);
    });
    return entries;
  }

  Result<void> send(const std::vector<Outgoing>& entries) {
    for (const Outgoing& entry : entries) attempted_.insert(entry.id);
    const auto account = sender_.account(entries.front().account);
    if (!account) return put_off(entries, account.error());
    std::unique_ptr<Submission> line;
    for (auto entry = entries.begin(); entry != entries.end() && !stop_.stop_requested();) {
      const bool is_fresh = !line || !line->is_open();
      if (is_fresh) {
        auto opened = sender_.options.open(**account, stop_);
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

  /// True: the server had hung up while the line was idle, and nothing happened.
  Result<bool> send(Submission& line, const Outgoing& entry, bool is_fresh) {
    // Somebody may have taken it back while the others were sent.
    const auto found = sender_.outbox->find(entry.id);
    if (!found) return fail(found.error());
    if (!*found || (*found)->state != OutgoingState::waiting) return false;
    OutgoingState state = OutgoingState::waiting;
    const auto before_last = [&]() -> Result<void> {
      const auto changed = sender_.outbox->change(entry.id, OutgoingState::waiting, OutgoingState::handing, {});
      if (!changed) return fail(changed.error());
      if (!*changed) return fail(Kind::cancelled, Blast::message, _("It was taken back."));
      state = OutgoingState::handing;
      return {};
    };
    const remote::Submitted submitted = hand_over(line, entry, before_last);
    const bool had_hung_up = submitted.how == How::try_later && !line.is_open() && state == OutgoingState::waiting;
    if (had_hung_up && !is_fresh) return true;
    if (auto settled = settle(entry, state, submitted); !settled) return fail(std::move(settled).error());
    return false;
  }

  remote::Submitted hand_over(Submission& line, const Outgoing& entry, const std::function<Result<void>()>& before_last) {
    smtp::Envelope envelope{entry.sender, entry.recipients, entry.size, entry.needs_smtputf8, entry.is_eight_bit, entry.wants_dsn};
    if (!entry.is_eight_bit || line.extensions().eight_bit) return line.send(envelope, entry.file, before_last);
    const std::string file = sender_.outbox->new_file();
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

  /// What became of it, onto the disk. Where that fails behind the final dot it stays `handing`, and is `maybe_sent` for the next.
  Result<void> settle(const Outgoing& entry, OutgoingState state, const remote::Submitted& submitted) {
    const std::string words = in_words(submitted);
    const std::string answer = words.empty() ? submitted.answer : words;
    sender_.log.write(entry.account, fmt::format("outbox {}: {} {}", entry.id, name_of(submitted.how), answer));
    switch (submitted.how) {
      case How::accepted: {
        const auto changed = sender_.outbox->change(entry.id, state, OutgoingState::accepted, answer);
        if (!changed) return fail(changed.error());
        ++report_.sent;
        finish(entry, false);
        sender_.tell(1);
        return {};
      }
      case How::try_later:
        if (auto put_off = postpone(entry, state, answer); !put_off) return put_off;
        add({Kind::try_later, Blast::message, told(_("\"{}\" could not be sent yet: {}."), entry, answer), _("It is tried again by itself.")});
        break;
      case How::refused:
        if (auto changed = sender_.outbox->change(entry.id, state, OutgoingState::refused, answer); !changed) return fail(changed.error());
        add({Kind::unreachable, Blast::message, told(_("\"{}\" was refused, and nobody got it: {}."), entry, answer),
             fmt::format(fmt::runtime(_("It stays in the outbox. Try again: valija outbox send {0}. Give up: valija outbox cancel {0}.")), entry.id)});
        break;
      case How::unknown:
        if (auto changed = sender_.outbox->change(entry.id, state, OutgoingState::maybe_sent, answer); !changed) return fail(changed.error());
        add({Kind::try_later, Blast::message, told(_("\"{}\" may have been sent: the line was cut before the server answered ({})."), entry, answer),
             fmt::format(fmt::runtime(_("It is not sent again by itself. Ask the recipient, then: valija outbox send {0}, or valija outbox cancel {0}.")), entry.id)});
        break;
    }
    sender_.tell();
    return {};
  }

  static const char* name_of(How how) {
    switch (how) {
      case How::accepted: return "sent";
      case How::try_later: return "to be tried again";
      case How::refused: return "refused";
      case How::unknown: return "maybe sent";
    }
    return "";
  }

  static std::string told(const char* sentence, const Outgoing& entry, const std::string& answer) {
    return fmt::format(fmt::runtime(sentence), clean_phrase(entry.subject.empty() ? entry.message_id : entry.subject), clean_phrase(answer));
  }

  Result<void> postpone(const Outgoing& entry, OutgoingState from, const std::string& answer) {
    // Somebody who took it back meanwhile was faster: then there is nothing to put off.
    const auto done = sender_.outbox->postpone(entry.id, from, sender_.now() + back_off(entry.tries), answer);
    return done ? Result<void>() : fail(done.error());
  }

  Result<void> put_off(const std::vector<Outgoing>& entries, const Error& error) {
    if (error.kind == Kind::cancelled) return {};
    sender_.log.write(entries.front().account, error.message);
    add(error);
    for (const Outgoing& entry : entries) {
      if (auto done = postpone(entry, OutgoingState::waiting, clean_phrase(error.message)); !done) return done;
    }
    sender_.tell();
    return {};
  }

  /// What fails is done by the next pass: the mail is sent, and stays `accepted` until then.
  void finish(const Outgoing& entry, bool has_copy) {
    if (auto finished = sender_.finish(entry, has_copy); !finished) {
      sender_.log.write(entry.account, finished.error().message);
      add(std::move(finished).error());
    }
  }

  Result<void> look_for_maybe_sent() {
    auto entries = sender_.outbox->all();
    if (!entries) return fail(std::move(entries).error());
    std::map<std::string, std::vector<Outgoing>> held;
    for (Outgoing& entry : *entries) {
      const bool is_looked_for = entry.state == OutgoingState::maybe_sent && !entry.message_id.empty() && sender_.now() - entry.due < looked_for_s;
      if (is_looked_for) held[entry.account].push_back(std::move(entry));
    }
    for (const auto& [name, mails] : held) {
      const auto account = sender_.account(name);
      if (!account) continue;
      std::vector<std::string> ids;
      for (const Outgoing& mail : mails) ids.push_back(mail.message_id);
      const auto found = sender_.options.find_sent(**account, ids, stop_);
      if (!found) sender_.log.write(name, found.error().message);
      for (const Outgoing& mail : mails) {
        if (!found || std::find(found->begin(), found->end(), mail.message_id) == found->end()) continue;
        sender_.log.write(name, fmt::format("outbox {}: is in the Sent folder", mail.id));
        ++report_.sent;
        finish(mail, true);
        sender_.tell(1);
      }
    }
    return {};
  }

  void add(Error error) {
    constexpr std::size_t most_errors = 100;
    if (report_.errors.size() < most_errors) report_.errors.push_back(std::move(error));
  }

  Sender::State& sender_;
  const std::stop_token stop_;
  const bool whatever_due_;
  std::set<std::int64_t> attempted_;
  SendReport report_;
};

Sender::Sender(Options options) : state_(std::make_unique<State>(std::move(options))) {}

Sender::~Sender() = default;

Result<SendReport> Sender::send_due(std::stop_token stop, bool whatever_due) {
  if (auto opened = state_->open_outbox(); !opened) return fail(std::move(opened).error());
  Pass pass(*state_, std::move(stop), whatever_due);
  Result<bool> has_more = true;
  for (bool is_first = true; has_more && *has_more; is_first = false) {
    {
      const auto lock = state_->outbox->try_lock();
      if (!lock) return fail(lock.error());
      if (!*lock && is_first) return fail(sends_elsewhere());
      if (!*lock) break;
      if (auto done = pass.run(); !done) return fail(std::move(done).error());
    }
    has_more = pass.has_more();
  }
  if (!has_more) return fail(has_more.error());
  return pass.report();
}

Result<bool> Sender::is_in_sent(const Outgoing& entry, std::stop_token stop) {
  const auto account = state_->account(entry.account);
  if (!account) return fail(account.error());
  if (entry.message_id.empty()) return false;
  const auto found = state_->options.find_sent(**account, {entry.message_id}, std::move(stop));
  if (!found) return fail(found.error());
  return !found->empty();
}

Result<void> Sender::send_again(std::int64_t id, std::stop_token stop) {
  if (auto opened = state_->open_outbox(); !opened) return opened;
  const auto found = state_->outbox->find(id);
  if (!found) return fail(found.error());
  if (!*found) return fail(no_mail(id));
  const Outgoing& entry = **found;
  if (entry.state == OutgoingState::handing || entry.state == OutgoingState::accepted) {
    return fail(Kind::usage, Blast::message, fmt::format(fmt::runtime(_("Mail {} is being sent.")), id));
  }
  if (entry.state != OutgoingState::waiting) {
    const auto is_sent = is_in_sent(entry, std::move(stop));
    if (!is_sent) return fail(is_sent.error());
    if (*is_sent) {
      auto finished = state_->finish(entry, true);
      state_->tell(1);
      return finished;
    }
  }
  const auto is_due = state_->outbox->postpone(id, entry.state, state_->now(), entry.answer);
  if (!is_due) return fail(is_due.error());
  state_->tell();
  return {};
}

}  // namespace valija::workers
