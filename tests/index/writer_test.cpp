#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <utility>

#include "mailbox.hpp"

using namespace valija;
using namespace valija::index;
using valija::index::test::Mailbox;

namespace {

using Tags = std::vector<std::string>;

ThreadMessage only_message(const Mailbox& mail, const std::string& query = "*") {
  auto reader = Reader::open(mail.location());
  REQUIRE(reader);
  const auto messages = (*reader)->messages(query, 0, Sort::newest_first);
  REQUIRE(messages);
  REQUIRE(messages->size() == 1);
  return messages->front();
}

}  // namespace

TEST_CASE("our own index is private, and the notmuch command reads it") {
  Mailbox mail;
  auto writer = open_writer(mail);
  REQUIRE(writer->add(mail.message("a@x", "hello", 1000), {"inbox", "unread"}));
  REQUIRE(writer->commit());
  struct stat status = {};
  REQUIRE(::stat((mail.root() + "/.notmuch").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0700);
  CHECK(mail.notmuch("search --output=messages tag:inbox and tag:unread") == "id:a@x\n");
}

TEST_CASE("nothing can be seen before the commit, and everything after it") {
  Mailbox mail;
  auto writer = open_writer(mail);
  REQUIRE(writer->commit());
  REQUIRE(writer->add(mail.message("a@x", "one", 1000), {}));
  CHECK(mail.notmuch("count '*'") == "0\n");
  const auto revision = writer->commit();
  REQUIRE(revision);
  CHECK(*revision > 0U);
  CHECK(mail.notmuch("count '*'") == "1\n");
}

TEST_CASE("a new message has exactly the tags that it came with: read mail is not unread") {
  Mailbox mail;
  mail.use_config("[new]\ntags=unread;inbox\n");
  auto writer = open_writer(mail);
  REQUIRE(writer->add(mail.message("old@x", "old", 1000), {"archive"}));
  REQUIRE(writer->commit());
  CHECK(only_message(mail).tags == Tags{"archive"});
}

TEST_CASE("an index made again has another identity, and reader and writer agree on it") {
  Mailbox mail;
  CHECK(identity_of(mail.location()).value().empty());
  const auto made = [&] {
    auto writer = Writer::open(mail.location(), 1000);
    REQUIRE(writer);
    const std::string path = mail.message("a@x", "one", 1000);
    CHECK(!(*writer)->restore(path, {}).value());
    REQUIRE((*writer)->add(path, {}));
    CHECK((*writer)->restore(path, {}).value());
    REQUIRE((*writer)->commit());
    return (*writer)->identity();
  };
  const std::string first = made();
  CHECK(!first.empty());
  CHECK(identity_of(mail.location()).value() == first);
  std::filesystem::remove_all(mail.root() + "/.notmuch");
  CHECK(identity_of(mail.location()).value().empty());
  CHECK(made() != first);
}

TEST_CASE("an index that was half made when the power went is made from the start, one that held mail is not touched") {
  Mailbox mail;
  const std::string xapian = mail.root() + "/.notmuch/xapian";
  REQUIRE(Writer::open(mail.location(), 1000));
  std::filesystem::remove(xapian + "/iamglass");
  REQUIRE(Writer::open(mail.location(), 1000));
  for (const char* name : {"/iamglass", "/postlist.glass"}) std::filesystem::resize_file(xapian + name, 0);
  std::filesystem::rename(xapian + "/iamglass", xapian + "/v.tmp");
  REQUIRE(Writer::open(mail.location(), 1000));

  std::filesystem::remove(xapian + "/iamglass");
  std::filesystem::resize_file(xapian + "/postlist.glass", 1024 * 1024);
  CHECK(!Writer::open(mail.location(), 1000));
  CHECK(std::filesystem::file_size(xapian + "/postlist.glass") == 1024 * 1024);
}

TEST_CASE("a second file of a known message keeps its tags and adds its own; read is what one copy is") {
  Mailbox mail;
  auto writer = open_writer(mail);
  const std::string first = mail.message("a@x", "one", 1000);
  const std::string second = mail.message("a@x", "one", 1000);
  const std::string third = mail.message("a@x", "one", 1000);
  CHECK(writer->add(first, {"inbox", "mine", "unread"}).value_or(Added::refused) == Added::added);
  CHECK(writer->add(second, {"sent", "unread", "flagged"}).value_or(Added::refused) == Added::duplicate);
  REQUIRE(writer->commit());
  CHECK(only_message(mail).tags == Tags{"flagged", "inbox", "mine", "sent", "unread"});
  CHECK(writer->add(third, {"todo"}).value_or(Added::refused) == Added::duplicate);
  REQUIRE(writer->commit());
  const auto message = only_message(mail);
  CHECK(message.tags == Tags{"flagged", "inbox", "mine", "sent", "todo"});
  CHECK(message.files.size() == 3);
}

TEST_CASE("tags of a new message do not come back with a further file of it") {
  const Mailbox mail;
  auto writer = open_writer(mail);
  const std::string first = mail.message("m1@x", "a", 1);
  const std::string second = mail.write("second", "From: a@x\nSubject: a\nMessage-ID: <m1@x>\n\nHello\n");
  CHECK(writer->add(first, {"inbox"}, {"newsletter"}).value_or(Added::refused) == Added::added);
  CHECK(writer->change_tags("tag:newsletter and tag:inbox", {}, {"newsletter"})->messages == 1);
  CHECK(writer->add(second, {"todo"}, {"newsletter"}).value_or(Added::refused) == Added::duplicate);
  CHECK(writer->add(second, {}, {"newsletter"}).value_or(Added::refused) == Added::duplicate);
  REQUIRE(writer->commit());
  CHECK(mail.notmuch("search --output=tags '*'") == "inbox\ntodo\n");
}

TEST_CASE("a file that notmuch new was faster with gets our tags, one that a person changed since keeps its own") {
  Mailbox mail;
  mail.use_config("[new]\ntags=unread;inbox\n");
  const std::string path = mail.message("a@x", "one", 1000) + "S";
  std::filesystem::rename(path.substr(0, path.size() - 1), path);
  mail.notmuch("new --quiet 2>/dev/null");
  CHECK(only_message(mail).tags == Tags{"inbox"});
  auto writer = open_writer(mail);
  REQUIRE(writer->add(path, {"archive", "todo"}));
  REQUIRE(writer->commit());
  CHECK(only_message(mail).tags == Tags{"archive", "todo"});
  REQUIRE(writer->add(path, {"archive", "inbox"}));
  CHECK(writer->restore(path, {"spam"}).value());
  REQUIRE(writer->commit());
  CHECK(only_message(mail).tags == Tags{"archive", "todo"});
}

TEST_CASE("an index that notmuch new made again gets our tags back, but a change of a person is no new mail") {
  Mailbox mail;
  mail.use_config("[new]\ntags=unread;inbox\n[maildir]\nsynchronize_flags=false\n");
  const std::string made = mail.message("a@x", "one", 1000), read = mail.message("b@x", "two", 1000);
  mail.notmuch("new --quiet 2>/dev/null");
  mail.notmuch("tag -unread -- id:b@x");
  auto writer = open_writer(mail);
  CHECK(writer->restore(made, {"archive", "todo"}).value());
  CHECK(writer->restore(read, {"inbox", "unread"}).value());
  REQUIRE(writer->commit());
  CHECK(only_message(mail, "id:a@x").tags == Tags{"archive", "todo"});
  CHECK(only_message(mail, "id:b@x").tags == Tags{"inbox"});
}

TEST_CASE("tags of one file's message change, all others stay; an unknown file is no match") {
  Mailbox mail;
  auto writer = open_writer(mail);
  const std::string path = mail.message("a@x", "one", 1000);
  REQUIRE(writer->add(path, {"inbox", "mine", "unread"}));
  REQUIRE(writer->add(mail.message("b@x", "two", 1000), {"unread"}));
  REQUIRE(writer->retag(path, {"archive", ""}, {"unread", "inbox", "never"}));
  REQUIRE(writer->commit());
  CHECK(only_message(mail, "one").tags == Tags{"archive", "mine"});
  CHECK(only_message(mail, "two").tags == Tags{"unread"});
  CHECK(writer->retag(mail.root() + "/box/cur/no", {"todo"}, {}).error().kind == Kind::input);
}

TEST_CASE("a renamed file keeps its message, its thread and its tags") {
  Mailbox mail;
  auto writer = open_writer(mail);
  const std::string before = mail.message("a@x", "one", 1000);
  REQUIRE(writer->add(before, {"inbox", "unread", "mine"}));
  REQUIRE(writer->commit());
  const std::string after = before + "S";
  std::filesystem::rename(before, after);
  CHECK(writer->rename(before, after).value());
  REQUIRE(writer->retag(after, {"replied"}, {"unread"}));
  REQUIRE(writer->commit());
  const auto message = only_message(mail, "hello");
  CHECK(message.files == Tags{after});
  CHECK(message.tags == Tags{"inbox", "mine", "replied"});
  CHECK(writer->rename(before, after).value());  // done already
  CHECK(!writer->rename(before, before).value());
}

TEST_CASE("a file that moved to another folder keeps its tags, with or without a Message-ID, also where another program told the index") {
  Mailbox mail;
  auto writer = open_writer(mail);
  std::filesystem::create_directories(mail.root() + "/archive/cur");
  const std::vector<std::string> before = {mail.message("a@x", "one", 1000),
                                           mail.write("anonymous:2,S", "From: a@example.org\nSubject: two\n\nNo id.\n"),
                                           mail.message("c@x", "three", 1000)};
  std::vector<std::string> after;
  for (const auto& path : before) REQUIRE(writer->add(path, {"inbox", "mine"}));
  REQUIRE(writer->commit());
  for (const auto& path : before) {
    after.push_back(mail.root() + "/archive/cur/" + std::filesystem::path(path).filename().string());
    std::filesystem::rename(path, after.back());
  }
  REQUIRE(writer->add(after[2], {}));  // as another program would
  for (std::size_t i = 0; i < before.size(); ++i) {
    CHECK(writer->rename(before[i], after[i]).value());
    REQUIRE(writer->retag(after[i], {"archive"}, {"inbox"}));
  }
  REQUIRE(writer->commit());
  auto reader = Reader::open(mail.location());
  REQUIRE(reader);
  const auto messages = (*reader)->messages("*", 0, Sort::oldest_first);
  REQUIRE(messages);
  REQUIRE(messages->size() == 3);
  for (const auto& message : *messages) {
    CHECK(message.tags == Tags{"archive", "mine"});
    CHECK(message.files.size() == 1);
  }
}

TEST_CASE("a removed file takes its message along only if it was the last") {
  Mailbox mail;
  auto writer = open_writer(mail);
  const std::string first = mail.message("a@x", "one", 1000);
  const std::string second = mail.message("a@x", "one", 1000);
  REQUIRE(writer->add(first, {"inbox"}));
  REQUIRE(writer->add(second, {}));
  REQUIRE(writer->remove(first));
  REQUIRE(writer->commit());
  CHECK(only_message(mail).files == Tags{second});
  REQUIRE(writer->remove(second));
  CHECK(writer->remove(second));
  REQUIRE(writer->commit());
  CHECK(mail.notmuch("count '*'") == "0\n");
}

TEST_CASE("tags change on all that match, and only what changes is counted") {
  Mailbox mail;
  auto writer = open_writer(mail);
  for (int i = 0; i < 30; ++i) {
    REQUIRE(writer->add(mail.message(fmt::format("m{}@x", i), "s", 1000 + i), i % 3 == 0 ? Tags{"inbox", "todo"} : Tags{"inbox"}));
  }
  REQUIRE(writer->commit());
  CHECK(writer->change_tags("tag:inbox", {"todo"}, {"nothing"}).value_or(index::TagsChanged()).messages == 20U);
  CHECK(writer->change_tags("tag:todo", {}, {"inbox"}).value_or(index::TagsChanged()).messages == 30U);
  CHECK(writer->change_tags("tag:inbox and", {"x"}, {}).error().kind == Kind::usage);
  REQUIRE(writer->commit());
  CHECK(mail.notmuch("count tag:todo and not tag:inbox") == "30\n");
}

TEST_CASE("a change of tags tells in which folders the messages lie") {
  Mailbox mail;
  auto writer = open_writer(mail);
  const std::string path = mail.message("a@x", "s", 1000);
  REQUIRE(writer->add(path, {"inbox"}));
  REQUIRE(writer->add(mail.message("b@x", "s", 1001), {"inbox"}));
  const std::filesystem::path other = mail.root() + "/work/INBOX/cur";
  std::filesystem::create_directories(other);
  std::filesystem::copy_file(path, other / "copy:2,");
  REQUIRE(writer->add(other / "copy:2,", {"inbox"}));
  const auto changed = writer->change_tags("tag:inbox", {"archive"}, {"inbox"});
  REQUIRE(changed);
  CHECK(changed->messages == 2);
  CHECK(count_files(changed->places) == 3);
  const auto is_other = [&](const FilesInFolder& place) { return place == FilesInFolder{mail.root() + "/work/INBOX", 1}; };
  CHECK(std::any_of(changed->places.begin(), changed->places.end(), is_other));
  CHECK(writer->change_tags("tag:archive", {"archive"}, {}).value_or(index::TagsChanged{9, {}}).places.empty());
}

TEST_CASE("with the user's configuration a change of tags is a change of the file's flags, as with the notmuch command") {
  Mailbox mail;
  mail.use_config("[maildir]\nsynchronize_flags=true\n");
  auto writer = open_writer(mail);
  const std::string path = mail.message("a@x", "one", 1000);
  REQUIRE(writer->add(path, {"unread"}));
  REQUIRE(writer->change_tags("*", {}, {"unread"}));
  REQUIRE(writer->commit());
  CHECK(only_message(mail).files == Tags{path + "S"});
  CHECK(std::filesystem::exists(path + "S"));
}

TEST_CASE("our own index leaves the names of files to the sync") {
  Mailbox mail;
  auto writer = open_writer(mail);
  const std::string path = mail.message("a@x", "one", 1000);
  REQUIRE(writer->add(path, {"unread"}));
  REQUIRE(writer->change_tags("*", {}, {"unread"}));
  REQUIRE(writer->commit());
  CHECK(std::filesystem::exists(path));
}

TEST_CASE("files that libnotmuch takes for no mail are refused, and the others go on") {
  Mailbox mail;
  auto writer = open_writer(mail);
  for (const char* octets : {"", "\n", "no header at all", "\nSubject: late\n\nx", "X-Only: this\n\nbody\n"}) {
    CAPTURE(octets);
    const auto added = writer->add(mail.write(fmt::format("odd{}", std::string(octets).size()), octets), {"inbox"});
    REQUIRE(added);
    CHECK(*added == Added::refused);
  }
  REQUIRE(writer->add(mail.message("good@x", "good", 1000), {"inbox"}));
  REQUIRE(writer->commit());
  CHECK(mail.notmuch("count '*'") == "1\n");
}

TEST_CASE("a file that is gone, or that lies elsewhere, is that message's error alone") {
  Mailbox mail;
  auto writer = open_writer(mail);
  REQUIRE(writer->add(mail.message("good@x", "good", 1000), {}));
  const auto gone = writer->add(mail.root() + "/box/cur/gone", {});
  REQUIRE(!gone);
  CHECK(gone.error().kind == Kind::input);
  CHECK(gone.error().blast == Blast::message);
  CHECK(writer->add("/etc/passwd", {}).error().kind == Kind::input);
  CHECK(writer->remove("/etc/passwd").error().kind == Kind::input);
  REQUIRE(writer->commit());
  CHECK(mail.notmuch("count '*'") == "1\n");
}

TEST_CASE("terms beyond Xapian's limits do no harm") {
  Mailbox mail;
  auto writer = open_writer(mail);
  REQUIRE(writer->add(mail.message(std::string(5000, 'i') + "@x", "long id", 1000), {std::string(300, 't'), "", "fine"}));
  REQUIRE(writer->add(mail.message("b@x", std::string(100000, 's'), 1000, "List-Id: <" + std::string(4000, 'l') + ">\n"), {"fine"}));
  REQUIRE(writer->commit());
  CHECK(mail.notmuch("count tag:fine") == "2\n");
}

TEST_CASE("headers of a message never become tags") {
  Mailbox mail;
  auto writer = open_writer(mail);
  REQUIRE(writer->add(mail.message("a@x", "s", 1000, "X-Keywords: evil\nKeywords: evil\nStatus: RO\nX-Status: F\n"), {"inbox"}));
  REQUIRE(writer->commit());
  CHECK(only_message(mail).tags == Tags{"inbox"});
}

TEST_CASE("an existing database with the user's tags is used as it is, also where the mail lies elsewhere") {
  Mailbox mail;
  Mailbox place;
  mail.message("old@x", "old", 1000);
  place.use_config("[new]\ntags=new\n", mail.root());
  place.notmuch("new --quiet");
  place.notmuch("tag +kept -- id:old@x");
  auto writer = open_writer(place);
  REQUIRE(writer->add(mail.message("fresh@x", "fresh", 2000), {"inbox"}));
  REQUIRE(writer->commit());
  CHECK(only_message(place, "tag:kept").id == "old@x");
  CHECK(only_message(place, "tag:inbox").files.front().rfind(mail.root(), 0) == 0);
  CHECK(place.notmuch("count '*'") == "2\n");
}

TEST_CASE("of a long file an excerpt is indexed, under the name of the file") {
  Mailbox mail;
  mail.use_config("[new]\ntags=new\n");
  const std::string fields = "From: a@example.org\nTo: me@example.org\nSubject: long\nDate: Mon, 2 Nov 2026 10:00:00 +0000\n";
  const auto write = [&](const std::string& name, const std::string& id) {
    return mail.write(name, fields + "Message-ID: <" + id + ">\n\nbeginning " + std::string(2000, '.') + " ending\n");
  };
  std::vector<std::string> excerpts;
  const auto shorten = [&](const std::string& from, const std::string& to) {
    excerpts.push_back(to);
    std::string head(1000, '\0');
    std::ifstream(from).read(head.data(), static_cast<std::streamsize>(head.size()));
    std::ofstream(to) << head;
    return true;
  };
  auto writer = Writer::open(mail.location(), 1000, {.above = 1000, .write = shorten});
  REQUIRE(writer);
  const std::string before = mail.message("before@x", "before", 1795000000), path = write("1.a.host:2,", "long@x"), moved = write("2.a.host:2,", "other@x");
  CHECK(*(*writer)->add(before, {"inbox"}) == Added::added);
  CHECK(*(*writer)->add(path, {"inbox", "unread"}) == Added::added);
  CHECK(*(*writer)->add(moved, {"sent"}) == Added::added);
  const std::string renamed = mail.root() + "/box/cur/2.a.host:2,S";
  std::filesystem::rename(moved, renamed);
  CHECK(*(*writer)->rename(moved, renamed));
  CHECK(*(*writer)->add(path, {"inbox"}) == Added::duplicate);
  REQUIRE((*writer)->commit());

  CHECK(excerpts.size() == 3);
  for (const auto& excerpt : excerpts) CHECK(!std::filesystem::exists(std::filesystem::path(excerpt).parent_path()));
  const auto found = only_message(mail, "id:long@x");
  CHECK(found.tags == Tags{"inbox", "unread"});
  CHECK(mail.notmuch("search --output=files beginning and path:box/cur") == path + "\n" + renamed + "\n");
  CHECK(mail.notmuch("search --output=files ending").empty());
  CHECK(mail.notmuch("search --output=tags id:other@x") == "sent\n");
  CHECK(mail.notmuch("count --output=files '*'") == "3\n");
}

TEST_CASE("a long file that is wanted whole, or for whose excerpt there is no room, is indexed whole") {
  const Mailbox mail;
  auto writer = Writer::open(mail.location(), 1000, {.above = 0, .write = [](const std::string&, const std::string&) { return false; }});
  REQUIRE(writer);
  CHECK(*(*writer)->add(mail.message("whole@x", "whole", 1795000000), {"inbox"}) == Added::added);
  REQUIRE((*writer)->commit());
  CHECK(only_message(mail, "Hello and whole").tags == Tags{"inbox"});
}
