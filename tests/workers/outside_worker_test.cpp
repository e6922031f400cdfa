#include "valija/workers/outside_worker.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <thread>

#include "index_fakes.hpp"
#include "valija/workers/document_text.hpp"

using namespace valija;
using namespace valija::workers;
using namespace valija::workers::test;

namespace {

/// Without its table of objects, which a reader finds by itself.
constexpr const char* small_pdf =
    "%PDF-1.4\n1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj\n2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj\n"
    "3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 300 100]/Contents 5 0 R/Resources<</Font<</F1 4 0 R>>>>>> endobj\n"
    "4 0 obj <</Type/Font/Subtype/Type1/BaseFont/Helvetica>> endobj\n5 0 obj <</Length 40>> stream\nBT /F1 12 Tf 20 50 Td (boats of May) Tj ET\nendstream endobj\n"
    "trailer <</Root 1 0 R>>\n%%EOF\n";

/// A page, a picture, two PDF files and a part that no other program is for.
class OneMessage final : public RenderService {
 public:
  explicit OneMessage(std::string subject) : subject_(std::move(subject)) {}
  Result<Document> render(const std::string&, const RenderOptions&) override {
    Document document;
    document.headers.subject = subject_;
    document.lines = {line("the text")};
    document.parts = {{"1", 0, "text/html", "", 20, false, true}, {"2", 0, "text/plain", "../the report.txt", 6, true, false}, {"3", 0, "image/png", "", 9, true, false},
                      {"4", 0, "application/pdf", "minutes.pdf", 9, true, false}, {"5", 0, "application/pdf", "", 0, true, false}};
    return document;
  }
  Result<std::string> part(const std::string& path, const std::string& number) override {
    if (!std::filesystem::exists(path)) return fail(Kind::disk, Blast::message, "There is no such file.", "");
    if (number == "5") return std::string(small_pdf);
    if (number != "9") return std::string("octets");
    return fail(Kind::input, Blast::message, "There is no such part.", "");
  }
  Result<Document> view(const std::string&, const std::string& number, int) override {
    Document document;
    document.lines = {line("part " + number)};
    return document;
  }
  Result<Pixels> picture(const std::string&, const std::string& number, int, int) override {
    if (number == "3") return Pixels{1, 1, "rgba"};
    return fail(Kind::input, Blast::message, "no picture", "");
  }
  Result<std::string> page(const std::string&) override { return std::string("<p>safe"); }
  Result<Draft> recall(const std::string&) override { return Draft(); }

 private:
  const std::string subject_;

  static Line line(const std::string& text) {
    Line line;
    line.spans.push_back({text, {}});
    return line;
  }
};

struct Scene {
  explicit Scene(std::string open_with = "true", std::map<std::string, std::string> filters = {}, const std::string& subject = "Minutes")
      : directory(std::filesystem::path(mail.message(1)).parent_path() / "opened"),
        worker({.open_with = std::move(open_with),
                .print_with = "cat >" + directory + ".printed",
                .directory = directory,
                .filters = PartFilters(std::move(filters)),
                .pdf_program = pdf_program(),
                .pipe_timeout_ms = 60'000,
                .start = [subject]() -> Result<std::unique_ptr<RenderService>> { return std::unique_ptr<RenderService>(std::make_unique<OneMessage>(subject)); }},
               events) {}

  /// Says what it was given.
  std::string pdf_program() const {
    const std::string path = mail.write("pdf-program", "#!/bin/sh\necho \"PDF of $1:\"; cat\ntest \"$1\" != Endless || exit 65\ntest \"$1\" != Huge || cat /dev/zero\n");
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    return path;
  }
  /// A program that leaves its arguments, and its input where it has none, in a file: what was started goes on by itself.
  std::string recorder() const {
    const std::string path = mail.write("recorder", "#!/bin/sh\n{ echo \"$@\"; test $# -gt 0 || cat; } >" + record() + ".new\nmv " + record() + ".new " + record() + "\n");
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    return path;
  }
  std::string record() const { return mail.root() + "/record"; }
  std::string recorded() const {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!std::filesystem::exists(record()) && std::chrono::steady_clock::now() < end) std::this_thread::yield();
    return read(record());
  }
  /// Of the files that are opened.
  std::string own_directory() const { return directory + "/" + std::to_string(::getpid()); }
  static std::string read(const std::string& path) { return read_file(path, 1 << 20).value_or("none"); }
  messages::PartViewed view(const std::string& number, int pixels = 0) {
    worker.post(messages::ViewPart{5, mail.message(1), number, 72, pixels, pixels});
    return next<messages::PartViewed>(events).value_or(messages::PartViewed());
  }

  const MailFolder mail;
  Channel<messages::Event> events;
  std::string directory;
  OutsideWorker worker;
};

std::string text_of(const messages::PartViewed& viewed) { return document_text(viewed.document, 0); }

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

TEST_CASE("a command that runs is stopped, another one is not") {
  Scene scene;
  const std::string fifo = scene.mail.message(1) + ".fifo";
  REQUIRE(mkfifo(fifo.c_str(), 0600) == 0);
  scene.worker.post(messages::PipeMessage{4, {scene.mail.message(1)}, {}, "echo here > '" + fifo + "'; sleep 300"});
  std::string word;
  std::ifstream(fifo) >> word;  // it runs now
  CHECK(word == "here");
  scene.worker.post(messages::Cancel{3});
  scene.worker.post(messages::Cancel{4});
  const auto stopped = next<messages::Failed>(scene.events);
  REQUIRE(stopped);
  CHECK(stopped->id == 4);
  CHECK(stopped->error.kind == Kind::cancelled);
  scene.worker.post(messages::PipeMessage{5, {scene.mail.message(1)}, {}, "echo on"});
  CHECK(next<messages::MessagePiped>(scene.events)->output == "on\n");
}

TEST_CASE("a request that still waits is cancelled, and leaving waits for none") {
  std::optional<Scene> scene(std::in_place);
  const std::string fifo = scene->mail.message(1) + ".fifo", file = scene->mail.message(1), target = scene->mail.root() + "/none";
  REQUIRE(mkfifo(fifo.c_str(), 0600) == 0);
  scene->worker.post(messages::PipeMessage{4, {file}, {}, "echo here > '" + fifo + "'; sleep 300"});
  scene->worker.post(messages::ExportMessages{5, {file}, target});
  scene->worker.post(messages::PipeMessage{6, {file}, {}, "echo on"});
  std::string word;
  std::ifstream(fifo) >> word;  // the first runs now
  scene->worker.post(messages::Cancel{5});
  scene->worker.post(messages::Cancel{4});
  for (const messages::RequestId id : {4, 5}) {
    const auto stopped = next<messages::Failed>(scene->events);
    REQUIRE(stopped);
    CHECK(stopped->id == id);
    CHECK(stopped->error.kind == Kind::cancelled);
  }
  CHECK_FALSE(std::filesystem::exists(target + ".eml"));
  CHECK(next<messages::MessagePiped>(scene->events)->output == "on\n");
  scene->worker.post(messages::PipeMessage{7, {file}, {}, "echo here > '" + fifo + "'; sleep 300"});
  scene->worker.post(messages::PipeMessage{8, {file}, {}, "sleep 300"});
  std::ifstream(fifo) >> word;
  scene.reset();
}

TEST_CASE("a file that has another name now is found, whatever is done with it") {
  Scene scene;
  const std::string now = scene.mail.message(1) + ":2,S", before = scene.mail.message(1);
  std::filesystem::rename(before, now);
  scene.worker.post(messages::PipeMessage{1, {"/nowhere", before}, "2", "cat"});
  CHECK(next<messages::MessagePiped>(scene.events).value_or(messages::MessagePiped()).output == "octets");
  scene.worker.post(messages::PipeMessage{2, {before}, {}, "head -c 1 >/dev/null && echo read"});
  CHECK(next<messages::MessagePiped>(scene.events).value_or(messages::MessagePiped()).output == "read\n");
  scene.worker.post(messages::OpenPart{3, before, "2"});
  CHECK(next<messages::OutsideOpened>(scene.events));
  scene.worker.post(messages::ExportMessages{4, {before}, scene.mail.root() + "/out"});
  CHECK(next<messages::MessagesExported>(scene.events));
}

TEST_CASE("what another valija that runs opened stays, what one that is gone opened does not") {
  const MailFolder mail;
  const std::string opened = mail.root() + "/opened", running = opened + "/" + std::to_string(::getppid());
  for (const std::string& directory : {running, opened + "/" + std::to_string(::getpid()), opened + "/2147483647", opened + "/old", opened + "/0", opened + "/-1"}) {
    std::filesystem::create_directories(directory);
    std::ofstream(directory + "/file") << "text";
  }
  Channel<messages::Event> events;
  OutsideWorker worker({.open_with = "true", .directory = opened}, events);
  worker.post(messages::OpenLink{1, "https://example.org/"});
  REQUIRE(next<messages::OutsideOpened>(events));
  CHECK(std::filesystem::exists(running + "/file"));
  CHECK(std::distance(std::filesystem::directory_iterator(opened), {}) == 1);
}

TEST_CASE("an attachment becomes a private file with a safe name, and its program gets it") {
  Scene scene;
  scene.worker.post(messages::OpenPart{1, scene.mail.message(1), "2"});
  const auto opened = next<messages::OutsideOpened>(scene.events);
  REQUIRE(opened);
  CHECK(std::filesystem::path(opened->what).parent_path() == scene.own_directory());
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

TEST_CASE("auto opens an attachment with the first usable program of the mailcap") {
  Scene scene("auto");
  const std::string mailcap = scene.mail.write("mailcap", "text/plain; no-such-program-at-all %s\ntext/plain; " + scene.recorder() + " no %s; test=false\ntext/*; " +
                                                              scene.recorder() + " %t '%s'\n");
  ::setenv("MAILCAPS", mailcap.c_str(), 1);
  scene.worker.post(messages::OpenPart{1, scene.mail.message(1), "2"});
  const auto opened = next<messages::OutsideOpened>(scene.events);
  ::unsetenv("MAILCAPS");
  REQUIRE(opened);
  CHECK(opened->what == scene.own_directory() + "/_the_report.txt");
  CHECK(scene.recorded() == "text/plain " + opened->what + "\n");
}

TEST_CASE("a message is opened in a browser as a safe page in a private file") {
  Scene scene("auto");
  const std::string mailcap = scene.mail.write("mailcap", "text/html; " + scene.recorder() + "; nametemplate=%s.html\n");
  ::setenv("MAILCAPS", mailcap.c_str(), 1);
  scene.worker.post(messages::BrowseMessage{1, scene.mail.message(1)});
  const auto opened = next<messages::OutsideOpened>(scene.events);
  ::unsetenv("MAILCAPS");
  REQUIRE(opened);
  CHECK(opened->what.ends_with("/message.html"));
  CHECK(scene.recorded() == "\n<p>safe");
  const auto rights = std::filesystem::status(opened->what).permissions();
  CHECK((rights & (std::filesystem::perms::group_all | std::filesystem::perms::others_all)) == std::filesystem::perms::none);
}

TEST_CASE("a part is viewed by its filter, as pixels, or as it is") {
  Scene scene("true", {{"text/plain", "echo $VALIJA_COLUMNS; cat"}, {"text/html", "exit 1"}});
  const auto filtered = scene.view("2");
  CHECK(filtered.id == 5);
  CHECK(filtered.title == "../the report.txt, 6 B");
  CHECK(text_of(filtered) == "72\noctets\n");
  const auto failed = scene.view("1");
  CHECK(text_of(failed) == "part 1\n");
  CHECK(failed.document.warnings.size() == 1);
  const auto picture = scene.view("3", 100);
  REQUIRE(picture.pixels);
  CHECK(picture.pixels->rgba == "rgba");
  CHECK(text_of(picture) == "part 3\n");
  CHECK_FALSE(scene.view("3").pixels);
}

TEST_CASE("a PDF is text, or says why it is not") {
  Scene scene;
  const auto whole = scene.view("5");
  CHECK(whole.document.warnings.empty());
  CHECK(text_of(whole).find("boats of May") != std::string::npos);
  const auto broken = scene.view("4");
  CHECK(text_of(broken) == "part 4\n");
  REQUIRE(broken.document.warnings.size() == 1);
  CHECK(broken.document.warnings[0].find("pdftotext") != std::string::npos);
}

TEST_CASE("a message is printed with its headers, or becomes a PDF that is new") {
  Scene scene;
  scene.worker.post(messages::PrintMessage{1, scene.mail.message(1), {}, {}});
  const auto printed = next<messages::MessagePrinted>(scene.events);
  REQUIRE(printed);
  CHECK(printed->path.empty());
  CHECK(Scene::read(scene.directory + ".printed") == "Subject: Minutes\n\nthe text\n");
  const std::string pdf = scene.mail.root() + "/out.pdf";
  scene.worker.post(messages::PrintMessage{2, scene.mail.message(1), {}, pdf});
  REQUIRE(next<messages::MessagePrinted>(scene.events));
  CHECK(Scene::read(pdf) == "PDF of Minutes:\nSubject: Minutes\n\nthe text\n");
  scene.worker.post(messages::PrintMessage{3, scene.mail.message(1), {}, pdf});
  CHECK(next<messages::Failed>(scene.events)->error.message.find("exists already") != std::string::npos);
}

TEST_CASE("a PDF that cannot hold all says so") {
  Scene cut("true", {}, "Endless");
  const std::string pdf = cut.mail.root() + "/out.pdf";
  cut.worker.post(messages::PrintMessage{1, cut.mail.message(1), {}, pdf});
  const auto told = next<messages::Failed>(cut.events);
  REQUIRE(told);
  CHECK(told->error.message == pdf + " holds only the beginning of the text: a PDF gets 2,000 pages.");
  CHECK(Scene::read(pdf).starts_with("PDF of Endless:"));
  Scene huge("true", {}, "Huge");
  huge.worker.post(messages::PrintMessage{1, huge.mail.message(1), {}, huge.mail.root() + "/huge.pdf"});
  const auto refused = next<messages::Failed>(huge.events);
  REQUIRE(refused);
  CHECK(refused->error.message == "The PDF would be larger than 64 MB.");
  CHECK_FALSE(std::filesystem::exists(huge.mail.root() + "/huge.pdf"));
}

TEST_CASE("parts are saved, all of them or none") {
  Scene scene;
  const std::string folder = scene.mail.root() + "/saved";
  std::filesystem::create_directory(folder);
  scene.worker.post(messages::SaveParts{1, scene.mail.message(1), {"2", "4"}, folder});
  const auto saved = next<messages::PartsSaved>(scene.events);
  REQUIRE(saved);
  CHECK(saved->paths == std::vector<std::string>{folder + "/_the report.txt", folder + "/minutes.pdf"});
  CHECK(Scene::read(saved->paths[0]) == "octets");
  scene.worker.post(messages::SaveParts{2, scene.mail.message(1), {"3", "9"}, folder});
  CHECK(next<messages::Failed>(scene.events)->error.message == "There is no such part.");
  CHECK(std::distance(std::filesystem::directory_iterator(folder), {}) == 2);
}

TEST_CASE("messages are exported into a new file") {
  Scene scene;
  scene.worker.post(messages::ExportMessages{1, {scene.mail.message(1), scene.mail.message(2)}, scene.mail.root() + "/all"});
  const auto exported = next<messages::MessagesExported>(scene.events);
  REQUIRE(exported);
  CHECK(exported->messages == 2);
  CHECK(exported->path == scene.mail.root() + "/all.mbox");
  CHECK(Scene::read(exported->path).starts_with("From "));
  scene.worker.post(messages::ExportMessages{2, {scene.mail.message(1)}, "/no/such/folder/x"});
  CHECK(next<messages::Failed>(scene.events)->error.kind == Kind::disk);
}
