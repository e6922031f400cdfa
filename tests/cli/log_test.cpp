#include <doctest/doctest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "console.hpp"
#include "valija/base/text.hpp"
#include "valija/store/account_store.hpp"

using namespace valija;
using namespace valija::cli;
using namespace valija::cli::test;

namespace {

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

/// Two messages that sync fetched; the first one was moved afterwards.
class LoggedMailbox : public Console {
 public:
  LoggedMailbox() {
    ::setenv("TZ", "UTC", 1);
    ::tzset();
    const FixedClock clock(now);
    auto local = store::open_account({"work", settings_.mail_root, places_.state_dir}, TagMap(), clock);
    REQUIRE(local);
    REQUIRE((*local)->recover());
    const FolderPath inbox = *FolderPath::from_text("INBOX");
    for (std::uint32_t uid = 1; uid <= 2; ++uid) {
      REQUIRE((*local)->begin(inbox, FolderRole::inbox, {.uid = {uid}, .marks = {}}));
      REQUIRE((*local)->write(octets(uid)));
      REQUIRE((*local)->keep());
    }
    const auto stored = (*local)->commit(inbox, {1});
    REQUIRE(stored);
    REQUIRE(stored->size() == 2);
    std::vector<std::string> bases;
    for (const auto& message : *stored) {
      paths.push_back(message.path);
      const std::string name = std::filesystem::path(message.path).filename().string();
      bases.push_back(name.substr(0, name.find(":2,")));
      (*local)->note({inbox, bases.back(), "downloaded", "new on the server"});
    }
    (*local)->note({*FolderPath::from_text("Lists/debian"), bases[0], "moved", "moved on the server from INBOX"});
    REQUIRE((*local)->flush());
    index(paths, {"inbox"});
  }

  static std::string octets(std::uint32_t number) {
    return "From: Ana Ruiz <ana@example.test>\r\nSubject: message " + std::to_string(number) + "\r\nMessage-ID: <" + std::to_string(number) +
           "@example.test>\r\nDate: Sat, 21 Nov 2026 10:00:00 +0000\r\n\r\ntext\r\n";
  }

  std::vector<std::string> paths;
};

}  // namespace

TEST_CASE("log tells what sync did, the newest first, what is alike in one line") {
  LoggedMailbox console;
  const Ran ran = console.run(log, {"log"});
  CHECK(ran.status == 0);
  const auto lines = split(std::string(trim(ran.out)), '\n');
  REQUIRE(lines.size() == 2);
  CHECK(lines[0] == "2026-09-21 14:13  work/Lists/debian  moved: moved on the server from INBOX");
  CHECK(lines[1] == "2026-09-21 14:13  work/INBOX         fetched, 2 messages: new on the server");
}

TEST_CASE("log with a search tells the story of each message") {
  LoggedMailbox console;
  const Ran ran = console.run(log, {"log", "id:1@example.test"});
  CHECK(contains(ran.out, "message 1 (Ana Ruiz"));
  CHECK_FALSE(contains(ran.out, "message 2"));
  CHECK(contains(ran.out, "fetched: new on the server"));
  CHECK(console.run(log, {"log", "id:nothing@example.test"}).out.empty());
}

TEST_CASE("every line of the log fits into 80 columns") {
  LoggedMailbox console;
  const std::string all = console.run(log, {"log", "*"}).out + console.run(log, {"log"}).out;
  for (const std::string& line : split(all, '\n')) CHECK(display_width(line) <= 80);
}

TEST_CASE("log as JSON keeps the words of the protocol") {
  LoggedMailbox console;
  const auto all = nlohmann::json::parse(console.run(log, {"log", "--format=json"}).out);
  REQUIRE(all.size() == 3);
  CHECK(all[0]["what"] == "moved");
  CHECK(all[0]["account"] == "work");
  CHECK(all[0]["folder"] == "Lists/debian");
  CHECK(all[0]["why"] == "moved on the server from INBOX");
  CHECK(all[0]["timestamp"] == console.now);
  const auto one = nlohmann::json::parse(console.run(log, {"log", "--format=json", "id:2@example.test"}).out);
  for (const auto& entry : one) CHECK(entry["id"] == "2@example.test");
}

TEST_CASE("the log obeys its limit") {
  LoggedMailbox console;
  CHECK(nlohmann::json::parse(console.run(log, {"log", "--format=json", "--limit=1"}).out).size() == 1);
  CHECK(nlohmann::json::parse(console.run(log, {"log", "--format=json", "--limit=0"}).out).empty());
}

TEST_CASE("without a state the log is empty, and nothing is made") {
  Console console;
  const Ran ran = console.run(log, {"log"});
  CHECK(ran.status == 0);
  CHECK(ran.out.empty());
  CHECK_FALSE(std::filesystem::exists(console.places_.state_dir));
}
