#include "valija/store/outbox.hpp"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utime.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <functional>
#include <thread>

#include "support/temporary_directory.hpp"

namespace valija::store {
namespace {

using State = OutgoingState;

struct Scene {
  valija::test::TemporaryDirectory scratch;
  std::unique_ptr<Outbox> outbox = open();

  std::unique_ptr<Outbox> open() const {
    auto opened = Outbox::open(scratch / "state");
    REQUIRE(opened);
    return std::move(*opened);
  }
  Outgoing entry() const {
    Outgoing entry;
    entry.account = "work";
    entry.file = outbox->new_file();
    std::ofstream(entry.file) << "Subject: s\r\n\r\ntext\r\n";
    return entry;
  }
  std::int64_t put(State state = State::waiting) const {
    Outgoing outgoing = entry();
    outgoing.state = state;
    const auto id = outbox->put(outgoing);
    REQUIRE(id);
    return *id;
  }
  State state_of(std::int64_t id) const { return outbox->find(id).value().value().state; }
  std::size_t files() const {
    const std::filesystem::directory_iterator files(scratch / "state/outbox");
    return static_cast<std::size_t>(std::distance(begin(files), end(files)));
  }
};

/// Runs in a process of its own, which is killed in the end; true: `work` was.
bool in_killed_process(const std::function<bool()>& work) {
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    if (!work()) ::_exit(1);
    ::kill(::getpid(), SIGKILL);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFSIGNALED(status);
}

}  // namespace

TEST_CASE("all that is known of a mail comes back after a restart, in the order in which it was put") {
  Scene scene;
  Outgoing entry = scene.entry();
  entry.message_id = "1@example.org";
  entry.sender = "ana@example.org";
  entry.subject = "¿Qué tal?";
  entry.recipients = {"ben@example.org", "eva@example.org"};
  entry.needs_smtputf8 = entry.wants_dsn = true;
  entry.size = 4711;
  entry.queued = 1700000000;
  entry.due = 1700000010;
  entry.answer = "try later";
  entry.draft = "Subject: s\n\ntext\nof two lines";
  entry.stored = "/mail/work/Drafts/cur/1:2,DS";
  entry.original = "0@example.org";
  entry.original_tag = "replied";
  const auto first = scene.outbox->put(entry);
  REQUIRE(first);
  const std::int64_t second = scene.put();

  scene.outbox = scene.open();
  const auto all = scene.outbox->all();
  REQUIRE(all);
  REQUIRE(all->size() == 2);
  const Outgoing& read = all->front();
  CHECK(read.id == *first);
  CHECK(all->back().id == second);
  CHECK(read.account == "work");
  CHECK(read.file == entry.file);
  CHECK(read.message_id == entry.message_id);
  CHECK(read.sender == entry.sender);
  CHECK(read.subject == entry.subject);
  CHECK(read.recipients == entry.recipients);
  CHECK(read.needs_smtputf8);
  CHECK(!read.is_eight_bit);
  CHECK(read.wants_dsn);
  CHECK(read.size == 4711);
  CHECK(read.queued == entry.queued);
  CHECK(read.due == entry.due);
  CHECK(read.state == State::waiting);
  CHECK(read.answer == entry.answer);
  CHECK(read.draft == entry.draft);
  CHECK(read.stored == entry.stored);
  CHECK(read.original == entry.original);
  CHECK(read.original_tag == entry.original_tag);
  CHECK(!scene.outbox->find(second + 1).value());
}

TEST_CASE("nobody else may read what waits") {
  const Scene scene;
  struct stat status{};
  REQUIRE(::stat((scene.scratch / "state/outbox").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0700);
  CHECK(scene.outbox->new_file() != scene.outbox->new_file());
}

TEST_CASE("a mail without its file is not taken, nor one that is a link") {
  const Scene scene;
  Outgoing entry;
  entry.file = scene.outbox->new_file();
  CHECK(!scene.outbox->put(entry));
  REQUIRE(::symlink("/etc/passwd", entry.file.c_str()) == 0);
  CHECK(!scene.outbox->put(entry));
  CHECK(scene.outbox->all()->empty());
}

TEST_CASE("a state changes from what it is, else not at all") {
  const Scene scene;
  const std::int64_t id = scene.put();
  CHECK(!scene.outbox->change(id, State::handing, State::accepted, "").value());
  CHECK(scene.state_of(id) == State::waiting);
  CHECK(scene.outbox->change(id, State::waiting, State::handing, "").value());
  CHECK(!scene.outbox->change(id, State::waiting, State::handing, "").value());
  CHECK(scene.outbox->postpone(id, State::handing, 1234, "come back").value());
  CHECK(!scene.outbox->postpone(id, State::handing, 9999, "again").value());
  const Outgoing entry = scene.outbox->find(id).value().value();
  CHECK(entry.state == State::waiting);
  CHECK(entry.due == 1234);
  CHECK(entry.tries == 1);
  CHECK(entry.answer == "come back");
}

TEST_CASE("who has it already is known while the others wait") {
  const Scene scene;
  const std::int64_t id = scene.put();
  CHECK(scene.outbox->hand(id, {"c@x", "d@x"}).value());
  CHECK(!scene.outbox->hand(id, {}).value());
  CHECK(scene.state_of(id) == State::handing);
  CHECK(scene.outbox->find(id).value()->later == std::vector<std::string>{"c@x", "d@x"});
  CHECK(!scene.outbox->deliver_part(id, State::waiting, {"z@x"}).value());
  CHECK(scene.outbox->deliver_part(id, State::handing, {"a@x", "b@x"}).value());
  const Outgoing entry = scene.outbox->find(id).value().value();
  CHECK(entry.state == State::waiting);
  CHECK(entry.delivered == std::vector<std::string>{"a@x", "b@x"});
  CHECK(entry.later.empty());
}

TEST_CASE("of many that want to hand a mail over one does") {
  const Scene scene;
  std::vector<std::int64_t> ids;
  for (int count = 0; count < 20; ++count) ids.push_back(scene.put());
  std::atomic<int> handed = 0, cancelled = 0;
  {
    std::vector<std::jthread> threads;
    for (int number = 0; number < 4; ++number) {
      threads.emplace_back([&, number] {
        auto own = Outbox::open(scene.scratch / "state");
        for (const std::int64_t id : ids) {
          const bool cancels = number % 2 == 0;
          const auto done = cancels ? (*own)->cancel(id) : (*own)->change(id, State::waiting, State::handing, "");
          if (done && *done) ++(cancels ? cancelled : handed);
        }
      });
    }
  }
  CHECK(handed + cancelled == 20);
  CHECK(scene.outbox->all()->size() == static_cast<std::size_t>(handed));
  CHECK(scene.files() == static_cast<std::size_t>(handed));
}

TEST_CASE("cancelled is only what was not handed over, and what a person decides about; its file goes with it") {
  const Scene scene;
  for (const State state : {State::waiting, State::refused, State::maybe_sent}) CHECK(scene.outbox->cancel(scene.put(state)).value());
  CHECK(scene.files() == 0);
  for (const State state : {State::handing, State::accepted}) CHECK(!scene.outbox->cancel(scene.put(state)).value());
  CHECK(scene.files() == 2);
  CHECK(!scene.outbox->cancel(4711).value());
}

TEST_CASE("done is what the server has; what may still be sent stays") {
  const Scene scene;
  for (const State state : {State::accepted, State::maybe_sent}) CHECK(scene.outbox->done(scene.put(state)));
  CHECK(scene.files() == 0);
  for (const State state : {State::waiting, State::handing}) CHECK(scene.outbox->done(scene.put(state)));
  CHECK(scene.files() == 2);
  CHECK(scene.outbox->all()->size() == 2);
}

TEST_CASE("a number is never given twice") {
  const Scene scene;
  const std::int64_t first = scene.put();
  CHECK(scene.outbox->cancel(first).value());
  CHECK(scene.put() > first);
}

TEST_CASE("one process sends at a time, and finds what the one before was handing over") {
  const Scene scene;
  const std::int64_t id = scene.put();
  const std::int64_t other = scene.put();
  CHECK(in_killed_process([&] {
    const auto own = Outbox::open(scene.scratch / "state");
    const auto lock = (*own)->try_lock();
    return lock && *lock && (*own)->change(id, State::waiting, State::handing, "").value();
  }));
  {
    const auto lock = scene.outbox->try_lock();
    REQUIRE(lock);
    CHECK(*lock);
    CHECK(!scene.open()->try_lock().value());
    CHECK(scene.state_of(id) == State::maybe_sent);
    CHECK(scene.state_of(other) == State::waiting);
    CHECK(scene.outbox->change(other, State::waiting, State::handing, "").value());
    CHECK(!scene.open()->try_lock().value());
    // Who did not get the lock has judged nothing.
    CHECK(scene.state_of(other) == State::handing);
  }
  CHECK(scene.outbox->try_lock().value());
}

TEST_CASE("killed between the file and its row: the file goes, but not while it is young, and never one with a row") {
  const Scene scene;
  const Outgoing orphan = scene.entry();
  const std::int64_t kept = scene.put();
  CHECK(scene.outbox->try_lock().value());
  CHECK(scene.files() == 2);
  const utimbuf long_ago{1700000000, 1700000000};
  for (const auto& file : std::filesystem::directory_iterator(scene.scratch / "state/outbox")) REQUIRE(::utime(file.path().c_str(), &long_ago) == 0);
  CHECK(scene.outbox->try_lock().value());
  CHECK(scene.files() == 1);
  CHECK(std::filesystem::exists(scene.outbox->find(kept).value().value().file));
  // Whoever comes with it now is told, and has its message still.
  CHECK(!scene.outbox->put(orphan));
}

TEST_CASE("what was put is there, whenever the process is killed") {
  const Scene scene;
  for (int round = 0; round < 20; ++round) {
    CHECK(in_killed_process([&] {
      const auto own = Outbox::open(scene.scratch / "state");
      Outgoing entry;
      entry.file = (*own)->new_file();
      std::ofstream(entry.file) << "text";
      return (*own)->put(entry).has_value();
    }));
  }
  const auto all = scene.outbox->all();
  REQUIRE(all);
  CHECK(all->size() == 20);
  for (const Outgoing& entry : *all) CHECK(std::filesystem::file_size(entry.file) == 4);
}

}  // namespace valija::store
