#include "document_codec.hpp"

#include <algorithm>

#include "valija/base/codec.hpp"
#include "valija/base/text.hpp"

namespace valija::workers {
namespace {

// Sizes of the smallest encoded element of each kind: a count that could not fit is a lie.
constexpr std::size_t smallest_address = 8;
constexpr std::size_t smallest_part = 33;
constexpr std::size_t smallest_line = 20;
constexpr std::size_t smallest_span = 17;
constexpr std::size_t smallest_picture = 17;
constexpr std::size_t smallest_header = 8;

// No document that we make has more.
constexpr std::size_t most_addresses = 10'000;
constexpr std::size_t most_references = 100;
constexpr std::size_t most_parts = 2'000;
constexpr std::size_t most_links = 50'000;
constexpr std::size_t most_pictures = 10'000;
constexpr std::size_t most_headers = 500;
constexpr std::size_t most_reasons = 50;
constexpr std::size_t most_lines = 200'000;

std::size_t take_count(Decoder& in, std::size_t element_size, std::size_t most) {
  const std::size_t count = in.count(element_size);
  if (count <= most) return count;
  in.refuse();
  return 0;
}

/// ASCII without controls is the common case and needs no copy.
std::string gated(std::string text) {
  const bool is_plain = std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
  return is_plain ? std::move(text) : clean(text);
}

void put(Encoder& out, const std::vector<Address>& addresses) {
  out.u32(static_cast<std::uint32_t>(addresses.size()));
  for (const Address& address : addresses) out.text(address.name).text(address.mailbox);
}

std::vector<Address> take_addresses(Decoder& in) {
  std::vector<Address> addresses(take_count(in, smallest_address, most_addresses));
  for (Address& address : addresses) {
    address.name = gated(in.text());
    address.mailbox = gated(in.text());
  }
  return addresses;
}

std::vector<std::string> take_texts(Decoder& in, std::size_t most) {
  std::vector<std::string> texts = in.texts();
  if (texts.size() > most) in.refuse();
  for (std::string& text : texts) text = gated(std::move(text));
  return texts;
}

void put(Encoder& out, const Document::Headers& headers) {
  put(out, headers.from);
  put(out, headers.to);
  put(out, headers.cc);
  put(out, headers.reply_to);
  out.text(headers.subject).text(headers.date).i64(headers.unix_date).text(headers.message_id).text(headers.list_id);
  out.text(headers.in_reply_to).texts(headers.references);
  put(out, headers.followup_to);
  put(out, headers.mail_reply_to);
  put(out, headers.list_post);
  out.texts(headers.delivered_to).text(headers.list_name).text(headers.list_archive);
  out.text(headers.unsubscribe.https).text(headers.unsubscribe.mailto).flag(headers.unsubscribe.is_one_click);
}

Document::Headers take_headers(Decoder& in) {
  Document::Headers headers;
  headers.from = take_addresses(in);
  headers.to = take_addresses(in);
  headers.cc = take_addresses(in);
  headers.reply_to = take_addresses(in);
  headers.subject = gated(in.text());
  headers.date = gated(in.text());
  headers.unix_date = in.i64();
  headers.message_id = gated(in.text());
  headers.list_id = gated(in.text());
  headers.in_reply_to = gated(in.text());
  headers.references = take_texts(in, most_references);
  headers.followup_to = take_addresses(in);
  headers.mail_reply_to = take_addresses(in);
  headers.list_post = take_addresses(in);
  headers.delivered_to = take_texts(in, most_addresses);
  headers.list_name = gated(in.text());
  headers.list_archive = gated(in.text());
  headers.unsubscribe.https = gated(in.text());
  headers.unsubscribe.mailto = gated(in.text());
  headers.unsubscribe.is_one_click = in.flag();
  return headers;
}

void put(Encoder& out, const Part& part) {
  out.text(part.number).u32(static_cast<std::uint32_t>(part.depth)).text(part.type).text(part.filename).u64(part.size);
  out.flag(part.is_attachment).flag(part.is_shown).text(part.charset).i64(part.alternative);
}

Part take_part(Decoder& in) {
  constexpr std::uint32_t deepest = 1000;
  Part part;
  part.number = gated(in.text());
  part.depth = static_cast<int>(std::min(in.u32(), deepest));
  part.type = gated(in.text());
  part.filename = gated(in.text());
  std::replace(part.filename.begin(), part.filename.end(), '/', '_');
  part.size = in.u64();
  part.is_attachment = in.flag();
  part.is_shown = in.flag();
  part.charset = gated(in.text());
  part.alternative = static_cast<int>(std::clamp<std::int64_t>(in.i64(), -1, most_parts));
  return part;
}

std::uint8_t style_bits(const Style& style) {
  return static_cast<std::uint8_t>((style.bold ? 1 : 0) | (style.italic ? 2 : 0) | (style.underline ? 4 : 0) |
                                   (style.dim ? 8 : 0) | (style.code ? 16 : 0) | (style.strike ? 32 : 0) | (style.button ? 64 : 0));
}

void put(Encoder& out, const Line& line) {
  out.u8(static_cast<std::uint8_t>(line.role)).flag(line.wraps).flag(line.is_history).flag(line.is_right_to_left);
  out.u32(static_cast<std::uint32_t>(line.quote_level)).u32(static_cast<std::uint32_t>(line.indent)).text(line.marker);
  out.u32(static_cast<std::uint32_t>(line.spans.size()));
  for (const Span& span : line.spans) {
    out.text(span.text).u8(style_bits(span.style)).u32(static_cast<std::uint32_t>(span.style.color));
    out.u32(static_cast<std::uint32_t>(span.style.link)).u32(static_cast<std::uint32_t>(span.style.picture));
  }
}

/// An index into a list of the document; -1 for what lies outside.
int take_index(Decoder& in, std::size_t size) {
  const auto index = in.u32();
  return index < size ? static_cast<int>(index) : -1;
}

Span take_span(Decoder& in, const Document& document) {
  Span span;
  span.text = gated(in.text());
  const auto bits = in.u8();
  span.style.bold = (bits & 1) != 0;
  span.style.italic = (bits & 2) != 0;
  span.style.underline = (bits & 4) != 0;
  span.style.dim = (bits & 8) != 0;
  span.style.code = (bits & 16) != 0;
  span.style.strike = (bits & 32) != 0;
  span.style.button = (bits & 64) != 0;
  constexpr std::uint32_t largest_color = 0xffffff;
  const auto color = in.u32();
  span.style.color = color <= largest_color ? static_cast<std::int32_t>(color) : -1;
  span.style.link = take_index(in, document.links.size());
  span.style.picture = take_index(in, document.pictures.size());
  return span;
}

Line take_line(Decoder& in, const Document& document) {
  constexpr std::uint32_t deepest_quote = 100, widest_indent = 200;
  Line line;
  const auto role = in.u8();
  if (role > static_cast<std::uint8_t>(Line::Role::table)) in.refuse();
  line.role = in.ok() ? static_cast<Line::Role>(role) : Line::Role::text;
  line.wraps = in.flag();
  line.is_history = in.flag();
  line.is_right_to_left = in.flag();
  line.quote_level = static_cast<int>(std::min(in.u32(), deepest_quote));
  line.indent = static_cast<int>(std::min(in.u32(), widest_indent));
  line.marker = gated(in.text());
  const std::size_t spans = in.count(smallest_span);
  line.spans.reserve(spans);
  for (std::size_t i = 0; i < spans && in.ok(); ++i) line.spans.push_back(take_span(in, document));
  return line;
}

void put(Encoder& out, const Picture& picture) {
  out.u8(static_cast<std::uint8_t>(picture.kind)).text(picture.part).text(picture.name);
  out.u32(static_cast<std::uint32_t>(picture.width)).u32(static_cast<std::uint32_t>(picture.height));
}

void put(Encoder& out, const CategoryVerdict& verdict) { out.u8(static_cast<std::uint8_t>(verdict.category)).texts(verdict.reasons); }

CategoryVerdict take_verdict(Decoder& in) {
  CategoryVerdict verdict;
  const auto category = in.u8();
  if (category > static_cast<std::uint8_t>(Category::notification)) in.refuse();
  verdict.category = static_cast<Category>(category);
  verdict.reasons = take_texts(in, most_reasons);
  return verdict;
}

Picture take_picture(Decoder& in) {
  constexpr std::size_t widest = 100'000;
  Picture picture;
  const auto kind = in.u8();
  if (kind > static_cast<std::uint8_t>(Picture::Kind::remote)) in.refuse();
  picture.kind = in.ok() ? static_cast<Picture::Kind>(kind) : Picture::Kind::remote;
  picture.part = gated(in.text());
  picture.name = gated(in.text());
  picture.width = take_index(in, widest);
  picture.height = take_index(in, widest);
  return picture;
}

}  // namespace

std::string encode_document(const Document& document) {
  Encoder out;
  put(out, document.headers);
  out.u32(static_cast<std::uint32_t>(document.parts.size()));
  for (const Part& part : document.parts) put(out, part);
  out.u32(static_cast<std::uint32_t>(document.links.size()));
  for (const Link& link : document.links) out.text(link.target);
  out.u32(static_cast<std::uint32_t>(document.pictures.size()));
  for (const Picture& picture : document.pictures) put(out, picture);
  out.u32(static_cast<std::uint32_t>(document.lines.size()));
  for (const Line& line : document.lines) put(out, line);
  out.texts(document.warnings).u8(static_cast<std::uint8_t>(document.signature));
  out.flag(document.is_html).flag(document.is_unreadable);
  out.u32(static_cast<std::uint32_t>(document.all_headers.size()));
  for (const Document::HeaderRow& row : document.all_headers) out.text(row.name).text(row.value);
  out.u32(document.trackers).u32(document.remote_pictures).flag(document.depends_on_width).text(document.charset);
  put(out, document.verdict);
  put(out, document.verdict_if_known);
  return out.take();
}

std::optional<Document> decode_document(std::string_view bytes) {
  Decoder in(bytes);
  Document document;
  document.headers = take_headers(in);
  document.parts.resize(take_count(in, smallest_part, most_parts));
  for (Part& part : document.parts) part = take_part(in);
  document.links.resize(take_count(in, 4, most_links));
  for (Link& link : document.links) link.target = gated(in.text());
  document.pictures.resize(take_count(in, smallest_picture, most_pictures));
  for (Picture& picture : document.pictures) picture = take_picture(in);
  const std::size_t lines = take_count(in, smallest_line, most_lines);
  document.lines.reserve(lines);
  for (std::size_t i = 0; i < lines && in.ok(); ++i) document.lines.push_back(take_line(in, document));
  document.warnings = in.texts();
  for (std::string& warning : document.warnings) warning = gated(std::move(warning));
  const auto signature = in.u8();
  if (signature > static_cast<std::uint8_t>(Document::Signature::present_unchecked)) in.refuse();
  document.is_html = in.flag();
  document.is_unreadable = in.flag();
  document.all_headers.resize(take_count(in, smallest_header, most_headers));
  for (Document::HeaderRow& row : document.all_headers) {
    row.name = gated(in.text());
    row.value = gated(in.text());
  }
  document.trackers = in.u32();
  document.remote_pictures = in.u32();
  document.depends_on_width = in.flag();
  document.charset = gated(in.text());
  document.verdict = take_verdict(in);
  document.verdict_if_known = take_verdict(in);
  if (!in.ok() || !in.at_end()) return std::nullopt;
  document.signature = static_cast<Document::Signature>(signature);
  return document;
}

std::string encode_pixels(const Pixels& pixels) {
  return Encoder().u32(static_cast<std::uint32_t>(pixels.width)).u32(static_cast<std::uint32_t>(pixels.height)).text(pixels.rgba).take();
}

std::optional<Pixels> decode_pixels(std::string_view bytes) {
  constexpr std::uint32_t longest = 100'000;
  constexpr std::size_t largest = 16 * 1024 * 1024;
  Decoder in(bytes);
  const std::uint32_t width = in.u32(), height = in.u32();
  std::string rgba = in.text();
  const bool is_sound = in.ok() && in.at_end() && width > 0 && height > 0 && width <= longest && height <= longest;
  if (!is_sound || rgba.size() > largest || rgba.size() != std::size_t{width} * height * 4) return std::nullopt;
  return Pixels{static_cast<int>(width), static_cast<int>(height), std::move(rgba)};
}

std::string encode_request(const RenderRequest& request) {
  Encoder out;
  out.u8(static_cast<std::uint8_t>(request.command)).text(request.argument);
  out.u32(static_cast<std::uint32_t>(request.options.columns)).text(request.options.charset).text(request.options.alternative).flag(request.options.source);
  return out.u32(request.most_width).u32(request.most_height).take();
}

std::optional<RenderRequest> decode_request(std::string_view bytes) {
  constexpr std::uint32_t narrowest = 20, widest = 1000, longest = 100'000;
  Decoder in(bytes);
  RenderRequest request;
  const auto command = in.u8();
  request.argument = in.text();
  request.options.columns = static_cast<int>(std::clamp(in.u32(), narrowest, widest));
  request.options.charset = gated(in.text());
  request.options.alternative = gated(in.text());
  request.options.source = in.flag();
  request.most_width = std::min(in.u32(), longest);
  request.most_height = std::min(in.u32(), longest);
  const bool is_known = command >= static_cast<std::uint8_t>(RenderCommand::render) && command <= static_cast<std::uint8_t>(RenderCommand::page);
  if (!in.ok() || !in.at_end() || !is_known) return std::nullopt;
  request.command = static_cast<RenderCommand>(command);
  return request;
}

}  // namespace valija::workers
