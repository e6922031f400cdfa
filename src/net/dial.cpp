#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <string>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <openssl/ssl.h>

#include "authorities.hpp"
#include "curl_stream.hpp"
#include "dial_error.hpp"
#include "pop3_login.hpp"
#include "public_address.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"
#include "valija/net/stream.hpp"

namespace valija::net {
namespace {

constexpr std::size_t replies_limit = 8;
constexpr std::size_t reply_length_limit = 1024;
constexpr long receive_buffer = 256L << 10;

/// What the callbacks of one attempt read and write; outlives the transfer, not the stream.
struct Attempt {
  const Dial& dial;
  std::stop_token stop;
  std::vector<std::string> replies = {};
  bool was_greeted = false;
  bool ca_file_failed = false;
};

bool is_connected_to_loopback(CURL* curl) {
  curl_socket_t socket = CURL_SOCKET_BAD;
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  auto* general = reinterpret_cast<sockaddr*>(&address);
  return curl_easy_getinfo(curl, CURLINFO_ACTIVESOCKET, &socket) == CURLE_OK && ::getpeername(socket, general, &size) == 0 &&
         is_loopback(*general);
}

/// Closed in children, and in plain text only to this very machine whatever DNS says.
curl_socket_t open_socket(void* context, curlsocktype, struct curl_sockaddr* address) {
  const auto& attempt = *static_cast<const Attempt*>(context);
  if (attempt.dial.security == Security::plain_loopback && !is_loopback(address->addr)) return CURL_SOCKET_BAD;
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/// A peer that vanished is noticed while we send as well as while we wait.
int set_socket_options(void* context, curl_socket_t socket, curlsocktype) {
  const auto timeout = static_cast<unsigned>(static_cast<const Attempt*>(context)->dial.timeout_ms);
  ::setsockopt(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &timeout, sizeof timeout);
  return CURL_SOCKOPT_OK;
}

int poll_stop(void* context, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const Attempt*>(context)->stop.stop_requested() ? 1 : 0;
}

/// libcurl waits on and on behind a first line of another protocol; we hang up.
bool is_greeting(std::string_view line, Dial::Protocol protocol) {
  switch (protocol) {
    case Dial::Protocol::pop3:
      return line.starts_with("+OK") || line.starts_with("-ERR");
    case Dial::Protocol::smtp:
      return is_smtp_reply(line);
    default:
      return line.starts_with("* ");
  }
}

std::size_t collect_reply(char* line, std::size_t size, std::size_t count, void* context) {
  auto& attempt = *static_cast<Attempt*>(context);
  const std::string_view text(line, size * count);
  if (!std::exchange(attempt.was_greeted, true) && !is_greeting(text, attempt.dial.protocol)) return 0;
  auto& replies = attempt.replies;
  if (replies.size() == replies_limit) replies.erase(replies.begin());
  replies.emplace_back(line, std::min(size * count, reply_length_limit));
  return size * count;
}

/// tls-ca-file beside the system's authorities, not instead of them; a cut is an error, never an end.
CURLcode prepare_tls(CURL*, void* tls_context, void* context) {
  auto& attempt = *static_cast<Attempt*>(context);
  auto* tls = static_cast<SSL_CTX*>(tls_context);
  SSL_CTX_clear_options(tls, SSL_OP_IGNORE_UNEXPECTED_EOF);
  if (trust(SSL_CTX_get_cert_store(tls), attempt.dial.tls_ca_file, system_authorities())) return CURLE_OK;
  attempt.ca_file_failed = true;
  return CURLE_SSL_CACERT_BADFILE;
}

const char* scheme_of(const Dial& dial) {
  const bool is_tls = dial.security == Security::tls;
  switch (dial.protocol) {
    case Dial::Protocol::pop3:
      return is_tls ? "pop3s" : "pop3";
    case Dial::Protocol::smtp:
      return is_tls ? "smtps" : "smtp";
    default:
      return is_tls ? "imaps" : "imap";
  }
}

/// What libcurl says behind EHLO, where it would tell the name of this machine (RFC 5321 §4.1.3).
const char* path_of(const Dial& dial) { return dial.protocol == Dial::Protocol::smtp ? "%5B127.0.0.1%5D" : ""; }

std::string bracketed(const std::string& host) {
  return host.find(':') == std::string::npos ? host : '[' + host + ']';
}

/// A name or an address and nothing that means something else in a URL.
bool is_plausible_host(const std::string& host) {
  return !host.empty() && host.size() <= 255 && std::all_of(host.begin(), host.end(), [](char c) {
           const auto octet = static_cast<unsigned char>(c);
           return octet >= 0x80 || (octet >= '0' && octet <= '9') || (octet >= 'a' && octet <= 'z') ||
                  (octet >= 'A' && octet <= 'Z') || c == '.' || c == '-' || c == '_' || c == ':';
         });
}

void set_network_options(CURL* curl, Attempt& attempt) {
  const Dial& dial = attempt.dial;
  const std::string url = fmt::format("{}://{}:{}/{}", scheme_of(dial), bracketed(dial.host), dial.port, path_of(dial));
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, scheme_of(dial));
  curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, "");
  curl_easy_setopt(curl, CURLOPT_CONNECT_ONLY, 1L);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L);
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
  curl_easy_setopt(curl, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(dial.timeout_ms));
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(dial.timeout_ms));
  curl_easy_setopt(curl, CURLOPT_BUFFERSIZE, receive_buffer);
  curl_easy_setopt(curl, CURLOPT_TCP_NODELAY, 1L);
  curl_easy_setopt(curl, CURLOPT_TCP_KEEPALIVE, 1L);
  curl_easy_setopt(curl, CURLOPT_TCP_KEEPIDLE, 60L);
  curl_easy_setopt(curl, CURLOPT_TCP_KEEPINTVL, 15L);
  curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
  curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, &attempt);
  curl_easy_setopt(curl, CURLOPT_SOCKOPTFUNCTION, set_socket_options);
  curl_easy_setopt(curl, CURLOPT_SOCKOPTDATA, &attempt);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, poll_stop);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &attempt);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, collect_reply);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &attempt);
}

/// How libcurl is to log in: by SASL with mechanisms that say the password as it is, as it likes, or not at all.
enum class Login { sasl, any, none };

void set_security_options(CURL* curl, Attempt& attempt, Login login) {
  if (attempt.dial.security != Security::plain_loopback) {
    curl_easy_setopt(curl, CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
  }
  require_tls(curl, prepare_tls, &attempt);
  if (login == Login::none) return;
  curl_easy_setopt(curl, CURLOPT_SASL_IR, 1L);
  curl_easy_setopt(curl, CURLOPT_USERNAME, attempt.dial.user.c_str());
  curl_easy_setopt(curl, CURLOPT_PASSWORD, attempt.dial.password.reveal().c_str());
  curl_easy_setopt(curl, CURLOPT_LOGIN_OPTIONS, login == Login::sasl ? "AUTH=PLAIN;AUTH=LOGIN" : nullptr);
}

/// The callbacks' context dies with the attempt.
void forget_attempt(CURL* curl) {
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 1L);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, nullptr);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, nullptr);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, nullptr);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, nullptr);
  curl_easy_setopt(curl, CURLOPT_PASSWORD, nullptr);
}

/// Where an SMTP server offers no AUTH, libcurl goes on without. The newest line is then no answer to a login (RFC 4954 §6).
bool is_logged_in(const Attempt& attempt) {
  return attempt.dial.protocol != Dial::Protocol::smtp || (!attempt.replies.empty() && attempt.replies.back().starts_with("235"));
}

struct Outcome {
  EasyHandle handle;
  DialFailure failure;  ///< code CURLE_OK: connected
};

Outcome attempt_dial(const Dial& dial, const std::stop_token& stop, Login login) {
  Outcome outcome{EasyHandle(curl_easy_init()), {}};
  DialFailure& failure = outcome.failure;
  failure.host = dial.host;
  failure.name = fmt::format("{}:{}", bracketed(clean(dial.host)), dial.port);
  failure.user = dial.user;
  failure.tls_ca_file = dial.tls_ca_file;
  failure.timeout_ms = dial.timeout_ms;
  if (!outcome.handle) {
    failure.code = CURLE_OUT_OF_MEMORY;
    return outcome;
  }
  CURL* curl = outcome.handle.get();
  Attempt attempt{dial, stop};
  std::array<char, CURL_ERROR_SIZE> detail{};
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, detail.data());
  set_network_options(curl, attempt);
  set_security_options(curl, attempt, login);
  failure.code = curl_easy_perform(curl);
  curl_easy_getinfo(curl, CURLINFO_SSL_VERIFYRESULT, &failure.verify_result);
  if (attempt.ca_file_failed) failure.code = CURLE_SSL_CACERT_BADFILE;
  if (failure.code == CURLE_OK && login != Login::none && !is_logged_in(attempt)) {
    failure.code = CURLE_LOGIN_DENIED;
    outcome.handle.reset();
  }
  if (failure.code == CURLE_WRITE_ERROR) failure.code = CURLE_WEIRD_SERVER_REPLY;  // refused by collect_reply
  const bool has_detail = detail[0] != '\0' && failure.code != CURLE_WEIRD_SERVER_REPLY;
  failure.detail = has_detail ? detail.data() : curl_easy_strerror(failure.code);
  // libcurl tells the milliseconds, so that the same failure would read differently each time.
  long system_error = 0;
  if (failure.code == CURLE_COULDNT_CONNECT) curl_easy_getinfo(curl, CURLINFO_OS_ERRNO, &system_error);
  if (system_error != 0) failure.detail = std::generic_category().message(static_cast<int>(system_error));
  failure.replies = std::move(attempt.replies);
  if (outcome.handle) forget_attempt(curl);
  return outcome;
}

/// The server named SASL mechanisms, but none of ours.
bool offered_other_mechanisms(const std::vector<std::string>& replies) {
  return std::any_of(replies.begin(), replies.end(), [](const std::string& reply) {
    const std::string line = to_lower_ascii(reply);
    return line.find(" auth=") != std::string::npos || line.starts_with("sasl ");
  });
}

/// Nothing was refused: the server offers no mechanism that says the password as it is.
bool was_never_asked(const DialFailure& failure, Dial::Protocol protocol) {
  if (failure.code != CURLE_LOGIN_DENIED) return false;
  if (protocol == Dial::Protocol::smtp) return !failure.replies.empty() && failure.replies.back().starts_with("250");
  return refusal_of(failure.replies).empty() && !offered_other_mechanisms(failure.replies);
}

Result<std::unique_ptr<Stream>> stream_of(Outcome outcome, const Dial& dial, const std::stop_token& stop) {
  if (outcome.failure.code != CURLE_OK) return fail(to_error(outcome.failure));
  CurlStream::Peer peer{outcome.failure.name, dial.security != Security::plain_loopback, dial.timeout_ms,
                        is_connected_to_loopback(outcome.handle.get())};
  return std::unique_ptr<Stream>(std::make_unique<CurlStream>(std::move(outcome.handle), std::move(peer), stop));
}

/// libcurl, free to choose, would take APOP: the old commands are ours then, over its line.
Result<std::unique_ptr<Stream>> dial_with_user_and_pass(const Dial& dial, const std::stop_token& stop) {
  Outcome outcome = attempt_dial(dial, stop, Login::none);
  DialFailure failure = outcome.failure;
  auto stream = stream_of(std::move(outcome), dial, stop);
  if (!stream) return stream;
  const auto refusal = log_in_pop3(**stream, dial.user, dial.password);
  if (!refusal) return fail(refusal.error());
  if (refusal->empty()) return stream;
  failure.code = CURLE_LOGIN_DENIED;
  failure.replies = {*refusal};
  return fail(to_error(failure));
}

}  // namespace

Result<std::unique_ptr<Stream>> dial(const Dial& dial, std::stop_token stop) {
  if (!is_plausible_host(dial.host)) {
    return fail(Kind::settings, Blast::account,
                fmt::format(fmt::runtime(_("\"{}\" is not a host name.")), clean(dial.host)));
  }
  if (dial.password.reveal().find('\0') != std::string::npos || dial.user.find('\0') != std::string::npos) {
    return fail(Kind::settings, Blast::account, _("A user name or password cannot hold a NUL octet."));
  }
  // A relay of one's own may want no login.
  if (dial.protocol == Dial::Protocol::smtp && dial.user.empty()) return stream_of(attempt_dial(dial, stop, Login::none), dial, stop);
  // Challenge mechanisms (CRAM-MD5, DIGEST-MD5, NTLM) are worth nothing inside TLS and break in libcurl. Where a server names no mechanism at
  // all, the old commands are left: IMAP's LOGIN, which libcurl has no word for but takes when free to choose, and POP3's USER and PASS. SMTP has
  // none: there libcurl tries what the server names.
  Outcome outcome = attempt_dial(dial, stop, Login::sasl);
  if (!was_never_asked(outcome.failure, dial.protocol)) return stream_of(std::move(outcome), dial, stop);
  if (dial.protocol == Dial::Protocol::pop3) return dial_with_user_and_pass(dial, stop);
  return stream_of(attempt_dial(dial, stop, Login::any), dial, stop);
}

void start() { curl_global_init(CURL_GLOBAL_DEFAULT); }

}  // namespace valija::net
