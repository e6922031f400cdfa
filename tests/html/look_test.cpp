#include <doctest/doctest.h>

#include "html_text.hpp"

using namespace valija;
using test::layout, test::text_of;

namespace {

Style first_style(const std::string& html) { return html::render(html).lines.at(0).spans.at(0).style; }

std::vector<std::string> markers(const std::string& html) {
  std::vector<std::string> found;
  for (const Line& line : html::render(html).lines) found.push_back(line.marker);
  return found;
}

using Markers = std::vector<std::string>;
using Pages = std::vector<std::string>;

}  // namespace

TEST_CASE("colours come from attributes, font and styles") {
  CHECK(first_style("<font color=red>x").color == 0xff0000);
  CHECK(first_style("<font color='#06c'>x").color == 0x0066cc);
  CHECK(first_style("<p style='color: rgb(200, 10%, 0)'>x").color == 0xc81900);
  CHECK(first_style("<p style='COLOR:#00B050 !important'>x").color == 0x00b050);
  CHECK(first_style("<p style='color:red'><b>x").color == 0xff0000);
  CHECK(first_style("<style>.bad{color:crimson}</style><p class='x bad'>x").color == 0xdc143c);
  for (const char* no_color : {"<p style='color:inherit'>x", "<p style='color:#12'>x", "<p style='color:rgba(255,0,0,0)'>x", "<font color=nonsense>x",
                               "<p style='color:#333'>x", "<a href='https://a.example' style='color:red'>x", "<p style='color:'>x"}) {
    CAPTURE(no_color);
    CHECK(first_style(no_color).color == -1);
  }
}

TEST_CASE("pale text stands back, on light ground only") {
  CHECK(first_style("<p style='color:#999'>x").dim);
  CHECK_FALSE(first_style("<p style='color:#333'>x").dim);
  CHECK_FALSE(first_style("<div style='background:#111'><p style='color:#eee'>x").dim);
}

TEST_CASE("what is struck out") {
  CHECK(first_style("<s>x").strike);
  CHECK(first_style("<del>x").strike);
  CHECK(first_style("<span style='text-decoration:line-through'>x").strike);
}

TEST_CASE("a button is a link with a ground or a frame of its own, or alone in a box") {
  const std::string link = "<a href='https://a.example'>x</a>", open = "<a href='https://a.example' style='";
  for (const std::string& button :
       Pages{open + "background:#22bc66'>x</a>", open + "background-image:url(b.png)'>x</a>", open + "border:1px solid #06c;padding:4px 12px'>x</a>",
        "<style>.b{background:navy}</style><a class=b href='https://a.example'>x</a>", "<table><tr><td bgcolor=navy> " + link + " </td></tr></table>",
        "<table bgcolor='#1a73e8'><tr><td><b>" + link + "</b></td></tr></table>"}) {
    CAPTURE(button);
    CHECK(first_style(button).button);
    CHECK(first_style(button).bold);
  }
  for (const std::string& plain :
       Pages{link, open + "background:#fff'>x</a>", open + "border:0;padding:4px'>x</a>", open + "border:1px solid red'>x</a>", open + "border-bottom:1px solid;padding:4px'>x</a>",
        "<table><tr><td bgcolor='#eeeeee'>" + link + "</td></tr></table>", "<table><tr><td bgcolor=navy>" + link + " or y</td></tr></table>",
        "<div style='background:#eef'>" + open + "background:#eef'>x</a> or y</div>", "<a style='background:navy'>x</a>",
        open + "background:navy'><img src='https://a.example/x.png' alt='Read on'></a>"}) {
    CAPTURE(plain);
    CHECK_FALSE(first_style(plain).button);
  }
}

TEST_CASE("text runs as the message says") {
  const auto directions = [](const std::string& html) {
    std::string all;
    for (const Line& line : html::render(html).lines) all += line.spans.empty() ? ' ' : line.is_right_to_left ? '<' : '>';
    return all;
  };
  CHECK(directions("<html dir=RTL><p>PC אב</p><p dir=ltr>x</p><p style='direction:ltr'>y</p><p dir=auto>z</p>") == "< > > >");
  CHECK(directions("<p>x</p><div style='direction:rtl'><p>y</p></div>") == "> <");
  CHECK(directions("<div dir=rtl><table border=1><tr><th>a<th>b<tr><td>1<td>2</table><ul><li>x</ul></div>") == "<<< <");
}

TEST_CASE("the items of Word are items") {
  const auto item = [](const std::string& level, const std::string& sign) {
    return "<p class=MsoListParagraphCxSpFirst style='text-indent:-18pt;mso-list:l0 level" + level + " lfo1'><![if !supportLists]><span style='font-family:Symbol'><span "
           "style='mso-list:Ignore'>" + sign + "<span style='font:7.0pt \"Times\"'>&nbsp;&nbsp;&nbsp; </span></span></span><![endif]>x<o:p></o:p></p>";
  };
  const auto list = html::render("<p class=MsoNormal>a</p>" + item("1", "·") + item("2", "o") + item("1", "10.") + item("2", "(a)") + "<p class=MsoNormal>b</p>");
  REQUIRE(list.lines.size() == 6);
  CHECK(layout(item("1", "·")) == "• x");
  CHECK(list.lines[1].marker == "• ");
  CHECK(list.lines[1].indent == 2);
  CHECK(list.lines[2].marker == "◦ ");
  CHECK(list.lines[2].indent == 4);
  CHECK(list.lines[3].marker == "10. ");
  CHECK(list.lines[3].indent == 4);
  CHECK(list.lines[4].marker == "(a) ");
  CHECK(list.lines[4].indent == 8);
  CHECK(list.lines[5].indent == 0);
  CHECK(layout("<h2 style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>1.1</span>x</h2>") == "1.1 x");
  CHECK(layout(item("1", "···········…")).find("···········…") == 0);  // too long for a marker: text, and whole
  CHECK(layout("<div class=x><span style='mso-list:Ignore'>1.1</span>x</div>") == "1.1x");
  CHECK(layout("<p class=x_MsoNormal>a</p><p class=x_MsoListParagraph>b</p>") == "a|b");
  CHECK(layout("<p class=MsoListParagraph>goes on</p><p class=MsoListParagraph style='mso-list:l0 level1 lfo1'>none</p>") == "goes on|none");
}

TEST_CASE("boxes to tick say whether they are") {
  CHECK(layout("<ul><li><input type=checkbox checked disabled> a<li><input type=checkbox>b</ul>") == "• [x] a|• [ ] b");
  CHECK(layout("<ul><li><input type=text value=x>a</ul><input type=checkbox>b") == "• a||b");
}

TEST_CASE("text of the colour of its ground is hidden, but not what only might be") {
  CHECK(layout("<div style='background:#fff;color:#ffffff'>spam</div>seen") == "seen");
  CHECK(layout("<table bgcolor=white><tr><td><font color='#fefefe'>spam</font>seen</table>") == "seen");
  CHECK(layout("<div style='color:white;background:#fff'>spam <span style='background:navy'>seen</span></div>") == "seen");
  CHECK(layout("<div style='background:url(x) #fff;color:#fff'>seen</div>") == "seen");
  CHECK(layout("<div background='x.png' style='color:#fff'>seen</div>") == "seen");
  CHECK(layout("<style>td .hero{background:#000}</style><div class=hero style='color:#fff'>seen</div>") == "seen");
  CHECK(layout("<style>.hero{background:#000}</style><div class=hero style='color:#fff'>seen</div>") == "seen");
  CHECK(layout("<a href='https://a.example' style='color:#fff'>seen</a>") == "seen");
}

TEST_CASE("a selector of very many classes is left out, and an important one is not") {
  const auto repeated = [](int count) {
    std::string classes;
    for (int i = 0; i < count; ++i) classes += ".p";
    return layout("<style>" + classes + "{display:none}</style><p class=p>seen</p>");
  };
  CHECK(repeated(16).empty());
  CHECK(repeated(17) == "seen");
}

TEST_CASE("text out of sight is hidden") {
  for (const char* hidden :
       {"<div style='position:absolute;left:-9999px'>x</div>", "<div style='text-indent:-9999em'>x</div>", "<span style='font-size:1px'>x</span>",
        "<div style='position:absolute;clip:rect(0 0 0 0)'>x</div>", "<div style='position:absolute;clip-path:inset(50%)'>x</div>",
        "<div style='height:0;overflow:hidden'>x</div>", "<div style='width:0px;overflow:hidden'>x</div>", "<style>.p{display:none}</style><p class='q p'>x</p>",
        "<style>#p{visibility:hidden}</style><p id=p>x</p>", "<style>@media screen { span.p { DISPLAY: none !important } }</style><span class=p>x</span>",
        "<style>/* } */ a, .p { color: red; display:none }</style><div class=P>x</div>"}) {
    CAPTURE(hidden);
    CHECK(layout(hidden) == "");
  }
  for (const char* seen :
       {"<style>@media (max-width:600px) { .p { display:none } }</style><p class=p>x</p>", "<style>@media print{.p{display:none}}</style><p class=p>x</p>",
        "<style>.p{display:none}</style><p class=p style='display:block'>x</p>", "<style>.p{display:none} p.p{display:block}</style><p class=p>x</p>",
        "<style>.p:hover{display:none} .q .p{display:none} [class=p]{display:none}</style><p class=p>x</p>", "<p style='text-indent:-20px'>x</p>",
        "<style>.p{display:none</style><p>x</p>", "<style>}}}{{{</style>x", "<style>@media{</style>x", "<div style='left:-9999px'>x</div>"}) {
    CAPTURE(seen);
    CHECK(layout(seen) == "x");
  }
}

TEST_CASE("lists count as they say") {
  CHECK(markers("<ol type=a><li>x<li>y</ol>") == Markers{"a. ", "b. "});
  CHECK(markers("<ol type=A start=26><li>x<li>y</ol>") == Markers{"Z. ", "AA. "});
  CHECK(markers("<ol type=i start=3><li>x<li>y</ol>") == Markers{"iii. ", "iv. "});
  CHECK(markers("<ol type=I><li value=1990>x<li>y</ol>") == Markers{"MCMXC. ", "MCMXCI. "});
  CHECK(markers("<ol><li value=7>x<li>y</ol>") == Markers{"7. ", "8. "});
  CHECK(markers("<ol style='list-style-type:lower-alpha'><li>x</ol>") == Markers{"a. "});
  CHECK(markers("<ul style='list-style:none'><li>x</ul>") == Markers{""});
  CHECK(markers("<ol type=i start=5000><li>x</ol>") == Markers{"5000. "});
  CHECK(markers("<ul><li>x<ul><li>y<ul><li>z</ul></ul></ul>") == Markers{"• ", "◦ ", "▪ "});
  CHECK(html::render("<ol type=i start=8><li>x</ol>").lines.at(0).indent == 6);
  CHECK(html::render("<ol><li>x</ol>").lines.at(0).indent == 4);
}

TEST_CASE("white-space keeps lines, and blanks where it says so") {
  CHECK(layout("<div style='white-space:pre-wrap'>a\n  b</div>") == "a|  b");
  CHECK(layout("<div style='white-space:pre-line'>a\n  b</div>") == "a|b");
  const auto text = html::render("<pre style='white-space:pre-wrap'>a</pre>");
  CHECK(text.lines.at(0).wraps);
  CHECK(text.lines.at(0).role == Line::Role::text);
}

TEST_CASE("no-break blanks alone in a block are an empty line") {
  CHECK(layout("<div>a</div><div>&nbsp;</div><div>b</div>") == "a||b");
  CHECK(layout("<div>a</div><div>&nbsp;b</div>") == "a|b");
  CHECK(layout("<p class=MsoNormal>a<p class=MsoNormal>b<p class=MsoNormal>&nbsp;<p class=MsoNormal>c") == "a|b||c");
}

TEST_CASE("raised and lowered digits are told from those beside them") {
  CHECK(layout("$12<sup>99</sup>") == "$12⁹⁹");
  CHECK(layout("H<sub>2</sub>O, 10<sup><b>-3</b></sup>") == "H₂O, 10⁻³");
  CHECK(layout("1<sup>st</sup> [<sup>a 1</sup>]<sup> </sup>") == "1st [a 1]");
}

TEST_CASE("a box of another colour stands apart, and icons stand in a row") {
  CHECK(layout("<div>a</div><div style='background:#eee'>b</div><div>c</div>") == "a||b||c");
  CHECK(layout("<table><tr><td><img alt=One width=20 src=x></td><td><img alt=Two width=20 src=x></td></tr></table>") == "[picture: One]  [picture: Two]");
}
