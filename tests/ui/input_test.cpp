#include "valija/ui/input.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

using namespace valija;
using config::Key;
using config::KeyName;
using ui::Input;
using ui::InputDecoder;

namespace {

std::string names(InputDecoder& decoder) {
  std::string all;
  while (auto input = decoder.next()) {
    if (const auto* key = std::get_if<Key>(&*input)) all += config::to_text(*key) + " ";
    if (const auto* paste = std::get_if<ui::Paste>(&*input)) all += "paste(" + paste->text + ") ";
    if (const auto* focus = std::get_if<ui::Focus>(&*input)) all += focus->has ? "in " : "out ";
    if (const auto* mouse = std::get_if<app::MouseEvent>(&*input)) {
      constexpr const char* kinds[] = {"press", "release", "drag", "up", "down"};
      constexpr const char* buttons[] = {"left", "middle", "right"};
      all += std::string(kinds[static_cast<int>(mouse->kind)]) + "-" + buttons[static_cast<int>(mouse->button)] + "@" + std::to_string(mouse->row) + "," + std::to_string(mouse->column) + " ";
    }
    if (const auto* background = std::get_if<ui::Background>(&*input)) all += background->is_dark() ? "dark " : "light ";
  }
  return all;
}

std::string decoded(std::string_view bytes) {
  InputDecoder decoder({{"\x1b[[A", Key::named(KeyName::f1)}});
  decoder.feed(bytes);
  std::string all = names(decoder);
  for (int i = 0; i < 20 && decoder.waits_for_more(); ++i) {
    decoder.give_up();
    all += names(decoder);
  }
  return all;
}

std::string text_of(std::initializer_list<Key> keys) {
  std::string all;
  for (const Key& key : keys) all += config::to_text(config::normalised(key)) + " ";
  return all;
}

}  // namespace

TEST_CASE("characters of all lengths are keys") {
  CHECK(decoded("jé田👍") == text_of({Key::character(U'j'), Key::character(U'é'), Key::character(U'田'), Key::character(U'👍')}));
  CHECK(decoded("\r\t\x7f\x04") == text_of({Key::named(KeyName::enter), Key::named(KeyName::tab), Key::named(KeyName::backspace),
                                            Key{.point = U'd', .ctrl = true}}));
  CHECK(decoded("\n") == text_of({Key::named(KeyName::enter)}));
}

TEST_CASE("sequences of cursor, function and modified keys are keys") {
  CHECK(decoded("\x1b[A\x1bOB\x1b[5~\x1b[1;5C\x1b[Z\x1b[15~\x1bOP\x1b[[A") ==
        text_of({Key::named(KeyName::up), Key::named(KeyName::down), Key::named(KeyName::page_up), Key{.name = KeyName::right, .ctrl = true},
                 Key{.name = KeyName::tab, .shift = true}, Key::named(KeyName::f5), Key::named(KeyName::f1), Key::named(KeyName::f1)}));
}

TEST_CASE("Escape alone is a key after a while, with a letter it is Alt") {
  InputDecoder decoder;
  decoder.feed("\x1b");
  CHECK_FALSE(decoder.next().has_value());
  CHECK(decoder.waits_for_more());
  decoder.give_up();
  CHECK(names(decoder) == text_of({Key::named(KeyName::escape)}));
  CHECK_FALSE(decoder.waits_for_more());
  CHECK(decoded("\x1bx") == text_of({Key{.point = U'x', .alt = true}}));
}

TEST_CASE("a paste is one piece of text and never keys") {
  CHECK(decoded("a\x1b[200~q\nD\x1b[A rm\x1b[201~b") == "a paste(q\nD\x1b[A rm) b ");
}

TEST_CASE("presses, moves, releases and the wheel of the mouse are told") {
  CHECK(decoded("\x1b[<0;3;4M\x1b[<32;5;6M\x1b[<0;5;6m") == "press-left@3,2 drag-left@5,4 release-left@5,4 ");
  CHECK(decoded("\x1b[<1;1;1M\x1b[<2;300;200M") == "press-middle@0,0 press-right@199,299 ");
  CHECK(decoded("\x1b[<64;3;4M\x1b[<65;3;4M\x1b[<84;3;4M") == "up-left@3,2 down-left@3,2 up-left@3,2 ");
  for (const char* bad : {"\x1b[<M", "\x1b[<0M", "\x1b[<0;0;0M", "\x1b[<0;-1;3M", "\x1b[<999;1;1M", "\x1b[<66;1;1M", "\x1b[<35;1;1M", "\x1b[<0;1;1;1M", "\x1b[<64;1;1m"}) {
    CHECK_MESSAGE(decoded(bad).empty(), std::string(bad).substr(2));
  }
}

TEST_CASE("a terminal tells when it gets and loses the keyboard") { CHECK(decoded("\x1b[Ij\x1b[O") == "in j out "); }

TEST_CASE("answers that nobody asked for are swallowed") {
  CHECK(decoded("\x1b[?62;c\x1b[>0;1c\x1b[M abx\x1bP1$r0m\x1b\\\x1b]52;c;cQ==\x07y\x1b_G;\x1b\\\x1b[24;80R") == "x y ");
}

TEST_CASE("the answer about the background tells dark from light") {
  CHECK(decoded("\x1b]11;rgb:1616/1616/1e1e\x1b\\") == "dark ");
  CHECK(decoded("\x1b]11;rgb:fafa/fafa/fafa\x07") == "light ");
  CHECK(decoded("\x1b]11;rgb:zz/1/1\x07").empty());
  CHECK(decoded("\x1b]11;rgb:f/f/f\x07") == "light ");
}

TEST_CASE("reads may be split at any byte") {
  const std::string bytes = "jé\x1b[1;5C\x1b[200~two\nlines\x1b[201~\x1b]11;rgb:fafa/fafa/fafa\x1b\\\x1bOA田\x1b[5~k";
  const std::string whole = decoded(bytes);
  CHECK(rc::check([&] {
    InputDecoder decoder({{"\x1b[[A", Key::named(KeyName::f1)}});
    std::string all;
    std::size_t at = 0;
    while (at < bytes.size()) {
      const auto size = static_cast<std::size_t>(*rc::gen::inRange(1, 6));
      decoder.feed(std::string_view(bytes).substr(at, size));
      all += names(decoder);
      at += size;
    }
    RC_ASSERT(all == whole);
  }));
}

TEST_CASE("any bytes end in keys or in nothing, with bounded memory") {
  CHECK(rc::check([](const std::vector<std::uint8_t>& octets) {
    const std::string bytes(octets.begin(), octets.end());
    decoded(bytes + "\x1b[" + bytes);
  }));
  decoded("\x1b]" + std::string(1000000, 'x'));
  decoded("\x1b[" + std::string(1000000, ';'));
  InputDecoder decoder;
  decoder.feed("\x1b[200~" + std::string(5000000, 'x') + "\x1b[201~");
  const auto paste = decoder.next();
  REQUIRE(paste.has_value());
  CHECK(std::get<ui::Paste>(*paste).text.size() <= 1 << 20);
}

TEST_CASE("answers about pictures are understood, and what is near them is not") {
  const auto answer = [](std::string_view bytes) {
    ui::InputDecoder decoder;
    decoder.feed(bytes);
    return decoder.next();
  };
  CHECK(answer("\x1b[?62;4;22c") == ui::Input(ui::GraphicsAnswer{.has_sixel = true}));
  CHECK_FALSE(answer("\x1b[?4;22c").has_value());
  CHECK(answer("\x1b[6;17;8t") == ui::Input(ui::GraphicsAnswer{.cell_width = 8, .cell_height = 17}));
  CHECK_FALSE(answer("\x1b[6;0;8t").has_value());
  CHECK_FALSE(answer("\x1b[4;600;800t").has_value());
  CHECK(answer("\x1b_Gi=31;OK\x1b\\") == ui::Input(ui::GraphicsAnswer{.has_kitty = true}));
  CHECK_FALSE(answer("\x1b_Gi=31;ENOTSUP\x1b\\").has_value());
}
