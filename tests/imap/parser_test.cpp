#include "valija/imap/parser.hpp"

#include <doctest/doctest.h>

#include "imap_testing.hpp"

namespace valija::imap {

using testing::is_malformed;
using testing::untagged;

TEST_CASE("status responses carry code and text") {
  const auto condition = untagged<Condition>("* OK [UIDVALIDITY 3857529045] UIDs valid");
  CHECK(condition.status == Status::ok);
  CHECK(condition.code == Code{"UIDVALIDITY", "3857529045"});
  CHECK(number_of(condition.code, UINT32_MAX) == 3857529045u);
  CHECK(condition.text == "UIDs valid");
  CHECK(untagged<Condition>("* bye [unavailable] later").code.name == "UNAVAILABLE");
  CHECK(untagged<Condition>("* OK [ALERT never closed").text == "[ALERT never closed");
  CHECK(untagged<Condition>("* NO").text.empty());
}

TEST_CASE("a tagged answer may have no text") {
  const Response response = parse("V7 NO");
  REQUIRE(std::holds_alternative<Tagged>(response));
  CHECK(std::get<Tagged>(response).tag == "V7");
  CHECK(std::get<Tagged>(response).condition.status == Status::no);
}

TEST_CASE("numbers that overflow are refused, not wrapped") {
  CHECK_FALSE(number_of(Code{"UIDVALIDITY", "4294967296"}, UINT32_MAX));
  CHECK_FALSE(number_of(Code{"UIDVALIDITY", "99999999999999999999999"}, UINT64_MAX));
  CHECK_FALSE(number_of(Code{"UIDVALIDITY", "-1"}, UINT32_MAX));
  CHECK(is_malformed("* 4294967296 EXISTS"));
  CHECK(is_malformed("* 1 FETCH (UID 4294967296)"));
  CHECK(is_malformed("* 1 FETCH (UID 0)"));
  CHECK(is_malformed("* 1 FETCH (RFC822.SIZE 99999999999999999999)"));
  CHECK(is_malformed("* STATUS x (MESSAGES 18446744073709551617)"));
  CHECK(untagged<Exists>("* 4294967295 EXISTS").count == 4294967295u);
}

TEST_CASE("a LIST response gives attributes, delimiter and name") {
  const auto entry = untagged<ListEntry>(R"(* LIST (\HasNoChildren \SENT) "/" "Sent Mail")");
  CHECK(entry.attributes == std::vector<std::string>{"\\hasnochildren", "\\sent"});
  CHECK(entry.delimiter == '/');
  CHECK(entry.name == "Sent Mail");
  CHECK_FALSE(untagged<ListEntry>("* LIST () NIL inbox").delimiter);
  CHECK(untagged<ListEntry>("* LIST () \".\" {5}\r\na\"b c").name == "a\"b c");
  CHECK(untagged<ListEntry>(R"(* LIST () "/" Foo ("CHILDINFO" ("SUBSCRIBED")))").name == "Foo");
  CHECK(untagged<ListEntry>("* LIST () \"ab\" foo").has_odd_delimiter);
}

TEST_CASE("a backslash as delimiter is understood with and without its escape") {
  CHECK(untagged<ListEntry>(R"(* LIST () "\\" foo)").delimiter == '\\');
  CHECK(untagged<ListEntry>(R"(* LIST () "\" foo)").delimiter == '\\');
  CHECK(untagged<ListEntry>(R"(* LIST () "/" "a\b")").name == "a\\b");
}

TEST_CASE("FETCH gives what was asked for and skips the rest") {
  const auto fetched = untagged<Fetched>(
      R"x(* 12 FETCH (FLAGS (\Seen $Forwarded zebra Apple apple) UID 77 ENVELOPE ("d" NIL ((NIL NIL "a" "b"))) )x"
      R"x(RFC822.SIZE 4286 INTERNALDATE "17-Jul-1996 02:44:25 -0700" MODSEQ (65402)))x");
  CHECK(fetched.sequence == 12);
  CHECK(fetched.uid == 77);
  REQUIRE(fetched.marks);
  CHECK(fetched.marks->flags == Flags{Flag::seen, Flag::passed});
  CHECK(fetched.marks->keywords == std::vector<std::string>{"Apple", "apple", "zebra"});
  CHECK(fetched.size == 4286u);
  CHECK(fetched.received == 837596665);
  CHECK(fetched.modseq == 65402);
}

TEST_CASE("FETCH of Gmail gives its number and its labels as sent") {
  const auto fetched = untagged<Fetched>(
      "* 3 FETCH (X-GM-THRID 1592225494819146101 X-GM-MSGID 18446744073709551615 X-GM-LABELS (\\Inbox \"\\\\Sent\" \"To do\" {4}\r\na(b) A&APE- NIL \"NIL\" \"\") UID 5)");
  CHECK(fetched.gmail_id == UINT64_MAX);
  CHECK(fetched.uid == 5);
  REQUIRE(fetched.gmail_labels);
  CHECK(*fetched.gmail_labels == std::vector<std::string>{"\\Inbox", "\\Sent", "To do", "a(b)", "A&APE-", "NIL", ""});
  CHECK(untagged<Fetched>("* 3 FETCH (X-GM-LABELS () UID 5)").gmail_labels->empty());
  CHECK_FALSE(untagged<Fetched>("* 3 FETCH (UID 5)").gmail_labels);
  CHECK(is_malformed("* 3 FETCH (X-GM-LABELS (a UID 5"));
  CHECK(is_malformed("* 3 FETCH (X-GM-LABELS NIL)"));
  std::string flood = "* 3 FETCH (X-GM-LABELS (";
  for (int i = 0; i < 10'000; ++i) flood += 'L' + std::to_string(i) + ' ';
  CHECK(untagged<Fetched>(flood + std::string(5000, 'x') + ") UID 5)").gmail_labels->size() == 250);
}

TEST_CASE("NAMESPACE tells where a person's folders are") {
  const auto courier = untagged<Namespaces>("* NAMESPACE ((\"INBOX.\" \".\")(\"more.\" \".\")) NIL ((\"shared.\" \".\"))");
  CHECK(courier.has_personal);
  CHECK(courier.prefix == "INBOX.");
  CHECK(courier.delimiter == '.');
  CHECK_FALSE(untagged<Namespaces>("* NAMESPACE ((\"\" NIL)) NIL NIL").delimiter);
  CHECK_FALSE(untagged<Namespaces>("* NAMESPACE NIL NIL NIL").has_personal);
  CHECK(is_malformed("* NAMESPACE ((\"INBOX."));
  CHECK(is_malformed("* NAMESPACE"));
}

TEST_CASE("FETCH bodies are NIL, quoted, or were streamed") {
  CHECK(untagged<Fetched>("* 1 FETCH (UID 1 BODY[] NIL)").bodies.front().form == Body::Form::nil);
  CHECK(untagged<Fetched>("* 1 FETCH (UID 1 BODY[] \"hi\")").bodies.front().text == "hi");
  const std::string streamed = std::string("* 1 FETCH (UID 1 BODY[] ") + streamed_literal + ")";
  CHECK(untagged<Fetched>(streamed).bodies.front().form == Body::Form::streamed);
}

TEST_CASE("FETCH responses that do not end as they began are malformed") {
  for (const char* text : {"* 1 FETCH (UID 1", "* 1 FETCH UID 1)", "* 1 FETCH (UID 1) x", "* 1 FETCH (UID 1))",
                           "* 0 FETCH (UID 1)", "* 1 FETCH (UID 1 UID 2)", "* 1 FETCH (BODY[ NIL)", "* 1 FETCH (FLAGS (a)",
                           "* 1 FETCH (BODY[] {5}\r\nabc)", "* 1 FETCH (BODY[] \"abc)", "* 1 FETCH (UID)"}) {
    CHECK_MESSAGE(is_malformed(text), std::string(text));
  }
}

TEST_CASE("spaces where none belong do no harm") {
  CHECK(untagged<Fetched>("*  1  FETCH  ( UID  5   FLAGS  ( \\Seen  ) )").uid == 5);
  CHECK(untagged<FolderStatus>("* STATUS INBOX ()").name == "INBOX");
  CHECK(untagged<FolderStatus>("* STATUS \"a b\" (MESSAGES 3 UIDNEXT 4 ) ").uid_next == 4u);
  CHECK(untagged<FolderFlags>("* FLAGS ()").names.empty());
}

TEST_CASE("oddities of real servers are read for what they mean") {
  CHECK(untagged<Fetched>("* 2 FETCH (UID 14 (ENVELOPE (NIL NIL)) FLAGS (\\Seen))").marks->flags == Flags{Flag::seen});
  CHECK(untagged<Fetched>("* 2 FETCH (MODSEQ (-1) UID 3)").modseq == 0);
  CHECK(untagged<Fetched>("* 2 FETCH (MODSEQ 7 UID 3)").modseq == 7);
  CHECK(untagged<Fetched>("* 2 FETCH (UID 3 BODY[2] )").bodies.front().form == Body::Form::nil);
}

TEST_CASE("deep nesting costs no stack") {
  const std::string bomb = "* 1 FETCH (BODYSTRUCTURE " + std::string(500'000, '(');
  CHECK(is_malformed(bomb));
  CHECK(untagged<Fetched>(bomb + std::string(500'000, ')') + " UID 3)").uid == 3);
}

TEST_CASE("hostile flags become no keywords") {
  const std::string text = "* 1 FETCH (UID 1 FLAGS (\\Recent \\Evil " + std::string(3000, 'k') + " ok))";
  CHECK(untagged<Fetched>(text).marks->keywords == std::vector<std::string>{"ok"});
  std::string many = "* 1 FETCH (UID 1 FLAGS (";
  for (int i = 0; i < 10'000; ++i) many += "k" + std::to_string(i) + ' ';
  CHECK(untagged<Fetched>(many + "))").marks->keywords.size() == 64);
}

TEST_CASE("VANISHED, SEARCH and ESEARCH give numbers") {
  const auto vanished = untagged<Vanished>("* VANISHED (EARLIER) 41,43:116,1:4294967295");
  CHECK(vanished.earlier);
  CHECK(vanished.uids == std::vector<Range>{{1, 4294967295u}});
  CHECK(untagged<SearchResult>("* SEARCH 2 84 882 (MODSEQ 917162500)").numbers.size() == 3);
  CHECK(untagged<SearchResult>("* SEARCH").numbers.empty());
  const auto found = untagged<ExtendedSearchResult>("* ESEARCH (TAG \"V3\") UID COUNT 5 ALL 4:19,21,28 MODSEQ 9");
  CHECK(found.tag == "V3");
  CHECK(found.is_uid);
  CHECK(found.count == 5u);
  CHECK(found.all == std::vector<Range>{{4, 19}, {21, 21}, {28, 28}});
  CHECK(is_malformed("* VANISHED 0:5"));
  CHECK(is_malformed("* VANISHED 1,,2"));
}

TEST_CASE("dates with one digit, a space or a zero mean the same; nonsense is no date") {
  CHECK(untagged<Fetched>("* 1 FETCH (INTERNALDATE \" 1-Jan-2024 00:00:00 +0000\")").received == 1704067200);
  CHECK(untagged<Fetched>("* 1 FETCH (INTERNALDATE \"01-Jan-2024 01:00:00 +0100\")").received == 1704067200);
  CHECK(untagged<Fetched>("* 1 FETCH (INTERNALDATE \"1-jan-2024 00:00:00 +0000\")").received == 1704067200);
  for (const char* date : {"", "x", "32-Jan-2024 00:00:00 +0000", "01-Foo-2024 00:00:00 +0000", "01-Jan-2024 24:00:00 +0000",
                           "01-Jan-2024 00:00:00", "01-Jan-99999 00:00:00 +0000", "-----------------------------"}) {
    CHECK_FALSE(untagged<Fetched>("* 1 FETCH (INTERNALDATE \"" + std::string(date) + "\")").received);
  }
}

TEST_CASE("what is no response at all is malformed; unknown untagged words are ignored") {
  for (const char* text : {"", " ", "*", "*OK", "garbage", "V1", "V1 FOO bar", " V1 OK", "V1 BYE x"}) {
    CHECK_MESSAGE(is_malformed(text), std::string(text));
  }
  CHECK(untagged<Ignored>("* XYZZY (a b)").name == "XYZZY");
  CHECK(untagged<Ignored>("* 5 XYZZY").name == "XYZZY");
}

TEST_CASE("the head of a FETCH is known before its body arrives") {
  const auto head = parse_fetch_head("* 3 FETCH (UID 9 FLAGS (a) BODY[] ");
  REQUIRE(head);
  CHECK(head->uid == 9);
  CHECK(head->section == "BODY[]");
  CHECK(parse_fetch_head("* 3 FETCH (BODY[] ")->uid == 0);
  CHECK_FALSE(parse_fetch_head("* 3 FETCH (UID 4"));
  CHECK(parse_fetch_head("* 3 FETCH (BODY[HEADER.FIELDS (DATE)] ")->section == "BODY[HEADER.FIELDS (DATE)]");
  CHECK_FALSE(parse_fetch_head("* 3 FETCH (ENVELOPE (NIL "));
  CHECK_FALSE(parse_fetch_head("* LIST () \"/\" "));
  CHECK_FALSE(parse_fetch_head("* 3 FETCH ("));
}

}  // namespace valija::imap
