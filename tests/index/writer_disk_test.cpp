#include <doctest/doctest.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "mailbox.hpp"

using namespace valija;
using namespace valija::index;
using valija::index::test::Mailbox;

namespace {

using Tags = std::vector<std::string>;

}  // namespace

TEST_CASE("a full disk is an error of the commit, and what was there stays") {
  Mailbox mail;
  auto writer = open_writer(mail);
  REQUIRE(writer->add(mail.message("a@x", "one", 1000), {"inbox"}));
  REQUIRE(writer->commit());
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit = {16384, 16384};  // every file is as large as it may be
    ::setrlimit(RLIMIT_FSIZE, &limit);
    bool failed = false;
    for (int i = 0; i < 40; ++i) {
      std::string words;
      for (int word = 0; word < 80; ++word) words += fmt::format("word{}x{} ", i, word);
      failed = failed || !writer->add(mail.message(fmt::format("n{}@x", i), words, 1000), {"inbox"});
    }
    const auto committed = writer->commit();
    ::_exit(failed || (!committed && committed.error().kind == Kind::disk) ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
  CHECK(mail.notmuch("count '*'") == "1\n");
  REQUIRE(writer->add(mail.message("b@x", "two", 1000), {"inbox"}));
  REQUIRE(writer->commit());
  CHECK(mail.notmuch("count '*'") == "2\n");
}

TEST_CASE("a disk that is full in the middle of a change is an error, and the writer can go on") {
  Mailbox mail;
  auto writer = open_writer(mail);
  REQUIRE(writer->add(mail.message("a@x", "one", 1000), {"inbox"}));
  REQUIRE(writer->commit());
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    ::setenv("XAPIAN_FLUSH_THRESHOLD", "1", 1);  // every change goes to the disk at once
    ::signal(SIGXFSZ, SIG_IGN);
    rlimit limit = {};
    ::getrlimit(RLIMIT_FSIZE, &limit);
    const rlim_t before = std::exchange(limit.rlim_cur, 8192);
    ::setrlimit(RLIMIT_FSIZE, &limit);
    bool failed = false;
    for (int i = 0; i < 100 && !failed; ++i) {
      Tags tags;
      for (int tag = 0; tag < 100; ++tag) tags.push_back(fmt::format("{}tag{}", std::string(150, 'x'), i * 100 + tag));
      const auto changed = writer->change_tags("id:a@x", tags, {});
      failed = !changed && changed.error().kind == Kind::disk;
    }
    limit.rlim_cur = before;
    ::setrlimit(RLIMIT_FSIZE, &limit);
    const bool goes_on = writer->change_tags("id:a@x", {"after"}, {}) && writer->commit();
    ::_exit(!failed ? 1 : goes_on ? 0 : 2);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
  CHECK(mail.notmuch("search --output=tags '*'") == "after\ninbox\n");
}
