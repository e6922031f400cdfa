#include "compose_parts.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <vector>

#include "charset.hpp"
#include "content_decoding.hpp"
#include "flowed.hpp"
#include "header_block.hpp"
#include "known_types.hpp"
#include "markdown.hpp"
#include "valija/base/fd.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"
#include "valija/mime/parse.hpp"
#include "wire.hpp"

namespace valija::mime {
namespace {

constexpr std::size_t largest_message = std::size_t{256} * 1024 * 1024;  ///< that a part is taken out of

bool is_token(std::string_view text) {
  const auto is_token_character = [](char c) {
    return c > ' ' && c < 0x7f && std::string_view("()<>@,;:\\\"/[]?=").find(c) == std::string_view::npos;
  };
  return !text.empty() && text.size() <= 100 && std::all_of(text.begin(), text.end(), is_token_character);
}

/// The type to say of octets that go as they are: never one that promises parts inside.
std::string type_of(const Attachment& attachment) {
  const std::string type = attachment.type.empty() ? std::string(type_of_name(attachment.name)) : to_lower_ascii(attachment.type);
  const auto slash = type.find('/');
  const bool is_clean = slash != std::string::npos && is_token(type.substr(0, slash)) && is_token(type.substr(slash + 1));
  return is_clean && !type.starts_with("multipart/") && !type.starts_with("message/") ? type : std::string(unknown_type);
}

Handle<GMimePart> new_part(const std::string& type) {
  const auto slash = type.find('/');
  return Handle<GMimePart>(g_mime_part_new_with_type(type.substr(0, slash).c_str(), type.substr(slash + 1).c_str()));
}

void set_content(GMimePart* part, GMimeStream* stream, GMimeContentEncoding encoding) {
  const Handle<GMimeDataWrapper> content(g_mime_data_wrapper_new_with_stream(stream, GMIME_CONTENT_ENCODING_DEFAULT));
  g_mime_part_set_content(part, content.get());
  g_mime_part_set_content_encoding(part, encoding);
}

void set_content(GMimePart* part, std::string_view octets, GMimeContentEncoding encoding) {
  const Handle<GMimeStream> stream(g_mime_stream_mem_new_with_buffer(octets.data(), octets.size()));
  set_content(part, stream.get(), encoding);
}

/// What a person wrote as UTF-8 with LF: no control characters but tabs.
std::string clean_body(std::string_view body) {
  std::string text;
  for (const char c : guess_utf8(body)) {
    const bool is_dropped = (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7f;
    if (!is_dropped) text += c;
  }
  if (!text.empty() && text.back() != '\n') text += '\n';
  return text;
}

GMimeContentEncoding text_encoding(std::string_view text) {
  WireScan scan;
  scan.add(text);
  const WireFacts facts = scan.facts();
  if (facts.has_long_line) return GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE;
  return facts.is_eight_bit ? GMIME_CONTENT_ENCODING_8BIT : GMIME_CONTENT_ENCODING_7BIT;
}

Handle<GMimeObject> text_part(const std::string& type, std::string_view text, bool is_flowed) {
  auto part = new_part(type);
  g_mime_object_set_content_type_parameter(GMIME_OBJECT(part.get()), "charset", "utf-8");
  if (is_flowed) g_mime_object_set_content_type_parameter(GMIME_OBJECT(part.get()), "format", "flowed");
  set_content(part.get(), text, text_encoding(text));
  return Handle<GMimeObject>(GMIME_OBJECT(part.release()));
}

Unexpected refuse(const Attachment& attachment, std::string_view reason) {
  return fail(Kind::input, Blast::message,
              fmt::format(fmt::runtime(_("The attachment {} cannot be read: {}.")), clean_phrase(attachment.path), clean_phrase(reason)),
              _("Take it off the message, or put the file back."));
}

/// The open file, or the octets of the part that is meant.
Result<Handle<GMimeStream>> open_content(const Attachment& attachment) {
  if (!attachment.part.empty() && attachment.part != "*") {
    auto message = read_file(attachment.path, largest_message);
    auto octets = message ? extract_part(*message, attachment.part) : std::move(message);
    if (!octets) return refuse(attachment, octets.error().message);
    return Handle<GMimeStream>(g_mime_stream_mem_new_with_buffer(octets->data(), octets->size()));
  }
  Fd fd(::open(attachment.path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status = {};
  if (!fd || ::fstat(fd.get(), &status) != 0) return refuse(attachment, std::strerror(errno));
  if (!S_ISREG(status.st_mode)) return refuse(attachment, _("it is no file"));
  return Handle<GMimeStream>(g_mime_stream_fs_new(fd.release()));
}

std::string safe_id(std::string_view id) {
  std::string safe;
  for (const char c : id) {
    const bool is_safe = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-' || c == '@';
    if (is_safe && safe.size() < 200) safe += c;
  }
  return safe;
}

void use_utf8(GMimeParamList* parameters) {
  for (int i = 0; i < g_mime_param_list_length(parameters); ++i) g_mime_param_set_charset(g_mime_param_list_get_parameter_at(parameters, i), "utf-8");
}

Handle<GMimeObject> describe(Handle<GMimePart> part, const Attachment& attachment, std::string_view name) {
  auto* object = GMIME_OBJECT(part.get());
  const std::string id = safe_id(attachment.content_id);
  g_mime_object_set_disposition(object, id.empty() ? "attachment" : "inline");
  if (const std::string shown = clean_filename(name); !shown.empty()) {
    g_mime_part_set_filename(part.get(), shown.c_str());
    use_utf8(g_mime_content_disposition_get_parameters(g_mime_object_get_content_disposition(object)));
    use_utf8(g_mime_content_type_get_parameters(g_mime_object_get_content_type(object)));
  }
  if (!id.empty()) g_mime_object_set_content_id(object, id.c_str());
  return Handle<GMimeObject>(GMIME_OBJECT(part.release()));
}

/// What a message to be enclosed holds, and where it begins behind an mbox line.
struct Enclosed {
  WireFacts facts;
  std::size_t start = 0;
  bool is_message = false;
};

Enclosed look_at(GMimeStream* stream) {
  Enclosed enclosed;
  WireScan scan;
  std::string piece(64 * 1024, '\0');
  for (bool is_first = true;; is_first = false) {
    const auto size = g_mime_stream_read(stream, piece.data(), piece.size());
    if (size <= 0) break;
    const auto octets = std::string_view(piece).substr(0, static_cast<std::size_t>(size));
    if (is_first) {
      enclosed.start = envelope_size(octets);
      enclosed.is_message = read_header_block(octets.substr(enclosed.start)).starts_with_field;
    }
    scan.add(octets);
  }
  enclosed.facts = scan.facts();
  return enclosed;
}

/// As message/rfc822, whose octets must not be encoded (RFC 2046 §5.2.1); what no server would carry so goes as a file.
Result<Handle<GMimeObject>> enclosed_message(const Attachment& attachment) {
  auto stream = open_content(attachment);
  if (!stream) return Unexpected(std::move(stream).error());
  const Enclosed enclosed = look_at(stream->get());
  const WireFacts& facts = enclosed.facts;
  const std::string name = attachment.name.empty() ? "message.eml" : attachment.name;
  const Handle<GMimeStream> message(g_mime_stream_substream(stream->get(), static_cast<gint64>(enclosed.start), -1));
  if (!enclosed.is_message || facts.has_nul || facts.has_long_line || facts.has_bare_cr) {
    auto file = new_part(std::string(unknown_type));
    set_content(file.get(), message.get(), GMIME_CONTENT_ENCODING_BASE64);
    return describe(std::move(file), attachment, name);
  }
  auto part = new_part("message/rfc822");
  set_content(part.get(), message.get(), facts.is_eight_bit ? GMIME_CONTENT_ENCODING_8BIT : GMIME_CONTENT_ENCODING_7BIT);
  return describe(std::move(part), attachment, name);
}

/// Whether the text of a file is UTF-8 as far as its beginning tells; the stream stands at its start again.
bool begins_as_utf8(GMimeStream* stream) {
  constexpr std::size_t looked_at = 64 * 1024;
  std::string head(looked_at, '\0');
  const auto size = g_mime_stream_read(stream, head.data(), head.size());
  g_mime_stream_reset(stream);
  head.resize(static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
  const bool is_cut = head.size() == looked_at;  // within a character, perhaps
  for (int i = 0; is_cut && i < 4 && !is_valid_utf8(head); ++i) head.pop_back();
  return is_valid_utf8(head);
}

Result<Handle<GMimeObject>> attachment_part(const Attachment& attachment) {
  if (attachment.part == "*" || equal_ignoring_case(attachment.type, "message/rfc822")) return enclosed_message(attachment);
  auto stream = open_content(attachment);
  if (!stream) return Unexpected(std::move(stream).error());
  const std::string type = type_of(attachment);
  auto part = new_part(type);
  if (type.starts_with("text/") && begins_as_utf8(stream->get())) {
    g_mime_object_set_content_type_parameter(GMIME_OBJECT(part.get()), "charset", "utf-8");
  }
  set_content(part.get(), stream->get(), GMIME_CONTENT_ENCODING_BASE64);
  return describe(std::move(part), attachment, attachment.name);
}

/// `first` alone, or a multipart of it and the others.
Handle<GMimeObject> gather(const char* subtype, Handle<GMimeObject> first, const std::vector<Handle<GMimeObject>>& others) {
  if (others.empty()) return first;
  Handle<GMimeMultipart> multipart(g_mime_multipart_new_with_subtype(subtype));
  g_mime_multipart_add(multipart.get(), first.get());
  for (const auto& other : others) g_mime_multipart_add(multipart.get(), other.get());
  return Handle<GMimeObject>(GMIME_OBJECT(multipart.release()));
}

}  // namespace

FormatHandle wire_format() {
  FormatHandle format(g_mime_format_options_new());
  g_mime_format_options_set_newline_format(format.get(), GMIME_NEWLINE_FORMAT_DOS);
  g_mime_format_options_set_param_encoding_method(format.get(), GMIME_PARAM_ENCODING_METHOD_RFC2231);
  return format;
}

Result<Handle<GMimeObject>> compose_body(const Draft& draft, const BuildOptions& options) {
  const bool has_html = draft.is_markdown && !options.is_draft;
  std::vector<Handle<GMimeObject>> images, attachments;
  for (const Attachment& attachment : draft.attachments) {
    auto part = attachment_part(attachment);
    if (!part) return part;
    (has_html && !attachment.content_id.empty() ? images : attachments).push_back(std::move(*part));
  }
  const std::string text = clean_body(draft.body);
  const bool is_flowed = options.is_flowed && !options.is_draft && !holds_patch(text);
  auto body = text_part("text/plain", is_flowed ? to_flowed(text) : text, is_flowed);
  if (has_html) {
    std::vector<Handle<GMimeObject>> html;
    html.push_back(gather("related", text_part("text/html", markdown_to_html(text), false), images));
    body = gather("alternative", std::move(body), html);
  }
  return gather("mixed", std::move(body), attachments);
}

}  // namespace valija::mime
