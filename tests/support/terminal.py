"""The program on a real pseudo-terminal, with a screen that the tests can read (pyte)."""

import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import termios
import time

import pyte

from support.workspace import PATIENCE, PROGRAM, as_from_a_shell

END = b"\0\0\0"  # which every terminal ignores
UNSEEN = re.compile(rb"\x1b[_P].*?\x1b\\", re.DOTALL)  # strings for programs and devices (ECMA-48 8.3.2, 8.3.27): pyte would print them
BEGUN = re.compile(rb"\x1b([_P].*)?\Z", re.DOTALL)


class _Stream(pyte.ByteStream):
    """pyte, and the three sequences of ECMA-48 that ncurses uses and pyte lacks: REP, SU and SD."""

    csi = {**pyte.ByteStream.csi, "b": "repeat_character", "S": "scroll_up", "T": "scroll_down"}
    events = frozenset({*pyte.ByteStream.events, "repeat_character", "scroll_up", "scroll_down"})


class _Screen(pyte.Screen):
    _last = " "

    def draw(self, data):
        super().draw(data)
        if data:
            self._last = data[-1]

    def repeat_character(self, count=1):
        self.draw(self._last * (count or 1))

    def scroll_up(self, count=1):
        self._scroll(count or 1, self.index, lambda margins: margins.bottom)

    def scroll_down(self, count=1):
        self._scroll(count or 1, self.reverse_index, lambda margins: margins.top)

    def _scroll(self, count, step, edge):
        kept, margins = self.cursor.y, self.margins or pyte.screens.Margins(0, self.lines - 1)
        self.cursor.y = edge(margins)
        for _ in range(count):
            step()
        self.cursor.y = kept


class Terminal:
    """with Terminal(["demo"], environment) as terminal: terminal.wait_for("Inbox"); terminal.press("j")"""

    def __init__(self, arguments, environment, columns=110, rows=30, program=None, folder="/"):
        self._columns, self._rows = columns, rows
        self.screen = _Screen(columns, rows)
        self._stream = _Stream(self.screen)
        self.output = bytearray()  # every octet that came, in order
        self._begun = b""  # a sequence of which the rest has not come
        self._command, self._environment, self._folder = [program or PROGRAM, *map(str, arguments)], environment, folder

    def __enter__(self):
        self._master, slave = os.openpty()
        self._slave = slave  # stays open, so that the modes can be read after the program has ended
        self._set_size()
        self.modes_before = termios.tcgetattr(slave)

        def take_terminal():
            as_from_a_shell()
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)
        self.process = subprocess.Popen(self._command, stdin=slave, stdout=slave, stderr=slave, env=self._environment, cwd=self._folder,
                                        start_new_session=True, preexec_fn=take_terminal)
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            self.process.wait()
        os.close(self._master)
        os.close(self._slave)

    def _set_size(self):
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", self._rows, self._columns, 0, 0))

    # -- what is on the screen --
    def lines(self):
        return [line.rstrip() for line in self.screen.display]

    @property
    def text(self):
        return "\n".join(self.lines())

    def line_of(self, text):
        """The number of the first line that holds the text, or None."""
        return next((number for number, line in enumerate(self.lines()) if text in line), None)

    # -- time --
    def pump(self, seconds=0.0):
        """Takes in what comes within so many seconds; true if something came."""
        ready, _, _ = select.select([self._master], [], [], seconds)
        if not ready:
            return False
        try:
            octets = os.read(self._master, 1 << 16)
        except OSError:
            return False
        self.output += octets
        seen = UNSEEN.sub(b"", self._begun + octets)
        self._begun = rest.group() if (rest := BEGUN.search(seen)) else b""
        self._stream.feed(seen[:len(seen) - len(self._begun)])
        return bool(octets)

    def wait_until(self, holds, timeout=30, what="the condition"):
        """Reads the terminal until holds() is true."""
        deadline = time.monotonic() + timeout * PATIENCE
        while True:
            # A whole picture where there is one; but a program that draws without end is looked at as well.
            drawing = time.monotonic() + 1
            while self.pump() and time.monotonic() < drawing:
                pass
            if holds():
                return
            left = deadline - time.monotonic()
            if left <= 0:
                raise AssertionError(f"{what} did not come true; exit status {self.process.poll()}; the screen is:\n{self.text}")
            self.pump(min(left, 0.05))

    def wait_for(self, text, timeout=30):
        self.wait_until(lambda: text in self.text, timeout, f"the text {text!r}")

    def wait_for_match(self, pattern, timeout=30):
        self.wait_until(lambda: re.search(pattern, self.text), timeout, f"the pattern {pattern!r}")

    def wait_while(self, text, timeout=30):
        self.wait_until(lambda: text not in self.text, timeout, f"the end of {text!r}")

    def settle(self, quiet=0.25):
        """Until nothing came for a while."""
        while self.pump(quiet * PATIENCE):
            pass

    # -- what a person does --
    def press(self, keys):
        os.write(self._master, keys.encode() if isinstance(keys, str) else keys)

    def resize(self, columns, rows):
        self._columns, self._rows = columns, rows
        self._set_size()
        self.screen.resize(rows, columns)

    def kill(self, number):
        os.kill(self.process.pid, number)

    def wait_for_exit(self, timeout=30):
        """The exit status; all output is taken in first."""
        self.wait_until(lambda: self.process.poll() is not None, timeout, "the end of the program")
        os.write(self._slave, END)  # comes behind all that the program wrote
        self.wait_until(lambda: self.output.endswith(END), timeout, "the end of the output")
        del self.output[-len(END):]
        return self.process.returncode

    def is_restored(self):
        """The alternate screen was left, the cursor is visible, the modes of the terminal are as they were."""
        left = self.output.rfind(b"\x1b[?1049l") > self.output.rfind(b"\x1b[?1049h")
        visible = not re.search(rb"\x1b\[\?25l(?!.*(\x1b\[\?25h|\x1b\[\?12l\x1b\[\?25h|\x1b\[34h\x1b\[\?25h))", bytes(self.output), re.S)
        return left and visible and termios.tcgetattr(self._slave) == self.modes_before


def categorise_older_mail(workspace, listed, sender):
    """Gives the mail of before its categories, once `listed` is on the screen and until `sender` stands among the newsletters; the exit status."""
    with Terminal([], workspace.environment(), folder=workspace.home) as terminal:
        terminal.wait_for(listed)
        terminal.press("gn")
        terminal.wait_for("No mail has the tag newsletter")
        terminal.press("c")
        terminal.wait_for(sender)
        terminal.press("Q")
        return terminal.wait_for_exit()
