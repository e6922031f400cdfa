#include "valija/workers/document_text.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "valija/base/text.hpp"

using namespace valija;
using namespace valija::workers;

namespace {

Line line_of(const std::string& text) {
  Line line;
  line.spans.push_back({text, {}});
  return line;
}

Document document_of(std::vector<Line> lines) {
  Document document;
  document.lines = std::move(lines);
  return document;
}

}  // namespace

TEST_CASE("lines are broken at blanks and behind wide characters, long words stay whole") {
  CHECK(document_text(document_of({line_of("one two three four five six")}), 20) == "one two three four\nfive six\n");
  CHECK(document_text(document_of({line_of("see https://example.org/a/very/long/address now")}), 20) ==
        "see\nhttps://example.org/a/very/long/address\nnow\n");
  CHECK(document_text(document_of({line_of("日本語の文 日本語の文 日本語の文")}), 20) == "日本語の文 日本語の\n文 日本語の文\n");
  CHECK(document_text(document_of({line_of("one two three four five six")}), 0) == "one two three four five six\n");
}

TEST_CASE("quotes, lists and preformatted lines keep their shape") {
  Line quote = line_of("one two three four five six");
  quote.quote_level = 2;
  Line item = line_of("one two three four five six");
  item.indent = 2;
  item.marker = "• ";
  Line code = line_of("one two three four five six seven");
  code.wraps = false;
  CHECK(document_text(document_of({quote, item, code}), 24) ==
        "> > one two three four\n> > five six\n• one two three four\n  five six\none two three four five six seven\n");
}

TEST_CASE("links are numbered and listed, unless their text says where they lead") {
  Document document;
  Line line;
  line.spans = {{"Read ", {}}, {"this", {}}, {" or ", {}}, {"https://b.example", {}}};
  line.spans[1].style.link = 0;
  line.spans[3].style.link = 1;
  document.lines = {line};
  document.links = {{"https://a.example"}, {"https://b.example"}};
  CHECK(document_text(document, 72) == "Read this[1] or https://b.example\n\n[1] https://a.example\n");
  document.lines.front().role = Line::Role::table;
  CHECK(document_text(document, 72) == "Read this or https://b.example [1]\n\n[1] https://a.example\n");
}

TEST_CASE("the blank behind the dashes of a signature stays, other trailing blanks go") {
  CHECK(document_text(document_of({line_of("text  "), line_of("-- "), line_of("Ana")}), 72) == "text\n-- \nAna\n");
}

TEST_CASE("text without blanks breaks between wide characters") {
  CHECK(document_text(document_of({line_of("今週のおすすめ商品をご覧ください。 ok")}), 20) == "今週のおすすめ商品を\nご覧ください。 ok\n");
  CHECK(document_text(document_of({line_of("https://a.example/long/word 今")}), 20) == "https://a.example/long/word\n今\n");
}

TEST_CASE("any document becomes clean text that keeps all words") {
  CHECK(rc::check([](const std::string& bytes) {
    const auto columns = *rc::gen::inRange(0, 60);
    Line line = line_of(clean(bytes));
    line.indent = *rc::gen::inRange(-5, 500);
    line.quote_level = *rc::gen::inRange(-5, 500);
    const std::string text = document_text(document_of({line}), columns);
    RC_ASSERT(clean_lines(text) == text);
  }));
}

TEST_CASE("a line of 5 MB is wrapped in time that grows with its length") {
  std::string words;
  while (words.size() < 5'000'000) words += "lorem ipsum ";
  CHECK(document_text(document_of({line_of(words)}), 72).size() > 4'900'000);
}
