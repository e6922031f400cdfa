#include "../../src/workers/sandbox.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

using namespace valija;

namespace {

/// The wait status of a child that locks itself in and then does `act`, whose result is its exit status.
template <typename Act>
int status_in_sandbox(Act act) {
  const pid_t pid = ::fork();
  if (pid == 0) {
    if (!workers::enter_sandbox()) ::_exit(99);
    ::_exit(act());
  }
  int status = 0;
  ::waitpid(pid, &status, 0);
  return status;
}

template <typename Act>
void check_killed(const char* what, Act act) {
  CAPTURE(what);
  const int status = status_in_sandbox(act);
  CHECK(WIFSIGNALED(status));
  CHECK(WTERMSIG(status) == SIGSYS);
}

}  // namespace

TEST_CASE("what the reader of messages needs goes on inside") {
  const int status = status_in_sandbox([] {
    void* memory = std::malloc(10'000'000);
    std::free(memory);
    return memory != nullptr ? 7 : 1;
  });
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 7);
}

TEST_CASE("no network, no programs, no processes, no signals to others from inside") {
  check_killed("socket", [] { return ::socket(AF_INET, SOCK_STREAM, 0); });
  check_killed("unix socket", [] { return ::socket(AF_UNIX, SOCK_STREAM, 0); });
  check_killed("connect", [] { return ::connect(0, nullptr, 0); });
  check_killed("fork", [] { return ::fork(); });
  check_killed("exec", [] { return ::execl("/bin/true", "true", nullptr); });
  check_killed("kill", [] { return ::kill(::getppid(), 0); });
  check_killed("unlink", [] { return ::unlink("/tmp/valija-nothing"); });
  check_killed("mkdir", [] { return ::mkdir("/tmp/valija-nothing", 0700); });
  check_killed("executable memory", [] {
    return ::mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? 1 : 0;
  });
}

TEST_CASE("no file opens from inside, not even one that was there before") {
  for (const char* path : {"/etc/passwd", "/dev/null", "/proc/self/environ", "/tmp/valija-new"}) {
    CAPTURE(path);
    const int status = status_in_sandbox([&] { return ::open(path, O_RDWR | O_CREAT, 0600) < 0 && errno == EACCES ? 7 : 1; });
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 7);
  }
}

TEST_CASE("no path can be looked at from inside, not even by the call that glibc makes of fstat()") {
  for (const int directory : {AT_FDCWD, STDIN_FILENO}) {
    CAPTURE(directory);
    const int status = status_in_sandbox([&] {
      struct stat seen = {};
      return ::fstatat(directory, "/etc/passwd", &seen, AT_EMPTY_PATH) < 0 && errno == EACCES ? 7 : 1;
    });
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 7);
  }
}
