// Known answers for format=flowed (RFC 3676), reading and writing.
#include "../../src/mime/flowed.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "valija/base/text.hpp"
#include "valija/mime/parse.hpp"

using namespace valija;

namespace {

/// One row per line: its quote level and text.
std::string flowed(std::string_view text, bool deletes_space = false) {
  std::string rows;
  for (const Line& line : mime::text_lines(text, true, deletes_space)) {
    rows += std::to_string(line.quote_level);
    for (const Span& span : line.spans) rows += span.text;
    rows += '|';
  }
  return rows;
}

}  // namespace

TEST_CASE("section 4.1: lines that end in a blank go on, others end a paragraph") {
  CHECK(flowed("`Take some more tea,' the March Hare said to Alice, \nvery earnestly.\n\n`I've had nothing yet.'\n") ==
        "0`Take some more tea,' the March Hare said to Alice, very earnestly.|0|0`I've had nothing yet.'|");
  CHECK(flowed("a \n\nb") == "0a |0b|");
}

TEST_CASE("section 4.3: the mark of a signature is fixed and ends a paragraph") {
  CHECK(flowed("tea \n-- \nAna \nRuiz\n") == "0tea |0--|0Ana Ruiz|");
  CHECK(flowed("> tea \n> -- \n> Ana\n") == "1tea |1--|1Ana|");
}

TEST_CASE("section 4.4: one stuffed blank goes, so that a mark or a blank of the writer's stays") {
  CHECK(flowed("  two blanks were one\n From here\n > no quote\n") == "0 two blanks were one|0From here|0> no quote|");
  CHECK(flowed(">  indented\n> plain\n>bare\n") == "1 indented|1plain|1bare|");
}

TEST_CASE("section 4.5: quotes of one depth join, of different depths never") {
  CHECK(flowed("> one \n> two\n>> three \n> four\n") == "1one two|2three |1four|");
  CHECK(flowed("> one \nmine\n") == "1one |0mine|");
  CHECK(flowed(">>> deep \n>>> er\n") == "3deep er|");
  CHECK(flowed("> > not stuffed but two marks\n") == "2not stuffed but two marks|");
}

TEST_CASE("section 4.2: with DelSp the joining blank goes, without it stays") {
  CHECK(flowed("de \nleted\n", true) == "0deleted|");
  CHECK(flowed("de \nleted\n", false) == "0de leted|");
  CHECK(flowed("two  \nblanks\n", true) == "0two blanks|");
  CHECK(flowed("> de \n> leted\n", true) == "1deleted|");
}

TEST_CASE("section 4.6: a paragraph that runs into the end is one") { CHECK(flowed("tea \n") == "0tea |"); }

TEST_CASE("what is written flowed reads back as it was") {
  const std::string text = "A long line that goes on and on until it is wider than seventy-two columns, and then some more.\n\n From here\n> quoted\n-- \nAna\n";
  CHECK(mime::from_flowed(mime::to_flowed(text), false) == text);
  rc::check([](const std::string& bytes) {
    std::string paragraph = "x " + clean(bytes) + " x";
    CHECK(mime::from_flowed(mime::to_flowed(paragraph + '\n'), false) == paragraph + '\n');
  });
}
