#include "../../src/remote/deflate_stream.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <random>

#include <zlib.h>

#include "pipe.hpp"

namespace valija::remote {
namespace {

using testing::Pipe;
using testing::PipeStream;

struct Ends {
  Pipe to_client, to_server;
  std::unique_ptr<net::Stream> client = make_deflate_stream(std::make_unique<PipeStream>(to_client, to_server), {});
  std::unique_ptr<net::Stream> server = make_deflate_stream(std::make_unique<PipeStream>(to_server, to_client), {});
};

/// Reads until `size` octets are there or nothing comes any more.
std::string take(net::Stream& stream, std::size_t size, std::size_t piece = 4096) {
  std::string all, buffer(piece, '\0');
  while (all.size() < size) {
    const auto got = stream.read(buffer);
    if (!got || *got == 0) break;
    all.append(buffer, 0, *got);
  }
  return all;
}

std::string noise(std::size_t size) {
  std::mt19937 random(42);
  std::string octets(size, '\0');
  for (char& octet : octets) octet = static_cast<char>(random());
  return octets;
}

}  // namespace

TEST_CASE("what is written arrives octet for octet, however it is split") {
  CHECK(rc::check("deflate round trip", [] {
    Ends ends;
    ends.to_client.piece = *rc::gen::inRange<std::size_t>(1, 50);
    const auto pieces = *rc::gen::container<std::vector<std::string>>(rc::gen::arbitrary<std::string>());
    const auto buffer = *rc::gen::inRange<std::size_t>(1, 50);
    std::string sent;
    for (const std::string& piece : pieces) {
      sent += piece;
      RC_ASSERT(bool(ends.server->write(piece)));
    }
    RC_ASSERT(take(*ends.client, sent.size(), buffer) == sent);
    RC_ASSERT(!*ends.client->readable(0));
  }));
}

TEST_CASE("each write can be read at once, in both directions") {
  Ends ends;
  for (const std::string line : {"A1 NOOP\r\n", "A2 IDLE\r\n", "DONE\r\n"}) {
    REQUIRE(ends.client->write(line));
    CHECK(take(*ends.server, line.size()) == line);
    REQUIRE(ends.server->write("* " + line));
    CHECK(take(*ends.client, line.size() + 2) == "* " + line);
  }
}

TEST_CASE("octets beyond any buffer pass, those that do not shrink too") {
  Ends ends;
  const std::string octets = noise(700'000) + std::string(700'000, 'x');
  REQUIRE(ends.client->write(octets));
  CHECK(ends.to_server.octets.size() > 700'000);
  CHECK(ends.to_server.octets.size() < 710'000);
  CHECK(take(*ends.server, octets.size()) == octets);
}

TEST_CASE("octets that wait inflated are readable though nothing waits below") {
  Ends ends;
  REQUIRE(ends.server->write(std::string(1000, 'x')));
  CHECK(*ends.client->readable(0));
  CHECK(take(*ends.client, 1, 1) == "x");
  CHECK(ends.to_client.octets.empty());
  CHECK(*ends.client->readable(0));
  CHECK(take(*ends.client, 999, 7) == std::string(999, 'x'));
  CHECK_FALSE(*ends.client->readable(0));
}

TEST_CASE("octets that came with the answer to COMPRESS are the first") {
  Ends ends;
  REQUIRE(ends.server->write("* 1 EXISTS\r\n"));
  Pipe none, out;
  const auto client = make_deflate_stream(std::make_unique<PipeStream>(none, out), ends.to_client.octets);
  CHECK(*client->readable(0));
  CHECK(take(*client, 12) == "* 1 EXISTS\r\n");
}

TEST_CASE("part of a compressed block is not readable yet") {
  Ends ends;
  REQUIRE(ends.server->write(noise(100)));
  const std::string all = std::exchange(ends.to_client.octets, {});
  ends.to_client.octets = all.substr(0, 2);
  CHECK_FALSE(*ends.client->readable(0));
  ends.to_client.octets = all.substr(2);
  CHECK(*ends.client->readable(0));
  CHECK(take(*ends.client, 100) == noise(100));
}

TEST_CASE("a bomb comes out piece by piece") {
  std::string bomb(1 << 20, '\0');
  std::string plain(std::size_t{64} << 20, 'a');
  z_stream deflater{};
  REQUIRE(deflateInit2(&deflater, 9, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY) == Z_OK);
  deflater.next_in = reinterpret_cast<Bytef*>(plain.data());
  deflater.avail_in = static_cast<uInt>(plain.size());
  deflater.next_out = reinterpret_cast<Bytef*>(bomb.data());
  deflater.avail_out = static_cast<uInt>(bomb.size());
  REQUIRE(deflate(&deflater, Z_SYNC_FLUSH) == Z_OK);
  bomb.resize(bomb.size() - deflater.avail_out);
  deflateEnd(&deflater);
  REQUIRE(bomb.size() < 70'000);
  Pipe in{bomb, 65536}, out;
  const auto client = make_deflate_stream(std::make_unique<PipeStream>(in, out), {});
  std::string buffer(4096, '\0');
  std::size_t total = 0;
  while (total < plain.size()) {
    const auto size = client->read(buffer);
    REQUIRE(size);
    REQUIRE(*size > 0);
    total += *size;
  }
  CHECK(total == plain.size());
}

TEST_CASE("what is not deflate is an error of the protocol, again and again without an end") {
  Pipe in{std::string(100, '\xff'), 65536}, out;
  const auto client = make_deflate_stream(std::make_unique<PipeStream>(in, out), {});
  std::string buffer(100, '\0');
  const auto size = client->read(buffer);
  REQUIRE_FALSE(size);
  CHECK(size.error().kind == Kind::protocol);
  CHECK(*client->read(buffer) == 0);
}

TEST_CASE("any octets end in octets, an error or the end") {
  CHECK(rc::check("hostile deflate", [](const std::string& octets) {
    Pipe in{octets, 7}, out;
    const auto client = make_deflate_stream(std::make_unique<PipeStream>(in, out), {});
    std::string buffer(64, '\0');
    for (std::size_t total = 0; total < 10'000'000;) {
      const auto ready = client->readable(0);
      const auto size = ready ? client->read(buffer) : Result<std::size_t>(0);
      if (!size || *size == 0) return;
      total += *size;
    }
    RC_FAIL("without end");
  }));
}

TEST_CASE("the end below is the end") {
  Ends ends;
  std::string buffer(10, '\0');
  CHECK(*ends.client->read(buffer) == 0);
  CHECK(*ends.client->readable(0));
}

}  // namespace valija::remote
