#include "valija/store/draft_files.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "support/temporary_directory.hpp"

namespace valija::store {
namespace {

Draft draft(const std::string& id, UnixTime changed) {
  Draft draft;
  draft.id = id;
  draft.subject = "About " + id;
  draft.body = "text\n";
  draft.changed = changed;
  return draft;
}

}  // namespace

TEST_CASE("drafts are saved, replaced, read, listed newest first, and removed") {
  const valija::test::TemporaryDirectory scratch;
  const DraftFiles files(scratch / "state");
  CHECK(files.all()->empty());
  REQUIRE(files.save(draft("one", 100)));
  REQUIRE(files.save(draft("two", 200)));
  Draft changed = draft("one", 300);
  changed.body = "another text\n";
  REQUIRE(files.save(changed));
  const auto all = files.all();
  REQUIRE(all->size() == 2);
  CHECK(all->front() == changed);
  CHECK(all->back() == draft("two", 200));
  CHECK(files.read("one").value() == changed);
  std::ofstream(files.editor_file("one")) << "half";
  REQUIRE(files.remove("one"));
  REQUIRE(files.remove("one"));
  CHECK(!std::filesystem::exists(files.editor_file("one")));
  CHECK(!files.read("one"));
  CHECK(files.all()->size() == 1);
}

TEST_CASE("a draft that cannot be read stays where it is and is told") {
  const valija::test::TemporaryDirectory scratch;
  const DraftFiles files(scratch / "state");
  REQUIRE(files.save(draft("good", 100)));
  std::ofstream(scratch / "state/drafts/bad.draft") << "No-Such-Header: x\n\ntext";
  std::ofstream(scratch / "state/drafts/other.txt") << "text";
  std::vector<std::string> unreadable;
  CHECK(files.all(&unreadable)->size() == 1);
  CHECK(unreadable == std::vector<std::string>{scratch / "state/drafts/bad.draft"});
  CHECK(std::filesystem::exists(scratch / "state/drafts/bad.draft"));
}

TEST_CASE("a name cannot leave the folder") {
  const valija::test::TemporaryDirectory scratch;
  const DraftFiles files(scratch / "state");
  for (const char* id : {"", "../x", "a/b", "a.b", "a b"}) {
    CHECK(!files.save(draft(id, 1)));
    CHECK(!files.read(id));
    CHECK(!files.remove(id));
  }
  CHECK(files.new_id() != files.new_id());
  CHECK(files.save(draft(files.new_id(), 1)));
}

}  // namespace valija::store
