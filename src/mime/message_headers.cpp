#include "message_headers.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "encoded_words.hpp"
#include "list_headers.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"
#include "valija/mail/date.hpp"
#include "valija/mail/mailto.hpp"

namespace valija::mime {
namespace {

std::string_view value_of(const HeaderBlock& block, std::string_view name) {
  const Field* field = block.find(name);
  return field == nullptr ? std::string_view() : field->value;
}

/// Recipients may be spread over several headers of that name.
std::vector<Address> all_addresses(const HeaderBlock& block, std::string_view name) {
  constexpr std::size_t most_addresses = 10'000;
  std::vector<Address> all;
  for (const Field& field : block.fields) {
    if (all.size() >= most_addresses) break;
    if (!equal_ignoring_case(field.name, name)) continue;
    for (Address& address : decode_addresses(field.value)) all.push_back(std::move(address));
  }
  all.resize(std::min(all.size(), most_addresses));
  return all;
}

std::string in_brackets(std::string_view value) {
  const auto open = value.find('<');
  const auto close = value.find('>', open == std::string_view::npos ? 0 : open);
  if (open != std::string_view::npos && close != std::string_view::npos)
    value = value.substr(open + 1, close - open - 1);
  return decode_header(value);
}

/// The mailto: addresses of List-Post (RFC 2369 §3.4); "NO" and the web have none.
std::vector<Address> posting_addresses(std::string_view value) {
  constexpr std::size_t most = 10;
  std::vector<Address> addresses;
  const std::string text = decode_header(value);
  for (std::string_view rest = text; addresses.size() < most;) {
    const auto open = rest.find('<');
    const auto close = rest.find('>', open == std::string_view::npos ? 0 : open);
    if (open == std::string_view::npos || close == std::string_view::npos) break;
    const auto draft = parse_mailto(rest.substr(open + 1, close - open - 1));
    if (draft) {
      for (Address& address : parse_addresses(draft->to)) addresses.push_back(std::move(address));
    }
    rest.remove_prefix(close + 1);
  }
  return addresses;
}

/// Which address the message was delivered to, as servers write it.
std::vector<std::string> delivery_addresses(const HeaderBlock& block) {
  constexpr std::size_t most = 20;
  std::vector<std::string> mailboxes;
  for (const Field& field : block.fields) {
    const bool is_named = equal_ignoring_case(field.name, "Delivered-To") ||
                          equal_ignoring_case(field.name, "X-Original-To") ||
                          equal_ignoring_case(field.name, "Envelope-To");
    if (!is_named) continue;
    for (Address& address : decode_addresses(field.value)) {
      if (mailboxes.size() < most && !address.mailbox.empty()) mailboxes.push_back(std::move(address.mailbox));
    }
  }
  return mailboxes;
}

std::string addresses_text(const std::vector<Address>& addresses) {
  constexpr std::size_t most_shown = 50;
  std::string text;
  for (std::size_t i = 0; i < addresses.size() && i < most_shown; ++i) {
    if (i > 0) text += ", ";
    text += to_text(addresses[i]);
  }
  return addresses.size() > most_shown ? text + ", …" : text;
}

}  // namespace

std::vector<std::string> all_ids(std::string_view value) {
  constexpr std::size_t most = 100;
  std::vector<std::string> ids;
  for (;;) {
    const auto open = value.find('<');
    const auto close = value.find('>', open == std::string_view::npos ? 0 : open);
    if (open == std::string_view::npos || close == std::string_view::npos) break;
    if (std::string id = decode_header(value.substr(open + 1, close - open - 1)); !id.empty())
      ids.push_back(std::move(id));
    if (ids.size() > 2 * most) ids.erase(ids.begin() + 1, ids.end() - (most - 1));
    value.remove_prefix(close + 1);
  }
  if (ids.size() > most) ids.erase(ids.begin() + 1, ids.end() - (most - 1));
  return ids;
}

std::string first_id(std::string_view value) { return in_brackets(value); }

Document::Headers read_headers(const HeaderBlock& block, std::vector<std::string>& warnings) {
  Document::Headers headers;
  headers.from = decode_addresses(value_of(block, "From"));
  headers.to = all_addresses(block, "To");
  headers.cc = all_addresses(block, "Cc");
  headers.reply_to = decode_addresses(value_of(block, "Reply-To"));
  headers.subject = decode_header(value_of(block, "Subject"));
  headers.date = decode_header(value_of(block, "Date"));
  headers.unix_date = parse_date(value_of(block, "Date")).value_or(0);
  headers.message_id = first_id(value_of(block, "Message-ID"));
  headers.list_id = in_brackets(value_of(block, "List-Id"));
  headers.in_reply_to = first_id(value_of(block, "In-Reply-To"));
  headers.references = all_ids(value_of(block, "References"));
  headers.followup_to = decode_addresses(value_of(block, "Mail-Followup-To"));
  headers.mail_reply_to = decode_addresses(value_of(block, "Mail-Reply-To"));
  headers.list_post = posting_addresses(value_of(block, "List-Post"));
  headers.delivered_to = delivery_addresses(block);
  read_list_headers(block, headers);
  const auto authors = std::count_if(block.fields.begin(), block.fields.end(),
                                     [](const Field& field) { return equal_ignoring_case(field.name, "From"); });
  if (authors > 1) warnings.emplace_back(_("The message has several From headers; only the first one is shown."));
  if (headers.from.size() > 1) warnings.emplace_back(_("The From header names more than one author."));
  return headers;
}

std::vector<Document::HeaderRow> header_rows(const HeaderBlock& block) {
  constexpr std::size_t most = 500;
  std::vector<Document::HeaderRow> rows;
  for (const Field& field : block.fields) {
    if (rows.size() >= most) break;
    rows.push_back({clean(field.name), decode_header(field.value)});
  }
  return rows;
}

std::vector<Line> header_lines(const Document::Headers& headers) {
  struct Row {
    const char* label;
    std::string text;
  };
  const auto rows = std::to_array<Row>({{_("From"), addresses_text(headers.from)},
                                        {_("To"), addresses_text(headers.to)},
                                        {_("Date"), headers.date},
                                        {_("Subject"), headers.subject}});
  Style dim;
  dim.dim = true;
  std::vector<Line> lines;
  for (const Row& row : rows) {
    if (row.text.empty()) continue;
    Line& line = lines.emplace_back();
    line.spans.push_back({std::string(row.label) + ": ", dim});
    line.spans.push_back({row.text, {}});
  }
  return lines;
}

}  // namespace valija::mime
