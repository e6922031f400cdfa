#include "valija/html/render.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "html_text.hpp"
#include "mime/clean_document.hpp"
#include "mime/hostile_messages.hpp"
#include "support/cpu_time.hpp"
#include "support/peak_memory.hpp"

using namespace valija;
using Role = Line::Role;
using test::as_document, test::layout, test::text_of;

TEST_CASE("white space collapses as in a browser") {
  CHECK(layout("  a \n b <b> c </b>d&nbsp;&nbsp;e ") == "a b c d e");
  CHECK(layout("<p> a </p> <p>\n</p><p>&nbsp;</p><p>b</p>") == "a||b");
  CHECK(layout("a<br>b<br><br>c<br><br><br><br>d") == "a|b||c||d");
  CHECK(layout("") == "");
  CHECK(layout("   <div> </div> <br><br> ") == "");
}

TEST_CASE("blocks begin on a new line and paragraphs stand apart") {
  CHECK(layout("<h1>Title</h1><p>one</p><p>two</p><div>three</div><div>four</div>") == "Title||one||two||three|four");
  CHECK(layout("a<hr>b") == "a|----|b");
  CHECK(layout("<p>a</p><hr><p>b</p>") == "a|----|b");
  const auto text = html::render("<h2>Title</h2>x");
  CHECK(text.lines[0].role == Role::heading);
  CHECK(text.lines[0].spans[0].style.bold);
}

TEST_CASE("margins of nothing and wide paddings are seen as lines left out or not") {
  CHECK(layout("<p style='margin:0'>a</p><p style='margin:0px 0'>b</p><p style='margin:0 0 5px'>c</p><p style='margin:0;margin-top:9px'>d") == "a|b||c||d");
  CHECK(layout("<h2 style='margin:0'>a</h2><p style='margin:0'>b") == "a||b");
  const auto rows = [](const std::string& style) { return layout("<table><tr><td style='" + style + "'>a</td></tr><tr><td>b</td></tr></table>"); };
  for (const char* far : {"padding:10px", "padding: 0 4px 12px", "padding:0 0 12px 4px", "padding:0;padding-bottom:20px"}) CHECK(rows(far) == "a||b");
  for (const char* close : {"padding:9px", "padding:0 40px", "padding:0 40px 4px 30px", "padding-left:20px"}) CHECK(rows(close) == "a|b");
}

TEST_CASE("inline styles become styles") {
  const auto line = html::render("<b>b</b><i>i</i><u>u</u><code>c</code><span style='font-weight: bold'>s</span>").lines.at(0);
  REQUIRE(line.spans.size() == 5);
  CHECK(line.spans[0].style.bold);
  CHECK(line.spans[1].style.italic);
  CHECK(line.spans[2].style.underline);
  CHECK(line.spans[3].style.code);
  CHECK(line.spans[4].style.bold);
}

TEST_CASE("lists nest with markers and indents") {
  const auto text = html::render("<ul><li>one<ul><li>inner</ul><li>two</ul><ol start=3><li>three<li>four</ol>");
  std::vector<std::string> markers;
  std::vector<int> indents;
  for (const Line& line : text.lines) {
    if (line.spans.empty()) continue;
    markers.push_back(line.marker);
    indents.push_back(line.indent);
  }
  CHECK(markers == std::vector<std::string>{"• ", "◦ ", "• ", "3. ", "4. "});
  CHECK(indents == std::vector<int>{2, 4, 2, 4, 4});
}

TEST_CASE("quotes have levels, and the line before them is their attribution") {
  const auto text = html::render("<div>El lunes, Ana escribió:</div><blockquote>a<blockquote>b</blockquote></blockquote>c");
  REQUIRE(text.lines.size() == 7);
  CHECK(text.lines[0].role == Role::attribution);
  CHECK(text.lines[2].quote_level == 1);
  CHECK(text.lines[2].role == Role::quote);
  CHECK(text.lines[4].quote_level == 2);
  CHECK(text.lines[6].quote_level == 0);
}

TEST_CASE("preformatted text keeps its blanks and does not wrap") {
  const auto text = html::render("<pre>a  b\n  c\n\nd</pre>");
  REQUIRE(text.lines.size() == 4);
  CHECK(text_of(text.lines[0]) == "a  b");
  CHECK(text_of(text.lines[1]) == "  c");
  CHECK(text.lines[0].role == Role::preformatted);
  CHECK_FALSE(text.lines[0].wraps);
}

TEST_CASE("only http, https and mailto become links") {
  const auto text = html::render("<a href=' https://a.example/\nb '>x</a> <a href=mailto:a@b>y</a> <a href=javascript:alert(1)>z</a>"
                                 "<a href=file:///etc/passwd>f</a><a href='data:text/html,x'>d</a><a href=vbscript:x>v</a>");
  REQUIRE(text.links.size() == 2);
  CHECK(text.links[0].target == "https://a.example/b");
  CHECK(text.links[1].target == "mailto:a@b");
  CHECK(text.lines[0].spans[0].style.link == 0);
}

TEST_CASE("a link whose text names another host shows where it really goes") {
  CHECK(layout("<a href='https://evil.example/x'>www.bank.example</a>") == "www.bank.example [evil.example]");
  CHECK(layout("<a href='https://bank.example@evil.example/'>https://bank.example/</a>") == "https://bank.example/ [evil.example]");
  CHECK(layout("<a href='https://www.bank.example/login'>bank.example</a>") == "bank.example");
  CHECK(layout("<a href='https://click.bank.example/'>bank.example</a>") == "bank.example");
  CHECK(layout("<a href='https://evil.example/'>click here</a>") == "click here");
}

TEST_CASE("a row of short cells is one line, other tables are flattened cell by cell") {
  CHECK(layout("<table><tr><th>Item</th><th>Price</th></tr><tr><td><p>Pen</p></td><td><p>2 €</p></td></tr></table>") ==
        "Item  Price|────  ─────|Pen     2 €");
  CHECK(layout("<table><tr><td>Home</td><td><a href='https://a.example'>Shop</a></td><td>Help</td></tr></table>") == "Home  Shop  Help");
  CHECK(layout("<table><tr><td><h1>A</h1></td><td><ul><li>b</ul></td></tr></table>") == "A||• b");
  CHECK(layout("<table><tr><td><table><tr><td><div>one</div><div>two</div></td></tr></table></td></tr></table>") == "one|two");
}

TEST_CASE("pictures are their alternative text, trackers are nothing") {
  const auto text = html::render("<img src=x alt=' A  boat '><img src=t width=1 height=1 alt=track><img src=y><img alt=z style='width:1px'>");
  REQUIRE(text.lines.size() == 1);
  CHECK(text_of(text.lines[0]) == "[picture: A boat]");
  CHECK(text.lines[0].spans[0].style.dim);
}

TEST_CASE("what is hidden stays hidden") {
  for (const char* hidden :
       {"<div style='display:none'>x</div>", "<span style=\"DISPLAY : none !important\">x</span>", "<p hidden>x</p>",
        "<div style='visibility:hidden'>x</div>", "<div style='font-size:0px'>x</div>", "<div style='max-height:0;overflow:hidden'>x</div>",
        "<div style='opacity:0'>x</div>", "<script>x</script>", "<style>x</style>",
        "<head><title>x</title></head>", "<!-- x -->", "<!--[if mso]>x<![endif]-->", "<svg><text>x</text></svg>", "<template>x</template>"}) {
    CAPTURE(hidden);
    CHECK(layout(hidden) == "");
  }
  CHECK(layout("<td style='font-size:0'><div style='font-size:13px'>seen</div></td>") == "seen");
  CHECK(layout("<div style='opacity:0.9'>seen</div>") == "seen");
  CHECK(layout("<a href='https://a.example' style='mso-hide:all'>seen by all but Outlook</a>") == "seen by all but Outlook");
  CHECK(layout("&#847;&zwnj;&nbsp;&#8203;&#847; &zwnj;<p>seen</p>") == "seen");
}

TEST_CASE("entities are decoded and controls do not come out of them") {
  CHECK(layout("&lt;&eacute;&#x1F600;&amp;amp;") == "<é😀&amp;");
  CHECK(layout("a&#27;[2J&#155;b&#0;&#x202e;c") .find('\x1b') == std::string::npos);
}

TEST_CASE("broken HTML keeps its text") {
  CHECK(layout("a < b <c") == "a < b");
  CHECK(layout("<p>a</div></p></table>b") == "a||b");
  CHECK(layout("<div><div><div>x") == "x");
}

TEST_CASE("bombs end in bounded time and memory") {
  std::string numbered = "<a ";
  for (int i = 0; i < 50'000; ++i) numbered += "a" + std::to_string(i) + "=b ";
  std::string fonts;
  for (int i = 0; i < 2000; ++i) fonts += "<font size=" + std::to_string(i) + ">";
  const std::vector<std::string> bombs = {
      test::repeated("<div>", 100'000) + "text",   test::repeated("<b>", 100'000) + "text",
      test::repeated("<table><tr><td>", 50'000) + "text",  test::repeated("<ul><li>", 100'000) + "text",
      test::repeated("<foo>", 100'000) + "text" + test::repeated("</bar>", 100'000), numbered + ">text",
      fonts + test::repeated("<p>text", 100'000),  test::repeated("<!-- -->", 500'000) + "text",
      test::repeated("&amp;", 500'000) + " text",  "<img src='data:," + test::repeated("A", 10'000'000) + "'> text",
      "<table><tr><td colspan=1000000000>text",    test::repeated("text<br>", 1'000'000),
      "<table>" + test::repeated("text<b>y</b>", 300'000), test::repeated("<a><p>", 100'000) + test::repeated("text</a>", 100'000)};
  for (const std::string& bomb : bombs) {
    CAPTURE(bomb.substr(0, 40));
    const test::CpuTime time;
    const test::PeakMemory memory;
    const auto document = as_document(html::render(bomb));
    CHECK(time.seconds() < 10);
    CHECK(memory.mebibytes() < 200);
    CHECK(document.lines.size() <= 100'001);
    if (bomb.size() < 8'000'000) CHECK(test::all_text(document).find("text") != std::string::npos);
  }
}

TEST_CASE("any bytes give clean lines") {
  rc::check([](const std::string& bytes) { RC_ASSERT(test::first_unclean(as_document(html::render(bytes))).empty()); });
  rc::check([](const std::vector<unsigned>& choices) {
    constexpr const char* pieces[] = {"<p>", "</p>", "<table>", "<tr>", "<td>", "<b>", "</b>", "<a href=http://x>", "</a>", "<ul>", "<li>",
                                      "x\x1b", "&#27;", "<!--", "-->", "<pre>", "\n", "<select>", "<svg>", "<blockquote>", "<br>"};
    std::string html;
    for (const unsigned choice : choices) html += pieces[choice % std::size(pieces)];
    RC_ASSERT(test::first_unclean(as_document(html::render(html))).empty());
  });
}

TEST_CASE("the newsletters of others render clean, without two blank lines in a row") {
  const char* root = std::getenv("VALIJA_CORPORA");
  const auto corpus = std::filesystem::path(root != nullptr ? root : "../shared/corpora") / "postmark-html";
  if (!std::filesystem::is_directory(corpus)) {
    MESSAGE("skipped: VALIJA_CORPORA has no postmark-html");
    return;
  }
  for (const auto& entry : std::filesystem::recursive_directory_iterator(corpus)) {
    if (entry.path().extension() != ".html") continue;
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string html{std::istreambuf_iterator<char>(file), {}};
    const auto document = as_document(html::render(html));
    CAPTURE(entry.path().string());
    CHECK(test::first_unclean(document) == "");
    CHECK_FALSE(document.lines.empty());
    for (std::size_t i = 1; i < document.lines.size(); ++i) {
      CHECK_FALSE((document.lines[i].spans.empty() && document.lines[i - 1].spans.empty() && document.lines[i].role != Role::rule &&
                   document.lines[i - 1].role != Role::rule));
    }
  }
}
