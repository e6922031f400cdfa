#include "../../src/net/authorities.hpp"

#include <doctest/doctest.h>
#include <openssl/x509_vfy.h>

#include "certificates.hpp"
#include "support/temporary_directory.hpp"

namespace valija::net {
namespace {

using testing::Authority;
using testing::Certificate;
using testing::Release;

/// An authority in a file of one's own, and another that stands for those of the system.
struct Trust {
  test::TemporaryDirectory folder;
  Authority own{"Own Authority"}, of_system{"Authority of the System"};
  std::string own_file = folder / "own.pem", system_file = folder / "system.pem";
  AuthorityPlaces places{system_file.c_str(), nullptr};
  std::unique_ptr<X509_STORE, Release<X509_STORE_free>> store{X509_STORE_new()};

  Trust() {
    own.write_to(own_file);
    of_system.write_to(system_file);
  }
  bool verifies(const Certificate& certificate) const {
    const std::unique_ptr<X509_STORE_CTX, Release<X509_STORE_CTX_free>> context(X509_STORE_CTX_new());
    X509_STORE_CTX_init(context.get(), store.get(), certificate.x509.get(), nullptr);
    return X509_verify_cert(context.get()) == 1;
  }
  int loaded() const { return sk_X509_OBJECT_num(X509_STORE_get0_objects(store.get())); }
};

}  // namespace

TEST_CASE("the authorities of the system are read when one's own are not enough") {
  Trust trusted;
  REQUIRE(trust(trusted.store.get(), trusted.own_file, trusted.places));
  CHECK(trusted.loaded() == 1);
  CHECK(trusted.verifies(trusted.own.issue({})));
  CHECK(trusted.loaded() == 1);
  CHECK(trusted.verifies(trusted.of_system.issue({})));
  CHECK(trusted.loaded() == 2);
  CHECK(trusted.verifies(trusted.own.issue({})));
}

TEST_CASE("an authority that is neither one's own nor the system's is not trusted") {
  Trust trusted;
  REQUIRE(trust(trusted.store.get(), trusted.own_file, trusted.places));
  for (const char* name : {"Another Authority", "Own Authority", "Authority of the System"}) {
    CHECK_FALSE(trusted.verifies(Authority(name).issue({})));
  }
  CHECK_FALSE(trusted.verifies(Authority::self_signed({})));
}

TEST_CASE("without a file the system's authorities are trusted, and a system without any trusts nobody") {
  Trust trusted;
  REQUIRE(trust(trusted.store.get(), "", trusted.places));
  CHECK(trusted.verifies(trusted.of_system.issue({})));
  CHECK_FALSE(trusted.verifies(trusted.own.issue({})));
  for (const AuthorityPlaces& nothing : {AuthorityPlaces{}, AuthorityPlaces{"/nonexistent/bundle.pem", "/nonexistent"}}) {
    Trust bare;
    REQUIRE(trust(bare.store.get(), "", nothing));
    CHECK_FALSE(bare.verifies(bare.of_system.issue({})));
  }
}

TEST_CASE("a file of authorities that cannot be read is told") {
  Trust trusted;
  CHECK_FALSE(trust(trusted.store.get(), "/nonexistent/ca.pem", trusted.places));
}

}  // namespace valija::net
