#include "valija/workers/render_service.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <memory>
#include <vector>

#include "../../src/workers/render_protocol.hpp"
#include "../../src/workers/sandbox.hpp"
#include "mime/clean_document.hpp"
#include "mime/hostile_messages.hpp"
#include "support/temporary_directory.hpp"
#include "valija/base/codec.hpp"
#include "valija/base/ipc.hpp"

using namespace valija;
using workers::RenderService;

namespace {

/// Forks a process that runs `act` with the socket as its descriptor 3, as spawn_self() would.
template <typename Act>
Result<Child> fork_child(Act act) {
  int ends[2] = {-1, -1};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return fail(disk_error("open", "socketpair", errno));
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::dup2(ends[1], 3);
    ::close_range(4, ~0U, 0);
    ::_exit(act());
  }
  ::close(ends[1]);
  return Child(pid, Fd(ends[0]));
}

/// The real process, and its id for tests that end it.
RenderService::Options real_process(std::shared_ptr<pid_t> pid = nullptr, std::shared_ptr<int> starts = nullptr) {
  RenderService::Options options;
  options.spawn = [pid, starts] {
    auto child = fork_child(workers::render_process_main);
    if (child && pid) *pid = child->pid();
    if (starts) ++*starts;
    return child;
  };
  return options;
}

mime::Prescan trusting_prescan(std::string_view) { return {}; }

/// A process that answers the first `good` requests like the real one would answer an empty document, then does `last`.
template <typename Last>
RenderService::Options fake_process(Last last) {
  RenderService::Options options;
  options.prescan = trusting_prescan;
  options.spawn = [last] {
    return fork_child([last] {
      const auto frame = receive_frame(3, -1);
      return frame && frame->has_value() ? last() : 0;
    });
  };
  return options;
}

std::string write_message(const test::TemporaryDirectory& directory, const std::string& name, const std::string& text) {
  const std::string path = directory / name;
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

}  // namespace

TEST_CASE("a message is rendered in the sandboxed process, one part taken out of it") {
  const test::TemporaryDirectory directory;
  const auto path = write_message(directory, "mail",
                                  test::message("Content-Type: multipart/mixed; boundary=b\r\n",
                                                "--b\r\nContent-Type: text/html; charset=gb2312\r\n\r\n<p>\xc4\xe3</p>\r\n--b\r\n"
                                                "Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\naGVsbG8=\r\n--b--\r\n"));
  auto service = *RenderService::start(real_process());
  const auto document = service->render(path);
  REQUIRE(document.has_value());
  CHECK(document->headers.subject == "s");
  CHECK(document->is_html);
  CHECK(test::all_text(*document) == "你\n");
  CHECK(*service->part(path, "2") == "hello");
  CHECK(service->part(path, "9").error().kind == Kind::input);
}

TEST_CASE("within the sandbox parts are viewed, pictures decoded, pages made") {
  const test::TemporaryDirectory directory;
  const std::string gif("GIF89a\x01\x00\x01\x00\xf0\x00\x00\x00\x00\xff\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02\x44\x01\x00;", 36);
  const auto path = write_message(directory, "mail",
                                  test::message("Content-Type: multipart/mixed; boundary=b\r\n",
                                                "--b\r\nContent-Type: text/html; charset=gb2312\r\n\r\n<p>\xc4\xe3</p>\r\n--b\r\nContent-Type: image/gif\r\n\r\n" + gif +
                                                    "\r\n--b\r\nContent-Type: application/x\r\n\r\n\x01\x02\r\n--b--\r\n"));
  auto service = *RenderService::start(real_process());
  CHECK(test::all_text(*service->view(path, "1", 80)) == "你\n");
  CHECK(test::all_text(*service->view(path, "3", 80)).find("01 02") != std::string::npos);
  CHECK(service->picture(path, "2", 10, 10)->rgba == std::string("\x00\x00\xff\xff", 4));
  CHECK(service->picture(path, "3", 10, 10).error().kind == Kind::input);
  CHECK(service->page(path)->find("你") != std::string::npos);
}

TEST_CASE("the largest picture that is decoded fits into the sandbox") {
  const test::TemporaryDirectory directory;
  // 7,000 by 5,500 pixels, of which only the first is there.
  const std::string gif("GIF89a\x58\x1b\x7c\x15\xf0\x00\x00\x00\x00\xff\x00\x00\x00,\x00\x00\x00\x00\x58\x1b\x7c\x15\x00\x02\x02\x44\x01\x00;", 36);
  const auto path = write_message(directory, "mail", test::message("Content-Type: image/gif\r\n", gif));
  auto service = *RenderService::start(real_process());
  const auto pixels = service->picture(path, "1", 70, 70);
  REQUIRE(pixels);
  CHECK(pixels->width == 70);
  CHECK(pixels->height == 55);
}

TEST_CASE("in a thread of the test it answers the same") {
  const test::TemporaryDirectory directory;
  const auto path = write_message(directory, "mail", test::message(""));
  RenderService::Options options;
  options.in_thread = true;
  auto in_thread = *RenderService::start(options);
  auto in_process = *RenderService::start(real_process());
  CHECK(*in_thread->render(path) == *in_process->render(path));
}

TEST_CASE("files that are no message are refused with a reason") {
  const test::TemporaryDirectory directory;
  auto service = *RenderService::start(real_process());
  CHECK(service->render(directory / "missing").error().kind == Kind::disk);
  CHECK(service->render(directory.path()).error().kind == Kind::input);
  CHECK(service->render("/dev/zero").error().kind == Kind::input);
  const auto path = write_message(directory, "mail", test::message(""));
  REQUIRE(::symlink(path.c_str(), (directory / "link").c_str()) == 0);
  CHECK_FALSE(service->render(directory / "link").has_value());
  REQUIRE(::mkfifo((directory / "pipe").c_str(), 0600) == 0);
  CHECK(service->render(directory / "pipe").error().kind == Kind::input);
  REQUIRE(::truncate(write_message(directory, "large", "").c_str(), 257L * 1024 * 1024) == 0);
  CHECK(service->render(directory / "large").error().kind == Kind::input);
}

TEST_CASE("a known killer is shown raw and no process is started for it") {
  const test::TemporaryDirectory directory;
  const auto starts = std::make_shared<int>(0);
  auto service = *RenderService::start(real_process(nullptr, starts));
  for (const auto& killer : test::parser_killers()) {
    CAPTURE(killer.name);
    const auto document = service->render(write_message(directory, "killer", killer.text));
    REQUIRE(document.has_value());
    CHECK(document->is_unreadable);
    CHECK(test::first_unclean(*document) == "");
  }
  CHECK(*starts == 0);
}

TEST_CASE("a message that kills the process is quarantined until it changes, and the next one is read") {
  const test::TemporaryDirectory directory;
  const auto path = write_message(directory, "killer", test::message("X-Killer: yes\r\n"));
  const auto good = write_message(directory, "good", test::message(""));
  const auto starts = std::make_shared<int>(0);
  RenderService::Options options;
  // The first process dies of its first request, the others are real.
  options.spawn = [starts] {
    if (++*starts > 1) return fork_child(workers::render_process_main);
    return fork_child([] {
      const auto frame = receive_frame(3, -1);
      ::raise(SIGKILL);  // as a crash would end it, but past the handlers of the test runner
      return frame ? 1 : 2;
    });
  };
  auto service = *RenderService::start(options);
  const auto killed = service->render(path);
  REQUIRE(killed.has_value());
  CHECK(killed->is_unreadable);
  CHECK(killed->headers.subject == "s");
  CHECK(service->render(path)->is_unreadable);
  CHECK(service->part(path, "1").error().kind == Kind::input);
  CHECK(*starts == 1);
  CHECK_FALSE(service->render(good)->is_unreadable);
  std::ofstream(path, std::ios::app) << "changed";
  CHECK_FALSE(service->render(path)->is_unreadable);
  CHECK(*starts == 2);
}

TEST_CASE("a message that takes too long ends the process and is quarantined") {
  const test::TemporaryDirectory directory;
  const auto path = write_message(directory, "slow", test::message(""));
  auto options = fake_process([] {
    ::pause();
    return 0;
  });
  options.timeout_ms = 100;
  auto service = *RenderService::start(options);
  const auto start = std::chrono::steady_clock::now();
  CHECK(service->render(path)->is_unreadable);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(60));
  const auto part = service->part(path, "1");  // of which nothing is shown
  REQUIRE_FALSE(part);
  CHECK(part.error().message.find("raw text") == std::string::npos);
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // which take more address space than the limit is
TEST_CASE("a process that wants all memory ends alone, and the message is shown raw") {
  const test::TemporaryDirectory directory;
  const auto path = write_message(directory, "greedy", test::message("", "its text\r\n"));
  auto service = *RenderService::start(fake_process([]() noexcept {
    ::signal(SIGABRT, SIG_DFL);  // not the handler of the test runner
    ::close(STDERR_FILENO);
    if (!workers::enter_sandbox()) return workers::exit_without_sandbox;
    std::vector<std::unique_ptr<char[]>> taken;
    while (taken.size() < 100) taken.emplace_back(new char[std::size_t{64} << 20]);  // 6 GB, never touched
    return send_frame(3, Encoder().u8(static_cast<std::uint8_t>(workers::RenderAnswer::error)).text("It got all of it.").take()) ? 0 : 1;
  }));
  const auto document = service->render(path);
  REQUIRE(document.has_value());
  CHECK(document->is_unreadable);
  CHECK(test::all_text(*document).find("its text") != std::string::npos);
  REQUIRE_FALSE(document->warnings.empty());
  CHECK(document->warnings.front().find("made the process that reads messages fail") != std::string::npos);
}
#endif

TEST_CASE("a process that answers nonsense is ended and the message shown raw") {
  const test::TemporaryDirectory directory;
  const auto path = write_message(directory, "mail", test::message(""));
  for (const std::string& nonsense : {std::string(), std::string("\x01garbage"), std::string("\x02octets"), std::string(1000, '\xff')}) {
    auto service = *RenderService::start(fake_process([nonsense] {
      if (!send_frame(3, nonsense)) return 1;
      return receive_frame(3, -1) ? 0 : 1;
    }));
    const auto document = service->render(path);
    REQUIRE(document.has_value());
    CHECK(document->is_unreadable);
  }
}

TEST_CASE("a process that ended itself when idle is started again unnoticed") {
  const test::TemporaryDirectory directory;
  const auto path = write_message(directory, "mail", test::message(""));
  const auto starts = std::make_shared<int>(0);
  RenderService::Options options;
  options.spawn = [starts] { return ++*starts == 1 ? fork_child([] { return 0; }) : fork_child(workers::render_process_main); };
  auto service = *RenderService::start(options);
  CHECK_FALSE(service->render(path)->is_unreadable);
  CHECK(*starts == 2);
}

TEST_CASE("a process that was killed between two messages costs no message") {
  const test::TemporaryDirectory directory;
  const auto pid = std::make_shared<pid_t>(0);
  auto service = *RenderService::start(real_process(pid));
  const auto first = write_message(directory, "first", test::message(""));
  const auto second = write_message(directory, "second", test::message(""));
  CHECK_FALSE(service->render(first)->is_unreadable);
  ::kill(*pid, SIGKILL);
  siginfo_t ended = {};
  REQUIRE(::waitid(P_PID, static_cast<id_t>(*pid), &ended, WEXITED | WNOWAIT) == 0);
  CHECK_FALSE(service->render(first)->is_unreadable);
  CHECK_FALSE(service->render(second)->is_unreadable);
}

TEST_CASE("a process that cannot lock itself in is an error and quarantines nothing") {
  const test::TemporaryDirectory directory;
  const auto path = write_message(directory, "mail", test::message(""));
  auto service = *RenderService::start(fake_process([] { return 70; }));
  CHECK(service->render(path).error().kind == Kind::bug);
  CHECK(service->render(path).error().kind == Kind::bug);
}

TEST_CASE("hostile messages all come back clean from the sandbox, and none of them ends it") {
  const test::TemporaryDirectory directory;
  const auto starts = std::make_shared<int>(0);
  auto options = real_process(nullptr, starts);
  options.timeout_ms = 200'000;  // sanitizers on a busy machine; that there is an end is tested above
  auto service = *RenderService::start(options);
  std::vector<test::HostileMessage> messages = test::oddities();
  for (auto& flood : test::floods()) messages.push_back(std::move(flood));
  for (const auto& hostile : messages) {
    CAPTURE(hostile.name);
    const auto document = service->render(write_message(directory, "hostile", hostile.text));
    REQUIRE(document.has_value());
    CHECK(document->is_unreadable == mime::prescan(hostile.text).dangerous);
    CHECK(test::first_unclean(*document) == "");
  }
  CHECK(*starts == 1);
}

TEST_CASE("an ordinary message takes a few milliseconds") {
  const test::TemporaryDirectory directory;
  const auto path = write_message(directory, "mail", test::message("", test::repeated("A line of ordinary text.\r\n", 100)));
  auto service = *RenderService::start(real_process());
  const auto timed = [&] {
    const auto start = std::chrono::steady_clock::now();
    CHECK(service->render(path).has_value());
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  };
  const double cold = timed();
  double best = cold;
  for (int i = 0; i < 100; ++i) best = std::min(best, timed());
  MESSAGE("first ", cold, " ms, then ", best, " ms");
  CHECK(best < 20);
}
