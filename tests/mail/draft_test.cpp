#include "valija/mail/draft.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "valija/mail/template.hpp"

using namespace valija;

namespace {

rc::Gen<std::string> text() {
  return rc::gen::oneOf(rc::gen::arbitrary<std::string>(),
                        rc::gen::map(rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
                                         "\\", "\n", "\r", "n", "s", ";", " ", "\t", ":", "=", "To: x", std::string(1, '\0'), "a", "ñ", "; name=", "\\;", "\v")),
                                     [](const std::vector<std::string>& pieces) {
                                       std::string joined;
                                       for (const auto& piece : pieces) joined += piece;
                                       return joined;
                                     }));
}

Draft any_draft() {
  Draft draft;
  draft.kind = *rc::gen::element(Draft::Kind::fresh, Draft::Kind::reply, Draft::Kind::forward, Draft::Kind::resend);
  for (const auto member : {&Draft::id, &Draft::account, &Draft::from, &Draft::to, &Draft::cc, &Draft::bcc, &Draft::reply_to, &Draft::subject, &Draft::in_reply_to,
                            &Draft::followup_to, &Draft::body, &Draft::original, &Draft::stored}) {
    draft.*member = *text();
  }
  draft.references = *rc::gen::container<std::vector<std::string>>(text());
  for (int i = *rc::gen::inRange(0, 3); i > 0; --i) {
    draft.attachments.push_back({"/" + *text(), *text(), *text(), *text(), *rc::gen::arbitrary<std::uint64_t>(), *text()});
  }
  draft.is_markdown = *rc::gen::arbitrary<bool>();
  draft.changed = *rc::gen::arbitrary<UnixTime>();
  return draft;
}

Draft sample() {
  Draft draft;
  draft.from = "Ana <ana@example.org>";
  draft.to = "\"Ruiz, \\\"J\\\"\" <jun@example.jp>";
  draft.subject = "Hello";
  draft.attachments = {{"/home/ana/My file.pdf", "", "My file.pdf", "application/pdf", 12}, {"/mail/1", "2", "x;y.png", "", 3, "img1"}};
  draft.body = "Text\n\nTo: no header\n";
  draft.id = "d1";
  return draft;
}

}  // namespace

TEST_CASE("any draft comes back from its file") {
  CHECK(rc::check([] {
    const Draft draft = any_draft();
    const auto back = parse_draft(to_text(draft));
    RC_ASSERT(back);
    RC_ASSERT(*back == draft);
  }));
}

TEST_CASE("any draft survives an editor that changes nothing") {
  CHECK(rc::check([] {
    const Draft draft = any_draft();
    const auto back = with_edited_text(draft, to_editable_text(draft));
    RC_ASSERT(back);
    RC_ASSERT(back->attachments.size() == draft.attachments.size());
    RC_ASSERT(back->to == draft.to && back->subject == draft.subject && back->body == draft.body && back->bcc == draft.bcc);
  }));
}

TEST_CASE("the file of a draft can be read by a person") {
  CHECK(to_text(sample()) ==
        "Id: d1\nKind: fresh\nChanged: 0\nFrom: Ana <ana@example.org>\nTo: \"Ruiz, \\\"J\\\"\" <jun@example.jp>\nCc: \nBcc: \nReply-To: \nSubject: Hello\n"
        "Attach: /home/ana/My file.pdf; type=application/pdf; size=12\nAttach: /mail/1; part=2; name=x\\;y.png; size=3; cid=img1\n\nText\n\nTo: no header\n");
  CHECK(to_editable_text(sample()) ==
        "From: Ana <ana@example.org>\nTo: \"Ruiz, \\\"J\\\"\" <jun@example.jp>\nCc: \nSubject: Hello\n"
        "Attach: /home/ana/My file.pdf\nAttach: /mail/1; part=2; name=x\\;y.png; cid=img1\n\nText\n\nTo: no header\n");
}

TEST_CASE("what a person did in the editor is taken over, all else stays") {
  const auto edited = with_edited_text(sample(), "to: a@b,\n\tc@d\r\nsubject:   New  \nBCC: x@y\nattach: /home/ana/My file.pdf\nAttach: /tmp/new; name=other\nAttach:\n\n\nNew text");
  REQUIRE(edited);
  CHECK(edited->to == "a@b, c@d");
  CHECK(edited->subject == "New");
  CHECK(edited->bcc == "x@y");
  CHECK(edited->from.empty());
  CHECK(edited->id == "d1");
  CHECK(edited->body == "\nNew text");
  CHECK(edited->attachments == std::vector<Attachment>{{"/home/ana/My file.pdf", "", "My file.pdf", "application/pdf", 12}, {"/tmp/new", "", "other"}});
  CHECK(*with_edited_text(sample(), to_editable_text(sample())) == sample());
}

TEST_CASE("a line that is no header is named") {
  for (const char* text : {"To: a@b\nHello Ana\n\nText", "X-Evil: 1\n\n", "Stored: x\n\n", "Attach: /x; nonsense=1\n\n"}) {
    const auto edited = with_edited_text(sample(), text);
    REQUIRE(!edited);
    CHECK(edited.error().kind == Kind::input);
  }
  CHECK(with_edited_text(sample(), "To: a@b\nHello Ana\n").error().message.find("Hello Ana") != std::string::npos);
  CHECK_FALSE(parse_draft("Kind: nonsense\n\n"));
  CHECK_FALSE(parse_draft("Changed: 1x\n\n"));
  CHECK(parse_draft("To: a@b")->to == "a@b");
  CHECK(*parse_draft("") == Draft());
}

TEST_CASE("a draft is empty until somebody wrote") {
  Draft draft;
  draft.from = "ana@example.org";
  draft.body = "\n\n-- \nAna\nexample.org\n";
  CHECK(draft.is_empty("Ana\nexample.org\n"));
  CHECK_FALSE(draft.is_empty(""));
  CHECK(Draft().is_empty(""));
  draft.body = "Hi\n" + draft.body;
  CHECK_FALSE(draft.is_empty("Ana\nexample.org"));
  draft.body.clear();
  draft.subject = "x";
  CHECK_FALSE(draft.is_empty(""));
}

TEST_CASE("an id that can stand in a header") {
  CHECK(is_message_id("a@b"));
  for (const auto& id : {std::string(), std::string("a b"), std::string("a\r\nX: 1"), std::string("a>b"), std::string("ñ@x"), std::string(901, 'a')}) CHECK_FALSE(is_message_id(id));
}

TEST_CASE("a template is laid over a draft") {
  const Placeholders placeholders = {{"name", "Jun {date}"}, {"date", "today"}, {"evil", "x\nBcc: y@z"}};
  CHECK(fill_in("{name} {date} {other} { {name", placeholders) == "Jun {date} today {other} { {name");
  Draft draft = sample();
  const auto filled = with_template(draft, "Subject: Report of {date} {evil}\nCc: boss@example.org\n\nDear {name},\n{text}Bye\n", placeholders);
  REQUIRE(filled);
  CHECK(filled->subject == "Report of today x\nBcc: y@z");
  CHECK(filled->bcc.empty());
  CHECK(filled->cc == "boss@example.org");
  CHECK(filled->to == draft.to);
  CHECK(filled->body == "Dear Jun {date},\n" + draft.body + "Bye\n");
  CHECK(with_template(draft, "\nHi\n", {})->body == "Hi\n" + draft.body);
  CHECK_FALSE(with_template(draft, "Hi\n", {}));
}
