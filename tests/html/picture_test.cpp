#include <doctest/doctest.h>

#include "html_text.hpp"

using namespace valija;
using Kind = Picture::Kind;
using test::layout, test::text_of;

TEST_CASE("enclosed pictures have a placeholder that names them") {
  const auto text = html::render("<img src='cid:a%40b' alt='Our house' width=300 height=200><img src='cid:image001.png@01DC'><img src='CID:x'>"
                                 "<img src='data:image/png;base64,AAAA'>");
  REQUIRE(text.pictures.size() == 4);
  CHECK(text_of(text.lines.at(0)) == "[picture: Our house][picture: image001.png][picture][picture]");
  CHECK(text.pictures[0] == Picture{Kind::enclosed, "cid:a%40b", "Our house", 300, 200});
  CHECK(text.pictures[1].name == "image001.png");
  CHECK(text.pictures[2].part == "cid:x");
  CHECK(text.pictures[3].part == "#1");
  CHECK(text.pictures[3].name == "");
  CHECK(text.lines[0].spans[0].style.picture == 0);
  CHECK(text.lines[0].spans[3].style.picture == 3);
  CHECK(text.trackers + text.remote_pictures == 0);
}

TEST_CASE("remote pictures are counted, and named where that says something") {
  const auto text = html::render("<img src='https://a.example/1.png' alt='The new bridge'><img src='http://a.example/2.png' alt=logo>"
                                 "<img src='//a.example/3.png' alt='banner.jpg'><img src='https://a.example/4.png'><img src='https://a.example/5' alt='***'>");
  CHECK(text.remote_pictures == 5);
  CHECK(text.trackers == 0);
  REQUIRE(text.pictures.size() == 1);
  CHECK(text.pictures[0].kind == Kind::remote);
  CHECK(text.pictures[0].part.empty());
  CHECK(text_of(text.lines.at(0)) == "[picture: The new bridge]");
}

TEST_CASE("the same words for one remote picture after the other are said once") {
  const std::string picture = "<img src='https://a.example/1.png' alt='Show pictures'>";
  const auto text = html::render(picture + picture + picture);
  CHECK(text_of(text.lines.at(0)) == "[picture: Show pictures]");
  CHECK(text.remote_pictures == 3);
}

TEST_CASE("a remote picture whose words follow as text is not said as well") {
  const std::string picture = "<img src='https://a.example/1.png' alt='Blue vase'>", enclosed = "<img src='cid:x' alt='Blue vase'>";
  CHECK(layout("<a href='https://a.example/v'>" + picture + "</a><br><b> Blue Vase </b> 9 €") == "Blue Vase 9 €");
  CHECK(layout("<table><tr><td>" + picture + "<td><p>Blue vase</p>9 €</table>") == "Blue vase||9 €");
  CHECK(layout(picture + "<p>Blue vase, large") == "[picture: Blue vase]||Blue vase, large");
  CHECK(layout(picture + "<img src='https://a.example/2.png'>Blue vase") == "[picture: Blue vase]Blue vase");
  CHECK(layout(enclosed + "<p>Blue vase") == "[picture: Blue vase]||Blue vase");
  CHECK(html::render(picture + "Blue vase").remote_pictures == 1);
}

TEST_CASE("a picture in a link is named as the link") {
  const auto text = html::render("<a href='https://a.example'><img src='https://a.example/1.png' alt='Buy it'></a>");
  CHECK(text_of(text.lines.at(0)) == "[Buy it]");
  CHECK(text.lines[0].spans[0].style.link == 0);
}

TEST_CASE("pictures of a pixel and hidden ones are trackers") {
  for (const char* tracker : {"<img src='https://t.example/' width=1 height=1>", "<img src='https://t.example/' width=0>", "<img src='https://t.example/' style='width:1px;height:1px'>",
                              "<img src='https://t.example/' style='display:none'>", "<div style='display:none'><p><img src='https://t.example/'></p></div>"}) {
    CAPTURE(tracker);
    const auto text = html::render(tracker);
    CHECK(text.trackers == 1);
    CHECK(text.remote_pictures == 0);
    CHECK(text.lines.empty());
  }
  const auto line = html::render("<img src='https://a.example/' width=600 height=1 alt='a line'>");
  CHECK(line.trackers == 0);
  CHECK(line.remote_pictures == 1);
  CHECK(line.lines.empty());
}

TEST_CASE("data: URIs are decoded by their number") {
  const std::string html = "<img src='data:image/png;base64,aGVs\n bG8='><img src='https://a.example/'><img SRC=\"data:image/svg+xml,%3Csvg%3E+%zz\"><img src='data:nothing'>";
  CHECK(html::data_uri(html, 1) == "hello");
  CHECK(html::data_uri(html, 2) == "<svg>+%zz");
  for (const int number : {-1, 0, 3, 4, 1000}) CHECK(html::data_uri(html, number) == "");
  CHECK(html::data_uri("<img src='data:image/png;base64," + std::string(100'000, 'A') + "'>", 1).size() == 75'000);
  CHECK(html::render(html).pictures.size() == 3);
  CHECK(html::render(html).pictures[1].part == "#2");
}
