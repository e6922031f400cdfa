#include "part_view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "valija/base/text.hpp"
#include "valija/base/words.hpp"
#include "valija/html/render.hpp"
#include "valija/image/decode.hpp"
#include "valija/mime/archive.hpp"
#include "valija/mime/gunzip.hpp"
#include "valija/mime/parse.hpp"
#include "valija/workers/document_text.hpp"

namespace valija::workers {
namespace {

constexpr std::size_t looked_at = 64 * 1024;  // to tell text from other octets
constexpr std::size_t most_unpacked = 32UL << 20;
constexpr std::size_t dumped = 512, dumped_per_line = 16;

Line plain_line(std::string text) {
  Line line;
  line.role = Line::Role::preformatted;
  line.wraps = false;
  if (!text.empty()) line.spans.push_back({std::move(text), {}});
  return line;
}

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || std::string_view("!#$&-^_.+:").find(c) != std::string_view::npos;
  });
}

bool is_type(std::string_view type) {
  const auto slash = type.find('/');
  return slash != std::string_view::npos && is_token(type.substr(0, slash)) && is_token(type.substr(slash + 1));
}

/// Pictures that can be asked for by the numbers of the message around it.
void renumber_pictures(Document& document, std::string_view own, const std::string& number) {
  for (Picture& picture : document.pictures) {
    if (!picture.part.empty() && picture.part.starts_with(own)) picture.part = number + picture.part.substr(own.size());
  }
}

/// The part as a message of its own, which is read as any other.
Document read_text(const std::string& number, const std::string& type, const std::string& charset, std::string_view octets, const RenderOptions& options) {
  std::string message = "MIME-Version: 1.0\nContent-Type: " + type;
  if (is_token(charset)) message += "; charset=" + charset;
  message += "\nContent-Transfer-Encoding: 8bit\n\n";
  Document document = mime::parse(message.append(octets), html::render, options);
  document.headers = {};
  document.parts.clear();
  renumber_pictures(document, "1#", number + "#");
  return document;
}

/// Its parts are numbered as those of the message around it.
Document read_enclosed(const std::string& number, std::string_view octets, const RenderOptions& options) {
  Document document = mime::parse(octets, html::render, options);
  for (Part& part : document.parts) part.number = number + "." + part.number;
  renumber_pictures(document, "", number + ".");
  return document;
}

Document list_entries(const mime::Archive& archive) {
  Document document;
  const auto files = static_cast<unsigned long>(archive.entries.size());
  document.lines.push_back(plain_line(fmt::format(fmt::runtime(n_("An archive ({}) of {} file:", "An archive ({}) of {} files:", files)), archive.kind, number(files))));
  document.lines.push_back(plain_line({}));
  for (const auto& entry : archive.entries) {
    document.lines.push_back(plain_line(fmt::format("{:>10}  {}{}", byte_count(entry.size), entry.name, entry.is_encrypted ? _(" (encrypted)") : "")));
  }
  if (archive.is_cut) document.warnings.emplace_back(_("The archive is torn, or holds more files than are listed."));
  return document;
}

std::string dump_line(std::size_t offset, std::string_view octets) {
  std::string line = fmt::format("{:08x} ", offset), letters;
  for (std::size_t i = 0; i < dumped_per_line; ++i) {
    if (i % 8 == 0) line += ' ';
    line += i < octets.size() ? fmt::format("{:02x} ", static_cast<unsigned char>(octets[i])) : "   ";
    if (i < octets.size()) letters += octets[i] >= 0x20 && octets[i] < 0x7f ? octets[i] : '.';
  }
  return line + " " + letters;
}

Document dump(const std::string& type, std::string_view octets) {
  Document document;
  document.lines.push_back(plain_line(fmt::format("{}, {}", type, byte_count(octets.size()))));
  if (const auto picture = image::read_header(octets)) {
    document.lines.push_back(plain_line(fmt::format(fmt::runtime(_("A picture ({}) of {} × {} pixels.")), picture->format, picture->width, picture->height)));
    return document;
  }
  document.lines.push_back(plain_line({}));
  const std::string_view first = octets.substr(0, dumped);
  for (std::size_t at = 0; at < first.size(); at += dumped_per_line) document.lines.push_back(plain_line(dump_line(at, first.substr(at, dumped_per_line))));
  return document;
}

/// Octets that a person could read, whatever the header calls them.
bool looks_like_text(std::string_view octets) {
  std::string_view head = octets.substr(0, looked_at);
  while (head.size() == looked_at && (static_cast<unsigned char>(head.back()) & 0x80) != 0) head.remove_suffix(1);  // no half character
  const auto is_control = [](char c) { return (c >= 0 && c < 0x20 && std::string_view("\t\n\r\f").find(c) == std::string_view::npos) || c == 0x7f; };
  return is_valid_utf8(head) && std::none_of(head.begin(), head.end(), is_control);
}

/// Nothing: the octets are neither an archive nor a text.
std::optional<Document> read_unknown(const std::string& number, std::string_view octets, const RenderOptions& options) {
  if (const auto archive = mime::list_archive(octets)) return list_entries(*archive);
  if (!octets.empty() && looks_like_text(octets)) return read_text(number, "text/plain", "utf-8", octets, options);
  return std::nullopt;
}

/// What a gzip file holds stands for it.
std::optional<Document> read_packed(const std::string& number, std::string_view octets, const RenderOptions& options) {
  const auto unpacked = mime::gunzip(octets, most_unpacked);
  if (!unpacked) return std::nullopt;
  auto document = read_unknown(number, unpacked->octets, options);
  if (document && unpacked->is_cut && document->warnings.empty()) document->warnings.emplace_back(_("The file is torn, or holds more than is shown."));
  return document;
}

bool is_message(std::string_view type) { return type == "message/rfc822" || type == "message/global" || type == "message/news"; }

/// Of what has no header of its own ("1.1#3"), nothing is known.
Part find_part(const Document& whole, const std::string& number) {
  const auto found = std::find_if(whole.parts.begin(), whole.parts.end(), [&](const Part& part) { return part.number == number; });
  Part part = found == whole.parts.end() ? Part() : *found;
  if (!is_type(part.type)) part.type = "application/octet-stream";
  return part;
}

}  // namespace

Result<Document> view_part(std::string_view message, const std::string& number, const RenderOptions& options) {
  const Result<std::string> octets = mime::extract_part(message, number, html::data_uri);
  if (!octets) return fail(octets.error());
  const Part part = find_part(mime::parse(message, html::render, options), number);
  if (is_message(part.type)) return read_enclosed(number, *octets, options);
  if (part.type.starts_with("text/")) {
    Document document = read_text(number, part.type, part.charset, *octets, options);
    return document.lines.empty() ? read_text(number, "text/plain", part.charset, *octets, options) : document;
  }
  if (auto document = read_unknown(number, *octets, options)) return *std::move(document);
  if (auto document = read_packed(number, *octets, options)) return *std::move(document);
  return dump(part.type, *octets);
}

Result<std::string> page_of(std::string_view message) {
  auto page = mime::browser_page(message, html::sanitised_page);
  if (page) return page;
  const Document document = mime::parse(message, html::render);
  std::string text;
  for (const char c : document_text(document, 0)) {
    if (c == '&' || c == '<') {
      text += c == '&' ? "&amp;" : "&lt;";
    } else {
      text += c;
    }
  }
  return html::sanitised_page("<pre style=\"white-space: pre-wrap\">" + text + "</pre>", [](std::string_view) { return std::string(); });
}

}  // namespace valija::workers
