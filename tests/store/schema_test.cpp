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

namespace {

/// As version 2 of valija made it, with content.
constexpr const char* version_2 = R"sql(
CREATE TABLE account(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, marker TEXT NOT NULL, index_id TEXT NOT NULL DEFAULT '') STRICT;
CREATE TABLE folder(id INTEGER PRIMARY KEY, account INTEGER NOT NULL REFERENCES account(id), path TEXT NOT NULL, role INTEGER NOT NULL,
  uid_validity INTEGER NOT NULL, uid_next INTEGER NOT NULL, highest INTEGER NOT NULL, UNIQUE(account, path)) STRICT;
CREATE TABLE pair(folder INTEGER NOT NULL, uid INTEGER NOT NULL, file TEXT NOT NULL, flags INTEGER NOT NULL, keywords TEXT NOT NULL,
  PRIMARY KEY(folder, uid)) STRICT, WITHOUT ROWID;
CREATE TABLE batch(id INTEGER PRIMARY KEY AUTOINCREMENT, folder INTEGER NOT NULL, uid_validity INTEGER NOT NULL, messages BLOB NOT NULL) STRICT;
CREATE TABLE index_task(row INTEGER PRIMARY KEY AUTOINCREMENT, action INTEGER NOT NULL, path TEXT NOT NULL, old_path TEXT NOT NULL,
  tags TEXT NOT NULL) STRICT;
CREATE TABLE unindexed(path TEXT PRIMARY KEY, reason TEXT NOT NULL, date INTEGER NOT NULL, sender TEXT NOT NULL, subject TEXT NOT NULL)
  STRICT, WITHOUT ROWID;
CREATE TABLE known_folder(account TEXT NOT NULL, position INTEGER NOT NULL, path TEXT NOT NULL, role INTEGER NOT NULL,
  selectable INTEGER NOT NULL, wire_name BLOB NOT NULL, PRIMARY KEY(account, position)) STRICT, WITHOUT ROWID;
INSERT INTO account VALUES(1, 'work', 'tree-1', 'one');
INSERT INTO folder VALUES(5, 1, 'INBOX', 1, 7, 12, 99);
INSERT INTO pair VALUES(5, 11, 'cur/1.host:2,S', 1, 'mine');
INSERT INTO index_task(action, path, old_path, tags) VALUES(0, '/m/work/INBOX/cur/1.host:2,S', '', 'inbox');
PRAGMA application_id = 1986096233;
PRAGMA user_version = 2;
)sql";

}  // namespace

TEST_CASE("an older state is brought up to date and keeps what it has") {
  Scene scene;
  std::filesystem::create_directories(scene.places.state_dir);
  std::filesystem::create_directories(scene.directory() + "/cur");
  std::filesystem::create_directories(scene.directory() + "/new");
  std::filesystem::create_directories(scene.directory() + "/tmp");
  std::filesystem::create_directories(scene.places.mail_root + "/work/.valija/tree-1");
  Scene::put(scene.directory() + "/cur/1.host:2,S", test::mail(1));
  {
    auto database = Database::open(scene.places.state_dir + "/state.db");
    REQUIRE(database);
    REQUIRE(database->run(version_2));
  }
  auto store = scene.open();
  REQUIRE(store);
  const auto inbox = test::folder("INBOX");
  const auto synced = store->synced(inbox);
  REQUIRE(synced);
  CHECK(synced->uid_validity.value == 7);
  CHECK(synced->uid_next.value == 12);
  CHECK(synced->highest.value == 99);
  const Marks marks{{Flag::seen}, {"mine"}};
  CHECK(synced->messages == std::vector<sync::SyncedMessage>{{sync::Uid{11}, "1.host", marks}});
  // Without a journal letters and what was agreed are the truth; nothing looks changed.
  CHECK(!store->has_changes(inbox).value());
  CHECK(store->list(inbox)->messages == std::vector<sync::LocalMessage>{{"1.host", marks}});
  CHECK(store->prints(inbox, std::vector{sync::Uid{11}})->empty());
  auto queue = IndexQueue::open(scene.places.state_dir);
  REQUIRE(queue);
  const auto tasks = (*queue)->pending(0, 10);
  REQUIRE(tasks);
  REQUIRE(tasks->size() == 1);
  CHECK(tasks->front().tags == std::vector<std::string>{"inbox"});
  CHECK(tasks->front().dropped.empty());
  CHECK((*queue)->follow("two", scene.places.mail_root).value() == 1);
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
