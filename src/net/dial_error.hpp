#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <curl/curl.h>

#include "valija/base/error.hpp"

namespace valija::net {

/// What is known about a dial that failed.
struct DialFailure {
  CURLcode code = CURLE_OK;
  long verify_result = 0;            ///< X509_V_ERR_...
  std::string detail;                ///< libcurl's words
  std::vector<std::string> replies;  ///< the server's lines, newest last
  std::string host;
  std::string name;  ///< "imap.example.org:993"
  std::string user;
  std::string tls_ca_file;
  int timeout_ms = 0;
};

/// In words that name host and reason. Kind: unreachable, login, protocol, settings, try_later or cancelled.
Error to_error(const DialFailure& failure);

/// "250", "250 text" or "250-text" (RFC 5321 §4.2).
bool is_smtp_reply(std::string_view line);

/// The server's text behind "NO", "-ERR" or "535" in its newest refusal; empty: it refused nothing.
std::string refusal_of(const std::vector<std::string>& replies);

}  // namespace valija::net
