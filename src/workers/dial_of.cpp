#include "dial_of.hpp"

#include <tuple>
#include <utility>

namespace valija::workers {
namespace {

using Protocol = net::Dial::Protocol;
using Scheme = config::ServerUrl::Scheme;
using net::Security;

std::pair<Protocol, Security> way_of(Scheme scheme) {
  switch (scheme) {
    case Scheme::imaps: return {Protocol::imap, Security::tls};
    case Scheme::imap: return {Protocol::imap, Security::starttls};
    case Scheme::imap_plain: return {Protocol::imap, Security::plain_loopback};
    case Scheme::pop3s: return {Protocol::pop3, Security::tls};
    case Scheme::pop3: return {Protocol::pop3, Security::starttls};
    case Scheme::pop3_plain: return {Protocol::pop3, Security::plain_loopback};
    case Scheme::smtps: return {Protocol::smtp, Security::tls};
    case Scheme::smtp: return {Protocol::smtp, Security::starttls};
    case Scheme::smtp_plain: return {Protocol::smtp, Security::plain_loopback};
  }
  return {Protocol::imap, Security::tls};
}

}  // namespace

net::Dial dial_of(const config::Account& account, const config::ServerUrl& server, const config::Settings& settings) {
  net::Dial dial;
  std::tie(dial.protocol, dial.security) = way_of(server.scheme);
  dial.host = server.host;
  dial.port = server.port;
  dial.user = server.user.empty() ? account.address : server.user;
  dial.tls_ca_file = account.tls_ca_file;
  dial.timeout_ms = static_cast<int>(settings.sync_timeout * 1000);
  return dial;
}

Result<net::Dial> dial_with_password(const config::Account& account, const config::ServerUrl& server, const config::Settings& settings,
                                     std::stop_token stop) {
  auto password = config::password_of(account, std::move(stop));
  if (!password) return fail(password.error());
  net::Dial dial = dial_of(account, server, settings);
  dial.password = *std::move(password);
  return dial;
}

}  // namespace valija::workers
