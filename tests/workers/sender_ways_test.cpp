#include <doctest/doctest.h>
#include <sys/stat.h>

#include "sender_scene.hpp"
#include "valija/mail/draft.hpp"
#include "valija/store/draft_files.hpp"
#include "valija/workers/take_back.hpp"

namespace valija::workers {

using namespace sending;

namespace {

/// An account that sends by a shell script, which gets its file of results as $0's directory.
struct CommandScene : sending::Scene {
  explicit CommandScene(const std::string& script) {
    auto& account = settings.accounts.front();
    account.send.reset();
    const std::string path = scratch / "sendmail";
    std::ofstream(path) << "#!/bin/sh\ncd " << scratch.path() << "\n" << script << "\n";
    REQUIRE(::chmod(path.c_str(), 0700) == 0);
    account.send_command = path + " --flag";
  }
  SendReport run() {
    auto own = options();
    own.open = {};
    auto report = Sender(own).send_due({});
    REQUIRE(report);
    return std::move(*report);
  }
};

}  // namespace

TEST_CASE("a command gets the message with line feeds, and addresses as arguments that no shell reads") {
  CommandScene scene("printf '%s\\n' \"$@\" >arguments; cat >message");
  Outgoing entry = scene.mail();
  entry.recipients = {"$(touch harm)@example.test", "-oops@example.test", "a b;touch harm@x"};
  scene.put(entry);
  CHECK(scene.run().sent == 1);
  CHECK(content(scene.scratch / "arguments") == "--flag\n-f\nme@work.test\n--\n$(touch harm)@example.test\n-oops@example.test\na b;touch harm@x\n");
  CHECK(content(scene.scratch / "message") == "To: ana@example.test\nMessage-ID: <1@work.test>\n\ntext\n");
  CHECK(!std::filesystem::exists(scene.scratch / "harm"));
}

TEST_CASE("the exit status of a command says what became of the mail") {
  const auto state_after = [](const std::string& script) {
    CommandScene scene(script);
    const std::int64_t id = scene.put();
    scene.run();
    return scene.find(id);
  };
  CHECK(!state_after("cat >/dev/null; exit 0"));
  CHECK(!state_after("exit 0"));  // without reading
  CHECK(state_after("exit 75")->state == State::waiting);
  const auto refused = state_after("echo 'no such user' >&2; exit 67");
  CHECK(refused->state == State::refused);
  CHECK(refused->answer == "no such user");
  CHECK(state_after("exit 1")->answer.find('1') != std::string::npos);
}

TEST_CASE("taken back, what a person wrote is a draft again, a program's mail is gone, and nothing is taken from the server") {
  Scene scene;
  Draft draft;
  draft.id = "abc";
  draft.account = "work";
  draft.subject = "About it";
  draft.body = "text\n";
  Outgoing entry = scene.mail("1@x");
  entry.draft = to_text(draft);
  const auto back = take_back(*scene.outbox, scene.places.state_dir, scene.put(entry));
  REQUIRE(back);
  CHECK(back->body == draft.body);
  CHECK(store::DraftFiles(scene.places.state_dir).read(back->id)->subject == draft.subject);
  CHECK(take_back(*scene.outbox, scene.places.state_dir, scene.put("2@x"))->id.empty());
  Outgoing sent = scene.mail("3@x");
  sent.draft = entry.draft;
  sent.state = State::accepted;
  CHECK(store::DraftFiles(scene.places.state_dir).remove(back->id));
  CHECK(!take_back(*scene.outbox, scene.places.state_dir, scene.put(sent)));
  CHECK(store::DraftFiles(scene.places.state_dir).all()->empty());
}

TEST_CASE("the interface is told of each change, and takes back while others are sent") {
  Scene scene;
  scene.settings.accounts.front().send.reset();
  scene.settings.accounts.front().send_command = "exit 75; true";
  Outgoing later = scene.mail();
  later.due += 3600;
  const std::int64_t id = scene.put(later);
  Channel<messages::Event> events;
  SenderWorker worker(scene.settings, scene.places, scene.clock, events);
  const auto wait_for = [&](auto wanted) {
    while (wait_readable({events.fd()}, 20'000) == 0) {
      for (auto& event : events.drain()) {
        if (wanted(event)) return true;
      }
    }
    return false;
  };
  worker.post(messages::ListOutbox{});
  CHECK(wait_for([](const auto& event) {
    const auto* changed = std::get_if<messages::OutboxChanged>(&event);
    return changed != nullptr && changed->entries.size() == 1;
  }));
  worker.post(messages::FlushOutbox{});
  CHECK(wait_for([](const auto& event) {
    const auto* changed = std::get_if<messages::OutboxChanged>(&event);
    return changed != nullptr && changed->entries.size() == 1 && changed->entries.front().tries == 1;
  }));
  worker.post(messages::CancelOutgoing{7, id});
  CHECK(wait_for([](const auto& event) { return std::holds_alternative<messages::OutgoingCancelled>(event); }));
  worker.post(messages::CancelOutgoing{8, id});
  CHECK(wait_for([](const auto& event) {
    const auto* failed = std::get_if<messages::Failed>(&event);
    return failed != nullptr && failed->id == 8;
  }));
}

}  // namespace valija::workers
