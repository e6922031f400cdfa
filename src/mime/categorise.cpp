#include "valija/mime/categorise.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "encoded_words.hpp"
#include "header_block.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::mime {
namespace {

constexpr std::size_t longest_kept = 300;

/// Fields that only those write who send to many at once.
constexpr auto campaign_fields = std::to_array<std::string_view>(
    {"Feedback-ID", "X-Campaign", "X-CampaignID", "X-Campaign-ID", "X-rpcampaign", "X-CSA-Complaints", "X-MC-User", "X-SG-EID", "X-SFMC-Stack", "X-SIB-ID",
     "X-Mailgun-Sid", "X-HubSpot-Id", "X-Klaviyo-Message-Id", "X-BeenSent", "X-PHPList-Version"});
constexpr auto campaign_programs =
    std::to_array<std::string_view>({"mailchimp", "brevo", "sendinblue", "hubspot", "klaviyo", "phplist", "mailpoet", "campaign", "constant contact", "acymailing"});

struct Forge {
  std::string_view mark, name;
};
/// How the fields of a forge or a bug tracker begin.
constexpr auto forge_fields = std::to_array<Forge>({{"X-GitHub-", "GitHub"}, {"X-GitLab-", "GitLab"}, {"X-Gitea-", "Gitea"}, {"X-Forgejo-", "Forgejo"},
                                                    {"X-JIRA-", "Jira"}, {"X-Bugzilla-", "Bugzilla"}, {"X-Gerrit-", "Gerrit"}, {"X-Phabricator-", "Phabricator"},
                                                    {"X-Redmine-", "Redmine"}, {"X-Launchpad-", "Launchpad"}, {"X-Sourcehut-", "SourceHut"}});
/// How their Message-IDs end.
constexpr auto forge_ids = std::to_array<Forge>({{"@github.com", "GitHub"}, {"@gitlab.com", "GitLab"}, {"@codeberg.org", "Codeberg"}, {"@bitbucket.org", "Bitbucket"}});

/// Without accents and capitals, as fold() leaves them.
constexpr auto receipt_words = std::to_array<std::string_view>(
    {"invoice", "receipt", "your order", "order confirmation", "payment", "shipped", "your booking", "reservation", "itinerary", "boarding pass", "factura", "recibo",
     "pedido", "pago", "envio", "reserva", "tarjeta de embarque", "rechnung", "bestellung", "buchung", "zahlung", "facture", "commande", "paiement", "livraison",
     "fattura", "ordine", "fatura", "encomenda", "faktura", "bestelling"});
constexpr auto offer_words = std::to_array<std::string_view>(
    {"sale", "discount", "% off", "deals", "coupon", "special offer", "black friday", "cyber monday", "free shipping", "rebajas", "oferta", "ofertas", "descuento",
     "cupon", "promocion", "envio gratis", "angebot", "angebote", "rabatt", "gutschein", "soldes", "promo", "promotion", "sconto", "offerta", "desconto", "korting"});

constexpr auto machine_names =
    std::to_array<std::string_view>({"noreply", "no-reply", "no_reply", "donotreply", "do-not-reply", "notification", "mailer-daemon", "postmaster", "alert", "bounce"});

std::string kept(std::string_view value) { return decode_header(value.substr(0, longest_kept)); }

std::string in_brackets(std::string_view value) {
  const auto open = value.rfind('<');
  if (open == std::string_view::npos) return kept(value);
  return kept(value.substr(open + 1, value.find('>', open) - open - 1));
}

bool is_letter(char c) { return c >= 'a' && c <= 'z'; }

/// The first of `words` in `text` that is no part of a longer word.
std::string find_word(std::string_view text, const auto& words) {
  for (const std::string_view word : words) {
    for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
      const auto end = at + word.size();
      const bool begins = at == 0 || !is_letter(text[at - 1]) || !is_letter(word.front());
      if (begins && (end == text.size() || !is_letter(text[end]))) return std::string(word);
    }
  }
  return {};
}

bool contains_any(std::string_view text, const auto& words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

bool is_campaign_field(std::string_view name, std::string_view value) {
  if (equal_ignoring_case(name, "X-Mailer")) return contains_any(to_lower_ascii(value.substr(0, longest_kept)), campaign_programs);
  return std::any_of(campaign_fields.begin(), campaign_fields.end(), [&](std::string_view field) { return equal_ignoring_case(name, field); });
}

std::string_view forge_of(const Field& field) {
  for (const Forge& forge : forge_fields) {
    if (starts_with_ignoring_case(field.name, forge.mark)) return forge.name;
  }
  if (!equal_ignoring_case(field.name, "Message-ID")) return {};
  const std::string id = to_lower_ascii(in_brackets(field.value));
  for (const Forge& forge : forge_ids) {
    if (id.ends_with(forge.mark)) return forge.name;
  }
  return {};
}

void read_subject(std::string_view value, CategoryFacts& facts) {
  const std::string subject = fold(kept(value));
  facts.receipt_word = find_word(subject, receipt_words);
  facts.offer_word = find_word(subject, offer_words);
}

void read_field(const Field& field, CategoryFacts& facts) {
  const auto is = [&](std::string_view name) { return equal_ignoring_case(field.name, name); };
  const auto lower = [&] { return to_lower_ascii(kept(field.value)); };
  if (facts.forge.empty()) facts.forge = forge_of(field);
  if (facts.campaign.empty() && is_campaign_field(field.name, field.value)) facts.campaign = kept(field.name);
  if (is("From") && facts.sender.empty()) {
    const auto authors = decode_addresses(field.value.substr(0, 4 * longest_kept));
    if (!authors.empty()) facts.sender = to_lower_ascii(authors.front().mailbox);
  } else if (is("Subject")) {
    read_subject(field.value, facts);
  } else if (is("List-Id")) {
    facts.list_id = in_brackets(field.value);
  } else if (is("List-Unsubscribe")) {
    facts.has_unsubscribe = true;
  } else if (is("List-Unsubscribe-Post")) {
    facts.is_one_click = true;
  } else if (is("List-Post")) {
    facts.can_be_posted_to = facts.can_be_posted_to || lower().find("mailto:") != std::string::npos;
  } else if (is("Precedence")) {
    facts.precedence = lower();
  } else if (is("Auto-Submitted")) {
    facts.auto_submitted = lower();
    if (facts.auto_submitted == "no") facts.auto_submitted.clear();
  } else if (is("In-Reply-To") || is("References")) {
    facts.is_reply = facts.is_reply || field.value.find('<') != std::string_view::npos;
  } else if (is("Content-Type")) {
    facts.is_report = lower().starts_with("multipart/report");
  }
}

/// The rules, from the surest mark to the weakest.
class Judge {
 public:
  Judge(const CategoryFacts& facts, std::vector<std::string>* reasons) : facts_(facts), reasons_(reasons) {}

  Category judge(bool knows_sender) {
    if (says(facts_.forge, _("{} sent it, about work on a project."))) return Category::notification;
    if (says(facts_.is_report, _("It is a mail server's report on another message."))) return Category::notification;
    if (is_discussion()) return Category::list;
    if (says(facts_.auto_submitted, _("A program sent it (Auto-Submitted: {})."))) return by_receipt(Category::notification);
    const bool names_list = !facts_.list_id.empty() || is_bulk();
    const bool is_mailing = facts_.has_unsubscribe || !facts_.campaign.empty();
    if (knows_sender && !names_list && !is_machine() && (!is_mailing || facts_.is_reply)) return personal(true);
    if (names_list || facts_.has_unsubscribe) return sent_to_many();
    if (is_machine() || !facts_.campaign.empty()) return sent_by_program();
    return facts_.sender.empty() ? Category::none : personal(false);
  }

 private:
  bool says(bool holds, const char* sentence) {
    if (holds && reasons_ != nullptr) reasons_->emplace_back(sentence);
    return holds;
  }

  bool says(const std::string& value, const char* sentence) {
    if (!value.empty() && reasons_ != nullptr) reasons_->push_back(fmt::format(fmt::runtime(sentence), clean_phrase(value)));
    return !value.empty();
  }

  bool is_bulk() const { return facts_.precedence == "bulk" || facts_.precedence == "junk"; }

  bool is_machine() const { return contains_any(std::string_view(facts_.sender).substr(0, facts_.sender.find('@')), machine_names); }

  /// A list that people talk on. Newsletters name themselves lists too, but take no mail.
  bool is_discussion() {
    const bool is_list = facts_.can_be_posted_to || (!facts_.list_id.empty() && facts_.precedence == "list" && facts_.campaign.empty());
    if (!is_list) return false;
    says(facts_.list_id, _("It came by the mailing list {}."));
    says(facts_.can_be_posted_to, _("Members can write to that list (List-Post)."));
    return true;
  }

  Category by_receipt(Category otherwise) {
    return says(facts_.receipt_word, _("Its subject says “{}”, as receipts do.")) ? Category::transactional : otherwise;
  }

  Category sent_to_many() {
    says(facts_.list_id, _("It names the list {} (List-Id)."));
    says(facts_.has_unsubscribe, facts_.is_one_click ? _("One click unsubscribes from it (List-Unsubscribe-Post).") : _("One can unsubscribe from it (List-Unsubscribe)."));
    if (is_bulk()) says(facts_.precedence, _("It was sent to many at once (Precedence: {})."));
    says(facts_.campaign, _("It is part of a mailing (it has {})."));
    if (says(facts_.offer_word, _("Its subject says “{}”, as advertising does."))) return Category::marketing;
    if (!facts_.list_id.empty()) return Category::newsletter;
    return by_receipt(facts_.campaign.empty() ? Category::newsletter : Category::marketing);
  }

  Category sent_by_program() {
    if (is_machine()) says(facts_.sender, _("A program writes from {}."));
    says(facts_.campaign, _("A service for mailings sent it (it has {})."));
    return by_receipt(Category::notification);
  }

  Category personal(bool knows_sender) {
    if (knows_sender) says(facts_.sender, _("You have written to {} before."));
    says(facts_.is_reply, _("It answers another message."));
    says(!knows_sender, _("It has no mark of a list, of a mailing or of a program."));
    return Category::personal;
  }

  const CategoryFacts& facts_;
  std::vector<std::string>* reasons_;
};

}  // namespace

CategoryFacts category_facts(std::string_view head) {
  constexpr std::size_t most_fields = 1000;
  CategoryFacts facts;
  for (const Field& field : read_header_block(head.substr(envelope_size(head)), most_fields).fields) read_field(field, facts);
  return facts;
}

Category categorise(const CategoryFacts& facts, bool knows_sender, std::vector<std::string>* reasons) { return Judge(facts, reasons).judge(knows_sender); }

}  // namespace valija::mime
