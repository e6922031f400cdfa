#include "valija/imap/sequence_set.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <set>

namespace valija::imap {

TEST_CASE("neighbours become ranges") {
  CHECK(to_sequence_set(std::vector<std::uint32_t>{1, 2, 3, 7, 9, 10}) == "1:3,7,9:10");
  CHECK(to_sequence_set(std::vector<std::uint32_t>{4294967294u, 4294967295u}) == "4294967294:4294967295");
  CHECK(to_sequence_set({}).empty());
}

TEST_CASE("a set that is written reads back the same") {
  CHECK(rc::check([](const std::set<std::uint32_t>& raw) {
    std::vector<std::uint32_t> numbers;
    for (const std::uint32_t number : raw) {
      if (number != 0) numbers.push_back(number);
    }
    if (numbers.empty()) return;
    const auto ranges = parse_sequence_set(to_sequence_set(numbers));
    RC_ASSERT(ranges.has_value());
    for (const std::uint32_t number : numbers) RC_ASSERT(contains(*ranges, number));
    std::uint64_t count = 0;
    for (const Range& range : *ranges) count += std::uint64_t{range.last} - range.first + 1;
    RC_ASSERT(count == numbers.size());
  }));
}

TEST_CASE("sets are cut to lines, and the parts are the whole") {
  CHECK(cut_to_lines({}).empty());
  std::vector<std::uint32_t> run(100'000);
  for (std::uint32_t i = 0; i < run.size(); ++i) run[i] = i + 1;
  CHECK(cut_to_lines(run).size() == 1);
  CHECK(rc::check([](const std::set<std::uint32_t>& raw, bool close) {
    std::vector<std::uint32_t> numbers;
    for (const std::uint32_t number : raw) {
      if (number != 0) numbers.push_back(number);
      if (number != 0 && close && number < UINT32_MAX && !raw.contains(number + 1)) numbers.push_back(number + 1);
    }
    std::vector<std::uint32_t> joined;
    for (const auto part : cut_to_lines(numbers, 32)) {
      RC_ASSERT(!part.empty());
      RC_ASSERT(to_sequence_set(part).size() <= 32);
      joined.insert(joined.end(), part.begin(), part.end());
    }
    RC_ASSERT(joined == numbers);
  }));
}

TEST_CASE("ranges are turned, sorted and merged") {
  CHECK(parse_sequence_set("9:5,1,6:7") == std::vector<Range>{{1, 1}, {5, 9}});
}

TEST_CASE("anything else is refused") {
  for (const char* text : {"", ",", "1,", "0", "1:0", "1:", ":1", "*", "1:*", "a", "1 2", "4294967296", "-1"}) {
    CHECK_MESSAGE(!parse_sequence_set(text), std::string(text));
  }
}

}  // namespace valija::imap
