#include <doctest/doctest.h>

#include "clean_document.hpp"
#include "hostile_messages.hpp"
#include "valija/mime/parse.hpp"

using namespace valija;

namespace {

std::string text_of(const std::string& type, const std::string& body) {
  mime::start();
  const auto document = mime::parse(test::message("Content-Type: " + type + "\r\n", body), [](std::string_view, int) { return HtmlText(); });
  CHECK(test::first_unclean(document) == "");
  return test::all_text(document);
}

}  // namespace

TEST_CASE("a delivery report says which mail could not be delivered, and why") {
  const std::string report =
      "Reporting-MTA: dns; mx.example.org\r\n\r\n"
      "Final-Recipient: rfc822; <ana@example.org>\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 No such\r\n user here\r\n\r\n\r\n"
      "Original-Recipient: rfc822;bo@example.org\r\nFinal-Recipient: rfc822;x@y\r\nAction: Delayed\r\nStatus: 4.4.1 (no answer)\r\n\r\n"
      "Final-Recipient: rfc822; cy@example.org\r\nAction: delivered\r\n\r\n"
      "Final-Recipient: rfc822; di@example.org\r\nStatus: 5.9.9\r\n";
  CHECK(text_of("message/delivery-status", report) ==
        "The mail to ana@example.org could not be delivered: 550 5.1.1 No such user here (5.1.1, no such mailbox)\n"
        "The mail to bo@example.org is delayed, and the server keeps trying: 4.4.1, the server did not answer\n"
        "The mail to cy@example.org was delivered.\n"
        "The mail to di@example.org could not be delivered: 5.9.9\n");
}

TEST_CASE("a report that says nothing is shown as it came") {
  CHECK(text_of("message/delivery-status", "Reporting-MTA: dns; mx\r\n\r\nAction: failed\r\n").find("Reporting-MTA: dns; mx") == 0);
  CHECK(text_of("message/disposition-notification", "Final-Recipient: rfc822; a@b\r\n").find("Final-Recipient") == 0);
  CHECK(text_of("message/feedback-report", "no report") == "no report\n");
}

TEST_CASE("receipts and complaints are told in words") {
  CHECK(text_of("message/disposition-notification",
                "Final-Recipient: rfc822; ana@example.org\r\nDisposition: manual-action/MDN-sent-manually; displayed\r\n") == "The mail was shown to ana@example.org.\n");
  CHECK(text_of("message/disposition-notification",
                "Final-Recipient: rfc822; ana@example.org\r\nDisposition: automatic-action/MDN-sent-automatically; deleted/error\r\n") ==
        "The mail was deleted by ana@example.org without being read.\n");
  CHECK(text_of("message/feedback-report", "Feedback-Type: abuse\r\nOriginal-Rcpt-To: <ana@example.org>\r\n") ==
        "A mail of yours was reported as spam by ana@example.org.\n");
  CHECK(text_of("message/feedback-report", "Feedback-Type: strange\r\nUser-Agent: Loop/1\r\n") == "A mail of yours was reported by Loop/1.\n");
}

TEST_CASE("what is not in the mail is named and never fetched") {
  CHECK(text_of("message/external-body; access-type=URL; URL=\"http://127.0.0.1/x\"", "Content-Type: text/plain\r\n\r\n") ==
        "The content is not in this mail; it is said to lie at http://127.0.0.1/x (URL). It was not fetched.\n");
  CHECK(text_of("message/external-body; access-type=anon-ftp; site=ftp.example.org; directory=pub; name=a.zip", "").find("ftp.example.org/pub/a.zip (anon-ftp)") !=
        std::string::npos);
  CHECK(text_of("message/partial; id=x; number=2; total=3", "the middle\r\n") == "This is piece 2 of 3 of a mail that was sent in pieces.\n\nthe middle\n");
}

TEST_CASE("a report of many recipients is read to its end in bounded time") {
  const std::string text = text_of("message/delivery-status", "A: b\r\n\r\n" + test::repeated("Final-Recipient: rfc822; a@b\r\nAction: failed\r\n\r\n", 50'000));
  CHECK(std::count(text.begin(), text.end(), '\n') < 1001);
}
