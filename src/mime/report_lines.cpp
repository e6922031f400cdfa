#include "report_lines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

#include "encoded_words.hpp"
#include "header_block.hpp"
#include "parameters.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::mime {
namespace {

constexpr auto none = std::string_view::npos;

/// A word of a report and the sentence for it, for gettext.
struct Meaning {
  std::string_view word;
  const char* sentence;
};

/// What the enhanced status codes mean (RFC 3463), without their class.
constexpr auto status_meanings = std::to_array<Meaning>({{"1.1", N_("no such mailbox")},
                                                         {"1.2", N_("no such domain")},
                                                         {"1.3", N_("the address is not well-formed")},
                                                         {"1.6", N_("the mailbox has moved")},
                                                         {"1.10", N_("the domain takes no mail")},
                                                         {"2.1", N_("the mailbox is disabled")},
                                                         {"2.2", N_("the mailbox is full")},
                                                         {"2.3", N_("too large for the mailbox")},
                                                         {"3.1", N_("the server is full")},
                                                         {"3.4", N_("too large for the server")},
                                                         {"4.1", N_("the server did not answer")},
                                                         {"4.2", N_("the connection broke")},
                                                         {"4.3", N_("the name servers did not answer")},
                                                         {"4.4", N_("no way to the server")},
                                                         {"4.6", N_("the mail went in circles")},
                                                         {"4.7", N_("it took too long")},
                                                         {"6.1", N_("the kind of content is not supported")},
                                                         {"7.0", N_("refused by the rules of the server")},
                                                         {"7.1", N_("refused by the rules of the server")},
                                                         {"7.25", N_("the sending server has no proper name")},
                                                         {"7.26", N_("the sender could not be verified")},
                                                         {"7.28", N_("too much mail at once")}});

/// "{}" is the recipient.
constexpr auto delivery_meanings =
    std::to_array<Meaning>({{"failed", N_("The mail to {} could not be delivered")},
                            {"delayed", N_("The mail to {} is delayed, and the server keeps trying")},
                            {"delivered", N_("The mail to {} was delivered")},
                            {"relayed", N_("The mail to {} was passed on to a server that sends no reports")},
                            {"expanded", N_("The mail to {} was passed on to several addresses")}});

constexpr auto receipt_meanings =
    std::to_array<Meaning>({{"displayed", N_("The mail was shown to {}")},
                            {"deleted", N_("The mail was deleted by {} without being read")},
                            {"dispatched", N_("The mail was passed on by {}")},
                            {"processed", N_("The mail was handled by a program for {}")},
                            {"denied", N_("A receipt was refused by {}")},
                            {"failed", N_("A receipt of {} failed")}});

constexpr auto complaint_meanings =
    std::to_array<Meaning>({{"abuse", N_("A mail of yours was reported as spam by {}")},
                            {"fraud", N_("A mail of yours was reported as fraud by {}")},
                            {"virus", N_("A mail of yours was reported as a virus by {}")},
                            {"opt-out", N_("A mail of yours was answered by {} with the wish to get no more")},
                            {"not-spam", N_("A mail of yours was reported as no spam by {}")},
                            {"auth-failure", N_("A mail with your address failed the checks of {}")},
                            {"other", N_("A mail of yours was reported by {}")}});

template <std::size_t size>
const char* meaning_of(const std::array<Meaning, size>& meanings, std::string_view word) {
  const auto found = std::find_if(meanings.begin(), meanings.end(),
                                  [&](const Meaning& meaning) { return equal_ignoring_case(meaning.word, word); });
  return found == meanings.end() ? nullptr : found->sentence;
}

/// Never more than a person would read.
std::string shortened(std::string text) {
  constexpr int widest = 500;
  return fit(text, widest);
}

std::string value_of(const HeaderBlock& block, std::string_view name) {
  const Field* field = block.find(name);
  return field == nullptr ? std::string() : shortened(decode_header(field->value));
}

/// "rfc822; ana@example.org" without its type.
std::string behind_type(const std::string& value) {
  std::string_view text = value;
  if (const auto separator = text.find(';'); separator != none) text.remove_prefix(separator + 1);
  text = trim(text);
  const bool is_bracketed = text.size() > 2 && text.front() == '<' && text.find('>') == text.size() - 1;
  return std::string(is_bracketed ? text.substr(1, text.size() - 2) : text);
}

/// The groups of fields that empty lines separate.
std::vector<HeaderBlock> read_groups(std::string_view text) {
  constexpr std::size_t most_groups = 1000, most_fields = 100;
  std::vector<HeaderBlock> groups;
  while (!text.empty() && groups.size() < most_groups) {
    text.remove_prefix(std::min(text.find_first_not_of("\r\n"), text.size()));
    HeaderBlock block = read_header_block(text, most_fields);
    if (!block.starts_with_field) break;
    text.remove_prefix(block.body);
    groups.push_back(std::move(block));
  }
  return groups;
}

Line to_line(std::string text) {
  Line line;
  line.spans.push_back({clean(text), {}});
  return line;
}

std::string with_person(const char* sentence, const std::string& person) {
  return fmt::format(fmt::runtime(_(sentence)), person);
}

/// "5.1.1, no such mailbox"
std::string status_text(const std::string& value) {
  const std::string code = value.substr(0, value.find_first_of(" \t("));
  const char* meaning = code.size() > 2 ? meaning_of(status_meanings, std::string_view(code).substr(2)) : nullptr;
  return meaning == nullptr ? code : code + ", " + _(meaning);
}

std::string recipient_of(const HeaderBlock& group) {
  const std::string original = behind_type(value_of(group, "Original-Recipient"));
  return original.empty() ? behind_type(value_of(group, "Final-Recipient")) : original;
}

std::string reason_of(const HeaderBlock& group) {
  std::string reason = behind_type(value_of(group, "Diagnostic-Code"));
  const std::string status = status_text(value_of(group, "Status"));
  if (reason.empty() || status.empty()) return reason.empty() ? status : reason;
  return reason + " (" + status + ")";
}

/// Where a mailer forgot it, the class of the status tells it (RFC 3463 §3.1).
std::string action_of(const HeaderBlock& group) {
  std::string action = value_of(group, "Action");
  const std::string status = value_of(group, "Status");
  if (!action.empty() || status.empty()) return action;
  return status.front() == '5'   ? "failed"
         : status.front() == '4' ? "delayed"
         : status.front() == '2' ? "delivered"
                                 : "";
}

/// One sentence per recipient.
std::vector<Line> delivery_lines(std::string_view text) {
  std::vector<Line> lines;
  for (const HeaderBlock& group : read_groups(text)) {
    const std::string recipient = recipient_of(group);
    const char* sentence = meaning_of(delivery_meanings, action_of(group));
    if (recipient.empty() || sentence == nullptr) continue;
    const std::string reason = reason_of(group);
    lines.push_back(to_line(with_person(sentence, recipient) + (reason.empty() ? "." : ": " + reason)));
  }
  return lines;
}

/// "automatic-action/MDN-sent-automatically; displayed/error" (RFC 8098 §3.2.6)
std::vector<Line> receipt_lines(std::string_view text) {
  const auto groups = read_groups(text);
  if (groups.empty()) return {};
  const std::string disposition = behind_type(value_of(groups.front(), "Disposition"));
  const char* sentence =
      meaning_of(receipt_meanings, trim(std::string_view(disposition).substr(0, disposition.find('/'))));
  const std::string recipient = behind_type(value_of(groups.front(), "Final-Recipient"));
  if (sentence == nullptr || recipient.empty()) return {};
  return {to_line(with_person(sentence, recipient) + ".")};
}

std::vector<Line> complaint_lines(std::string_view text) {
  const auto groups = read_groups(text);
  if (groups.empty()) return {};
  const std::string type = value_of(groups.front(), "Feedback-Type");
  if (type.empty()) return {};
  const char* known = meaning_of(complaint_meanings, type);
  const std::string recipient = behind_type(value_of(groups.front(), "Original-Rcpt-To"));
  const std::string program = value_of(groups.front(), "User-Agent");
  const std::string& person = recipient.empty() ? program : recipient;
  const char* sentence = known == nullptr ? complaint_meanings.back().sentence : known;
  return {to_line(with_person(sentence, person.empty() ? _("an unknown receiver") : person) + ".")};
}

std::vector<Line> elsewhere_lines(const ContentType& type) {
  std::string place = type.parameter("URL");
  for (const char* name : {"server", "site", "directory", "name"}) {
    const std::string value = type.parameter(name);
    if (!value.empty()) place += (place.empty() ? "" : "/") + value;
  }
  const std::string access = shortened(clean(type.parameter("access-type")));
  if (place.empty()) place = _("a place that it does not name");
  const char* sentence = _("The content is not in this mail; it is said to lie at {0} ({1}). It was not fetched.");
  return {to_line(fmt::format(fmt::runtime(sentence), shortened(clean(place)), access.empty() ? "?" : access))};
}

}  // namespace

std::vector<Line> report_lines(const PartNode& node, std::string_view text) {
  if (node.type.ends_with("delivery-status")) return delivery_lines(text);
  if (node.type.ends_with("disposition-notification")) return receipt_lines(text);
  if (node.type == "message/feedback-report") return complaint_lines(text);
  if (node.type == "message/external-body") return elsewhere_lines(ContentType(node.content_type));
  return {};
}

std::vector<Line> partial_lines(const PartNode& node) {
  const ContentType type(node.content_type);
  const std::string number = shortened(clean(type.parameter("number"))),
                    total = shortened(clean(type.parameter("total")));
  const char* sentence = _("This is piece {0} of {1} of a mail that was sent in pieces.");
  return {to_line(fmt::format(fmt::runtime(sentence), number.empty() ? "?" : number, total.empty() ? "?" : total))};
}

}  // namespace valija::mime
