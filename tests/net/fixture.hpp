#pragma once

#include <string>
#include <utility>

#include "peer.hpp"
#include "support/temporary_directory.hpp"
#include "valija/net/stream.hpp"

namespace valija::net::testing {

/// A scripted server and the settings that reach it; its authority is trusted.
struct Fixture {
  test::TemporaryDirectory folder;
  Authority authority;
  Peer peer;

  explicit Fixture(Behaviour behaviour = {}, const Subject& subject = {}, int max_version = 0)
      : peer(std::move(behaviour), testing::server_context(authority.issue(subject), max_version)) {
    start();
    authority.write_to(ca_file());
  }
  std::string ca_file() const { return folder / "ca.pem"; }
  Dial settings(Security security = Security::tls) const {
    Dial dial;
    dial.security = security;
    dial.host = "localhost";
    dial.port = peer.port();
    dial.user = "ana";
    dial.password = Secret("s3cret");
    dial.tls_ca_file = ca_file();
    dial.timeout_ms = 60'000;
    return dial;
  }
  Result<std::unique_ptr<Stream>> try_dial(Security security = Security::tls) const { return dial(settings(security), {}); }
};

}  // namespace valija::net::testing
