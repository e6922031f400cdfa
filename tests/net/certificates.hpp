#pragma once

#include <memory>
#include <string>
#include <vector>

#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

namespace valija::net::testing {

template <auto Free>
struct Release {
  template <typename T>
  void operator()(T* handle) const noexcept {
    Free(handle);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>>;
using X509Handle = std::unique_ptr<X509, Release<X509_free>>;
using TlsContext = std::unique_ptr<SSL_CTX, Release<SSL_CTX_free>>;

struct Certificate {
  Key key;
  X509Handle x509;
};

/// What a certificate of a test says.
struct Subject {
  std::string common_name = "localhost";
  std::string alternative_names = "DNS:localhost,IP:127.0.0.1,IP:::1";  ///< empty: none
  long valid_from = -3600;                                             ///< seconds from now
  long valid_until = 3600;
};

/// A certificate authority that nobody knows but the test.
class Authority {
 public:
  explicit Authority(const std::string& name = "Test Authority");
  Certificate issue(const Subject& subject) const;
  static Certificate self_signed(const Subject& subject);
  void write_to(const std::string& path) const;

 private:
  Certificate own_;
};

/// A server's TLS settings; `max_version` 0: any.
TlsContext server_context(const Certificate& certificate, int max_version = 0);

}  // namespace valija::net::testing
