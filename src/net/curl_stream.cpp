#include "curl_stream.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <fmt/format.h>
#include <openssl/ssl.h>
#include <poll.h>

#include "valija/base/words.hpp"

namespace valija::net {
namespace {

constexpr std::size_t inbox_limit = std::size_t{64} << 20;
constexpr std::size_t piece_size = std::size_t{64} << 10;
/// OpenSSL then takes several records with one system call.
constexpr std::size_t read_ahead_size = std::size_t{128} << 10;

SSL* ssl_of(CURL* handle) {
  curl_tlssessioninfo* session = nullptr;
  if (curl_easy_getinfo(handle, CURLINFO_TLS_SSL_PTR, &session) != CURLE_OK || session == nullptr) return nullptr;
  return session->backend == CURLSSLBACKEND_OPENSSL ? static_cast<SSL*>(session->internals) : nullptr;
}

}  // namespace

CurlStream::CurlStream(EasyHandle handle, Peer peer, std::stop_token stop)
    : handle_(std::move(handle)),
      peer_(std::move(peer)),
      stop_(std::move(stop)),
      on_stop_(stop_, [this] { stopped_.notify(); }) {
  curl_socket_t socket = CURL_SOCKET_BAD;
  if (curl_easy_getinfo(handle_.get(), CURLINFO_ACTIVESOCKET, &socket) == CURLE_OK) socket_ = socket;
  if (peer_.is_tls) read_ahead();
}

/// Only now: while libcurl itself waits for the login's answers it polls the socket and would miss what lies in OpenSSL.
void CurlStream::read_ahead() {
  SSL* ssl = ssl_of(handle_.get());
  if (ssl == nullptr) return;
  SSL_set_default_read_buffer_len(ssl, read_ahead_size);
  SSL_set_read_ahead(ssl, 1);
}

Result<std::size_t> CurlStream::read(std::span<char> buffer) {
  if (buffer.empty()) return std::size_t{0};
  if (inbox_begin_ < inbox_.size()) return take_from_inbox(buffer);
  while (true) {
    if (stop_.stop_requested()) return fail(Kind::cancelled, Blast::account, _("Stopped."));
    auto received = receive(buffer);
    if (!received) return fail(std::move(received).error());
    if (received->arrival != Arrival::nothing_yet) return received->size;
    const auto ready = wait(POLLIN, peer_.timeout_ms);
    if (!ready) return fail(ready.error());
    if (*ready == Ready::no) return timed_out();
  }
}

Result<void> CurlStream::write(std::string_view bytes) {
  while (!bytes.empty()) {
    if (stop_.stop_requested()) return fail(Kind::cancelled, Blast::account, _("Stopped."));
    std::size_t sent = 0;
    const CURLcode code = curl_easy_send(handle_.get(), bytes.data(), bytes.size(), &sent);
    if (code == CURLE_OK) {
      bytes.remove_prefix(std::min(sent, bytes.size()));
      continue;
    }
    if (code != CURLE_AGAIN) return broken(code);
    // The peer may be waiting for us to read before it reads on.
    if (auto result = receive_into_inbox(); !result) return result;
    const auto ready = wait(closed_ ? POLLOUT : POLLIN | POLLOUT, peer_.timeout_ms);
    if (!ready) return fail(ready.error());
    if (*ready == Ready::no) return timed_out();
  }
  return {};
}

Result<bool> CurlStream::readable(int timeout_ms) {
  if (inbox_begin_ < inbox_.size() || closed_) return true;
  auto received = receive_into_inbox();
  // What the peer said before it hung up is read first.
  if (inbox_begin_ < inbox_.size()) return true;
  if (!received) return fail(std::move(received).error());
  if (closed_) return true;
  const auto ready = wait(POLLIN, timeout_ms);
  if (!ready) return fail(ready.error());
  return *ready != Ready::no;
}

Result<CurlStream::Received> CurlStream::receive(std::span<char> buffer) {
  if (!closed_) {
    std::size_t size = 0;
    const CURLcode code = curl_easy_recv(handle_.get(), buffer.data(), buffer.size(), &size);
    if (code == CURLE_AGAIN) return Received{};
    if (code != CURLE_OK) return broken(code);
    if (size > 0) return Received{Arrival::octets, size};
    closed_ = true;
  }
  if (closed_orderly()) return Received{Arrival::closed, 0};
  return fail(Kind::unreachable, Blast::account,
              fmt::format(fmt::runtime(_("The connection to {} was cut.")), peer_.name),
              _("The server or the network closed it in the middle. Try again."));
}

/// Without TLS an end is an end; with TLS only behind close_notify, or anybody on the way could cut a message short
/// (RFC 8446 §6.1).
bool CurlStream::closed_orderly() const {
  if (!peer_.is_tls) return true;
  const SSL* ssl = ssl_of(handle_.get());
  return ssl != nullptr && (SSL_get_shutdown(ssl) & SSL_RECEIVED_SHUTDOWN) != 0;
}

Result<void> CurlStream::receive_into_inbox() {
  if (inbox_begin_ == inbox_.size()) {
    inbox_.clear();
    inbox_begin_ = 0;
  }
  std::array<char, piece_size> piece;
  while (!closed_) {
    auto received = receive(piece);
    if (!received) return fail(std::move(received).error());
    if (received->arrival != Arrival::octets) return {};
    if (inbox_.size() + received->size > inbox_limit) {
      return fail(Kind::protocol, Blast::account,
                  fmt::format(fmt::runtime(_("{} sends without end and does not listen.")), peer_.name));
    }
    inbox_.append(piece.data(), received->size);
  }
  return {};
}

std::size_t CurlStream::take_from_inbox(std::span<char> buffer) {
  const std::size_t size = std::min(buffer.size(), inbox_.size() - inbox_begin_);
  std::memcpy(buffer.data(), inbox_.data() + inbox_begin_, size);
  inbox_begin_ += size;
  if (inbox_begin_ == inbox_.size()) {
    inbox_ = {};
    inbox_begin_ = 0;
  }
  return size;
}

Result<CurlStream::Ready> CurlStream::wait(short events, int timeout_ms) {
  std::array<pollfd, 2> fds{pollfd{socket_, events, 0}, pollfd{stopped_.fd(), POLLIN, 0}};
  int count = 0;
  do {
    count = ::poll(fds.data(), fds.size(), timeout_ms);
  } while (count < 0 && errno == EINTR);
  if (fds[1].revents != 0) return fail(Kind::cancelled, Blast::account, _("Stopped."));
  if (count <= 0) return Ready::no;
  return (fds[0].revents & POLLOUT) != 0 ? Ready::out : Ready::in;
}

Unexpected CurlStream::timed_out() const {
  const int seconds = (peer_.timeout_ms + 999) / 1000;
  return fail(Kind::unreachable, Blast::account,
              fmt::format(fmt::runtime(n_("{} was silent for {} second.", "{} was silent for {} seconds.",
                                          static_cast<unsigned long>(seconds))),
                          peer_.name, seconds),
              _("Check the network, or raise sync.timeout in the settings."));
}

Unexpected CurlStream::broken(CURLcode code) const {
  return fail(Kind::unreachable, Blast::account,
              fmt::format(fmt::runtime(_("The connection to {} broke: {}.")), peer_.name, curl_easy_strerror(code)),
              _("Check the network and try again."));
}

}  // namespace valija::net
