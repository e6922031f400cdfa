#include "store/schema.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>
#include <vector>

#include "store/store_scene.hpp"

namespace valija::store {
namespace {

using test::Scene;

/// Whether this process holds a lock of SQLite on the file: asked from a child, as one's own locks never show.
bool is_locked_by_us(const std::string& path) {
  const pid_t child = fork();
  if (child == 0) {
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    const int fd = open(path.c_str(), O_RDWR | O_CLOEXEC);
    _exit(fcntl(fd, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK ? 0 : 1);
  }
  int status = 1;
  waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace

TEST_CASE("opening a state again keeps the locks of the connections that are open") {
  const valija::test::TemporaryDirectory scratch;
  auto first = open_state(scratch.path());
  REQUIRE(first);
  auto transaction = Transaction::begin(*first);
  REQUIRE(transaction);
  REQUIRE(is_locked_by_us(scratch / "state.db"));
  { REQUIRE(open_state(scratch.path())); }
  CHECK(is_locked_by_us(scratch / "state.db"));
}

TEST_CASE("a state that many threads and processes open at once is made once") {
  const valija::test::TemporaryDirectory scratch;
  const auto open_some = [&] {
    bool all = true;
    for (int round = 0; round < 5; ++round) all = open_state(scratch / "state").has_value() && all;
    return all;
  };
  std::vector<pid_t> children;
  for (int i = 0; i < 6; ++i) {
    children.push_back(fork());
    if (children.back() == 0) _exit(open_some() ? 0 : 1);
  }
  std::vector<char> opened(4, 0);
  {
    std::vector<std::jthread> threads;
    for (char& one : opened) threads.emplace_back([&] { one = open_some() ? 1 : 0; });
  }
  CHECK(opened == std::vector<char>(4, 1));
  for (const pid_t child : children) {
    int status = 1;
    waitpid(child, &status, 0);
    CHECK(status == 0);
  }
}

TEST_CASE("a state is made once and opened again") {
  const valija::test::TemporaryDirectory scratch;
  REQUIRE(open_state(scratch / "state"));
  REQUIRE(open_state(scratch / "state"));
}

TEST_CASE("an older state is brought up to date, and its accounts ask for their index again") {
  const valija::test::TemporaryDirectory scratch;
  {
    auto database = open_state(scratch.path());
    REQUIRE(database);
    REQUIRE(database->run("ALTER TABLE account DROP COLUMN index_id; PRAGMA user_version = 1; INSERT INTO account(name, marker) VALUES('work', 'm')"));
  }
  auto database = open_state(scratch.path());
  REQUIRE(database);
  auto row = database->prepare("SELECT index_id FROM account");
  REQUIRE(row);
  REQUIRE(row->start().step());
  CHECK(row->text(0) == "unknown");
}

TEST_CASE("the state of a newer valija is refused and stays as it is") {
  const valija::test::TemporaryDirectory scratch;
  {
    auto database = open_state(scratch.path());
    REQUIRE(database);
    REQUIRE(database->run("PRAGMA user_version = 99"));
  }
  const std::string before = Scene::content(scratch / "state.db");
  const auto opened = open_state(scratch.path());
  REQUIRE(!opened);
  CHECK(opened.error().message.find("newer") != std::string::npos);
  CHECK(Scene::content(scratch / "state.db") == before);
}

TEST_CASE("a database of another program and a file that is none are refused") {
  const valija::test::TemporaryDirectory scratch;
  {
    auto database = Database::open(scratch / "state.db");
    REQUIRE(database);
    REQUIRE(database->run("CREATE TABLE theirs(x)"));
  }
  CHECK(!open_state(scratch.path()));
  std::filesystem::create_directories(scratch / "other");
  Scene::put(scratch / "other/state.db", std::string(5000, 'x'));
  const auto opened = open_state(scratch / "other");
  REQUIRE(!opened);
  CHECK(opened.error().kind == Kind::disk);
}

TEST_CASE("a state that may not grow is an error of the disk, and what was in it stays") {
  const valija::test::TemporaryDirectory scratch;
  auto database = open_state(scratch.path());
  REQUIRE(database);
  REQUIRE(database->run("PRAGMA max_page_count = 20"));
  auto insert = database->prepare("INSERT INTO unindexed VALUES(?, '', 0, '', '')");
  REQUIRE(insert);
  Result<void> done;
  int kept = 0;
  for (; kept < 1000; ++kept) {
    done = insert->start().bind(std::string(2000, 'x') + std::to_string(kept)).run();
    if (!done) break;
  }
  REQUIRE(!done);
  CHECK(done.error().kind == Kind::disk);
  CHECK(done.error().message.find(scratch.path()) != std::string::npos);
  auto count = database->prepare("SELECT count(*) FROM unindexed");
  REQUIRE(count);
  REQUIRE(count->start().step());
  CHECK(count->integer(0) == kept);
}

TEST_CASE("a transaction that is not committed leaves nothing") {
  const valija::test::TemporaryDirectory scratch;
  auto database = open_state(scratch.path());
  REQUIRE(database);
  {
    auto transaction = Transaction::begin(*database);
    REQUIRE(transaction);
    REQUIRE(database->run("INSERT INTO unindexed VALUES('a', '', 0, '', '')"));
  }
  auto count = database->prepare("SELECT count(*) FROM unindexed");
  REQUIRE(count->start().step());
  CHECK(count->integer(0) == 0);
}

}  // namespace valija::store
