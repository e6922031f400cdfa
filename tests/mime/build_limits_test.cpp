#include <sys/resource.h>

#include <csignal>
#include <fstream>

#include "support/peak_memory.hpp"
#include "valija/mime/build.hpp"
#include "written.hpp"

using namespace valija;
using namespace valija::test;

TEST_CASE("memory does not grow with an attachment") {
  const TemporaryDirectory directory;
  {
    std::ofstream big(directory / "big", std::ios::binary);
    const std::string piece(1 << 20, 'x');
    for (int i = 0; i < 64; ++i) big << piece;
  }
  Draft draft = simple_draft();
  draft.attachments = {{directory / "big", "", "big"}};
  const PeakMemory memory;
  const auto built = mime::write_message(draft, build_options(), directory / "m");
  REQUIRE(built);
  CHECK(built->size > (std::uint64_t{86} << 20));
  CHECK(memory.mebibytes() < 32);
}

TEST_CASE("a disk that is full is told, and nothing half written stays") {
  const TemporaryDirectory directory;
  std::ofstream(directory / "data") << std::string(200'000, 'x');
  Draft draft = simple_draft();
  draft.attachments = {{directory / "data", "", "data"}};
  rlimit before = {};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
  const auto handler = ::signal(SIGXFSZ, SIG_IGN);
  for (const rlim_t room : {rlim_t{100}, rlim_t{10'000}, rlim_t{270'000}}) {
    const rlimit small = {room, before.rlim_max};
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
    const auto built = mime::write_message(draft, build_options(), directory / "m");
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &before) == 0);
    REQUIRE(!built);
    CHECK(built.error().kind == Kind::disk);
    CHECK_FALSE(read_file(directory / "m", 1 << 20));
  }
  ::signal(SIGXFSZ, handler);
}
