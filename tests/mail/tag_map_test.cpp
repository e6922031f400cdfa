#include "valija/mail/tag_map.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>

#include "valija/base/text.hpp"

using namespace valija;

namespace {

using Tags = std::vector<std::string>;

/// Texts in which escapes, and what looks like them, are frequent.
rc::Gen<std::string> tricky_text() {
  return rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::element('=', '3', 'D', 'd', '2', '0', 'a', ' ', '\xc3', '\\', '%', 'F')));
}

rc::Gen<std::string> any_octets() {
  return rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::map(rc::gen::inRange(1, 256), [](int octet) { return static_cast<char>(octet); })));
}

bool is_atom_char(char c) { return c > 0x20 && c < 0x7f && std::string_view("(){%*\"\\]").find(c) == std::string_view::npos; }

bool is_atom(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), is_atom_char); }

/// Atoms in which escapes, and what looks like them, are frequent.
rc::Gen<std::string> tricky_atom() {
  return rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::element('=', '3', 'D', 'd', '2', '0', 'a', 'C', '5', 'F')));
}

rc::Gen<std::string> any_atom() {
  return rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::suchThat(rc::gen::inRange<char>(0x21, 0x7f), is_atom_char)));
}

/// Keywords as servers may have them, those that mean something to us among them.
rc::Gen<std::string> any_keyword() {
  return rc::gen::oneOf(
      tricky_atom(), any_atom(),
      rc::gen::element<std::string>("$Junk", "$notjunk", "$MDNSent", "junk", "inbox", "=inbox", "==trash", "unread", "flagged", "attachment", "new", "$Todo", "todo",
                                    "done", "work", "Work", "sent", "=work", "=3D20", "Lists/debian"));
}

rc::Gen<Marks> any_marks() {
  return rc::gen::map(rc::gen::pair(rc::gen::inRange(0, 32), rc::gen::container<Tags>(any_keyword())), [](std::pair<int, Tags> made) {
    Marks marks{Flags::from_bits(static_cast<std::uint8_t>(made.first)), {}};
    for (std::string& keyword : made.second) {
      const auto is_same = [&](const std::string& other) { return equal_ignoring_case(other, keyword); };
      if (std::none_of(marks.keywords.begin(), marks.keywords.end(), is_same)) marks.keywords.push_back(std::move(keyword));
    }
    std::sort(marks.keywords.begin(), marks.keywords.end());
    return marks;
  });
}

Marks in_lower_case(Marks marks) {
  for (std::string& keyword : marks.keywords) keyword = to_lower_ascii(keyword);
  std::sort(marks.keywords.begin(), marks.keywords.end());
  return marks;
}

FolderPath folder(std::string_view text) { return FolderPath::from_text(text).value_or(FolderPath()); }

const std::map<std::string, std::string> rows = {
    {"todo", "keyword:$Todo"}, {"work", "folder:Work"}, {"done", "flag:answered"}, {"bad", "keyword:$JUNK"}, {"lists", "folder:Lists/debian"}};

}  // namespace

TEST_CASE("every tag comes back from its keyword, which is an atom") {
  const auto holds = [](const std::string& tag) {
    const auto keyword = encode_keyword(tag);
    RC_PRE(keyword.has_value());
    RC_ASSERT(is_atom(*keyword));
    RC_ASSERT(decode_keyword(*keyword) == tag);
  };
  CHECK(rc::check("tricky texts", [&] { holds(*tricky_text()); }));
  CHECK(rc::check("all octets", [&] { holds(*any_octets()); }));
  for (int octet = 1; octet < 256; ++octet) {
    const std::string tag = {'a', static_cast<char>(octet), '2', '0'};
    CHECK(decode_keyword(encode_keyword(tag).value_or("")) == tag);
  }
}

TEST_CASE("every keyword of other programs comes back from its tag") {
  CHECK(rc::check([] {
    const std::string keyword = *tricky_atom();
    RC_ASSERT(equal_ignoring_case(encode_keyword(decode_keyword(keyword)).value_or(""), keyword));
  }));
}

TEST_CASE("a keyword reads like its tag where it can") {
  CHECK(encode_keyword("todo") == "todo");
  CHECK(encode_keyword("a=b") == "a=b");
  CHECK(encode_keyword("to do") == "to=20do");
  CHECK(encode_keyword("año") == "a=C3=B1o");
  CHECK(encode_keyword("\\Seen") == "=5CSeen");
  CHECK(encode_keyword("=20") == "=3D20");
  CHECK(encode_keyword("=3D20") == "=3D3D20");
  CHECK(decode_keyword("to=20do") == "to do");
  CHECK(decode_keyword("a=c3=b1o") == "año");
  for (const char* plain : {"=", "=2", "=41", "=3D", "=zz", "=00", "$Label1"}) CHECK(decode_keyword(plain) == plain);
}

TEST_CASE("what no keyword can hold gives none") {
  CHECK_FALSE(encode_keyword("").has_value());
  CHECK_FALSE(encode_keyword(std::string("a\0b", 3)).has_value());
  CHECK(encode_keyword(std::string(255, 'a')).has_value());
  CHECK_FALSE(encode_keyword(std::string(256, 'a')).has_value());
  CHECK(encode_keyword(std::string(85, ' ')).has_value());
  CHECK_FALSE(encode_keyword(std::string(86, ' ')).has_value());
}

TEST_CASE("marks come back from their tags") {
  CHECK(rc::check([] {
    const TagMap map = *rc::gen::arbitrary<bool>() ? TagMap(rows) : TagMap();
    const bool labels = *rc::gen::arbitrary<bool>();
    const Marks marks = *any_marks();
    const Tags tags = map.to_tags(marks, labels);
    RC_ASSERT(std::is_sorted(tags.begin(), tags.end()));
    for (const std::string& tag : tags) {
      RC_ASSERT(map.is_mark(tag, labels));
      RC_ASSERT(!map.place_of(tag, labels).has_value());
    }
    RC_ASSERT(in_lower_case(map.to_marks(tags, labels)) == in_lower_case(marks));
  }));
}

TEST_CASE("tags come back from their marks") {
  const TagMap map;
  for (const Tags& tags : {Tags{}, Tags{"unread"}, Tags{"draft", "flagged", "passed", "replied", "unread"}, Tags{"a b", "junk", "mdn-sent", "notjunk", "phishing"},
                           Tags{"=", "=3D", "=inbox", "todo"}}) {
    CHECK(map.to_tags(map.to_marks(tags)) == tags);
  }
}

TEST_CASE("the built-in rows") {
  const TagMap map;
  CHECK(map.to_marks(Tags{"replied", "flagged", "draft", "passed"}) ==
        Marks{{Flag::seen, Flag::answered, Flag::flagged, Flag::draft, Flag::passed}, {}});
  CHECK(map.to_marks(Tags{"unread", "junk", "notjunk", "phishing", "mdn-sent"}) == Marks{{}, {"$Junk", "$MDNSent", "$NotJunk", "$Phishing"}});
  CHECK(map.to_marks(Tags{"inbox", "archive", "sent", "trash", "spam", "attachment", "signed", "encrypted", "new", "newsletter", "list", "marketing", "transactional", "notification", "personal"}) == Marks{{Flag::seen}, {}});
  for (const FolderRole role : {FolderRole::inbox, FolderRole::archive, FolderRole::sent, FolderRole::trash, FolderRole::junk}) {
    CHECK(map.place_of(place_tag(role)) == TagMap::Place{role, {}});
    CHECK(map.place_tag_of(folder("Any"), role) == place_tag(role));
    CHECK_FALSE(map.is_mark(place_tag(role)));
  }
  for (const FolderRole role : {FolderRole::none, FolderRole::drafts, FolderRole::all}) CHECK(map.place_tag_of(folder("Any"), role).empty());
  CHECK(map.is_mark("unread"));
  CHECK(map.is_mark("any tag"));
  CHECK_FALSE(map.is_mark("attachment"));
  CHECK_FALSE(map.is_mark(""));
  CHECK_FALSE(map.place_of("todo").has_value());
}

TEST_CASE("rows of the settings win over built-in ones") {
  const TagMap map(rows);
  CHECK(map.to_marks(Tags{"done", "todo", "bad"}) == Marks{{Flag::seen, Flag::answered}, {"$JUNK", "$Todo"}});
  CHECK(map.to_tags({{Flag::seen, Flag::answered}, {"$Junk", "$Todo"}}) == Tags{"bad", "done", "todo"});
  // The tags that stood for these before are tags like others.
  CHECK(map.to_marks(Tags{"replied", "junk"}) == Marks{{Flag::seen}, {"junk", "replied"}});
  CHECK(map.place_of("work") == TagMap::Place{FolderRole::none, folder("Work")});
  CHECK(map.place_tag_of(folder("Work"), FolderRole::sent) == "work");
  CHECK(map.place_tag_of(folder("Lists/debian"), FolderRole::none) == "lists");
  CHECK(map.place_tag_of(folder("Other"), FolderRole::sent) == "sent");

  const TagMap moved({{"inbox", "keyword:$Inbox"}, {"spam", "folder:Dreck"}, {"new", "keyword:$New"}});
  CHECK_FALSE(moved.place_of("inbox").has_value());
  CHECK(moved.place_tag_of(folder("INBOX"), FolderRole::inbox).empty());
  CHECK(moved.place_of("spam") == TagMap::Place{FolderRole::none, folder("Dreck")});
  CHECK(moved.place_tag_of(folder("Junk"), FolderRole::junk).empty());
  CHECK(moved.to_marks(Tags{"inbox", "new"}).keywords == Tags{"$Inbox", "$New"});
}

TEST_CASE("unread stays the absence of seen whatever the settings say") {
  const TagMap map({{"unread", "keyword:$Unread"}, {"read", "flag:seen"}});
  CHECK(map.to_tags({}) == Tags{"unread"});
  CHECK(map.to_tags({{Flag::seen}, {}}) == Tags{"read"});
  CHECK(map.to_marks(Tags{"unread"}) == Marks{});
  CHECK(map.to_marks(Tags{"read", "unread"}) == Marks{});
  CHECK(map.to_marks(Tags{}) == Marks{{Flag::seen}, {}});
}

TEST_CASE("rows that are none change nothing") {
  const TagMap map({{"a", ""}, {"b", "flag:shiny"}, {"c", "folder:a//b"}, {"d", "colour:red"}});
  CHECK(map.to_marks(Tags{"a", "b", "c", "d"}).keywords == Tags{"a", "b", "c", "d"});
}

TEST_CASE("keywords are the same in any case") {
  const TagMap map;
  CHECK(map.to_tags({{Flag::seen}, {"$JUNK", "$notjunk"}}) == Tags{"junk", "notjunk"});
  CHECK(map.to_marks(Tags{"ToDo", "b", "todo", "Todo", "a"}).keywords == Tags{"ToDo", "a", "b"});
}

TEST_CASE("a keyword never makes a tag that stands for something else") {
  const TagMap map(rows);
  CHECK(map.to_tags({{Flag::seen}, {"attachment", "flagged", "inbox", "junk", "todo", "unread", "work"}}) ==
        Tags{"=attachment", "=flagged", "=inbox", "=todo", "=unread", "=work", "junk"});
}

TEST_CASE("marks without a tag") {
  const TagMap map;
  CHECK(map.to_tags({{Flag::seen, Flag::deleted}, {std::string(201, 'k')}}).empty());
  CHECK_FALSE(map.is_mark(std::string(201, 'k')));
  CHECK(map.to_marks(Tags{std::string(201, 'k')}).keywords.empty());
}

TEST_CASE("where folders are labels, tags for them are keywords") {
  const TagMap map(rows);
  CHECK(map.to_marks(Tags{"inbox", "sent", "lists", "trash", "spam", "archive"}, true) == Marks{{Flag::seen}, {"Lists/debian", "inbox", "sent"}});
  CHECK(map.to_tags({{Flag::seen}, {"Inbox", "lists/debian", "work", "sent", "trash"}}, true) == Tags{"=trash", "inbox", "lists", "sent", "work"});
  for (const char* tag : {"inbox", "sent", "work", "lists"}) {
    CHECK(map.is_mark(tag, true));
    CHECK_FALSE(map.place_of(tag, true).has_value());
  }
  for (const char* tag : {"trash", "spam", "archive"}) {
    CHECK_FALSE(map.is_mark(tag, true));
    CHECK(map.place_of(tag, true).has_value());
  }
}
