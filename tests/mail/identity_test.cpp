#include "valija/mail/identity.hpp"

#include <doctest/doctest.h>

#include "support/cpu_time.hpp"

using namespace valija;

namespace {

const std::vector<Identity> identities = {{"home", {"Ana", "ana@example.org"}, {"ana.ruiz@example.org", "*@ana.example.org"}, ""},
                                          {"work", {"Ana Ruiz", "ruiz@company.example"}, {"sales-*@company.example", "*@*.example"}, ""}};

std::string answers(const std::vector<std::string>& delivered, const std::vector<Address>& to, const std::vector<Address>& cc, std::string_view account) {
  const Sender sender = sender_for(identities, delivered, to, cc, account);
  return sender.identity->account + " " + to_text(sender.address);
}

}  // namespace

TEST_CASE("my addresses: as written, aliases, wildcards, suffixes") {
  for (const char* mine : {"ana@example.org", "ANA@Example.ORG", "ana+news@example.org", "ana.ruiz@example.org", "ana.ruiz+x+y@example.org", "any.thing@ana.example.org",
                           "sales-7@company.example", "sales-@company.example"}) {
    CAPTURE(mine);
    CHECK(is_mine(identities, mine));
  }
  for (const char* other : {"", "ana", "bana@example.org", "ana@example.orga", "+ana@example.org", "ana@xexample.org", "@ana.example.orgx", "sales@company.com", "a+na@example.org"}) {
    CAPTURE(other);
    CHECK_FALSE(is_mine(identities, other));
  }
}

TEST_CASE("who answers is who was written to") {
  CHECK(answers({}, {{"", "ana+news@example.org"}}, {}, "work") == "home Ana <ana+news@example.org>");
  CHECK(answers({"shop@ana.example.org"}, {{"", "ruiz@company.example"}}, {}, "work") == "home Ana <shop@ana.example.org>");
  CHECK(answers({}, {{"", "other@x"}}, {{"", "RUIZ@company.example"}}, "home") == "work Ana Ruiz <RUIZ@company.example>");
  CHECK(answers({}, {{"", "list@x"}}, {}, "work") == "work Ana Ruiz <ruiz@company.example>");
  CHECK(answers({}, {}, {}, "gone") == "home Ana <ana@example.org>");
  CHECK(sender_for({}, {"ana@example.org"}, {}, {}, "home").identity == nullptr);
}

TEST_CASE("a pattern costs no more than its length allows") {
  const std::vector<Identity> greedy = {{"a", {"", "a@b"}, {"*a*a*a*a*a*a*a*a*b@x"}, ""}};
  const test::CpuTime time;
  CHECK_FALSE(is_mine(greedy, std::string(900, 'a') + "@x"));
  CHECK_FALSE(is_mine(greedy, std::string(1 << 20, 'a')));
  CHECK(time.seconds() < 1);
}
