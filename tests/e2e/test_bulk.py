"""A change of many messages: how far it is, Esc in the midst of it, what it did until then, and the way back."""

import contextlib
import os
import pathlib
import re
import signal
import subprocess
import unittest

from support.terminal import Terminal
from support.workspace import Workspace

COUNT = 10_000
MAIL = "From: Marta Gil <marta@example.org>\nSubject: note {0}\nMessage-ID: <{0}@example.org>\nDate: Sun, 22 Nov 2026 10:00:00 +0000\n\nText.\n"


class BulkTest(unittest.TestCase):
    def setUp(self):
        self.workspace = self.enterContext(Workspace())
        mail = self.workspace.home / "old-mail"
        for name in ("cur", "new", "tmp"):
            (mail / "inbox" / name).mkdir(parents=True)
        for number in range(COUNT):
            (mail / "inbox" / "cur" / f"{number}.note:2,S").write_text(MAIL.format(number))
        self.config = self.workspace.home / ".notmuch-config"
        self.config.write_text(f"[database]\npath={mail}\n[user]\nname=Ana Ruiz\nprimary_email=ana@example.test\n[new]\ntags=inbox\n"
                               "[maildir]\nsynchronize_flags=false\n")
        subprocess.run(["notmuch", "new", "--quiet"], env=self.workspace.environment(), check=True)
        self.terminal = self.enterContext(Terminal([], self.workspace.environment(), 110, 30, folder=self.workspace.home))
        self.terminal.wait_for("note ")

    def count(self, query):
        return int(self.workspace.notmuch("count", query, config=self.config))

    def index_process(self):
        """It begins with the first change."""
        for path in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                parent = int((path / "stat").read_text().rpartition(")")[2].split()[1])
                if parent == self.terminal.process.pid and b"--process=index" in (path / "cmdline").read_bytes():
                    return int(path.name)
            except (OSError, IndexError):
                continue  # it ended meanwhile
        raise AssertionError("there is no process of the index")

    def tells_a_number(self, process):
        """The process runs a little each time, so that the change is not over before it is looked at, however fast the machine."""
        os.kill(process, signal.SIGCONT)
        self.terminal.pump(0.05)
        os.kill(process, signal.SIGSTOP)
        self.terminal.settle(0.1)
        return re.search(rf"Tagging [\d,]+ of {COUNT:,} \(Esc stops\)", self.terminal.text)

    def let_go(self, process):
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGCONT)

    def test_esc_stops_it_and_undo_takes_back_what_was_done(self):
        self.terminal.press(":tag +first\r")
        self.terminal.wait_until(lambda: self.count("tag:first") == 1, what="the first change")
        index = self.index_process()
        self.terminal.press("*")
        self.terminal.wait_for("Everything that this list finds")
        os.kill(index, signal.SIGSTOP)
        self.addCleanup(self.let_go, index)
        self.terminal.press(":tag +errand\r")
        self.terminal.wait_for("Tagging (Esc stops)")
        self.terminal.wait_until(lambda: self.tells_a_number(index), what="a number of messages")
        self.terminal.press("\x1b")
        self.terminal.wait_for("stopping…")
        os.kill(index, signal.SIGCONT)
        self.terminal.wait_for_match(r"Stopped\. Tagged [\d,]+ messages")
        tagged = int(re.search(r"Tagged ([\d,]+) messages", self.terminal.text).group(1).replace(",", ""))
        self.assertLess(tagged, COUNT)
        self.assertEqual(self.count("tag:errand"), tagged)
        self.terminal.press("u")
        self.terminal.wait_for(f"Undone: Tagged {tagged:,} messages")
        self.assertEqual(self.count("tag:errand"), 0)
        self.assertEqual(self.count("tag:inbox"), COUNT)


if __name__ == "__main__":
    unittest.main()
