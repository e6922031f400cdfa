#include "reencode.hpp"

#include <algorithm>
#include <vector>

#include "dangers.hpp"
#include "gmime_write.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"
#include "valija/mime/build.hpp"

namespace valija::mime {
namespace {

constexpr std::size_t largest_message = std::size_t{512} * 1024 * 1024;

bool is_eight_bit(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return (c & 0x80) != 0; });
}

/// Header text in eight bits becomes encoded words.
void encode_headers(GMimeObject* object) {
  GMimeHeaderList* headers = g_mime_object_get_header_list(object);
  for (int i = 0; i < g_mime_header_list_get_count(headers); ++i) {
    GMimeHeader* header = g_mime_header_list_get_header_at(headers, i);
    if (!is_eight_bit(text_of(g_mime_header_get_raw_value(header)))) continue;
    g_mime_header_set_value(header, nullptr, clean(text_of(g_mime_header_get_value(header))).c_str(), "utf-8");
  }
}

/// What encloses others says the encoding of its parts, and they are 7bit now.
void say_seven_bit(GMimeObject* object) {
  const auto said = to_lower_ascii(trim(text_of(g_mime_object_get_header(object, "Content-Transfer-Encoding"))));
  if (said == "8bit" || said == "binary") g_mime_object_set_header(object, "Content-Transfer-Encoding", "7bit", nullptr);
}

/// Text stays readable in its source: quoted-printable where the parser would take base64.
void encode_part(GMimePart* part, GMimeEncodingConstraint constraint) {
  const auto now = g_mime_part_get_content_encoding(part);
  const bool is_encoded = now == GMIME_CONTENT_ENCODING_BASE64 || now == GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE;
  const auto best = is_encoded ? now : g_mime_part_get_best_content_encoding(part, constraint);
  if (is_encoded || best == GMIME_CONTENT_ENCODING_DEFAULT) return;
  const bool is_text = g_mime_content_type_is_type(g_mime_object_get_content_type(GMIME_OBJECT(part)), "text", "*") != FALSE;
  g_mime_part_set_content_encoding(part, is_text ? GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE : best);
}

/// Every part at every depth, those of enclosed messages too.
void encode_all(GMimeMessage* message, GMimeEncodingConstraint constraint) {
  const bool is_seven_bit = constraint == GMIME_ENCODING_CONSTRAINT_7BIT;
  std::vector<GMimeObject*> waiting{GMIME_OBJECT(message)};
  while (!waiting.empty()) {
    GMimeObject* object = waiting.back();
    waiting.pop_back();
    if (object == nullptr) continue;
    if (is_seven_bit) encode_headers(object);
    if (is_seven_bit && !GMIME_IS_PART(object) && !GMIME_IS_MESSAGE(object)) say_seven_bit(object);
    if (GMIME_IS_PART(object)) {
      encode_part(GMIME_PART(object), constraint);
    } else if (GMIME_IS_MULTIPART(object)) {
      auto* multipart = GMIME_MULTIPART(object);
      for (int i = 0; i < g_mime_multipart_get_count(multipart); ++i) waiting.push_back(g_mime_multipart_get_part(multipart, i));
    } else if (GMIME_IS_MESSAGE_PART(object)) {
      waiting.push_back(GMIME_OBJECT(g_mime_message_part_get_message(GMIME_MESSAGE_PART(object))));
    } else if (GMIME_IS_MESSAGE(object)) {
      waiting.push_back(g_mime_message_get_mime_part(GMIME_MESSAGE(object)));
    }
  }
}

}  // namespace

Result<WireFacts> reencode(std::string_view message, GMimeEncodingConstraint constraint, const std::string& path) {
  start_gmime();
  if (const std::string danger = find_danger(message); !danger.empty()) return fail(Kind::input, Blast::message, danger);
  const auto refuse = [] { return fail(Kind::input, Blast::message, _("The message cannot be written in a form that mail servers take.")); };
  const Handle<GMimeStream> stream(g_mime_stream_mem_new_with_buffer(message.data(), message.size()));
  const Handle<GMimeParser> parser(g_mime_parser_new_with_stream(stream.get()));
  const Handle<GMimeMessage> parsed(g_mime_parser_construct_message(parser.get(), nullptr));
  if (!parsed || g_mime_message_get_mime_part(parsed.get()) == nullptr) return refuse();
  encode_all(parsed.get(), constraint);

  auto file = NewFile::create(path);
  if (!file) return Unexpected(std::move(file).error());
  if (auto written = write_octets(parsed.get(), *file, path); !written) return Unexpected(written.error());
  const auto facts = scan_file(path);
  if (!facts) return facts;
  if (!facts->is_fit() || (constraint == GMIME_ENCODING_CONSTRAINT_7BIT && facts->is_eight_bit)) return refuse();
  if (auto kept = file->keep(); !kept) return Unexpected(kept.error());
  return facts;
}

Result<void> write_seven_bit(const std::string& from, const std::string& to) {
  const auto message = read_file(from, largest_message);
  if (!message) return Unexpected(message.error());
  const auto written = reencode(*message, GMIME_ENCODING_CONSTRAINT_7BIT, to);
  return written ? Result<void>() : Result<void>(Unexpected(written.error()));
}

}  // namespace valija::mime
