#include "fake_submission_server.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace valija::remote::testing {

class FakeSubmissionServer::Line final : public net::Stream {
 public:
  explicit Line(FakeSubmissionServer& server) : server_(server) {}

  Result<std::size_t> read(std::span<char> buffer) override {
    std::string& octets = server_.to_client_;
    const std::size_t left = server_.cut_from_server - read_;
    const std::size_t size = std::min({buffer.size(), octets.size(), server_.piece, left});
    if (size == 0 && left > 0) return fail(Kind::unreachable, Blast::account, "The line is silent.");
    std::memcpy(buffer.data(), octets.data(), size);
    octets.erase(0, size);
    read_ += size;
    return size;
  }
  Result<void> write(std::string_view bytes) override {
    const std::size_t size = std::min(bytes.size(), server_.cut_to_server - written_);
    server_.take(bytes.substr(0, size));
    written_ += size;
    if (size < bytes.size()) return fail(Kind::unreachable, Blast::account, "The line broke.");
    return {};
  }
  Result<bool> readable(int timeout_ms) override {
    if (server_.stop.stop_requested()) return fail(Kind::cancelled, Blast::account, "Stopped.");
    const auto is_there = [this] { return !server_.to_client_.empty() || read_ == server_.cut_from_server; };
    if (!is_there() && timeout_ms > 0) server_.on_silence(timeout_ms);
    return is_there();
  }

 private:
  FakeSubmissionServer& server_;
  std::size_t read_ = 0, written_ = 0;
};

Submission::Dialler FakeSubmissionServer::dialler() {
  return [this](std::stop_token asked) -> Result<std::unique_ptr<net::Stream>> {
    ++dials;
    stop = std::move(asked);
    to_client_.clear();
    line_.clear();
    in_message_ = false;
    return std::unique_ptr<net::Stream>(std::make_unique<Line>(*this));
  };
}

void FakeSubmissionServer::take(std::string_view octets) {
  heard += octets;
  for (const char octet : octets) {
    line_ += octet;
    if (line_.ends_with("\r\n")) take_line(std::exchange(line_, {}));
  }
}

void FakeSubmissionServer::take_line(const std::string& line) {
  if (in_message_ && line != ".\r\n") {
    body_ += line;
    to_client_ += std::exchange(in_body, {});
    return;
  }
  const std::string verb = in_message_ ? "." : line.substr(0, 4);
  if (verb == "EHLO") {
    answer(verb, line, extensions.substr(0, extensions.size() - 2));
  } else if (verb == "DATA") {
    answer(verb, line, "354 go");
    in_message_ = !answers.contains("DATA") || answers["DATA"].starts_with("354");
    body_.clear();
  } else {
    in_message_ = false;
    if (verb == "." && !answers.contains(".")) accepted.push_back(body_);
    answer(verb, line, verb == "." ? "250 2.0.0 queued" : "250 ok");
  }
}

void FakeSubmissionServer::answer(const std::string& verb, const std::string& line, const std::string& honest) {
  auto found = answers.find(line.substr(0, line.size() - 2));
  if (found == answers.end()) found = answers.find(verb);
  const std::string& said = found == answers.end() ? honest : found->second;
  if (!said.empty()) to_client_ += said + "\r\n";
}

}  // namespace valija::remote::testing
