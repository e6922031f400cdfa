#include "valija/mail/address_book.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>

using namespace valija;

namespace {

using Texts = std::vector<std::string>;
constexpr UnixTime now = 1'700'000'000, day = 86'400;

Person written_to(const std::string& name, const std::string& mailbox, std::uint32_t count, UnixTime last = now) { return {{name, mailbox}, count, 0, last, 0}; }
Person written_by(const std::string& name, const std::string& mailbox, std::uint32_t count, UnixTime last = now) { return {{name, mailbox}, 0, count, 0, last}; }

Texts completed(const AddressBook& book, std::string_view typed, std::size_t limit = 10) {
  Texts texts;
  for (const AddressSuggestion& suggestion : book.complete(typed, limit, now)) texts.push_back(suggestion.text);
  return texts;
}

}  // namespace

TEST_CASE("a beginning of any word finds, whatever its case and accents") {
  AddressBook book;
  book.add(written_to("Ána María Ruiz-Gómez", "ana.ruiz+lists@mail.example.org", 1));
  const Texts found{"Ána María Ruiz-Gómez <ana.ruiz+lists@mail.example.org>"};
  for (const char* typed : {"an", "ANA", "maria", "María R", "ruiz", "gomez", "Gómez", "ana.r", "ruiz@", "lists", "mail", "example", "\"ana", "<ana.ruiz", "ana.ruiz+lists@mail.exa", ""}) {
    CAPTURE(typed);
    CHECK(completed(book, typed) == found);
  }
  for (const char* typed : {"na", "ruiza", "ana gomez", "xample"}) {
    CAPTURE(typed);
    CHECK(completed(book, typed).empty());
  }
}

TEST_CASE("those I write to come first, the more often and the later the earlier; programs and mere domains last") {
  AddressBook book;
  book.add(written_by("Ann Loud", "ann.loud@example.org", 900));
  book.add(written_by("An Robot", "noreply@an.example", 5000));
  book.add(written_by("Other", "other@an.example", 10));
  book.add(written_to("Anton Once", "anton@example.org", 1));
  book.add(written_to("Ana Often", "ana@example.org", 50));
  book.add(written_to("Andrea Past", "andrea@example.org", 60, now - 1000 * day));
  book.add(written_to("Boss", "boss@an.example", 500));
  CHECK(completed(book, "an") == Texts{"Ana Often <ana@example.org>", "Andrea Past <andrea@example.org>", "Anton Once <anton@example.org>", "Ann Loud <ann.loud@example.org>",
                                       "An Robot <noreply@an.example>", "Boss <boss@an.example>", "Other <other@an.example>"});
  CHECK(completed(book, "an", 2) == Texts{"Ana Often <ana@example.org>", "Andrea Past <andrea@example.org>"});
  CHECK(completed(book, "an", 0).empty());
}

TEST_CASE("one mailbox is one person, and the newest name wins") {
  AddressBook book;
  book.add(written_by("Ana Ruiz", "Ana@Example.org", 1, now - 2 * day));
  book.add(written_by("Ana Gil", "ana@example.org", 1, now - day));
  book.add(written_by("Ana Old", "ana@example.org", 1, now - 3 * day));
  book.add(written_by("", "ana@example.org", 1, now));
  CHECK(book.size() == 1);
  CHECK(completed(book, "gil") == Texts{"Ana Gil <Ana@Example.org>"});
  CHECK(completed(book, "ruiz").empty());
  book.add_card({"Mum", "ana@example.org"});
  book.add(written_by("Ana Gil", "ana@example.org", 1, now + day));
  CHECK(completed(book, "") == Texts{"Mum <Ana@Example.org>"});
}

TEST_CASE("a card ranks as one letter, and takes nothing from who got more") {
  AddressBook book;
  book.add(written_by("Ann", "ann@example.org", 100));
  book.add(written_to("Ana", "ana@example.org", 3));
  book.add_card({"Anton", "anton@example.org"});
  book.add_card({"", "ana@example.org"});
  CHECK(completed(book, "an") == Texts{"Ana <ana@example.org>", "Anton <anton@example.org>", "Ann <ann@example.org>"});
}

TEST_CASE("aliases come first, a group with all its members") {
  AddressBook book;
  book.add(written_to("Famke", "famke@example.org", 100));
  book.add_alias("family", {{"Marta Gil", "marta@example.org"}, {"", "jun@example.org"}});
  book.add_alias("fam-doc", {{"Doctor", "doctor@example.org"}});
  const auto found = book.complete("fam", 10, now);
  REQUIRE(found.size() == 3);
  CHECK(found[0].text == "Doctor <doctor@example.org>");
  CHECK(found[0].doc == "fam-doc");
  CHECK(found[1].text == "Marta Gil <marta@example.org>, jun@example.org");
  CHECK(found[1].doc == "family: 2 people");
  CHECK(found[2].text == "Famke <famke@example.org>");
  CHECK(found[2].doc.empty());
  CHECK(completed(book, "fam", 1) == Texts{"Doctor <doctor@example.org>"});
  CHECK(book.members_of("family").size() == 2);
  CHECK(book.members_of("Family").empty());
}

TEST_CASE("domains are known from those who got mail, not from those who sent it") {
  AddressBook book;
  book.add(written_to("", "a@One.example", 1));
  book.add(written_to("", "b@one.example", 1));
  book.add(written_by("", "c@two.example", 1));
  book.add_card({"", "d@three.example"});
  CHECK(book.known_domains() == Texts{"one.example", "three.example"});
}

TEST_CASE("who cannot be written to is not offered, and a hostile name stays a name") {
  AddressBook book;
  book.add(written_by("A", "a@example.org>\r\nBcc: x@example.org", 1));
  book.add(written_by("A", "", 1));
  book.add(written_by(std::string(100'000, 'x'), "long@example.org", 1));
  book.add(written_by("boss@example.org, you", "evil@example.net", 1));
  book.add(written_by("\xff\xfe", "raw@example.org", 1));
  CHECK(book.size() == 3);
  CHECK(completed(book, "long") == Texts{"long@example.org"});
  CHECK(completed(book, "evil") == Texts{"\"boss@example.org, you\" <evil@example.net>"});
}

TEST_CASE("in whatever order people become known, the same is known") {
  rc::check([] {
    std::vector<Person> people;
    for (int i = 0; i < 12; ++i) {
      const auto mailbox = *rc::gen::element<std::string>("a@x.example", "A@X.example", "b@x.example", "c@y.example");
      people.push_back({{"", to_text({"", mailbox})}, *rc::gen::inRange(0U, 3U), *rc::gen::inRange(0U, 3U), *rc::gen::inRange<UnixTime>(0, now), *rc::gen::inRange<UnixTime>(0, now)});
    }
    AddressBook one, other;
    for (const Person& person : people) one.add(person);
    std::stable_sort(people.begin(), people.end(), [](const Person& a, const Person& b) { return a.last_written_by < b.last_written_by; });
    for (const Person& person : people) other.add(person);
    RC_ASSERT(one.known_domains() == other.known_domains());
    RC_ASSERT(one.size() == other.size());
  });
}
