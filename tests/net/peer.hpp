#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "certificates.hpp"
#include "valija/base/fd.hpp"
#include "valija/net/stream.hpp"

namespace valija::net::testing {

/// One accepted connection, in the clear until `start_tls`. Waits at most 10 seconds for anything.
class PeerConnection {
 public:
  explicit PeerConnection(int socket);
  bool start_tls(SSL_CTX* context);
  bool is_secure() const { return ssl_ != nullptr; }
  void send(std::string_view bytes);
  /// A line without its end; empty when the client is gone.
  std::string line();
  /// So many octets; fewer when the client is gone.
  std::string octets(std::size_t count);
  /// close_notify, then FIN.
  void close_orderly();

 private:
  bool fill();
  Fd socket_;
  std::unique_ptr<SSL, Release<SSL_free>> ssl_;
  std::string buffer_;
};

/// How a scripted IMAP server behaves; the defaults are honest, and `smtp_behaviour` has those of a submission server.
struct Behaviour {
  bool tls_at_once = true;
  bool speaks_smtp = false;
  std::vector<std::string> web_answers = {};  ///< not empty: a web server that gives these, one a request, the last one again and again
  std::chrono::milliseconds web_pause{0};  ///< before each answer
  std::string greeting = "* OK ready\r\n";
  std::string capabilities_in_clear = "STARTTLS LOGINDISABLED";
  std::string capabilities = "AUTH=PLAIN SASL-IR";
  std::string starttls_answer = "OK go on";  ///< behind the tag, where there is one
  std::string injected;                      ///< sent in the same segment as that answer
  std::string challenge;  ///< sent before the login's answer
  std::string login_answer = "OK welcome";
  std::string behind_login;  ///< sent in the same segment as that answer
  /// What happens after the login; the default answers every line with "TAG OK".
  std::function<void(PeerConnection&)> afterwards;
};

Behaviour smtp_behaviour();
/// "200 OK", or "302 Found\r\nLocation: ..."
Behaviour web_behaviour(const std::vector<std::string>& statuses);

/// A server on 127.0.0.1 or ::1 with a thread of its own; serves connections one by one until it dies.
class Peer {
 public:
  /// `port()` is 0 where the machine has no such loopback.
  Peer(Behaviour behaviour, TlsContext context, bool on_ipv6 = false);
  ~Peer();
  std::uint16_t port() const { return port_; }
  /// Everything that the client said, as "clear: ..." or "tls: ...".
  std::vector<std::string> heard() const;
  bool heard_secret_in_clear() const;
  int count(std::string_view command) const;

 private:
  void listen(bool on_ipv6);
  void run();
  void serve(PeerConnection& connection);
  void login(PeerConnection& connection, const std::string& tag);
  void hear(const PeerConnection& connection, const std::string& line);
  void serve_smtp(PeerConnection& connection);
  void serve_web(PeerConnection& connection);

  Behaviour behaviour_;
  TlsContext context_;
  Fd listener_;
  std::uint16_t port_ = 0;
  mutable std::mutex mutex_;
  std::vector<std::string> heard_;
  std::size_t requests_ = 0;
  std::atomic<bool> stops_ = false;
  std::thread thread_;
};

}  // namespace valija::net::testing
