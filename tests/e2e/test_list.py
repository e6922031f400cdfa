"""The list: accounts, columns, messages, first words, and its end."""

import re
import unittest

from support.terminal import Terminal
from support.workspace import Workspace

SUBJECT = "El llaüt está a la venta"


class ListTest(unittest.TestCase):
    def setUp(self):
        self.workspace = self.enterContext(Workspace())
        self.terminal = self.enterContext(Terminal(["demo"], self.workspace.environment(), 140, 40, folder=self.workspace.home))
        self.terminal.wait_for(SUBJECT)

    def row(self, subject):
        """The line of the list that shows a subject; empty in the middle of a redraw."""
        return next((line for line in self.terminal.lines() if subject in line), "")

    def test_rows_say_whose_account_they_are_of(self):
        self.assertRegex(self.row(SUBJECT), r"│.{1,3}[A-Z] ")

    def test_the_list_shows_messages_and_threads_again(self):
        self.terminal.press("gv")
        self.terminal.wait_for("The list shows messages.")
        self.terminal.wait_for(SUBJECT)
        self.terminal.press("gv")
        self.terminal.wait_for("The list shows threads.")
        self.terminal.wait_for(SUBJECT)

    def test_the_first_words_of_messages_stand_below_their_rows(self):
        def words():
            lines = self.terminal.lines()
            at = next((i for i, line in enumerate(lines) if SUBJECT in line), None)
            return "" if at is None or at + 1 >= len(lines) else re.sub(r"[^A-Za-z]", "", lines[at + 1].partition("│")[2])

        before = words()
        self.terminal.press("gl")
        self.terminal.wait_until(lambda: words() and words() != before, what="the first words")
        self.terminal.press("gl")
        self.terminal.wait_until(lambda: words() == before, what="the rows side by side again")

    def test_the_end_and_the_start_are_a_key_away(self):
        self.terminal.press("gmG")
        self.terminal.wait_while(SUBJECT)
        self.terminal.press("gg")
        self.terminal.wait_for(SUBJECT)


if __name__ == "__main__":
    unittest.main()
