#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "valija/pop3/session.hpp"

namespace valija::pop3 {
namespace {

/// Recorded answers by others; empty where they are not installed.
std::filesystem::path recordings() {
  const char* root = std::getenv("VALIJA_CORPORA");
  const auto path = std::filesystem::path(root != nullptr ? root : "../shared/corpora") / "mailkit-transcripts/other/Pop3/Resources";
  return std::filesystem::is_directory(path) ? path : std::filesystem::path();
}

/// The recordings were stored with bare LF.
std::string on_the_wire(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::string wire;
  for (const char octet : std::string(std::istreambuf_iterator<char>(stream), {})) {
    if (octet == '\n' && !wire.ends_with('\r')) wire += '\r';
    wire += octet;
  }
  return wire;
}

struct Tally {
  std::size_t good_rows = 0, bad_rows = 0, octets = 0;
  int completed = 0;
  bool has_failed = false;
};

Tally replay(Command command, const std::filesystem::path& file) {
  Session session;
  session.take_output();
  session.feed("-ERR\r\n");
  while (session.next()) continue;
  const bool is_list = command.line == "LIST";
  session.send(std::move(command));
  session.take_output();
  session.feed(on_the_wire(file));
  Tally tally;
  while (const auto event = session.next()) {
    if (const auto* piece = std::get_if<Piece>(&*event)) tally.octets += piece->octets.size();
    if (const auto* row = std::get_if<Row>(&*event)) {
      const bool is_good = is_list ? parse_list_row(row->text).has_value() : parse_uidl_row(row->text).has_value();
      ++(is_good ? tally.good_rows : tally.bad_rows);
    }
    if (const auto* completed = std::get_if<Completed>(&*event)) tally.completed += completed->reply.is_ok ? 1 : 0;
    tally.has_failed = tally.has_failed || std::holds_alternative<Failure>(*event);
  }
  return tally;
}

}  // namespace

TEST_CASE("recorded answers of real servers are understood") {
  const std::filesystem::path folder = recordings();
  if (folder.empty()) {
    MESSAGE("skipped: VALIJA_CORPORA has no mailkit-transcripts");
    return;
  }
  for (const char* name : {"gmail/list", "comcast/list", "gmail/uidl", "exchange/uidl"}) {
    CAPTURE(name);
    const std::string file = std::string(name) + ".txt";
    const Tally tally = replay(file.find("uidl") == std::string::npos ? list() : uidl(), folder / file);
    CHECK(tally.completed == 1);
    CHECK(tally.good_rows >= 3);
    CHECK(tally.bad_rows == 0);
  }
  for (const char* name : {"gmail/retr1.txt", "comcast/retr1.txt", "exchange/retr1.txt", "gmail/top.txt"}) {
    CAPTURE(name);
    const Tally tally = replay(retr(1), folder / name);
    CHECK(tally.completed == 1);
    CHECK(tally.octets > 500);
    CHECK_FALSE(tally.has_failed);
  }
  for (const char* name : {"comcast/capa1.txt", "exchange/capa.txt", "gmail/capa2.txt", "lang/capa1.txt"}) {
    CAPTURE(name);
    Session session;
    session.take_output();
    session.feed(on_the_wire(folder / name));
    CHECK(session.next());
    CHECK(session.has("TOP"));
    CHECK(session.has("UIDL"));
    CHECK(session.has("PIPELINING") == (std::string(name) == "gmail/capa2.txt"));
  }
}

TEST_CASE("recorded answers that are broken are told apart") {
  const std::filesystem::path folder = recordings();
  if (folder.empty()) return;
  CHECK(replay(list(), folder / "comcast/list-error1.txt").bad_rows == 1);
  CHECK(replay(retr(1), folder / "gmail/retr1-parse-error.txt").has_failed == false);
}

}  // namespace valija::pop3
