#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "hostile_messages.hpp"
#include "valija/html/render.hpp"
#include "valija/mime/parse.hpp"

using namespace valija;
using Role = Line::Role;

namespace {

std::string text_of(const Line& line) {
  std::string text;
  for (const Span& span : line.spans) text += span.text;
  return text;
}

/// What a person sees of lines when quotes and history are folded: one line each, with a letter for its role.
std::string folded(const std::vector<Line>& lines) {
  std::string shown;
  bool in_fold = false;
  for (const Line& line : lines) {
    const bool folds = line.quote_level > 0 || line.is_history;
    if (folds && !in_fold) shown += "+ ";
    in_fold = folds;
    if (folds || line.spans.empty() || line.role == Role::rule) continue;
    shown += line.role == Role::attribution ? "@" : line.role == Role::signature ? "~" : "";
    shown += text_of(line).substr(0, 14) + "|";
  }
  return shown;
}

std::string folded_plain(std::string_view text) { return folded(mime::text_lines(text, false, false)); }

std::string folded_html(const std::string& html) {
  return folded(mime::parse("From: a@example.org\nContent-Type: text/html; charset=utf-8\n\n" + html, &html::render).lines);
}

std::filesystem::path replies() {
  const char* root = std::getenv("VALIJA_CORPORA");
  return std::filesystem::path(root != nullptr ? root : "../shared/corpora") / "talon-replies";
}

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("history behind the mark of another client folds, in the languages that mark it") {
  for (const char* mark : {"-----Original Message-----", "----- Mensaje original -----", "-------- Ursprüngliche Nachricht --------", "-----Message d'origine-----",
                           "---- Messaggio Originale ----", "-----Исходное сообщение-----", "------------------ 原始邮件 ------------------"}) {
    CAPTURE(mark);
    const auto lines = mime::text_lines(std::string("Yes.\n\n") + mark + "\nFrom: Ana\n\nShall we?\n", false, false);
    CHECK(lines[2].role == Role::attribution);
    CHECK_FALSE(lines[2].is_history);
    CHECK(lines[3].is_history);
    CHECK(lines.back().is_history);
  }
  CHECK(folded_plain("Yes.\n-- Original Message of Ana\n\nNo.\n") == "Yes.|-- Original Me|No.|");
}

TEST_CASE("copied headers stand above history") {
  for (const char* headers : {"From: Ana <ana@example.org>\nSent: Monday\nTo: Bo\nSubject: Tea\n", "De: Ana\nEnviado el: lunes\nPara: Bo\nAsunto: Té\n",
                              "Von: Ana\nGesendet: Montag\nAn: Bo\nBetreff: Tee\n", "De : Ana\nEnvoyé : lundi\nÀ : Bo\nObjet : Thé\n",
                              "*From:* Ana\n*Date:* Monday\n*Subject:* Tea\n", "От: Ana\nОтправлено: понедельник\nКому: Bo\nТема: Чай\n",
                              "差出人: Ana\n送信日時: 月曜日\n宛先: Bo\n件名: 茶\n", "Date: Monday\nFrom: Ana\nTo: one,\n two,\n three\nSubject: Tea\n",
                              "________________________________\nFrom: Ana\nSent: Monday\nTo: Bo\n"}) {
    CAPTURE(headers);
    const auto lines = mime::text_lines(std::string("Yes.\n\n") + headers + "\nShall we?\n", false, false);
    CHECK(lines[2].role == Role::attribution);
    CHECK(lines.back().is_history);
    CHECK_FALSE(lines[1].is_history);
  }
  CHECK(folded_plain("Two rules:\nFrom: the left\nTo: the right\nand so on\n") == "Two rules:|From: the left|To: the right|and so on|");
}

TEST_CASE("what has no text of its own above it is the message, and so is what is forwarded") {
  CHECK(folded_plain("From: Ana\nSent: Monday\nSubject: Tea\n\nShall we?\n") == "@From: Ana|@Sent: Monday|@Subject: Tea|Shall we?|");
  CHECK(folded_plain("FYI\n\n---------- Forwarded message ---------\nFrom: Ana\nDate: Monday\nSubject: Tea\n\nShall we?\n") ==
        "FYI|@---------- For|@From: Ana|@Date: Monday|@Subject: Tea|Shall we?|");
  CHECK(folded_plain("Inicio del mensaje reenviado:\n\n> De: Ana\n") == "@Inicio del men|+ ");
}

TEST_CASE("an attribution may be broken over lines, dated in any language, or stand above history without marks") {
  CHECK(folded_plain("Yes.\n02.04.2012 14:20 Ana \"ana@example.org\" <\nana@example.org> написал:\n\n> Hi\n") == "Yes.|@02.04.2012 14:|@ana@example.or|+ ");
  CHECK(folded_plain("Yes.\n\nThu, 26 Jun 2014 14:00:51 +0400 από Ana <ana@example.org>:\n> Hi\n") == "Yes.|@Thu, 26 Jun 20|+ ");
  CHECK(folded_plain("Yes.\n\n--- On Wed, 4/4/12, ana@example.org <ana@example.org> wrote:\n\nHi\nyou\n") == "Yes.|@--- On Wed, 4/|+ ");
  CHECK(folded_plain("On 4/4/12 at 4:55, Ana wrote:\n>\n>\n>\n>\n>\n> Hi\nMine.\n") == "@On 4/4/12 at 4|+ Mine.|");
  CHECK(folded_plain("Ana wrote:\nhello to all\n") == "Ana wrote:|hello to all|");
  CHECK(folded_plain("In 2014 Ana wrote:\nhello to all\n") == "In 2014 Ana wr|hello to all|");
}

TEST_CASE("an attribution inside of a quote keeps its level") {
  const auto lines = mime::text_lines("Hello\n> On 22 Aug 2015, at 19:21, Ana <ana@example.org> wrote:\n>\n> Hi there!\n", false, false);
  CHECK(lines[1].role == Role::attribution);
  CHECK(lines[1].quote_level == 1);
  CHECK(lines[3].role == Role::quote);
}

TEST_CASE("text below a quote is the writer's, between quotes too") {
  CHECK(folded_plain("Ana wrote:\n> one\nFirst.\n> two\nSecond.\n") == "@Ana wrote:|+ First.|+ Second.|");
}

TEST_CASE("what a telephone writes below a text is a signature, a sentence is not") {
  for (const char* phrase : {"Sent from my iPhone", "Enviado desde mi iPhone", "Von meinem iPhone gesendet", "Get Outlook for iOS<https://aka.ms/o0ukef>",
                             "Envoyé de mon iPhone", "Inviato da iPhone", "iPhoneから送信", "Отправлено с iPhone", "Sent from Yahoo Mail on Android"}) {
    CAPTURE(phrase);
    CHECK(mime::text_lines(std::string("Yes.\n\n") + phrase + "\n", false, false).back().role == Role::signature);
    CHECK(mime::text_lines(std::string("Yes.\n") + phrase + "\n\nAna wrote:\n> Hi\n", false, false)[1].role == Role::signature);
  }
  CHECK(folded_plain("Sent from my hand to yours:\none\ntwo\nthree\n") == "Sent from my h|one|two|three|");
}

TEST_CASE("a signature ends where history begins") {
  CHECK(folded_plain("Yes.\n\n-- \nAna\n\n\nOn Tuesday, April 3, 2012 at 4:55 PM, Bo wrote:\n\n> Hello\n\nmore\n") == "Yes.|~--|~Ana|@On Tuesday, Ap|+ more|");
  CHECK(folded_plain("Yes.\n-- \nAna\n-----Original Message-----\nFrom: Bo\n\nHello\n") == "Yes.|~--|~Ana|@-----Original |+ ");
}

TEST_CASE("a mark of a signature that lost its blank, and the foot of a list, count near the end only") {
  CHECK(folded_plain("Yes.\n--\nAna\n555\n") == "Yes.|~--|~Ana|~555|");
  CHECK(folded_plain("Yes.\n_______________________________________________\ntalk mailing list\n") == "Yes.|~______________|~talk mailing l|");
  std::string long_text = "Yes.\n--\n";
  for (int i = 0; i < 20; ++i) long_text += "line\n";
  CHECK(folded_plain(long_text).find('~') == std::string::npos);
}

TEST_CASE("HTML of other clients folds as plain text does") {
  CHECK(folded_html("<p>Yes.</p><hr><b>From: </b>ana@example.org<br><b>Sent: </b>Monday<br><b>Subject: </b>Tea<br><br><p>Shall we?</p>") == "Yes.|@From: ana@exam|+ ");
  CHECK(folded_html("<div>Yes.</div><div>--&nbsp;</div><div>Ana</div><p>On 4/4/12 at 4:55, Bo wrote:</p><blockquote>Hello</blockquote>") ==
        "Yes.|~--|~Ana|@On 4/4/12 at 4|+ ");
  CHECK(folded_html("Yes.<br><br>&gt; From: ana<br>&gt; Hi<br>&gt;&gt; you<br>No.") == "Yes.|+ No.|");
  CHECK(folded_html("<div>Yes.</div><br><div>Sent from my <b>iPhone</b></div>") == "Yes.|~Sent from my i|");
}

TEST_CASE("every collected reply folds to what its writer wrote, as plain text and as HTML") {
  if (!std::filesystem::is_directory(replies())) {
    MESSAGE("skipped: VALIJA_CORPORA is no directory");
    return;
  }
  mime::start();
  const auto check = [](const std::string& shown) {
    CAPTURE(shown);
    CHECK(std::count(shown.begin(), shown.end(), '+') == 1);
    const auto begins = [&](std::string_view beginning) { return shown.starts_with(beginning); };
    const bool is_below = begins("@On 04/02/2012") && shown.ends_with("+ Hello|");
    CHECK((is_below || ((begins("Hello|") || begins("Allo!") || begins("Hi") || begins("Reply|")) && shown.ends_with("+ "))));
  };
  for (const auto& entry : std::filesystem::recursive_directory_iterator(replies())) {
    const auto path = entry.path();
    CAPTURE(path.filename().string());
    if (path.extension() == ".html") check(folded_html(read(path)));
    if (path.extension() != ".eml") continue;
    const std::string message = read(path);
    check(folded(mime::parse(message, &html::render).lines));
    const auto html = mime::extract_part(message, "2");
    if (html) check(folded_html(*html));
  }
}

TEST_CASE("endless heads end soon") {
  for (const char* line : {"From: x\n", "On 4/4/12 at 4:55 ana@example.org\n", "----- Original Message -----\n", "________________________\n", "Sent from my iPhone\n", "--\n"}) {
    static_cast<void>(mime::text_lines(test::repeated(line, 50'000), false, false));
  }
}
