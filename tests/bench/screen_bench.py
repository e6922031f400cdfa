"""Figures (c) and (d): the first screen, memory, and how long a key takes, on a real pseudo-terminal."""

import dataclasses
import json
import os
import pathlib
import random
import select
import subprocess
import time

from servers.corpus import Corpus
from servers.dovecot import Dovecot
from support.terminal import Terminal
from support.workspace import Workspace

COLUMNS, ROWS = 160, 48
MARK = "│▌"  # the accent bar of the list's cursor, right of the line that ends the side bar


class Recording(Terminal):
    """A terminal that notes when octets came and looks at them later, so that looking costs the program nothing."""

    def __enter__(self):
        self.chunks = []
        self.begun = time.perf_counter()
        return super().__enter__()

    def take(self, seconds):
        """Notes what comes within so many seconds; the number of octets."""
        ready, _, _ = select.select([self._master], [], [], seconds)
        if not ready:
            return 0
        octets = os.read(self._master, 1 << 16)
        self.chunks.append((time.perf_counter(), octets))
        return len(octets)

    def replay_until(self, holds, before=float("inf")):
        """Feeds the noted chunks that came before a moment to the screen until holds(); the time of that chunk, or None."""
        while self.chunks and self.chunks[0][0] < before:
            moment, octets = self.chunks.pop(0)
            self._stream.feed(octets)
            if holds():
                return moment
        return None

    def marked_row(self):
        return self.line_of(MARK)


@dataclasses.dataclass
class Memory:
    """MiB of the interface, and of it and its processes together."""

    pss: float
    rss: float
    all_pss: float
    all_rss: float


def _rollup(process):
    values = {}
    for line in pathlib.Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
        name, _, rest = line.partition(":")
        if name in ("Pss", "Rss"):
            values[name] = int(rest.split()[0]) / 1024
    return values["Pss"], values["Rss"]


def _descendants(process):
    found = []
    for task in pathlib.Path(f"/proc/{process}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += [int(child), *_descendants(int(child))]
    return found


def memory_of(process):
    rows = [_rollup(process), *(_rollup(child) for child in _descendants(process))]
    return Memory(*rows[0], sum(pss for pss, _ in rows), sum(rss for _, rss in rows))


def first_subjects(environment, count):
    """The subjects that the first screen must show, as notmuch knows them."""
    output = subprocess.run(["notmuch", "search", "--format=json", f"--limit={count}", "tag:inbox"], env=environment, check=True, capture_output=True).stdout
    return [row["subject"].removeprefix("Re: ")[:14] for row in json.loads(output)]


def first_screen(program, mailbox, runs, say):
    """([(seconds to the first screen, seconds of notmuch search)], Memory when idle)."""
    environment = mailbox.environment()
    subjects = first_subjects(environment, 12)
    rows, memory = [], None
    for number in range(runs):
        begun = time.perf_counter()
        subprocess.run(["notmuch", "search", "--limit=50", "tag:inbox"], env=environment, check=True, stdout=subprocess.DEVNULL)
        theirs = time.perf_counter() - begun
        with Recording([], environment, COLUMNS, ROWS, program=program) as terminal:
            painted = None
            while painted is None:
                if time.perf_counter() - terminal.begun > 60:
                    raise RuntimeError(f"no first screen within a minute; the screen is:\n{terminal.text}")
                terminal.take(1)
                painted = terminal.replay_until(lambda: all(subject in terminal.text for subject in subjects))
            if number == runs - 1:
                end = time.monotonic() + 4
                while time.monotonic() < end:
                    terminal.take(0.5)
                memory = memory_of(terminal.process.pid)
            terminal.press("Q")
            terminal.wait_for_exit()
        rows.append((painted - terminal.begun, theirs))
    say(f"first screen over {mailbox.count} messages: " + ", ".join(f"{ours * 1000:.0f}/{theirs * 1000:.0f}" for ours, theirs in rows) + " ms (valija/notmuch)")
    return rows, memory


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


class Keys:
    """Presses j and k in turn and finds when the accent bar moved on the screen."""

    def __init__(self, terminal):
        self.terminal, self.pressed, self.sizes = terminal, [], []
        self._chooser = random.Random(1)

    def press(self, count, while_true=lambda: True):
        for number in range(count):
            if not while_true():
                return
            self.pressed.append(time.perf_counter())
            self.terminal.press("jk"[number % 2])
            size, patience = 0, 0.1
            while octets := self.terminal.take(patience):
                size, patience = size + octets, 0.008
            self.sizes.append(size)
            end = time.perf_counter() + self._chooser.uniform(0.004, 0.03)
            while (left := end - time.perf_counter()) > 0:
                self.terminal.take(left)

    def latencies(self):
        """Seconds from each key to the frame that shows the bar on its new row."""
        result, terminal = [], self.terminal
        ends = [*self.pressed[1:], float("inf")]
        for moment, end in zip(self.pressed, ends):
            terminal.replay_until(lambda: False, before=moment)
            row = terminal.marked_row()
            seen = terminal.replay_until(lambda: terminal.marked_row() != row, before=end)
            if seen is not None:
                result.append(seen - moment)
        return result


def keys_when_idle(program, mailbox, count):
    """(latencies, octets of each move)"""
    with Recording([], mailbox.environment(), COLUMNS, ROWS, program=program) as terminal:
        subject = first_subjects(mailbox.environment(), 1)[0]
        terminal.wait_for(subject, timeout=60)
        terminal.settle(1.0)
        keys = Keys(terminal)
        keys.press(count)
        return keys.latencies(), keys.sizes


def keys_while_syncing(program, messages, count):
    """Latencies while `messages` are fetched and indexed, and the share of the keys that fell into that time."""
    with Dovecot() as server, Workspace() as workspace:
        server.seed("INBOX", [(octets, "\\Seen") for octets in Corpus(messages, newest=int(time.time()) - 600).octets()])
        workspace.account(server)
        with Recording([], workspace.environment(), COLUMNS, ROWS, program=program) as terminal:
            terminal.wait_until(lambda: sum(MARK in line for line in terminal.lines()) == 1 and len(terminal.text.split()) > 150, 60, "the first mail")
            keys = Keys(terminal)
            keys.press(count)
            indexed = workspace.count()
            if indexed == messages:
                raise RuntimeError("the sync ended before the keys were pressed: more messages, or fewer keys")
            return keys.latencies()
