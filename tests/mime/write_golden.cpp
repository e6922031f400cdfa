// Writes one message of each kind into a directory, for golden_test.py: what is written is compared with tests/mime/golden, and read by parsers that are not ours.
#include <cstdio>
#include <fstream>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "valija/base/fd.hpp"
#include "valija/mail/reply.hpp"
#include "valija/mime/build.hpp"
#include "valija/mime/parse.hpp"

using namespace valija;

namespace {

const std::vector<Identity> identities = {{"home", {"Ana Ruíz", "ana@example.org"}, {"*@ana.example.org"}, "Ana Ruíz\nexample.org\n"}};

constexpr std::string_view original_message =
    "Return-Path: <jun@example.jp>\r\n"
    "Delivered-To: list-subscriber@ana.example.org\r\n"
    "From: =?utf-8?b?55Sw5LitIOe0lA==?= <jun@example.jp>\r\n"
    "To: Friends <friends@lists.example.net>, Bea <bea@example.org>\r\n"
    "Cc: \"Ruiz, C.\" <cleo@example.org>, ana@example.org\r\n"
    "Subject: AW: Re: =?utf-8?q?Caf=C3=A9?= on Monday\r\n"
    "Date: Mon, 23 Nov 2026 09:01:00 +0000\r\n"
    "Message-ID: <m3@example.jp>\r\n"
    "In-Reply-To: <m2@example.org>\r\n"
    "References: <m1@example.jp> <m2@example.org>\r\n"
    "List-Post: <mailto:friends@lists.example.net>\r\n"
    "MIME-Version: 1.0\r\n"
    "Content-Type: multipart/mixed; boundary=original\r\n"
    "\r\n"
    "--original\r\n"
    "Content-Type: text/plain; charset=utf-8; format=flowed\r\n"
    "Content-Transfer-Encoding: 8bit\r\n"
    "\r\n"
    "Shall we meet at the caf\xc3\xa9 on Monday, as we did last week? I would \r\n"
    "bring the plans.\r\n"
    "> When do we meet?\r\n"
    "-- \r\n"
    "Jun\r\n"
    "--original\r\n"
    "Content-Type: image/png\r\n"
    "Content-Disposition: attachment; filename*=utf-8''plan%20%C3%B1.png\r\n"
    "Content-Transfer-Encoding: base64\r\n"
    "\r\n"
    "iVBORw0KGgo=\r\n"
    "--original--\r\n";

mime::BuildOptions options() {
  mime::BuildOptions options;
  options.date = 1795426860;
  options.utc_offset_minutes = 60;
  options.message_id = "golden@example.org";
  return options;
}

class Writer {
 public:
  explicit Writer(std::string directory) : directory_(std::move(directory)) {
    original_.file = directory_ + "/original.eml";
    std::ofstream(original_.file, std::ios::binary) << original_message;
    original_.document = mime::parse(original_message, [](std::string_view, int) { return HtmlText(); });
    original_.account = "home";
    form_.attribution = "{name} wrote:";
  }

  bool write_all() {
    write("reply", said(make_reply(original_, ReplyTo::sender, identities, form_)));
    write("reply-all", said(make_reply(original_, ReplyTo::all, identities, form_)));
    write("reply-list", said(make_reply(original_, ReplyTo::list, identities, form_)));
    ReplyForm above = form_;
    above.position = ReplyForm::Position::above;
    write("reply-above", make_reply(original_, ReplyTo::sender, identities, above));
    write("forward", to_jun(make_forward(original_, false, identities, form_)));
    write("forward-attached", to_jun(make_forward(original_, true, identities, form_)));
    write("edit-as-new", make_again(original_, identities));
    write("fresh", fresh());
    write("markdown", markdown());
    write("draft", half_typed(), true);
    keep("bounce", [&](const std::string& path) {
      return mime::bounce(original_message, identities[0].address, {{"Jürgen", "jürgen@bücher.example"}}, options(), path);
    });
    keep("adopted", [&](const std::string& path) {
      return mime::adopt_message("Subject: cron\nBcc: secret@example.org\n\nDone: ñ\n", "ana@example.org", {"jun@example.jp"}, true, options(), path);
    });
    return is_good_;
  }

 private:
  void keep(const std::string& name, const std::function<Result<mime::Built>(const std::string&)>& make) {
    const auto built = make(directory_ + "/" + name + ".eml");
    if (built) return;
    std::fprintf(stderr, "%s: %s\n", name.c_str(), built.error().message.c_str());
    is_good_ = false;
  }

  void write(const std::string& name, const Draft& draft, bool is_draft = false) {
    auto how = options();
    how.is_draft = how.keeps_bcc = is_draft;
    keep(name, [&](const std::string& path) { return mime::write_message(draft, how, path); });
  }

  static Draft said(Draft draft) {
    const auto end = draft.body.find("\n\n-- ");
    draft.body.insert(end == std::string::npos ? draft.body.size() : end + 1, "Yes, at eight. ¡Hasta pronto!\n");
    return draft;
  }

  static Draft to_jun(Draft draft) {
    draft.to = "Jun <jun@example.jp>";
    return draft;
  }

  Draft fresh() const {
    Draft draft = make_fresh(identities[0], form_);
    draft.to = "\"Ruiz, C.\" <cleo@example.org>, 田中 <jun@example.jp>";
    draft.bcc = "secret@example.org";
    draft.subject = "Una línea muy larga de asunto que no cabe en setenta y ocho columnas de ninguna manera\r\nX-Injected: yes";
    draft.body.insert(0, "From the start, a long paragraph that does not fit into one line of a mail, so that it has to flow over two of them.\n.\n");
    draft.attachments = {{original_.file, "2", "año \"2026\".png", "image/png", 8}};
    return draft;
  }

  Draft markdown() const {
    Draft draft = fresh();
    draft.is_markdown = true;
    draft.body = "A **bold** word, and an image:\n\n![plan](cid:plan)\n\n-- \nAna\n";
    draft.attachments[0].content_id = "plan";
    return draft;
  }

  Draft half_typed() const {
    Draft draft = make_reply(original_, ReplyTo::sender, identities, form_);
    draft.to = "Jun <jun@exa";
    draft.bcc = "secret@example.org";
    return draft;
  }

  std::string directory_;
  Original original_;
  ReplyForm form_;
  bool is_good_ = true;
};

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) return 64;
  mime::start();
  return Writer(arguments[1]).write_all() ? 0 : 1;
}
