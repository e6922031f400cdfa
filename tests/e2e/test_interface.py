"""The interface on a real pseudo-terminal: what a person sees, and that the terminal is always given back."""

import os
import re
import signal
import time
import unittest

from servers.corpus import Corpus
from servers.dovecot import Dovecot
from support.terminal import Terminal
from support.workspace import PATIENCE, Workspace

BAR = "│▌"  # the accent bar of the list's cursor, right of the line that ends the side bar
FIRST_SUBJECTS = ("El llaüt está a la venta", "main is green again", "Presupuesto 2027")


def under_cursor(terminal):
    """The row of the list that the cursor is on; empty in the middle of a redraw."""
    return next((line.partition(BAR)[2].strip()[:60] for line in terminal.lines() if BAR in line), "")


class DemoTest(unittest.TestCase):
    def setUp(self):
        self.workspace = self.enterContext(Workspace())

    def open(self, columns=110, rows=30, **more):
        terminal = self.enterContext(Terminal(["demo"], self.workspace.environment(**more), columns, rows, folder=self.workspace.home))
        terminal.wait_for(FIRST_SUBJECTS[0])
        return terminal

    def test_the_demo_opens_with_subjects_on_the_screen(self):
        terminal = self.open()
        for subject in FIRST_SUBJECTS:
            terminal.wait_for(subject)
        for folder in ("Archive", "Sent", "debian"):
            terminal.wait_for(folder)

    def test_the_demo_leaves_nothing_behind(self):
        terminal = self.open()
        terminal.press("Q")
        self.assertEqual(terminal.wait_for_exit(), 0)
        self.assertTrue(terminal.is_restored())
        self.assertEqual(list(self.workspace.temporary.iterdir()), [])
        self.assertFalse(self.workspace.mail.exists())

    def test_moving_opening_and_going_back(self):
        terminal = self.open(rows=44)
        terminal.press("j\r")
        terminal.wait_for("319 passed")
        terminal.press("q")
        terminal.wait_while("319 passed")
        terminal.press("k\r")
        terminal.wait_for("barcas.example.com")

    def test_every_thread_opens(self):
        terminal = self.open(rows=50)
        for _ in range(30):
            terminal.press("\r")
            terminal.settle(0.1)
            terminal.press("q")
            terminal.settle(0.05)
            terminal.press("j")
            self.assertIsNone(terminal.process.poll(), terminal.text)
        terminal.press("Q")
        self.assertEqual(terminal.wait_for_exit(), 0)

    def test_search_shows_what_matches(self):
        terminal = self.open()
        terminal.press("/from:tanaka\r")
        terminal.wait_for("潮位計の件")
        terminal.wait_while(FIRST_SUBJECTS[0])

    def test_a_search_that_finds_nothing_says_so(self):
        terminal = self.open()
        terminal.press("/subject:zeppelin\r")
        terminal.wait_while(FIRST_SUBJECTS[0])
        self.assertGreater(len(terminal.text.split()), 5)
        self.assertIsNone(terminal.process.poll())

    def test_help_lists_keys_and_closes(self):
        terminal = self.open()
        terminal.press("?")
        terminal.wait_for("Goes down a row")
        terminal.press("?")
        terminal.wait_for(FIRST_SUBJECTS[0])

    def test_the_command_line_runs_commands(self):
        terminal = self.open()
        terminal.press(":view sent\r")
        terminal.wait_while(FIRST_SUBJECTS[0])
        terminal.press(":quit\r")
        self.assertEqual(terminal.wait_for_exit(), 0)

    def test_an_unknown_command_is_said_and_harmless(self):
        terminal = self.open()
        terminal.press(":flubber\r")
        terminal.wait_for("flubber")
        terminal.press("\x1b")
        self.assertIsNone(terminal.process.poll())

    def test_right_to_left_and_wide_text_are_shown(self):
        terminal = self.open(rows=48)
        terminal.wait_for("潮位計の件")
        terminal.wait_for("🎂")
        terminal.press("/from:layla.haddad and tag:inbox\r")
        terminal.wait_while(FIRST_SUBJECTS[0])
        terminal.wait_for("tidelog")
        terminal.press("\r")
        terminal.wait_for("seiche")

    def test_what_is_typed_ahead_of_the_list_is_done(self):
        terminal = self.open(rows=60)
        terminal.press("/subject:crystal\r\r")
        terminal.wait_for("hum of the mains")

    def test_an_html_newsletter_is_text(self):
        terminal = self.open(rows=60)
        terminal.press("/subject:circuit or subject:crystal\r")
        terminal.wait_for("A clock without")
        terminal.press("\r")
        terminal.wait_for("hum of the mains")
        self.assertNotIn("<p>", terminal.text)

    def test_colours_and_plain_terminals(self):
        for name in ("xterm-256color", "screen", "linux", "vt100"):
            with self.subTest(name), Terminal(["demo"], self.workspace.environment(TERM=name), 80, 24, folder=self.workspace.home) as terminal:
                terminal.wait_for("Presupuesto 2027")
                terminal.press("Q")
                self.assertEqual(terminal.wait_for_exit(), 0)

    def test_spanish(self):
        terminal = self.open(LANGUAGE="es", LC_ALL="es_ES.UTF-8")
        terminal.wait_for("ayuda")
        terminal.wait_for("abrir")


class SizeTest(unittest.TestCase):
    def test_every_size_works_down_to_one_cell(self):
        with Workspace() as workspace, Terminal(["demo"], workspace.environment(), 110, 30, folder=workspace.home) as terminal:
            terminal.wait_for(FIRST_SUBJECTS[0])
            for columns, rows in ((80, 24), (60, 16), (20, 5), (2, 2), (1, 1), (1, 50), (200, 1), (300, 100), (80, 24)):
                terminal.resize(columns, rows)
                terminal.press("j")
                terminal.settle(0.1)
                self.assertIsNone(terminal.process.poll(), (columns, rows))
            terminal.press("gg")
            for subject in FIRST_SUBJECTS:
                terminal.wait_for(subject[:12])

    def test_a_storm_of_sizes_with_an_open_mail(self):
        with Workspace() as workspace, Terminal(["demo"], workspace.environment(), 110, 30, folder=workspace.home) as terminal:
            terminal.wait_for(FIRST_SUBJECTS[0])
            terminal.press("\r")
            for step in range(120):
                terminal.resize(1 + step * 37 % 170, 1 + step * 23 % 60)
                terminal.pump()
            terminal.resize(100, 30)
            terminal.wait_for("barcas.example.com")

    def test_it_starts_on_one_cell(self):
        with Workspace() as workspace, Terminal(["demo"], workspace.environment(), 1, 1, folder=workspace.home) as terminal:
            terminal.settle(1.0)
            self.assertIsNone(terminal.process.poll())
            terminal.resize(100, 30)
            terminal.wait_for(FIRST_SUBJECTS[0])


class EndTest(unittest.TestCase):
    def setUp(self):
        self.workspace = self.enterContext(Workspace())
        self.terminal = self.enterContext(Terminal(["demo"], self.workspace.environment(), folder=self.workspace.home))
        self.terminal.wait_for(FIRST_SUBJECTS[0])

    def test_ctrl_c_loses_nothing(self):
        self.terminal.press("\x03")
        self.terminal.settle()
        if self.terminal.process.poll() is None:
            self.terminal.press("\x1b")
            self.terminal.wait_for(FIRST_SUBJECTS[0])
        else:
            self.assertTrue(self.terminal.is_restored())

    def test_ctrl_c_leaves_the_command_line(self):
        self.terminal.press(":abcdef")
        self.terminal.wait_for("abcdef")
        self.terminal.press("\x03")
        self.terminal.wait_while("abcdef")

    def test_signals_restore_the_terminal(self):
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGSEGV, signal.SIGABRT):
            with self.subTest(number), Terminal(["demo"], self.workspace.environment(), folder=self.workspace.home) as terminal:
                terminal.wait_for(FIRST_SUBJECTS[0])
                terminal.kill(number)
                terminal.wait_for_exit()
                self.assertTrue(terminal.is_restored(), terminal.output[-300:])

    def test_a_closed_terminal_ends_the_program(self):
        os.close(self.terminal._master)
        self.terminal._master = os.open("/dev/null", os.O_RDWR)
        self.assertIsNotNone(self.terminal.process.wait(20 * PATIENCE))

    def test_no_process_is_left_behind(self):
        group = self.terminal.process.pid
        self.terminal.press("Q")
        self.terminal.wait_for_exit()
        deadline = time.monotonic() + 20 * PATIENCE
        while time.monotonic() < deadline:
            try:
                os.killpg(group, 0)
            except ProcessLookupError:
                return
            time.sleep(0.05)
        self.fail("a process of the program still runs")


class LiveSyncTest(unittest.TestCase):
    def setUp(self):
        self.workspace = self.enterContext(Workspace())
        self.server = self.enterContext(Dovecot())

    def open(self, rows=30):
        return self.enterContext(Terminal([], self.workspace.environment(), 110, rows, folder=self.workspace.home))

    def test_mail_appears_while_it_is_fetched(self):
        messages = Corpus(6000).octets()
        self.server.seed("INBOX", messages)
        self.workspace.account(self.server)
        terminal = self.open()
        terminal.wait_for_match(r"\d[\d.,]* of 6[.,]?000")
        newest = re.search(rb"Subject: (?:Re: )?([^\r]{6,24})", messages[-1]).group(1).decode()
        terminal.wait_for(newest, 120)
        self.assertLess(self.workspace.count(), 6000, "the first screen waited for the whole sync")
        terminal.wait_until(lambda: self.workspace.count() == 6000, 120, "all mail in the index")

    def test_what_arrives_does_not_move_the_cursor_from_its_row(self):
        self.server.seed("INBOX", [(octets, "\\Seen") for octets in Corpus(60).octets()])
        self.workspace.account(self.server)
        self.assertEqual(self.workspace.run("sync").status, 0)
        terminal = self.open()
        terminal.wait_for(BAR)
        for _ in range(4):
            terminal.wait_for(BAR)
            row = terminal.line_of(BAR)
            terminal.press("j")
            terminal.wait_until(lambda: terminal.line_of(BAR) not in (None, row), what="another row under the cursor")  # noqa: B023
        terminal.wait_until(lambda: under_cursor(terminal), what="what is under the cursor")
        who_and_what = under_cursor(terminal)
        fresh = b"From: Zoe New <zoe@example.net>\r\nTo: ana@example.test\r\nSubject: fresh arrival %d\r\nMessage-ID: <fresh%d@example.net>\r\nDate: " + \
            time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime()).encode() + b"\r\n\r\nhello\r\n"
        self.server.seed("INBOX", [fresh % (number, number) for number in range(3)])
        terminal.press(":sync\r")
        terminal.wait_for("fresh arrival 2")
        terminal.wait_until(lambda: under_cursor(terminal) == who_and_what, what=f"the cursor on {who_and_what}")

    def test_quitting_in_the_middle_of_a_sync_keeps_what_is_there(self):
        self.server.seed("INBOX", Corpus(3000).octets())
        self.workspace.account(self.server)
        terminal = self.open()
        terminal.wait_until(lambda: self.workspace.count_stored() > 300, 60, "some stored mail")
        begun = time.monotonic()
        terminal.press("Q")
        self.assertEqual(terminal.wait_for_exit(), 0)
        self.assertLess(time.monotonic() - begun, 20 * PATIENCE)
        self.assertTrue(terminal.is_restored())
        outcome = self.workspace.run("sync", "--json")
        self.assertEqual(outcome.status, 0, outcome)
        self.assertEqual(len(self.workspace.stored()), 3000)
        self.assertEqual(self.workspace.count(), 3000)

    def test_a_server_that_is_away_is_said_and_the_mail_stays_readable(self):
        self.server.seed("INBOX", [b"From: a@example.test\r\nSubject: still readable\r\nMessage-ID: <still@example.test>\r\n\r\nthe text of it\r\n"])
        self.workspace.account(self.server)
        self.assertEqual(self.workspace.run("sync").status, 0)
        self.server.stop()
        terminal = self.open()
        terminal.wait_for("still readable")
        terminal.wait_for("work")
        terminal.press("\r")
        terminal.wait_for("the text of it")

    def test_reading_marks_as_read(self):
        self.server.seed("INBOX", [b"From: a@example.test\r\nSubject: unread one\r\nMessage-ID: <one@example.test>\r\n\r\nthe text of it\r\n"])
        self.workspace.account(self.server, rest="[ui]\nmark-read-after = 0\n")
        self.assertEqual(self.workspace.run("sync").status, 0)
        self.assertEqual(self.workspace.count("tag:unread"), 1)
        terminal = self.open()
        terminal.wait_for("unread one")
        terminal.press("\r")
        terminal.wait_for("the text of it")
        terminal.wait_until(lambda: self.workspace.count("tag:unread") == 0, what="the tag unread to be gone")

    def test_no_account_and_no_mail_says_what_to_do(self):
        terminal = self.open()
        terminal.wait_for("valija")
        terminal.wait_until(lambda: len(terminal.text.split()) > 8, what="a text that says more")


class NoTerminalTest(unittest.TestCase):
    def test_without_a_terminal_it_says_so(self):
        with Workspace() as workspace:
            outcome = workspace.run("demo")
            self.assertNotEqual(outcome.status, 0)
            self.assertIn("terminal", outcome.errors)
            self.assertNotIn("\x1b", outcome.text)


if __name__ == "__main__":
    unittest.main()
