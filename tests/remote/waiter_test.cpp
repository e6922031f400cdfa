#include "../../src/remote/waiter.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <memory>
#include <unistd.h>

#include "push_world.hpp"

namespace valija::remote {
namespace {

using sync::Woken;
using testing::PushWorld;

constexpr std::int64_t second = 1000, minute = 60 * second, hour = 60 * minute;

}  // namespace

TEST_CASE("push: nothing happens until the time is over; the line shows life every two minutes") {
  PushWorld world;
  const auto woken = world.wait(world.listed(), 5 * minute);
  REQUIRE(woken);
  CHECK(*woken == Woken::time);
  CHECK(world.elapsed_ms() == 5 * minute);
  CHECK(world.count("IDLE") == 3);
  CHECK(world.count("DONE") == 3);
  CHECK(world.count("STATUS \"Work\"") == 3);
  CHECK(world.count("STATUS \"INBOX\"") == 1);
  CHECK(world.dialled_at.size() == 1);
}

TEST_CASE("push: one folder alone is only probed every nine minutes") {
  PushWorld world;
  auto folders = world.listed();
  folders.resize(1);
  CHECK(*world.wait(folders, 20 * minute) == Woken::time);
  CHECK(world.count("IDLE") == 3);
  CHECK(world.count("STATUS") == 1);
}

TEST_CASE("push: new, deleted and changed messages of the first folder wake at once, and the connection goes on") {
  for (const std::string news : {"* 6 EXISTS\r\n", "* 2 EXPUNGE\r\n", "* VANISHED 5:6\r\n", "* 1 FETCH (UID 3 FLAGS (\\Seen))\r\n"}) {
    PushWorld world;
    world.at(30 * second, [&] { world.tell(news); });
    CHECK(*world.wait(world.listed(), hour) == Woken::change);
    CHECK(world.elapsed_ms() == 30 * second);
    CHECK(world.commands.back() == "DONE");
    CHECK(*world.wait(world.listed(), minute) == Woken::time);
    CHECK(world.dialled_at.size() == 1);
  }
}

TEST_CASE("push: lines without news wake nobody") {
  PushWorld world;
  world.at(30 * second, [&] { world.tell("* OK still here\r\n* 5 EXISTS\r\n* 0 RECENT\r\n* VANISHED (EARLIER) 1:3\r\n"); });
  CHECK(*world.wait(world.listed(), minute) == Woken::time);
}

TEST_CASE("push: a change in another folder shows in its counters within two minutes") {
  for (int what = 0; what < 4; ++what) {
    PushWorld world;
    const auto listed = world.listed();
    world.at(30 * second, [&] {
      sync::FolderCounters& lists = world.folders["Lists"];
      if (what == 0) lists.uid_next = {32};
      if (what == 1) lists.highest = {301};
      if (what == 2) lists.messages = 6;
      if (what == 3) lists.uid_validity = {10};
    });
    CHECK(*world.wait(listed, hour) == Woken::change);
    CHECK(world.elapsed_ms() == 2 * minute);
  }
}

TEST_CASE("push: what changed between the last look and the wait is not missed") {
  for (const std::string folder : {"INBOX", "Lists"}) {
    PushWorld world;
    const auto listed = world.listed();
    world.folders[folder].highest = {1000};
    CHECK(*world.wait(listed, hour) == Woken::change);
    CHECK(world.elapsed_ms() == 0);
  }
}

TEST_CASE("push: a message that arrives while the folder is opened or IDLE is entered wakes") {
  for (const std::string moment : {"SELECT", "IDLE"}) {
    PushWorld world;
    world.capabilities = "IDLE";
    bool is_first = true;
    world.hook = [&](const std::string& tag, const std::string& command) -> std::optional<std::string> {
      if (!command.starts_with(moment) || !std::exchange(is_first, false)) return std::nullopt;
      if (moment == "IDLE") return "* 6 EXISTS\r\n+ idling\r\n";
      return "* 6 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 12] x\r\n" + tag + " OK done\r\n";
    };
    CHECK(*world.wait(world.listed(), hour) == Woken::change);
    CHECK(world.elapsed_ms() == 0);
  }
}

TEST_CASE("push: a message that arrives while the other folders are asked wakes") {
  PushWorld world;
  world.hook = [&](const std::string& tag, const std::string& command) -> std::optional<std::string> {
    if (!command.starts_with("STATUS \"Work\"") || world.elapsed_ms() == 0) return std::nullopt;
    return "* 6 EXISTS\r\n" + tag + " OK done\r\n";
  };
  CHECK(*world.wait(world.listed(), hour) == Woken::change);
  CHECK(world.elapsed_ms() == 2 * minute);
}

TEST_CASE("push: folders whose counters nobody knew give no change at the first look") {
  PushWorld world;
  auto folders = world.listed();
  for (auto& folder : folders) folder.counters.reset();
  world.at(30 * second, [&] { world.folders["Work"].uid_next = {50}; });
  CHECK(*world.wait(folders, hour) == Woken::change);
  CHECK(world.elapsed_ms() == 2 * minute);
}

TEST_CASE("push: NOTIFY tells of every folder, and is silenced behind") {
  PushWorld world;
  world.capabilities = "IDLE NOTIFY CONDSTORE";
  world.at(3 * minute, [&] { world.tell("* STATUS Other (MESSAGES 9)\r\n* STATUS Lists (MESSAGES 7 UIDNEXT 31 HIGHESTMODSEQ 300)\r\n"); });
  world.at(5 * minute, [&] { world.tell("* STATUS Lists (HIGHESTMODSEQ 301)\r\n"); });
  CHECK(*world.wait(world.listed(), hour) == Woken::change);
  CHECK(world.elapsed_ms() == 5 * minute);
  CHECK(world.count("STATUS \"Lists\"") == 1);
  CHECK(world.count("NOTIFY SET") == 1);
  CHECK(world.commands.back() == "NOTIFY NONE");
}

TEST_CASE("push: a NOTIFY that overflows is a change; one that is refused leaves STATUS") {
  PushWorld world;
  world.capabilities = "IDLE NOTIFY";
  world.at(minute, [&] { world.tell("* OK [NOTIFICATIONOVERFLOW] too much\r\n"); });
  CHECK(*world.wait(world.listed(), hour) == Woken::change);
  PushWorld refusing;
  refusing.capabilities = "IDLE NOTIFY";
  refusing.hook = [](const std::string& tag, const std::string& command) -> std::optional<std::string> {
    if (!command.starts_with("NOTIFY")) return std::nullopt;
    return tag + " NO [BADEVENT (MessageNew)] no\r\n";
  };
  refusing.at(30 * second, [&] { refusing.folders["Lists"].messages = 8; });
  CHECK(*refusing.wait(refusing.listed(), hour) == Woken::change);
  CHECK(refusing.elapsed_ms() == 2 * minute);
  CHECK(refusing.count("NOTIFY") == 2);
}

TEST_CASE("push: a folder that is made, renamed or removed on the server wakes at once, and nothing else that is said of folders") {
  const auto check_wakes = [](const std::string& news, std::size_t folders) {
    PushWorld world;
    world.capabilities = "IDLE NOTIFY CONDSTORE";
    auto listed = world.listed();
    listed.resize(folders);
    world.at(30 * second, [&] { world.tell(news); });
    CHECK(*world.wait(listed, hour) == Woken::change);
    CHECK(world.elapsed_ms() == 30 * second);
  };
  for (const std::size_t folders : {1, 3}) {
    check_wakes("* LIST (\\HasNoChildren) \"/\" New\r\n", folders);
    check_wakes("* LIST () \"/\" Jobs (\"OLDNAME\" (Old))\r\n", folders);
  }
  check_wakes("* LIST (\\NonExistent) \"/\" Work\r\n", 3);
  PushWorld world;
  world.capabilities = "IDLE NOTIFY CONDSTORE";
  world.at(30 * second, [&] { world.tell("* LIST (\\HasChildren) \"/\" Work\r\n* LIST (\\NonExistent) \"/\" Other\r\n"); });
  CHECK(*world.wait(world.listed(), 5 * minute) == Woken::time);
}

TEST_CASE("push: a server that cannot tell of the names of folders tells of their messages") {
  PushWorld world;
  world.capabilities = "IDLE NOTIFY CONDSTORE";
  world.hook = [](const std::string& tag, const std::string& command) -> std::optional<std::string> {
    return command.find("MailboxName") != std::string::npos ? std::optional(tag + " NO [BADEVENT (MessageNew)] no\r\n") : std::nullopt;
  };
  world.at(30 * second, [&] { world.tell("* STATUS Lists (HIGHESTMODSEQ 301)\r\n"); });
  CHECK(*world.wait(world.listed(), hour) == Woken::change);
  CHECK(world.elapsed_ms() == 30 * second);
  CHECK(world.count("NOTIFY SET") == 2);
}

TEST_CASE("push: a server without IDLE, or whose IDLE is refused or ends by itself, is asked now and then") {
  for (const std::string answer : {"", "NO not you", "OK that was it", "BAD what?"}) {
    PushWorld world;
    world.capabilities = answer.empty() ? "" : "IDLE";
    world.hook = [&](const std::string& tag, const std::string& command) -> std::optional<std::string> {
      if (command == "IDLE") return (answer.starts_with("OK") ? "+ idling\r\n" : "") + tag + ' ' + answer + "\r\n";
      if (command == "NOOP" && world.elapsed_ms() > 5 * minute && !answer.empty()) return "* 6 EXISTS\r\n" + tag + " OK done\r\n";
      return std::nullopt;
    };
    world.at(5 * minute, [&] { world.folders["INBOX"].messages = 6; });
    CHECK(*world.wait(world.listed(), hour) == Woken::change);
    CHECK(world.elapsed_ms() == 6 * minute);
    CHECK(world.count("IDLE") == (answer.empty() ? 0 : 1));
    CHECK(world.commands.size() < 30);
    CHECK(world.dialled_at.size() == 1);
  }
}

TEST_CASE("push: a first folder that cannot be opened is asked like the others") {
  PushWorld world;
  world.hook = [](const std::string& tag, const std::string& command) -> std::optional<std::string> {
    if (!command.starts_with("SELECT")) return std::nullopt;
    return tag + " NO not you\r\n";
  };
  world.at(5 * minute, [&] { world.folders["INBOX"].messages = 6; });
  CHECK(*world.wait(world.listed(), hour) == Woken::change);
  CHECK(world.elapsed_ms() == 6 * minute);
}

TEST_CASE("push: it can be woken in every state") {
  SUBCASE("before it begins") {
    PushWorld world;
    world.is_woken = true;
    CHECK(*world.wait(world.listed(), hour) == Woken::asked);
    CHECK(world.elapsed_ms() == 0);
  }
  SUBCASE("in IDLE") {
    PushWorld world;
    world.at(45 * second, [&] { world.is_woken = true; });
    CHECK(*world.wait(world.listed(), hour) == Woken::asked);
    CHECK(world.elapsed_ms() == 45 * second);
    CHECK(world.is_connected());
  }
  SUBCASE("in IDLE on a dead line") {
    PushWorld world;
    world.at(40 * second, [&] { world.is_dead = true; });
    world.at(45 * second, [&] { world.is_woken = true; });
    CHECK(*world.wait(world.listed(), hour) == Woken::asked);
    CHECK(world.elapsed_ms() <= 48 * second);
    CHECK_FALSE(world.is_connected());
  }
  SUBCASE("without IDLE") {
    PushWorld world;
    world.capabilities = "";
    world.at(45 * second, [&] { world.is_woken = true; });
    CHECK(*world.wait(world.listed(), hour) == Woken::asked);
    CHECK(world.elapsed_ms() == 45 * second);
  }
  SUBCASE("while nobody answers") {
    PushWorld world;
    world.refused_dials = 1000;
    world.at(45 * second, [&] { world.is_woken = true; });
    CHECK(*world.wait(world.listed(), hour) == Woken::asked);
    CHECK(world.elapsed_ms() == 45 * second);
  }
}

TEST_CASE("push: a stop ends it in every state") {
  for (const bool is_reachable : {true, false}) {
    PushWorld world;
    world.refused_dials = is_reachable ? 0 : 1000;
    world.at(45 * second, [&] { world.is_stopped = true; });
    const auto woken = world.wait(world.listed(), hour);
    REQUIRE_FALSE(woken);
    CHECK(woken.error().kind == Kind::cancelled);
    CHECK(world.elapsed_ms() == 45 * second);
  }
}

TEST_CASE("push: a line that died in silence is found by the probe and dialled again") {
  PushWorld world;
  const auto listed = world.listed();
  world.at(30 * second, [&] {
    world.is_dead = true;
    world.folders["INBOX"].uid_next = {12};
  });
  CHECK(*world.wait(listed, hour) == Woken::change);
  CHECK(world.dialled_at.size() == 2);
  CHECK(world.elapsed_ms() == 2 * minute + 10 * second);
}

TEST_CASE("push: behind a suspension the line is probed within seconds") {
  for (const bool is_dead : {false, true}) {
    PushWorld world;
    auto folders = world.listed();
    folders.resize(1);
    world.at(30 * second, [&] {
      world.suspended_ms += 3 * hour;
      world.is_dead = is_dead;
    });
    CHECK(*world.wait(folders, 5 * minute) == Woken::time);
    CHECK(world.count("IDLE") == 2);
    CHECK(world.dialled_at.size() == (is_dead ? 2 : 1));
    if (is_dead) CHECK(world.dialled_at[1] <= 45 * second);
  }
}

TEST_CASE("push: behind a change of network the line is asked at once, and dialled again if it is dead") {
  for (const bool is_dead : {true, false}) {
    PushWorld world;
    world.at(30 * second, [&] {
      world.network = "198.51.100.7";
      world.is_dead = is_dead;
    });
    CHECK(*world.wait(world.listed(), 5 * minute) == Woken::time);
    CHECK(world.dialled_at.size() == (is_dead ? 2 : 1));
    if (is_dead) CHECK(world.dialled_at[1] <= 45 * second);
  }
}

TEST_CASE("push: a network that comes back is tried at once, however long the pause") {
  PushWorld world;
  world.refused_dials = 9;
  world.at(5 * minute, [&] {
    world.network = "198.51.100.7";
    world.refused_dials = 0;
  });
  CHECK(*world.wait(world.listed(), 6 * minute) == Woken::time);
  CHECK(world.dialled_at.back() >= 5 * minute);
  CHECK(world.dialled_at.back() <= 5 * minute + 5 * second);
}

TEST_CASE("push: behind BYE and a cut it is dialled again, longer and longer apart, never in step") {
  PushWorld world;
  world.at(30 * second, [&] {
    world.refused_dials = 6;
    world.tell("* BYE restarting\r\n");
    world.hang_up();
  });
  CHECK(*world.wait(world.listed(), 10 * minute) == Woken::time);
  REQUIRE(world.dialled_at.size() == 8);
  CHECK(world.dialled_at[1] == 30 * second);
  std::vector<std::int64_t> gaps;
  for (std::size_t i = 2; i < 8; ++i) gaps.push_back(world.dialled_at[i] - world.dialled_at[i - 1]);
  CHECK(gaps == std::vector<std::int64_t>{1500, 3000, 6000, 12000, 24000, 48000});
  PushWorld other;
  other.next_chance = 0.9;
  other.refused_dials = 1000;
  CHECK(*other.wait(other.listed(), hour) == Woken::time);
  CHECK(other.elapsed_ms() == hour);
  CHECK(other.dialled_at[2] - other.dialled_at[1] == 1900);
  CHECK(other.dialled_at.back() - other.dialled_at[other.dialled_at.size() - 2] == 285 * second);
}

TEST_CASE("push: a server that hangs up at once each time is not dialled without rest") {
  PushWorld world;
  world.hook = [&](const std::string&, const std::string& command) -> std::optional<std::string> {
    if (command != "IDLE") return std::nullopt;
    world.hang_up();
    return "* BYE bye\r\n";
  };
  CHECK(*world.wait(world.listed(), hour) == Woken::time);
  CHECK(world.dialled_at.size() < 30);
}

TEST_CASE("push: a login that is refused ends the wait") {
  PushWorld world;
  world.refused_dials = 1;
  world.dial_error.kind = Kind::login;
  const auto woken = world.wait(world.listed(), hour);
  REQUIRE_FALSE(woken);
  CHECK(woken.error().kind == Kind::login);
  CHECK(world.dialled_at.size() == 1);
}

TEST_CASE("push: floods in IDLE are bounded") {
  for (const std::string line : {"* OK still here\r\n", "* STATUS Nowhere (MESSAGES 1)\r\n", "* XYZZY\r\n"}) {
    PushWorld world;
    std::string flood;
    for (int i = 0; i < 20'000; ++i) flood += line;
    world.hook = [&](const std::string&, const std::string& command) -> std::optional<std::string> {
      return command == "IDLE" ? std::optional("+ idling\r\n" + flood) : std::nullopt;
    };
    CHECK(*world.wait(world.listed(), 10 * minute) == Woken::time);
    CHECK(world.dialled_at.size() > 1);
    CHECK(world.dialled_at.size() < 12);
  }
}

TEST_CASE("push: news that do not end behind DONE cost the connection, not the news") {
  PushWorld world;
  world.hook = [&](const std::string&, const std::string& command) -> std::optional<std::string> {
    if (command != "DONE") return std::nullopt;
    return "* 7 EXISTS\r\n";
  };
  world.at(30 * second, [&] { world.tell("* 6 EXISTS\r\n"); });
  CHECK(*world.wait(world.listed(), hour) == Woken::change);
  CHECK(world.elapsed_ms() == 40 * second);
  CHECK_FALSE(world.is_connected());
}

TEST_CASE("push: the real surroundings tell descriptors, the stop and the time apart") {
  int pipe_fds[2];
  REQUIRE(::pipe(pipe_fds) == 0);
  const Fd in(pipe_fds[0]), out(pipe_fds[1]);
  std::stop_source stop;
  SystemSurroundings surroundings(stop.get_token());
  CHECK(*surroundings.poll(nullptr, in.get(), 0) == Surroundings::Ready::time);
  REQUIRE(write_all(out.get(), "x") == 0);
  CHECK(*surroundings.poll(nullptr, in.get(), 60'000) == Surroundings::Ready::wake);
  stop.request_stop();
  CHECK(*surroundings.poll(nullptr, in.get(), 60'000) == Surroundings::Ready::stop);
  CHECK(surroundings.boot_ms() >= surroundings.monotonic_ms());
  CHECK(surroundings.chance() < 1);
}

}  // namespace valija::remote
