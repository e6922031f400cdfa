#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "../../src/remote/deflate_stream.hpp"
#include "fake_server.hpp"
#include "pipe.hpp"

namespace valija::remote {
namespace {

using testing::Collector;
using testing::FakeServer;
using testing::inbox;
using testing::newest_first;
using testing::Pipe;
using testing::PipeStream;
using testing::some_messages;

/// Stands between the client and a FakeServer: plain until COMPRESS is agreed to, deflated behind it.
class Compressing final : public net::Stream {
 public:
  struct Watched {
    bool is_local = false;
    bool is_refused = false;
    bool is_garbage = false;     ///< what follows the OK is not deflate
    std::size_t piece = 65536;   ///< octets per read of the client
    std::size_t on_the_wire = 0;  ///< octets to the client
  };
  Compressing(std::unique_ptr<net::Stream> server, Watched& watched) : server_(std::move(server)), watched_(watched) {}

  Result<std::size_t> read(std::span<char> buffer) override {
    pump();
    if (to_client_.octets.empty()) return fail(Kind::unreachable, Blast::account, "The server is silent.");
    const auto size = PipeStream(to_client_, to_server_).read(buffer.subspan(0, std::min(buffer.size(), watched_.piece)));
    watched_.on_the_wire += *size;
    return size;
  }
  Result<void> write(std::string_view bytes) override {
    if (!deflated_ && bytes.find("COMPRESS DEFLATE") != std::string_view::npos) return agree(bytes);
    if (!deflated_) return server_->write(bytes);
    to_server_.octets += bytes;
    std::string buffer(65536, '\0');
    while (true) {
      const auto size = deflated_->read(buffer);
      if (!size || *size == 0) return {};
      CHECK(server_->write({buffer.data(), *size}));
    }
  }
  Result<bool> readable(int) override {
    pump();
    return !to_client_.octets.empty();
  }
  bool is_loopback() const override { return watched_.is_local; }

 private:
  Result<void> agree(std::string_view command) {
    const std::string tag(command.substr(0, command.find(' ')));
    if (watched_.is_refused) {
      to_client_.octets += tag + " NO [COMPRESSIONACTIVE] TLS does it already\r\n";
      return {};
    }
    to_client_.octets += tag + " OK go\r\n";
    if (watched_.is_garbage) to_client_.octets += std::string(100, '\xff');
    deflated_ = make_deflate_stream(std::make_unique<Ends>(*this), {});
    // In the same packet as the answer.
    CHECK(deflated_->write("* OK welcome to the other side\r\n"));
    return {};
  }
  /// What the server has to say goes to the client, deflated or not.
  void pump() {
    std::string buffer(65536, '\0');
    while (*server_->readable(0)) {
      const auto size = server_->read(buffer);
      if (!size) return;
      const std::string_view octets(buffer.data(), *size);
      if (deflated_) {
        CHECK(deflated_->write(octets));
      } else {
        to_client_.octets += octets;
      }
    }
  }

  /// The server's side of the pipes; empty is not closed.
  class Ends final : public net::Stream {
   public:
    explicit Ends(Compressing& wire) : wire_(wire) {}
    Result<std::size_t> read(std::span<char> buffer) override {
      if (wire_.to_server_.octets.empty()) return fail(Kind::unreachable, Blast::account, "nothing more yet");
      return PipeStream(wire_.to_server_, wire_.to_client_).read(buffer);
    }
    Result<void> write(std::string_view bytes) override {
      wire_.to_client_.octets += bytes;
      return {};
    }
    Result<bool> readable(int) override { return !wire_.to_server_.octets.empty(); }

   private:
    Compressing& wire_;
  };

  std::unique_ptr<net::Stream> server_, deflated_;
  Watched& watched_;
  Pipe to_client_, to_server_;
};

Dialler over(FakeServer& server, Compressing::Watched& watched) {
  return [dial = server.dialler(), &watched]() -> Result<std::unique_ptr<net::Stream>> {
    return std::unique_ptr<net::Stream>(std::make_unique<Compressing>(*dial(), watched));
  };
}

FakeServer server_with(std::size_t size) {
  FakeServer server;
  server.capabilities = "COMPRESS=DEFLATE LITERAL+";
  server.messages = some_messages(20);
  for (auto& message : server.messages) message.octets += std::string(size, 'x');
  return server;
}

std::size_t octets_for(Compress compress, bool is_local) {
  FakeServer server = server_with(10'000);
  Compressing::Watched watched;
  watched.is_local = is_local;
  const auto remote = make_imap_remote(over(server, watched), {.compress = compress});
  const auto snapshot = remote->list_messages(inbox(), {});
  REQUIRE(snapshot);
  CHECK(snapshot->messages.size() == 20);
  Collector sink;
  CHECK(remote->fetch(inbox(), snapshot->uid_validity, newest_first(snapshot->messages), sink));
  for (const auto& message : server.messages) CHECK(sink.bodies[message.uid] == message.octets);
  return watched.on_the_wire;
}

}  // namespace

TEST_CASE("compress: a whole session is the same, in a tenth of the octets") {
  CHECK(octets_for(Compress::never, false) > 200'000);
  CHECK(octets_for(Compress::automatic, false) < 20'000);
  CHECK(octets_for(Compress::automatic, true) > 200'000);
  CHECK(octets_for(Compress::always, true) < 20'000);
}

TEST_CASE("compress: in pieces of any size") {
  for (std::size_t piece = 1; piece < 40; ++piece) {
    FakeServer server = server_with(100);
    Compressing::Watched watched;
    watched.piece = piece;
    const auto snapshot = make_imap_remote(over(server, watched))->list_messages(inbox(), {});
    REQUIRE(snapshot);
    CHECK(snapshot->messages.size() == 20);
  }
}

TEST_CASE("compress: a server that has none or refuses is spoken to plainly") {
  for (const bool is_offered : {true, false}) {
    FakeServer server = server_with(100);
    if (!is_offered) server.capabilities.clear();
    Compressing::Watched watched;
    watched.is_refused = is_offered;
    CHECK(make_imap_remote(over(server, watched), {.compress = Compress::always})->list_messages(inbox(), {}));
  }
}

TEST_CASE("compress: what is no deflate behind the answer is an error of the protocol") {
  FakeServer server = server_with(100);
  Compressing::Watched watched;
  watched.is_garbage = true;
  const auto snapshot = make_imap_remote(over(server, watched))->list_messages(inbox(), {});
  REQUIRE_FALSE(snapshot);
  CHECK(snapshot.error().kind == Kind::protocol);
}

TEST_CASE("compress: a bomb of one line is stopped by the limit of a line") {
  FakeServer server = server_with(100);
  server.hook = [](const std::string&, const std::string& command) -> std::optional<std::string> {
    if (!command.starts_with("UID FETCH")) return std::nullopt;
    return "* 1 FETCH (" + std::string(std::size_t{8} << 20, '(');
  };
  Compressing::Watched watched;
  const auto snapshot = make_imap_remote(over(server, watched))->list_messages(inbox(), {});
  REQUIRE_FALSE(snapshot);
  CHECK(snapshot.error().kind == Kind::protocol);
  CHECK(watched.on_the_wire < 100'000);
}

}  // namespace valija::remote
