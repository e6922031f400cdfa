#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include <curl/curl.h>

#include "valija/base/wakeup.hpp"
#include "valija/net/stream.hpp"

namespace valija::net {

struct CloseEasy {
  void operator()(CURL* handle) const noexcept { curl_easy_cleanup(handle); }
};
using EasyHandle = std::unique_ptr<CURL, CloseEasy>;

/// The stream behind a CURLOPT_CONNECT_ONLY handle that is connected and logged in.
class CurlStream final : public Stream {
 public:
  struct Peer {
    std::string name;  ///< "imap.example.org:993", for errors
    bool is_tls = false;
    int timeout_ms = 0;
    bool is_loopback = false;
  };
  CurlStream(EasyHandle handle, Peer peer, std::stop_token stop);

  Result<std::size_t> read(std::span<char> buffer) override;
  Result<void> write(std::string_view bytes) override;
  Result<bool> readable(int timeout_ms) override;
  int fd() const override { return socket_; }
  bool is_loopback() const override { return peer_.is_loopback; }

 private:
  enum class Arrival { octets, nothing_yet, closed };
  struct Received {
    Arrival arrival = Arrival::nothing_yet;
    std::size_t size = 0;
  };
  enum class Ready { no, in, out };

  Result<Received> receive(std::span<char> buffer);
  Result<void> receive_into_inbox();
  std::size_t take_from_inbox(std::span<char> buffer);
  Result<Ready> wait(short events, int timeout_ms);
  bool closed_orderly() const;
  void read_ahead();
  Unexpected timed_out() const;
  Unexpected broken(CURLcode code) const;

  EasyHandle handle_;
  Peer peer_;
  std::stop_token stop_;
  Wakeup stopped_;
  std::stop_callback<std::function<void()>> on_stop_;
  int socket_ = -1;
  std::string inbox_;  ///< came while we were writing
  std::size_t inbox_begin_ = 0;
  bool closed_ = false;
};

}  // namespace valija::net
