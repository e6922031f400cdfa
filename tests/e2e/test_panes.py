"""Panes, tabs, the mouse, and what is told to the terminal, on a real pseudo-terminal."""

import base64
import os
import re
import unittest

from support.terminal import Terminal
from support.workspace import Workspace

FIRST_SUBJECT = "El llaüt está a la venta"
MODES = (1000, 1002, 1004, 1006, 2004)


def mouse(button, row, column, final="M"):
    """A report as xterm makes it; row and column from 0."""
    return f"\x1b[<{button};{column + 1};{row + 1}{final}"


class PanesTest(unittest.TestCase):
    def setUp(self):
        self.workspace = self.enterContext(Workspace())

    def open(self, columns=160, rows=48, **more):
        terminal = self.enterContext(Terminal(["demo"], self.workspace.environment(**more), columns, rows, folder=self.workspace.home))
        terminal.wait_for(FIRST_SUBJECT)
        return terminal

    def column_of(self, terminal, text):
        return next((line.index(text) for line in terminal.lines() if text in line), None)

    def line_of(self, terminal, text):
        """Of a text that is there, or comes."""
        terminal.wait_for(text)
        return terminal.line_of(text)

    def quit(self, terminal):
        terminal.press("Q")
        self.assertEqual(terminal.wait_for_exit(), 0)
        self.assertTrue(terminal.is_restored())

    def test_a_thread_stands_below_beside_or_instead_of_the_list(self):
        terminal = self.open()
        terminal.press("\r")
        terminal.wait_for("barcas.example.com")
        self.assertGreater(self.line_of(terminal, "barcas.example.com"), self.line_of(terminal, FIRST_SUBJECT))
        terminal.press("\x17v")
        terminal.wait_until(lambda: (terminal.line_of("barcas.example.com") or 99) < 12, what="the thread beside the list")
        terminal.wait_for("Marta, you")
        terminal.press("\x17o")
        terminal.wait_while("Marta, you")
        terminal.press("\x17s")
        terminal.wait_for("Presupuesto 2027")
        self.quit(terminal)

    def test_the_side_bar_hides_and_comes_back(self):
        terminal = self.open()
        terminal.wait_for("Flagged")
        terminal.press("\x17b")
        terminal.wait_while("Flagged")
        terminal.press("\x17b")
        terminal.wait_for("Flagged")

    def test_the_mouse_opens_scrolls_and_drags(self):
        terminal = self.open()
        row = self.line_of(terminal, "Presupuesto 2027")
        terminal.press(mouse(0, row, 80) + mouse(0, row, 80, "m"))
        terminal.press(mouse(0, row, 80) + mouse(0, row, 80, "m"))
        terminal.wait_until(lambda: sum("Presupuesto 2027" in line for line in terminal.lines()) > 1, what="the open thread")
        rule = self.line_of(terminal, "├──")
        terminal.press(mouse(0, rule, 80) + mouse(32, rule + 8, 80) + mouse(0, rule + 8, 80, "m"))
        terminal.wait_until(lambda: "├──" in terminal.lines()[rule + 8], what="the line where it was dragged to")
        terminal.press(mouse(65, rule + 20, 80) * 3)
        flagged = self.line_of(terminal, "Flagged")
        terminal.press(mouse(0, flagged, 5))
        terminal.wait_while("├──")
        self.quit(terminal)

    def test_threads_and_searches_have_tabs(self):
        terminal = self.open()
        terminal.press("T")
        terminal.wait_for("barcas.example.com")
        terminal.wait_until(lambda: FIRST_SUBJECT in terminal.lines()[0], what="the tab")
        terminal.press(":open-tab from:tanaka\r")
        terminal.wait_for("潮位計の件")
        terminal.wait_until(lambda: "from:tanaka" in terminal.lines()[0], what="the tab of the search")
        terminal.press("\x1b1")
        terminal.wait_for("Presupuesto 2027")
        terminal.press("gt")
        terminal.wait_for("barcas.example.com")
        terminal.press(mouse(0, 0, self.column_of(terminal, "from:tanaka")))
        terminal.wait_for("潮位計の件")
        terminal.press("q")
        terminal.wait_for("barcas.example.com")
        terminal.press("q")
        terminal.wait_for("Presupuesto 2027")
        terminal.wait_until(lambda: "│" not in terminal.lines()[0], what="one tab")
        self.quit(terminal)

    def test_the_terminal_gets_back_all_that_it_was_asked_for(self):
        terminal = self.open()
        for mode in MODES:
            self.assertIn(b"\x1b[?%dh" % mode, terminal.output)
        terminal.wait_until(lambda: b"\x1b]2;valija: Inbox (" in terminal.output, what="the title with its count")
        self.quit(terminal)
        for mode in MODES:
            self.assertGreater(terminal.output.rfind(b"\x1b[?%dl" % mode), terminal.output.rfind(b"\x1b[?%dh" % mode))
        self.assertIn(b"\x1b[22;2t", terminal.output)
        self.assertIn(b"\x1b[23;2t", terminal.output)

    def test_what_is_turned_off_is_not_asked_for(self):
        self.workspace.settings("[ui]\nmouse = false\ntitle = false\nlinks = false\n")
        with Terminal([], self.workspace.environment(), 100, 30, folder=self.workspace.home) as terminal:
            terminal.settle(1.0)
            for unwanted in (b"\x1b[?1000h", b"\x1b[?1002h", b"\x1b]2;", b"\x1b]8;"):
                self.assertNotIn(unwanted, terminal.output)

    def test_links_lead_somewhere_and_are_copied(self):
        terminal = self.open()
        terminal.press("/subject:crystal\r")
        terminal.wait_for("A clock without")
        terminal.press("\r")
        terminal.wait_for("hum of the mains")
        terminal.wait_until(lambda: re.search(rb"\x1b\]8;;https?://[!-~]+\x1b\\", bytes(terminal.output)), what="a link")
        terminal.press("yi")
        terminal.wait_until(lambda: re.search(rb"\x1b\]52;c;[A-Za-z0-9+/=]+\x07", bytes(terminal.output)), what="the copy")
        copied = re.search(rb"\x1b\]52;c;([A-Za-z0-9+/=]+)\x07", bytes(terminal.output))[1]
        self.assertRegex(base64.b64decode(copied), rb"^<[^<>]+@[^<>]+>$")

    def test_a_copy_passes_tmux_and_screen(self):
        for name, value, begin in (("TMUX", "/tmp/tmux-1/default,1,0", b"\x1bPtmux;\x1b\x1b]52;c;"), ("STY", "1.pts-0.host", b"\x1bP\x1b]52;c;")):
            with self.subTest(name), Terminal(["demo"], self.workspace.environment(**{name: value, "TERM": "screen-256color"}), 100, 30,
                                              folder=self.workspace.home) as terminal:
                terminal.wait_for(FIRST_SUBJECT)
                terminal.press("ya")
                terminal.wait_until(lambda terminal=terminal, begin=begin: begin in terminal.output, what="the wrapped copy")

    def test_terminals_from_the_oldest_to_the_newest(self):
        for name in ("vt100", "linux", "xterm", "rxvt", "screen", "screen-256color", "tmux-256color", "xterm-256color", "xterm-direct"):
            with self.subTest(name), Terminal(["demo"], self.workspace.environment(TERM=name), 100, 30, folder=self.workspace.home) as terminal:
                terminal.wait_for("Presupuesto 2027")
                terminal.press("j\r")
                terminal.wait_for("319 passed")
                terminal.press("Q")
                self.assertEqual(terminal.wait_for_exit(), 0)
                if name in ("vt100", "linux", "screen"):
                    for unwanted in (b"\x1b]8;", b"\x1b]2;", b"\x1b[?1000h", b"\x1b[?2026h"):
                        self.assertNotIn(unwanted, terminal.output)

    def test_ten_thousand_keys_typed_at_once(self):
        terminal = self.open()
        keys = ("jjjjjkkkkk" * 1000).encode()
        while keys:  # a terminal takes a few kilobytes at a time
            keys = keys[os.write(terminal._master, keys[:2000]):]
            terminal.pump()
        terminal.press("gg\r")
        terminal.wait_for("barcas.example.com")
        self.quit(terminal)

    def test_ten_thousand_keys_pasted_at_once_run_nothing(self):
        terminal = self.open()
        keys = b"\x1b[200~" + b"dddaaaQQQq\r" * 1000 + b"\x1b[201~"
        while keys:
            keys = keys[os.write(terminal._master, keys[:2000]):]
            terminal.pump()
        terminal.wait_for("Pasted text is never run as keys")
        self.assertIsNone(terminal.process.poll())
        terminal.wait_for(FIRST_SUBJECT)
        terminal.wait_for("Presupuesto 2027")
        self.quit(terminal)

    def test_right_to_left_text_is_read_from_its_side(self):
        terminal = self.open()
        self.assertIn(b"\x1b[8l", terminal.output)
        self.quit(terminal)
        self.assertIn(b"\x1b[8h", terminal.output)
        with Terminal(["demo"], self.workspace.environment(KONSOLE_VERSION="230800"), 100, 30, folder=self.workspace.home) as konsole:
            konsole.wait_for(FIRST_SUBJECT)
            self.assertNotIn(b"\x1b[8l", konsole.output)


if __name__ == "__main__":
    unittest.main()
