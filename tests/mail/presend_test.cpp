#include "valija/mail/presend.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

using namespace valija;

namespace {

const std::vector<Identity> identities = {{"home", {"Ana", "ana@example.org"}, {}, ""}, {"work", {"Ana", "ruiz@company.example"}, {}, ""}};

Draft sample() {
  Draft draft;
  draft.account = "home";
  draft.from = "Ana <ana@example.org>";
  draft.to = "jun@example.jp";
  draft.subject = "Hello";
  draft.body = "Hi\n";
  return draft;
}

std::vector<Doubt::What> doubts(const Draft& draft, const PresendRules& rules = {}, const std::vector<std::string>& known = {"example.jp"}) {
  std::vector<Doubt::What> found;
  for (const Doubt& doubt : doubts_about(draft, identities, rules, known)) {
    CHECK_FALSE(doubt.sentence.empty());
    found.push_back(doubt.what);
  }
  return found;
}

using What = Doubt::What;
using Whats = std::vector<What>;

}  // namespace

TEST_CASE("a message without doubts") { CHECK(doubts(sample()).empty()); }

TEST_CASE("a forgotten attachment, in four languages, only in my own words") {
  for (const char* body : {"See the attached file.", "I've attached it", "ATTACHMENT: below", "Te adjunto el informe", "Adjunto la factura.", "Anbei der Bericht", "im Anhang:", "Ich habe es angehängt.",
                           "Vous trouverez ci-joint le", "voir la pièce\njointe", "> quoted\nSee attached\n> more", "-- \nAna\n> quote\nsee attached"}) {
    Draft draft = sample();
    draft.body = body;
    CAPTURE(body);
    CHECK(doubts(draft) == Whats{What::attachment});
    draft.attachments = {{"/x", "", "x"}};
    CHECK(doubts(draft).empty());
  }
  for (const char* body : {"unattached", "> see attached", ">> anbei", "Hi\n-- \nattached to the sea", "Hi\n-------- Forwarded message --------\nsee attached", "Anhangs", "readjunto"}) {
    Draft draft = sample();
    draft.body = body;
    CAPTURE(body);
    CHECK(doubts(draft).empty());
  }
}

TEST_CASE("subject, identity, many people") {
  Draft draft = sample();
  draft.subject = "  ";
  CHECK(doubts(draft) == Whats{What::subject});
  draft = sample();
  draft.from = "ruiz@company.example";
  CHECK(doubts(draft) == Whats{What::identity});
  draft.from = "stranger@example.org";
  CHECK(doubts(draft) == Whats{What::identity});
  draft = sample();
  draft.answers_as = "ana+news@example.org";
  CHECK(doubts(draft) == Whats{What::identity});
  draft.from = "Ana <ANA+news@example.org>";
  CHECK(doubts(draft).empty());
  draft = sample();
  PresendRules rules;
  rules.most_recipients = 2;
  draft.cc = "b@example.jp, JUN@example.jp";
  CHECK(doubts(draft, rules).empty());
  draft.bcc = "c@example.jp";
  CHECK(doubts(draft, rules) == Whats{What::recipients});
  rules.most_recipients = 0;
  CHECK(doubts(draft, rules).empty());
}

TEST_CASE("people outside") {
  Draft draft = sample();
  draft.cc = "a@company.example, b@mail.company.example, c@notcompany.example";
  PresendRules rules;
  rules.typos = false;
  rules.own_domains = {"company.example"};
  const auto found = doubts_about(draft, identities, rules, {});
  REQUIRE(found.size() == 1);
  CHECK(found[0].what == What::external);
  CHECK(found[0].sentence.find("jun@example.jp, c@notcompany.example") != std::string::npos);
}

TEST_CASE("a slip in a domain") {
  Draft draft = sample();
  for (const char* to : {"a@gmial.com", "a@gmail.co", "a@hotmial.com", "a@exmaple.jp", "a@example.jpp"}) {
    CAPTURE(to);
    draft.to = to;
    CHECK(doubts(draft) == Whats{What::typo});
  }
  for (const char* to : {"a@gmail.com", "a@GMAIL.com", "a@example.jp", "a@elsewhere.org", "a@gmx.at"}) {
    CAPTURE(to);
    draft.to = to;
    CHECK(doubts(draft).empty());
  }
  draft.to = "a@gmial.com";
  PresendRules off{false, false, false, 0, {}, false};
  CHECK(doubts(draft, off).empty());
}

TEST_CASE("what can be sent to") {
  for (const char* good : {"a@b", "ana.ruiz+x@example.org", "\"a b\"@example.org", "\"a\\\"b\"@x.org", "jürgen@bücher.example", "a@[192.0.2.1]", "a@[IPv6:2001:db8::1]", "o'neil@x.ie"}) {
    CAPTURE(good);
    CHECK(is_sendable(good));
  }
  for (const std::string bad : {"", "a", "@b", "a@", "a b@c", "a@b c", "a@b>", "<a@b", "a@b\r\nRCPT TO:<x@y>", "a@b\n", "a@b SIZE=1", "\"a\r\nb\"@c", "\"a@b", "\"a\"b\"@c", "a\"b@c", "a@b..c",
                                "a@.b", "a@-b", "a@b,c", "a;b@c", "a@b\x7f", "a@[b", "a@[1]x", "a\xff@b", "a@b\xe2\x80\xae", "(x)a@b", "a\\@b", "a@b:25", "-oX/tmp/x@b"}) {
    CAPTURE(bad);
    CHECK_FALSE(is_sendable(bad));
  }
  CHECK_FALSE(is_sendable(std::string("a\0@b", 4)));
  CHECK_FALSE(is_sendable(std::string(300, 'a') + "@b.org"));
}

TEST_CASE("faults are named, one sentence each") {
  CHECK(faults_of(sample()).empty());
  Draft draft;
  CHECK(faults_of(draft).size() == 2);
  draft = sample();
  draft.to = "jun, nobody, ok@example.org";
  CHECK(faults_of(draft).size() == 2);
  for (const std::string bad : {"a@b>\r\nRCPT TO:<x@y", "\"a\r\nb\"@c.org", "<a@b> SIZE=1", "<a@b", "\"Ana <a@b>", "a@b <", "a@b (", "a@b\tx", "<<a@b>>"}) {
    CAPTURE(bad);
    draft.to = bad;
    CHECK(faults_of(draft).size() == 1);
  }
  for (const char* good : {"a@b, \"x, y\" <c@d>", "A (comment) <a@b> (x), c@d", "friends: a@b, <c@d>;", "\"a\\\"b\" <a@b>"}) {
    CAPTURE(good);
    draft.to = good;
    CHECK(faults_of(draft).empty());
  }
  draft = sample();
  draft.from = "a@b, c@d";
  CHECK(faults_of(draft).size() == 1);
  draft = sample();
  draft.reply_to = "nobody";
  CHECK(faults_of(draft).size() == 1);
}

TEST_CASE("a draft without faults holds only addresses that can be sent to") {
  const auto pieces = rc::gen::container<std::vector<std::string>>(
      rc::gen::element<std::string>("a@b.org", "<", ">", "\"", "\\", ",", ";", ":", "(", ")", " ", "\r\n", "x", "@", "[", "]", "ñ", "SIZE=1"));
  CHECK(rc::check([&] {
    Draft draft = sample();
    draft.to.clear();
    for (const auto& piece : *pieces) draft.to += piece;
    if (!faults_of(draft).empty()) return;
    for (const Address& address : parse_addresses(draft.to)) RC_ASSERT(is_sendable(address.mailbox));
    RC_ASSERT(draft.to.find('\n') == std::string::npos);
  }));
}
