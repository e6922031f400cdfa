#include <doctest/doctest.h>

#include "index_fakes.hpp"
#include "valija/workers/snippet_worker.hpp"

using namespace valija;
using namespace valija::workers;
using namespace valija::workers::test;

namespace {

Line line_of(std::string text, Line::Role role = Line::Role::text, int quote_level = 0) {
  Line line;
  line.role = role;
  line.quote_level = quote_level;
  line.spans.push_back({std::move(text), {}});
  return line;
}

class OneDocument final : public RenderService {
 public:
  Result<Document> render(const std::string& path, const RenderOptions&) override {
    if (path == "gone") return fail(Kind::disk, Blast::message, "gone", "");
    Document document;
    document.lines = {line_of("Hello " + path)};
    return document;
  }
  Result<std::string> part(const std::string&, const std::string&) override { return std::string(); }
  Result<Document> view(const std::string&, const std::string&, int) override { return Document(); }
  Result<Pixels> picture(const std::string&, const std::string&, int, int) override { return Pixels(); }
  Result<std::string> page(const std::string&) override { return std::string(); }
  Result<Draft> recall(const std::string&) override { return Draft(); }
};

}  // namespace

TEST_CASE("the first words are the writer's own") {
  Document document;
  CHECK(first_words(document).empty());
  document.lines = {line_of("On Monday Ana wrote:", Line::Role::attribution), line_of("the old text", Line::Role::quote, 1), line_of("  "),
                    line_of("Yes,"), line_of("let us meet."), line_of("-- ", Line::Role::signature), line_of("Bo")};
  CHECK(first_words(document) == "Yes, let us meet.");
  document.lines = {line_of(std::string(1000, 'x') + "ñ")};
  CHECK(first_words(document).size() == 300);
}

TEST_CASE("every file that is asked for gets its words, or none") {
  Channel<messages::Event> events;
  SnippetWorker worker(events, []() -> Result<std::unique_ptr<RenderService>> { return std::unique_ptr<RenderService>(std::make_unique<OneDocument>()); });
  worker.post({1, {"a", "gone", "b"}});
  const auto found = next<messages::SnippetsFound>(events);
  REQUIRE(found);
  CHECK(found->id == 1);
  CHECK(found->snippets == std::vector<std::pair<std::string, std::string>>{{"a", "Hello a"}, {"gone", ""}, {"b", "Hello b"}});
}
