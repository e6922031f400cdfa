#include "../../src/workers/confinement.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "index_fakes.hpp"
#include "valija/base/process.hpp"

using namespace valija;
using namespace valija::workers;
using namespace valija::workers::test;

namespace {

/// The exit status of a child that is confined and then does `act`; 99: it could not be.
template <typename Act>
int status_of(Act act) {
  const auto confinement = Confinement::prepare();
  REQUIRE(confinement);
  const pid_t pid = ::fork();
  if (pid == 0) ::_exit(confinement->enter() ? act() : 99);
  int status = 0;
  ::waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

template <typename Act>
void check_refused(const char* what, int error, Act act) {
  CAPTURE(what);
  CHECK(status_of([&] { return act() < 0 && errno == error ? 7 : 1; }) == 7);
}

CommandOutput run_confined(const std::string& command, const std::string& argument = {}) {
  const auto confinement = Confinement::prepare();
  REQUIRE(confinement);
  const auto ended = run_shell_command(command, 60'000, 1'000'000, {}, {-1, {argument}, [&] { return confinement->enter(); }});
  return ended.value_or(CommandOutput());
}

bool has_landlock() { return ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION) > 0; }

}  // namespace

TEST_CASE("a confined process reaches no network and no other process") {
  check_refused("internet", EPERM, [] { return ::socket(AF_INET, SOCK_STREAM, 0); });
  check_refused("local socket", EPERM, [] { return ::socket(AF_UNIX, SOCK_STREAM, 0); });
  check_refused("connect", EPERM, [] { return ::connect(0, nullptr, 0); });
  check_refused("kill", EPERM, [] { return ::kill(::getppid(), 0); });
  check_refused("fork", EPERM, [] { return static_cast<int>(::syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0)); });
}

TEST_CASE("a confined process changes no file") {
  const MailFolder mail;
  const std::string file = mail.message(1), other = mail.root() + "/new";
  check_refused("write", EPERM, [&] { return ::open(file.c_str(), O_WRONLY); });
  check_refused("cut", EPERM, [&] { return ::open(file.c_str(), O_RDONLY | O_TRUNC); });
  check_refused("create", EPERM, [&] { return ::open(other.c_str(), O_RDONLY | O_CREAT, 0600); });
  check_refused("rename", EPERM, [&] { return ::rename(file.c_str(), other.c_str()); });
  check_refused("unlink", EPERM, [&] { return ::unlink(file.c_str()); });
  check_refused("link", EPERM, [&] { return ::link(file.c_str(), other.c_str()); });
  check_refused("mkdir", EPERM, [&] { return ::mkdir(other.c_str(), 0700); });
  check_refused("chmod", EPERM, [&] { return ::chmod(file.c_str(), 0); });
  CHECK(std::filesystem::exists(file));
}

TEST_CASE("what holds a process holds what it becomes") {
  const MailFolder mail;
  const std::string file = mail.root() + "/new";
  CHECK(run_confined("echo in; echo out >\"$1\"; echo on", file).standard_output == "in\non\n");
  CHECK_FALSE(std::filesystem::exists(file));
  CHECK(run_confined("exec /bin/ls /usr").standard_output.find("bin\n") != std::string::npos);
  CHECK(run_confined("exec no-such-program-at-all").exit_code == no_such_program);
}

TEST_CASE("a confined process reads no file of the person") {
  if (!has_landlock()) return;
  const MailFolder mail;
  CHECK(run_confined("read line <\"$1\"; echo \"got $line\"", mail.message(1)).standard_output == "got \n");
  for (const std::string& path : {mail.message(1), std::string("/etc/passwd"), std::string("/proc/self/environ"), mail.root()}) {
    check_refused(path.c_str(), EACCES, [&] { return ::open(path.c_str(), O_RDONLY); });
  }
}

TEST_CASE("a command that cannot be confined is not started") {
  const auto ended = run_shell_command("echo on", 60'000, 1000, {}, {-1, {}, [] { return false; }});
  REQUIRE(ended);
  CHECK(ended->standard_output.empty());
  CHECK(ended->exit_code == cannot_start);
}
