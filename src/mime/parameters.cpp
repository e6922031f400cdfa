#include "parameters.hpp"

#include <algorithm>

#include "valija/base/text.hpp"

namespace valija::mime {
namespace {

constexpr auto none = std::string_view::npos;

/// "multipart/mixed boundary=x" with the semicolon that should be there.
std::string with_semicolon(std::string value) {
  const auto type_end = value.find_first_of(" ;", value.find('/'));
  const auto next = type_end == none ? none : value.find_first_not_of(' ', type_end);
  if (next != none && value[next] != ';' && value[next] != '(' && value.find('=', next) != none) value[type_end] = ';';
  return value;
}

GMimeContentType* parse_content_type(std::string_view value) {
  start_gmime();
  const std::string text = with_semicolon(unfolded(value));
  return g_mime_content_type_parse(nullptr, text.empty() ? "text/plain" : text.c_str());
}

}  // namespace

std::string unfolded(std::string_view value) {
  std::string text(trim(value));
  std::erase_if(text, [](char c) { return c == '\r' || c == '\n'; });
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '\t' || c == '\0'; }, ' ');
  return text;
}

ContentType::ContentType(std::string_view value) : type_(parse_content_type(value)) {}

std::string ContentType::type() const {
  const auto main = text_of(g_mime_content_type_get_media_type(type_.get()));
  const auto sub = text_of(g_mime_content_type_get_media_subtype(type_.get()));
  return clean(to_lower_ascii(main + "/" + sub));
}

std::string ContentType::parameter(const char* name) const {
  return text_of(g_mime_content_type_get_parameter(type_.get(), name));
}

Disposition read_disposition(std::string_view value) {
  const std::string text = unfolded(value);
  if (text.empty()) return {};
  start_gmime();
  const Handle<GMimeContentDisposition> read(g_mime_content_disposition_parse(nullptr, text.c_str()));
  return {to_lower_ascii(text_of(g_mime_content_disposition_get_disposition(read.get()))),
          text_of(g_mime_content_disposition_get_parameter(read.get(), "filename"))};
}

}  // namespace valija::mime
