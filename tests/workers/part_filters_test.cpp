#include "valija/workers/part_filters.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "support/temporary_directory.hpp"
#include "valija/workers/document_text.hpp"

using namespace valija;
using Commands = std::map<std::string, std::string>;
using workers::PartFilters;
using workers::RenderService;

namespace {

const std::string two_texts =
    "From: a@example.org\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
    "--b\nContent-Type: text/plain\n\nfirst\n"
    "--b\nContent-Type: text/x-shout; charset=utf-8\nContent-Disposition: inline\n\nloud\n"
    "--b\nContent-Type: text/plain\n\nlast https://example.org/\n--b--\n";

struct Scene {
  explicit Scene(const std::string& message) {
    std::ofstream(path) << message;
    RenderService::Options options;
    options.in_thread = true;
    service = *RenderService::start(options);
  }
  Document filtered(const PartFilters& filters, const RenderOptions& options = {}) {
    return filters.apply(service->render(path, options).value_or(Document()), *service, path, options);
  }
  std::string text(const PartFilters& filters) { return workers::document_text(filtered(filters), 0); }

  const test::TemporaryDirectory directory;
  const std::string path = directory.path() + "/message";
  std::unique_ptr<RenderService> service;
};

}  // namespace

TEST_CASE("a type has its own command before that of its kind") {
  const PartFilters filters(Commands{{"text/html", "one"}, {"text/*", "two"}});
  CHECK(*filters.command_for("text/html") == "one");
  CHECK(*filters.command_for("text/plain") == "two");
  CHECK(filters.command_for("image/png") == nullptr);
  CHECK(filters.command_for("") == nullptr);
}

TEST_CASE("the command gets the octets, the width, the type and the character set") {
  const PartFilters filters;
  Part part;
  part.type = "text/html";
  part.charset = "iso-8859-1";
  const auto text = filters.run("cat; echo \" $VALIJA_COLUMNS $VALIJA_TYPE $VALIJA_CHARSET $#\"", part, "octets", 72);
  REQUIRE(text);
  CHECK(*text == "octets 72 text/html iso-8859-1 0\n");
  part.charset = "$(touch x)";
  CHECK(*filters.run("echo \"<$VALIJA_CHARSET>\"", part, "", 72) == "<>\n");
}

TEST_CASE("a command that fails, or takes too long, is an error") {
  const PartFilters filters({}, 100);
  const auto failed = filters.run("echo no >&2; exit 2", Part(), "", 80);
  REQUIRE(!failed);
  CHECK(failed.error().message.find("(2): no.") != std::string::npos);
  CHECK_FALSE(filters.run("read never </dev/zero; cat /dev/zero", Part(), "", 80));
}

TEST_CASE("a filtered part is replaced in its place, and the others stay") {
  Scene scene(two_texts);
  REQUIRE(scene.filtered(PartFilters()).parts.size() >= 3);
  const std::string text = scene.text(PartFilters(Commands{{"text/x-shout", "tr a-z A-Z"}}));
  CHECK(text.find("first") < text.find("LOUD"));
  CHECK(text.find("LOUD") < text.find("last https://example.org/"));
  CHECK(text.find("loud") == std::string::npos);
}

TEST_CASE("a filtered document is rendered again for another width") {
  Scene scene("Content-Type: text/html\nFrom: a@example.org\n\n<p>Hello\n");
  const PartFilters filters(Commands{{"text/html", "echo $VALIJA_COLUMNS"}});
  RenderOptions narrow;
  narrow.columns = 40;
  const Document document = scene.filtered(filters, narrow);
  CHECK(document.depends_on_width);
  CHECK(workers::document_text(document, 0) == "40\n");
  narrow.source = true;
  CHECK(workers::document_text(scene.filtered(filters, narrow), 0) != "40\n");
}

TEST_CASE("where a filter fails, the message is shown as if there were none") {
  Scene scene(two_texts);
  const Document document = scene.filtered(PartFilters(Commands{{"text/x-shout", "exit 1"}}));
  CHECK(workers::document_text(document, 0).find("loud") != std::string::npos);
  REQUIRE(document.warnings.size() == 1);
  CHECK(document.warnings[0].find("text/x-shout") != std::string::npos);
}

TEST_CASE("what a filter writes passes the gate") {
  Scene scene("Content-Type: text/html\nFrom: a@example.org\n\n<p>Hello\n");
  const std::string text = scene.text(PartFilters(Commands{{"text/html", "printf '\\033[31mred\\377\\n'"}}));
  CHECK(text.find('\033') == std::string::npos);
  CHECK(text.find("red") != std::string::npos);
}

TEST_CASE("a message of very many parts has no filters") {
  std::string message = "From: a@example.org\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n";
  for (int i = 0; i < 21; ++i) message += "--b\nContent-Type: text/plain\nContent-Disposition: inline\n\nquiet\n";
  Scene scene(message + "--b--\n");
  const Document document = scene.filtered(PartFilters(Commands{{"text/plain", "echo loud"}}));
  CHECK(workers::document_text(document, 0).find("loud") == std::string::npos);
  REQUIRE(document.warnings.size() == 1);
  CHECK(document.warnings[0].find("20") != std::string::npos);
}

TEST_CASE("all filters of a message together have the time of one") {
  Scene scene("From: a@example.org\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/x-first\nContent-Disposition: inline\n\none\n"
              "--b\nContent-Type: text/x-second\nContent-Disposition: inline\n\ntwo\n--b--\n");
  const std::string wait = "sleep 0.6; echo loud";
  const Document document = scene.filtered(PartFilters(Commands{{"text/x-first", wait}, {"text/x-second", wait}}, 1'000));
  CHECK(workers::document_text(document, 0).find("loud") == std::string::npos);
  CHECK(document.warnings.size() == 1);
}
