#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "html_text.hpp"
#include "mime/clean_document.hpp"
#include "mime/hostile_messages.hpp"
#include "support/cpu_time.hpp"
#include "support/peak_memory.hpp"
#include "valija/base/text.hpp"

using namespace valija;
using Role = Line::Role;
using test::layout, test::text_of;

namespace {

std::string cell(const std::string& text) { return "<td>" + text + "</td>"; }
std::string row(const std::string& a, const std::string& b) { return "<tr>" + cell(a) + cell(b) + "</tr>"; }

int widest(const HtmlText& text) {
  int columns = 0;
  for (const Line& line : text.lines) {
    if (line.role == Role::table) columns = std::max(columns, line.indent + display_width(text_of(line)));
  }
  return columns;
}

}  // namespace

TEST_CASE("columns are aligned, amounts at the right") {
  CHECK(layout("<table>" + row("Tea", "3.50 €") + row("Biscuits", "12.00 €") + "</table>") == "Tea        3.50 €|Biscuits  12.00 €");
  CHECK(layout("<table>" + row("Tea", "$3<sup>50</sup>") + row("Biscuits", "$12<sup>00</sup>") + "</table>") == "Tea        $3⁵⁰|Biscuits  $12⁰⁰");
  CHECK(layout("<table>" + row("Tea", "none") + row("Biscuits", "a box") + "</table>") == "Tea       none|Biscuits  a box");
  CHECK(layout("<table>" + row("Mon", "01/10") + row("Train", "AR 18") + "</table>") == "Mon    01/10|Train  AR 18");
  CHECK(layout("<table>" + row("a", "<p align=right>x") + row("b", "<p style='text-align:right'>long") + "</table>") == "a     x|b  long");
}

TEST_CASE("the header is bold and has a line below it") {
  const auto text = html::render("<table><tr><th>Day</th><th>Rain</th></tr>" + row("Monday", "5 %") + "</table>");
  REQUIRE(text.lines.size() == 3);
  CHECK(text.has_tables);
  CHECK(text_of(text.lines[0]) == "Day     Rain");
  CHECK(text.lines[0].spans.front().style.bold);
  CHECK(text_of(text.lines[1]) == "──────  ────");
  CHECK(text_of(text.lines[2]) == "Monday   5 %");
  for (const Line& line : text.lines) {
    CHECK(line.role == Role::table);
    CHECK_FALSE(line.wraps);
  }
  CHECK(layout("<table>" + row("<b>Day</b>", "<b>Rain</b>") + row("Monday", "wet") + "</table>") == "Day     Rain|──────  ────|Monday  wet");
}

TEST_CASE("cells wrap to the width that there is, the widest first") {
  const std::string html = "<table border=1>" + row("Key", "one two three four five") + row("Other", "six") + "</table>";
  CHECK(layout(html, 80) == "Key    one two three four five|Other  six");
  CHECK(layout(html, 20) == "Key    one two three|       four five||Other  six");
  const auto narrow = html::render("<table border=1>" + row("Key", test::repeated("x", 40)) + row("b", "c") + "</table>", 24);
  CHECK(widest(narrow) == 24);
}

TEST_CASE("a table that cannot fit is told row by row") {
  CHECK(layout("<table><tr><th>Name</th><th>Town</th></tr>" + row("Bartholomew", "Constantinople") + row("Eve", "Ur") + "</table>", 20) ==
        "Name: Bartholomew|Town: Constantinople||Name: Eve|Town: Ur");
}

TEST_CASE("spans reach over columns and rows") {
  CHECK(layout("<table><tr><td>Tea</td><td>2</td><td>7.00</td></tr><tr><td>Cake</td><td>1</td><td>4.50</td></tr>"
               "<tr><td colspan=2 align=right>Total</td><td>11.50</td></tr></table>") == "Tea   2   7.00|Cake  1   4.50|  Total  11.50");
  CHECK(layout("<table border=1><tr><td rowspan=2>A</td><td>b</td><td>c</td></tr><tr><td>d</td><td>e</td></tr></table>") == "A  b  c|   d  e");
  CHECK(layout("<table border=1><tr><td rowspan=3>A</td><td>b</td></tr><tr><td>c</td></tr><tr><td>d</td></tr></table>") == "A  b|   c|   d");
}

TEST_CASE("spacing columns and rows are no columns and rows") {
  CHECK(layout("<table><tr><td>a</td><td>&nbsp;</td><td>b</td></tr><tr><td colspan=3>&nbsp;</td></tr><tr><td>c</td><td></td><td>d</td></tr></table>") ==
        "a  b|c  d");
}

TEST_CASE("cells on one line stand apart, without blanks behind the last") {
  CHECK(layout("<table><tr><td>a</td><td></td><td>b</td><td>&nbsp;</td></tr></table>") == "a  b");
  CHECK(layout("<table><tr><td></td><td>a </td></tr></table>") == "a");
}

TEST_CASE("small tables are cells on one line, and small tables that float are beside each other") {
  const std::string icon = "<table><tbody><tr><td><img src='https://a.example/f.png' alt=Fedi width=70></td><td>Fedi us</td></tr></tbody></table>";
  CHECK(layout("<table><tr><td>" + icon + "<td><p>Radio</p></table>") == "[picture: Fedi]  Fedi us  Radio");
  const auto floating = [](const std::string& text) { return "<table align=left><tr><td><a href='https://a.example'>" + text + "</a></td></tr></table>"; };
  CHECK(layout("<div>a" + floating("Club") + "\n" + floating("Contact") + "</div>b") == "a  Club  Contact|b");
  CHECK(layout(floating("Club") + floating(std::string(90, 'x'))) == "Club||" + std::string(90, 'x'));
}

TEST_CASE("columns that stand below each other stand apart where they are of several lines") {
  const std::string ana = "<td>Ship to<br>Ana<br>Oldport</td>", ben = "<td>Bill to<br>Ben<br>Saltmarsh</td>";
  CHECK(layout("<table><tr>" + ana + ben + "</tr></table>") == "Ship to|Ana|Oldport||Bill to|Ben|Saltmarsh");
  CHECK(layout("<table><tr>" + ana + "<td>&nbsp;</td>" + ben + "</tr></table>") == "Ship to|Ana|Oldport||Bill to|Ben|Saltmarsh");
  CHECK(layout("<table><tr><td><h1>A</h1></td><td><div>b</div><div>c</div></td></tr><tr><td>d<td>e<p>f</p>g</table>") == "A||b|c|d  e  f  g");
}

TEST_CASE("cells with whole sentences do not share a line") {
  const auto row = [](const std::string& a, const std::string& b) { return layout("<table><tr><td>" + a + "</td><td><div>" + b + "</div></td></tr></table>"); };
  const std::string longer(40, 'x');
  CHECK(row("When", longer) == "When  " + longer);
  CHECK(row(longer, longer) == longer + "|" + longer);
}

TEST_CASE("layout tables are no tables of data") {
  const std::string article = test::repeated("word ", 60);
  CHECK_FALSE(html::render("<table>" + row("<img src=x>", article) + row("<img src=y>", article) + "</table>").has_tables);
  CHECK_FALSE(html::render("<table><tr><td><table>" + row("a", "b") + "</table></td><td>x</td></tr><tr><td>y</td><td>z</td></tr></table>").lines.empty());
  CHECK_FALSE(html::render("<table>" + row("<h2>a</h2>", "b") + row("c", "d") + "</table>").has_tables);
  CHECK_FALSE(html::render("<table><tr><td>one</td></tr><tr><td>two</td></tr></table>").has_tables);
}

TEST_CASE("cells keep links, styles, lists and lines of their own") {
  const auto text = html::render("<table border=1><tr><td><a href='https://a.example'>A</a></td><td><ul><li>x<li>y</ul></td></tr>" + row("<i>B</i>", "1<br>2") + "</table>");
  REQUIRE(text.lines.size() == 5);
  CHECK(text.lines[0].spans.front().style.link == 0);
  CHECK(text_of(text.lines[0]) == "A  • x");
  CHECK(text_of(text.lines[1]) == "   • y");
  CHECK(text.lines[3].spans.front().style.italic);
}

TEST_CASE("a table in a quote or a list stands in it") {
  const auto text = html::render("<blockquote><ul><li>x<table border=1>" + row("aaaaaaaa", "b c d e f g h i") + row("c", "d") + "</table></ul></blockquote>", 20);
  const Line& line = text.lines.at(2);
  CHECK(line.quote_level == 1);
  CHECK(line.indent == 2);
  CHECK(line.indent + 2 + display_width(text_of(line)) <= 20);
}

TEST_CASE("bombs of tables end in bounded time and memory") {
  const std::string cells = test::repeated("<td>x</td>", 30);
  const std::string bombs[] = {
      "<table border=1>" + test::repeated("<tr>" + cells + "</tr>", 3400) + "</table>",
      "<table border=1>" + test::repeated("<tr>" + cells + "</tr>", 600) + "</table>",
      "<table border=1><tr>" + test::repeated("<td>x</td>", 100'000) + "</tr></table>",
      test::repeated("<table border=1><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>", 1000) + "x",
      "<table border=1>" + test::repeated("<tr><td colspan=1000000000>x</td><td colspan=1000000000 rowspan=1000000000>x</td></tr>", 5000) + "</table>",
      "<table border=1>" + test::repeated("<tr><td rowspan=65535>x</td><td>x</td></tr>", 5000) + "</table>",
      test::repeated("<table border=1><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>", 20'000),
      test::repeated("<table align=left><tr><td>", 1000) + test::repeated("\u00a0", 1'000'000) + "x",
      "<p>" + test::repeated("\u00a0", 1'000'000) + test::repeated("<a href='https://a.example'>x</a>", 20'000),
      test::repeated("<img src='https://a.example' alt=b>", 100'000) + test::repeated("\u00a0", 1'000'000) + "x",
      test::repeated("<div style='mso-list:l0 level1'>", 1000) + "<span style='mso-list:Ignore'>" + test::repeated("\u00a0", 1'000'000) + "</span>x"};
  for (const std::string& bomb : bombs) {
    CAPTURE(bomb.substr(0, 60));
    const test::CpuTime time;
    const test::PeakMemory memory;
    const auto text = html::render(bomb);
    CHECK(time.seconds() < 10);
    CHECK(memory.mebibytes() < 200);
    CHECK(text.lines.size() <= 100'001);
    CHECK(widest(text) <= 80);
    CHECK(test::all_text(test::as_document(text)).find('x') != (bomb.find('x') == std::string::npos ? 0 : std::string::npos));
  }
}

TEST_CASE("no table is wider than its columns, whatever is in it, and none of its words is lost") {
  rc::check([](const std::vector<std::vector<std::uint8_t>>& rows, std::uint8_t width) {
    const int columns = 10 + width % 120;
    std::string html = "<table border=1>";
    int words = 0;
    for (const auto& cells : rows) {
      html += "<tr>";
      for (const std::uint8_t kind : cells) {
        html += "<td colspan=" + std::to_string(kind % 4) + " rowspan=" + std::to_string(kind / 4 % 3) + ">";
        for (int i = 0; i < kind / 16; ++i) html += "w" + test::repeated("日", kind % 7) + " ";
        words += kind / 16;
        html += "</td>";
      }
      html += "</tr>";
    }
    const auto text = html::render(html + "</table>", columns);
    RC_ASSERT(widest(text) <= columns);
    const std::string all = test::all_text(test::as_document(text));
    RC_ASSERT(std::count(all.begin(), all.end(), 'w') == words);
  });
}
