#include "valija/mime/build.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "compose_parts.hpp"
#include "draft_header.hpp"
#include "envelope.hpp"
#include "gmime_handles.hpp"
#include "gmime_write.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"
#include "valija/mail/presend.hpp"
#include "wire.hpp"

namespace valija::mime {
namespace {

/// Writes the fields of one message. Nothing reaches GMime that was not cleaned: five of its setters would let line ends through.
class HeaderWriter {
 public:
  explicit HeaderWriter(GMimeMessage* message) : object_(GMIME_OBJECT(message)) {}

  void text(const char* name, std::string_view value) {
    const std::string cleaned(trim(clean(value)));
    if (!cleaned.empty()) g_mime_object_append_header(object_, name, cleaned.c_str(), "utf-8");
  }

  void ids(const char* name, const std::vector<std::string>& ids) {
    std::string value;
    for (const std::string& id : ids) {
      if (is_message_id(id)) value += "\r\n <" + id + '>';
    }
    if (!value.empty()) raw(name, value.substr(2));
  }

  void addresses(const char* name, const std::vector<Address>& addresses) {
    if (addresses.empty()) return;
    raw(name, folded_addresses(name, addresses));
  }

  void raw(const char* name, const std::string& value) {
    g_mime_object_append_header(object_, name, "", nullptr);
    GMimeHeaderList* headers = g_mime_object_get_header_list(object_);
    GMimeHeader* header = g_mime_header_list_get_header_at(headers, g_mime_header_list_get_count(headers) - 1);
    g_mime_header_set_raw_value(header, (value + "\r\n").c_str());
  }

 private:
  GMimeObject* object_;
};

/// The addresses of a draft, with domains as A-labels. In a stored draft, a field that cannot be sent yet is left out: X-Valija-Draft keeps it.
struct Fields {
  std::vector<Address> from, to, cc, bcc, reply_to, followup_to;
};

Result<Fields> read_fields(const Draft& draft, bool is_draft) {
  struct Row {
    std::string Draft::*text;
    std::vector<Address> Fields::*addresses;
  };
  Fields fields;
  for (const Row& row : {Row{&Draft::from, &Fields::from}, Row{&Draft::to, &Fields::to}, Row{&Draft::cc, &Fields::cc}, Row{&Draft::bcc, &Fields::bcc},
                         Row{&Draft::reply_to, &Fields::reply_to}, Row{&Draft::followup_to, &Fields::followup_to}}) {
    if (is_draft && !faults_in("", draft.*row.text).empty()) continue;
    auto addresses = ascii_addresses(parse_addresses(draft.*row.text));
    if (!addresses && !is_draft) return Unexpected(std::move(addresses).error());
    if (addresses) fields.*row.addresses = std::move(*addresses);
  }
  return fields;
}

void write_headers(GMimeMessage* message, const Draft& draft, const Fields& fields, const BuildOptions& options) {
  HeaderWriter headers(message);
  headers.text("Date", header_date(options.date, options.utc_offset_minutes));
  headers.addresses("From", fields.from);
  headers.addresses("To", fields.to);
  headers.addresses("Cc", fields.cc);
  if (options.keeps_bcc) headers.addresses("Bcc", fields.bcc);
  headers.addresses("Reply-To", fields.reply_to);
  headers.addresses("Mail-Followup-To", fields.followup_to);
  headers.text("Subject", draft.subject);
  headers.ids("Message-ID", {options.message_id});
  headers.ids("In-Reply-To", {draft.in_reply_to});
  headers.ids("References", draft.references);
  if (options.is_draft) headers.text("X-Valija-Draft", draft_header(draft));
}

}  // namespace

Result<Built> write_message(const Draft& draft, const BuildOptions& options, const std::string& path) {
  start_gmime();
  if (const auto faults = faults_of(draft); !options.is_draft && !faults.empty()) return fail(Kind::input, Blast::message, faults.front());
  const auto fields = read_fields(draft, options.is_draft);
  if (!fields) return Unexpected(fields.error());
  auto body = compose_body(draft, options);
  if (!body) return Unexpected(std::move(body).error());
  const Handle<GMimeMessage> message(g_mime_message_new(FALSE));
  write_headers(message.get(), draft, *fields, options);
  g_mime_message_set_mime_part(message.get(), body->get());
  const auto facts = write_object(message.get(), path);
  if (!facts) return Unexpected(facts.error());

  Built built;
  built.message_id = options.message_id;
  if (!fields->from.empty()) built.sender = fields->from.front().mailbox;
  for (const auto* list : {&fields->to, &fields->cc, &fields->bcc}) add_recipients(built.recipients, *list);
  built.needs_smtputf8 = needs_smtputf8(built);
  built.is_eight_bit = facts->is_eight_bit;
  built.size = facts->size;
  return built;
}

}  // namespace valija::mime
