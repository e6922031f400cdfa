#include "markdown.hpp"

#include <cmark.h>

#include <cstdlib>
#include <memory>

namespace valija::mime {
namespace {

struct Free {
  void operator()(char* text) const { std::free(text); }
};

std::string escaped(std::string_view text) {
  std::string html;
  for (const char c : text) {
    switch (c) {
      case '<':
        html += "&lt;";
        break;
      case '>':
        html += "&gt;";
        break;
      case '&':
        html += "&amp;";
        break;
      case '\n':
        html += "<br>\n";
        break;
      default:
        html += c;
    }
  }
  return html;
}

}  // namespace

SignedText split_signature(std::string_view text) {
  if (text.starts_with("-- \n")) return {{}, text};
  const auto mark = text.rfind("\n-- \n");
  if (mark == std::string_view::npos) return {text, {}};
  return {text.substr(0, mark + 1), text.substr(mark + 1)};
}

std::string markdown_to_html(std::string_view text) {
  const auto [written, signature] = split_signature(text);
  const std::unique_ptr<char, Free> html(cmark_markdown_to_html(written.data(), written.size(), CMARK_OPT_DEFAULT));
  std::string page = "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"></head><body>\n";
  page += html.get();
  if (!signature.empty()) page += "<p>" + escaped(signature) + "</p>\n";
  return page + "</body></html>\n";
}

}  // namespace valija::mime
