#include "peer.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <algorithm>
#include <array>
#include <csignal>

#include "valija/base/text.hpp"

namespace valija::net::testing {

PeerConnection::PeerConnection(int socket) : socket_(socket) {
  const timeval patience{10, 0};
  ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
}

bool PeerConnection::start_tls(SSL_CTX* context) {
  ssl_.reset(SSL_new(context));
  SSL_set_fd(ssl_.get(), socket_.get());
  return SSL_accept(ssl_.get()) == 1;
}

void PeerConnection::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const int size = static_cast<int>(std::min<std::size_t>(bytes.size(), 1 << 20));
    const ssize_t sent = ssl_ ? SSL_write(ssl_.get(), bytes.data(), size)
                              : ::send(socket_.get(), bytes.data(), static_cast<std::size_t>(size), MSG_NOSIGNAL);
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

bool PeerConnection::fill() {
  std::array<char, 65536> piece;
  const ssize_t size = ssl_ ? SSL_read(ssl_.get(), piece.data(), static_cast<int>(piece.size()))
                            : ::recv(socket_.get(), piece.data(), piece.size(), 0);
  if (size <= 0) return false;
  buffer_.append(piece.data(), static_cast<std::size_t>(size));
  return true;
}

std::string PeerConnection::line() {
  while (true) {
    const std::size_t end = buffer_.find("\r\n");
    if (end != std::string::npos) {
      const std::string line = buffer_.substr(0, end);
      buffer_.erase(0, end + 2);
      return line;
    }
    if (!fill()) return {};
  }
}

std::string PeerConnection::octets(std::size_t count) {
  while (buffer_.size() < count && fill()) {
  }
  const std::string octets = buffer_.substr(0, count);
  buffer_.erase(0, octets.size());
  return octets;
}

void PeerConnection::close_orderly() {
  if (ssl_) SSL_shutdown(ssl_.get());
  socket_.reset();
}

Peer::Peer(Behaviour behaviour, TlsContext context, bool on_ipv6)
    : behaviour_(std::move(behaviour)), context_(std::move(context)) {
  std::signal(SIGPIPE, SIG_IGN);
  listen(on_ipv6);
  thread_ = std::thread([this] { run(); });
}

void Peer::listen(bool on_ipv6) {
  listener_ = Fd(::socket(on_ipv6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  v6.sin6_addr = in6addr_loopback;
  auto* address = on_ipv6 ? reinterpret_cast<sockaddr*>(&v6) : reinterpret_cast<sockaddr*>(&v4);
  socklen_t size = on_ipv6 ? sizeof v6 : sizeof v4;
  if (::bind(listener_.get(), address, size) != 0 || ::listen(listener_.get(), 16) != 0) return;
  ::getsockname(listener_.get(), address, &size);
  port_ = ntohs(on_ipv6 ? v6.sin6_port : v4.sin_port);
}

Peer::~Peer() {
  stops_ = true;
  ::shutdown(listener_.get(), SHUT_RDWR);
  thread_.join();
}

void Peer::run() {
  while (!stops_) {
    const int socket = ::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) return;
    PeerConnection connection(socket);
    if (behaviour_.tls_at_once && !connection.start_tls(context_.get())) continue;
    connection.send(behaviour_.greeting);
    if (!behaviour_.web_answers.empty()) serve_web(connection);
    else if (behaviour_.speaks_smtp) serve_smtp(connection);
    else serve(connection);
  }
}

Behaviour smtp_behaviour() {
  Behaviour behaviour;
  behaviour.speaks_smtp = true;
  behaviour.greeting = "220 mx.example.org ready\r\n";
  behaviour.capabilities_in_clear = "250-mx.example.org\r\n250 STARTTLS\r\n";
  behaviour.capabilities = "250-mx.example.org\r\n250-PIPELINING\r\n250 AUTH PLAIN LOGIN\r\n";
  behaviour.starttls_answer = "220 go on";
  behaviour.login_answer = "235 2.7.0 welcome";
  return behaviour;
}

Behaviour web_behaviour(const std::vector<std::string>& statuses) {
  Behaviour behaviour;
  behaviour.greeting.clear();
  for (const std::string& status : statuses) behaviour.web_answers.push_back("HTTP/1.1 " + status + "\r\nSet-Cookie: who=ana\r\nContent-Length: 4\r\nConnection: close\r\n\r\nDone");
  return behaviour;
}

void Peer::serve_web(PeerConnection& connection) {
  std::size_t length = 0;
  for (std::string line = connection.line(); !line.empty(); line = connection.line()) {
    hear(connection, line);
    if (line.starts_with("Content-Length: ")) length = std::stoul(line.substr(16));
  }
  hear(connection, connection.octets(length));
  std::this_thread::sleep_for(behaviour_.web_pause);
  connection.send(behaviour_.web_answers[std::min(requests_++, behaviour_.web_answers.size() - 1)]);
  connection.close_orderly();
}

void Peer::hear(const PeerConnection& connection, const std::string& line) {
  const std::scoped_lock lock(mutex_);
  heard_.push_back((connection.is_secure() ? "tls: " : "clear: ") + line);
}

void Peer::serve_smtp(PeerConnection& connection) {
  while (true) {
    const std::string line = connection.line();
    if (line.empty()) return;
    hear(connection, line);
    if (line.starts_with("EHLO")) {
      connection.send(connection.is_secure() ? behaviour_.capabilities : behaviour_.capabilities_in_clear);
    } else if (line == "STARTTLS") {
      connection.send(behaviour_.starttls_answer + "\r\n" + behaviour_.injected);
      if (behaviour_.starttls_answer.starts_with("220") && !connection.start_tls(context_.get())) return;
    } else if (line.starts_with("AUTH")) {
      connection.send(behaviour_.challenge + behaviour_.login_answer + "\r\n");
    } else {
      connection.send("250 ok\r\n");
    }
  }
}

void Peer::serve(PeerConnection& connection) {
  while (true) {
    const std::string line = connection.line();
    if (line.empty()) return;
    hear(connection, line);
    const std::size_t space = line.find(' ');
    const std::string tag = line.substr(0, space);
    const std::string command = space == std::string::npos ? "" : line.substr(space + 1);
    if (command == "CAPABILITY") {
      const auto& names = connection.is_secure() ? behaviour_.capabilities : behaviour_.capabilities_in_clear;
      connection.send("* CAPABILITY IMAP4rev1 " + names + "\r\n" + tag + " OK done\r\n");
    } else if (command == "STARTTLS") {
      connection.send(tag + ' ' + behaviour_.starttls_answer + "\r\n" + behaviour_.injected);
      if (!behaviour_.starttls_answer.starts_with("OK")) continue;
      if (!connection.start_tls(context_.get())) return;
    } else if (command.starts_with("AUTHENTICATE") || command.starts_with("LOGIN")) {
      login(connection, tag);
      if (behaviour_.afterwards && behaviour_.login_answer.starts_with("OK")) return behaviour_.afterwards(connection);
    } else {
      connection.send(tag + " OK\r\n");
    }
  }
}

void Peer::login(PeerConnection& connection, const std::string& tag) {
  if (!behaviour_.challenge.empty()) {
    connection.send(behaviour_.challenge);
    connection.line();
  }
  connection.send(tag + ' ' + behaviour_.login_answer + "\r\n" + behaviour_.behind_login);
}

std::vector<std::string> Peer::heard() const {
  const std::scoped_lock lock(mutex_);
  return heard_;
}

bool Peer::heard_secret_in_clear() const {
  const auto lines = heard();
  return std::any_of(lines.begin(), lines.end(), [](const std::string& line) {
    return line.starts_with("clear: ") && !line.ends_with(" CAPABILITY") && !line.ends_with(" STARTTLS") && !line.ends_with(" LOGOUT") &&
           line != "clear: EHLO [127.0.0.1]" && line != "clear: STARTTLS" && line != "clear: QUIT";
  });
}

int Peer::count(std::string_view command) const {
  const auto lines = heard();
  return static_cast<int>(std::count_if(lines.begin(), lines.end(), [&](const std::string& line) { return line.find(command) != std::string::npos; }));
}

}  // namespace valija::net::testing
