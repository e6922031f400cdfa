#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "index_messages.hpp"

using namespace valija;
using namespace valija::workers;

namespace {

using Texts = std::vector<std::string>;

Error some_error() {
  return {static_cast<Kind>(*rc::gen::inRange(0, 10)), static_cast<Blast>(*rc::gen::inRange(0, 4)), *rc::gen::arbitrary<std::string>(),
          *rc::gen::arbitrary<std::string>()};
}

store::IndexTask some_task() {
  return {*rc::gen::arbitrary<std::int64_t>(), static_cast<store::IndexTask::Action>(*rc::gen::inRange(0, 5)),
          *rc::gen::arbitrary<std::string>(), *rc::gen::arbitrary<std::string>(), *rc::gen::arbitrary<Texts>(), *rc::gen::arbitrary<Texts>(), *rc::gen::arbitrary<Texts>(),
          *rc::gen::arbitrary<std::string>()};
}

Unindexed some_unindexed() {
  return {*rc::gen::arbitrary<std::int64_t>(),
          {*rc::gen::arbitrary<std::string>(), *rc::gen::arbitrary<std::string>(), *rc::gen::arbitrary<std::int64_t>(),
           *rc::gen::arbitrary<std::string>(), *rc::gen::arbitrary<std::string>()}};
}

FilesInFolder some_place() { return {*rc::gen::arbitrary<std::string>(), *rc::gen::arbitrary<std::uint64_t>()}; }

template <typename T>
std::vector<T> some(T (*make)()) {
  std::vector<T> values;
  const int count = *rc::gen::inRange(0, 5);
  for (int i = 0; i < count; ++i) values.push_back(make());
  return values;
}

TagEffect some_effect() { return {*rc::gen::arbitrary<Texts>(), *rc::gen::arbitrary<Texts>(), *rc::gen::arbitrary<Texts>()}; }

/// The way there and back gives the same bytes, so no field is lost; every shorter text is refused.
void check_request(const IndexRequest& request) {
  const std::string bytes = encode(request);
  const auto back = decode_index_request(bytes);
  RC_ASSERT(back.has_value());
  RC_ASSERT(back->index() == request.index());
  RC_ASSERT(encode(*back) == bytes);
  RC_ASSERT(!decode_index_request(std::string_view(bytes).substr(0, *rc::gen::inRange<std::size_t>(0, bytes.size()))));
  RC_ASSERT(!decode_index_request(bytes + "x"));
}

void check_answer(const IndexAnswer& answer) {
  const std::string bytes = encode(answer);
  const auto back = decode_index_answer(bytes);
  RC_ASSERT(back.has_value());
  RC_ASSERT(encode(*back) == bytes);
  RC_ASSERT(!decode_index_answer(std::string_view(bytes).substr(0, *rc::gen::inRange<std::size_t>(0, bytes.size()))));
  RC_ASSERT(!decode_index_answer(bytes + "x"));
}

}  // namespace

TEST_CASE("requests to the index process arrive as they were sent") {
  CHECK(rc::check("batch", [] { check_request(IndexBatch{some(some_task), *rc::gen::arbitrary<std::uint32_t>()}); }));
  CHECK(rc::check("tags", [] {
    check_request(TagMessages{*rc::gen::arbitrary<std::uint64_t>(), *rc::gen::arbitrary<std::string>(), some(some_effect)});
  }));
  CHECK(rc::check("start", [] {
    check_request(StartIndexing{{*rc::gen::arbitrary<std::string>(), *rc::gen::arbitrary<std::string>()}, *rc::gen::arbitrary<std::int32_t>(), *rc::gen::arbitrary<bool>()});
  }));
  CHECK(rc::check("categorise", [] {
    check_request(CategoriseMessages{*rc::gen::arbitrary<std::uint64_t>(), *rc::gen::arbitrary<std::uint32_t>(), *rc::gen::arbitrary<std::vector<std::string>>()});
  }));
  CHECK(rc::check("cut", [] { check_request(CutBatch{}); }));
}

TEST_CASE("answers of the index process arrive as they were sent") {
  CHECK(rc::check("indexed", [] {
    BatchIndexed indexed{*rc::gen::arbitrary<std::vector<std::int64_t>>(), some(some_unindexed), *rc::gen::arbitrary<std::uint64_t>(), {},
                         *rc::gen::arbitrary<std::int64_t>(), *rc::gen::arbitrary<std::string>()};
    if (*rc::gen::arbitrary<bool>()) indexed.error = some_error();
    check_answer(indexed);
  }));
  CHECK(rc::check("tagged", [] {
    MessagesTagged tagged{*rc::gen::arbitrary<std::uint64_t>(), {*rc::gen::arbitrary<std::uint64_t>(), some(some_place)}, {}};
    if (*rc::gen::arbitrary<bool>()) tagged.error = some_error();
    check_answer(tagged);
  }));
  CHECK(rc::check("categorised", [] {
    MessagesCategorised categorised{*rc::gen::arbitrary<std::uint64_t>(), *rc::gen::arbitrary<std::uint64_t>(), *rc::gen::arbitrary<std::uint64_t>(), {}};
    if (*rc::gen::arbitrary<bool>()) categorised.error = some_error();
    check_answer(categorised);
  }));
}

TEST_CASE("how far a change of tags is arrives as it was sent") {
  CHECK(rc::check("tagging", [] { check_answer(TaggingProgress{*rc::gen::arbitrary<std::uint64_t>(), *rc::gen::arbitrary<std::uint64_t>()}); }));
}

TEST_CASE("any other bytes from the index process are refused without harm") {
  CHECK(rc::check("noise", [](const std::string& noise) {
    static_cast<void>(decode_index_answer(noise));
    static_cast<void>(decode_index_request(noise));
    static_cast<void>(decode_index_answer("\x05" + noise));
    static_cast<void>(decode_index_request("\x02" + noise));
  }));
}
