#include "valija/store/outbox.hpp"

#include <fmt/format.h>

#include <charconv>

#include "json.hpp"
#include "session.hpp"
#include "valija/base/text.hpp"
#include "valija/base/wakeup.hpp"
#include "valija/mail/date.hpp"
#include "valija/workers/sender.hpp"
#include "valija/workers/take_back.hpp"

namespace valija::cli {

namespace {

constexpr int retry_ms = 100;

/// For scripts, in every language.
const char* name_of(OutgoingState state) {
  switch (state) {
    case OutgoingState::waiting: return "waiting";
    case OutgoingState::handing: return "handing";
    case OutgoingState::maybe_sent: return "maybe-sent";
    case OutgoingState::accepted: return "accepted";
    case OutgoingState::refused: return "refused";
  }
  return "";
}

std::string in_words(const Outgoing& entry, UnixTime now) {
  switch (entry.state) {
    case OutgoingState::waiting:
      return entry.due <= now ? _("waiting") : fmt::format(fmt::runtime(_("waiting until {}")), full_date(entry.due));
    case OutgoingState::handing: return _("being sent");
    case OutgoingState::maybe_sent: return _("maybe sent");
    case OutgoingState::accepted: return _("sent, its copy is still to be made");
    case OutgoingState::refused: return _("refused");
  }
  return {};
}

Json object_of(const Outgoing& entry) {
  return {{"id", entry.id},          {"state", name_of(entry.state)}, {"account", entry.account}, {"from", entry.sender},
          {"to", to_json(entry.recipients)}, {"subject", entry.subject},      {"message_id", entry.message_id}, {"size", entry.size},
          {"queued", entry.queued},  {"due", entry.due},              {"tries", entry.tries},     {"answer", entry.answer}};
}

void print(const Outgoing& entry, const Session& session, bool as_json) {
  if (as_json) return session.out.put(to_text(object_of(entry)) + "\n");
  const std::string subject = entry.subject.empty() ? _("(no subject)") : entry.subject;
  session.out.line(fmt::format("{}  {}: {}", entry.id, in_words(entry, session.clock.now()), clean(subject)));
  session.out.line(fmt::format("    {} -> {}", entry.sender, join(entry.recipients, ", ")));
  if (!entry.answer.empty()) session.out.line("    " + clean(entry.answer));
}

Result<int> list(store::Outbox& outbox, const Session& session, bool as_json) {
  const auto entries = outbox.all();
  if (!entries) return fail(entries.error());
  for (const Outgoing& entry : *entries) print(entry, session, as_json);
  if (entries->empty() && session.out.is_terminal()) session.out.line(_("The outbox is empty."));
  return 0;
}

/// Held mail is no failure of this run; what failed in it is.
Result<int> send_all(workers::Sender& sender, const Session& session, bool whatever_due, bool as_json) {
  auto report = sender.send_due({}, whatever_due);
  for (int waited = 0; !report && report.error().kind == Kind::try_later && waited < session.lock_wait_ms; waited += retry_ms) {
    wait_readable({}, retry_ms);  // another process sends
    report = sender.send_due({}, whatever_due);
  }
  if (!report) return fail(report.error());
  for (const Error& error : report->errors) print_error(error, session.err);
  if (as_json) {
    session.out.put(to_text(Json{{"event", "done"}, {"sent", report->sent}, {"waiting", report->waiting}, {"refused", report->refused}, {"maybe_sent", report->maybe_sent}}) + "\n");
  } else if (session.out.is_terminal()) {
    const auto count = static_cast<unsigned long>(report->sent);
    session.out.line(fmt::format(fmt::runtime(n_("Sent {} message.", "Sent {} messages.", count)), number(count)));
  }
  return report->errors.empty() ? 0 : exit_status(report->errors.front().kind);
}

Result<std::int64_t> id_of(const Arguments& arguments) {
  std::int64_t id = 0;
  const std::string typed = arguments.words.size() == 2 ? arguments.words[1] : "";
  const auto end = std::from_chars(typed.data(), typed.data() + typed.size(), id).ptr;
  if (!typed.empty() && end == typed.data() + typed.size()) return id;
  const std::string command = "valija outbox " + clean(arguments.words.front());
  return fail(Kind::usage, Blast::program, fmt::format(fmt::runtime(_("{} needs the number of one mail.")), command),
              _("See: valija outbox"));
}

Result<int> cancel(store::Outbox& outbox, const Session& session, std::int64_t id) {
  const auto draft = workers::take_back(outbox, session.places.state_dir, id);
  if (!draft) return fail(draft.error());
  if (session.out.is_terminal()) session.out.line(draft->id.empty() ? _("It is out of the outbox.") : _("It is out of the outbox, and a draft again."));
  return 0;
}

}  // namespace

Result<int> outbox(const Arguments& arguments, Session& session) {
  const std::string what = arguments.words.empty() ? "list" : arguments.words.front();
  const bool as_json = arguments.has("--json");
  const bool is_whole = (what == "list" || what == "flush") && arguments.words.size() <= 1;
  if (!is_whole && what != "cancel" && what != "send") {
    return fail(Kind::usage, Blast::program, fmt::format(fmt::runtime(_("outbox does not know \"{}\".")), clean(join(arguments.words, " "))), _("See: valija outbox --help"));
  }
  const auto outbox = store::Outbox::open(session.places.state_dir);
  if (!outbox) return fail(outbox.error());
  if (what == "list") return list(**outbox, session, as_json);
  workers::Sender sender({.settings = session.settings, .places = session.places, .clock = session.clock});
  if (what == "flush") return send_all(sender, session, true, as_json);
  const auto id = id_of(arguments);
  if (!id) return fail(id.error());
  if (what == "cancel") return cancel(**outbox, session, *id);
  if (const auto ready = sender.send_again(*id, {}); !ready) return fail(ready.error());
  return send_all(sender, session, false, as_json);
}

}  // namespace valija::cli
