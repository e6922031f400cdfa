"""What leaves the mail for other programs and files, and what they make of it: filters, mailcap, the browser, printer, PDF, exports. Scripts stand for the programs."""

import base64
import json
import pathlib
import subprocess
import unittest

from support.terminal import Terminal
from support.workspace import Workspace

# A zip archive with one empty file, "list-of-boats.txt".
ZIP = bytes.fromhex("504b03040a000000000000002100000000000000000000000000110000006c6973742d6f662d626f6174732e747874"
                    "504b01021e030a000000000000002100000000000000000000000000110000000000000000000000a481000000006c6973742d6f662d626f6174732e747874"
                    "504b050600000000010001003f0000002f0000000000")

LETTER = b"""From: Eve Moreno <eve@example.test>
To: ana@example.test
Date: Wed, 18 Nov 2026 09:41:00 +0000
Message-ID: <boats@example.test>
Subject: The boats of May
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/html; charset=utf-8

<p>The <b>boats</b> are here.</p><script>steal()</script><img src="https://tracker.example/x.png">
--b
Content-Type: application/zip
Content-Disposition: attachment; filename="../../boats $(touch owned).zip"
Content-Transfer-Encoding: base64

""" + base64.b64encode(ZIP) + b"""
--b--
"""


class OutsideTest(unittest.TestCase):
    def setUp(self):
        self.workspace = self.enterContext(Workspace())
        self.home = self.workspace.home
        mail = self.home / "old-mail" / "inbox"
        for folder in ("cur", "new", "tmp"):
            (mail / folder).mkdir(parents=True)
        self.letter = mail / "cur" / "1.boats.host:2,S"
        self.letter.write_bytes(LETTER)
        (self.home / ".notmuch-config").write_text(f"[database]\npath={mail.parent}\n[user]\nname=Ana Ruiz\nprimary_email=ana@example.test\n[new]\ntags=inbox\n")
        subprocess.run(["notmuch", "new"], env=self.workspace.environment(), check=True, capture_output=True)
        # Leaves what it was given and the file's content; the name of the record appears when it is whole.
        self.record = self.home / "record"
        self.recorder = self.script("recorder", f'{{ echo "$*"; cat "$1"; }} >"{self.record}.new"; mv "{self.record}.new" "{self.record}"')

    def script(self, name, text):
        path = self.home / name
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o700)
        return path

    def settings(self, text):
        self.workspace.settings(f'[mail]\nroot = "{self.home}/old-mail"\n' + text)

    def open_letter(self, words="boats are here"):
        terminal = self.enterContext(Terminal([], self.workspace.environment(), 120, 40, folder=self.home))
        terminal.wait_for("The boats of May")
        terminal.press("\r")
        terminal.wait_for(words)
        return terminal

    def wait_for_file(self, terminal, path):
        path = pathlib.Path(path)
        terminal.wait_until(path.exists, what=f"the file {path.name}")
        return path.read_bytes()

    def test_a_filter_of_the_settings_reads_parts_everywhere(self):
        self.settings('[filters]\n"text/html" = "tr a-z A-Z; echo \\"wide $VALIJA_COLUMNS\\""\n')
        shown = self.workspace.run("show", "--columns=60", "id:boats@example.test")
        self.assertEqual(shown.status, 0, shown)
        self.assertIn("<B>BOATS</B> ARE", shown.text)
        self.assertIn("wide 60", shown.text)
        terminal = self.open_letter("<B>BOATS</B>")
        terminal.wait_for("wide ")

    def test_an_attachment_is_listed_opened_by_mailcap_and_saved(self):
        (self.home / ".mailcap").write_text(f"application/zip; no-such-program-here %s\napplication/zip; {self.recorder} '%s'\n")
        terminal = self.open_letter()
        terminal.press(":show 1\r")
        terminal.wait_for("list-of-boats.txt")
        terminal.press("q")
        terminal.wait_for("boats are here")
        terminal.press(":save 1 ~\r")
        saved = self.home / "boats $(touch owned).zip"
        self.wait_for_file(terminal, saved)
        self.assertEqual(saved.stat().st_mode & 0o077, 0)
        terminal.press(":launch 1\r")
        arguments, _, content = self.wait_for_file(terminal, self.record).partition(b"\n")
        self.assertEqual(content, ZIP)
        opened = pathlib.Path(arguments.decode())
        self.assertEqual(opened.parent.parent, self.workspace.state / "opened")
        self.assertRegex(opened.name, r"^[A-Za-z0-9._-]+\.zip$")
        self.assertEqual(list(self.home.glob("**/owned")), [])

    def test_the_browser_gets_a_page_that_fetches_and_runs_nothing(self):
        (self.home / ".mailcap").write_text(f"text/html; {self.recorder} %s\n")
        terminal = self.open_letter()
        terminal.press(":browse\r")
        page = self.wait_for_file(terminal, self.record)
        self.assertIn(b"boats", page)
        self.assertIn(b"Content-Security-Policy", page)
        self.assertNotIn(b"steal()", page)
        self.assertNotIn(b"tracker.example", page)

    def test_printing_and_exporting(self):
        self.settings(f'[ui]\nprint-with = "cat >{self.home}/paper.new; mv {self.home}/paper.new {self.home}/paper"\n')
        terminal = self.open_letter()
        terminal.press(":print\r")
        paper = self.wait_for_file(terminal, self.home / "paper").decode()
        self.assertIn("Subject: The boats of May\n", paper)
        self.assertIn("The boats are here.", paper)
        pdf = self.home / "boats.pdf"
        terminal.press(f":print {pdf}\r")
        terminal.wait_until(lambda: pdf.exists() and pdf.read_bytes().rstrip().endswith(b"%%EOF"), what="a whole PDF")
        text = subprocess.run(["pdftotext", pdf, "-"], capture_output=True, check=True).stdout.decode()
        self.assertIn("The boats are here.", text)
        terminal.press(f":export {self.home}/kept\r")
        self.wait_for_file(terminal, self.home / "kept.eml")
        terminal.wait_until(lambda: (self.home / "kept.eml").read_bytes() == LETTER, what="the message in the file")
        terminal.press(f":export {self.home}/kept\r")
        terminal.wait_for("exists already")

    def test_printing_is_stopped(self):
        started = self.home / "started"
        self.settings(f'[ui]\nprint-with = "cat >/dev/null; touch {started}; exec sleep 300"\n')
        terminal = self.open_letter()
        terminal.press(":print\r")
        self.wait_for_file(terminal, started)
        terminal.wait_for("Printing (Esc stops)")
        terminal.press("\x1b")
        terminal.wait_for("Stopped.")

    def test_show_counts_what_is_not_fetched(self):
        message = json.loads(self.workspace.run("show", "--format=json", "id:boats@example.test").text)[0]
        self.assertEqual((message["remote-pictures"], message["trackers"]), (1, 0))
        self.assertEqual(self.workspace.run("show", "--part=2", "id:boats@example.test").stdout, ZIP)


if __name__ == "__main__":
    unittest.main()
