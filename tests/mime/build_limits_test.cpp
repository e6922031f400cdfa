#include <sys/resource.h>

#include <csignal>
#include <fstream>

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
  const auto peak = [] {  // KB
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
      if (line.starts_with("VmHWM:")) return std::stol(line.substr(6));
    }
    return 0L;
  };
  std::ofstream("/proc/self/clear_refs") << "5";  // the peak begins anew
  const auto before = peak();
  REQUIRE(before > 0);
  const auto built = mime::write_message(draft, build_options(), directory / "m");
  REQUIRE(built);
  CHECK(built->size > (std::uint64_t{86} << 20));
  CHECK(peak() - before < 32 * 1024);
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
