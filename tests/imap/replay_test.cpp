#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <string>
#include <vector>

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

/// The first string of a line of JSON, without a line end.
std::string from_json(const std::string& line) {
  std::string text;
  const std::size_t begin = line.find('"');
  for (std::size_t at = begin == std::string::npos ? line.size() : begin + 1; at < line.size() && line[at] != '"'; ++at) {
    if (line[at] != '\\') {
      text += line[at];
    } else if (++at < line.size() && line[at] != 'r' && line[at] != 'n') {
      text += line[at];
    }
  }
  return text;
}

/// Lines "* ..." of scripts and of JSON strings; those with variables or literals are patterns, not answers.
std::vector<std::string> scripted_lines(const std::filesystem::path& root, const char* folder) {
  std::vector<std::string> lines;
  if (root.empty()) return lines;
  for (const auto& entry : std::filesystem::directory_iterator(root / folder)) {
    if (!entry.is_regular_file() || entry.path().extension() == ".mbox") continue;
    std::istringstream stream(content(entry.path()));
    for (std::string line; std::getline(stream, line);) {
      const bool is_json = entry.path().extension() == ".json";
      std::string text = line.substr(0, line.find_last_not_of('\r') + 1);
      if (is_json) text = from_json(text);
      if (text.starts_with("* ") && text.find_first_of("${") == std::string::npos) lines.push_back(std::move(text));
    }
  }
  return lines;
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

TEST_CASE("the labels and numbers in recorded answers of Gmail are read") {
  const std::filesystem::path folder = corpus("mailkit-transcripts");
  if (folder.empty()) {
    MESSAGE("skipped: VALIJA_CORPORA has no mailkit-transcripts");
    return;
  }
  std::size_t messages = 0;
  std::set<std::string> labels;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder / "other" / "Imap")) {
    if (!entry.is_regular_file() || entry.path().extension() != ".txt") continue;
    std::istringstream stream(content(entry.path()));
    for (std::string line; std::getline(stream, line);) {
      if (line.find(" FETCH ") == std::string::npos || line.find("X-GM-LABELS (") == std::string::npos || line.ends_with('}')) continue;
      const Response response = parse(line.substr(0, line.find_last_not_of('\r') + 1));
      const auto* untagged = std::get_if<Untagged>(&response);
      const auto* fetched = untagged != nullptr ? std::get_if<Fetched>(untagged) : nullptr;
      if (fetched == nullptr) continue;
      CHECK((fetched->gmail_id != 0) == (line.find("X-GM-MSGID") != std::string::npos));
      REQUIRE(fetched->gmail_labels);
      labels.insert(fetched->gmail_labels->begin(), fetched->gmail_labels->end());
      ++messages;
    }
  }
  CHECK(messages > 20);
  CHECK(labels == std::set<std::string>{"\\Important", "Custom Label", "Test Messages"});
}

TEST_CASE("the untagged lines of scripted dialogues are understood") {
  std::vector<std::string> lines = scripted_lines(corpus("imaptest"), "other");
  const std::vector<std::string> more = scripted_lines(corpus("imap-codec"), "expected");
  lines.insert(lines.end(), more.begin(), more.end());
  if (lines.empty()) MESSAGE("skipped: VALIJA_CORPORA has neither imaptest nor imap-codec");
  for (const std::string& line : lines) CHECK_MESSAGE(!std::holds_alternative<Malformed>(parse(line)), line);
}

}  // namespace valija::imap
