#include "valija/mail/draft.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "draft_value.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija {
namespace {

constexpr auto none = std::string_view::npos;

constexpr auto kinds = std::to_array<std::string_view>({"fresh", "reply", "forward", "resend"});

/// The fields that are plain text, in the order of the file. A person edits the first ones.
struct TextField {
  std::string_view name;
  std::string Draft::*member;
};
constexpr auto person_fields = std::to_array<TextField>({{"From", &Draft::from},
                                                         {"To", &Draft::to},
                                                         {"Cc", &Draft::cc},
                                                         {"Bcc", &Draft::bcc},
                                                         {"Reply-To", &Draft::reply_to},
                                                         {"Subject", &Draft::subject}});
constexpr auto own_fields = std::to_array<TextField>({{"Id", &Draft::id},
                                                      {"Account", &Draft::account},
                                                      {"In-Reply-To", &Draft::in_reply_to},
                                                      {"Mail-Followup-To", &Draft::followup_to},
                                                      {"Original", &Draft::original},
                                                      {"Answers-As", &Draft::answers_as},
                                                      {"Stored", &Draft::stored}});

void put(std::string& text, std::string_view name, std::string_view value) {
  text += fmt::format("{}: {}\n", name, escape_value(value));
}

Unexpected refuse(const std::string& sentence) { return fail(Kind::input, Blast::message, sentence); }

template <typename T>
std::optional<T> to_number(std::string_view text) {
  T number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string attachment_text(const Attachment& attachment, bool is_for_person) {
  std::string text = escape_value(attachment.path, true);
  const auto add = [&](std::string_view key, std::string_view value) {
    if (!value.empty()) text += fmt::format("; {}={}", key, escape_value(value, true));
  };
  add("part", attachment.part);
  if (attachment.name != file_name(attachment.path)) text += "; name=" + escape_value(attachment.name, true);
  if (!is_for_person) add("type", attachment.type);
  if (!is_for_person && attachment.size > 0) add("size", std::to_string(attachment.size));
  add("cid", attachment.content_id);
  return text;
}

Result<Attachment> parse_attachment(std::string_view value) {
  Attachment attachment;
  const auto pieces = split_escaped(value);
  attachment.path = unescape_value(trim(pieces.front()));
  bool has_name = false;
  for (std::size_t i = 1; i < pieces.size(); ++i) {
    const std::string_view piece = trim(pieces[i]);
    const auto equals = piece.find('=');
    const auto key = piece.substr(0, equals);
    const std::string text = equals == none ? std::string() : unescape_value(piece.substr(equals + 1));
    const auto size = key == "size" ? to_number<std::uint64_t>(text) : std::nullopt;
    if (key == "part") {
      attachment.part = text;
    } else if (key == "name") {
      attachment.name = text;
      has_name = true;
    } else if (key == "type") {
      attachment.type = text;
    } else if (key == "cid") {
      attachment.content_id = text;
    } else if (size) {
      attachment.size = *size;
    } else {
      return refuse(fmt::format(fmt::runtime(_("The line Attach says {}, which means nothing.")), clean(piece)));
    }
  }
  if (!has_name) attachment.name = file_name(attachment.path);
  return attachment;
}

/// Takes one field; false: there is no field of that name.
Result<bool> take_person_field(Draft& draft, std::string_view name, std::string_view value) {
  for (const TextField& field : person_fields) {
    if (!equal_ignoring_case(field.name, name)) continue;
    draft.*field.member = unescape_value(value);
    return true;
  }
  if (!equal_ignoring_case(name, "Attach")) return false;
  if (value.empty()) return true;
  auto attachment = parse_attachment(value);
  if (!attachment) return Unexpected(std::move(attachment).error());
  draft.attachments.push_back(std::move(*attachment));
  return true;
}

Result<bool> take_own_field(Draft& draft, std::string_view name, std::string_view value) {
  for (const TextField& field : own_fields) {
    if (!equal_ignoring_case(field.name, name)) continue;
    draft.*field.member = unescape_value(value);
    return true;
  }
  if (equal_ignoring_case(name, "Reference")) {
    draft.references.push_back(unescape_value(value));
  } else if (equal_ignoring_case(name, "Markdown")) {
    draft.is_markdown = value == "yes";
  } else if (const auto kind = std::find(kinds.begin(), kinds.end(), value); equal_ignoring_case(name, "Kind") && kind != kinds.end()) {
    draft.kind = static_cast<Draft::Kind>(kind - kinds.begin());
  } else if (const auto time = to_number<UnixTime>(value); equal_ignoring_case(name, "Changed") && time) {
    draft.changed = *time;
  } else {
    return false;
  }
  return true;
}

using TakeField = Result<bool> (*)(Draft&, std::string_view name, std::string_view value);

Result<bool> take_any_field(Draft& draft, std::string_view name, std::string_view value) {
  auto taken = take_person_field(draft, name, value);
  return taken && !*taken ? take_own_field(draft, name, value) : taken;
}

/// Reads header lines up to the blank line, and gives what stands behind it. Lines that begin with a blank continue the one before.
Result<std::string_view> read_fields(Draft& draft, std::string_view text, TakeField take) {
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    std::string line(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.pop_back();
    if (line.empty()) break;
    while (text.starts_with(' ') || text.starts_with('\t')) {
      const auto next = text.substr(0, text.find('\n'));
      line += ' ' + std::string(trim(next));
      text.remove_prefix(std::min(next.size() + 1, text.size()));
    }
    const auto colon = line.find(':');
    const auto name = std::string_view(line).substr(0, colon);
    const auto taken = colon == none ? Result<bool>(false) : take(draft, trim(name), trim(std::string_view(line).substr(colon + 1)));
    if (!taken) return Unexpected(taken.error());
    if (!*taken) {
      return fail(Kind::input, Blast::message, fmt::format(fmt::runtime(_("The draft has a header line that is not known: {}.")), clean_phrase(line)),
                  _("Leave an empty line between the headers and the text."));
    }
  }
  return text;
}

}  // namespace

bool is_message_id(std::string_view id) {
  constexpr std::size_t longest = 900;  // with its name and brackets on a line of 998 octets
  return !id.empty() && id.size() <= longest && std::all_of(id.begin(), id.end(), [](char c) { return c > ' ' && c < 0x7f && c != '<' && c != '>'; });
}

bool Draft::is_empty(std::string_view signature) const {
  if (!to.empty() || !cc.empty() || !bcc.empty() || !subject.empty() || !attachments.empty()) return false;
  std::string_view text = trim(body);
  const std::string_view own = trim(signature);
  if (!own.empty() && text.ends_with(own)) text = trim(text.substr(0, text.size() - own.size()));
  return text.empty() || text == "--";
}

std::string to_text(const Draft& draft) {
  std::string text;
  for (const TextField& field : own_fields) {
    if (!(draft.*field.member).empty()) put(text, field.name, draft.*field.member);
  }
  put(text, "Kind", kinds[static_cast<std::size_t>(draft.kind)]);
  put(text, "Changed", std::to_string(draft.changed));
  if (draft.is_markdown) put(text, "Markdown", "yes");
  for (const std::string& id : draft.references) put(text, "Reference", id);
  for (const TextField& field : person_fields) put(text, field.name, draft.*field.member);
  for (const Attachment& attachment : draft.attachments) text += "Attach: " + attachment_text(attachment, false) + '\n';
  return text + '\n' + draft.body;
}

Result<Draft> parse_draft(std::string_view text) {
  Draft draft;
  const auto body = read_fields(draft, text, take_any_field);
  if (!body) return Unexpected(body.error());
  draft.body = *body;
  return draft;
}

std::string to_editable_text(const Draft& draft) {
  std::string text;
  for (const TextField& field : person_fields) {
    const bool is_rare = field.member == &Draft::bcc || field.member == &Draft::reply_to;
    if (!is_rare || !(draft.*field.member).empty()) put(text, field.name, draft.*field.member);
  }
  for (const Attachment& attachment : draft.attachments) text += "Attach: " + attachment_text(attachment, true) + '\n';
  return text + '\n' + draft.body;
}

Result<Draft> with_edited_text(Draft draft, std::string_view text) {
  const auto before = std::move(draft.attachments);
  draft.attachments.clear();
  for (const TextField& field : person_fields) (draft.*field.member).clear();
  const auto body = read_fields(draft, text, take_person_field);
  if (!body) return Unexpected(body.error());
  draft.body = *body;
  for (Attachment& attachment : draft.attachments) {
    const auto same = std::find_if(before.begin(), before.end(), [&](const Attachment& old) {
      return old.path == attachment.path && old.part == attachment.part && old.content_id == attachment.content_id;
    });
    if (same == before.end()) continue;
    attachment.type = same->type;
    attachment.size = same->size;
  }
  return draft;
}

}  // namespace valija
