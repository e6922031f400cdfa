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

std::string markdown_to_html(std::string_view text) {
  const auto mark = text.starts_with("-- \n") ? 0 : text.rfind("\n-- \n");  // "--" under a line would make it a heading
  const auto written = text.substr(0, mark);
  const auto signature = mark == std::string_view::npos ? std::string_view() : text.substr(mark);
  const std::unique_ptr<char, Free> html(cmark_markdown_to_html(written.data(), written.size(), CMARK_OPT_DEFAULT));
  std::string page = "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"></head><body>\n";
  page += html.get();
  if (!signature.empty()) page += "<p>" + escaped(signature.substr(signature.front() == '\n' ? 1 : 0)) + "</p>\n";
  return page + "</body></html>\n";
}

}  // namespace valija::mime
