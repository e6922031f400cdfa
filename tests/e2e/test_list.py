"""The list: accounts, columns, messages, first words, and its end."""

import re
import unittest

from support.terminal import Terminal
from support.workspace import Workspace

SUBJECT, NEXT = "El llaüt está a la venta", "main is green again"


class ListTest(unittest.TestCase):
    def setUp(self):
        self.workspace = self.enterContext(Workspace())
        self.terminal = self.enterContext(Terminal(["demo"], self.workspace.environment(), 140, 40, folder=self.workspace.home))
        self.terminal.wait_for(SUBJECT)

    def test_rows_say_whose_account_they_are_of(self):
        self.terminal.wait_for_match(rf"(?m)│.{{1,3}}[A-Z] .*{SUBJECT}")

    def test_the_list_shows_messages_and_threads_again(self):
        self.terminal.press("gv")
        self.terminal.wait_for("The list shows messages.")
        self.terminal.wait_for(SUBJECT)
        self.terminal.press("gv")
        self.terminal.wait_for("The list shows threads.")
        self.terminal.wait_for(SUBJECT)

    def test_the_first_words_of_messages_stand_below_their_rows(self):
        def below():
            """What stands below the row of the subject; nothing in the middle of a redraw."""
            lines = self.terminal.lines()
            at = next((i for i, line in enumerate(lines) if SUBJECT in line), len(lines))
            return "".join(lines[at + 1:at + 2]).partition("│")[2]

        self.terminal.wait_until(lambda: NEXT in below(), what="the next row")
        self.terminal.press("gl")
        self.terminal.wait_until(lambda: re.search("[A-Za-z]{3}", below()) and NEXT not in below(), what="the first words")
        self.terminal.press("gl")
        self.terminal.wait_until(lambda: NEXT in below(), what="the rows side by side again")

    def test_the_end_and_the_start_are_a_key_away(self):
        self.terminal.press("gmG")
        self.terminal.wait_while(SUBJECT)
        self.terminal.press("gg")
        self.terminal.wait_for(SUBJECT)


if __name__ == "__main__":
    unittest.main()
