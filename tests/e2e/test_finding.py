"""Finding mail and commands: what is on the screen while one types, and what is still there after a restart."""

import subprocess
import unittest

from servers.corpus import Corpus
from support.terminal import Terminal
from support.workspace import Workspace

ESCAPE = "\x1b"
PALETTE = "\x10"  # ctrl-p
FIRST_SUBJECT = "El llaüt está a la venta"


class FindingInTheDemoTest(unittest.TestCase):
    def setUp(self):
        workspace = self.enterContext(Workspace())
        self.terminal = self.enterContext(Terminal(["demo"], workspace.environment(), 110, 30, folder=workspace.home))
        self.terminal.wait_for(FIRST_SUBJECT)

    def test_rows_and_their_number_stand_there_before_enter(self):
        self.terminal.press("/from:tana")
        self.terminal.wait_for("潮位計の件")
        self.terminal.wait_while(FIRST_SUBJECT)
        self.terminal.wait_for_match(r"\d+ messages?\b")
        self.terminal.press(ESCAPE)
        self.terminal.wait_for(FIRST_SUBJECT)

    def test_enter_keeps_what_is_shown(self):
        self.terminal.press("/from:tana")
        self.terminal.wait_for("潮位計の件")
        self.terminal.press("\r")
        self.terminal.wait_for("/ from:tana")
        self.terminal.wait_for("潮位計の件")
        self.terminal.press("q")
        self.terminal.wait_for(FIRST_SUBJECT)

    def test_a_wrong_query_says_what_is_wrong(self):
        self.terminal.press("/form:tanaka zeppelin")
        self.terminal.wait_for('Did you mean "from:"?')
        self.terminal.press("\x15" + "date:xyzzy")
        self.terminal.wait_for("no date that notmuch knows")
        self.terminal.press("\x15" + "barcas and")
        self.terminal.wait_for('Something must follow "and".')

    def test_nothing_found_tells_what_would_find_something(self):
        self.terminal.press("/from:tanaka date:..1990")
        self.terminal.wait_for_match(r"nothing, but \d+ without date:..1990")

    def test_the_palette_runs_a_command_by_a_few_letters(self):
        self.terminal.press(PALETTE + "half-pa")
        self.terminal.wait_for("half-page-down")
        self.terminal.press("\x15" + "hlp")
        self.terminal.wait_for("Shows every key and command.")
        self.terminal.press("\r")
        self.terminal.wait_for("Keys and commands")

    def test_the_help_is_searched(self):
        self.terminal.press("?")
        self.terminal.wait_for("Keys and commands")
        self.terminal.press("/archive")
        self.terminal.wait_for("Moves to the archive")
        self.terminal.wait_while("Goes to the beginning.")
        self.terminal.press(ESCAPE)
        self.terminal.wait_for("Goes down a row")

    def test_an_unknown_key_names_the_nearest_command(self):
        self.terminal.press("#")
        self.terminal.wait_for("In gmail it is trash: here that is d.")


class FindingAgainTest(unittest.TestCase):
    def setUp(self):
        self.workspace = self.enterContext(Workspace())
        mail = self.workspace.home / "old-mail"
        Corpus(60).write_maildir(mail / "inbox")
        (self.workspace.home / ".notmuch-config").write_text(f"[database]\npath={mail}\n[user]\nname=Ana Ruiz\nprimary_email=ana@example.test\n[new]\ntags=unread;inbox\n")
        subprocess.run(["notmuch", "new"], env=self.workspace.environment(), capture_output=True, check=True)

    def open(self):
        terminal = self.enterContext(Terminal([], self.workspace.environment(), 110, 30, folder=self.workspace.home))
        terminal.wait_for("Inbox")
        return terminal

    def quit(self, terminal):
        terminal.press("Q")
        self.assertEqual(terminal.wait_for_exit(), 0)

    def test_history_survives_a_restart(self):
        terminal = self.open()
        terminal.press("/from:ito\r")
        terminal.wait_for("/ from:ito")
        self.quit(terminal)
        terminal = self.open()
        terminal.press("/")
        terminal.wait_until(lambda: terminal.lines()[-1].startswith("/"))
        terminal.press(ESCAPE + "[A")
        terminal.wait_until(lambda: terminal.lines()[-1].startswith("/from:ito"))
        terminal.press("\x07")
        terminal.wait_while("/from:ito")
        self.quit(terminal)

    def test_a_search_becomes_a_view_of_the_settings(self):
        settings = self.workspace.home / ".config/valija/valijarc"
        terminal = self.open()
        terminal.press("/from:ito\r")
        terminal.wait_for("/ from:ito")
        terminal.press(":save-view From Ito\r")
        terminal.wait_for_match(r"From Ito +│")
        terminal.wait_until(lambda: settings.exists() and "From Ito" in settings.read_text())
        self.assertIn('"From Ito" = ', settings.read_text())
        self.quit(terminal)
        terminal = self.open()
        terminal.wait_for("From Ito")
        self.quit(terminal)

    def test_the_keys_of_another_program(self):
        self.workspace.settings('[ui]\nkeys = "gmail"\n[keys.prompt]\n"<c-t>" = "prompt-erase-start"\n')
        terminal = self.open()
        terminal.press("?")
        terminal.wait_for("Keys and commands")
        terminal.press("/reply-all")
        terminal.wait_for_match(r"\bR  a\b")
        terminal.press("\x14")
        terminal.wait_for("Goes down a row")
        terminal.press(ESCAPE)
        terminal.wait_until(lambda: not terminal.lines()[-1].startswith("/"), what="the end of the search")
        terminal.press("q")
        terminal.wait_while("Keys and commands")
        self.quit(terminal)


if __name__ == "__main__":
    unittest.main()
