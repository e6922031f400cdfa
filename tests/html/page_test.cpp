#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "mime/hostile_messages.hpp"
#include "page_tree.hpp"
#include "support/cpu_time.hpp"
#include "valija/html/render.hpp"

using namespace valija;
using test::PageChecker;

namespace {

std::string no_cid(std::string_view) { return {}; }

/// What is in the body.
std::string body(std::string_view html) {
  const std::string page = html::sanitised_page(html, no_cid);
  const auto start = page.find("<body"), inner = page.find('>', start) + 1;
  return page.substr(inner, page.rfind("</body>") - inner);
}

}  // namespace

TEST_CASE("a page says that nothing may be fetched or run") {
  const std::string page = html::sanitised_page("<p>x", no_cid);
  CHECK(page.starts_with("<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><meta http-equiv=\"Content-Security-Policy\" "
                         "content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\">"));
  CHECK(page.find("no-referrer") != std::string::npos);
  CHECK(page.find("<meta http-equiv=\"x-dns-prefetch-control\" content=\"off\">") != std::string::npos);
  CHECK(page.ends_with("<p>x</p></body></html>\n"));
}

TEST_CASE("text, tables and looks stay") {
  CHECK(body("<p align=right>a &lt;b&gt; &amp; \"c\"<br>d</p>") == "<p align=\"right\">a &lt;b&gt; &amp; &quot;c&quot;<br>d</p>");
  CHECK(body("<table border=1 cellpadding=3><tr><td colspan=2 bgcolor=red>x</td></tr></table>") ==
        "<table border=\"1\" cellpadding=\"3\"><tbody><tr><td colspan=\"2\" bgcolor=\"red\">x</td></tr></tbody></table>");
  CHECK(body("<p style='color: RED; font-family:\"Open Sans\", serif; padding:3px'>x</p>") ==
        "<p style=\"color:red;font-family:'open sans', serif;padding:3px;\">x</p>");
  CHECK(body("<custom-box><b>x</b></custom-box>") == "<b>x</b>");
}

TEST_CASE("rules of a style sheet become styles of their elements") {
  CHECK(body("<style>.p{display:none;position:fixed} p{margin:0}</style><p class=p style='color:red'>x</p>") ==
        "<p style=\"margin:0;display:none;color:red;\">x</p>");
  CHECK(body("<p hidden>x</p>") == "<p style=\"display:none;\">x</p>");
}

TEST_CASE("links lead to the web or to a mailbox and nowhere else") {
  CHECK(body("<a href='https://a.example/?x=1&amp;y=2' onclick=evil()>x</a>") == "<a href=\"https://a.example/?x=1&amp;y=2\" rel=\"noreferrer\">x</a>");
  for (const char* bad : {"javascript:alert(1)", " java\nscript:alert(1)", "data:text/html,x", "file:///etc/passwd", "vbscript:x", "//a.example", "x.html"}) {
    CAPTURE(bad);
    CHECK(body("<a href='" + std::string(bad) + "'>x</a>") == "<a>x</a>");
  }
}

TEST_CASE("pictures are those of the mail") {
  CHECK(body("<img src='data:image/png;base64,AAAA' alt=a>") == "<img alt=\"a\" src=\"data:image/png;base64,AAAA\">");
  CHECK(body("<img src='https://a.example/t.gif' width=1>") == "<img width=\"1\">");
  CHECK(body("<img src='data:image/svg+xml,<svg onload=x>'>") == "<img>");
  CHECK(body("<img src='data:text/html,x'>") == "<img>");
  const auto page = html::sanitised_page("<img src='cid:a@b'><img src='cid:c'>", [](std::string_view cid) {
    return cid == "a@b" ? std::string("data:image/gif;base64,R0lG") : std::string("https://evil.example/");
  });
  CHECK(page.find("<img src=\"data:image/gif;base64,R0lG\"><img>") != std::string::npos);
}

TEST_CASE("styles fetch nothing and stay in their place") {
  for (const char* style : {"background:url(https://a.example/x)", "background:u\\72l(x)", "width:expression(alert(1))", "position:fixed", "behavior:url(x)",
                            "-moz-binding:url(x)", "background-image:image-set(x)", "color:red}body{x", "@import x", "background:/**/url(x)", "content:\"x\""}) {
    CAPTURE(style);
    const auto inner = body("<p style='" + std::string(style) + "'>x</p>");
    CHECK(inner == "<p>x</p>");
  }
  CHECK(body("<p style='background:rgba(0, 0, 0, 0.5);width:calc(1px)'>x</p>") == "<p style=\"background:rgba(0, 0, 0, 0.5);\">x</p>");
}

TEST_CASE("what runs, sends or frames is gone") {
  for (const char* bad :
       {"<script>evil()</script>", "<form action=x><input name=a value=b><button>", "<iframe src=x></iframe>", "<object data=x></object>", "<embed src=x>",
        "<link rel=stylesheet href=x>", "<base href='https://evil.example/'>", "<meta http-equiv=refresh content='0;url=x'>", "<svg onload=evil()><a href=x>",
        "<video src=x></video>", "<math><mtext><img src=x onerror=evil()>", "<img src=x onerror=evil()>", "<body onload=evil() background=x>",
        "<noscript><img src=x></noscript>", "<template><script>x</script></template>", "<a href='https://a.example' ping='https://b.example'>x</a>",
        "<img srcset='https://a.example/x 2x'>", "<textarea></textarea><script>x</script>", "<p title='\"><script>x</script>'>", "<!--><script>x</script>-->",
        "<select><style></select><img src=x onerror=x></style>", "<table background=x><td background=x>", "<plaintext><script>x", "<xmp><script>x</script></xmp>"}) {
    CAPTURE(bad);
    const std::string page = html::sanitised_page(bad, no_cid);
    CHECK(PageChecker::first_danger(page) == "");
    CHECK(page.find("<script") == std::string::npos);
  }
}

TEST_CASE("any HTML makes a page without danger") {
  rc::check([](const std::vector<unsigned>& choices) {
    constexpr const char* pieces[] = {"<p>", "<table>", "<tr>", "<td style='color:red;x:url(y)'>", "<svg>", "<math>", "<script>", "</script>", "<style>", "</style>", "<!--", "-->",
                                      "<a href=javascript:x>", "<a href='https://x'>", "<img src='data:image/png,\"><script>'>", "<img src=cid:x onerror=y>", "<select>", "<title>", "<textarea>",
                                      "x\x1b<", "&lt;script&gt;", "<noscript>", "</p>", "\"", "'", "<form>", "<input>", "<b title=\"", "<xmp>", "<plaintext>", "<![CDATA[", "]]>"};
    std::string html;
    for (const unsigned choice : choices) html += pieces[choice % std::size(pieces)];
    const std::string page = html::sanitised_page(html, [](std::string_view) { return std::string("data:image/png;base64,\"><script>"); });
    RC_ASSERT(PageChecker::first_danger(page) == "");
  });
}

TEST_CASE("bombs make pages of bounded size in bounded time") {
  const std::string big = "data:image/png;base64," + std::string(5'000'000, 'A');
  const test::CpuTime time;
  CHECK(html::sanitised_page(test::repeated("<img src=cid:x>", 100'000), [&](std::string_view) { return big; }).size() < 80'000'000);
  int asked = 0;
  std::string many;
  for (int i = 0; i < 20'000; ++i) many += "<img src=cid:" + std::to_string(i) + ">";
  html::sanitised_page(many, [&](std::string_view) { return ++asked, std::string(); });
  CHECK(asked <= 1000);
  for (const std::string& bomb : {test::repeated("<table><tr><td>", 50'000), test::repeated("<b>", 100'000) + "x", test::repeated("&amp;", 1'000'000),
                                  "<style>" + test::repeated("p{color:red}", 20'000) + "</style>" + test::repeated("<p>", 100'000)}) {
    CHECK(html::sanitised_page(bomb, no_cid).size() < 80'000'000);
  }
  CHECK(time.seconds() < 30);
}
