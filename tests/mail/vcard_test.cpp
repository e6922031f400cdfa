#include "valija/mail/vcard.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

using namespace valija;

namespace {

using Addresses = std::vector<Address>;

std::string card(const std::string& lines) { return "BEGIN:VCARD\r\nVERSION:3.0\r\n" + lines + "END:VCARD\r\n"; }

}  // namespace

TEST_CASE("a card gives its name with every address") {
  CHECK(parse_vcards(card("FN:Ana Ruiz\r\nN:Ruiz;Ana;;;\r\nEMAIL;TYPE=INTERNET,HOME:ana@example.org\r\nitem1.EMAIL;type=\"work:x\":ana@work.example\r\n")) ==
        Addresses{{"Ana Ruiz", "ana@example.org"}, {"Ana Ruiz", "ana@work.example"}});
  CHECK(parse_vcards(card("EMAIL:ana@example.org\n") + "\n" + card("fn:Jun\nemail:jun@example.org\n")) == Addresses{{"", "ana@example.org"}, {"Jun", "jun@example.org"}});
}

TEST_CASE("without FN the name is put together of N") {
  CHECK(parse_vcards(card("N:Ruiz;Ana;María;Dra.;\r\nEMAIL:ana@example.org\r\n")) == Addresses{{"Dra. Ana María Ruiz", "ana@example.org"}});
  CHECK(parse_vcards(card("N:Ruiz\r\nEMAIL:ana@example.org\r\n")) == Addresses{{"Ruiz", "ana@example.org"}});
}

TEST_CASE("folded lines, escapes and quoted-printable are undone") {
  CHECK(parse_vcards(card("FN:Ruiz\\, A\r\n na\\\\x\r\nEMAIL:ana@exam\r\n\tple.org\r\n")) == Addresses{{"Ruiz, Ana\\x", "ana@example.org"}});
  CHECK(parse_vcards("BEGIN:VCARD\nVERSION:2.1\nFN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Mar=C3=\n=ADa\nEMAIL;INTERNET:m@example.org\nEND:VCARD\n") ==
        Addresses{{"María", "m@example.org"}});
}

TEST_CASE("what cannot be sent to, is outside of a card, or has no end, is left out") {
  CHECK(parse_vcards("FN:A\nEMAIL:a@example.org\n").empty());
  CHECK(parse_vcards("BEGIN:VCARD\nEMAIL:a@example.org\n").empty());
  CHECK(parse_vcards(card("EMAIL:nobody\r\nEMAIL:a@example.org> SIZE=1\r\nEMAIL:\r\n")).empty());
  CHECK(parse_vcards("BEGIN:VCARD\nEMAIL:a@example.org\n" + card("EMAIL:b@example.org\r\n")) == Addresses{{"", "b@example.org"}});
  CHECK(parse_vcards(card("FN:A\x1b[31mna\r\nEMAIL:a@example.org\r\n")) == Addresses{{"A[31mna", "a@example.org"}});
}

TEST_CASE("a file of very many addresses ends at the limit") {
  std::string lines;
  for (int i = 0; i < 10'100; ++i) lines += "EMAIL:a" + std::to_string(i) + "@example.org\n";
  CHECK(parse_vcards(card(lines)).size() == 10'000);
  CHECK(parse_vcards(card("EMAIL:a@example.org\n") + card(lines)).size() == 10'000);
}

TEST_CASE("any octets give only addresses that can be sent to") {
  rc::check([] {
    const auto piece = rc::gen::element<std::string>("BEGIN:VCARD\n", "END:VCARD\n", "EMAIL", "FN", "N", ":", ";", "=", "\n", "\r\n ", "\\", "\"", "a@b.example",
                                                     "ENCODING=QUOTED-PRINTABLE", "=0A", "\xff");
    std::string text;
    for (const std::string& one : *rc::gen::container<std::vector<std::string>>(piece)) text += one;
    for (const Address& address : parse_vcards(text)) RC_ASSERT(is_sendable(address.mailbox));
  });
}
