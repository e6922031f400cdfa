#include "mailcap.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>

#include "support/temporary_directory.hpp"

using namespace valija::workers;

TEST_CASE("lines are joined, comments left out, fields split at semicolons that are not escaped") {
  const auto entries = parse_mailcap(
      "# a comment; ignored\n\n"
      "Image/PNG; feh '%s'; test=test -n \"$DISPLAY\"; nametemplate=%s.png\n"
      "text/*; less %s; needsterminal\n"
      "text/html; w3m -dump \\\n  %s; copiousoutput\n"
      "application/x; one \\; two; description=\"a \\; b\"\n"
      "broken\n; no type\ntext/plain;\n");
  REQUIRE(entries.size() == 4);
  CHECK(entries[0].type == "image/png");
  CHECK(entries[0].command == "feh '%s'");
  CHECK(entries[0].test == "test -n \"$DISPLAY\"");
  CHECK(entries[0].name_template == "%s.png");
  CHECK(entries[1].needs_terminal);
  CHECK(entries[2].command == "w3m -dump   %s");
  CHECK(entries[2].is_copious);
  CHECK(entries[3].command == "one ; two");
}

TEST_CASE("entries that fit the type and need no terminal are taken, in their order") {
  const valija::test::TemporaryDirectory directory;
  std::ofstream(directory.path() + "/mailcap") << "image/*; any %s\nimage/png; terminal %s; needsterminal\nimage/png; exact %s\nimage; short %s\ntext/png; no %s\n";
  ::setenv("MAILCAPS", ("/nowhere/mailcap:" + directory.path() + "/mailcap").c_str(), 1);
  const auto entries = mailcap_entries_for("image/png");
  ::unsetenv("MAILCAPS");
  REQUIRE(entries.size() == 3);
  CHECK(entries[0].command == "any %s");
  CHECK(entries[1].command == "exact %s");
  CHECK(entries[2].command == "short %s");
}

TEST_CASE("the file and the type stand in the command, or the file is its input") {
  CHECK(mailcap_command("view '%s' %t 100%%", "/tmp/a-b_1.png", "image/svg+xml") == "view '/tmp/a-b_1.png' image/svg+xml 100%");
  CHECK(mailcap_command("view", "/tmp/a.png", "image/png") == "{ view\n} </tmp/a.png");
  CHECK(mailcap_command("test -n \"$DISPLAY\"", "", "image/png") == "test -n \"$DISPLAY\"");
}

TEST_CASE("nothing of a message reaches the shell but plain words") {
  for (const char* path : {"/tmp/a b", "/tmp/$(x)", "/tmp/`x`", "/tmp/a'b", "/tmp/a;b", "/tmp/a\nb", "-rf"}) CHECK_FALSE(mailcap_command("view %s", path, "image/png"));
  for (const char* type : {"image/png; rm x", "a/`x`", "a/$x", "-o/x"}) CHECK_FALSE(mailcap_command("view %s %t", "/tmp/a", type));
  CHECK(mailcap_command("view %{charset} %n %s", "/tmp/a", "text/plain") == "view   /tmp/a");
  CHECK(mailcap_command("view %{charset", "/tmp/a", "text/plain") == "{ view \n} </tmp/a");
}

TEST_CASE("of a name only harmless octets remain, with the ending that the entry asks for") {
  const MailcapEntry any, html{"text/html", "", "", "%s.html", false, false};
  CHECK(mailcap_name(any, "report 2026.pdf") == "report_2026.pdf");
  CHECK(mailcap_name(any, "-rf $(x)`'\"\n.sh") == "rf___x_____.sh");
  CHECK(mailcap_name(any, "../..") == "_..");
  CHECK(mailcap_name(any, "") == "part");
  CHECK(mailcap_name(html, "page") == "page.html");
  CHECK(mailcap_name(html, "page.html") == "page.html");
  CHECK(mailcap_name({"", "", "", "%s.$(x)", false, false}, "page") == "page");
  CHECK(mailcap_name(any, std::string(300, 'x') + ".pdf").size() == 100);
}
