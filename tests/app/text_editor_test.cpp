#include "valija/app/text_editor.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <array>

#include "valija/base/text.hpp"

using namespace valija;
using app::TextEditor;

namespace {

struct Typist {
  explicit Typist(std::string_view text = {}, int columns = 40, int rows = 10) {
    editor.set_text(text);
    editor.resize(columns, rows);
  }
  Typist& press(std::string_view keys) {
    const auto parsed = config::parse_keys(keys);
    REQUIRE(parsed.has_value());
    for (const config::Key& key : *parsed) editor.key(key);
    return *this;
  }
  Typist& type(std::string_view text) {
    for (const char c : text) editor.key(config::Key::character(static_cast<unsigned char>(c)));
    return *this;
  }
  std::string before_cursor() const { return editor.lines()[editor.cursor().line].substr(0, editor.cursor().octet); }
  TextEditor editor;
};

bool is_on_border(const TextEditor& editor) {
  const std::string& line = editor.lines()[editor.cursor().line];
  if (editor.cursor().octet == line.size()) return true;
  for (const Grapheme& grapheme : graphemes(line)) {
    if (static_cast<std::size_t>(grapheme.bytes.data() - line.data()) == editor.cursor().octet) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("what is typed is there, and the usual keys move and erase") {
  Typist hand;
  hand.type("Hola Ana").press("<enter>").type("qué tal");
  CHECK(hand.editor.text().starts_with("Hola Ana\nqu"));
  hand.editor.set_text("one two three\nfour\n");
  hand.press("<end><c-w>").type("3");
  CHECK(hand.editor.lines()[0] == "one two 3");
  hand.press("<home><c-right>").type("!");
  CHECK(hand.editor.lines()[0] == "one! two 3");
  hand.press("<c-k>");
  CHECK(hand.editor.lines()[0] == "one!");
  hand.press("<c-k>");
  CHECK(hand.editor.text() == "one!four\n");
  hand.press("<c-u>");
  CHECK(hand.editor.text() == "four\n");
  hand.press("<end><c-y>");
  CHECK(hand.editor.text() == "fourone!\n");
  hand.press("<home><del><del><bs>");
  CHECK(hand.editor.text() == "urone!\n");
}

TEST_CASE("undo takes back runs of typing, and redo brings them again") {
  Typist hand("start\n");
  hand.press("<end>").type(" and more").press("<bs><bs>");
  CHECK(hand.editor.text() == "start and mo\n");
  hand.press("<a-u>");
  CHECK(hand.editor.text() == "start and more\n");
  hand.press("<a-u>");
  CHECK(hand.editor.text() == "start\n");
  hand.press("<a-u>");
  CHECK(hand.editor.text() == "start\n");
  hand.press("<a-r><a-r>");
  CHECK(hand.editor.text() == "start and mo\n");
  hand.press("<a-u>").type("!");
  hand.press("<a-r>");
  CHECK(hand.editor.text() == "start and more!\n");
}

TEST_CASE("a long paragraph wraps softly, and up and down go by the rows of the screen") {
  Typist hand("The quick brown fox jumps over the lazy dog and sleeps.\nshort\n", 20, 10);
  const auto rows = hand.editor.visible();
  REQUIRE(rows.size() >= 4);
  CHECK(rows[1].line == 0);
  CHECK(rows[1].begin == rows[0].end);
  hand.press("<right><right><right><right><down>");
  CHECK(hand.editor.cursor().octet == rows[1].begin + 4);
  hand.press("<down><down>");
  CHECK(hand.editor.cursor().line == 1);
  CHECK(hand.before_cursor() == "shor");
  hand.press("<up><up><up>");
  CHECK(hand.editor.cursor().octet == 4);
}

TEST_CASE("the cursor stays on the screen") {
  std::string text;
  for (int i = 0; i < 100; ++i) text += "line " + std::to_string(i) + "\n";
  Typist hand(text, 40, 8);
  const auto sees_cursor = [&] {
    const auto rows = hand.editor.visible();
    return std::any_of(rows.begin(), rows.end(), [&](const TextEditor::Row& row) { return row.line == hand.editor.cursor().line; });
  };
  for (const char* key : {"<pgdn>", "<pgdn>", "<down>", "<c-end>", "<pgup>", "<up>", "<c-home>"}) {
    hand.press(key);
    CHECK_MESSAGE(sees_cursor(), key);
  }
  CHECK(hand.editor.is_at_start());
}

TEST_CASE("marks of quotation are understood") {
  CHECK(app::quote_size("> text") == 2);
  CHECK(app::quote_size(">> text") == 3);
  CHECK(app::quote_size("> > text") == 4);
  CHECK(app::quote_size(">") == 1);
  CHECK(app::quote_size("a > b") == 0);
  CHECK(app::quote_size(" > b") == 0);
  CHECK(app::quote_size("") == 0);
}

TEST_CASE("Enter in a quote splits it, and a second Enter makes room for one's own words") {
  Typist hand("> one two\n> three\n");
  for (int i = 0; i < 6; ++i) hand.press("<right>");
  hand.press("<enter>");
  CHECK(hand.editor.text() == "> one\n> two\n> three\n");
  hand.press("<enter>").type("mine");
  CHECK(hand.editor.text() == "> one\n\nmine\n\n> two\n> three\n");
}

TEST_CASE("Enter at the end of a quoted line makes room behind it") {
  Typist hand("> one\n> two\n");
  hand.press("<end><enter>").type("mine");
  CHECK(hand.editor.text() == "> one\n\nmine\n\n> two\n");
  hand.editor.set_text("> last\n");
  hand.press("<end><enter>").type("mine");
  CHECK(hand.editor.text() == "> last\n\nmine\n");
}

TEST_CASE("joined lines of a quote keep their marks once") {
  Typist hand("> one\n> two\n");
  hand.press("<end><del>");
  CHECK(hand.editor.text() == "> one two\n");
  hand.editor.set_text("> one\n> two\n");
  hand.press("<down><home><right><right><bs>");
  CHECK(hand.editor.text() == "> one two\n");
  hand.editor.set_text("> one\nmine\n");
  hand.press("<down><home><bs>");
  CHECK(hand.editor.text() == "> onemine\n");
}

TEST_CASE("a quoted paragraph can be erased and reflowed") {
  Typist hand("> a\n> b\n>\n> c\n");
  hand.press("<a-k>");
  CHECK(hand.editor.text() == "> c\n");
  hand.press("<a-u>");
  CHECK(hand.editor.text() == "> a\n> b\n>\n> c\n");
  std::string words;
  for (int i = 0; i < 20; ++i) words += "> word" + std::to_string(i) + "\n";
  hand.editor.set_text(words);
  hand.press("<a-q>");
  CHECK(hand.editor.lines().size() < 5);
  for (const std::string& line : hand.editor.lines()) {
    CHECK(line.starts_with("> word"));
    CHECK(line.size() <= 72);
  }
  hand.editor.set_text("my own\nparagraph\n\nother\n");
  hand.press("<a-q>");
  CHECK(hand.editor.text() == "my own paragraph\n\nother\n");
}

TEST_CASE("a line takes no line ends") {
  TextEditor line(TextEditor::Kind::line);
  line.insert("one\r\ntwo\x1b[31m");
  CHECK(line.text() == "one two[31m");
  CHECK_FALSE(line.key(*config::parse_keys("<enter>")->begin()));
  CHECK_FALSE(line.key(*config::parse_keys("<up>")->begin()));
}

TEST_CASE("any keys and any pasted text leave valid text and the cursor between graphemes") {
  static const std::array<const char*, 40> keys{
      "<left>", "<right>", "<up>", "<down>", "<home>", "<end>", "<c-home>", "<c-end>", "<c-left>", "<c-right>", "<pgup>", "<pgdn>", "<bs>", "<del>", "<c-w>",
      "<c-k>", "<c-u>", "<c-y>", "<c-d>", "<c-h>", "<a-d>", "<a-k>", "<a-q>", "<a-u>", "<a-r>", "<enter>", "<tab>", "a", "<space>", "<lt>", ">", "-", "<a-b>",
      "<a-f>", "<c-a>", "<c-e>", "<c-p>", "<c-n>", "<c-z>", "<f5>"};
  static const std::array<const char*, 12> pastes{"e\u0301", "\u0301\u0302\u0303", "👩\u200d👩\u200d👧", "\U0001F1EA", "\U0001F1F8", "田中", "> ", "\n", "한",
                                                  "\xff\xc3", "a\tb\r\nc", "العربية \u200f"};
  rc::check([] {
    TextEditor editor;
    editor.set_text("> quoted 田中 text that is long enough to wrap\n> again e\u0301\n\nown\n-- \nAna\n");
    editor.resize(*rc::gen::inRange(1, 30), *rc::gen::inRange(1, 12));
    for (const int step : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 52))) {
      if (step < 40) {
        editor.key(config::parse_keys(keys[static_cast<std::size_t>(step)])->front());
      } else {
        editor.insert(pastes[static_cast<std::size_t>(step - 40)]);
      }
      RC_ASSERT(is_valid_utf8(editor.text()));
      RC_ASSERT(editor.cursor().line < editor.lines().size());
      RC_ASSERT(is_on_border(editor));
      const auto rows = editor.visible();
      RC_ASSERT(std::any_of(rows.begin(), rows.end(), [&](const TextEditor::Row& row) {
        return row.line == editor.cursor().line && row.begin <= editor.cursor().octet && editor.cursor().octet <= row.end;
      }));
    }
  });
}
