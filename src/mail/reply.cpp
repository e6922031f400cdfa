#include "valija/mail/reply.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "quote.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"
#include "valija/mail/date.hpp"
#include "valija/mail/template.hpp"

namespace valija {
namespace {

using Addresses = std::vector<Address>;

bool is_same(const Address& a, const Address& b) { return equal_ignoring_case(a.mailbox, b.mailbox); }

bool contains(const Addresses& list, const Address& address) {
  return std::any_of(list.begin(), list.end(), [&](const Address& other) { return is_same(other, address); });
}

/// The addresses of `added` that can be written to, are not mine and in none of the lists yet.
void add_others(Addresses& list, const Addresses& added, const std::vector<Identity>& identities, const Addresses& taken = {}) {
  for (const Address& address : added) {
    const bool is_wanted = !address.mailbox.empty() && !is_mine(identities, address.mailbox) && !contains(list, address) && !contains(taken, address);
    if (is_wanted) list.push_back(address);
  }
}

std::string to_text(const Addresses& addresses) {
  std::string text;
  for (const Address& address : addresses) text += (text.empty() ? "" : ", ") + to_text(address);
  return text;
}

struct Recipients {
  Addresses to, cc;
};

bool is_from_me(const Document::Headers& headers, const std::vector<Identity>& identities) {
  return !headers.from.empty() && is_mine(identities, headers.from.front().mailbox);
}

/// A Reply-To that some lists put in: it names nothing but the list.
bool names_only_list(const Document::Headers& headers) {
  return !headers.list_post.empty() && !headers.reply_to.empty() &&
         std::all_of(headers.reply_to.begin(), headers.reply_to.end(), [&](const Address& address) { return contains(headers.list_post, address); });
}

const Addresses& author_of(const Document::Headers& headers) {
  if (!headers.mail_reply_to.empty()) return headers.mail_reply_to;
  return headers.reply_to.empty() || names_only_list(headers) ? headers.from : headers.reply_to;
}

Recipients everybody(const Document::Headers& headers, const std::vector<Identity>& identities) {
  Recipients recipients;
  add_others(recipients.to, headers.followup_to, identities);
  if (!recipients.to.empty()) return recipients;
  const bool is_own = is_from_me(headers, identities);
  add_others(recipients.to, is_own ? headers.to : author_of(headers), identities);
  for (const Addresses* list : {&headers.reply_to, &headers.to, &headers.cc}) {
    const bool is_author = list == &headers.reply_to && (is_own || !names_only_list(headers));
    if (!is_author) add_others(recipients.cc, *list, identities, recipients.to);
  }
  return recipients;
}

Recipients choose(ReplyTo whom, const Document::Headers& headers, const std::vector<Identity>& identities) {
  if (whom == ReplyTo::list && !headers.list_post.empty()) {
    return {headers.followup_to.empty() ? headers.list_post : headers.followup_to, {}};
  }
  Recipients recipients;
  if (whom == ReplyTo::sender) {
    add_others(recipients.to, is_from_me(headers, identities) ? headers.to : author_of(headers), identities);
  } else {
    recipients = everybody(headers, identities);
  }
  if (recipients.to.empty()) std::swap(recipients.to, recipients.cc);
  if (recipients.to.empty()) recipients.to = is_from_me(headers, identities) ? headers.to : headers.from;  // I write to myself
  return recipients;
}

/// Where answers of others should go, said only on a list: everybody named here, and me if I was named beside the list.
std::string followup_for(const Document::Headers& headers, const Recipients& recipients, const Address& me) {
  Addresses all = recipients.to;
  all.insert(all.end(), recipients.cc.begin(), recipients.cc.end());
  const bool goes_to_list = std::any_of(all.begin(), all.end(), [&](const Address& address) { return contains(headers.list_post, address); });
  if (!goes_to_list) return {};
  if (contains(headers.to, me) || contains(headers.cc, me)) all.push_back(me);
  return to_text(all);
}

/// At most 100: the first, which began the thread, and the newest ones.
std::vector<std::string> references_to(const Document::Headers& headers) {
  constexpr std::size_t most = 100;
  std::vector<std::string> ids;
  const auto add = [&](const std::string& id) {
    if (!is_message_id(id)) return;
    ids.erase(std::remove(ids.begin(), ids.end(), id), ids.end());
    ids.push_back(id);
  };
  for (const std::string& id : headers.references) add(id);
  if (ids.empty()) add(headers.in_reply_to);
  add(headers.message_id);
  if (ids.size() > most) ids.erase(ids.begin() + 1, ids.end() - (most - 1));
  return ids;
}

Placeholders placeholders_of(const Document::Headers& headers) {
  const Address author = headers.from.empty() ? Address{} : headers.from.front();
  const std::string when = full_date(headers.unix_date);
  const auto comma = when.rfind(", ");
  return {{"name", short_name(author)},
          {"address", author.mailbox},
          {"date", when.substr(0, comma)},
          {"time", comma == std::string::npos ? std::string() : when.substr(comma + 2)},
          {"subject", headers.subject},
          {"id", headers.message_id}};
}

std::string signature_of(const Identity* identity, const ReplyForm& form) {
  if (identity == nullptr || trim(identity->signature).empty()) return {};
  std::string_view text = identity->signature;
  while (text.ends_with('\n')) text.remove_suffix(1);
  return form.signature_separator + '\n' + std::string(text) + '\n';
}

/// The text with an empty line for the person's words, in the place that the form says.
std::string with_signature(const std::string& text, const std::string& signature, const ReplyForm& form) {
  if (form.position == ReplyForm::Position::above) return "\n\n" + (signature.empty() ? "" : signature + '\n') + text;
  return text + (text.empty() ? "\n" : "\n\n") + signature;
}

Sender sender_of(const Original& original, const std::vector<Identity>& identities) {
  const Document::Headers& headers = original.document.headers;
  if (is_from_me(headers, identities)) return sender_for(identities, {}, {headers.from.front()}, {}, original.account);
  return sender_for(identities, headers.delivered_to, headers.to, headers.cc, original.account);
}

Draft draft_from(const Sender& sender, Draft::Kind kind) {
  Draft draft;
  draft.kind = kind;
  draft.from = to_text(sender.address);
  if (sender.identity != nullptr) draft.account = sender.identity->account;
  return draft;
}

void keep_attachments(Draft& draft, const Original& original) {
  for (const Part& part : original.document.parts) {
    if (!part.is_attachment) continue;
    draft.attachments.push_back({original.file, part.number, part.filename, part.type, part.size});
  }
}

std::string forward_head(const Document::Headers& headers) {
  std::string head = fmt::format("-------- {} --------\n", _("Forwarded message"));
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) head += fmt::format("{}: {}\n", name, value);
  };
  add(_("From"), to_text(headers.from));
  add(_("To"), to_text(headers.to));
  add(_("Cc"), to_text(headers.cc));
  add(_("Date"), full_date(headers.unix_date));
  add(_("Subject"), headers.subject);
  return head + '\n';
}

}  // namespace

Draft make_reply(const Original& original, ReplyTo whom, const std::vector<Identity>& identities, const ReplyForm& form) {
  const Document::Headers& headers = original.document.headers;
  const Sender sender = sender_of(original, identities);
  const Recipients recipients = choose(whom, headers, identities);
  Draft draft = draft_from(sender, Draft::Kind::reply);
  if (sender.was_written_to) draft.answers_as = sender.address.mailbox;
  draft.to = to_text(recipients.to);
  draft.cc = to_text(recipients.cc);
  draft.subject = reply_subject(headers.subject);
  if (is_message_id(headers.message_id)) draft.in_reply_to = headers.message_id;
  draft.references = references_to(headers);
  draft.followup_to = followup_for(headers, recipients, sender.address);
  draft.original = headers.message_id;
  std::string quote = quoted(original.document, form.quote_prefix);
  const std::string attribution = fill_in(form.attribution, placeholders_of(headers));
  if (!attribution.empty() && !quote.empty()) quote.insert(0, attribution + '\n');
  draft.body = with_signature(quote, signature_of(sender.identity, form), form);
  return draft;
}

Draft make_forward(const Original& original, bool is_attached, const std::vector<Identity>& identities, const ReplyForm& form) {
  const Document::Headers& headers = original.document.headers;
  const Sender sender = sender_of(original, identities);
  Draft draft = draft_from(sender, Draft::Kind::forward);
  draft.subject = forward_subject(headers.subject);
  draft.original = headers.message_id;
  const std::string signature = signature_of(sender.identity, form);
  if (is_attached) {
    Attachment whole{original.file, "*", (headers.subject.empty() ? std::string("message") : headers.subject) + ".eml", "message/rfc822"};
    std::replace(whole.name.begin(), whole.name.end(), '/', '_');
    for (const Part& part : original.document.parts) whole.size += part.size;
    draft.attachments.push_back(std::move(whole));
    draft.body = with_signature("", signature, form);
    return draft;
  }
  const std::string text = forward_head(headers) + plain_text(original.document);
  // What stands behind a signature is read as part of it: only who wants it above has it there.
  const bool is_above = form.position == ReplyForm::Position::above;
  draft.body = is_above ? with_signature(text, signature, form) : "\n\n" + text + (signature.empty() ? "" : '\n' + signature);
  keep_attachments(draft, original);
  return draft;
}

Draft make_again(const Original& original, const std::vector<Identity>& identities) {
  const Document::Headers& headers = original.document.headers;
  Draft draft = draft_from(sender_of(original, identities), Draft::Kind::resend);
  draft.to = to_text(headers.to);
  draft.cc = to_text(headers.cc);
  draft.subject = headers.subject;
  draft.body = plain_text(original.document);
  keep_attachments(draft, original);
  return draft;
}

Draft make_fresh(const Identity& identity, const ReplyForm& form) {
  Draft draft = draft_from({&identity, identity.address}, Draft::Kind::fresh);
  draft.body = with_signature("", signature_of(&identity, form), form);
  return draft;
}

}  // namespace valija
