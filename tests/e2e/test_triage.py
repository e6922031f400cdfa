"""Triage on a real pseudo-terminal: marks, counts, everything that matches, undo, and mail through a command."""

import re
import unittest

from support.terminal import Terminal
from support.workspace import Workspace

FIRST, SECOND, THIRD = "El llaüt está a la venta", "main is green again", "Presupuesto 2027"


class TriageTest(unittest.TestCase):
    def setUp(self):
        workspace = self.enterContext(Workspace())
        self.terminal = self.enterContext(Terminal(["demo"], workspace.environment(), 110, 30, folder=workspace.home))
        for subject in (FIRST, SECOND, THIRD):
            self.terminal.wait_for(subject)

    def press(self, keys, *texts):
        """Until all of the texts are there together: a notice does not stay until it is looked for again."""
        self.terminal.press(keys)
        self.terminal.wait_until(lambda: all(text in self.terminal.text for text in texts), what=f"{texts} behind {keys!r}")

    def test_marked_rows_are_archived_together_and_come_back(self):
        self.press("m", "1 marked")
        self.press("m", "2 marked")
        self.press("a", "Archived", "u undoes.")
        self.terminal.wait_while(FIRST)
        self.terminal.wait_while(SECOND)
        self.press("u", "Undone: Archived", FIRST, SECOND)
        self.press("\x12", "Archived")
        self.terminal.wait_while(FIRST)
        self.press("u", FIRST, SECOND)

    def test_all_that_a_list_finds_goes_at_once_and_is_taken_back(self):
        self.press("*", "Everything that this list finds")
        self.press("a")
        self.terminal.wait_for_match(r"Archived \d\d+ messages.* u undoes\.")
        self.terminal.wait_while(THIRD)
        self.press("u", FIRST, SECOND, THIRD)

    def test_a_range_and_a_repeated_change(self):
        self.press("V", "1 marked")
        self.press("j", "2 marked")
        self.press(":", ":")
        self.press("tag +errand\r", "Tagged")
        self.press("jj.", "Changed the tags")
        self.press("/tag:errand\r", "errand")
        self.terminal.wait_for(FIRST)

    def test_a_message_goes_through_a_command(self):
        self.press("\r", "barcas.example.com")
        self.press("|", ":pipe")
        self.press("grep -ci '^subject:'\r")
        self.terminal.wait_until(lambda: re.match(r" ?1\b", self.terminal.lines()[-1]), what="what the command wrote")


if __name__ == "__main__":
    unittest.main()
