#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>

#include "valija/base/fd.hpp"
#include "valija/base/text.hpp"
#include "valija/config/options.hpp"
#include "valija/config/settings.hpp"

using namespace valija;
using namespace valija::config;

namespace {

const Places places{.settings_file = {},
                    .settings_given = false,
                    .state_dir = "/home/ana/.local/state/valija",
                    .notmuch_config = {},
                    .notmuch_database = {},
                    .notmuch_mail_root = {},
                    .home = "/home/ana"};

/// The generated file as it lies in the tree; with $VALIJA_REGENERATE set it is written first.
std::string committed(const char* path, const std::string& generated) {
  const std::string file = std::string(VALIJA_SOURCE_ROOT) + "/" + path;
  if (std::getenv("VALIJA_REGENERATE")) std::ofstream(file) << generated;
  const auto text = read_file(file, 1 << 20);
  return text ? *text : text.error().message;
}

/// Takes the # away from every line that is an example, as a person would.
std::string without_marks(const std::string& sample) {
  std::string text;
  for (const std::string& line : split(sample, '\n')) {
    const bool is_prose = line.starts_with("# ");
    text += (line.starts_with('#') && !is_prose ? line.substr(1) : line) + "\n";
  }
  return text;
}

std::string all_faults(const Loaded& loaded) {
  std::string text;
  for (const Fault& fault : loaded.faults) text += to_text(fault);
  return text;
}

}  // namespace

TEST_CASE("config/valijarc is what the schema says") { CHECK(committed("config/valijarc", sample()) == sample()); }

TEST_CASE("man/valijarc.5 is what the schema says") { CHECK(committed("man/valijarc.5", man_page()) == man_page()); }

TEST_CASE("the sample can be read as it is, and gives the defaults") {
  const Loaded loaded = parse(sample(), "valijarc", places);
  CHECK(all_faults(loaded) == "");
  CHECK(loaded.settings.accounts.empty());
  CHECK(loaded.settings.mail_root == "/home/ana/Mail");
}

TEST_CASE("the sample with every line in force can be read, and its defaults are those of the program") {
  const Loaded loaded = parse(without_marks(sample()), "valijarc", places);
  CHECK(all_faults(loaded) == "");
  const Settings& settings = loaded.settings;
  const Settings defaults;
  CHECK(settings.ui_theme == defaults.ui_theme);
  CHECK(settings.ui_colors == defaults.ui_colors);
  CHECK(settings.ui_ascii == defaults.ui_ascii);
  CHECK(settings.ui_mouse == defaults.ui_mouse);
  CHECK(settings.ui_sidebar_width == defaults.ui_sidebar_width);
  CHECK(settings.ui_text_width == defaults.ui_text_width);
  CHECK(settings.ui_mark_read_after == defaults.ui_mark_read_after);
  CHECK(settings.sync_interval == defaults.sync_interval);
  CHECK(settings.sync_delete_limit == defaults.sync_delete_limit);
  CHECK(settings.sync_timeout == defaults.sync_timeout);
  REQUIRE(settings.accounts.size() == 1);
  const Account account;
  CHECK(settings.accounts[0].auth == account.auth);
  CHECK(settings.accounts[0].connections == account.connections);
  CHECK(settings.accounts[0].leave_on_server == account.leave_on_server);
}

TEST_CASE("what show prints can be read again and shows the same") {
  const Loaded loaded = parse(without_marks(sample()), "valijarc", places);
  const Loaded again = parse(show(loaded.settings), "valijarc", places);
  CHECK(all_faults(again) == "");
  CHECK(show(again.settings) == show(loaded.settings));
}

TEST_CASE("show hides a password") {
  Settings settings;
  settings.accounts.emplace_back();
  settings.accounts[0].name = "work";
  settings.accounts[0].password = Secret("hunter2");
  const std::string text = show(settings);
  CHECK(text.find("hunter2") == std::string::npos);
  CHECK(text.find("password = \"(hidden)\"") != std::string::npos);
}

TEST_CASE("show quotes whatever a value holds") {
  Settings settings;
  settings.mail_root = "/mail";
  settings.accounts.emplace_back();
  settings.accounts[0].name = "work";
  settings.accounts[0].address = "ana@example.org";
  settings.accounts[0].signature = "a \"b\" \\ c\nd\te";
  const Loaded again = parse(show(settings), "valijarc", places);
  CHECK(all_faults(again) == "");
  REQUIRE(again.settings.accounts.size() == 1);
  CHECK(again.settings.accounts[0].signature == settings.accounts[0].signature);
}

TEST_CASE("every option has a doc for completion") {
  const auto docs = option_docs();
  CHECK(docs.size() > 25);
  for (const OptionDoc& doc : docs) CHECK_FALSE(doc.doc.empty());
}
