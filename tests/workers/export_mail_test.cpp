#include "export_mail.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "support/temporary_directory.hpp"
#include "valija/base/fd.hpp"

using namespace valija;
using workers::export_mail;

namespace {

struct Scene {
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path(name), std::ios::binary) << text;
    return path(name);
  }
  std::string path(const std::string& name) const { return directory.path() + "/" + name; }
  std::string read(const std::string& name) const { return read_file(path(name), 1 << 20).value_or("none"); }
  const test::TemporaryDirectory directory;
};

const std::string letter = "From: Ana <ana@example.org>\nDate: Mon, 23 Nov 2026 09:41:00 +0100\nSubject: Hi\n\nHello\n";

}  // namespace

TEST_CASE("one message is written as it is") {
  const Scene scene;
  const std::string message = "From: a@b\r\n\r\nFrom here\r\n\xff";
  const auto path = export_mail({scene.write("m", message)}, scene.path("out"));
  REQUIRE(path);
  CHECK(*path == scene.path("out.eml"));
  CHECK(scene.read("out.eml") == message);
  const auto rights = std::filesystem::status(*path).permissions();
  CHECK((rights & (std::filesystem::perms::group_all | std::filesystem::perms::others_all)) == std::filesystem::perms::none);
  CHECK(*export_mail({scene.path("m")}, scene.path("two.eml")) == scene.path("two.eml"));
}

TEST_CASE("several messages become an mbox with quoted From lines") {
  const Scene scene;
  const auto path = export_mail({scene.write("a", letter + "From then on\n>From me\n>>From you\nnot From me\n"), scene.write("b", "Subject: none\r\n\r\nno end")}, scene.path("out"));
  REQUIRE(path);
  CHECK(*path == scene.path("out.mbox"));
  CHECK(scene.read("out.mbox") == "From ana@example.org Mon Nov 23 08:41:00 2026\n" + letter + ">From then on\n>>From me\n>>>From you\nnot From me\n\n" +
                                      "From MAILER-DAEMON Thu Jan  1 00:00:00 1970\nSubject: none\n\nno end\n\n");
}

TEST_CASE("an mbox of one message is made where its name asks for it, without a postmark of old") {
  const Scene scene;
  REQUIRE(export_mail({scene.write("a", "From old@host Mon Jan  1 00:00:00 2001\n" + letter)}, scene.path("one.mbox")));
  CHECK(scene.read("one.mbox") == "From ana@example.org Mon Nov 23 08:41:00 2026\n" + letter + "\n");
}

TEST_CASE("nothing is overwritten, and nothing half is left") {
  const Scene scene;
  scene.write("there.eml", "mine");
  const std::string message = scene.write("a", letter);
  const auto refused = export_mail({message}, scene.path("there"));
  REQUIRE(!refused);
  CHECK(refused.error().message.find("exists already") != std::string::npos);
  CHECK(scene.read("there.eml") == "mine");
  std::filesystem::create_symlink(scene.path("elsewhere"), scene.path("link.eml"));
  CHECK_FALSE(export_mail({message}, scene.path("link")));
  CHECK_FALSE(std::filesystem::exists(scene.path("elsewhere")));
  CHECK_FALSE(export_mail({message, scene.path("gone")}, scene.path("half")));
  CHECK_FALSE(std::filesystem::exists(scene.path("half.mbox")));
  CHECK_FALSE(export_mail({message}, scene.path("no/such/folder/x")));
}

TEST_CASE("a message that cannot be read is named, and one that was renamed is found") {
  const Scene scene;
  std::filesystem::create_directories(scene.path("box/cur"));
  const std::string first = scene.write("box/cur/a:2,S", letter);
  const auto failed = export_mail({scene.path("box/cur/a:2,"), scene.path("box/cur/gone"), first}, scene.path("out"));
  REQUIRE_FALSE(failed);
  CHECK(failed.error().message.find("message 2 of 3") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(scene.path("out.mbox")));
  CHECK(export_mail({scene.path("box/cur/a:2,"), first}, scene.path("out")));
}

TEST_CASE("an export is stopped between two messages") {
  const Scene scene;
  std::stop_source stop;
  stop.request_stop();
  CHECK(export_mail({scene.write("a", letter)}, scene.path("out"), stop.get_token()).error().kind == Kind::cancelled);
  CHECK_FALSE(std::filesystem::exists(scene.path("out.eml")));
}
