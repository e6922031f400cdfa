#include "valija/mail/mailto.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <array>

using namespace valija;

namespace {

struct Row {
  std::string url, to{}, cc{}, bcc{}, subject{}, body{}, id{};
};

/// Nothing that a page can ask for beyond the six fields reaches the draft.
void check_harmless(const std::string& url, const Draft& draft) {
  CAPTURE(url);
  CHECK(draft.attachments.empty());
  CHECK(draft.from.empty());
  CHECK(draft.reply_to.empty());
  CHECK(draft.followup_to.empty());
  CHECK(draft.account.empty());
  CHECK(draft.stored.empty());
  CHECK(draft.original.empty());
  CHECK(draft.id.empty());
  CHECK_FALSE(draft.is_markdown);
  for (const auto* field : {&draft.to, &draft.cc, &draft.bcc, &draft.subject, &draft.in_reply_to}) {
    for (const char c : *field) CHECK(static_cast<unsigned char>(c) >= 0x20);
  }
  for (const char c : draft.body) CHECK((c == '\n' || static_cast<unsigned char>(c) >= 0x20));
}

}  // namespace

TEST_CASE("what may be asked for, and what an attacker asks for") {
  const auto rows = std::to_array<Row>({
      {"mailto:a@b", "a@b"},
      {"MAILTO:a@b", "a@b"},
      {"mailto:", ""},
      {"mailto:?", ""},
      {"mailto:?to=a@b", "a@b"},
      {"mailto:a@b,c@d", "a@b, c@d"},
      {"mailto:a@b?to=c@d", "a@b, c@d"},
      {"mailto:a@b?cc=c@d&bcc=e@f", "a@b", "c@d", "e@f"},
      {"mailto:a@b?CC=c@d&BCC=e@f&SUBJECT=s", "a@b", "c@d", "e@f", "s"},
      {"mailto:a@b?subject=caf%C3%A9", "a@b", "", "", "café"},
      {"mailto:a@b?subject=1+1%3D2", "a@b", "", "", "1+1=2"},
      {"mailto:a@b?subject=x%26y&amp;body=z", "a@b", "", "", "x&y", "z"},
      {"mailto:a@b?body=one%0D%0Atwo%0Athree", "a@b", "", "", "", "one\ntwo\nthree"},
      {"mailto:a@b?in-reply-to=%3Cid@x%3E", "a@b", "", "", "", "", "id@x"},
      {"mailto:a%2Bb@c", "a+b@c"},
      {"mailto:%22a%20b%22@c", "\"a b\"@c"},
      {"mailto:a@b#fragment", "a@b"},
      {"mailto:a@b?subject=one&subject=two", "a@b", "", "", "one"},
      {"mailto:a@b?subject=100%&body=%zz%4", "a@b", "", "", "100%", "%zz%4"},
      {"mailto:a@b?attach=/etc/passwd", "a@b"},
      {"mailto:a@b?attachment=/etc/passwd", "a@b"},
      {"mailto:a@b?Attach=file:///etc/passwd&attachment=~/.ssh/id_rsa", "a@b"},
      {"mailto:a@b?%61ttach=/etc/passwd", "a@b"},
      {"mailto:a@b?att%00ach=/etc/passwd", "a@b"},
      {"mailto:a@b?attach%00=/etc/passwd", "a@b"},
      {"mailto:a@b? attach=/etc/passwd", "a@b"},
      {"mailto:a@b?insert=/etc/passwd", "a@b"},
      {"mailto:a@b?from=boss@company.example", "a@b"},
      {"mailto:a@b?sender=x@y&reply-to=x@y&Return-Path=x@y", "a@b"},
      {"mailto:a@b?Mail-Followup-To=x@y", "a@b"},
      {"mailto:a@b?references=%3Cx@y%3E", "a@b"},
      {"mailto:a@b?message-id=%3Cx@y%3E", "a@b"},
      {"mailto:a@b?date=now&received=x", "a@b"},
      {"mailto:a@b?content-type=text/html", "a@b"},
      {"mailto:a@b?x-header=1&X-Valija-Draft=Zm9v", "a@b"},
      {"mailto:a@b?account=work&kind=reply&stored=x&original=y&id=../../x", "a@b"},
      {"mailto:a@b?markdown=yes&fcc=/etc/passwd&sign=no&encrypt=no", "a@b"},
      {"mailto:a@b?body=%0d%0aBcc:%20x@y", "a@b", "", "", "", "\nBcc: x@y"},
      {"mailto:a@b?subject=s%0d%0aBcc:%20x@y", "a@b", "", "", "s Bcc: x@y"},
      {"mailto:a@b?subject=s%0aBcc:%20x@y%0d%0a%0d%0atext", "a@b", "", "", "s Bcc: x@y  text"},
      {"mailto:a@b%0d%0aBcc:%20x@y", ""},
      {"mailto:a@b%0aRCPT%20TO:<x@y>", ""},
      {"mailto:a@b?cc=c@d%0d%0aBcc:x@y", "a@b"},
      {"mailto:a@b?to=c@d%0d", "a@b"},
      {"mailto:a@b?bcc=%00", "a@b"},
      {"mailto:a%00@b", ""},
      {"mailto:a@b?subject=s%00s", "a@b", "", "", "ss"},
      {"mailto:a@b?body=x%00y%1b[31mz", "a@b", "", "", "", "xy[31mz"},
      {"mailto:a@b?subject=%E2%80%AEevil", "a@b", "", "", "evil"},
      {"mailto:a@b?subject=%ff%fe", "a@b", "", "", "\xef\xbf\xbd\xef\xbf\xbd"},
      {"mailto:a@b?in-reply-to=%3Cx%0d%0aBcc:y@z%3E", "a@b"},
      {"mailto:a@b?in-reply-to=x%20y", "a@b"},
      {"mailto:a@b?in-reply-to=a%3E%3Cb", "a@b"},
      {"mailto:<a@b> SIZE=1", "SIZE=1 <a@b>"},
      {"mailto:a@b SIZE=1", "SIZE=1 <a@b>"},
      {"mailto:a", ""},
      {"mailto:/etc/passwd", ""},
      {"mailto:-t?to=-oX/tmp/x", ""},
      {"mailto:a@b;rm -rf /@c", "a@b, rm -rf </@c>"},
      {"mailto:a@b?=x&&=&x", "a@b"},
      {"mailto:a@b?subject", "a@b"},
      {"mailto:a@b?subject=", "a@b"},
      {"mailto:%", ""},
      {"mailto:%2", ""},
      {"mailto:,,,", ""},
      {"mailto:a@b?to=g:c@d,e@f;", "a@b, c@d, e@f"},
  });
  for (const Row& row : rows) {
    const auto draft = parse_mailto(row.url);
    CAPTURE(row.url);
    REQUIRE(draft);
    check_harmless(row.url, *draft);
    CHECK(draft->cc == row.cc);
    CHECK(draft->bcc == row.bcc);
    CHECK(draft->subject == row.subject);
    CHECK(draft->body == row.body);
    CHECK(draft->in_reply_to == row.id);
    CHECK(draft->to == row.to);
  }
}

TEST_CASE("what is no mailto, or too long") {
  for (const std::string& url : {std::string(), std::string("http://x"), std::string("mailt"), std::string("/etc/passwd"), " mailto:a@b" + std::string(), "mailto:" + std::string(70'000, 'a')}) {
    const auto draft = parse_mailto(url);
    REQUIRE(!draft);
    CHECK(draft.error().kind == Kind::input);
  }
}

TEST_CASE("any address of a page is harmless") {
  CHECK(rc::check([](const std::string& rest) {
    if (const auto draft = parse_mailto("mailto:" + rest)) check_harmless(rest, *draft);
  }));
}
