#include "authorities.hpp"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>

namespace valija::net {
namespace {

/// What a store keeps for `find_issuer`.
int places_index() {
  static const int index = X509_STORE_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

/// OpenSSL's search, and at its first failure with all authorities.
int find_issuer(X509** issuer, X509_STORE_CTX* context, X509* certificate) {
  const int found = X509_STORE_CTX_get1_issuer(issuer, context, certificate);
  X509_STORE* store = X509_STORE_CTX_get0_store(context);
  const auto* places = static_cast<const AuthorityPlaces*>(X509_STORE_get_ex_data(store, places_index()));
  if (found != 0 || places == nullptr) return found;
  X509_STORE_set_ex_data(store, places_index(), nullptr);
  ERR_set_mark();
  if (places->file != nullptr) X509_STORE_load_file(store, places->file);
  if (places->directory != nullptr) X509_STORE_load_path(store, places->directory);
  ERR_pop_to_mark();
  return X509_STORE_CTX_get1_issuer(issuer, context, certificate);
}

}  // namespace

const AuthorityPlaces& system_authorities() {
  static const AuthorityPlaces places = [] {
    const curl_version_info_data* built = curl_version_info(CURLVERSION_NOW);
    return AuthorityPlaces{built->cainfo, built->capath};
  }();
  return places;
}

bool trust(X509_STORE* store, const std::string& file, const AuthorityPlaces& others) {
  X509_STORE_set_ex_data(store, places_index(), const_cast<AuthorityPlaces*>(&others));
  X509_STORE_set_get_issuer(store, find_issuer);
  return file.empty() || X509_STORE_load_file(store, file.c_str()) == 1;
}

void require_tls(CURL* curl, curl_ssl_ctx_callback prepare, void* context) {
  curl_easy_setopt(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
  // `prepare` sees to the authorities.
  curl_easy_setopt(curl, CURLOPT_CAINFO, nullptr);
  curl_easy_setopt(curl, CURLOPT_CAPATH, nullptr);
  curl_easy_setopt(curl, CURLOPT_SSL_CTX_FUNCTION, prepare);
  curl_easy_setopt(curl, CURLOPT_SSL_CTX_DATA, context);
}

}  // namespace valija::net
