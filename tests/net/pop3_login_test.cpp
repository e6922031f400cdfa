#include "../../src/net/pop3_login.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>
#include <vector>

namespace valija::net {
namespace {

/// Answers each line with the next of its answers, in pieces.
class Answering final : public Stream {
 public:
  explicit Answering(std::vector<std::string> answers) : answers_(std::move(answers)) {}
  std::string heard;

  Result<std::size_t> read(std::span<char> buffer) override {
    const std::size_t size = std::min({buffer.size(), waiting_.size(), std::size_t{100}});
    std::memcpy(buffer.data(), waiting_.data(), size);
    waiting_.erase(0, size);
    return size;
  }
  Result<void> write(std::string_view bytes) override {
    heard += bytes;
    if (next_ < answers_.size()) waiting_ += answers_[next_++];
    return {};
  }
  Result<bool> readable(int) override { return !waiting_.empty(); }

 private:
  std::vector<std::string> answers_;
  std::size_t next_ = 0;
  std::string waiting_;
};

Result<std::string> log_in(Answering& server, const char* user = "ana", const char* password = "s3 cret") {
  return log_in_pop3(server, user, Secret(password));
}

}  // namespace

TEST_CASE("USER and PASS, one after the other") {
  Answering server({"+OK go on\r\n", "+OK welcome\r\n"});
  const auto done = log_in(server);
  REQUIRE(done);
  CHECK(done->empty());
  CHECK(server.heard == "USER ana\r\nPASS s3 cret\r\n");
}

TEST_CASE("a refusal comes back in the server's words, and a refused user costs no password") {
  Answering wrong({"+OK\r\n", "-ERR [AUTH] no\r\n"});
  CHECK(*log_in(wrong) == "-ERR [AUTH] no\r\n");
  Answering unknown({"-ERR who?\r\n", "+OK\r\n"});
  CHECK(*log_in(unknown) == "-ERR who?\r\n");
  CHECK(unknown.heard.find("PASS") == std::string::npos);
}

TEST_CASE("what is no answer to a login, or more than one, is refused") {
  for (const char* answer : {"* OK hello\r\n", "+OK\r\n+OK\r\n", "+OK\r\nmore", "\r\n"}) {
    Answering server({answer, "+OK\r\n"});
    const auto done = log_in(server);
    REQUIRE_FALSE(done);
    CHECK(done.error().kind == Kind::protocol);
  }
  Answering endless({std::string(1 << 20, 'x')});
  CHECK(log_in(endless).error().kind == Kind::protocol);
  Answering silent({});
  CHECK(log_in(silent).error().kind == Kind::unreachable);
}

TEST_CASE("a line break in a name or password sends nothing") {
  for (const char* bad : {"a\r\nDELE 1", "a\nb", "a\rb"}) {
    Answering server({"+OK\r\n", "+OK\r\n"});
    CHECK(log_in(server, bad).error().kind == Kind::settings);
    CHECK(log_in(server, "ana", bad).error().kind == Kind::settings);
    CHECK(server.heard.empty());
  }
}

}  // namespace valija::net
