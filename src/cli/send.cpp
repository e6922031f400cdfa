#include <fmt/format.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "session.hpp"
#include "valija/base/fd.hpp"
#include "valija/base/text.hpp"
#include "valija/base/wakeup.hpp"
#include "valija/config/identities.hpp"
#include "valija/mail/identity.hpp"
#include "valija/mime/build.hpp"
#include "valija/mime/prescan.hpp"
#include "valija/workers/sender.hpp"

namespace valija::cli {

namespace {

constexpr std::size_t longest_message = std::size_t{256} << 20;
constexpr std::size_t longest_head = std::size_t{4} << 20;
constexpr int retry_ms = 100;

Result<std::string> read_message(const Session& session) {
  std::string message;
  std::array<char, 64 << 10> block;
  const bool ends_with_dot = ::isatty(session.in) != 0;
  while (true) {
    const ssize_t count = ::read(session.in, block.data(), block.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail(disk_error(_("Reading"), _("standard input"), errno));
    if (count == 0) return message;
    message.append(block.data(), static_cast<std::size_t>(count));
    if (message.size() > longest_message) {
      return fail(Kind::input, Blast::message, fmt::format(fmt::runtime(_("The message is larger than {}.")), byte_count(longest_message)));
    }
    if (ends_with_dot && (message == ".\n" || message.ends_with("\n.\n"))) {
      message.resize(message.size() - 2);
      return message;
    }
  }
}

bool can_send(const config::Account& account) { return account.send || !account.send_command.empty(); }

/// Who sends: the account, and the address that the server is told.
struct From {
  const config::Account* account = nullptr;
  std::string sender;
};

/// By -f, else by the address of From where it is the person's, else the first account that can send.
Result<From> from_of(const Arguments& arguments, const std::string& header_from, const config::Settings& settings) {
  const std::vector<Identity> identities = config::identities_of(settings);
  const auto owner_of = [&](const std::string& mailbox) -> const config::Account* {
    const auto identity = std::find_if(identities.begin(), identities.end(), [&](const Identity& one) { return is_mine(one, mailbox); });
    if (mailbox.empty() || identity == identities.end()) return nullptr;
    const auto account = std::find_if(settings.accounts.begin(), settings.accounts.end(), [&](const auto& one) { return one.name == identity->account; });
    return can_send(*account) ? &*account : nullptr;
  };
  const bool is_told = arguments.has("-f");
  const auto addresses = parse_addresses(is_told ? arguments.value("-f", "") : header_from);
  std::string sender = addresses.empty() ? std::string() : addresses.front().mailbox;
  if (const auto* account = owner_of(sender)) return From{account, std::move(sender)};
  const auto first = std::find_if(settings.accounts.begin(), settings.accounts.end(), can_send);
  if (first == settings.accounts.end()) {
    return fail(Kind::settings, Blast::program, _("No account can send."), _("Write send = \"smtps://user@host\" into the section of an account."));
  }
  return From{&*first, is_told ? std::move(sender) : first->address};
}

int utc_offset_minutes(UnixTime now) {
  const time_t seconds = now;
  tm local{};
  return ::localtime_r(&seconds, &local) == nullptr ? 0 : static_cast<int>(local.tm_gmtoff / 60);
}

Result<std::int64_t> queue(const Arguments& arguments, const Session& session, store::Outbox& outbox, const std::string& message) {
  const mime::Prescan head = mime::prescan(std::string_view(message).substr(0, longest_head));
  const auto from = from_of(arguments, head.from, session.settings);
  if (!from) return fail(from.error());
  std::vector<std::string> recipients;
  for (const std::string& word : arguments.words) {
    const auto named = parse_addresses(word);
    // The reader of headers forgives; who calls a program can be told.
    const bool is_clean = clean(word) == word && (word.find('>') == std::string::npos || word.ends_with('>'));
    if (named.empty() || !is_clean) return fail(Kind::usage, Blast::program, fmt::format(fmt::runtime(_("\"{}\" is no address.")), clean_phrase(word)));
    for (const Address& address : named) recipients.push_back(address.mailbox);
  }
  const UnixTime now = session.clock.now();
  mime::BuildOptions options;
  options.date = now;
  options.utc_offset_minutes = utc_offset_minutes(now);
  options.message_id = mime::new_message_id(from->account->address);
  options.sender_name = clean_phrase(arguments.value("-F", ""));
  Outgoing entry;
  entry.file = outbox.new_file();
  auto built = mime::adopt_message(message, from->sender, recipients, arguments.has("-t"), options, entry.file);
  if (!built) {
    ::unlink(entry.file.c_str());
    return fail(std::move(built).error());
  }
  entry.account = from->account->name;
  entry.message_id = std::move(built->message_id);
  entry.sender = std::move(built->sender);
  entry.subject = head.subject;
  entry.recipients = std::move(built->recipients);
  entry.needs_smtputf8 = built->needs_smtputf8;
  entry.is_eight_bit = built->is_eight_bit;
  entry.wants_dsn = arguments.value("-N", session.settings.compose_delivery_report ? "success" : "never") != "never";
  entry.size = built->size;
  entry.queued = entry.due = now;
  auto id = outbox.put(entry);
  if (!id) ::unlink(entry.file.c_str());
  return id;
}

/// Until the mail was tried, by this process or by the one that is sending. Nothing: it is still to be tried.
Result<workers::SendReport> send_now(store::Outbox& outbox, std::int64_t id, Session& session) {
  workers::Sender sender({.settings = session.settings, .places = session.places, .clock = session.clock});
  const std::int64_t begin = session.clock.monotonic_ms();
  while (true) {
    auto report = sender.send_due({});
    const bool is_busy = !report && report.error().kind == Kind::try_later;
    if (!is_busy) return report;
    const auto entry = outbox.find(id);
    if (!entry) return fail(entry.error());
    const bool was_tried = !*entry || (*entry)->state != OutgoingState::waiting || (*entry)->tries > 0;
    if (was_tried || session.clock.monotonic_ms() - begin >= session.lock_wait_ms) return workers::SendReport{};
    wait_readable({}, retry_ms);
  }
}

/// What became of it, in words and as an exit status. Only a mail that nobody will send is a failure: who is told of one tries again.
Result<int> tell(store::Outbox& outbox, std::int64_t id, Session& session) {
  const auto found = outbox.find(id);
  if (!found) return fail(found.error());
  if (!*found) return 0;
  const Outgoing& entry = **found;
  const std::string answer = clean_phrase(entry.answer);
  switch (entry.state) {
    case OutgoingState::refused:
      return fail(Kind::unreachable, Blast::message, fmt::format(fmt::runtime(entry.delivered.empty() ? _("The message was refused, and nobody got it: {}.")
                                                                                          : _("The message was refused for those who do not have it yet: {}.")),
                              answer),
                  fmt::format(fmt::runtime(_("It stays in the outbox. Try again: valija outbox send {0}. Give up: valija outbox cancel {0}.")), id));
    case OutgoingState::handing:
    case OutgoingState::maybe_sent:
      session.err.line(fmt::format("valija: {}", fmt::format(fmt::runtime(_("The message may have been sent: the line was cut before the server answered. It is held as mail {} of "
                                                                             "the outbox.")),
                                                             id)));
      return 0;
    case OutgoingState::waiting:
      if (session.err.is_terminal()) {
        const std::string why = answer.empty() ? std::string() : " " + answer + ".";
        session.err.line(fmt::format("valija: {}{}", fmt::format(fmt::runtime(_("The message waits in the outbox as mail {}.")), id), why));
      }
      return 0;
    case OutgoingState::accepted: return 0;
  }
  return 0;
}

}  // namespace

Result<int> send(const Arguments& arguments, Session& session) {
  const auto message = read_message(session);
  if (!message) return fail(message.error());
  const auto outbox = store::Outbox::open(session.places.state_dir);
  if (!outbox) return fail(outbox.error());
  const auto id = queue(arguments, session, **outbox, *message);
  if (!id) return fail(id.error());
  // From here on it is the outbox's: what goes wrong now is tried again.
  if (const auto sent = send_now(**outbox, *id, session); !sent) print_error(sent.error(), session.err);
  return tell(**outbox, *id, session);
}

}  // namespace valija::cli
