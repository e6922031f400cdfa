#include <pwd.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

#include "notmuch_config.hpp"
#include "paths.hpp"
#include "valija/base/fd.hpp"
#include "valija/config/settings.hpp"

namespace valija::config {

namespace {

constexpr std::size_t largest_notmuch_config = 1024 * 1024;

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

std::string home_directory() {
  const std::string home = environment("HOME");
  if (home.starts_with('/')) return tidy_path(home);
  std::array<char, 16384> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwuid_r(::geteuid(), &entry, buffer.data(), buffer.size(), &found) == 0 && found) return found->pw_dir;
  return "/";
}

/// A relative path in an XDG variable is to be ignored (XDG Base Directory Specification).
std::string xdg_directory(const char* name, const std::string& otherwise) {
  const std::string value = environment(name);
  return value.starts_with('/') ? tidy_path(value) : otherwise;
}

/// The first place of notmuch-config(1) where a file is; empty: none.
std::string find_notmuch_config(const std::string& config_home, const std::string& home) {
  if (const std::string given = environment("NOTMUCH_CONFIG"); !given.empty())
    return is_regular_file(given) ? given : "";
  const std::string profile = environment("NOTMUCH_PROFILE");
  const std::string in_xdg = config_home + "/notmuch/" + (profile.empty() ? "default" : profile) + "/config";
  if (is_regular_file(in_xdg)) return in_xdg;
  const std::string in_home = home + "/.notmuch-config" + (profile.empty() ? "" : "." + profile);
  return is_regular_file(in_home) ? in_home : "";
}

bool holds_database(const std::string& directory) {
  return is_directory(directory + "/.notmuch/xapian") || is_directory(directory + "/xapian");
}

std::string below_home(const std::string& path, const std::string& home) {
  return path.empty() ? path : tidy_path(path.starts_with('/') ? path : home + "/" + path);
}

void find_notmuch_places(Places& places, const std::string& config_home) {
  places.notmuch_config = find_notmuch_config(config_home, places.home);
  NotmuchConfig config;
  if (!places.notmuch_config.empty()) {
    if (const auto text = read_file(places.notmuch_config, largest_notmuch_config)) config = read_notmuch_config(*text);
  }
  const std::string profile = environment("NOTMUCH_PROFILE");
  const std::string in_xdg = xdg_directory("XDG_DATA_HOME", places.home + "/.local/share") + "/notmuch/" +
                             (profile.empty() ? "default" : profile);
  const std::string mail_directory = environment("MAILDIR").empty() ? places.home + "/mail" : environment("MAILDIR");

  std::string database = below_home(environment("NOTMUCH_DATABASE"), places.home);
  if (database.empty()) database = below_home(config.database_path, places.home);
  if (database.empty() && is_directory(in_xdg)) database = in_xdg;
  if (database.empty()) database = below_home(mail_directory, places.home);
  // What the user named is meant, also before it exists; a mere default counts only where a database is.
  const bool is_named = !environment("NOTMUCH_DATABASE").empty() || !config.database_path.empty();
  if (is_named || holds_database(database)) places.notmuch_database = database;

  const std::string default_root = database == in_xdg ? below_home(mail_directory, places.home) : database;
  const std::string root = config.mail_root.empty() ? default_root : below_home(config.mail_root, places.home);
  if (!places.notmuch_database.empty() || !places.notmuch_config.empty()) places.notmuch_mail_root = root;
}

}  // namespace

Places find_places(const std::string& settings_option) {
  Places places;
  places.home = home_directory();
  const std::string config_home = xdg_directory("XDG_CONFIG_HOME", places.home + "/.config");
  places.settings_given = !settings_option.empty();
  places.settings_file = places.settings_given ? settings_option : config_home + "/valija/valijarc";
  places.state_dir = xdg_directory("XDG_STATE_HOME", places.home + "/.local/state") + "/valija";
  find_notmuch_places(places, config_home);
  return places;
}

std::string database_path(const Settings& settings, const Places& places) {
  return places.notmuch_database.empty() ? settings.mail_root : places.notmuch_database;
}

}  // namespace valija::config
