// The headers of mail-parser: encoded words (RFC 2047), addresses, dates and message ids (RFC 5322) in their proper and broken forms.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "../../src/mime/encoded_words.hpp"
#include "../../src/mime/message_headers.hpp"
#include "date_json.hpp"
#include "valija/base/text.hpp"
#include "valija/mail/date.hpp"
#include "valija/mime/parse.hpp"

using namespace valija;
using nlohmann::json;

namespace {

json load(const char* name) {
  const char* root = std::getenv("VALIJA_CORPORA");
  std::ifstream file(std::filesystem::path(root != nullptr ? root : "../shared/corpora") / "mail-parser/expected" / name);
  return file ? json::parse(file) : json::array();
}

/// The value without what follows it in the vector: another header, a body.
std::string value_of(const std::string& header) {
  auto end = header.find('\n');
  while (end != std::string::npos && end + 1 < header.size() && (header[end + 1] == ' ' || header[end + 1] == '\t')) end = header.find('\n', end + 1);
  return header.substr(0, end);
}

std::string text_at(const json& object, const char* key) { return object[key].is_string() ? object[key].get<std::string>() : std::string(); }

/// They add the comments to the name; ours has the name, or else the comment.
std::string without_comments(const std::string& name) { return std::string(trim(name.substr(0, name.find(" (")))); }

std::vector<Address> expected_addresses(const json& value) {
  std::vector<Address> addresses;
  const auto add = [&](const json& list) {
    for (const json& address : list) addresses.push_back({without_comments(text_at(address, "name")), text_at(address, "address")});
  };
  if (value.contains("List")) add(value["List"]);
  if (value.contains("Group")) {
    for (const json& group : value["Group"]) add(group["addresses"]);
  }
  // A word alone is a name for them; a comment alone is an address of nobody.
  for (Address& address : addresses) {
    if (address.mailbox.empty() && address.name.find(' ') == std::string::npos) std::swap(address.mailbox, address.name);
  }
  return addresses;
}

bool is_among(const std::set<std::string>& parts, const std::string& header) {
  return std::any_of(parts.begin(), parts.end(), [&](const std::string& part) { return header.find(part) != std::string::npos; });
}

}  // namespace

TEST_CASE("texts of headers read as mail-parser reads them") {
  mime::start();
  int read = 0;
  for (const json& vector : load("unstructured.json")) {
    const std::string header = vector["header"];
    CAPTURE(header);
    std::string expected = text_at(vector, "expected");
    if (header.starts_with("Some text =?utf-8?Q?\?=here")) expected = "Some text here";  // they set a blank behind a word that says nothing
    CHECK(mime::decode_header(value_of(header)) == expected);
    ++read;
  }
  if (read == 0) MESSAGE("skipped: VALIJA_CORPORA has no mail-parser");
}

TEST_CASE("addresses read as mail-parser reads them, but for reasons") {
  mime::start();
  const std::set<std::string> others = {
      "<@node.test:mary@example.net>",  // they keep the route in front of a mailbox, and the blanks within
      "(the end of the group)",         // they have an address of nobody there,
      "(nobody(that I know))",          // and there
      "machine(comment).  example"      // they keep the blanks
  };
  for (const json& vector : load("address.json")) {
    const std::string header = vector["header"];
    CAPTURE(header);
    const auto found = mime::decode_addresses(value_of(header));
    const auto expected = expected_addresses(vector["expected"]);
    const bool is_other = is_among(others, header);
    std::string ours, theirs;
    for (const Address& address : found) ours += to_text(address) + "; ";
    for (const Address& address : expected) theirs += to_text(address) + "; ";
    if (is_other) {
      CHECK(ours != theirs);
    } else {
      CHECK(ours == theirs);
    }
  }
}

TEST_CASE("dates read as mail-parser reads them, but for reasons") {
  const std::set<std::string> others = {
      "20 11 (some", "4 8 15 16",  // a month is a word for us: of numbers alone nobody knows which one it is
      "((invalid)",                // a comment that is never closed takes the time with it, but the day stays
      "with SMTP id"               // of a Received header theirs is what stands behind the semicolon
  };
  for (const json& vector : load("date.json")) {
    const std::string header = vector["header"];
    CAPTURE(header);
    const bool is_other = is_among(others, header);
    CHECK((parse_date(value_of(header)) == test::date_of(vector["expected"])) == !is_other);
  }
}

TEST_CASE("message ids read as mail-parser reads them, but for reasons") {
  mime::start();
  for (const json& vector : load("id.json")) {
    const std::string header = vector["header"];
    CAPTURE(header);
    const auto expected = vector["expected"].is_array() ? vector["expected"].get<std::vector<std::string>>() : std::vector<std::string>();
    const std::string value = value_of(header);
    CHECK(mime::first_id(value) == (expected.empty() ? "" : expected.front()));
    // In References a word without brackets is no id, as in the index: old programs wrote sentences there.
    if (value.find('<') == std::string::npos) {
      CHECK(mime::all_ids(value).empty());
    } else {
      CHECK(mime::all_ids(value) == expected);
    }
  }
}
