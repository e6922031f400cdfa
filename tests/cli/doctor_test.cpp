#include <doctest/doctest.h>

#include <fstream>

#include "console.hpp"

using namespace valija;
using namespace valija::cli;
using namespace valija::cli::test;

namespace {

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("doctor says what is missing and how to get it") {
  Console console;
  const Ran ran = console.run(doctor, {"doctor"});
  CHECK(ran.status == 0);  // nothing is wrong yet, there is only something to do
  CHECK(contains(ran.out, "warn  settings: "));
  CHECK(contains(ran.out, "valija config sample"));
  CHECK(contains(ran.out, "ok    mail root: " + console.mailbox.root()));
  CHECK(contains(ran.out, "warn  index: "));
}

TEST_CASE("doctor counts what is in the index") {
  Console console;
  console.index({console.mailbox.message("a@x", "One", console.now)}, {});
  CHECK(contains(console.run(doctor, {"doctor"}).out, "ok    index: 1 message in " + console.mailbox.root()));
}

TEST_CASE("doctor names an account that does not exist") {
  Console console;
  console.settings_.accounts.emplace_back();
  console.settings_.accounts[0].name = "work";
  const Ran ran = console.run(doctor, {"doctor", "wrok"});
  CHECK(ran.status == 64);
  CHECK(contains(ran.err, "work"));
}

TEST_CASE("doctor tells a server that nobody answers for from a name that does not exist") {
  Console console;
  config::Account account;
  account.name = "work";
  account.address = "ana@example.org";
  account.password = Secret("x");
  account.receive = config::ServerUrl{config::ServerUrl::Scheme::imap_plain, "ana", "127.0.0.1", 1};
  console.settings_.accounts = {account};
  const Ran closed = console.run(doctor, {"doctor"});
  CHECK(closed.status == 69);
  CHECK(contains(closed.out, "ok    work name: 127.0.0.1"));
  CHECK(contains(closed.out, "bad   work login: "));

  console.settings_.accounts[0].receive->host = "no-such-host.invalid";
  const Ran unknown = console.run(doctor, {"doctor"});
  CHECK(unknown.status == 69);
  CHECK(contains(unknown.out, "bad   work name: "));
  CHECK_FALSE(contains(unknown.out, "work login"));
}

TEST_CASE("doctor asks for a password before it dials") {
  Console console;
  config::Account account;
  account.name = "work";
  account.receive = config::ServerUrl{config::ServerUrl::Scheme::imap_plain, "ana", "127.0.0.1", 1};
  console.settings_.accounts = {account};
  const Ran ran = console.run(doctor, {"doctor"});
  CHECK(ran.status == 77);
  CHECK(contains(ran.out, "bad   work password: "));
}
