#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "clean_document.hpp"
#include "hostile_messages.hpp"
#include "valija/mime/parse.hpp"

using namespace valija;
using mime::text_lines;
using Role = Line::Role;

namespace {

std::vector<Role> roles(const std::vector<Line>& lines) {
  std::vector<Role> found;
  for (const Line& line : lines) found.push_back(line.role);
  return found;
}

std::string text_of(const Line& line) {
  std::string text;
  for (const Span& span : line.spans) text += span.text;
  return text;
}

}  // namespace

TEST_CASE("quote levels are counted with and without blanks between the marks") {
  const auto lines = text_lines("a\n> b\n>> c\n> > d\n>e\n>From here\n", false, false);
  REQUIRE(lines.size() == 6);
  CHECK(lines[0].quote_level == 0);
  CHECK(lines[1].quote_level == 1);
  CHECK(text_of(lines[1]) == "b");
  CHECK(lines[2].quote_level == 2);
  CHECK(lines[3].quote_level == 2);
  CHECK(text_of(lines[3]) == "d");
  CHECK(text_of(lines[4]) == "e");
  CHECK(lines[5].quote_level == 0);
  CHECK(text_of(lines[5]) == "From here");
}

TEST_CASE("a signature begins behind its mark and goes to the end") {
  CHECK(roles(text_lines("hi\n-- \nAna\nLibrary\n", false, false)) ==
        std::vector{Role::text, Role::signature, Role::signature, Role::signature});
  CHECK(roles(text_lines("hi\n---\nnot a signature\n", false, false)) == std::vector{Role::text, Role::text, Role::text});
}

TEST_CASE("the line that introduces a quote is recognised in several languages") {
  for (const char* line : {"On Mon, 23 Nov 2026, Ana wrote:", "El lun, 23 nov 2026, Ana escribió:", "Am 23.11.2026 schrieb Ana:",
                           "Le 23 nov. 2026 à 09:41, Ana a écrit :"}) {
    CAPTURE(line);
    CHECK(text_lines(std::string(line) + "\n> quoted\n", false, false)[0].role == Role::attribution);
  }
  const auto broken = text_lines("On Mon, 23 Nov 2026 at 09:41, Ana Ruiz <ana@example.org>\nwrote:\n\n> quoted\n", false, false);
  CHECK(broken[0].role == Role::attribution);
  CHECK(broken[1].role == Role::attribution);
  CHECK(text_lines("I wrote this yesterday.\n", false, false)[0].role == Role::text);
}

TEST_CASE("a patch keeps its lines as they are and what follows is text again") {
  const auto lines = text_lines(
      "Fix it.\n---\ndiff --git a/x b/x\nindex 1..2 100644\n--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@ fn\n one\n-two\n+  three\n four\n-- \n2.39\n", false,
      false);
  CHECK(roles(lines) == std::vector{Role::text, Role::text, Role::diff_hunk, Role::diff_hunk, Role::diff_hunk, Role::diff_hunk,
                                    Role::diff_hunk, Role::preformatted, Role::diff_removed, Role::diff_added,
                                    Role::preformatted, Role::signature, Role::signature});
  CHECK(text_of(lines[9]) == "+  three");
  CHECK_FALSE(lines[9].wraps);
}

TEST_CASE("lines of a list that begin with a dash are no patch") {
  CHECK(roles(text_lines("- one\n+ two\n-- three\n", false, false)) == std::vector{Role::text, Role::text, Role::text});
}

TEST_CASE("flowed text joins its lines (RFC 3676)") {
  const auto lines = text_lines("one \ntwo \nthree\n> q \n> r\nfour\n", true, false);
  REQUIRE(lines.size() == 3);
  CHECK(text_of(lines[0]) == "one two three");
  CHECK(text_of(lines[1]) == "q r");
  CHECK(lines[1].quote_level == 1);
  CHECK(text_of(lines[2]) == "four");
}

TEST_CASE("flowed text with DelSp loses the joining blank, stuffed blanks go, a signature mark never joins") {
  CHECK(text_of(text_lines("日 \n本\n", true, true)[0]) == "日本");
  CHECK(text_of(text_lines("  two\n", true, false)[0]) == " two");
  const auto lines = text_lines("text \n-- \nAna\n", true, false);
  REQUIRE(lines.size() == 3);
  CHECK(lines[1].role == Role::signature);
}

TEST_CASE("blank lines at the ends go, and many in a row become two") {
  CHECK(text_lines("\n\n\nx\n\n\n", false, false).size() == 1);
  CHECK(text_lines("a" + test::repeated("\n", 300) + "b", false, false).size() == 4);
  CHECK(text_lines("", false, false).empty());
}

TEST_CASE("any text gives clean lines") {
  rc::check([](const std::string& text, bool flowed, bool delete_space) {
    for (const Line& line : text_lines(text, flowed, delete_space)) RC_ASSERT(test::is_gated(text_of(line)));
  });
}
