#include <doctest/doctest.h>
#include <fmt/format.h>
#include <rapidcheck.h>

#include <algorithm>
#include <atomic>
#include <nlohmann/json.hpp>
#include <thread>

#include "mailbox.hpp"
#include "valija/base/clock.hpp"
#include "valija/base/text.hpp"

using namespace valija;
using namespace valija::index;
using valija::index::test::Mailbox;

namespace {

constexpr std::int64_t day = 86400;

std::unique_ptr<Reader> open_reader(const Mailbox& mail) {
  auto reader = Reader::open(mail.location());
  REQUIRE_MESSAGE(reader, reader.error().message);
  return std::move(*reader);
}

/// Threads whose messages lie far apart in time, with people, tags and matches on both sides of every window.
void fill(const Mailbox& mail, std::size_t count, std::uint32_t seed) {
  auto writer = open_writer(mail);
  const std::int64_t now = SystemClock().now();
  std::uint32_t random = seed;
  const auto below = [&](std::uint32_t bound) {
    random = random * 1664525U + 1013904223U;
    return (random >> 8) % bound;
  };
  for (std::size_t i = 0; i < count; ++i) {
    const std::int64_t date = below(40) == 0 ? 0 : now - static_cast<std::int64_t>(below(3000)) * day - below(86400);
    const std::string parent = i > 0 && below(3) != 0 ? fmt::format("In-Reply-To: <m{}@x>\n", below(static_cast<std::uint32_t>(i))) : "";
    const std::string path = mail.message(fmt::format("m{}@x", i), fmt::format("Re: subject {}", below(50)), date, parent,
                                          fmt::format("Person {} <p{}@example.org>", below(9), below(9)));
    std::vector<std::string> tags = {"inbox"};
    if (below(2) == 0) tags.emplace_back("unread");
    if (below(4) == 0) tags.emplace_back("deleted");
    if (below(3) == 0) tags.emplace_back("work");
    REQUIRE(writer->add(path, tags));
  }
  REQUIRE(writer->commit());
}

std::vector<ThreadSummary> all_rows(Reader& reader, const std::string& query, Sort sort, std::size_t page) {
  std::vector<ThreadSummary> rows;
  while (true) {
    auto part = reader.threads(query, rows.size(), page, sort, {});
    REQUIRE_MESSAGE(part, part.error().message);
    rows.insert(rows.end(), part->rows.begin(), part->rows.end());
    if (part->at_end) return rows;
    REQUIRE(!part->rows.empty());
  }
}

std::string authors_of(const ThreadSummary& row) {
  std::string text = join(row.authors, ", ");
  if (!row.other_authors.empty()) text += "| " + join(row.other_authors, ", ");
  return text;
}

void compare_with_notmuch(const Mailbox& mail, const std::string& query, Sort sort, std::size_t page) {
  CAPTURE(query);
  auto reader = open_reader(mail);
  const auto rows = all_rows(*reader, query, sort, page);
  const auto expected = nlohmann::json::parse(mail.notmuch(fmt::format("search --format=json --sort={} '{}'",
                                                                       sort == Sort::newest_first ? "newest-first" : "oldest-first",
                                                                       query.empty() ? "*" : query)));
  REQUIRE(rows.size() == expected.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    CHECK(rows[i].id == expected[i]["thread"].get<std::string>());
    CHECK((sort == Sort::newest_first ? rows[i].newest : rows[i].oldest) == expected[i]["timestamp"].get<std::int64_t>());
    CHECK(rows[i].matched == expected[i]["matched"].get<int>());
    CHECK(rows[i].total == expected[i]["total"].get<int>());
    CHECK(authors_of(rows[i]) == expected[i]["authors"].get<std::string>());
    CHECK(rows[i].subject == expected[i]["subject"].get<std::string>());
    CHECK(rows[i].tags == expected[i]["tags"].get<std::vector<std::string>>());
  }
}

}  // namespace

TEST_CASE("a thread list equals what the notmuch command shows, whatever the query, the order and the page") {
  Mailbox mail;
  fill(mail, 300, 1);
  for (const char* query : {"*", "", "tag:inbox", "tag:unread", "tag:inbox and not tag:work", "tag:unread or tag:deleted",
                            "date:2y..6months", "from:p3@example.org", "subject:\"subject 7\"", "tag:nothing", "date:..1y", "(tag:work"}) {
    for (const std::size_t page : {std::size_t{7}, std::size_t{1000}}) {
      compare_with_notmuch(mail, query, Sort::newest_first, page);
    }
    compare_with_notmuch(mail, query, Sort::oldest_first, 40);
  }
}

TEST_CASE("the end of a list is what reading all of it would come to") {
  Mailbox mail;
  fill(mail, 700, 3);
  auto reader = open_reader(mail);
  for (const ListOptions options : {ListOptions{}, ListOptions{.by_message = true}}) {
    for (const char* query : {"*", "tag:inbox and not tag:work", "tag:unread", "date:..2y", "subject:\"subject 7\"", "tag:nothing"}) {
      CAPTURE(std::string(query));
      CAPTURE(options.by_message);
      const auto all = reader->threads(query, 0, 10000, Sort::newest_first, options);
      REQUIRE(all);
      // From the end upwards in pages, then once more from the middle.
      std::vector<ThreadSummary> rows;
      for (bool is_done = false; !is_done;) {
        auto page = reader->last_threads(query, rows.size(), 13, options);
        REQUIRE(page);
        is_done = page->at_end;
        REQUIRE((is_done || !page->rows.empty()));
        rows.insert(rows.begin(), page->rows.begin(), page->rows.end());
      }
      CHECK(rows == all->rows);
      const auto again = reader->last_threads(query, 5, 20, options);
      REQUIRE(again);
      const std::size_t end = all->rows.size() - std::min<std::size_t>(5, all->rows.size());
      const std::size_t begin = end - std::min<std::size_t>(20, end);
      CHECK(again->rows == std::vector(all->rows.begin() + static_cast<std::ptrdiff_t>(begin), all->rows.begin() + static_cast<std::ptrdiff_t>(end)));
    }
  }
  CHECK(reader->last_threads("(tag:work", 0, 10, {}).has_value());
  CHECK(reader->last_threads("tag:work and", 0, 10, {}).error().kind == Kind::usage);
}

TEST_CASE("a list of messages has a row for each, and rows name a file where that is asked for") {
  Mailbox mail;
  fill(mail, 200, 7);
  auto reader = open_reader(mail);
  const auto messages = reader->messages("tag:unread", 0, Sort::newest_first);
  const auto rows = reader->threads("tag:unread", 0, 1000, Sort::newest_first, {.by_message = true, .with_paths = true});
  REQUIRE(rows);
  REQUIRE(messages);
  REQUIRE(rows->rows.size() == messages->size());
  for (std::size_t i = 0; i < messages->size(); ++i) {
    const ThreadSummary& row = rows->rows[i];
    CHECK(row.message == (*messages)[i].id);
    CHECK(row.key() == row.message);
    CHECK(row.newest == (*messages)[i].date);
    CHECK(row.path == (*messages)[i].files.front());
    CHECK(row.unread_authors == row.authors);
  }
  const auto threads = reader->threads("tag:work", 0, 1000, Sort::newest_first, {.with_paths = true});
  REQUIRE(threads);
  for (const ThreadSummary& row : threads->rows) {
    const auto matching = reader->messages("tag:work and thread:" + row.id, 0, Sort::newest_first);
    REQUIRE(matching);
    CHECK(row.path == matching->front().files.front());
    const auto unread = reader->messages("tag:unread and thread:" + row.id, 0, Sort::oldest_first);
    CHECK(row.unread_authors.size() == unread->size());
    for (const std::string& author : row.unread_authors) CHECK(author.starts_with("Person "));
  }
}

TEST_CASE("the configured tags to exclude are honoured as by the notmuch command") {
  Mailbox mail;
  fill(mail, 120, 5);
  mail.use_config("[search]\nexclude_tags=deleted;spam\n");
  compare_with_notmuch(mail, "tag:inbox", Sort::newest_first, 11);
  compare_with_notmuch(mail, "tag:deleted", Sort::newest_first, 11);
  auto reader = open_reader(mail);
  for (const char* query : {"*", "tag:inbox", "tag:deleted", "tag:work or tag:unread"}) {
    CHECK(fmt::format("{}\n", reader->count_messages(query).value_or(0U)) == mail.notmuch(fmt::format("count '{}'", query)));
    CHECK(fmt::format("{}\n", reader->count_threads(query).value_or(0U)) ==
          mail.notmuch(fmt::format("count --output=threads '{}'", query)));
    CHECK(join(reader->tags(query).value_or(std::vector<std::string>()), "\n") + "\n" ==
          mail.notmuch(fmt::format("search --output=tags '{}'", query)));
  }
}

TEST_CASE("messages and files come in order and stop at the limit") {
  Mailbox mail;
  fill(mail, 60, 9);
  auto reader = open_reader(mail);
  const auto messages = reader->messages("tag:unread", 10, Sort::newest_first);
  REQUIRE(messages);
  CHECK(messages->size() == 10);
  std::string ids;
  for (const auto& message : *messages) ids += "id:" + message.id + "\n";
  CHECK(ids == mail.notmuch("search --output=messages --limit=10 tag:unread"));
  const auto files = reader->files("tag:unread", 0, Sort::oldest_first);
  REQUIRE(files);
  CHECK(join(*files, "\n") + "\n" == mail.notmuch("search --output=files --sort=oldest-first tag:unread"));
}

TEST_CASE("an open thread has its messages in reply order, with the matching ones marked") {
  Mailbox mail;
  auto writer = open_writer(mail);
  REQUIRE(writer->add(mail.message("a@x", "plan", 1000000), {"inbox"}));
  REQUIRE(writer->add(mail.message("b@x", "Re: plan", 1000200, "In-Reply-To: <a@x>\n"), {"inbox", "unread"}));
  REQUIRE(writer->add(mail.message("c@x", "Re: plan", 1000100, "In-Reply-To: <a@x>\n"), {}));
  REQUIRE(writer->add(mail.message("d@x", "Re: plan", 1000300, "In-Reply-To: <c@x>\n"), {}));
  REQUIRE(writer->commit());
  auto reader = open_reader(mail);
  const auto rows = reader->threads("*", 0, 9, Sort::newest_first, {});
  REQUIRE(rows);
  REQUIRE(rows->rows.size() == 1);
  const auto messages = reader->thread(rows->rows[0].id, "tag:unread");
  REQUIRE(messages);
  std::string shape;
  for (const auto& message : *messages) shape += fmt::format("{}{}{} ", message.id, message.depth, message.matched ? "!" : "");
  CHECK(shape == "a@x0 c@x1 d@x2 b@x1! ");
  CHECK((*messages)[3].tags == std::vector<std::string>{"inbox", "unread"});
  CHECK((*messages)[0].from == "Ana Ruiz <ana@example.org>");
  CHECK((*messages)[0].files.size() == 1);
  const auto unmatched = reader->thread(rows->rows[0].id, "tag:nothing");
  REQUIRE(unmatched);
  CHECK(std::none_of(unmatched->begin(), unmatched->end(), [](const auto& message) { return message.matched; }));
  CHECK(reader->thread("00000000000000ff", "")->empty());
}

TEST_CASE("a wrong query is the person's error, not the disk's") {
  Mailbox mail;
  fill(mail, 3, 2);
  auto reader = open_reader(mail);
  for (const char* query : {"tag:inbox and", "date:nonsense..", "from:/[/"}) {
    CAPTURE(query);
    const auto rows = reader->threads(query, 0, 10, Sort::newest_first, {});
    REQUIRE(!rows);
    CHECK(rows.error().kind == Kind::usage);
    CHECK(reader->count_messages(query).error().kind == Kind::usage);
    CHECK(reader->messages(query, 1, Sort::newest_first).error().kind == Kind::usage);
    CHECK(reader->thread("0000000000000001", query).error().kind == Kind::usage);
  }
  CHECK(reader->threads("*", 0, 10, Sort::newest_first, {})->rows.size() >= 1);
}

TEST_CASE("a missing database is a disk error that names the place") {
  const auto reader = Reader::open({"/nonexistent/mail", ""});
  REQUIRE(!reader);
  CHECK(reader.error().kind == Kind::disk);
  CHECK(reader.error().message.find("/nonexistent/mail") != std::string::npos);
}

TEST_CASE("a reader beside a writer that commits all the time never sees an empty list") {
  Mailbox mail;
  fill(mail, 200, 3);
  std::atomic<bool> stop = false;
  std::atomic<int> commits = 0;
  std::jthread committer([&] {
    auto writer = Writer::open(mail.location(), 5000);
    for (int round = 0; writer && !stop; ++round) {
      const std::vector<std::string> tag = {fmt::format("round{}", round % 3)};
      const bool changed = (*writer)->change_tags("tag:work", round % 2 == 0 ? tag : std::vector<std::string>(), {}).has_value();
      if (changed && (*writer)->commit()) ++commits;
    }
  });
  auto reader = open_reader(mail);
  int lists = 0;
  while (commits < 60 && lists < 5000) {
    const auto rows = all_rows(*reader, "tag:inbox", Sort::newest_first, 10);
    CHECK(rows.size() > 20);
    CHECK(std::none_of(rows.begin(), rows.end(), [](const auto& row) { return row.subject.empty() || row.authors.empty(); }));
    if (++lists % 3 == 0) CHECK(reader->refresh());
  }
  stop = true;
  CHECK(commits > 0);
}

TEST_CASE("what a quoted term holds cannot change the query") {
  Mailbox mail;
  auto writer = open_writer(mail);
  const std::vector<std::string> ids = {"a\"_or_tag:x@y", "b)(@y", "c\"\"@y", "d*@y", "e{}:@y", "plain@y", "f\\\"@y"};
  for (const auto& id : ids) REQUIRE(writer->add(mail.message(id, "s", 1000), {"x"}));
  REQUIRE(writer->commit());
  auto reader = open_reader(mail);
  for (const auto& id : ids) {
    CAPTURE(id);
    const auto found = reader->messages("id:" + index::quoted(id), 0, Sort::newest_first);
    REQUIRE(found);
    REQUIRE(found->size() == 1);
    CHECK((*found)[0].id == id);
  }
  CHECK(rc::check("any text between the quotes is one term", [&](const std::string& text) {
    const auto count = reader->count_messages("id:" + index::quoted(text));
    RC_ASSERT(count.has_value());
    RC_ASSERT(*count <= 1U);
  }));
}

TEST_CASE("saved searches of the notmuch configuration are read") {
  Mailbox mail;
  fill(mail, 2, 4);
  mail.use_config("[query]\ntodo=tag:work and tag:inbox\n");
  auto reader = open_reader(mail);
  const auto searches = reader->saved_searches();
  REQUIRE(searches);
  CHECK(*searches == std::vector<std::pair<std::string, std::string>>{{"todo", "tag:work and tag:inbox"}});
}

TEST_CASE("what changed since a revision is told with all tags and files, and no message file is read") {
  Mailbox mail;
  auto writer = Writer::open(mail.location(), 1000);
  REQUIRE(writer);
  const std::string one = mail.message("a@x", "one", 1000), copy = mail.message("a@x", "one", 1000), two = mail.message("b@x", "two", 1000);
  REQUIRE((*writer)->add(one, {"inbox", "unread"}));
  REQUIRE((*writer)->add(copy, {"sent", "unread"}));
  REQUIRE((*writer)->add(two, {"inbox", "deleted"}));
  REQUIRE((*writer)->commit());
  auto reader = open_reader(mail);
  auto all = reader->changes_since(0);
  REQUIRE(all);
  CHECK(all->messages.size() == 2);  // "deleted" is usually excluded from searches
  CHECK(all->identity == (*writer)->identity());
  CHECK(reader->changes_since(all->revision)->messages.empty());
  CHECK(reader->changes_since(all->revision)->revision == all->revision);

  std::size_t seen = 0;
  const auto whole = reader->visit_changes(0, [&](const Reader::Change& change) {
    CHECK((change.id == "a@x" || change.id == "b@x"));
    return ++seen > 0;
  });
  REQUIRE(whole);
  CHECK(seen == 2);
  CHECK(whole->messages.empty());
  CHECK(whole->revision == all->revision);
  const auto cut = reader->visit_changes(0, [&](const Reader::Change&) { return ++seen < 3; });
  REQUIRE(cut);
  CHECK(seen == 3);
  CHECK(cut->revision == 0);
  CHECK(cut->identity == all->identity);

  for (const auto& path : {one, copy, two}) std::filesystem::remove(path);
  mail.notmuch("tag +todo -unread -- id:a@x");
  const auto changed = reader->changes_since(all->revision);
  REQUIRE(changed);
  CHECK(changed->revision > all->revision);
  REQUIRE(changed->messages.size() == 1);
  CHECK(changed->messages[0].id == "a@x");
  CHECK(changed->messages[0].tags == std::vector<std::string>{"inbox", "sent", "todo"});
  auto paths = changed->messages[0].paths;
  std::sort(paths.begin(), paths.end());
  CHECK(paths == std::vector<std::string>{std::min(one, copy), std::max(one, copy)});
}

TEST_CASE("the message of a file is found by any of its names; an unknown name or one outside of the mail is none") {
  Mailbox mail;
  auto writer = Writer::open(mail.location(), 1000);
  REQUIRE(writer);
  const std::string one = mail.message("a@x", "one", 1000), copy = mail.message("a@x", "one", 1000);
  REQUIRE((*writer)->add(one, {"inbox"}));
  REQUIRE((*writer)->add(copy, {}));
  REQUIRE((*writer)->commit());
  auto reader = open_reader(mail);
  for (const auto& path : {one, copy}) {
    const auto message = reader->message_of(path);
    REQUIRE(message);
    REQUIRE(message->has_value());
    CHECK((*message)->paths.size() == 2);
    CHECK((*message)->tags == std::vector<std::string>{"inbox"});
  }
  for (const std::string& path : {mail.root() + "/box/cur/none", std::string("/etc/passwd"), std::string("relative"), std::string()}) {
    const auto message = reader->message_of(path);
    REQUIRE(message);
    CHECK(!message->has_value());
  }
}

TEST_CASE("changes are whole while a writer commits beside") {
  Mailbox mail;
  auto writer = Writer::open(mail.location(), 1000);
  REQUIRE(writer);
  REQUIRE((*writer)->add(mail.message("a@x", "one", 1000), {"0"}));
  REQUIRE((*writer)->commit());
  auto reader = open_reader(mail);
  std::string last = "0";
  std::uint64_t revision = 0;
  for (int round = 1; round <= 30; ++round) {
    REQUIRE((*writer)->change_tags("id:a@x", {std::to_string(round)}, {last}));
    REQUIRE((*writer)->commit());
    last = std::to_string(round);
    const auto changes = reader->changes_since(revision);
    REQUIRE(changes);
    REQUIRE(changes->messages.size() == 1);
    CHECK(changes->messages[0].tags == std::vector<std::string>{last});
    revision = changes->revision;
  }
}

TEST_CASE("every commit replaces a file in the directory that is watched") {
  Mailbox mail;
  CHECK(commit_directory(mail.location()).empty());
  REQUIRE(Writer::open(mail.location(), 1000));
  CHECK(commit_directory(mail.location()) == mail.root() + "/.notmuch/xapian");
}
