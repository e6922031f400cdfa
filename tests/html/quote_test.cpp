#include <doctest/doctest.h>

#include "html_text.hpp"

using namespace valija;
using Role = Line::Role;
using test::text_of;

namespace {

/// The lines that have text, by what they are: "t" text, "a" attribution, "s" signature, "h" history, "1" quote of level 1.
std::string kinds(const std::string& html) {
  std::string all;
  for (const Line& line : html::render(html).lines) {
    if (line.spans.empty()) continue;
    all += line.is_history                  ? 'h'
           : line.quote_level > 0           ? static_cast<char>('0' + line.quote_level)
           : line.role == Role::attribution ? 'a'
           : line.role == Role::signature   ? 's'
                                            : 't';
  }
  return all;
}

}  // namespace

TEST_CASE("Gmail's replies") {
  CHECK(kinds("<div>Yes.</div><div class=gmail_quote><div class=gmail_attr>Am Montag schrieb Eva &lt;eva@example.org&gt;</div>"
              "<blockquote class=gmail_quote>Come?<blockquote>When?</blockquote></blockquote></div>") == "ta12");
}

TEST_CASE("Thunderbird's replies and signature") {
  CHECK(kinds("<p>Yes.</p><div class=moz-cite-prefix>Eva escribió el lunes<br></div><blockquote type=cite>Come?</blockquote><p>And you?</p>"
              "<div class=moz-signature>-- <br>Ana</div>") == "ta1tss");
}

TEST_CASE("Outlook's replies: all that follows the head is history") {
  CHECK(kinds("<p class=MsoNormal>Yes.</p><div><div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'>"
              "<p class=MsoNormal><b>From:</b> Eva</p></div></div><p class=MsoNormal>Come?</p>") == "thh");
  CHECK(kinds("<div>Yes.</div><div id=appendonsend></div><hr><div id=divRplyFwdMsg><b>From:</b> Eva</div><div>Come?</div>") == "thh");
  CHECK(kinds("<div><div>Yes.</div><div id=x_divRplyFwdMsg>From: Eva</div></div><div>Come?</div>") == "thh");
  CHECK(kinds("<div>Yes.</div><div id=mail-editor-reference-message-container><div>Come?</div></div><div>P.S.</div>") == "tht");
}

TEST_CASE("Yahoo's replies") { CHECK(kinds("<div>Yes.</div><div class='yahoo_quoted'><div>On Monday, Eva wrote:</div><div>Come?</div></div>") == "thh"); }

TEST_CASE("a mail that is nothing but a quoted one is no history") {
  CHECK(kinds("<div id=divRplyFwdMsg>From: Eva</div><div>Come?</div>") == "tt");
  CHECK(kinds("<div class=yahoo_quoted>Come?</div>") == "t");
}

TEST_CASE("the dashes before a signature belong to it") {
  CHECK(kinds("<div>Yes.</div><div>-- <br></div><div class=gmail_signature>Ana</div>") == "tss");
  CHECK(kinds("<div>Yes.</div><div id=Signature>Ana</div>") == "ts");
}

TEST_CASE("an empty attribution makes none of the line before it") {
  CHECK(kinds("<div>Yes.</div><div class=moz-cite-prefix></div>") == "t");
}
