#include "valija/base/process.hpp"

#include <dirent.h>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "valija/base/ipc.hpp"
#include "valija/base/text.hpp"

using namespace valija;

namespace {

/// Arguments that make a copy of this test program run one of the skipped cases below.
std::vector<std::string> as_worker(const std::string& name) { return {"--no-skip", "--test-case=worker: " + name}; }

std::string open_descriptors() {
  std::string list;
  DIR* directory = ::opendir("/proc/self/fd");
  while (const dirent* entry = ::readdir(directory)) {
    const std::string name = entry->d_name;
    if (name[0] != '.' && std::stoi(name) != ::dirfd(directory)) list += name + " ";
  }
  ::closedir(directory);
  return list;
}

}  // namespace

TEST_CASE("worker: describes itself" * doctest::skip()) {
  sigset_t blocked;
  ::sigprocmask(SIG_SETMASK, nullptr, &blocked);
  const std::string answer = open_descriptors() + "nice " + std::to_string(::getpriority(PRIO_PROCESS, 0)) +
                             (::sigismember(&blocked, SIGTERM) == 0 ? " open" : " blocked");
  REQUIRE(send_frame(3, answer));
  static_cast<void>(receive_frame(3, -1));
}

TEST_CASE("worker: ignores the request to end" * doctest::skip()) {
  ::signal(SIGTERM, SIG_IGN);
  REQUIRE(send_frame(3, "ready"));
  static_cast<void>(receive_frame(3, -1));
  ::pause();
}

TEST_CASE("a worker has its socket, no descriptor of ours, its niceness and no blocked signal") {
  const Fd ours(::open("/dev/null", O_RDONLY));  // on purpose without O_CLOEXEC
  sigset_t term;
  ::sigemptyset(&term);
  ::sigaddset(&term, SIGTERM);
  ::pthread_sigmask(SIG_BLOCK, &term, nullptr);
  auto child = spawn_self(as_worker("describes itself"), 3);
  ::pthread_sigmask(SIG_UNBLOCK, &term, nullptr);
  REQUIRE(child);
  const auto frame = receive_frame(child->socket(), 20'000);
  REQUIRE(frame);
  REQUIRE(frame->has_value());
  const int expected = std::min(19, ::getpriority(PRIO_PROCESS, 0) + 3);
  CHECK((*frame)->payload == "0 1 2 3 nice " + std::to_string(expected) + " open");
  CHECK(child->is_running());
  const int status = child->stop(20'000);
  CHECK(WIFSIGNALED(status));
  CHECK(WTERMSIG(status) == SIGTERM);
  CHECK_FALSE(child->is_running());
  CHECK(child->stop(0) == 0);
}

TEST_CASE("a worker that ignores TERM is killed") {
  auto child = spawn_self(as_worker("ignores the request to end"), 0);
  REQUIRE(child);
  REQUIRE(receive_frame(child->socket(), 20'000));
  const int status = child->stop(50);
  CHECK(WIFSIGNALED(status));
  CHECK(WTERMSIG(status) == SIGKILL);
}

TEST_CASE("a worker is killed and reaped with its owner") {
  pid_t pid = -1;
  {
    auto child = spawn_self(as_worker("ignores the request to end"), 0);
    REQUIRE(child);
    pid = child->pid();
    Child moved = *std::move(child);
    CHECK_FALSE(child->is_running());
    CHECK(::kill(pid, 0) == 0);
  }
  CHECK(::kill(pid, 0) == -1);
}
