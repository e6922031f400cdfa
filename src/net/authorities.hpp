#pragma once

#include <string>

#include <curl/curl.h>
#include <openssl/x509.h>

namespace valija::net {

/// Where certificates of authorities lie: a file of many, and a directory of many files by hash; nullptr: none.
struct AuthorityPlaces {
  const char* file = nullptr;
  const char* directory = nullptr;
};

/// Those of this system, as libcurl was built for it.
const AuthorityPlaces& system_authorities();

/// `store` trusts the authorities of `file` ("": none), and those of `others` (must outlive it): these are read when a certificate needs one that is
/// not there, for reading them all takes as long as all else of a login. False: `file` cannot be read.
bool trust(X509_STORE* store, const std::string& file, const AuthorityPlaces& others);

/// Nothing below TLS 1.2, and the certificate must be the host's. The authorities are those that `prepare` lets the handshake trust; it gets the SSL_CTX and `context`.
void require_tls(CURL* curl, curl_ssl_ctx_callback prepare, void* context);

}  // namespace valija::net
