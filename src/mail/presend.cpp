#include "valija/mail/presend.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija {
namespace {

constexpr auto none = std::string_view::npos;

/// What people write beside an attachment, in English, Spanish, German and French.
constexpr auto attachment_words = std::to_array<std::string_view>(
    {"attached", "attachment", "attachments", "attaching", "i attach", "i've attached", "enclosed", "see enclosure",
     "adjunto", "adjunta", "adjuntos", "adjuntas", "adjuntamos", "adjuntado", "he adjuntado", "en el anexo", "anexo",
     "anhang", "anhänge", "angehängt", "angehängte", "angehängten", "anbei", "beigefügt", "beigefügte", "beigefügten", "beiliegend", "in der anlage",
     "als anlage", "ci-joint", "ci-jointe", "ci-joints", "ci-jointes", "pièce jointe", "pièces jointes", "piece jointe", "pieces jointes",
     "en annexe", "je joins", "en pièce jointe", "fichier joint", "fichiers joints"});

/// Domains so common that they are known before anything was sent.
constexpr auto common_domains = std::to_array<std::string_view>(
    {"gmail.com", "googlemail.com", "hotmail.com", "hotmail.es", "hotmail.fr", "outlook.com", "outlook.es", "live.com", "yahoo.com", "yahoo.es",
     "yahoo.fr", "yahoo.de", "icloud.com", "gmx.de", "gmx.net", "gmx.com", "web.de", "t-online.de", "orange.fr", "wanadoo.fr", "laposte.net",
     "telefonica.net", "proton.me", "protonmail.com", "fastmail.com", "mailbox.org", "posteo.de", "aol.com", "msn.com", "me.com"});

bool is_quote(std::string_view line) { return line.starts_with('>') || line.starts_with('|'); }

bool is_forward_head(std::string_view line) { return line.starts_with("--------") && line.ends_with("--------"); }

/// The text that the person wrote, in lower case, with one blank between words: no quotes, no signature, nothing forwarded.
std::string own_words(std::string_view body) {
  std::string words = " ";
  bool in_signature = false;
  for (const std::string& line : split(body, '\n')) {
    if (is_forward_head(line)) break;
    if (line == "-- ") in_signature = true;
    if (is_quote(line)) in_signature = false;  // signature above the quote; what follows is written again
    if (in_signature || is_quote(line)) continue;
    words += to_lower_ascii(line) + ' ';
  }
  const auto last = std::unique(words.begin(), words.end(), [](char a, char b) { return a == ' ' && b == ' '; });
  words.erase(last, words.end());
  return words;
}

bool is_word_character(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c & 0x80) != 0; }

bool holds_word(std::string_view text, std::string_view word) {
  for (auto at = text.find(word); at != none; at = text.find(word, at + 1)) {
    const auto end = at + word.size();
    const bool begins = at == 0 || !is_word_character(text[at - 1]);
    if (begins && (end == text.size() || !is_word_character(text[end]))) return true;
  }
  return false;
}

bool names_attachment(std::string_view body) {
  const std::string words = own_words(body);
  return std::any_of(attachment_words.begin(), attachment_words.end(), [&](std::string_view word) { return holds_word(words, word); });
}

/// Mailboxes of To, Cc and Bcc in lower case, each once.
std::vector<std::string> recipients_of(const Draft& draft) {
  std::vector<std::string> recipients;
  std::set<std::string> seen;
  for (const std::string* field : {&draft.to, &draft.cc, &draft.bcc}) {
    for (const Address& address : parse_addresses(*field)) {
      std::string mailbox = to_lower_ascii(clean(address.mailbox));
      if (!mailbox.empty() && seen.insert(mailbox).second) recipients.push_back(std::move(mailbox));
    }
  }
  return recipients;
}

std::string_view domain_of(std::string_view mailbox) {
  const auto at = mailbox.rfind('@');
  return at == none ? std::string_view() : mailbox.substr(at + 1);
}

/// "example.org" and what lies below it.
bool is_within(std::string_view domain, std::string_view own) {
  if (own.starts_with('@')) own.remove_prefix(1);
  if (!domain.ends_with(to_lower_ascii(own))) return false;
  return domain.size() == own.size() || domain[domain.size() - own.size() - 1] == '.';
}

/// "a, b, c and 4 more".
std::string some_of(const std::vector<std::string>& mailboxes) {
  constexpr std::size_t most_named = 3;
  if (mailboxes.size() <= most_named) return join(mailboxes, ", ");
  const std::vector<std::string> first(mailboxes.begin(), mailboxes.begin() + most_named);
  const auto rest = mailboxes.size() - most_named;
  return fmt::format(fmt::runtime(n_("{} and {} more", "{} and {} more", rest)), join(first, ", "), rest);
}

std::string identity_doubt(const Draft& draft, const std::vector<Identity>& identities) {
  const auto senders = parse_addresses(draft.from);
  if (senders.empty() || identities.empty()) return {};
  const std::string& mailbox = senders.front().mailbox;
  if (!is_mine(identities, mailbox)) return fmt::format(fmt::runtime(_("{} is none of your addresses.")), clean_phrase(mailbox));
  const bool is_of_account = std::any_of(identities.begin(), identities.end(), [&](const Identity& identity) {
    return identity.account == draft.account && is_mine(identity, mailbox);
  });
  const bool is_as_asked = draft.answers_as.empty() || equal_ignoring_case(draft.answers_as, mailbox);
  if ((is_of_account || draft.account.empty()) && !is_as_asked) {
    return fmt::format(fmt::runtime(_("The mail was sent to {}, and the answer goes from {}.")), clean_phrase(draft.answers_as), clean_phrase(mailbox));
  }
  if (is_of_account || draft.account.empty()) return {};
  return fmt::format(fmt::runtime(_("{} is not an address of the account {}, which sends this.")), clean_phrase(mailbox), clean_phrase(draft.account));
}

std::string external_doubt(const std::vector<std::string>& recipients, const std::vector<std::string>& own_domains) {
  std::vector<std::string> external;
  for (const std::string& mailbox : recipients) {
    const auto is_own = [&](const std::string& own) { return is_within(domain_of(mailbox), own); };
    if (std::none_of(own_domains.begin(), own_domains.end(), is_own)) external.push_back(mailbox);
  }
  if (own_domains.empty() || external.empty()) return {};
  return fmt::format(fmt::runtime(_("It goes outside: {}.")), some_of(external));
}

/// A known domain that is one slip away from `domain`, which is not known itself.
std::string meant_domain(std::string_view domain, const std::set<std::string, std::less<>>& known) {
  constexpr std::size_t shortest = 6, longest = 64;
  if (domain.size() < shortest || domain.size() > longest || known.contains(domain)) return {};
  for (const std::string& candidate : known) {
    const bool is_near_in_size = candidate.size() + 1 >= domain.size() && candidate.size() <= domain.size() + 1;
    if (is_near_in_size && edit_distance(domain, candidate) == 1) return candidate;
  }
  return {};
}

void add_typos(std::vector<Doubt>& doubts, const std::vector<std::string>& recipients, const std::vector<std::string>& known_domains) {
  constexpr std::size_t most_looked_up = 100;  // each costs a walk over all known domains
  std::set<std::string, std::less<>> known(common_domains.begin(), common_domains.end());
  for (const std::string& domain : known_domains) known.insert(to_lower_ascii(domain));
  for (std::size_t i = 0; i < std::min(recipients.size(), most_looked_up); ++i) {
    const std::string meant = meant_domain(domain_of(recipients[i]), known);
    if (meant.empty()) continue;
    doubts.push_back({Doubt::What::typo, fmt::format(fmt::runtime(_("{}: did you mean {}?")), recipients[i], clean(meant))});
  }
}

}  // namespace

std::vector<Doubt> doubts_about(const Draft& draft, const std::vector<Identity>& identities, const PresendRules& rules,
                                const std::vector<std::string>& known_domains) {
  std::vector<Doubt> doubts;
  const auto add = [&](Doubt::What what, std::string sentence) {
    if (!sentence.empty()) doubts.push_back({what, std::move(sentence)});
  };
  const auto recipients = recipients_of(draft);
  if (rules.attachment && draft.attachments.empty() && names_attachment(draft.body)) {
    add(Doubt::What::attachment, _("The text speaks of an attachment, but there is none."));
  }
  if (rules.subject && trim(draft.subject).empty()) add(Doubt::What::subject, _("The subject is empty."));
  if (rules.identity) add(Doubt::What::identity, identity_doubt(draft, identities));
  if (rules.most_recipients > 0 && recipients.size() > rules.most_recipients) {
    add(Doubt::What::recipients, fmt::format(fmt::runtime(n_("It goes to {} person.", "It goes to {} people.", recipients.size())), recipients.size()));
  }
  add(Doubt::What::external, external_doubt(recipients, rules.own_domains));
  if (rules.typos) add_typos(doubts, recipients, known_domains);
  return doubts;
}

}  // namespace valija
