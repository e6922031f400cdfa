#include "valija/base/line_buffer.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <string>
#include <vector>

using namespace valija;

TEST_CASE("a line is there once its end has come") {
  LineBuffer buffer;
  buffer.feed("one\r\ntw");
  CHECK(buffer.take_line() == "one\r");
  CHECK_FALSE(buffer.take_line());
  CHECK(buffer.rest() == "tw");
  buffer.feed("o\n\nthree");
  CHECK(buffer.take_line() == "two");
  CHECK(buffer.take_line() == "");
  CHECK_FALSE(buffer.take_line());
  CHECK(buffer.rest() == "three");
}

TEST_CASE("runs and lines are taken from the same octets") {
  LineBuffer buffer;
  buffer.feed("a\nbcd\ne");
  CHECK(buffer.take(3) == "a\nb");
  CHECK(buffer.take_line() == "cd");
  CHECK(buffer.take(10) == "e");
  CHECK(buffer.take(10).empty());
  CHECK_FALSE(buffer.take_line());
  buffer.feed("f\n");
  CHECK(buffer.take_line() == "f");
}

TEST_CASE("however the octets come and are taken, none is lost or doubled") {
  CHECK(rc::check([](const std::vector<std::vector<bool>>& pieces) {
    LineBuffer buffer;
    std::string fed;
    std::string taken;
    for (const std::vector<bool>& piece : pieces) {
      std::string octets;
      for (const bool is_end : piece) octets += is_end ? '\n' : static_cast<char>('a' + fed.size() % 26);
      fed += octets;
      buffer.feed(octets);
      if (piece.size() % 2 == 0) taken += buffer.take(piece.size() / 2);
      while (const auto line = buffer.take_line()) taken.append(*line) += '\n';
    }
    taken += buffer.rest();
    RC_ASSERT(taken == fed);
  }));
}
