#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "console.hpp"
#include "valija/store/account_store.hpp"

using namespace valija;
using namespace valija::cli;
using namespace valija::cli::test;

namespace {

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

sync::ServerFolder folder(const char* path, FolderRole role, bool selectable = true) { return {*FolderPath::from_text(path), role, selectable, path}; }

/// One message in the inbox, one that lies in the inbox and among the sent ones.
class SortedMailbox : public Console {
 public:
  SortedMailbox() {
    settings_.accounts.emplace_back().name = "work";
    REQUIRE(store::remember_folders(places_.state_dir, "work",
                                    {folder("INBOX", FolderRole::inbox), folder("Archive", FolderRole::archive), folder("Sent", FolderRole::sent),
                                     folder("Lists", FolderRole::none, false), folder("Lists/debian", FolderRole::none)}));
    mine = put("INBOX", "one", "1@example.test");
    both_in = put("INBOX", "two", "2@example.test");
    both_sent = put("Sent", "three", "2@example.test");
    index({mine, both_in, both_sent}, {"inbox"});
  }

  std::string put(const std::string& place, const std::string& name, const std::string& id) const {
    const std::string path = settings_.mail_root + "/work/" + place;
    for (const char* part : {"/cur", "/new", "/tmp"}) std::filesystem::create_directories(path + part);
    std::ofstream(path + "/cur/" + name + ":2,S") << "From: ana@example.test\nSubject: " << name << "\nMessage-ID: <" << id
                                                    << ">\nDate: Sat, 21 Nov 2026 10:00:00 +0000\n\ntext\n";
    return path + "/cur/" + name + ":2,S";
  }

  Result<std::optional<index::Reader::Change>> indexed(const std::string& path) const {
    auto reader = index::Reader::open(mailbox.location());
    return (*reader)->message_of(path);
  }

  std::string at(const std::string& place) const { return settings_.mail_root + "/work/" + place; }

  std::string mine, both_in, both_sent;
};

}  // namespace

TEST_CASE("a moved message lies in the folder, and the index knows") {
  SortedMailbox console;
  CHECK(console.run(move, {"move", "Archive", "--", "id:1@example.test"}).status == 0);
  CHECK_FALSE(std::filesystem::exists(console.mine));
  CHECK(std::filesystem::exists(console.at("Archive/cur/one:2,S")));
  const auto change = console.indexed(console.at("Archive/cur/one:2,S"));
  REQUIRE(change);
  REQUIRE(*change);
  CHECK((*change)->tags == std::vector<std::string>{"archive"});
  CHECK(console.run(move, {"move", "Archive", "--", "id:1@example.test"}).status == 0);  // it is there already
  CHECK(console.run(move, {"move", "Lists/debian", "--", "id:1@example.test"}).status == 0);
  CHECK(std::filesystem::exists(console.at("Lists/debian/cur/one:2,S")));
}

TEST_CASE("a move is taken back and made again, with the tags of the places") {
  SortedMailbox console;
  const auto tags_at = [&](const std::string& path) { return (**console.indexed(path)).tags; };
  CHECK(console.run(move, {"move", "Archive", "--", "*"}).status == 0);
  CHECK(console.run(undo, {"undo"}).status == 0);
  CHECK(std::filesystem::exists(console.mine));
  CHECK(std::filesystem::exists(console.both_in));
  CHECK(tags_at(console.mine) == std::vector<std::string>{"inbox"});
  CHECK(console.run(undo, {"undo", "--redo"}).status == 0);
  CHECK(std::filesystem::exists(console.at("Archive/cur/one:2,S")));
  CHECK(tags_at(console.at("Archive/cur/one:2,S")) == std::vector<std::string>{"archive"});
  CHECK(console.run(undo, {"undo"}).status == 0);
  CHECK(console.run(undo, {"undo"}).status == 64);
}

TEST_CASE("a copy among the sent ones stays") {
  SortedMailbox console;
  CHECK(console.run(move, {"move", "Archive", "--", "id:2@example.test"}).status == 0);
  CHECK(std::filesystem::exists(console.at("Archive/cur/two:2,S")));
  CHECK(std::filesystem::exists(console.both_sent));
}

TEST_CASE("a folder that the account has not is not made") {
  SortedMailbox console;
  const Ran slip = console.run(move, {"move", "Archiv", "--", "*"});
  CHECK(slip.status == 64);
  CHECK(contains(slip.err, "Did you mean Archive?"));
  CHECK(console.run(move, {"move", "Lists", "--", "*"}).status == 64);  // holds only folders
  CHECK(console.run(move, {"move", "../x", "--", "*"}).status == 64);
  CHECK(std::filesystem::exists(console.mine));
  CHECK_FALSE(std::filesystem::exists(console.at("Archiv")));
}

TEST_CASE("a move needs a folder and a search") {
  SortedMailbox console;
  for (const auto& typed : std::vector<std::vector<std::string>>{{"move"}, {"move", "Archive"}, {"move", "Archive", "--", " "}}) {
    const Ran ran = console.run(move, typed);
    CHECK(ran.status == 64);
    CHECK(contains(ran.err, "valija move"));
  }
}

TEST_CASE("a file that is no more is left out") {
  SortedMailbox console;
  std::filesystem::remove(console.mine);
  CHECK(console.run(move, {"move", "Archive", "--", "*"}).status == 0);
  CHECK_FALSE(std::filesystem::exists(console.at("Archive/cur/one:2,S")));
  CHECK(std::filesystem::exists(console.at("Archive/cur/two:2,S")));
}
