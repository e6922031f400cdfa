#include "valija/base/fd.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "support/temporary_directory.hpp"

using namespace valija;
using valija::test::TemporaryDirectory;

namespace {

bool is_open(int fd) { return ::fcntl(fd, F_GETFD) >= 0; }

mode_t mode_of(const std::string& path) {
  struct stat status = {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 07777;
}

/// Sets the umask for one test.
class Umask {
 public:
  explicit Umask(mode_t mask) : before_(::umask(mask)) {}
  ~Umask() { ::umask(before_); }

 private:
  mode_t before_;
};

}  // namespace

TEST_CASE("a descriptor is closed once, when its owner goes") {
  int number = -1;
  {
    Fd first(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    number = first.get();
    Fd second(std::move(first));
    CHECK(first.get() == -1);
    CHECK(second.get() == number);
    Fd third;
    third = std::move(second);
    CHECK(is_open(number));
  }
  CHECK_FALSE(is_open(number));
}

TEST_CASE("close reports the error and forgets the descriptor") {
  Fd file(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  CHECK(file.close() == 0);
  CHECK_FALSE(file);
  CHECK(file.close() == 0);
  Fd wrong(12345);
  CHECK(wrong.close() == EBADF);
}

TEST_CASE("write_all reports a full device") {
  Fd full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  CHECK(write_all(full.get(), "x") == ENOSPC);
  CHECK(write_all(full.get(), "") == 0);
}

TEST_CASE("a file written durably reads back, is private, and leaves nothing beside it") {
  const TemporaryDirectory directory;
  const Umask open_to_all(0);
  const std::string path = directory / "state";
  REQUIRE(write_file_durably(path, "one"));
  REQUIRE(write_file_durably(path, std::string(100'000, 'x')));
  const auto content = read_file(path, 100'000);
  REQUIRE(content);
  CHECK(content->size() == 100'000);
  CHECK(mode_of(path) == 0600);
  CHECK(std::distance(std::filesystem::directory_iterator(directory.path()), {}) == 1);
}

TEST_CASE("replacing a file fails without touching the old one") {
  const TemporaryDirectory directory;
  CHECK_FALSE(write_file_durably(directory / "missing/state", "x"));
  REQUIRE(::mkdir((directory / "taken").c_str(), 0700) == 0);
  const auto refused = write_file_durably(directory / "taken", "x");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == Kind::disk);
  CHECK(std::distance(std::filesystem::directory_iterator(directory.path()), {}) == 1);
}

TEST_CASE("read_file refuses one byte more than the limit") {
  const TemporaryDirectory directory;
  REQUIRE(write_file_durably(directory / "file", "12345"));
  CHECK(read_file(directory / "file", 5).value() == "12345");
  const auto refused = read_file(directory / "file", 4);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == Kind::input);
  REQUIRE(write_file_durably(directory / "empty", ""));
  CHECK(read_file(directory / "empty", 0).value().empty());
}

TEST_CASE("read_file reads what grows while it reads, and files that hide their size") {
  CHECK(read_file("/proc/self/status", 100'000).value().find("Name:") == 0);
  CHECK_FALSE(read_file("/proc/self/status", 10));
}

TEST_CASE("read_file does not wait for a FIFO and refuses what is not a file") {
  const TemporaryDirectory directory;
  REQUIRE(::mkfifo((directory / "fifo").c_str(), 0600) == 0);
  CHECK_FALSE(read_file(directory / "fifo", 10));
  CHECK_FALSE(read_file(directory.path(), 10));
  CHECK_FALSE(read_file("/dev/zero", 10));
  CHECK(read_file(directory / "none", 10).error().kind == Kind::disk);
}

TEST_CASE("make_directories makes every missing parent private, whatever the umask") {
  const TemporaryDirectory directory;
  const Umask strange(0277);
  REQUIRE(make_directories(directory / "a/b//c"));
  CHECK(mode_of(directory / "a") == 0700);
  CHECK(mode_of(directory / "a/b/c") == 0700);
  CHECK(make_directories(directory / "a/b/c"));
}

TEST_CASE("make_directories does not go through a file") {
  const TemporaryDirectory directory;
  REQUIRE(write_file_durably(directory / "file", ""));
  const auto refused = make_directories(directory / "file/inside");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message.find("Not a directory") != std::string::npos);
}
