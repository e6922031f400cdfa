#include "content_decoding.hpp"

#include <algorithm>

#include "encoded_words.hpp"
#include "gmime_handles.hpp"
#include "valija/base/text.hpp"

namespace valija::mime {
namespace {

GMimeContentEncoding to_gmime(Encoding encoding) {
  switch (encoding) {
    case Encoding::base64:
      return GMIME_CONTENT_ENCODING_BASE64;
    case Encoding::quoted_printable:
      return GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE;
    case Encoding::uuencode:
      return GMIME_CONTENT_ENCODING_UUENCODE;
    case Encoding::none:
      break;
  }
  return GMIME_CONTENT_ENCODING_BINARY;
}

/// What stands behind the line "begin 644 name".
std::string_view behind_begin_line(std::string_view content) {
  const auto begin = content.starts_with("begin ") ? 0 : content.find("\nbegin ");
  const auto end = begin == std::string_view::npos ? begin : content.find('\n', begin + 1);
  return end == std::string_view::npos ? content : content.substr(end + 1);
}

std::uint64_t base64_size(std::string_view content) {
  const auto count = [&](char c) { return static_cast<std::size_t>(std::count(content.begin(), content.end(), c)); };
  const auto digits = content.size() - count('\n') - count('\r') - count(' ') - count('=');
  return digits / 4 * 3 + (digits % 4) * 3 / 4;
}

}  // namespace

Encoding encoding_of(std::string_view value) {
  const std::string_view text = trim(value);
  const std::string word(text.substr(0, text.find_first_of(" \t\r\n;(")));
  switch (g_mime_content_encoding_from_string(word.c_str())) {
    case GMIME_CONTENT_ENCODING_BASE64:
      return Encoding::base64;
    case GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE:
      return Encoding::quoted_printable;
    case GMIME_CONTENT_ENCODING_UUENCODE:
      return Encoding::uuencode;
    default:
      return Encoding::none;
  }
}

std::string decode_content(std::string_view content, Encoding encoding, std::size_t limit) {
  if (encoding == Encoding::none) return std::string(content.substr(0, limit));
  content = content.substr(0, limit > content.max_size() / 4 ? limit : limit * 4);
  GMimeEncoding state;
  g_mime_encoding_init_decode(&state, to_gmime(encoding));
  if (encoding == Encoding::uuencode) {
    content = behind_begin_line(content);
    state.state |= GMIME_UUDECODE_STATE_BEGIN;
  }
  std::string decoded(g_mime_encoding_outlen(&state, content.size()) + 8, '\0');
  const auto size = g_mime_encoding_flush(&state, content.data(), content.size(), decoded.data());
  decoded.resize(std::min(size, limit));
  return decoded;
}

std::uint64_t decoded_size(std::string_view content, Encoding encoding) {
  if (encoding == Encoding::none) return content.size();
  if (encoding == Encoding::base64) return base64_size(content);
  return decode_content(content, encoding, content.size()).size();
}

std::string clean_filename(std::string_view name) {
  std::string cleaned = decode_header(name);
  if (cleaned.starts_with('"') && !cleaned.ends_with('"')) cleaned.erase(0, 1);  // a parameter that was never ended
  if (const auto separator = cleaned.find_last_of("/\\"); separator != std::string::npos)
    cleaned.erase(0, separator + 1);
  constexpr std::size_t longest = 255;
  if (cleaned.size() > longest) {
    std::size_t end = longest;
    while (end > 0 && (static_cast<unsigned char>(cleaned[end]) & 0xc0) == 0x80) --end;
    cleaned.resize(end);
  }
  cleaned = std::string(trim(cleaned));
  return cleaned == "." || cleaned == ".." ? std::string() : cleaned;
}

}  // namespace valija::mime
