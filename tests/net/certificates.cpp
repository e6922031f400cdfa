#include "certificates.hpp"

#include <cstdio>

#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace valija::net::testing {
namespace {

void add_extension(X509* x509, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, x509, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  X509_add_ext(x509, extension, -1);
  X509_EXTENSION_free(extension);
}

Certificate unsigned_certificate(const Subject& subject) {
  static long serial = 1;
  Certificate certificate{Key(EVP_EC_gen("P-256")), X509Handle(X509_new())};
  X509* x509 = certificate.x509.get();
  X509_set_version(x509, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(x509), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(x509), subject.valid_from);
  X509_gmtime_adj(X509_getm_notAfter(x509), subject.valid_until);
  X509_set_pubkey(x509, certificate.key.get());
  X509_NAME_add_entry_by_txt(X509_get_subject_name(x509), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(subject.common_name.c_str()), -1, -1, 0);
  return certificate;
}

}  // namespace

Authority::Authority(const std::string& name) : own_(unsigned_certificate({name, "", -3600, 7200})) {
  X509* x509 = own_.x509.get();
  X509_set_issuer_name(x509, X509_get_subject_name(x509));
  add_extension(x509, x509, NID_basic_constraints, "critical,CA:TRUE");
  X509_sign(x509, own_.key.get(), EVP_sha256());
}

Certificate Authority::issue(const Subject& subject) const {
  Certificate certificate = unsigned_certificate(subject);
  X509_set_issuer_name(certificate.x509.get(), X509_get_subject_name(own_.x509.get()));
  if (!subject.alternative_names.empty()) {
    add_extension(certificate.x509.get(), own_.x509.get(), NID_subject_alt_name, subject.alternative_names);
  }
  X509_sign(certificate.x509.get(), own_.key.get(), EVP_sha256());
  return certificate;
}

Certificate Authority::self_signed(const Subject& subject) {
  Certificate certificate = unsigned_certificate(subject);
  X509* x509 = certificate.x509.get();
  X509_set_issuer_name(x509, X509_get_subject_name(x509));
  add_extension(x509, x509, NID_subject_alt_name, subject.alternative_names);
  X509_sign(x509, certificate.key.get(), EVP_sha256());
  return certificate;
}

void Authority::write_to(const std::string& path) const {
  std::unique_ptr<FILE, Release<std::fclose>> file(std::fopen(path.c_str(), "w"));
  PEM_write_X509(file.get(), own_.x509.get());
}

TlsContext server_context(const Certificate& certificate, int max_version) {
  TlsContext context(SSL_CTX_new(TLS_server_method()));
  if (max_version != 0) {
    SSL_CTX_set_security_level(context.get(), 0);
    SSL_CTX_set_min_proto_version(context.get(), TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context.get(), max_version);
  }
  SSL_CTX_use_certificate(context.get(), certificate.x509.get());
  SSL_CTX_use_PrivateKey(context.get(), certificate.key.get());
  return context;
}

}  // namespace valija::net::testing
