#include "valija/workers/account_worker.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

#include "index_fakes.hpp"
#include "support/temporary_directory.hpp"

using namespace valija;
using namespace valija::workers;
using valija::workers::test::next;

TEST_CASE("an exception in a pass is told as a failure, and the next pass runs") {
  const valija::test::TemporaryDirectory directory;
  const SystemClock clock;
  Channel<messages::Event> events;
  AccountPass pass;
  pass.account = "work";
  pass.mail_root = directory / "Mail";
  pass.state_dir = directory / "state";
  pass.remote = [](std::stop_token) -> Result<std::unique_ptr<sync::Remote>> { throw std::runtime_error("no eventfd"); };
  AccountWorker worker(pass, 0, clock, events, [] {});
  for (int round = 0; round < 2; ++round) {
    const auto failed = next<messages::Failed>(events);
    REQUIRE(failed);
    CHECK(failed->error.kind == Kind::bug);
    CHECK(failed->error.message.find("no eventfd") != std::string::npos);
    CHECK(failed->account == "work");
    const auto finished = next<messages::SyncFinished>(events);
    REQUIRE(finished);
    CHECK_FALSE(finished->ok);
    worker.sync();
  }
}
