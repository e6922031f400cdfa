"""Settings while the interface is open: saved ones apply, wrong ones are told, themes are shown while one chooses; plain screens."""

import os
import unittest

from support.terminal import Terminal
from support.workspace import Workspace

BACKGROUND = b"\x1b]11;?"  # the question what it is
VIEWS = '[views]\n"{}" = "tag:todo"\n'


class SettingsTest(unittest.TestCase):
    def setUp(self):
        self.workspace = self.enterContext(Workspace())

    def open(self, text, **more):
        self.workspace.settings(text)
        return self.enterContext(Terminal([], self.workspace.environment(**more), 110, 30, folder=self.workspace.home))

    def save(self, text):
        """As editors do: another file, put in place of the old one."""
        new = self.workspace.settings_file.with_suffix(".new")
        new.write_text(text)
        new.chmod(0o600)
        os.replace(new, self.workspace.settings_file)

    def account(self):
        return '[account.work]\naddress = "ana@example.test"\nreceive = "imaps://ana@127.0.0.1:9"\npassword-command = "echo x"\n'

    def test_keys_that_hide_each_other_are_told_once_with_their_line(self):
        self.workspace.settings('[keys.list]\n"y" = "archive"\n"y z" = "quit"\n')
        outcome = self.workspace.run("config", "check")
        self.assertEqual(outcome.status, 78, outcome)
        self.assertEqual(outcome.errors.count("hide each other"), 1, outcome)
        self.assertIn("valijarc:3:1", outcome.errors)

    def test_what_is_saved_applies_and_what_is_wrong_is_told(self):
        terminal = self.open(self.account() + VIEWS.format("First view"))
        terminal.wait_for("First view")
        self.save(self.account() + VIEWS.format("Second view"))
        terminal.wait_for("Second view")
        terminal.wait_while("First view")
        self.save(self.account() + "[ui]\nascii = 7\n" + VIEWS.format("Third view"))
        terminal.wait_until(lambda: all(text in terminal.text for text in ("valijarc:6", "ui.ascii must be true or false", "Second view")), what="the fault")
        self.save(self.account() + VIEWS.format("Fourth view"))
        terminal.wait_for("Fourth view")

    def test_the_background_is_asked_for_when_a_theme_needs_it(self):
        terminal = self.open(self.account() + '[ui]\ntheme = "light"\n')
        terminal.wait_for("Inbox")
        self.assertNotIn(BACKGROUND, terminal.output)
        terminal.press(":theme auto\r")
        terminal.wait_until(lambda: BACKGROUND in terminal.output, what="the question")


class DemoTest(unittest.TestCase):
    def setUp(self):
        self.workspace = self.enterContext(Workspace())

    def open(self, **more):
        terminal = self.enterContext(Terminal(["demo"], self.workspace.environment(**more), 110, 30, folder=self.workspace.home))
        terminal.wait_for("Presupuesto 2027")
        return terminal

    def test_set_and_activity(self):
        terminal = self.open()
        terminal.press(":set ui.ascii true\r")
        terminal.wait_while("│")
        terminal.press(":activity\r")
        terminal.wait_for("What goes on")
        terminal.press("q")
        terminal.wait_while("What goes on")

    def test_a_linear_screen_has_the_cursor_on_the_active_row_and_no_lines(self):
        terminal = self.open()
        terminal.press(":set ui.linear true\r")
        terminal.wait_for("unread. ")
        terminal.wait_until(lambda: not set("│─▌●▎") & set(terminal.text), what="a screen without lines")
        terminal.press("j")
        terminal.settle()
        row = terminal.lines()[terminal.screen.cursor.y]
        self.assertEqual(terminal.screen.cursor.x, 0)
        self.assertIn(": ", row)

    def test_the_theme_is_as_dark_as_the_terminal_says(self):
        terminal = self.open(COLORTERM="truecolor")
        terminal.wait_until(lambda: BACKGROUND in terminal.output, what="the question")

        def brightness():
            shades = {cell.bg for row in terminal.screen.buffer.values() for cell in row.values()} - {"default"}
            return [max(bytes.fromhex(shade)) for shade in shades]
        for answer, is_light in (("ffff/ffff/ffff", True), ("1616/1616/1e1e", False), ("f0/f0/f0", True)):
            terminal.press(f"\x1b]11;rgb:{answer}\x1b\\")
            terminal.wait_until(lambda: all((shade > 128) == is_light for shade in brightness()), what=f"the theme for {answer}")
            self.assertGreater(len(brightness()), 0)

    def test_who_comes_back_may_have_changed_the_background(self):
        terminal = self.open()
        terminal.wait_until(lambda: terminal.output.count(BACKGROUND) == 1, what="the question")
        terminal.press("\x1b[I")
        terminal.wait_until(lambda: terminal.output.count(BACKGROUND) == 2, what="the question again")

    def test_no_color_has_none(self):
        terminal = self.open(NO_COLOR="1")
        colors = {terminal.screen.buffer[y][x].fg for y in range(30) for x in range(110)}
        self.assertEqual(colors, {"default"})


if __name__ == "__main__":
    unittest.main()
