#include "../../src/workers/document_codec.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "mime/clean_document.hpp"
#include "valija/base/codec.hpp"

using namespace valija;
using namespace valija::workers;

namespace {

rc::Gen<std::string> any_clean_text() {
  return rc::gen::map(rc::gen::arbitrary<std::string>(), [](const std::string& text) { return clean(text); });
}

rc::Gen<Address> any_address() {
  return rc::gen::build<Address>(rc::gen::set(&Address::name, any_clean_text()), rc::gen::set(&Address::mailbox, any_clean_text()));
}

rc::Gen<Span> any_span(int links) {
  const auto style = rc::gen::build<Style>(rc::gen::set(&Style::bold), rc::gen::set(&Style::italic), rc::gen::set(&Style::underline),
                                           rc::gen::set(&Style::dim), rc::gen::set(&Style::code), rc::gen::set(&Style::strike), rc::gen::set(&Style::button),
                                           rc::gen::set(&Style::link, rc::gen::inRange(-1, links)));
  return rc::gen::build<Span>(rc::gen::set(&Span::text, any_clean_text()), rc::gen::set(&Span::style, style));
}

rc::Gen<Line> any_line(int links) {
  return rc::gen::build<Line>(
      rc::gen::set(&Line::role, rc::gen::map(rc::gen::inRange(0, 10), [](int role) { return static_cast<Line::Role>(role); })),
      rc::gen::set(&Line::quote_level, rc::gen::inRange(0, 50)), rc::gen::set(&Line::indent, rc::gen::inRange(0, 50)),
      rc::gen::set(&Line::marker, any_clean_text()), rc::gen::set(&Line::spans, rc::gen::container<std::vector<Span>>(any_span(links))),
      rc::gen::set(&Line::wraps), rc::gen::set(&Line::is_history), rc::gen::set(&Line::is_right_to_left));
}

Document any_document() {
  Document document;
  document.headers.from = *rc::gen::container<std::vector<Address>>(any_address());
  document.headers.to = *rc::gen::container<std::vector<Address>>(any_address());
  document.headers.subject = *any_clean_text();
  document.headers.unix_date = *rc::gen::arbitrary<std::int64_t>();
  document.headers.message_id = *any_clean_text();
  document.headers.in_reply_to = *any_clean_text();
  document.headers.references = *rc::gen::container<std::vector<std::string>>(any_clean_text());
  document.headers.followup_to = *rc::gen::container<std::vector<Address>>(any_address());
  document.headers.mail_reply_to = *rc::gen::container<std::vector<Address>>(any_address());
  document.headers.list_post = *rc::gen::container<std::vector<Address>>(any_address());
  document.headers.delivered_to = *rc::gen::container<std::vector<std::string>>(any_clean_text());
  document.links = {{"https://a.example/"}, {"mailto:a@b"}};
  document.lines = *rc::gen::container<std::vector<Line>>(any_line(2));
  document.parts.push_back({"1.2", *rc::gen::inRange(0, 100), "text/plain", "a.txt", *rc::gen::arbitrary<std::uint64_t>(),
                            *rc::gen::arbitrary<bool>(), *rc::gen::arbitrary<bool>()});
  document.warnings = {*any_clean_text()};
  document.is_html = *rc::gen::arbitrary<bool>();
  document.is_unreadable = *rc::gen::arbitrary<bool>();
  document.signature = *rc::gen::element(Document::Signature::none, Document::Signature::present_unchecked);
  return document;
}

}  // namespace

TEST_CASE("a document survives the way to another process") {
  rc::check([] {
    const Document document = any_document();
    const auto decoded = decode_document(encode_document(document));
    RC_ASSERT(decoded.has_value());
    RC_ASSERT(*decoded == document);
  });
}

TEST_CASE("any bytes, and any damage, give a clean document or none") {
  rc::check([](const std::string& bytes) {
    if (const auto document = decode_document(bytes)) RC_ASSERT(test::first_unclean(*document).empty());
  });
  rc::check([] {
    std::string bytes = encode_document(any_document());
    const auto hits = *rc::gen::inRange(1, 6);
    for (int i = 0; i < hits; ++i) {
      bytes[*rc::gen::inRange<std::size_t>(0, bytes.size())] = *rc::gen::arbitrary<char>();
    }
    const auto document = decode_document(bytes);
    if (!document) return;
    RC_ASSERT(test::first_unclean(*document).empty());
    for (const Line& line : document->lines) {
      for (const Span& span : line.spans) RC_ASSERT(span.style.link < static_cast<int>(document->links.size()));
    }
  });
}

TEST_CASE("a document that is cut short, or goes on behind its end, is none") {
  Document document;
  document.headers.subject = "s";
  const std::string bytes = encode_document(document);
  CHECK(decode_document(bytes).has_value());
  for (std::size_t size = 0; size < bytes.size(); ++size) CHECK_FALSE(decode_document(std::string_view(bytes).substr(0, size)).has_value());
  CHECK_FALSE(decode_document(bytes + "x").has_value());
}

TEST_CASE("text that a taken-over process smuggles in passes the gate again") {
  Document document;
  Line line;
  line.spans.push_back({"\x1b]0;owned\x07\xe2\x80\xae" "abc", {}});
  line.spans.back().style.link = 7;
  line.quote_level = 1'000'000;
  document.lines.push_back(line);
  document.parts.push_back({"1", 0, "text/plain", "../../etc/passwd", 1, true, false});
  const auto decoded = decode_document(encode_document(document));
  REQUIRE(decoded.has_value());
  CHECK(decoded->lines[0].spans[0].text == "]0;ownedabc");
  CHECK(decoded->lines[0].spans[0].style.link == -1);
  CHECK(decoded->lines[0].quote_level <= 100);
  CHECK(decoded->parts[0].filename.find('/') == std::string::npos);
}

TEST_CASE("pixels survive the way, and are as many as they say") {
  const Pixels pixels{2, 3, std::string(24, 'x')};
  const std::string bytes = encode_pixels(pixels);
  CHECK(decode_pixels(bytes) == pixels);
  for (std::size_t size = 0; size < bytes.size(); ++size) CHECK_FALSE(decode_pixels(std::string_view(bytes).substr(0, size)));
  CHECK_FALSE(decode_pixels(bytes + "x"));
  for (const Pixels& lie : {Pixels{2, 4, pixels.rgba}, Pixels{0, 0, ""}, Pixels{-1, 3, pixels.rgba}, Pixels{1 << 30, 4, ""}, Pixels{5000, 5000, std::string(100'000'000, 'x')}}) {
    CHECK_FALSE(decode_pixels(encode_pixels(lie)));
  }
}

TEST_CASE("a request survives the way, within its limits") {
  RenderRequest request{RenderCommand::picture, "1.1#3", {}, 640, 480};
  request.options = {72, "koi8-r", "1.2", true};
  const std::string bytes = encode_request(request);
  const auto decoded = decode_request(bytes);
  REQUIRE(decoded);
  CHECK(decoded->command == RenderCommand::picture);
  CHECK(decoded->argument == "1.1#3");
  CHECK(decoded->options == request.options);
  CHECK(decoded->most_width == 640);
  CHECK(decoded->most_height == 480);
  for (std::size_t size = 0; size < bytes.size(); ++size) CHECK_FALSE(decode_request(std::string_view(bytes).substr(0, size)));
  CHECK_FALSE(decode_request(encode_request({static_cast<RenderCommand>(99)})));
  request.options.columns = -5;
  CHECK(decode_request(encode_request(request))->options.columns == 1000);
}
