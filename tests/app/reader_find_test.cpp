#include "valija/app/reader.hpp"

#include "open_message.hpp"

using namespace valija;
using namespace valija::testing;

namespace {

/// An open thread of two messages in which "here" was found: once in the first, twice in the second.
struct FoundIn {
  FoundIn() {
    reader.open("thread", "");
    opened();
    rendered(0, {"here"});
    rendered(1, {"here and here"});
    REQUIRE(reader.find("here") == 3);
  }
  void opened() {
    reader.invalidate();
    REQUIRE(reader.wanted_thread(++id));
    messages::ThreadOpened answer{id, "thread", {}};
    for (const char* name : {"a@b", "c@d"}) {
      answer.messages.emplace_back();
      answer.messages.back().id = name;
      answer.messages.back().tags = {"unread"};
    }
    reader.take(std::move(answer));
  }
  void rendered(std::size_t message, std::vector<std::string> texts) {
    const auto request = reader.wanted_message(++id);
    REQUIRE(request);
    REQUIRE(request->message_id == reader.messages()[message].message.id);
    messages::MessageRendered answer{id, request->message_id, {}};
    for (std::string& text : texts) answer.document.lines.push_back(line(std::move(text)));
    reader.take(std::move(answer));
  }

  app::Reader reader;
  messages::RequestId id = 0;
};

}  // namespace

TEST_CASE("what is found follows a text that changes, and the match in front stays") {
  FoundIn in;
  in.reader.go_to_match(1);
  in.reader.go_to_match(1);
  const auto in_front = [&] { return in.reader.matches()[in.reader.match()]; };
  CHECK(in_front().message == 1);
  const app::Reader::Match second = in_front();
  in.reader.go_to_message(-1);
  RenderOptions source;
  source.source = true;
  in.reader.render_as(source);
  in.rendered(0, {"here", "there", "and here"});
  CHECK(in.reader.matches().size() == 5);
  CHECK(in_front() == second);
  in.opened();
  CHECK(in.reader.matches().size() == 5);
}

TEST_CASE("what is folded away is not found, and found again when it is open") {
  FoundIn in;
  in.reader.go_to_message(1);
  in.reader.toggle_fold();
  CHECK(in.reader.matches().size() == 1);
  in.reader.toggle_fold();
  CHECK(in.reader.matches().size() == 3);
  in.reader.fold_all(true);
  CHECK(in.reader.matches().empty());
  in.reader.go_to_message(-1);
  CHECK(in.reader.matches().size() == 1);
}
