#include "valija/base/ipc.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <thread>

#include "valija/base/codec.hpp"

using namespace valija;

namespace {

struct Pair {
  Fd a, b;
};

Pair make_pair() {
  int ends[2] = {-1, -1};
  REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
  return {Fd(ends[0]), Fd(ends[1])};
}

}  // namespace

TEST_CASE("frames arrive whole and in order, empty ones too") {
  Pair pair = make_pair();
  REQUIRE(send_frame(pair.a.get(), "one"));
  REQUIRE(send_frame(pair.a.get(), ""));
  REQUIRE(send_frame(pair.a.get(), "three"));
  for (const std::string expected : {"one", "", "three"}) {
    auto frame = receive_frame(pair.b.get(), 1000);
    REQUIRE(frame);
    REQUIRE(frame->has_value());
    CHECK((*frame)->payload == expected);
    CHECK_FALSE((*frame)->descriptor);
  }
}

TEST_CASE("a frame larger than every buffer arrives while the sender waits") {
  Pair pair = make_pair();
  const std::string payload(5'000'000, 'x');
  std::jthread sender([&] { CHECK(send_frame(pair.a.get(), payload)); });
  const auto frame = receive_frame(pair.b.get(), 10'000);
  REQUIRE(frame);
  CHECK((*frame)->payload == payload);
}

TEST_CASE("a descriptor rides along and is closed on exec") {
  Pair pair = make_pair();
  int pipe_ends[2] = {-1, -1};
  REQUIRE(::pipe2(pipe_ends, O_CLOEXEC) == 0);
  const Fd read_end(pipe_ends[0]);
  {
    const Fd write_end(pipe_ends[1]);
    REQUIRE(send_frame(pair.a.get(), "take it", write_end.get()));
  }
  {
    auto frame = receive_frame(pair.b.get(), 1000);
    REQUIRE(frame);
    REQUIRE((*frame)->descriptor);
    CHECK((::fcntl((*frame)->descriptor.get(), F_GETFD) & FD_CLOEXEC) != 0);
    CHECK(write_all((*frame)->descriptor.get(), "hi") == 0);
  }
  char buffer[8] = {};
  CHECK(::read(read_end.get(), buffer, sizeof buffer) == 2);
  CHECK(::read(read_end.get(), buffer, sizeof buffer) == 0);
}

TEST_CASE("a peer that closed between frames is no error, in the middle of one it is") {
  Pair orderly = make_pair();
  orderly.a.reset();
  const auto end = receive_frame(orderly.b.get(), 1000);
  REQUIRE(end);
  CHECK_FALSE(end->has_value());

  const std::string whole = Encoder().text("hello").take();
  for (std::size_t size = 1; size < whole.size(); ++size) {
    CAPTURE(size);
    Pair torn = make_pair();
    REQUIRE(write_all(torn.a.get(), whole.substr(0, size)) == 0);
    torn.a.reset();
    const auto refused = receive_frame(torn.b.get(), 1000);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == Kind::bug);
  }
}

TEST_CASE("a silent or slow peer is a timeout") {
  Pair pair = make_pair();
  CHECK(receive_frame(pair.b.get(), 10).error().kind == Kind::try_later);
  REQUIRE(write_all(pair.a.get(), Encoder().text("hello").take().substr(0, 6)) == 0);
  CHECK(receive_frame(pair.b.get(), 10).error().kind == Kind::try_later);
}

TEST_CASE("a peer that does not read is a timeout of the sender, and one that reads slowly is not") {
  Pair pair = make_pair();
  const std::string payload(5'000'000, 'x');
  CHECK(send_frame(pair.a.get(), payload, -1, 10).error().kind == Kind::try_later);

  Pair other = make_pair();
  std::jthread sender([&] { CHECK(send_frame(other.a.get(), payload, -1, 10'000)); });
  const auto frame = receive_frame(other.b.get(), 10'000);
  REQUIRE(frame);
  CHECK((*frame)->payload == payload);
}

TEST_CASE("a frame above 64 MiB is refused before anything is allocated") {
  Pair pair = make_pair();
  REQUIRE(write_all(pair.a.get(), Encoder().u32(64 * 1024 * 1024 + 1).take()) == 0);
  CHECK(receive_frame(pair.b.get(), 1000).error().kind == Kind::bug);
  CHECK_FALSE(send_frame(pair.a.get(), std::string(64 * 1024 * 1024 + 1, 'x')));
}

TEST_CASE("sending to a peer that is gone is an error, not a signal") {
  Pair pair = make_pair();
  pair.b.reset();
  CHECK_FALSE(send_frame(pair.a.get(), "x"));
}
