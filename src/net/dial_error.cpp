#include "dial_error.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <openssl/x509_vfy.h>

#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::net {
namespace {

Error account_error(Kind kind, std::string message, std::string hint = {}) {
  return {kind, Blast::account, std::move(message), std::move(hint)};
}

/// libcurl compares the names after OpenSSL has found the chain good.
bool is_for_another_host(const DialFailure& failure) {
  return failure.verify_result == X509_V_OK || failure.detail.find("match") != std::string::npos;
}

std::string certificate_reason(const DialFailure& failure) {
  if (is_for_another_host(failure)) return _("it belongs to another host");
  switch (failure.verify_result) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return _("it has expired");
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return _("it is not valid yet");
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
      return _("it is self-signed");
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      return _("no authority that this computer trusts has signed it");
    case X509_V_ERR_CERT_REVOKED:
      return _("it was revoked");
    default:
      return clean_phrase(X509_verify_cert_error_string(failure.verify_result));
  }
}

Error certificate_error(const DialFailure& failure) {
  const bool may_be_private = !is_for_another_host(failure) && failure.verify_result != X509_V_ERR_CERT_HAS_EXPIRED && failure.tls_ca_file.empty();
  return account_error(
      Kind::protocol,
      fmt::format(fmt::runtime(_("The certificate of {} cannot be trusted: {}.")), failure.name,
                  certificate_reason(failure)),
      may_be_private ? _("If this is your own server, name its authority with tls-ca-file in the account's settings.")
                     : _("Check the host name in the settings. Somebody may be listening in: the password was not sent."));
}

bool is_smtp_refusal(const std::vector<std::string>& replies, std::string_view classes) {
  return !replies.empty() && is_smtp_reply(replies.back()) && classes.find(replies.back().front()) != std::string_view::npos;
}

/// What all lines of the newest reply say, without their code.
std::string smtp_text_of(const std::vector<std::string>& replies) {
  const std::string code = replies.back().substr(0, 3);
  auto first = std::find_if(replies.rbegin(), replies.rend(), [&](const std::string& line) { return !line.starts_with(code); }).base();
  std::string text;
  for (; first != replies.end(); ++first) text += (text.empty() ? "" : " ") + std::string(trim(std::string_view(*first).substr(std::min<std::size_t>(first->size(), 4))));
  return text;
}

Error login_error(const DialFailure& failure) {
  const std::string refusal = refusal_of(failure.replies);
  const bool is_temporary = is_smtp_refusal(failure.replies, "4") || refusal.starts_with("[UNAVAILABLE]") || refusal.starts_with("[INUSE]") ||
                            refusal.starts_with("[LIMIT]") || refusal.starts_with("[IN-USE]") ||
                            refusal.starts_with("[SYS/TEMP]") || refusal.starts_with("[LOGIN-DELAY]");
  const std::string said =
      refusal.empty() ? std::string(_("it offers no way to log in with a password")) : clean_phrase(refusal);
  return account_error(
      is_temporary ? Kind::try_later : Kind::login,
      fmt::format(fmt::runtime(_("{} refused the login of {}: {}.")), failure.name, clean_phrase(failure.user), said),
      is_temporary ? _("Try again later.") : _("Check the user name and the password or password-command."));
}

/// The line ended while the encryption was being set up: that says nothing of what the server offers.
bool is_cut(const DialFailure& failure) {
  const std::string detail = to_lower_ascii(failure.detail);
  constexpr std::array words = {"reset", "syscall", "unexpected eof", "closed abruptly", "broken pipe"};
  return std::any_of(words.begin(), words.end(), [&](const char* word) { return detail.find(word) != std::string::npos; });
}

Error timeout_error(const DialFailure& failure) {
  const int seconds = (failure.timeout_ms + 999) / 1000;
  return account_error(Kind::unreachable,
                       fmt::format(fmt::runtime(n_("{} did not answer within {} second.",
                                                   "{} did not answer within {} seconds.",
                                                   static_cast<unsigned long>(seconds))),
                                   failure.name, seconds),
                       _("Check the network and the port, or raise sync.timeout in the settings."));
}

Error unreachable_error(const DialFailure& failure) {
  return account_error(Kind::unreachable,
                       fmt::format(fmt::runtime(_("No connection to {}: {}.")), failure.name, clean_phrase(failure.detail)),
                       _("Check the network and the port in the settings."));
}

Error protocol_error(const DialFailure& failure) {
  return account_error(
      Kind::protocol,
      fmt::format(fmt::runtime(_("{} does not speak as a mail server should: {}.")), failure.name,
                  clean_phrase(failure.detail)),
      _("Check the port and the scheme of the URL in the settings."));
}

/// An SMTP server that refuses the connection itself.
Error refusal_error(const DialFailure& failure) {
  const bool is_temporary = is_smtp_refusal(failure.replies, "4");
  return account_error(is_temporary ? Kind::try_later : Kind::protocol,
                       fmt::format(fmt::runtime(_("{} takes no mail from here: {}.")), failure.name, clean_phrase(smtp_text_of(failure.replies))),
                       is_temporary ? _("Try again later.") : _("Check the host and the port in the settings."));
}

}  // namespace

bool is_smtp_reply(std::string_view line) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  line = trim(line);
  return line.size() >= 3 && std::all_of(line.begin(), line.begin() + 3, is_digit) && (line.size() == 3 || line[3] == ' ' || line[3] == '-');
}

std::string refusal_of(const std::vector<std::string>& replies) {
  if (is_smtp_refusal(replies, "45")) return smtp_text_of(replies);
  for (auto reply = replies.rbegin(); reply != replies.rend(); ++reply) {
    const std::string_view line = trim(*reply);
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos || line.starts_with('*')) continue;
    const std::string_view rest = line.substr(space + 1);
    if (line.starts_with("-ERR")) return std::string(rest);
    if (starts_with_ignoring_case(rest, "NO ")) return std::string(trim(rest.substr(3)));
    if (starts_with_ignoring_case(rest, "BAD ")) return std::string(trim(rest.substr(4)));
  }
  return {};
}

Error to_error(const DialFailure& failure) {
  switch (failure.code) {
    case CURLE_ABORTED_BY_CALLBACK:
      return account_error(Kind::cancelled, _("Stopped."));
    case CURLE_COULDNT_RESOLVE_HOST:
      return account_error(Kind::unreachable,
                           fmt::format(fmt::runtime(_("The host {} cannot be found.")), clean_phrase(failure.host)),
                           _("Check the network and the host name in the settings."));
    case CURLE_OPERATION_TIMEDOUT:
      return timeout_error(failure);
    case CURLE_PEER_FAILED_VERIFICATION:
      return certificate_error(failure);
    case CURLE_SSL_CACERT_BADFILE:
      return account_error(Kind::settings,
                           fmt::format(fmt::runtime(_("The certificates of tls-ca-file {} cannot be read.")),
                                       clean_phrase(failure.tls_ca_file)),
                           _("It must be a file of certificates in PEM form."));
    case CURLE_USE_SSL_FAILED:
      return account_error(Kind::protocol,
                           fmt::format(fmt::runtime(_("{} offers no encryption (STARTTLS).")), failure.name),
                           _("Use the scheme imaps://, pop3s:// or smtps:// if the server has it. Nothing was sent in the clear."));
    case CURLE_LOGIN_DENIED:
    case CURLE_AUTH_ERROR:
      return login_error(failure);
    case CURLE_SSL_CONNECT_ERROR:
      if (is_cut(failure)) return unreachable_error(failure);
      return account_error(
          Kind::protocol,
          fmt::format(fmt::runtime(_("No secure connection to {}: {}.")), failure.name, clean_phrase(failure.detail)),
          _("The server must offer TLS 1.2 or newer at this port."));
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_REMOTE_ACCESS_DENIED:
      return is_smtp_refusal(failure.replies, "45") ? refusal_error(failure) : protocol_error(failure);
    case CURLE_COULDNT_CONNECT:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_GOT_NOTHING:
      return unreachable_error(failure);
    default:
      return protocol_error(failure);
  }
}

}  // namespace valija::net
