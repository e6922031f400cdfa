#include "valija/mail/reply.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

using namespace valija;

namespace {

const std::vector<Identity> identities = {{"home", {"Ana", "ana@example.org"}, {}, "Ana\n"}, {"work", {"Ana Ruiz", "ruiz@company.example"}, {"r@company.example"}, ""}};

Line line(std::string text, int level = 0, Line::Role role = Line::Role::text) {
  Line made;
  made.role = role;
  made.quote_level = level;
  if (!text.empty()) made.spans.push_back({std::move(text), {}});
  return made;
}

Original sample() {
  Original original;
  auto& headers = original.document.headers;
  headers.from = {{"Jun", "jun@example.jp"}};
  headers.to = {{"", "ana@example.org"}, {"Bea", "bea@example.org"}};
  headers.cc = {{"", "r@company.example"}, {"", "JUN@example.jp"}, {"Cleo", "cleo@example.org"}};
  headers.subject = "Hello";
  headers.message_id = "m1@x";
  headers.unix_date = 1795424460;
  original.document.lines = {line("Hi Ana"), line(""), line("you wrote", 1, Line::Role::quote), line("-- ", 0, Line::Role::signature), line("Jun", 0, Line::Role::signature)};
  original.document.parts = {{"1", 0, "text/plain", "", 9, false, true}, {"2", 0, "image/png", "a.png", 3, true, false}};
  original.file = "/mail/1";
  original.account = "home";
  return original;
}

ReplyForm form() {
  ReplyForm form;
  form.attribution = "{name} <{address}> wrote about {subject} ({id}):";
  return form;
}

Draft reply(const Original& original, ReplyTo whom) { return make_reply(original, whom, identities, form()); }

}  // namespace

TEST_CASE("an answer to the sender") {
  const Draft draft = reply(sample(), ReplyTo::sender);
  CHECK(draft.kind == Draft::Kind::reply);
  CHECK(draft.account == "home");
  CHECK(draft.from == "Ana <ana@example.org>");
  CHECK(draft.to == "Jun <jun@example.jp>");
  CHECK(draft.cc.empty());
  CHECK(draft.subject == "Re: Hello");
  CHECK(draft.in_reply_to == "m1@x");
  CHECK(draft.references == std::vector<std::string>{"m1@x"});
  CHECK(draft.original == "m1@x");
  CHECK(draft.body == "Jun <jun@example.jp> wrote about Hello (m1@x):\n> Hi Ana\n>\n>> you wrote\n\n\n-- \nAna\n");
  CHECK(draft.attachments.empty());
  ReplyForm above = form();
  above.position = ReplyForm::Position::above;
  CHECK(make_reply(sample(), ReplyTo::sender, identities, above).body ==
        "\n\n-- \nAna\n\nJun <jun@example.jp> wrote about Hello (m1@x):\n> Hi Ana\n>\n>> you wrote\n");
}

TEST_CASE("an answer to all leaves me out, and nobody gets it twice") {
  const Draft draft = reply(sample(), ReplyTo::all);
  CHECK(draft.to == "Jun <jun@example.jp>");
  CHECK(draft.cc == "Bea <bea@example.org>, Cleo <cleo@example.org>");
  CHECK(draft.followup_to.empty());
}

TEST_CASE("what the author asked for is respected") {
  Original original = sample();
  original.document.headers.reply_to = {{"", "office@example.jp"}};
  CHECK(reply(original, ReplyTo::sender).to == "office@example.jp");
  original.document.headers.mail_reply_to = {{"", "me@example.jp"}};
  CHECK(reply(original, ReplyTo::sender).to == "me@example.jp");
  original.document.headers.followup_to = {{"", "list@example.org"}, {"", "ana@example.org"}};
  CHECK(reply(original, ReplyTo::all).to == "list@example.org");
  CHECK(reply(original, ReplyTo::all).cc.empty());
}

TEST_CASE("an answer to a list goes there, and says where the next ones should go") {
  Original original = sample();
  auto& headers = original.document.headers;
  headers.list_post = {{"", "list@example.org"}};
  headers.reply_to = {{"", "list@example.org"}};  // the list put itself in
  headers.to = {{"", "list@example.org"}};
  headers.cc = {};
  headers.delivered_to = {"r@company.example"};
  const Draft draft = reply(original, ReplyTo::list);
  CHECK(draft.to == "list@example.org");
  CHECK(draft.from == "Ana Ruiz <r@company.example>");
  CHECK(draft.account == "work");
  CHECK(draft.followup_to == "list@example.org");
  CHECK(reply(original, ReplyTo::sender).to == "Jun <jun@example.jp>");
  CHECK(reply(original, ReplyTo::all).to == "Jun <jun@example.jp>");
  CHECK(reply(original, ReplyTo::all).cc == "list@example.org");
  headers.cc = {{"Ana Ruiz", "r@company.example"}};
  CHECK(reply(original, ReplyTo::list).followup_to == "list@example.org, Ana Ruiz <r@company.example>");
  headers.list_post.clear();
  CHECK(reply(original, ReplyTo::list).to == "list@example.org");
}

TEST_CASE("an answer to my own mail goes to those it was for") {
  Original original = sample();
  auto& headers = original.document.headers;
  headers.from = {{"", "r@company.example"}};
  headers.to = {{"Jun", "jun@example.jp"}};
  headers.cc = {{"Bea", "bea@example.org"}, {"", "ana@example.org"}};
  CHECK(reply(original, ReplyTo::sender).to == "Jun <jun@example.jp>");
  CHECK(reply(original, ReplyTo::sender).from == "Ana Ruiz <r@company.example>");
  CHECK(reply(original, ReplyTo::all).cc == "Bea <bea@example.org>");
  headers.to = {{"", "ana@example.org"}};
  headers.cc = {};
  CHECK(reply(original, ReplyTo::all).to == "ana@example.org");
}

TEST_CASE("the prefixes of all clients are taken off") {
  for (const char* subject : {"Hello", "Re: Hello", "RE: Re: Hello", "Aw: AW: Hello", "SV: Antw: Hello", "Odp: R: Hello", "RIF: Hello", "Re[2]: Hello", "Re(3): Hello", "Re^2: Hello",
                              "Fwd: FW: WG: TR: RV: I: Hello", "re : Hello", "回复：Hello", "RE:Hello", "  Re:\tHello "}) {
    CAPTURE(subject);
    CHECK(reply_subject(subject) == "Re: Hello");
    CHECK(forward_subject(subject) == "Fwd: Hello");
  }
  CHECK(reply_subject("Regarding: x") == "Re: Regarding: x");
  CHECK(reply_subject("Re[x]: y") == "Re: Re[x]: y");
  CHECK(reply_subject("Internal: x") == "Re: Internal: x");
  CHECK(reply_subject("[list] Re: x") == "Re: [list] Re: x");
  CHECK(reply_subject("Re: ") == "Re:");
  CHECK(reply_subject("") == "Re:");
}

TEST_CASE("References keep the first and the newest") {
  Original original = sample();
  auto& headers = original.document.headers;
  for (int i = 0; i < 100; ++i) headers.references.push_back(std::to_string(i) + "@x");
  const auto ids = reply(original, ReplyTo::sender).references;
  REQUIRE(ids.size() == 100);
  CHECK(ids.front() == "0@x");
  CHECK(ids[1] == "2@x");
  CHECK(ids.back() == "m1@x");
  headers.references = {};
  headers.in_reply_to = "parent@x";
  CHECK(reply(original, ReplyTo::sender).references == std::vector<std::string>{"parent@x", "m1@x"});
  headers.message_id = "evil\r\nX: 1";
  CHECK(reply(original, ReplyTo::sender).in_reply_to.empty());
  CHECK(reply(original, ReplyTo::sender).references == std::vector<std::string>{"parent@x"});
}

TEST_CASE("quoting") {
  Document document;
  const std::string words = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen";
  document.lines = {line(words), line(words, 1), line(words)};
  document.lines[2].wraps = false;
  CHECK(quoted(document, "> ") ==
        "> one two three four five six seven eight nine ten eleven twelve thirteen \n> fourteen fifteen sixteen\n"
        ">> one two three four five six seven eight nine ten eleven twelve \n>> thirteen fourteen fifteen sixteen\n> " +
            words + "\n");
  document.lines = {line("a"), line("b", 1), line(""), line("")};
  CHECK(quoted(document, "| ") == "| a\n| > b\n");
  document.lines = {line("x")};
  document.lines[0].marker = "• ";
  CHECK(quoted(document, ">") == ">• x\n");
  CHECK(quoted({}, "> ").empty());
}

TEST_CASE("forwarding inline keeps head, text and attachments") {
  Original original = sample();
  const Draft draft = make_forward(original, false, identities, form());
  CHECK(draft.kind == Draft::Kind::forward);
  CHECK(draft.subject == "Fwd: Hello");
  CHECK(draft.to.empty());
  CHECK(draft.in_reply_to.empty());
  CHECK(draft.body.find("-------- Forwarded message --------\nFrom: Jun <jun@example.jp>\nTo: ana@example.org, Bea <bea@example.org>\n") != std::string::npos);
  CHECK(draft.body.find("\n\nHi Ana\n\n> you wrote\n-- \nJun\n") != std::string::npos);
  CHECK(draft.attachments == std::vector<Attachment>{{"/mail/1", "2", "a.png", "image/png", 3}});
  CHECK(draft.body.ends_with("-- \nJun\n\n-- \nAna\n"));
  ReplyForm above = form();
  above.position = ReplyForm::Position::above;
  CHECK(make_forward(original, false, identities, above).body.starts_with("\n\n-- \nAna\n\n-------- Forwarded"));
  const Draft whole = make_forward(original, true, identities, form());
  REQUIRE(whole.attachments.size() == 1);
  CHECK(whole.attachments[0] == Attachment{"/mail/1", "*", "Hello.eml", "message/rfc822", 12});
  CHECK(whole.body == "\n-- \nAna\n");
}

TEST_CASE("edit as new, and a fresh one") {
  const Draft again = make_again(sample(), identities);
  CHECK(again.kind == Draft::Kind::resend);
  CHECK(again.to == "ana@example.org, Bea <bea@example.org>");
  CHECK(again.subject == "Hello");
  CHECK(again.in_reply_to.empty());
  CHECK(again.body == "Hi Ana\n\n> you wrote\n-- \nJun\n");
  const Draft fresh = make_fresh(identities[0], form());
  CHECK(fresh.from == "Ana <ana@example.org>");
  CHECK(fresh.account == "home");
  CHECK(fresh.body == "\n-- \nAna\n");
  CHECK(fresh.is_empty(identities[0].signature));
  CHECK(make_fresh(identities[1], form()).body == "\n");
}

TEST_CASE("an answer to any mail names nobody twice and not me") {
  const auto addresses = rc::gen::container<std::vector<Address>>(rc::gen::map(
      rc::gen::elementOf(std::vector<std::string>{"ana@example.org", "ANA@example.org", "jun@example.jp", "Jun@example.jp", "list@x", "", "r@company.example", "bea@x", "a,b"}),
      [](const std::string& mailbox) { return Address{"", mailbox}; }));
  CHECK(rc::check([&] {
    Original original = sample();
    auto& headers = original.document.headers;
    for (const auto member : {&Document::Headers::from, &Document::Headers::to, &Document::Headers::cc, &Document::Headers::reply_to, &Document::Headers::list_post}) {
      headers.*member = *addresses;
    }
    const Draft draft = reply(original, ReplyTo::all);
    const auto to = parse_addresses(draft.to), cc = parse_addresses(draft.cc);
    for (const Address& address : cc) RC_ASSERT(!is_mine(identities, address.mailbox));
    RC_ASSERT(draft.subject == "Re: Hello");
  }));
}
