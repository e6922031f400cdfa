#pragma once

#include <string>
#include <vector>

namespace valija::test {

/// Messages that other programs fell to (and some that look odd but are real), made here so that nobody must ship them.
struct HostileMessage {
  std::string name;
  std::string text;
};

/// A literal with everything in it, NULs too.
template <std::size_t size>
std::string octets(const char (&literal)[size]) {
  return {literal, size - 1};
}

inline std::string repeated(std::string_view piece, std::size_t times) {
  std::string text;
  text.reserve(piece.size() * times);
  for (std::size_t i = 0; i < times; ++i) text += piece;
  return text;
}

inline std::string message(const std::string& headers, const std::string& body = "hello\r\n") {
  return "From: Ana <ana@example.org>\r\nSubject: s\r\n" + headers + "\r\n" + body;
}

/// Those that GMime or libnotmuch die of: the pre-scan must hold every one of them back.
inline std::vector<HostileMessage> parser_killers() {
  const auto groups = [](std::string_view name, std::string_view piece) {
    return message(std::string(name) + ": " + repeated(piece, 50'000) + "\r\n");
  };
  std::vector<HostileMessage> messages = {
      {"nested groups", groups("To", "g:")},
      {"nested groups, folded", groups("To", "g:\r\n ")},
      {"nested groups, quoted names", groups("To", "\"g\":")},
      {"nested groups, comments", groups("To", "g(x):")},
      {"nested groups, encoded names", groups("To", "=?utf-8?q?g?=:")},
      {"nested groups, addresses between", groups("To", "a@b, g:")},
      {"nested groups, angle addresses", groups("To", "g<a>:")},
      {"nested groups, blank before the colon", message("To : " + repeated("g:", 50'000) + "\r\n")},
      {"nested groups inside a message/rfc822",
       message("Content-Type: message/rfc822\r\n", "To: " + repeated("g:", 50'000) + "\r\n\r\nhi\r\n")},
      {"long character set of an encoded word", message("Subject: =?" + repeated("a", 3'000'000) + "?q?x?=\r\n")},
      {"long character set of a parameter",
       message("Content-Type: text/plain; name*=" + repeated("a", 3'000'000) + "''x\r\n")},
      {"header block of 10 MB", message("X-A: " + repeated("a", 10'000'000) + "\r\n")},
      {"a parameter name of 71 octets",
       message("Content-Type: multipart/mixed; " + repeated("a", 71) + "=\"" + repeated("é", 40) + "\"\r\n")},
  };
  for (const char* name : {"From", "Sender", "Reply-To", "Cc", "Bcc", "tO"}) {
    messages.push_back({std::string("nested groups in ") + name, groups(name, "g:")});
  }
  return messages;
}

inline std::string nested_multiparts(int depth) {
  std::string text = "From: a@b.c\r\nSubject: deep\r\n";
  for (int i = 0; i < depth; ++i) {
    const std::string boundary = "b" + std::to_string(i);
    text += "Content-Type: multipart/mixed; boundary=" + boundary + "\r\n\r\n--" + boundary + "\r\n";
  }
  return text + "\r\nthe innermost text\r\n";
}

inline std::string html_message(const std::string& html) {
  return message("Content-Type: text/html; charset=utf-8\r\n", html);
}

/// Floods and bombs: they must end soon and in bounded memory.
inline std::vector<HostileMessage> floods() {
  std::string numbered_parameters = "Content-Type: text/plain";
  for (int i = 0; i < 10'000; ++i) numbered_parameters += "; a*" + std::to_string(i) + "=b";
  std::string numbered_attributes = "<a ";
  for (int i = 0; i < 50'000; ++i) numbered_attributes += "a" + std::to_string(i) + "=b ";
  return {
      {"colons", message("To: " + repeated(":", 500'000) + "\r\n")},
      {"semicolons", message("To: " + repeated(";", 500'000) + "\r\n")},
      {"parentheses", message("To: " + repeated("(", 500'000) + "\r\n")},
      {"quotes", message("To: " + repeated("\"", 500'000) + "\r\n")},
      {"100,000 addresses", message("To: " + repeated("n <u@e.org>, ", 100'000) + "\r\n")},
      {"100,000 headers", message(repeated("X-A: a\r\n", 100'000))},
      {"50,000 references", message("References: " + repeated("<a@b> ", 50'000) + "\r\n")},
      {"encoded words without end", message("Subject: " + repeated("=?a?q?", 300'000) + "\r\n")},
      {"folding without end", message("X-A: a" + repeated("\r\n ", 300'000) + "\r\n")},
      {"RFC 2231 parameters", message(numbered_parameters + "\r\n")},
      {"20,000 nested multiparts", nested_multiparts(20'000)},
      {"20,000 nested messages",
       message(repeated("Content-Type: message/rfc822\r\n\r\n", 20'000) + "From: a@b\r\n")},
      {"50,000 parts",
       message("Content-Type: multipart/mixed; boundary=b\r\n", repeated("--b\r\n\r\nx\r\n", 50'000) + "--b--\r\n")},
      {"a subject of 2 MB", "From: a@b.c\r\nSubject: " + repeated("a", 2'000'000) + "\r\n\r\nhi\r\n"},
      {"a line of 20 MB", message("", repeated("x", 20'000'000))},
      {"2,000,000 lines", message("", repeated("x\n", 2'000'000))},
      {"200,000 combining marks", message("Content-Type: text/plain; charset=utf-8\r\n", "a" + repeated("\xcc\x81", 200'000))},
      {"HTML: 100,000 nested tags", html_message(repeated("<div>", 100'000) + "deep")},
      {"HTML: 50,000 attributes", html_message(numbered_attributes + ">text</a>")},
      {"HTML: comments", html_message(repeated("<!-- -->", 200'000) + "text")},
      {"HTML: entities", html_message(repeated("&amp;", 200'000))},
      {"HTML: colspan", html_message("<table><tr><td colspan=1000000000>cell</td></tr></table>")},
      {"HTML: data URI of 10 MB", html_message("<img alt=a src='data:image/png;base64," + repeated("A", 10'000'000) + "'>text")},
  };
}

/// Broken, odd and deceiving messages: they must be shown, clean.
inline std::vector<HostileMessage> oddities() {
  const std::string escapes = "\x1b[2J\x1b]0;owned\x07\x1b]52;c;aGk=\x07\x9b" "31m\xc2\x9b" "31m\x0e\x0f\b\b\v\x7f";
  std::vector<HostileMessage> messages = {
      {"empty", ""},
      {"one line end", "\n"},
      {"only a body", "hello world\nthis is no mail\n"},
      {"only headers", "From: a@b.c\r\nSubject: s"},
      {"mbox line first", "From a@b Mon Jan  1 00:00:00 2020\nFrom: a@b\nSubject: x\n\nhi\n"},
      {"blank line first", "\nFrom: a@b\nSubject: x\n\nhi\n"},
      {"empty message/rfc822", message("Content-Type: message/rfc822\r\n", "")},
      {"empty message/rfc822 in a multipart", message("Content-Type: multipart/mixed; boundary=b\r\n",
                                                      "--b\r\nContent-Type: message/rfc822\r\n\r\n--b--\r\n")},
      {"multipart without boundary", message("Content-Type: multipart/mixed\r\n", "--b\r\n\r\ntext\r\n--b--\r\n")},
      {"empty boundary", message("Content-Type: multipart/mixed; boundary=\"\"\r\n", repeated("--\r\n\r\nx\r\n", 50))},
      {"boundary like that of the parent",
       message("Content-Type: multipart/mixed; boundary=b\r\n",
               "--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n--b--\r\n")},
      {"broken base64", message("Content-Transfer-Encoding: base64\r\n", "aGVsbG8=====\r\n*&^\0aGVs\r\n")},
      {"broken quoted-printable", message("Content-Transfer-Encoding: quoted-printable\r\n", "=\n=Z=G1=E=\r\n=4")},
      {"uuencode with a bad length",
       message("Content-Transfer-Encoding: x-uuencode\r\n", "begin 644 a\n\x7f#0V%T\n~~~~\n`\nend\n")},
      {"TSCII", message("Content-Type: text/plain; charset=TSCII\r\n", repeated("\xaa\xab\x87\x9a", 1000))},
      {"a path as character set", message("Content-Type: text/plain; charset=\"../../../etc/passwd\"\r\n", "h\xe9\r\n")},
      {"iconv options as character set", message("Content-Type: text/plain; charset=\"UTF-8//TRANSLIT//IGNORE\"\r\n")},
      {"UTF-7 escapes", message("Content-Type: text/plain; charset=utf-7\r\n", "+ABs-[2J+AAAA-\r\n")},
      {"ISO-2022 escapes", message("Content-Type: text/plain; charset=iso-2022-jp\r\n", "\x1b$B\x1b[31m\x1b(B\r\n")},
      {"encoded line ends and NUL", "From: a@b.c\r\nSubject: =?utf-8?q?a=0D=0AX-Injected:_1=00=1B[2J?=\r\n\r\nhi\r\n"},
      {"a character cut in two", "From: a@b.c\r\nSubject: =?utf-8?b?w4PC?= =?utf-8?b?wqk=?=\r\n\r\nhi\r\n"},
      {"CR only", "From: a@b\rSubject: s\r\rhi\rthere\r"},
      {"mixed line ends", "From: a@b\r\nSubject: s\nTo: c@d\r\n\nhi\rthere\r\n"},
      {"NUL everywhere", octets("From: a\0@b\r\nSub\0ject: x\r\nSubject: y\0z\r\n\r\nhi\0there\r\n")},
      {"raw 8-bit header", "From: Jos\xe9 <jose@example.org>\r\nSubject: \xe1\xe9\xff\r\n\r\nhi\r\n"},
      {"dates out of range", "From: a@b\r\nDate: 32 Foo 9999 99:99:99 +9999\r\n\r\nhi\r\n"},
      {"message/partial", message("Content-Type: message/partial; number=1; total=99999999; id=x\r\n")},
      {"external body", message("Content-Type: message/external-body; access-type=URL; URL=\"http://127.0.0.1/x\"\r\n")},
      {"TNEF", message("Content-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64\r\n", "eJ8+Ig==\r\n")},
      {"calendar without end", message("Content-Type: text/calendar\r\n",
                                       "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:s\r\nRRULE:FREQ=SECONDLY;COUNT=999999999\r\n")},
      {"escapes in every place",
       "From: \"" + escapes + "\" <a@b.c>\r\nSubject: " + escapes + "\r\nContent-Type: text/plain; name=\"" + escapes +
           "\"\r\n\r\n" + escapes + "\r\n"},
      {"escapes as entities", html_message("&#27;[2J&#155;31m&#7;&#0;<a href='http://x/&#27;]0;x&#7;'>&#x202e;link</a>")},
      {"direction overrides", "From: \xe2\x80\xae" "evil <a@b.c>\r\nSubject: \xe2\x81\xa6x\r\n\r\n\xe2\x80\xae" "abc\r\n"},
      {"remote content in 10 ways",
       html_message("<img src=http://127.0.0.1:9/1><link rel=stylesheet href=http://127.0.0.1:9/2><iframe src=http://127.0.0.1:9/3></iframe>"
                    "<style>@import 'http://127.0.0.1:9/4'</style><video src=http://127.0.0.1:9/5></video><object data=http://127.0.0.1:9/6>"
                    "</object><meta http-equiv=refresh content='0;url=http://127.0.0.1:9/7'><base href=http://127.0.0.1:9/8><svg><image "
                    "href=http://127.0.0.1:9/9></svg><a ping=http://127.0.0.1:9/10 href=http://127.0.0.1/>text</a>")},
      {"local files", html_message("<img src=file:///etc/passwd alt=pic><a href=file:///etc/passwd>link</a>")},
      {"an address inside a name", "From: \"admin@bank.example\" <a@evil.example>\r\n\r\nhi\r\n"},
      {"encoded comma in a name", "From: =?utf-8?q?admin=40bank.example=2C_x?= <a@evil.example>\r\n\r\nhi\r\n"},
      {"two From headers", "From: a@bank.example\r\nFrom: b@evil.example\r\n\r\nhi\r\n"},
  };
  return messages;
}

}  // namespace valija::test
