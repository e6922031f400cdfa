#include "../../src/mime/markdown_lines.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "clean_document.hpp"
#include "hostile_messages.hpp"
#include "support/cpu_time.hpp"
#include "valija/mime/parse.hpp"

using namespace valija;
using Role = Line::Role;

namespace {

std::vector<Line> lines_of(std::string_view text) {
  std::vector<Link> links;
  return mime::markdown_lines(text, links);
}

std::string text_of(const Line& line) {
  std::string text;
  for (const Span& span : line.spans) text += span.text;
  return text;
}

/// One row per line, with its indent and marker.
std::string rows(const std::vector<Line>& lines) {
  std::string text;
  for (const Line& line : lines) text += std::to_string(line.indent) + line.marker + text_of(line) + "|";
  return text;
}

HtmlText no_html(std::string_view, int) { return {}; }

}  // namespace

TEST_CASE("headings, rules and paragraphs") {
  const auto lines = lines_of("# Tea\nfor *two* or\n**three**\n\n---\n\nSetext\n===\n");
  REQUIRE(lines.size() == 7);
  CHECK(lines[0].role == Role::heading);
  CHECK(lines[0].spans[0].style.bold);
  CHECK(text_of(lines[2]) == "for two or three");
  CHECK(lines[2].spans[1].style.italic);
  CHECK(lines[2].spans[3].style.bold);
  CHECK_FALSE(lines[2].spans[2].style.italic);
  CHECK(lines[4].role == Role::rule);
  CHECK(lines[6].role == Role::heading);
}

TEST_CASE("lists hang in their indent, nested ones deeper") {
  CHECK(rows(lines_of("- a\n- b\n  1. c\n  2. d\n\nend")) == "2• a|2• b|61. c|62. d|0|0end|");
  CHECK(rows(lines_of("3. a\n\n4. b\n\n   more\n")) == "43. a|0|44. b|0|4more|");
  CHECK(rows(lines_of("-\n- b\n")) == "2• |2• b|");
}

TEST_CASE("code keeps its blanks and lines") {
  const auto lines = lines_of("Run `ls -l`:\n\n```sh\n  a\n\nb\n```\n");
  REQUIRE(lines.size() == 5);
  CHECK(lines[0].spans[1].style.code);
  CHECK(lines[2].role == Role::preformatted);
  CHECK(text_of(lines[2]) == "  a");
  CHECK_FALSE(lines[2].wraps);
  CHECK(lines[3].spans.empty());
}

TEST_CASE("the rows of a table stay as they are typed") {
  CHECK(rows(lines_of("| a  | b |\n|----|---|\n| **1** | 2 |\n\nend\nof it\n")) == "0| a  | b ||0|----|---||0| 1 | 2 ||0|0end of it|");
}

TEST_CASE("quotes have levels, and what introduces them is an attribution") {
  const auto lines = lines_of("Yes.\n\nAna wrote:\n\n> one\n>\n>> two\n\nNo.\n");
  CHECK(lines[2].role == Role::attribution);
  CHECK(lines[4].role == Role::quote);
  CHECK(lines[4].quote_level == 1);
  CHECK(lines[5].quote_level == 1);
  CHECK(lines[6].quote_level == 2);
  CHECK(lines[7].quote_level == 0);
}

TEST_CASE("links are links to the web and to people only, and HTML stays as it was written") {
  std::vector<Link> links{{"https://before.example"}};
  const auto lines = mime::markdown_lines("[tea](https://example.org/) [bad](javascript:alert) <ana@example.org> ![pot](https://example.org/pot.png)\n\n<b>x</b>\n\n<script>\ny\n</script>\n", links);
  REQUIRE(links.size() == 3);
  CHECK(links[1].target == "https://example.org/");
  CHECK(links[2].target == "mailto:ana@example.org");
  CHECK(lines[0].spans[0].style.link == 1);
  CHECK(text_of(lines[0]) == "tea bad ana@example.org [pot]");
  CHECK(rows(lines).find("|0<b>x</b>|0|0<script>|0y|0</script>|") != std::string::npos);
}

TEST_CASE("a signature is none of the Markdown") {
  const auto lines = lines_of("Tea\n-- \nAna\n*Bo*\n");
  CHECK(rows(lines) == "0Tea|0|0--|0Ana|0*Bo*|");
  CHECK(lines[3].role == Role::signature);
}

TEST_CASE("a part of that type is shown so") {
  mime::start();
  const auto document = mime::parse("From: a@example.org\nContent-Type: text/markdown; charset=utf-8\n\n# Tea\n\nsee https://example.org/\n", no_html);
  CHECK(document.lines[0].role == Role::heading);
  REQUIRE(document.links.size() == 1);
  CHECK(document.links[0].target == "https://example.org/");
}

TEST_CASE("a patch that is attached is shown, coloured, and stays an attachment") {
  mime::start();
  const auto document = mime::parse(
      "From: a@example.org\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nFix.\n--b\nContent-Type: text/x-patch; name=\"1.patch\"\n"
      "Content-Disposition: attachment; filename=\"1.patch\"\n\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-From: one\n+From: two\n--b--\n",
      no_html);
  REQUIRE(document.parts.size() == 2);
  CHECK(document.parts[1].is_attachment);
  CHECK(document.parts[1].is_shown);
  CHECK(document.lines.back().role == Role::diff_added);
}

TEST_CASE("any Markdown gives clean lines") {
  rc::check([](const std::string& text) {
    for (const Line& line : lines_of("* " + text + "\n> &#27;[31m`" + text + "`")) RC_ASSERT(test::is_gated(text_of(line)));
  });
}

TEST_CASE("nested and unfinished Markdown ends soon") {
  const test::CpuTime time;
  for (const char* piece : {">", "- ", "*", "_a", "[", "![", "[a](", "`", "<", "&#", "1. ", "**a ", "a**b", "\\", "<!--", "> > > >\n", "[a]: b\n", "\t- "}) {
    CAPTURE(piece);
    static_cast<void>(lines_of(test::repeated(piece, 20'000)));
  }
  CHECK(time.seconds() < 5);
}
