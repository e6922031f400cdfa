#include "valija/sync/fingerprint.hpp"

#include <doctest/doctest.h>

namespace valija::sync {

TEST_CASE("a message and the fields that the server answers have one fingerprint") {
  const std::string whole = "Received: by x\r\nFrom: Ana <ana@example.org>\r\nSubject: a long\r\n subject\r\nmessage-ID: <1@x>\r\nDate: Mon, 1 Jan 2024\r\n\r\nbody";
  const std::string fields = "DATE: Mon, 1 Jan 2024\nMessage-ID:  <1@x>\nSubject: a long subject \nFrom: Ana <ana@example.org>\n\n";
  CHECK(fingerprint(whole, 100) == fingerprint(fields, 100));
  CHECK(fingerprint(whole, 100) != fingerprint(fields, 101));
}

TEST_CASE("the text and a repeated field are not part of a fingerprint") {
  CHECK(fingerprint("Subject: a\nSubject: b\n\nDate: x\n", 5) == fingerprint("Subject: a\n\n", 5));
}

TEST_CASE("a message without any of the fields equals nothing") {
  CHECK(fingerprint("", 0).empty());
  CHECK(fingerprint("no header at all", 16).empty());
  CHECK(fingerprint("\n\nMessage-ID: <1@x>\n", 20).empty());
  CHECK(fingerprint(" folded: first\nX: y\n", 20).empty());
}

TEST_CASE("a huge field is cut") { CHECK(fingerprint("Subject: " + std::string(3 << 20, 'x') + "\n", 1).size() < 5000); }

}  // namespace valija::sync
