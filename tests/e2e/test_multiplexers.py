"""The program inside tmux and GNU screen, as it runs over SSH for many people: keys, colours, mouse, title, resize, suspend, and the way out."""

import os
import re
import shutil
import subprocess
import unittest

from support.terminal import Terminal
from support.workspace import PATIENCE, PROGRAM, Workspace

FIRST_SUBJECT = "El llaüt está a la venta"
SECOND_SUBJECT = "Presupuesto 2027"
OPENED = "barcas.example.com"  # in the first thread
PROMPT = "shell>"


class Multiplexer(unittest.TestCase):
    """A shell inside, in which the demo is started; what it leaves behind is looked at from there."""

    columns, rows = 80, 24

    def setUp(self):
        self.workspace = self.enterContext(Workspace())
        self.environment = self.workspace.environment(COLORTERM="truecolor")
        prompt = self.workspace.folder / "prompt"
        prompt.write_text(f"PS1='{PROMPT}'\n")
        self.shell = f"bash --noprofile --rcfile {prompt}"

    def open(self, program, arguments):
        terminal = self.enterContext(Terminal(arguments, self.environment, self.columns, self.rows, program=program, folder=self.workspace.home))
        terminal.wait_for(PROMPT)
        return terminal

    def start_demo(self, terminal):
        terminal.press(f"clear; {os.path.abspath(PROGRAM)} demo\r")
        terminal.wait_for(FIRST_SUBJECT)

    def check_keys(self, terminal):
        terminal.press("\r")
        terminal.wait_for(OPENED)
        terminal.press("q")
        terminal.wait_for(SECOND_SUBJECT)
        terminal.press("/presupuesto\r")
        terminal.wait_while(FIRST_SUBJECT)
        terminal.wait_for(SECOND_SUBJECT)
        terminal.press("q")
        terminal.wait_for(FIRST_SUBJECT)

    def check_resize(self, terminal):
        terminal.resize(100, 30)
        terminal.wait_until(lambda: any(len(line) > 90 for line in terminal.lines()[:24]), what="the wide list")
        terminal.resize(60, 16)
        terminal.wait_until(lambda: FIRST_SUBJECT[:10] in terminal.text and "? help" in terminal.lines()[15 - self.status_rows], what="the small list")
        terminal.resize(self.columns, self.rows)
        terminal.wait_until(lambda: "? help" in terminal.lines()[self.rows - 1 - self.status_rows], what="the list as before")

    def check_suspend_and_quit(self, terminal):
        terminal.press("\x1a")
        terminal.wait_for("Stopped")
        terminal.wait_until(lambda: PROMPT in terminal.lines(), what="the prompt of the shell")
        terminal.press("fg\r")
        terminal.wait_for(FIRST_SUBJECT)
        terminal.press("Q")
        # What is typed before the shell reads again is thrown away with the modes of the terminal.
        terminal.wait_until(lambda: PROMPT in terminal.lines() and FIRST_SUBJECT not in terminal.text, what="the prompt of the shell")
        terminal.press("echo sta''tus $?\r")
        terminal.wait_for("status 0")

    status_rows = 0


@unittest.skipUnless(shutil.which("tmux"), "tmux is not installed")
class TmuxTest(Multiplexer):
    status_rows = 1

    def setUp(self):
        super().setUp()
        self.socket = str(self.workspace.folder / "tmux")
        settings = self.workspace.folder / "tmux.conf"
        settings.write_text("set -g default-terminal tmux-256color\nset -ga terminal-overrides ,*:RGB\nset -g mouse on\nset -g escape-time 50\n"
                            f"set -g default-command 'exec {self.shell}'\nset -g focus-events on\n")
        self.terminal = self.open(shutil.which("tmux"), ["-u", "-S", self.socket, "-f", settings])
        self.addCleanup(self.tmux, "kill-server")

    def tmux(self, *arguments):
        done = subprocess.run(["tmux", "-S", self.socket, *arguments], env=self.environment, capture_output=True, timeout=30 * PATIENCE)
        return done.stdout.decode()

    def pane(self, variable):
        return self.tmux("display-message", "-p", f"#{{{variable}}}").strip()

    def wait_for_pane(self, variable, holds):
        self.terminal.wait_until(lambda: holds(self.pane(variable)), what=f"{variable} of the pane")

    def test_keys_colours_and_resizing(self):
        self.start_demo(self.terminal)
        colours = self.tmux("capture-pane", "-e", "-p")
        self.assertRegex(colours, r"\x1b\[[0-9;]*38;2;\d+;\d+;\d+")
        self.check_keys(self.terminal)
        self.check_resize(self.terminal)

    def test_suspended_and_ended_it_leaves_the_pane_as_it_was(self):
        self.start_demo(self.terminal)
        self.check_suspend_and_quit(self.terminal)
        for variable, value in (("alternate_on", "0"), ("mouse_any_flag", "0"), ("cursor_flag", "1"), ("keypad_cursor_flag", "0")):
            self.wait_for_pane(variable, lambda now, value=value: now == value)

    def test_the_title_names_the_view_and_its_unread_mail(self):
        self.start_demo(self.terminal)
        self.wait_for_pane("pane_title", lambda title: re.fullmatch(r"valija: \w+ \(\d+\)", title))

    def test_a_click_opens_the_row(self):
        self.start_demo(self.terminal)
        self.wait_for_pane("mouse_any_flag", lambda flag: flag == "1")
        row, column = self.terminal.line_of(FIRST_SUBJECT), 40
        self.terminal.press(f"\x1b[<0;{column};{row + 1}M\x1b[<0;{column};{row + 1}m")
        self.terminal.press(f"\x1b[<0;{column};{row + 1}M\x1b[<0;{column};{row + 1}m")
        self.terminal.wait_for(OPENED)

    def test_a_mouse_that_is_turned_off_stays_with_tmux(self):
        self.start_demo(self.terminal)
        for wanted, flag in (("false", "0"), ("true", "1")):
            self.terminal.press(f":set ui.mouse {wanted}\r")
            self.wait_for_pane("mouse_any_flag", lambda now, flag=flag: now == flag)


@unittest.skipUnless(shutil.which("screen"), "GNU screen is not installed")
class ScreenTest(Multiplexer):
    def setUp(self):
        super().setUp()
        folder = self.workspace.folder / "screens"
        folder.mkdir(mode=0o700)
        settings = self.workspace.folder / "screenrc"
        settings.write_text("startup_message off\nterm screen-256color\ndefutf8 on\naltscreen on\nvbell off\nmaptimeout 50\n")
        self.environment["SCREENDIR"] = str(folder)
        self.terminal = self.open(shutil.which("screen"), ["-U", "-c", settings, "-S", "valija", *self.shell.split()])
        self.addCleanup(lambda: subprocess.run(["screen", "-S", "valija", "-X", "quit"], env=self.environment, capture_output=True, timeout=30 * PATIENCE))

    def test_keys_and_resizing(self):
        self.start_demo(self.terminal)
        self.check_keys(self.terminal)
        self.check_resize(self.terminal)

    def test_its_colours_are_those_that_screen_knows(self):
        # COLORTERM is that of the terminal around it: screen itself has 256 colours.
        self.start_demo(self.terminal)

        def colours():
            return {cell.fg for row in self.terminal.screen.buffer.values() for cell in row.values()}
        self.terminal.wait_until(lambda: len(colours()) > 4, what="a coloured screen")

    def test_suspended_and_ended_it_leaves_the_shell_as_it_was(self):
        self.start_demo(self.terminal)
        self.check_suspend_and_quit(self.terminal)


del Multiplexer  # is no test by itself

if __name__ == "__main__":
    unittest.main()
