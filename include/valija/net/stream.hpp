#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>

#include "valija/base/result.hpp"
#include "valija/base/secret.hpp"

namespace valija::net {

/// A connected, authenticated byte stream. One thread.
class Stream {
 public:
  virtual ~Stream() = default;
  /// Octets that are there, at least one; waits up to the timeout. 0: the peer closed (only behind close_notify in TLS).
  /// Kind::unreachable: timeout or reset; Kind::cancelled: stop asked.
  virtual Result<std::size_t> read(std::span<char> buffer) = 0;
  /// Sends all of it; while the peer is slow to read, keeps what it sends us for the next read (no deadlock in a pipeline).
  virtual Result<void> write(std::string_view bytes) = 0;
  /// Octets wait, or come within `timeout_ms`.
  virtual Result<bool> readable(int timeout_ms) = 0;
  /// To poll for octets where `readable(0)` said no; -1: there is none.
  virtual int fd() const { return -1; }
  /// The peer is this very machine.
  virtual bool is_loopback() const { return false; }
};

enum class Security { tls, starttls, plain_loopback };

struct Dial {
  enum class Protocol { imap, pop3, smtp };
  Protocol protocol = Protocol::imap;
  Security security = Security::tls;
  std::string host;
  std::uint16_t port = 0;
  std::string user;  ///< empty: no login (SMTP only)
  Secret password;
  std::string tls_ca_file;  ///< added to the system's; empty: none
  int timeout_ms = 60000;   ///< without an octet
};

/// libcurl dials: DNS, proxy where set, TLS or STARTTLS (never less), SASL. Errors: unreachable (69), login (77), protocol (76: TLS,
/// certificate, STARTTLS missing), try_later, each naming host and reason in words. Octets that arrive in the same packet as the
/// login's OK are lost in libcurl: the first command must be one whose answer can be skipped to.
Result<std::unique_ptr<Stream>> dial(const Dial& dial, std::stop_token stop);

/// Call once in main before any thread.
void start();

}  // namespace valija::net
