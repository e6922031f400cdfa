#include <rapidcheck.h>

#include <fstream>

#include "valija/base/text.hpp"
#include "valija/mime/build.hpp"
#include "written.hpp"

using namespace valija;
using namespace valija::test;

namespace {

mime::BuildOptions draft_options() {
  auto options = build_options();
  options.is_draft = true;
  options.keeps_bcc = true;
  return options;
}

}  // namespace

TEST_CASE("a draft comes back from a Drafts folder with all that was typed") {
  const TemporaryDirectory directory;
  std::ofstream(directory / "file") << "content";
  Draft draft = simple_draft();
  draft.kind = Draft::Kind::forward;
  draft.account = "work";
  draft.to = "Jun <jun@example.jp>, half typed <x";
  draft.cc = "Bea <bea@example.org>";
  draft.bcc = "secret@example.org";
  draft.reply_to = "r@example.org";
  draft.in_reply_to = "b@x";
  draft.references = {"a@x", "b@x"};
  draft.followup_to = "list@example.org";
  draft.body = "long line " + std::string(1500, 'y') + "\n trailing blanks  \n> quote \n\tñ\n";
  draft.is_markdown = true;
  draft.original = "b@x";
  draft.attachments = {{directory / "file", "", "año.bin", "application/x-data", 7}};
  const auto message = build(draft, draft_options());
  CHECK(fault_of(message.octets).empty());
  auto back = mime::recall(message.octets, "/drafts/1");
  REQUIRE(back);
  CHECK(back->changed == 1795424460);
  CHECK(back->attachments == std::vector<Attachment>{{"/drafts/1", "2", "año.bin", "application/x-data", 7}});
  CHECK(*mime::extract_part(message.octets, "2") == "content");
  back->attachments = draft.attachments;
  back->changed = 0;
  CHECK(*back == draft);
}

TEST_CASE("an address that another client changed wins over what was half typed") {
  Draft draft = simple_draft();
  draft.to = "half typed <x";
  std::string octets = build(draft, draft_options()).octets;
  CHECK(octets.find("\r\nTo:") == std::string::npos);
  octets.insert(0, "To: Bea <bea@example.org>\r\n");
  CHECK(mime::recall(octets, "/m")->to == "Bea <bea@example.org>");
}

TEST_CASE("any text of a draft comes back") {
  CHECK(rc::check([](const std::string& subject) {
    Draft draft = simple_draft();
    draft.body.clear();
    for (const auto& line : *rc::gen::arbitrary<std::vector<std::string>>()) {
      std::string cleaned;
      for (const char c : line) {
        if (c >= 0x20 && c < 0x7f) cleaned += c;
      }
      draft.body += cleaned + "\n";
    }
    draft.subject = std::string(trim(clean(subject)));
    draft.to = subject;
    const TemporaryDirectory directory;
    RC_ASSERT(mime::write_message(draft, draft_options(), directory / "m"));
    const auto back = mime::recall(read_file(directory / "m", 1 << 24).value_or(""), "/m");
    RC_ASSERT(back);
    RC_ASSERT(back->body == draft.body);
  }));
}

TEST_CASE("drafts of other clients are taken as they are") {
  const auto flowed = mime::recall(
      "From: Ana <ana@example.org>\nTo: jun@example.jp\nSubject: =?utf-8?q?=C3=B1?=\nIn-Reply-To: <q@x>\nContent-Type: text/plain; charset=iso-8859-1; format=flowed\n"
      "\nOne \nparagraph \xf1.\n> quoted \n> text\n-- \nAna\n",
      "/m");
  REQUIRE(flowed);
  CHECK(flowed->subject == "ñ");
  CHECK(flowed->kind == Draft::Kind::reply);
  CHECK(flowed->body == "One paragraph ñ.\n> quoted text\n-- \nAna\n");

  const std::string alternative =
      "Subject: x\nContent-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\nplain\n--b\nContent-Type: text/html\n\n<p>html</p>\n--b--\n";
  const auto plain = mime::recall(alternative, "/m");
  REQUIRE(plain);
  CHECK(plain->body == "plain\n");
  CHECK(plain->attachments.empty());

  const std::string html = "Subject: x\nContent-Type: text/html\n\n<p>html</p>\n";
  const auto with_reader = mime::recall(html, "/m", [](std::string_view text, int) { return HtmlText{{Line{{}, 1, 0, {}, {{std::string(trim(text)), {}}}}}, {}}; });
  REQUIRE(with_reader);
  CHECK(with_reader->body == "> <p>html</p>\n");
  CHECK(mime::recall(html, "/m")->attachments.size() == 1);

  const auto forwarded = mime::recall(
      "Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nsee\n--b\nContent-Type: message/rfc822\n\nSubject: inner\n\ntext\n--b--\n", "/m");
  REQUIRE(forwarded);
  CHECK(forwarded->attachments.size() == 1);
  CHECK(forwarded->attachments[0].type == "message/rfc822");
}

TEST_CASE("a draft that would kill the parser is refused") {
  std::string groups;
  for (int i = 0; i < 50'000; ++i) groups += "g:";
  CHECK_FALSE(mime::recall("To: " + groups + "\n\n", "/m"));
}

TEST_CASE("any bytes are recalled without harm") {
  CHECK(rc::check([](const std::string& octets) { static_cast<void>(mime::recall("X-Valija-Draft: " + octets, "/m")); }));
}
