#include "valija/demo/mailbox.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>

#include "valija/mail/date.hpp"

using namespace valija;
using namespace valija::demo;

namespace {

constexpr UnixTime now = 1795428600;  // 23 Nov 2026, 10:10 UTC

std::string header(const std::string& octets, const std::string& name) {
  const auto end_of_headers = octets.find("\n\n");
  const auto found = octets.find("\n" + name + ": ");
  if (found == std::string::npos || found > end_of_headers) return {};
  const auto start = found + name.size() + 3;
  return octets.substr(start, octets.find('\n', start) - start);
}

std::size_t younger_than(const std::vector<DemoMessage>& messages, std::int64_t seconds) {
  return static_cast<std::size_t>(
      std::count_if(messages.begin(), messages.end(), [&](const auto& message) { return now - message.date < seconds; }));
}

}  // namespace

TEST_CASE("the sample mailbox fills both accounts and all the usual folders") {
  const auto messages = demo_mailbox(now);
  CHECK(messages.size() >= 60);
  std::set<std::string> accounts, folders;
  std::set<FolderRole> roles;
  for (const auto& message : messages) {
    accounts.insert(message.account);
    folders.insert(message.folder);
    roles.insert(message.role);
    CHECK(FolderPath::from_text(message.folder).has_value());
  }
  for (const auto& account : demo_accounts()) CHECK(accounts.erase(account.name) == 1);
  CHECK(accounts.empty());
  CHECK(roles.size() == 7);
  CHECK(folders.count("Lists/debian") == 1);
}

TEST_CASE("the sample mailbox is fresh: mail of today, of yesterday, of the week, and older") {
  const auto messages = demo_mailbox(now);
  CHECK(younger_than(messages, 3600) >= 2);
  CHECK(younger_than(messages, 86400) >= 12);
  CHECK(younger_than(messages, 2 * 86400) > younger_than(messages, 86400));
  CHECK(younger_than(messages, 7 * 86400) > younger_than(messages, 2 * 86400));
  CHECK(younger_than(messages, 30 * 86400) < messages.size());
  CHECK(std::is_sorted(messages.begin(), messages.end(), [](const auto& a, const auto& b) { return a.date > b.date; }));
}

TEST_CASE("the Date header of a sample message says its date") {
  for (const auto& message : demo_mailbox(now)) {
    INFO(message.octets.substr(0, 300));
    CHECK(parse_date(header(message.octets, "Date")) == message.date);
  }
}

TEST_CASE("no mark of a date is left in a sample message") {
  for (const auto& message : demo_mailbox(now)) {
    INFO(message.octets.substr(0, 300));
    CHECK(message.octets.find("@DATE") == std::string::npos);
    CHECK(message.octets.find("@DAY") == std::string::npos);
    CHECK(message.octets.find("@TIME") == std::string::npos);
    CHECK(message.octets.find("X-Demo") == std::string::npos);
  }
}

TEST_CASE("the invitation lies in the future") {
  const auto messages = demo_mailbox(now);
  const auto invitation = std::find_if(messages.begin(), messages.end(),
                                       [](const auto& message) { return message.octets.find("BEGIN:VEVENT") != std::string::npos; });
  REQUIRE(invitation != messages.end());
  CHECK(invitation->octets.find("DTSTART:20261125T100000Z") != std::string::npos);
}

TEST_CASE("at any time in sixty years the sample mailbox can be made") {
  for (UnixTime at = 0; at < 60LL * 366 * 86400; at += 97LL * 86400 + 12345) {
    for (const auto& message : demo_mailbox(at)) REQUIRE(message.octets.find("\nDate: @") == std::string::npos);
  }
}
