#include "valija/mail/mailto.hpp"

#include <algorithm>

#include "valija/base/escapes.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija {
namespace {

constexpr auto none = std::string_view::npos;

/// "+" is a plus here (RFC 6068 §5), and a broken escape stands for itself.
std::string decoded(std::string_view text) { return decode_escapes(text, '%'); }

/// Addresses that hold a line end or a NUL were made to break out: they are left out, not mended.
void add_addresses(std::string& field, std::string_view encoded) {
  for (const std::string& piece : split(encoded, ',')) {
    const std::string text = decoded(piece);
    if (std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; })) continue;
    for (const Address& address : parse_addresses(clean(text))) {
      if (!is_sendable(address.mailbox)) continue;
      field += (field.empty() ? "" : ", ") + to_text(address);
    }
  }
}

void set_once(std::string& field, std::string value) {
  if (field.empty()) field = std::move(value);
}

std::string message_id(std::string_view encoded) {
  const std::string text = decoded(encoded);
  std::string_view id = trim(text);
  if (id.starts_with('<') && id.ends_with('>')) id = id.substr(1, id.size() - 2);
  return is_message_id(id) ? std::string(id) : std::string();
}

void take_field(Draft& draft, std::string_view name, std::string_view value) {
  if (equal_ignoring_case(name, "to")) {
    add_addresses(draft.to, value);
  } else if (equal_ignoring_case(name, "cc")) {
    add_addresses(draft.cc, value);
  } else if (equal_ignoring_case(name, "bcc")) {
    add_addresses(draft.bcc, value);
  } else if (equal_ignoring_case(name, "subject")) {
    set_once(draft.subject, std::string(trim(clean(decoded(value)))));
  } else if (equal_ignoring_case(name, "body")) {
    set_once(draft.body, clean_lines(decoded(value)));
  } else if (equal_ignoring_case(name, "in-reply-to")) {
    set_once(draft.in_reply_to, message_id(value));
  }
}

}  // namespace

Result<Draft> parse_mailto(std::string_view url) {
  constexpr std::string_view scheme = "mailto:";
  constexpr std::size_t longest = 64 * 1024;
  if (!starts_with_ignoring_case(url, scheme)) return fail(Kind::input, Blast::message, _("This is no mailto: address."));
  if (url.size() > longest) return fail(Kind::input, Blast::message, _("The mailto: address is longer than 64 KB."));
  url = url.substr(0, url.find('#')).substr(scheme.size());
  Draft draft;
  const auto question = url.find('?');
  add_addresses(draft.to, url.substr(0, question));
  if (question == none) return draft;
  for (const std::string& field : split(url.substr(question + 1), '&')) {
    std::string_view rest = field;
    if (rest.starts_with("amp;")) rest.remove_prefix(4);  // copied out of HTML
    const auto equals = rest.find('=');
    if (equals != none) take_field(draft, decoded(rest.substr(0, equals)), rest.substr(equals + 1));
  }
  if (!draft.in_reply_to.empty()) draft.references = {draft.in_reply_to};
  return draft;
}

}  // namespace valija
