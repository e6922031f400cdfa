#include <doctest/doctest.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "config/notmuch_config.hpp"
#include "valija/config/settings.hpp"

using namespace valija::config;
namespace fs = std::filesystem;

namespace {

constexpr std::array<const char*, 8> variables{"HOME",           "XDG_CONFIG_HOME", "XDG_STATE_HOME",   "XDG_DATA_HOME",
                                               "NOTMUCH_CONFIG", "NOTMUCH_PROFILE", "NOTMUCH_DATABASE", "MAILDIR"};

/// A home directory of its own, with no variable set but HOME; the environment comes back at the end.
class Home {
 public:
  Home() {
    std::string pattern = (fs::temp_directory_path() / "valija-home-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
    for (const char* name : variables) {
      const char* value = std::getenv(name);
      if (value) old_.emplace_back(name, value);
      ::unsetenv(name);
    }
    set("HOME", path_);
  }
  Home(const Home&) = delete;
  Home& operator=(const Home&) = delete;
  ~Home() {
    for (const char* name : variables) ::unsetenv(name);
    for (const auto& [name, value] : old_) ::setenv(name.c_str(), value.c_str(), 1);
    fs::remove_all(path_);
  }
  void set(const char* name, const std::string& value) const { ::setenv(name, value.c_str(), 1); }
  void write(const std::string& name, const std::string& text) const {
    fs::create_directories(fs::path(at(name)).parent_path());
    std::ofstream(at(name)) << text;
  }
  void make(const std::string& name) const { fs::create_directories(at(name)); }
  std::string at(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
  std::vector<std::pair<std::string, std::string>> old_;
};

}  // namespace

TEST_CASE("settings and state lie in the XDG directories") {
  const Home home;
  Places places = find_places("");
  CHECK(places.settings_file == home.at(".config/valija/valijarc"));
  CHECK(places.state_dir == home.at(".local/state/valija"));
  CHECK_FALSE(places.settings_given);
  home.set("XDG_CONFIG_HOME", home.at("c/"));
  home.set("XDG_STATE_HOME", "relative/is/ignored");
  places = find_places("");
  CHECK(places.settings_file == home.at("c/valija/valijarc"));
  CHECK(places.state_dir == home.at(".local/state/valija"));
  CHECK(find_places("mine").settings_file == "mine");
  CHECK(find_places("mine").settings_given);
}

TEST_CASE("without notmuch there is no database but our own") {
  const Home home;
  const Places places = find_places("");
  CHECK(places.notmuch_config.empty());
  CHECK(places.notmuch_database.empty());
  CHECK(places.notmuch_mail_root.empty());
}

TEST_CASE("the database that ~/.notmuch-config names is used, also before it exists") {
  const Home home;
  home.write(".notmuch-config", "# mine\n[user]\npath=/wrong\n[database]\n path = Post eingang \n");
  CHECK(find_places("").notmuch_config == home.at(".notmuch-config"));
  CHECK(find_places("").notmuch_database == home.at("Post eingang"));
  home.make("Post eingang/.notmuch/xapian");
  CHECK(find_places("").notmuch_database == home.at("Post eingang"));
  CHECK(find_places("").notmuch_mail_root == home.at("Post eingang"));
}

TEST_CASE("a mail root of its own is honoured") {
  const Home home;
  home.write(".notmuch-config", "[database]\npath=" + home.at("index") + "\nmail_root=letters/\n");
  home.make("index/xapian");
  CHECK(find_places("").notmuch_database == home.at("index"));
  CHECK(find_places("").notmuch_mail_root == home.at("letters"));
}

TEST_CASE("$NOTMUCH_CONFIG goes before the XDG file, that before ~/.notmuch-config, and a profile changes both") {
  const Home home;
  home.write(".notmuch-config", "");
  CHECK(find_places("").notmuch_config == home.at(".notmuch-config"));
  home.write(".config/notmuch/default/config", "");
  CHECK(find_places("").notmuch_config == home.at(".config/notmuch/default/config"));
  home.set("NOTMUCH_PROFILE", "work");
  CHECK(find_places("").notmuch_config.empty());
  home.write(".notmuch-config.work", "");
  CHECK(find_places("").notmuch_config == home.at(".notmuch-config.work"));
  home.write("given", "");
  home.set("NOTMUCH_CONFIG", home.at("given"));
  CHECK(find_places("").notmuch_config == home.at("given"));
  home.set("NOTMUCH_CONFIG", home.at("missing"));
  CHECK(find_places("").notmuch_config.empty());
}

TEST_CASE("without a path in the configuration, the XDG database, $MAILDIR and ~/mail are looked at") {
  const Home home;
  home.make("mail/.notmuch/xapian");
  CHECK(find_places("").notmuch_database == home.at("mail"));
  home.make("letters/.notmuch/xapian");
  home.set("MAILDIR", home.at("letters"));
  CHECK(find_places("").notmuch_database == home.at("letters"));
  home.make(".local/share/notmuch/default/xapian");
  CHECK(find_places("").notmuch_database == home.at(".local/share/notmuch/default"));
  CHECK(find_places("").notmuch_mail_root == home.at("letters"));
}

TEST_CASE("escapes of the key file are read, nonsense in it is skipped") {
  const NotmuchConfig config = read_notmuch_config(
      "path=/a\n[database]\nno "
      "equals\n=x\npath=/a\\sb\\\\c\\t\n[search]\nmail_root=/x\n[database]\r\nmail_root=/m\r\n[");
  CHECK(config.database_path == "/a b\\c\t");
  CHECK(config.mail_root == "/m");
}
