#include "valija/smtp/session.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "valija/base/text.hpp"
#include "valija/base/words.hpp"
#include "valija/smtp/address.hpp"

namespace valija::smtp {
namespace {

Unexpected unusable(std::string message) { return fail(Kind::input, Blast::message, std::move(message)); }

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool needs_smtputf8(const Envelope& envelope) {
  return envelope.needs_smtputf8 || !is_ascii(envelope.sender) || !std::all_of(envelope.recipients.begin(), envelope.recipients.end(), is_ascii);
}

std::size_t number_of(std::string_view digits) {
  std::size_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

/// "RCPTMAX=100" among the words behind LIMITS.
std::size_t most_recipients_in(const std::vector<std::string>& words) {
  constexpr std::string_view name = "RCPTMAX=";
  const auto limit = std::find_if(words.begin(), words.end(), [&](const std::string& word) { return starts_with_ignoring_case(word, name); });
  return limit == words.end() ? 0 : number_of(std::string_view(*limit).substr(name.size()));
}

/// "Too many recipients" (RFC 5321 §4.5.3.1.10, RFC 3463 §3.6), not a full mailbox or a full disk.
bool is_limit(const Reply& reply) {
  if (!reply.enhanced.empty()) return reply.enhanced.ends_with(".5.3");
  return reply.code == 452;
}

/// Behind the first line, which is the server's name.
Extensions parse_extensions(const std::vector<std::string>& lines) {
  Extensions extensions;
  for (std::size_t at = 1; at < lines.size(); ++at) {
    const std::vector<std::string> words = split(lines[at], ' ');
    const std::string& name = words.front();
    extensions.pipelining |= equal_ignoring_case(name, "PIPELINING");
    extensions.eight_bit |= equal_ignoring_case(name, "8BITMIME");
    extensions.smtputf8 |= equal_ignoring_case(name, "SMTPUTF8");
    extensions.dsn |= equal_ignoring_case(name, "DSN");
    extensions.chunking |= equal_ignoring_case(name, "CHUNKING");
    if (equal_ignoring_case(name, "LIMITS")) extensions.most_recipients = most_recipients_in(words);
    if (!equal_ignoring_case(name, "SIZE")) continue;
    extensions.takes_size = true;
    if (words.size() > 1) std::from_chars(words[1].data(), words[1].data() + words[1].size(), extensions.size);
  }
  return extensions;
}

std::string mail_line(const Envelope& envelope, const Extensions& extensions) {
  std::string line = "MAIL FROM:<" + envelope.sender + '>';
  if (extensions.takes_size && envelope.size > 0) line += " SIZE=" + std::to_string(envelope.size);
  if (envelope.is_eight_bit) line += " BODY=8BITMIME";
  if (needs_smtputf8(envelope)) line += " SMTPUTF8";
  if (envelope.wants_dsn && extensions.dsn) line += " RET=HDRS";
  return line;
}

}  // namespace

Session::Session(std::string client_name) : client_name_(std::move(client_name)) { send({Verb::ehlo, "EHLO " + client_name_ + "\r\n"}); }

std::string Session::take_output() {
  const std::size_t allowed = extensions_.pipelining ? waiting_.size() : std::min<std::size_t>(waiting_.size(), 1);
  for (; on_their_way_ < allowed; ++on_their_way_) output_ += waiting_[on_their_way_].line;
  return std::exchange(output_, {});
}

Result<void> Session::check(const Envelope& envelope) const {
  if (envelope.recipients.empty()) return unusable(_("The mail has no recipient."));
  for (const std::string& recipient : envelope.recipients) {
    if (!is_sendable(recipient)) return unusable(fmt::format(fmt::runtime(_("\"{}\" is no address that mail can be sent to.")), clean(recipient)));
  }
  if (!envelope.sender.empty() && !is_sendable(envelope.sender)) {
    return unusable(fmt::format(fmt::runtime(_("\"{}\" is no address that mail can be sent from.")), clean(envelope.sender)));
  }
  if (extensions_.size > 0 && envelope.size > extensions_.size) {
    return unusable(fmt::format(fmt::runtime(_("The mail has {} octets; the server takes {} at most.")), envelope.size, extensions_.size));
  }
  if (needs_smtputf8(envelope) && !extensions_.smtputf8) return unusable(_("The server takes no addresses with letters that are not ASCII (SMTPUTF8)."));
  if (envelope.is_eight_bit && !extensions_.eight_bit) return unusable(_("The server takes only mail that is encoded in 7 bits (8BITMIME)."));
  return {};
}

Result<void> Session::begin(const Envelope& envelope) {
  if (auto checked = check(envelope); !checked) return checked;
  step_ = Step::envelope;
  outcome_ = {};
  encoder_ = {};
  send({Verb::mail, mail_line(envelope, extensions_) + "\r\n"});
  const char* notify = envelope.wants_dsn && extensions_.dsn ? " NOTIFY=SUCCESS,DELAY,FAILURE" : "";
  taken_ = 0;
  const std::size_t all = envelope.recipients.size();
  const std::size_t asked = most_recipients_ == 0 ? all : std::min(all, most_recipients_);
  for (std::size_t i = 0; i < asked; ++i) send({Verb::rcpt, "RCPT TO:<" + envelope.recipients[i] + '>' + notify + "\r\n", envelope.recipients[i]});
  outcome_.later.assign(envelope.recipients.begin() + static_cast<std::ptrdiff_t>(asked), envelope.recipients.end());
  return {};
}

void Session::add_body(std::string_view octets) {
  if (step_ == Step::body) encoder_.add(octets, output_);
}

void Session::end_body() {
  if (step_ != Step::body) return;
  encoder_.end(output_);
  step_ = Step::answer;
  outcome_.was_handed_over = true;
  waiting_.push_back({Verb::last, {}});
}

void Session::quit() {
  if (step_ != Step::ready) return;
  close();
  output_ = "QUIT\r\n";
}

void Session::close() {
  step_ = Step::closed;
  waiting_.clear();
  on_their_way_ = 0;
  output_.clear();
}

Result<void> Session::feed(std::string_view octets) {
  if (step_ == Step::closed) return {};
  parser_.feed(octets);
  while (step_ != Step::closed) {
    auto reply = parser_.next();
    Result<void> taken;
    if (!reply) taken = fail(std::move(reply).error());
    else if (*reply) taken = take(std::move(**reply));
    else return {};
    if (!taken) close();
    if (!taken) return taken;
  }
  return {};
}

Result<void> Session::take(Reply reply) {
  if (step_ == Step::greeting) return take_greeting(reply);
  // RFC 5321 §3.8: at any time. Behind the final dot it is an answer like any: the mail was not taken.
  if (reply.code == 421) {
    if (outcome_.reply.code == 0) outcome_.reply = std::move(reply);
    close();
    return {};
  }
  if (on_their_way_ == 0) return take_unasked(std::move(reply));
  const Command command = std::move(waiting_.front());
  waiting_.pop_front();
  --on_their_way_;
  return take_answer(command, std::move(reply));
}

Result<void> Session::take_greeting(const Reply& reply) {
  if (!reply.is_done()) {
    return fail(reply.is_temporary() ? Kind::try_later : Kind::protocol, Blast::account, fmt::format(fmt::runtime(_("The server takes no mail: {}.")), clean_phrase(reply.text())),
                reply.is_temporary() ? _("Try again later.") : _("Check the port in the settings."));
  }
  if (on_their_way_ == 0) return take_unasked(reply);
  extensions_ = parse_extensions(reply.lines);
  most_recipients_ = extensions_.most_recipients;
  waiting_.clear();
  on_their_way_ = 0;
  step_ = Step::ready;
  return {};
}

/// A refusal while the message goes out is one, and nothing of it may go on. Anything else is out of step: the next answer would be taken for one that it is not.
Result<void> Session::take_unasked(Reply reply) {
  if (step_ != Step::body || !reply.is_refusal()) return fail(Kind::protocol, Blast::account, _("The server answered without being asked."), _("Try again later."));
  outcome_.reply = std::move(reply);
  close();
  return {};
}

Result<void> Session::take_answer(const Command& command, Reply reply) {
  const bool is_expected = command.verb == Verb::data ? reply.code == 354 : reply.is_done();
  if (!is_expected && !reply.is_refusal()) return fail(Kind::protocol, Blast::account, _("The server gave an answer that does not fit the command."), _("Try again later."));
  switch (command.verb) {
    case Verb::rset:
      // Who does not forget an envelope is not given another.
      if (is_expected) step_ = Step::ready;
      else close();
      return {};
    case Verb::last:
      outcome_.is_accepted = is_expected;
      outcome_.reply = std::move(reply);
      step_ = Step::ready;
      return {};
    case Verb::data:
      if (is_expected) step_ = Step::body;
      else reset(std::move(reply));
      return {};
    case Verb::mail:
      if (is_expected) break;
      outcome_.reply = std::move(reply);
      waiting_.resize(on_their_way_);
      break;
    default:
      if (is_expected) ++taken_;
      else if (outcome_.reply.code == 0) outcome_.refused.push_back({command.recipient, std::move(reply)});
  }
  if (waiting_.empty()) end_envelope();
  return {};
}

void Session::end_envelope() {
  if (outcome_.reply.code != 0) return reset(std::move(outcome_.reply));
  leave_those_beyond_the_limit();
  if (outcome_.refused.empty()) return send({Verb::data, "DATA\r\n"});
  const auto permanent = std::find_if(outcome_.refused.begin(), outcome_.refused.end(), [](const Refused& refused) { return refused.reply.is_permanent(); });
  reset(permanent == outcome_.refused.end() ? outcome_.refused.front().reply : permanent->reply);
}

void Session::leave_those_beyond_the_limit() {
  auto& refused = outcome_.refused;
  if (taken_ == 0 || refused.empty() || !std::all_of(refused.begin(), refused.end(), [](const Refused& one) { return is_limit(one.reply); })) return;
  most_recipients_ = taken_;
  std::vector<std::string> later;
  for (Refused& one : refused) later.push_back(std::move(one.recipient));
  outcome_.later.insert(outcome_.later.begin(), later.begin(), later.end());
  refused.clear();
}

void Session::reset(Reply reason) {
  outcome_.reply = std::move(reason);
  send({Verb::rset, "RSET\r\n"});
}

}  // namespace valija::smtp
