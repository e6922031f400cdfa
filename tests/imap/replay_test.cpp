#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "valija/imap/framer.hpp"
#include "valija/imap/parser.hpp"

namespace valija::imap {
namespace {

/// Recorded answers by others; empty where they are not installed.
std::filesystem::path corpus(const char* name) {
  const char* root = std::getenv("VALIJA_CORPORA");
  const std::filesystem::path path = std::filesystem::path(root != nullptr ? root : "../shared/corpora") / name;
  return std::filesystem::is_directory(path) ? path : std::filesystem::path();
}

std::string content(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// The recordings were stored with bare LF; the literals in them count CR LF.
std::string on_the_wire(const std::string& stored) {
  std::string wire;
  for (const char octet : stored) {
    if (octet == '\n' && !wire.ends_with('\r')) wire += '\r';
    wire += octet;
  }
  return wire;
}

struct Tally {
  std::size_t responses = 0;
  std::size_t malformed = 0;
  std::string first_malformed;
};

void parse_all(std::string_view wire, Tally& tally) {
  Framer framer;
  framer.feed(wire);
  std::string text;
  while (true) {
    const Frame frame = framer.next();
    if (frame.kind == Frame::Kind::more) return;
    if (frame.kind == Frame::Kind::error) {
      ++tally.malformed;
      return;
    }
    text += frame.text;
    if (frame.literal) text += "{" + std::to_string(*frame.literal) + "}\r\n";
    if (frame.kind == Frame::Kind::literal || frame.literal) continue;
    ++tally.responses;
    if (std::holds_alternative<Malformed>(parse(text))) {
      ++tally.malformed;
      if (tally.first_malformed.empty()) tally.first_malformed = text.substr(0, 200);
    }
    text.clear();
  }
}

/// Two recordings were damaged when they were stored: a line break inside a line, octets lost from a literal.
bool is_damaged(const std::filesystem::path& file) {
  return file.filename() == "issue115.txt" || file.filename() == "headers.1+unsolicited-info.txt";
}

}  // namespace

TEST_CASE("recorded answers of real servers are understood") {
  const std::filesystem::path folder = corpus("mailkit-transcripts");
  if (folder.empty()) {
    MESSAGE("skipped: VALIJA_CORPORA has no mailkit-transcripts");
    return;
  }
  Tally all;
  std::set<std::string> odd;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder / "other" / "Imap")) {
    if (!entry.is_regular_file() || entry.path().extension() != ".txt" || is_damaged(entry.path())) continue;
    Tally tally;
    parse_all(on_the_wire(content(entry.path())), tally);
    all.responses += tally.responses;
    if (tally.malformed > 0) odd.insert(entry.path().filename().string() + ": " + tally.first_malformed);
  }
  for (const std::string& line : odd) MESSAGE(line);
  CHECK(all.responses > 1000);
  CHECK(odd.empty());
}

}  // namespace valija::imap
