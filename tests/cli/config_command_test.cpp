#include <doctest/doctest.h>

#include <fstream>

#include "console.hpp"

using namespace valija;
using namespace valija::cli;
using namespace valija::cli::test;

namespace {

class Fixture {
 public:
  Fixture() {
    places_.settings_file = mailbox_.root() + "/valijarc";
    places_.home = mailbox_.root();
  }
  void write(const std::string& text) const { std::ofstream(places_.settings_file) << text; }
  Ran run(const std::string& what) const {
    Capture out, err;
    Ran ran;
    {
      Output output(out.fd()), errors(err.fd());
      const Result<int> status = config_command(*parse_arguments({"config", what}), [this] { return config::load(places_); }, output, errors);
      ran.status = status ? *status : exit_status(status.error().kind);
      if (!status) print_error(status.error(), errors);
    }
    ran.out = out.text();
    ran.err = err.text();
    return ran;
  }

 private:
  index::test::Mailbox mailbox_;
  config::Places places_;
};

}  // namespace

TEST_CASE("config check accepts good settings and lists every fault of wrong ones") {
  const Fixture fixture;
  CHECK(fixture.run("check").status == 0);
  fixture.write("[account.work]\naddress = \"ana@example.org\"\nreceive = \"imaps://h\"\npassword-command = \"true\"\n");
  const Ran good = fixture.run("check");
  CHECK(good.status == 0);
  CHECK(good.out.find("is good: 1 account") != std::string::npos);
  CHECK(good.err == "");
  fixture.write("[ui]\nx = 1\ny = 2\n");
  const Ran wrong = fixture.run("check");
  CHECK(wrong.status == 78);
  CHECK(wrong.out == "");
  CHECK(wrong.err.find(":2:1:") != std::string::npos);
  CHECK(wrong.err.find(":3:1:") != std::string::npos);
  CHECK(fixture.run("show").status == 78);
}

TEST_CASE("config check says what an account lacks to fetch mail") {
  const Fixture fixture;
  fixture.write("[account.work]\naddress = \"ana@example.org\"\nreceive = \"imaps://h\"\n");
  const Ran ran = fixture.run("check");
  CHECK(ran.status == 0);
  CHECK(ran.err.find("has no password") != std::string::npos);
  CHECK(ran.err.find("password-command") != std::string::npos);
  CHECK(ran.out.find("is good") == std::string::npos);
}

TEST_CASE("config show prints what is in force, config sample a file to start from") {
  const Fixture fixture;
  fixture.write("[ui]\ntheme = \"light\"\n");
  CHECK(fixture.run("show").out.find("theme = \"light\"") != std::string::npos);
  CHECK(fixture.run("sample").out == config::sample());
}

TEST_CASE("config without one of its words is refused") {
  const Fixture fixture;
  CHECK(fixture.run("chekc").status == 64);
  CHECK(fixture.run("").status == 64);
}
