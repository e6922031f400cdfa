#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "encoded_words.hpp"
#include "envelope.hpp"
#include "gmime_write.hpp"
#include "header_block.hpp"
#include "message_headers.hpp"
#include "raw_message.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"
#include "valija/mime/build.hpp"

namespace valija::mime {
namespace {

Unexpected refuse(const std::string& sentence) { return fail(Kind::input, Blast::message, sentence); }

/// Those that the headers name: of the newest resending where there is one (RFC 5322 §3.6.6).
std::vector<Address> header_recipients(const RawMessage& message) {
  const bool is_resent = message.has("Resent-To") || message.has("Resent-Cc") || message.has("Resent-Bcc");
  std::vector<Address> recipients;
  for (const RawField& field : message.fields) {
    const bool is_of_resending = starts_with_ignoring_case(field.name, "Resent-");
    if (is_resent != is_of_resending) continue;
    const auto name = is_resent ? field.name.substr(7) : field.name;
    if (!equal_ignoring_case(name, "To") && !equal_ignoring_case(name, "Cc") && !equal_ignoring_case(name, "Bcc")) continue;
    for (Address& address : decode_addresses(field.value())) recipients.push_back(std::move(address));
  }
  return recipients;
}

/// Its From says what would be said without one, and a name is known: as with sendmail, it is made anew. Somebody else's address is given no name.
bool lacks_name(const RawMessage& message, const Built& built, const BuildOptions& options) {
  const auto named = decode_addresses(message.value("From"));
  return !options.sender_name.empty() && named.size() == 1 && named.front().name.empty() && equal_ignoring_case(named.front().mailbox, built.sender);
}

/// What is missing for a message to be one.
std::string missing_fields(const RawMessage& message, const Built& built, const BuildOptions& options) {
  std::string fields;
  if (!message.has("Date")) fields += "Date: " + header_date(options.date, options.utc_offset_minutes) + "\r\n";
  if (!message.has("From") || lacks_name(message, built, options)) fields += "From:" + folded_addresses("From", {{options.sender_name, built.sender}}) + "\r\n";
  if (!is_message_id(first_id(message.value("Message-ID")))) fields += "Message-ID: <" + built.message_id + ">\r\n";
  const bool is_eight_bit = std::any_of(message.body.begin(), message.body.end(), [](char c) { return (c & 0x80) != 0; });
  if (is_eight_bit && !message.has("MIME-Version") && !message.has("Content-Type") && is_valid_utf8(message.body)) {
    fields += "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n";
    if (!message.has("Content-Transfer-Encoding")) fields += "Content-Transfer-Encoding: 8bit\r\n";
  }
  return fields;
}

std::string sender_in(const RawMessage& message) {
  for (const std::string_view name : {"Resent-From", "Sender", "From"}) {
    const auto named = decode_addresses(message.value(name));
    if (!named.empty()) return named.front().mailbox;
  }
  return {};
}

Result<Built> envelope_of(const RawMessage& message, const std::string& sender, const std::vector<std::string>& recipients, bool from_headers,
                          const BuildOptions& options) {
  Built built;
  auto mailbox = ascii_mailbox(sender.empty() ? sender_in(message) : sender);
  if (!mailbox) return refuse(_("The message has no sender that can be used."));
  built.sender = std::move(*mailbox);
  std::vector<Address> named = from_headers ? header_recipients(message) : std::vector<Address>();
  for (const std::string& recipient : recipients) named.push_back({{}, recipient});
  const auto all = ascii_addresses(named);
  if (!all) return Unexpected(all.error());
  if (all->empty()) return refuse(_("The message has no recipient."));
  add_recipients(built.recipients, *all);
  built.needs_smtputf8 = needs_smtputf8(built);
  const std::string id = first_id(message.value("Message-ID"));
  built.message_id = is_message_id(id) ? id : options.message_id;
  return built;
}

Result<Built> finish(Built built, const Result<WireFacts>& facts) {
  if (!facts) return Unexpected(facts.error());
  built.is_eight_bit = facts->is_eight_bit;
  built.size = facts->size;
  return built;
}

}  // namespace

Result<Built> adopt_message(std::string_view message, const std::string& sender, const std::vector<std::string>& recipients, bool from_headers,
                            const BuildOptions& options, const std::string& path) {
  start_gmime();
  const std::string octets = with_wire_ends(message.substr(envelope_size(message)));
  const RawMessage raw = split_message(octets);
  auto built = envelope_of(raw, sender, recipients, from_headers, options);
  if (!built) return built;
  std::vector<std::string_view> left_out = {"Bcc", "Resent-Bcc"};
  if (raw.has("Message-ID") && !is_message_id(first_id(raw.value("Message-ID")))) left_out.emplace_back("Message-ID");
  if (lacks_name(raw, *built, options)) left_out.emplace_back("From");
  std::string head;
  if (auto added = add_fields(head, raw, left_out); !added) return Unexpected(added.error());
  head += missing_fields(raw, *built, options);
  return finish(std::move(*built), write_raw(std::move(head), raw.body, path));
}

Result<Built> bounce(std::string_view message, const Address& from, const std::vector<Address>& to, const BuildOptions& options,
                     const std::string& path) {
  start_gmime();
  const auto sender = ascii_addresses({from});
  const auto recipients = ascii_addresses(to);
  if (!sender) return Unexpected(sender.error());
  if (!recipients) return Unexpected(recipients.error());
  if (recipients->empty()) return refuse(_("The message has no recipient."));
  Built built;
  built.message_id = options.message_id;
  built.sender = sender->front().mailbox;
  add_recipients(built.recipients, *recipients);
  built.needs_smtputf8 = needs_smtputf8(built);
  std::string head = "Resent-Date: " + header_date(options.date, options.utc_offset_minutes) + "\r\n";
  head += "Resent-From:" + folded_addresses("Resent-From", *sender) + "\r\n";
  head += "Resent-To:" + folded_addresses("Resent-To", *recipients) + "\r\n";
  head += "Resent-Message-ID: <" + options.message_id + ">\r\n";
  const auto checked = check_header_block(head, {"Resent-Date", "Resent-From", "Resent-To", "Resent-Message-ID"});
  if (!checked) return Unexpected(checked.error());
  const std::string octets = with_wire_ends(message.substr(envelope_size(message)));
  const RawMessage raw = split_message(octets);
  // Bcc is nobody's business, and the marks of the first delivery would look like a loop to the next server.
  if (auto added = add_fields(head, raw, {"Bcc", "Resent-Bcc", "Return-Path", "Delivered-To"}); !added) return Unexpected(added.error());
  return finish(std::move(built), write_raw(std::move(head), raw.body, path));
}

}  // namespace valija::mime
