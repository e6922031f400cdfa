#include <doctest/doctest.h>

#include <cstdlib>

#include "cli/json.hpp"
#include "cli/relative_date.hpp"
#include "console.hpp"

using namespace valija;
using namespace valija::cli;
using namespace valija::cli::test;

namespace {

constexpr std::int64_t day = 86'400;

/// Two threads, one with an answer by somebody else, odd names and ids.
void fill(Console& console, std::int64_t now) {
  auto& mailbox = console.mailbox;
  console.index({mailbox.message("a@x", "Budget: last version", now - 3 * day),
                 mailbox.message("c@x", "Lunch?", now - 400 * day, {}, "Jun Tanaka <jun@example.org>")},
                {"inbox", "unread"});
  console.index({mailbox.message("b@x", "Re: Budget: last version", now - 2 * day, "In-Reply-To: <a@x>\n",
                                 "Marta Gil <marta@example.org>")},
                {"inbox", "a b"});
  console.index({mailbox.message("odd(\"id\")@x", "=?utf-8?q?=C3=A9t=C3=A9_=E2=80=AE?=", now - 3600 * 5, {},
                                 "\"Ruiz, Ana\" <ana@example.org>")},
                {"todo"});
  console.index({mailbox.message("e@x", "", now - 60, "In-Reply-To: <a@x>\n", "ana@example.org")}, {});
}

Json run_json(Console& console, std::vector<std::string> typed) {
  const Ran ran = console.run(search, typed);
  CHECK(ran.status == 0);
  CHECK(ran.err == "");
  return Json::parse(ran.out);
}

bool has_notmuch() { return std::system("command -v notmuch >/dev/null 2>&1") == 0; }

}  // namespace

TEST_CASE("search --format=json gives the objects of notmuch") {
  if (!has_notmuch()) {
    MESSAGE("skipped: the notmuch command is not installed");
    return;
  }
  Console console;
  console.now = SystemClock().now();
  fill(console, console.now);
  console.mailbox.use_config("[search]\nexclude_tags=deleted;spam\n");
  console.places_.notmuch_config = console.mailbox.location().config;
  console.places_.notmuch_database = console.mailbox.root();
  const std::vector<std::vector<std::string>> searches{
      {"*"},           {"from:marta"}, {"tag:inbox"}, {"--sort=oldest", "*"}, {"--limit=1", "*"}, {"--limit=0", "*"},
      {"from:nobody"}, {"tag:todo"}};
  for (const auto& words : searches) {
    std::string command = "search --format=json", shown;
    std::vector<std::string> typed{"search", "--format=json"};
    for (const std::string& word : words) {
      typed.push_back(word);
      command += " '" +
                 (word == "--sort=oldest"   ? word + "-first"
                  : word == "--sort=newest" ? word + "-first"
                                            : word) +
                 "'";
    }
    CHECK_MESSAGE(run_json(console, typed).dump(1) == Json::parse(console.mailbox.notmuch(command)).dump(1), command);
  }
  for (const std::string output : {"messages", "files", "tags"}) {
    const Json ours = run_json(console, {"search", "--format=json", "--output=" + output, "*"});
    CHECK(ours == Json::parse(console.mailbox.notmuch("search --format=json --output=" + output + " '*'")));
  }
}

TEST_CASE("text output is one line a thread and cannot move the cursor") {
  Console console;
  console.index({console.mailbox.message("a@x", "=?utf-8?b?G1szMW0=?= red", console.now - 60)}, {"inbox", "todo"});
  const Ran ran = console.run(search, {"search", "*"});
  CHECK(ran.status == 0);
  CHECK(ran.out.find("[1/1] Ana Ruiz; ") != std::string::npos);
  CHECK(ran.out.find("(inbox todo)\n") != std::string::npos);
  CHECK(ran.out.find('\x1b') == std::string::npos);
  CHECK(console.run(search, {"search", "--output=messages", "*"}).out == "id:a@x\n");
  CHECK(console.run(search, {"search", "--output=tags", "*"}).out == "inbox\ntodo\n");
  CHECK(console.run(search, {"search", "from:nobody"}).out == "");
}

TEST_CASE("a limit holds across the pages that are read at once") {
  Console console;
  std::vector<std::string> paths;
  for (int i = 0; i < 30; ++i)
    paths.push_back(
        console.mailbox.message(std::to_string(i) + "@x", "Message " + std::to_string(i), console.now - i * 60));
  console.index(paths, {"inbox"});
  CHECK(run_json(console, {"search", "--format=json", "--limit=7", "*"}).size() == 7);
  CHECK(run_json(console, {"search", "--format=json", "*"}).size() == 30);
  CHECK(run_json(console, {"search", "--format=json", "--output=files", "--limit=3", "*"}).size() == 3);
  CHECK(run_json(console, {"search", "--format=json", "--limit=1", "--sort=oldest", "*"})[0]["subject"] ==
        "Message 29");
}

TEST_CASE("count counts messages or threads, all without a search") {
  Console console;
  fill(console, console.now);
  CHECK(console.run(count, {"count", "*"}).out == "5\n");
  CHECK(console.run(count, {"count"}).out == "5\n");
  CHECK(console.run(count, {"count", "--output=threads", "*"}).out == "3\n");
  CHECK(console.run(count, {"count", "from:nobody"}).out == "0\n");
}

TEST_CASE("no search, a wrong search and no index are clear errors") {
  Console console;
  const Ran none = console.run(search, {"search", "*"});
  CHECK(none.status == 74);
  CHECK(none.out == "");
  fill(console, console.now);
  CHECK(console.run(search, {"search"}).status == 64);
  CHECK(console.run(search, {"search", "date:nonsense..x"}).status == 64);
}

TEST_CASE("relative dates are those of notmuch") {
  ::setenv("TZ", "UTC", 1);
  ::tzset();
  const UnixTime now = 1'800'000'000;  // Fri 2027-01-15 08:00 UTC
  CHECK(relative_date(now + 1, now) == "the future");
  CHECK(relative_date(now, now) == "0 mins. ago");
  CHECK(relative_date(now - 3599, now) == "59 mins. ago");
  CHECK(relative_date(now - 3600, now) == "Today 07:00");
  CHECK(relative_date(now - 9 * 3600, now) == "Yest. 23:00");
  CHECK(relative_date(now - 3 * day, now) == "Tue. 08:00");
  CHECK(relative_date(now - 7 * day, now) == "January 08");
  CHECK(relative_date(now - 180 * day, now) == "July 19");
  CHECK(relative_date(now - 181 * day, now) == "2026-07-18");
}
