#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>

#include "valija/config/settings.hpp"

using namespace valija::config;

namespace {

Places places_at_home() {
  Places places;
  places.home = "/home/ana";
  return places;
}

Loaded read(const std::string& text) { return parse(text, "/nowhere/valijarc", places_at_home()); }

std::string faults_of(const std::string& text) {
  std::string all;
  for (const Fault& fault : read(text).faults) all += to_text(fault);
  return all;
}

std::string warnings_of(const std::string& text) {
  std::string all;
  for (const Fault& warning : read(text).warnings) all += to_text(warning);
  return all;
}

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

const std::string account = "[account.work]\naddress = \"ana@example.org\"\n";

}  // namespace

TEST_CASE("five lines are a complete account") {
  const Loaded loaded = read(R"([account.work]
address  = "ana@example.org"
name     = "Ana Ruiz"
receive  = "imaps://ana@imap.example.org"
send     = "smtps://ana@smtp.example.org"
password-command = "pass show mail/work"
)");
  CHECK(loaded.faults.empty());
  REQUIRE(loaded.settings.accounts.size() == 1);
  const Account& work = loaded.settings.accounts[0];
  CHECK(work.name == "work");
  CHECK(work.full_name == "Ana Ruiz");
  REQUIRE(work.receive);
  CHECK(work.receive->host == "imap.example.org");
  CHECK(work.receive->port == 993);
  CHECK(work.password_command == "pass show mail/work");
  CHECK(loaded.settings.mail_root == "/home/ana/Mail");
}

TEST_CASE("an empty text gives the defaults") {
  const Loaded loaded = read("");
  CHECK(loaded.faults.empty());
  CHECK(loaded.settings.ui_theme == "auto");
  CHECK(loaded.settings.mail_root == "/home/ana/Mail");
}

TEST_CASE("a fault shows file, line, column, the line with a caret, and the nearest key") {
  CHECK(faults_of(account + "recieve = \"imaps://h\"\n") ==
        R"(/nowhere/valijarc:3:1: There is no key recieve in [account.work].
    recieve = "imaps://h"
    ^
    Did you mean `receive`?
)");
}

TEST_CASE("the caret stands below the value, also behind wide characters") {
  const std::string text = faults_of(account + "\"日本\" = 1\n[ui]\nmouse = \"yes\"\n");
  CHECK(contains(text, "    mouse = \"yes\"\n            ^\n"));
  CHECK(contains(text, "ui.mouse must be true or false"));
}

TEST_CASE("all faults are reported at once, in the order of the file") {
  const Loaded loaded = read(R"([account.work]
adress = "ana@example.org"
receive = "imap+plain://u@example.org"
connections = 99
[ui]
theme = "drak"
sidebar-width = "wide"
[colours]
x = 1
)");
  std::vector<std::size_t> lines;
  for (const Fault& fault : loaded.faults) lines.push_back(fault.line);
  CHECK(lines == std::vector<std::size_t>{1, 2, 3, 4, 6, 7, 8});
}

TEST_CASE("a line that is not TOML does not hide the faults below it") {
  const std::string text = faults_of("[ui]\ntheme = dark\nmouse = 3\n[sync\ninterval = 5\n[mail]\nrot = \"x\"\n");
  CHECK(contains(text, ":2:9: This line cannot be read as TOML"));
  CHECK(contains(text, ":3:9: ui.mouse must be true or false"));
  CHECK(contains(text, ":4:"));
  CHECK_FALSE(contains(text, "interval"));
  CHECK(contains(text, "Did you mean `root`?"));
}

TEST_CASE("an account, a section or a key that stands twice is a fault") {
  CHECK(contains(faults_of(account + account), ":3:1: This is already set above."));
  CHECK(contains(faults_of(account + "address = \"b@example.org\"\n"), ":3:"));
  CHECK(contains(faults_of("[ui]\n[ui]\n"), "already set"));
  CHECK(contains(faults_of(account + "[account.Work]\naddress = \"b@example.org\"\n"), "two accounts"));
}

TEST_CASE("an account's name must be safe as a directory") {
  for (const char* name : {".hidden", "a/b", "..", "a b", "", "cur", "ñ", "a:b", "a\\\\b"}) {
    CHECK_MESSAGE(
        contains(faults_of("[account.\"" + std::string(name) + "\"]\naddress = \"a@b\"\n"), "cannot be the name"),
        name);
  }
  for (const char* name : {"work", "ana@example.org", "a.b", "x-1_2+3"}) {
    CHECK_MESSAGE(faults_of("[account.\"" + std::string(name) + "\"]\naddress = \"a@b\"\n") == "", name);
  }
}

TEST_CASE("an account without an address, or not in a section of its own, is a fault") {
  CHECK(contains(faults_of("[account.work]\n"), "has no address"));
  CHECK(contains(faults_of("[account]\naddress = \"a@b\"\n"), "outside of an account"));
  CHECK(contains(faults_of("account = 3\n"), "is a section"));
  CHECK(contains(faults_of("theme = \"dark\"\n"), "is a section"));
  CHECK(contains(faults_of("root = \"dark\"\n"), "outside of a section"));
}

TEST_CASE("a password in a file that is not private is a fault and is not shown") {
  const std::string text = faults_of(account + "password = \"hunter2\"\n");
  CHECK(contains(text, ":3:1: A password stands in a file that others may read."));
  CHECK_FALSE(contains(text, "hunter2"));
  CHECK_FALSE(contains(faults_of(account + "pasword = \"hunter2\"\n"), "hunter2"));
  CHECK_FALSE(contains(faults_of(account + "receive = \"imaps://ana:hunter2@h\"\n"), "hunter2"));
  CHECK_FALSE(contains(faults_of(account + "password = \"hunter2\n"), "hunter2"));
}

TEST_CASE("numbers outside of their range and values of the wrong type are faults") {
  CHECK(faults_of("[ui]\nsidebar-width = 10\n[sync]\ndelete-limit = 0\n") == "");
  CHECK(contains(faults_of("[ui]\nsidebar-width = 9\n"), "must be from 10 to 60"));
  CHECK(faults_of("[ui]\ncolumns = \"date people:24 subject\"\n") == "");
  for (const char* wrong : {"dates", "date date", "people:0", "people:x", "people:201", " ", "subject,tags"}) {
    CHECK(contains(faults_of("[ui]\ncolumns = \"" + std::string(wrong) + "\"\n"), "is no list of columns"));
  }
  CHECK(contains(faults_of("[account.a]\naddress = \"a@x.org\"\ncolor = \"greenish\"\n"), "is not a colour"));
  CHECK(contains(faults_of("[account.a]\naddress = \"a@x.org\"\nletter = \"AB\"\n"), "must be one letter"));
  CHECK(faults_of("[account.a]\naddress = \"a@x.org\"\nletter = \"ñ\"\ncolor = \"#5f87af\"\n").find("color") == std::string::npos);
  CHECK(contains(faults_of("[ui]\nsidebar-width = 61\n"), "must be from 10 to 60"));
  CHECK(contains(faults_of("[ui]\nsidebar-width = 22.0\n"), "must be a whole number"));
  CHECK(contains(faults_of("[ui]\ntheme = true\n"), "must be a text"));
  CHECK(contains(faults_of(account + "aliases = \"b@example.org\"\n"), "must be a list of texts"));
  CHECK(contains(faults_of(account + "aliases = [\"b\"]\n"), "is not a mail address"));
  CHECK(contains(faults_of(account + "folders = [\"a\", 2]\n"), "must be a list of texts"));
  CHECK(contains(faults_of(account + "archive = \"../x\"\n"), "is not the name of a folder"));
  CHECK(contains(faults_of("ui = { theme = \"drak\" }\n"), "Did you mean `dark`?"));
}

TEST_CASE("paths begin with a slash or the home directory") {
  CHECK(read("[mail]\nroot = \"~/Mail/x/../\"\n").settings.mail_root == "/home/ana/Mail");
  CHECK(contains(faults_of("[mail]\nroot = \"Mail\"\n"), "must be a whole path"));
  CHECK(contains(faults_of("[mail]\nroot = \"\"\n"), "must not be empty"));
  CHECK(contains(faults_of(account + "password-command = \"a\\nb\"\n"), "control characters"));
}

TEST_CASE("a mail root outside of notmuch's is a fault, inside of it is none") {
  Places places = places_at_home();
  places.notmuch_config = "/home/ana/.notmuch-config";
  places.notmuch_database = places.notmuch_mail_root = "/home/ana/mail";
  CHECK(parse("", "f", places).settings.mail_root == "/home/ana/mail");
  CHECK(parse("[mail]\nroot = \"~/mail/valija\"\n", "f", places).faults.empty());
  CHECK(parse("[mail]\nroot = \"~/mail\"\n", "f", places).faults.empty());
  for (const char* root : {"~/Mail", "~/mail2", "~/mail/../other"}) {
    const Loaded loaded = parse(std::string("[mail]\nroot = \"") + root + "\"\n", "f", places);
    REQUIRE(loaded.faults.size() == 1);
    CHECK(loaded.faults[0].line == 2);
  }
  CHECK(database_path(parse("", "f", places).settings, places) == "/home/ana/mail");
  CHECK(database_path(read("").settings, places_at_home()) == "/home/ana/Mail");
}

TEST_CASE("mail can be sent by a command") {
  const Loaded loaded = read(account + "send = \"command: /usr/sbin/sendmail -t\"\n");
  CHECK(loaded.faults.empty());
  CHECK(loaded.settings.accounts[0].send_command == "/usr/sbin/sendmail -t");
  CHECK(contains(faults_of(account + "send = \"command:\"\n"), "missing"));
  CHECK(contains(faults_of(account + "send = \"imaps://h\"\n"), "cannot be reached"));
}

TEST_CASE("views keep the order of the file") {
  const auto views = read("[views]\nzebra = \"tag:z\"\n\"To reply\" = \"tag:r\"\nalpha = \"tag:a\"\n").settings.views;
  REQUIRE(views.size() == 3);
  CHECK(views[0].name == "zebra");
  CHECK(views[1].name == "To reply");
  CHECK(views[2].query == "tag:a");
}

TEST_CASE("tags stand for flags, keywords or folders") {
  CHECK(faults_of("[tags]\na = \"flag:answered\"\nb = \"keyword:$Todo\"\nc = \"folder:Lists/x\"\n") == "");
  for (const char* wrong : {"answered", "flag:blue", "keyword:", "keyword:a b", "folder:..", "folder:"}) {
    CHECK_MESSAGE(contains(faults_of(std::string("[tags]\na = \"") + wrong + "\"\n"), "cannot stand for"), wrong);
  }
}

TEST_CASE("a tag stands for one thing, and nothing else for it") {
  CHECK(contains(faults_of("[tags]\nunread = \"keyword:$Unread\"\n"), "unread means"));
  CHECK(contains(faults_of("[tags]\na = \"keyword:$Todo\"\nb = \"keyword:$ToDo\"\n"), "The tag a stands for"));
  CHECK(contains(faults_of("[tags]\na = \"flag:answered\"\nb = \"flag:answered\"\n"), ":3:1"));
}

TEST_CASE("an account says how it is synced") {
  const Loaded loaded = read(account + R"(receive = "pop3s://h"
password-command = "true"
compress = "never"
push = false
idle-folders = ["INBOX", "Lists/*"]
delete-after = 30
)");
  CHECK(loaded.faults.empty());
  CHECK(loaded.warnings.empty());
  REQUIRE(loaded.settings.accounts.size() == 1);
  const Account& work = loaded.settings.accounts[0];
  CHECK(work.compress == "never");
  CHECK_FALSE(work.push);
  CHECK(work.idle_folders == std::vector<std::string>{"INBOX", "Lists/*"});
  CHECK(work.leave_on_server);
  CHECK(work.delete_after == 30);
}

TEST_CASE("without these settings an account is pushed, compressed, and left on the server") {
  const Account work = read(account).settings.accounts.at(0);
  CHECK(work.compress == "auto");
  CHECK(work.push);
  CHECK(work.idle_folders.empty());
  CHECK(work.leave_on_server);
  CHECK(work.delete_after == 0);
}

TEST_CASE("a time before deletion contradicts deletion at once") {
  CHECK(contains(faults_of(account + "delete-after = 3\nleave-on-server = false\n"), "delete-after means nothing"));
  CHECK(contains(faults_of(account + "delete-after = -1\n"), "delete-after"));
  CHECK(contains(faults_of(account + "compress = \"perhaps\"\n"), "auto, always, never"));
}

TEST_CASE("an account that can fetch nothing is warned about") {
  CHECK(contains(warnings_of(account), ":1:10: The account work has no server to fetch mail from."));
  CHECK(contains(warnings_of(account + "receive = \"imaps://h\"\n"), "has no password"));
  CHECK(warnings_of(account + "receive = \"imaps://h\"\npassword-command = \"true\"\n") == "");
  CHECK(faults_of(account) == "");
}

TEST_CASE("what stands in a line that cannot be read is not called missing") {
  const std::string text = "[account.work]\naddress = ana@example.org\n";
  CHECK(contains(faults_of(text), ":2:"));
  CHECK_FALSE(contains(faults_of(text), "no address"));
  CHECK(warnings_of(text) == "");
}

TEST_CASE("looks of roles and tags are checked") {
  CHECK(faults_of("[theme]\naccent = \"#ff0000\"\ntag.work = \"blue\"\n[theme.tag]\n\"a b\" = \"dim\"\n") != "");
  CHECK(faults_of("[theme]\naccent = \"#ff0000\"\ntag.work = \"blue\"\n") == "");
  CHECK(contains(faults_of("[theme]\nacent = \"red\"\n"), "Did you mean `accent`?"));
  CHECK(contains(faults_of("[theme]\naccent = \"rot\"\n"), "does not describe a colour"));
}

TEST_CASE("key bindings are kept with their place, wrong ones are faults") {
  const Loaded loaded = read("[keys.list]\n\"g i\" = \"open tag:inbox\"\n");
  CHECK(loaded.faults.empty());
  REQUIRE(loaded.settings.keys.size() == 1);
  CHECK(loaded.settings.keys[0].line == 2);
  CHECK(loaded.settings.keys[0].command == "open tag:inbox");
  const std::string text =
      faults_of("[keys.lst]\nx = \"y\"\n[keys.list]\n\"<nokey>\" = \"x\"\na = \"x\"\nab = \"y\"\n");
  CHECK(contains(text, ":1:7: There is no section [keys.lst]."));
  CHECK(contains(text, "Did you mean `list`?"));
  CHECK(contains(text, ":4:1: \"<nokey>\" is not a key sequence."));
  CHECK(contains(text, ":6:1: The keys ab and a hide each other"));
  CHECK(contains(faults_of("[keys]\na = \"x\"\n"), "bound in a context"));
}

TEST_CASE("a text that is not UTF-8 or has a NUL is one clear fault") {
  const Loaded invalid = read("[ui]\n# caf\xe9\n");
  REQUIRE(invalid.faults.size() == 1);
  CHECK(invalid.faults[0].line == 2);
  CHECK(invalid.faults[0].column == 6);
  const Loaded nul = read(std::string("[ui]\n\n\0", 7));
  REQUIRE(nul.faults.size() == 1);
  CHECK(nul.faults[0].line == 3);
  CHECK(contains(to_text(nul.faults[0]), "NUL"));
}

TEST_CASE("a section header that stops short is a fault") {
  for (const char* text : {"[", "[\n", "[.", "[ñ]", "[,]\nx = 1", "[#", "[a.", "[\t", "a.", "a. = 1", "{", "'"})
    CHECK_MESSAGE(faults_of(text) != "", text);
}

TEST_CASE("nesting without end is a fault, not a crash") {
  std::string dots = "a";
  for (int i = 0; i < 100'000; ++i) dots += ".a";
  CHECK_FALSE(read(dots + " = 1\n").faults.empty());
  CHECK_FALSE(read("[" + dots + "]\n").faults.empty());
  CHECK_FALSE(read("a = " + std::string(100'000, '[')).faults.empty());
  std::string tables;
  for (int i = 0; i < 50'000; ++i) tables += "{a=";
  CHECK_FALSE(read("a = " + tables).faults.empty());
  CHECK(faults_of("[views]\na = \"" + dots + "\"\n# " + dots + "\n") == "");
}

TEST_CASE("a very long line is shown around the fault only") {
  const std::string text = faults_of("[ui]\n" + std::string(3000, ' ') + "mouse = 1" + std::string(3000, ' ') + "\n");
  CHECK(text.size() < 600);
  CHECK(contains(text, "mouse = 1"));
}

TEST_CASE("an error of all faults is about settings") {
  const valija::Error error = to_error(read("[ui]\nx = 1\ny = 2\n").faults);
  CHECK(error.kind == valija::Kind::settings);
  CHECK(contains(error.message, "/nowhere/valijarc:2:1:"));
  CHECK(contains(error.message, "/nowhere/valijarc:3:1:"));
}

TEST_CASE("pieces of settings in any order never break the parser, and faults point into the text") {
  const std::vector<std::string> pieces{
      "[",  "]",  "account", ".",     "work", "\n",     "address",  " = ",  "\"",         "'''",  "ana@h",
      "#",  "{",  "}",       ",",     "keys", "list",   "gg",       "1.5",  "1979-05-27", "ñ",    "\\",
      "\r", "\t", "\"\"\"",  "theme", "tag",  "[ui]\n", "mouse = ", "true", "password",   "views"};
  rc::check([&] {
    std::string text;
    for (const auto& piece : *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(pieces))) text += piece;
    const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1;
    for (const Fault& fault : read(text).faults) {
      RC_ASSERT(fault.line <= lines);
      RC_ASSERT(!fault.message.empty());
      RC_ASSERT(!to_text(fault).empty());
    }
  });
}

TEST_CASE("filters are commands by type, and are shown again") {
  const Loaded loaded = read("[filters]\n\"Text/HTML\" = \"w3m -dump\"\n\"image/*\" = \"catimg -\"\n");
  CHECK(loaded.faults.empty());
  CHECK(loaded.settings.filters == std::map<std::string, std::string>{{"text/html", "w3m -dump"}, {"image/*", "catimg -"}});
  CHECK(contains(show(loaded.settings), "[filters]\n\"image/*\" = \"catimg -\"\n\"text/html\" = \"w3m -dump\"\n"));
}

TEST_CASE("a filter needs a type and a command") {
  for (const char* type : {"html", "/html", "text/", "*/*", "text/ht ml", "text/*l"}) {
    CAPTURE(type);
    CHECK(contains(faults_of(std::string("[filters]\n\"") + type + "\" = \"cat\"\n"), "is no type of a part"));
  }
  CHECK(contains(faults_of("[filters]\n\"text/html\" = \"  \"\n"), "has no command"));
  CHECK(contains(faults_of("[filters]\n\"text/html\" = 5\n"), "must be a text"));
}
