#include "valija/workers/outside_worker.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "index_fakes.hpp"

using namespace valija;
using namespace valija::workers;
using namespace valija::workers::test;

namespace {

class OnePart final : public RenderService {
 public:
  Result<Document> render(const std::string&, const RenderOptions&) override {
    Document document;
    document.parts.push_back({"2", 0, "text/plain", "../the report.txt", 6, true, false});
    return document;
  }
  Result<std::string> part(const std::string&, const std::string& number) override {
    if (number == "2") return std::string("octets");
    return fail(Kind::input, Blast::message, "There is no such part.", "");
  }
  Result<Draft> recall(const std::string&) override { return Draft(); }
};

struct Scene {
  explicit Scene(std::string open_with = "true")
      : directory(std::filesystem::path(mail.message(1)).parent_path() / "opened"),
        worker({std::move(open_with), directory, 60'000,
                []() -> Result<std::unique_ptr<RenderService>> { return std::unique_ptr<RenderService>(std::make_unique<OnePart>()); }},
               events) {}
  const MailFolder mail;
  Channel<messages::Event> events;
  std::string directory;
  OutsideWorker worker;
};

}  // namespace

TEST_CASE("a message, or a part of it, is what a command reads") {
  Scene scene;
  scene.worker.post(messages::PipeMessage{1, {"/nowhere", scene.mail.message(1)}, {}, "cat"});
  const auto whole = next<messages::MessagePiped>(scene.events);
  REQUIRE(whole);
  CHECK(whole->output.find("Message-ID") != std::string::npos);
  scene.worker.post(messages::PipeMessage{2, {scene.mail.message(1)}, "2", "tr a-z A-Z"});
  const auto part = next<messages::MessagePiped>(scene.events);
  REQUIRE(part);
  CHECK(part->output == "OCTETS");
}

TEST_CASE("a command that fails says so") {
  Scene scene;
  scene.worker.post(messages::PipeMessage{1, {scene.mail.message(1)}, {}, "echo no >&2; exit 3"});
  auto failed = next<messages::Failed>(scene.events);
  REQUIRE(failed);
  CHECK(failed->error.message == "The command echo no >&2; exit 3 failed (3): no.");
  scene.worker.post(messages::PipeMessage{2, {"/nowhere"}, {}, "cat"});
  CHECK(next<messages::Failed>(scene.events)->error.kind == Kind::disk);
  scene.worker.post(messages::PipeMessage{3, {scene.mail.message(1)}, "9", "cat"});
  CHECK(next<messages::Failed>(scene.events)->error.message == "There is no such part.");
}

TEST_CASE("an attachment becomes a private file with a safe name, and its program gets it") {
  Scene scene;
  scene.worker.post(messages::OpenPart{1, scene.mail.message(1), "2"});
  const auto opened = next<messages::OutsideOpened>(scene.events);
  REQUIRE(opened);
  CHECK(std::filesystem::path(opened->what).parent_path() == scene.directory);
  std::ifstream file(opened->what);
  CHECK(std::string(std::istreambuf_iterator<char>(file), {}) == "octets");
  const auto rights = std::filesystem::status(opened->what).permissions();
  CHECK((rights & (std::filesystem::perms::group_all | std::filesystem::perms::others_all)) == std::filesystem::perms::none);
}

TEST_CASE("only addresses of the web are opened, by a program that is there") {
  Scene scene;
  scene.worker.post(messages::OpenLink{1, "file:///etc/passwd"});
  CHECK(next<messages::Failed>(scene.events)->error.message.find("Only addresses of the web") == 0);
  scene.worker.post(messages::OpenLink{2, "https://example.org/$(touch x);'"});
  CHECK(next<messages::OutsideOpened>(scene.events)->what == "https://example.org/$(touch x);'");
  Scene without("no-such-program-at-all");
  without.worker.post(messages::OpenLink{3, "https://example.org/"});
  CHECK(next<messages::Failed>(without.events)->error.hint.find("ui.open-with") != std::string::npos);
}
