#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "valija/base/text.hpp"
#include "valija/config/settings.hpp"

using namespace valija;
using namespace valija::config;

namespace {

class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "valija-config-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string file(const std::string& text, mode_t mode = 0600) const {
    const std::string path = path_ + "/valijarc";
    std::ofstream(path) << text;
    ::chmod(path.c_str(), mode);
    return path;
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

Loaded load_file(const std::string& file, bool is_given = true) {
  Places places;
  places.settings_file = file;
  places.settings_given = is_given;
  places.home = "/home/ana";
  return load(places);
}

const std::string account = "[account.work]\naddress = \"ana@example.org\"\n";

}  // namespace

TEST_CASE("no settings file means the defaults, unless it was named") {
  const Folder folder;
  CHECK(load_file(folder.path() + "/none", false).faults.empty());
  CHECK(load_file(folder.path() + "/none", false).settings.file.empty());
  REQUIRE(load_file(folder.path() + "/none").faults.size() == 1);
  CHECK(load_file(folder.path() + "/none").faults[0].message.find("No such file") != std::string::npos);
}

TEST_CASE("a directory, a device and a huge file are one clear fault each") {
  const Folder folder;
  for (const std::string& path :
       {folder.path(), std::string("/dev/zero"), folder.file(std::string(10 * 1024 * 1024, '#'))}) {
    const Loaded loaded = load_file(path);
    REQUIRE(loaded.faults.size() == 1);
    CHECK(loaded.faults[0].line == 0);
    CHECK_FALSE(loaded.faults[0].help.empty());
    CHECK(to_text(loaded.faults[0]).starts_with(path + ": "));
  }
}

TEST_CASE("a settings file that everybody can write is refused") {
  const Folder folder;
  CHECK(load_file(folder.file("", 0644)).faults.empty());
  CHECK(load_file(folder.file("", 0646)).faults.size() == 1);
}

TEST_CASE("a file that cannot be read is a fault") {
  if (::geteuid() == 0) {
    MESSAGE("skipped: root reads every file");
    return;
  }
  const Folder folder;
  CHECK(load_file(folder.file("", 0)).faults.size() == 1);
}

TEST_CASE("a password may stand in a private file") {
  const Folder folder;
  const Loaded loaded = load_file(folder.file(account + "password = \"hunter2\"\n", 0600));
  CHECK(loaded.faults.empty());
  REQUIRE(loaded.settings.accounts.size() == 1);
  CHECK(password_of(loaded.settings.accounts[0])->reveal() == "hunter2");
  for (const mode_t mode : {0640U, 0604U, 0644U})
    CHECK(load_file(folder.file(account + "password = \"hunter2\"\n", mode)).faults.size() == 1);
}

TEST_CASE("the first line that password-command prints is the password") {
  Account work;
  work.name = "work";
  work.password_command = "printf 'open sesame\\nuser: ana\\n'";
  CHECK(password_of(work)->reveal() == "open sesame");
  work.password_command = "printf 'no newline'";
  CHECK(password_of(work)->reveal() == "no newline");
}

TEST_CASE("a stop ends password-command, and is no login error") {
  Account work;
  work.name = "work";
  work.password_command = "sleep 60";
  std::stop_source stop;
  stop.request_stop();
  CHECK(password_of(work, stop.get_token()).error().kind == Kind::cancelled);
}

TEST_CASE("a password-command that fails, prints nothing, or is missing is a login error that names the account") {
  Account work;
  work.name = "work";
  for (const char* command : {"", "exit 3", "true", "/nowhere/at/all", "printf 'secret\\n'; exit 1"}) {
    work.password_command = command;
    const auto password = password_of(work);
    REQUIRE_FALSE(password);
    CHECK(password.error().kind == Kind::login);
    CHECK(password.error().message.find("work") != std::string::npos);
    CHECK(password.error().message.find("secret") == std::string::npos);
    CHECK_FALSE(password.error().hint.empty());
  }
}

TEST_CASE("a password-command that prints without end is told what it should print") {
  Account work;
  work.name = "work";
  work.password_command = "cat /dev/zero";
  CHECK(password_of(work).error().hint == "It should print the password and nothing else.");
  work.password_command = "exit 3";
  CHECK(password_of(work).error().hint == "Run it in a terminal to see why.");
}
