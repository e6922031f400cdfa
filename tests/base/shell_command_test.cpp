#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>

#include <chrono>
#include <filesystem>
#include <thread>

#include "support/temporary_directory.hpp"
#include "valija/base/process.hpp"
#include "valija/base/text.hpp"

using namespace valija;
using valija::test::TemporaryDirectory;

TEST_CASE("a command gives its output, its complaints and its exit code") {
  const auto good = run_shell_command("echo hunter2", 20'000, 1000);
  REQUIRE(good);
  CHECK(good->standard_output == "hunter2\n");
  CHECK(good->exit_code == 0);
  const auto bad = run_shell_command("echo locked >&2; exit 3", 20'000, 1000);
  REQUIRE(bad);
  CHECK(bad->standard_error == "locked\n");
  CHECK(bad->exit_code == 3);
  CHECK(run_shell_command("kill -9 $$", 20'000, 1000)->exit_code == 128 + SIGKILL);
}

TEST_CASE("a command has no terminal, no input, and none of our descriptors") {
  const Fd null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  const Fd ours(::fcntl(null.get(), F_DUPFD, 100));  // on purpose without FD_CLOEXEC
  const auto listed = run_shell_command("cat; ls /proc/$$/fd; (: </dev/tty) 2>&1 || echo none", 20'000, 1000);
  REQUIRE(listed);
  for (const auto& line : split(listed->standard_output, '\n')) {
    CAPTURE(line);
    CHECK(line != std::to_string(ours.get()));
    CHECK(line != std::to_string(null.get()));
  }
  CHECK(listed->standard_output.ends_with("none\n"));
}

TEST_CASE("a command that hangs is ended with everything it started") {
  const TemporaryDirectory directory;
  const auto start = std::chrono::steady_clock::now();
  const std::string command = "echo $$ > " + (directory / "pid") + "; cat /dev/zero > /dev/null & wait";
  auto refused = run_shell_command(command, 300, 1000);
  // Where the machine is so busy that the command did not even begin, it gets more time.
  for (int timeout_ms = 600; !std::filesystem::exists(directory / "pid") && timeout_ms < 10'000; timeout_ms *= 2) {
    refused = run_shell_command(command, timeout_ms, 1000);
  }
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(60));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == Kind::try_later);
  CHECK_FALSE(refused.error().hint.empty());
  const auto pid = read_file(directory / "pid", 100);
  REQUIRE(pid);
  CHECK(::kill(std::stoi(*pid), 0) == -1);
}

TEST_CASE("output up to the limit is fine, one byte more is refused, endless output ends") {
  CHECK(run_shell_command("printf 12345", 20'000, 5)->standard_output == "12345");
  const auto loud = run_shell_command("printf 123456", 20'000, 5);
  REQUIRE_FALSE(loud);
  CHECK(loud.error().kind == Kind::settings);
  CHECK(loud.error().hint.empty());
  CHECK_FALSE(run_shell_command("cat /dev/zero", 20'000, 1000));
}

TEST_CASE("complaints beyond 4 KiB are read and dropped") {
  const auto loud = run_shell_command("head -c 1000000 /dev/zero | tr '\\0' x >&2; echo done", 20'000, 1000);
  REQUIRE(loud);
  CHECK(loud->standard_output == "done\n");
  CHECK(loud->standard_error.size() == 4096);
}

TEST_CASE("a daemon that the command leaves behind does not keep us waiting") {
  const TemporaryDirectory directory;
  const std::string fifo = directory / "fifo";
  const auto start = std::chrono::steady_clock::now();
  const auto output =
      run_shell_command("mkfifo " + fifo + "; (read end < " + fifo + ") & echo $!; echo secret", 60'000, 1000);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(50));
  REQUIRE(output);
  CHECK(output->standard_output.ends_with("secret\n"));
  ::kill(std::stoi(output->standard_output), SIGKILL);
}

TEST_CASE("a command that hangs is ended as soon as stop is asked, before or while it runs") {
  const TemporaryDirectory directory;
  const std::string fifo = directory / "fifo";
  const auto start = std::chrono::steady_clock::now();
  std::stop_source stop;
  // The command waits for a reader of the fifo: once it is open, the command runs.
  std::jthread stopper;
  REQUIRE(run_shell_command("mkfifo " + fifo, 20'000, 1000));
  stopper = std::jthread([&] {
    const Fd opened(::open(fifo.c_str(), O_RDONLY | O_CLOEXEC));
    stop.request_stop();
  });
  const auto stopped = run_shell_command("echo secret; exec 5>" + fifo + "; sleep 60", 60'000, 1000, stop.get_token());
  REQUIRE_FALSE(stopped);
  CHECK(stopped.error().kind == Kind::cancelled);
  CHECK(run_shell_command("sleep 60", 60'000, 1000, stop.get_token()).error().kind == Kind::cancelled);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(50));
}

TEST_CASE("a command gets arguments that the shell reads nothing in, and an input") {
  const TemporaryDirectory scratch;
  const std::string path = scratch / "input";
  REQUIRE(write_file_durably(path, "of the file\n"));
  const Fd input(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  const CommandInput given{input.get(), {"$(touch harm)", "-a b;c", ""}};
  const auto output = run_shell_command("printf '<%s>' \"$@\"; cat", 20'000, 1000, {}, given);
  REQUIRE(output);
  CHECK(output->standard_output == "<$(touch harm)><-a b;c><>of the file\n");
}
