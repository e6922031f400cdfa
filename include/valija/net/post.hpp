#pragma once

#include <stop_token>
#include <string>

#include "valija/base/result.hpp"

namespace valija::net {

/// Leaving a list by one POST (RFC 8058).
struct OneClick {
  std::string url;               ///< https, without a user name in it
  std::string tls_ca_file = {};  ///< added to the system's; empty: none
  int timeout_ms = 20'000;       ///< for all of it
  bool may_be_private = false;   ///< for tests: on an address that is not of the internet
};

/// Sends `List-Unsubscribe=One-Click` and nothing that tells who we are: no cookie, no login, no Referer, no User-Agent. A redirection is followed on
/// the same host alone, at most three times. Addresses of this machine and of private networks are refused. What is answered is dropped.
/// Kind::input: not such an address; unreachable, protocol, try_later (the server said no), cancelled. Blast::message.
Result<void> post_one_click(const OneClick& click, const std::stop_token& stop);

}  // namespace valija::net
