#include "valija/workers/progress_meter.hpp"

#include <doctest/doctest.h>

using namespace valija;
using workers::ProgressMeter;
using Stage = messages::SyncProgress::Stage;

TEST_CASE("messages of several folders add up to one figure") {
  ProgressMeter meter("work", 0);
  meter.folder_started("INBOX", 100);
  meter.downloaded(100, 500);
  meter.folder_started("Archive", 300);
  meter.downloaded(50, 1000);
  CHECK(meter.state().done == 150);
  CHECK(meter.state().total == 400);
  CHECK(meter.state().folder == "Archive");
  CHECK(meter.state().stage == Stage::downloading);
}

TEST_CASE("the time left follows the rate of the last seconds") {
  ProgressMeter meter("work", 0);
  meter.folder_started("INBOX", 10'000);
  for (int quarter = 1; quarter <= 8; ++quarter) meter.downloaded(static_cast<std::uint64_t>(quarter) * 125, quarter * 250);
  CHECK(meter.state().per_second == doctest::Approx(500));
  CHECK(meter.state().seconds_left == 18);
  for (int quarter = 1; quarter <= 16; ++quarter) {
    meter.downloaded(1'000 + static_cast<std::uint64_t>(quarter) * 250, 2'000 + quarter * 250);
  }
  CHECK(meter.state().per_second == doctest::Approx(1'000));
  CHECK(meter.state().seconds_left == 5);
}

TEST_CASE("a slow first message does not make the rate") {
  ProgressMeter meter("work", 0);
  meter.folder_started("INBOX", 4'000);
  meter.downloaded(1, 200);
  CHECK(meter.state().seconds_left == -1);
  meter.downloaded(2'000, 500);
  CHECK(meter.state().per_second == doctest::Approx(4'000));
  CHECK(meter.state().seconds_left == 1);
}

TEST_CASE("a folder with nothing new is only listed") {
  ProgressMeter meter("work", 0);
  meter.folder_started("Lists/debian", 0);
  CHECK(meter.state().stage == Stage::listing);
  CHECK(meter.state().seconds_left == -1);
}

TEST_CASE("what is done but for downloads adds up over the folders") {
  ProgressMeter meter("work", 0);
  meter.folder_started("INBOX", 0);
  meter.changed("INBOX", {});
  CHECK(meter.state().stage == Stage::listing);
  meter.changed("INBOX", {.flags_to_server = 2, .moved = 5});
  meter.changed("INBOX", {.flags_to_server = 3, .moved = 12});
  meter.changed("Archive", {.uploaded = 1, .deleted_local = 1, .deleted_server = 1});
  CHECK(meter.state().stage == Stage::changing);
  CHECK(meter.state().moved == 12);
  CHECK(meter.state().flags_sent == 3);
  CHECK(meter.state().uploaded == 1);
  CHECK(meter.state().deleted == 2);
  meter.folder_started("Lists", 10);
  CHECK(meter.state().stage == Stage::downloading);
}

TEST_CASE("a message more than was announced does not turn the time left negative") {
  ProgressMeter meter("work", 0);
  meter.folder_started("INBOX", 10);
  meter.downloaded(11, 2'000);
  CHECK(meter.state().seconds_left == 0);
}

TEST_CASE("progress is due at most ten times a second") {
  ProgressMeter meter("work", 1'000);
  CHECK(meter.is_due(1'000));
  CHECK_FALSE(meter.is_due(1'099));
  CHECK(meter.is_due(1'100));
}
