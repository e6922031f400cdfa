"""Mails are written on a pseudo-terminal while the program is killed: what was typed is offered again, or was stored, or was sent. Nothing is lost, nothing doubled.

By hand: VALIJA=build/dev/src/main/valija PYTHONPATH=tests python3 tests/e2e/composer_kill_loop.py [ROUNDS]; VALIJA_SEED repeats the choices of a run (but not its timing).
"""

import collections
import json
import os
import random
import signal
import time

from servers.smtp import SmtpServer
from support.soak import soak
from support.terminal import Terminal
from support.workspace import Workspace

# Adds each line that is typed to the file, as an editor that writes at once.
EDITOR = '#!/bin/sh\necho "editor ready"\nwhile IFS= read -r line; do printf "%s\\n" "$line" >> "$1"; echo "added $line"; done\n'
ENDS = ("typing", "leaving", "storing", "sending")
SAVED_AFTER = 5  # seconds, at most, from a key to the disk


class Lost(Exception):
    """What must not happen, in words."""


class ComposerLoop:
    """with ComposerLoop(seed) as loop: loop.run(rounds). What happened is in `figures`."""

    def __init__(self, seed):
        self.seed, self.luck = seed, random.Random(seed)
        self.figures = collections.Counter()
        self.round = 0

    def __enter__(self):
        self.workspace, self.server = Workspace().__enter__(), SmtpServer().__enter__()
        # The mail is in place, as after a sync.
        for part in ("INBOX/cur", "INBOX/new", "INBOX/tmp", ".valija/tree"):
            (self.workspace.mail / "work" / part).mkdir(parents=True)
        self.editor = self.workspace.home / "editor"
        self.editor.write_text(EDITOR)
        self.editor.chmod(0o700)
        return self

    def __exit__(self, *_):
        self.server.__exit__(None, None, None)
        self.workspace.__exit__()

    def run(self, rounds, every=0):
        begun = time.monotonic()
        for self.round in range(1, rounds + 1):
            try:
                self.play(self.round)
            except (Lost, AssertionError) as error:
                raise Lost(f"seed {self.seed}, round {self.round}: {error}") from None
            if every and self.round % every == 0:
                print(self.summary(), flush=True)
        self.figures["seconds"] = round(time.monotonic() - begun)

    def summary(self):
        return f"seed {self.seed}: {self.round} rounds, " + ", ".join(f"{count} {what}" for what, count in sorted(self.figures.items()))

    def settings(self, is_pane):
        editor = f"'{self.editor}'" if is_pane else "built-in"
        self.workspace.settings(f'[account.work]\naddress = "ana@example.test"\npassword = "secret"\ntls-ca-file = "{self.server.ca_file}"\n'
                                f'send = "smtps://ana%40example.test@localhost:{self.server.port}"\n[compose]\nhold = 0\neditor = "{editor}"\n')

    def play(self, number):
        identity, words = f"mail-{number}", f"words of {number}"
        is_pane = self.luck.random() < 0.3
        end = "pane" if is_pane else self.luck.choice(ENDS)
        self.settings(is_pane)
        with self.open() as terminal:
            self.write(terminal, identity, words, is_pane)
            self.finish(terminal, end, words)
            time.sleep(self.luck.uniform(0, 0.15))
            os.killpg(terminal.process.pid, signal.SIGKILL)
            terminal.process.wait()
        self.figures[f"killed {end}"] += 1
        # Twice, for what the first start does must hold, too.
        for _ in range(2):
            self.judge(identity, words)
        self.clear()

    def open(self):
        return Terminal([], self.workspace.environment(), 100, 36, folder=self.workspace.home)

    def write(self, terminal, identity, words, is_pane):
        terminal.wait_for("Inbox")
        terminal.press("c")
        terminal.wait_for("Subject")
        terminal.press(f"ben@example.test\r{identity}\r")
        terminal.wait_for("editor ready" if is_pane else identity)
        terminal.press(words + ("\r" if is_pane else ""))
        terminal.wait_for(f"added {words}" if is_pane else words)

    def finish(self, terminal, end, words):
        """Up to the moment of the kill. What is on the disk must stay."""
        if end == "pane":
            return
        if end == "typing":
            terminal.wait_until(lambda: self.is_on_disk(words), SAVED_AFTER, "the draft on the disk")
            return
        terminal.press("\x1b")
        terminal.wait_for("y send")
        terminal.wait_until(lambda: self.is_on_disk(words), SAVED_AFTER, "the draft on the disk")
        if end != "leaving":
            terminal.press("P" if end == "storing" else "y")

    def is_on_disk(self, words):
        return any(words.encode() in path.read_bytes() for path in (self.workspace.state / "drafts").glob("*.draft"))

    def judge(self, identity, words):
        with self.open() as terminal:
            terminal.wait_for("Inbox")
            terminal.press(":drafts\r")
            terminal.wait_for("Drafts")
            terminal.wait_until(lambda: identity in terminal.text or "No draft" in terminal.text or self.places(identity), 10, "the drafts or another place")
            terminal.settle(0.1)
            offered = sum(identity in line for line in terminal.lines())
            if offered:
                terminal.press("\r")
                terminal.wait_for(words)
            terminal.kill(signal.SIGTERM)
            terminal.wait_for_exit()
        self.workspace.run("outbox", "flush")
        places = self.places(identity)
        self.figures["offered again"] += offered
        self.figures.update(places)
        if offered + len(places) != 1:
            raise Lost(f"{identity} is offered {offered} times, and is in {places}; drafts: {list((self.workspace.state / 'drafts').glob('*'))}\n{terminal.text}")

    def places(self, identity):
        """Where else it is, once for each time."""
        line = f"Subject: {identity}".encode()
        stored = [octets for octets in self.workspace.stored(folder="Drafts").values() if line in octets.splitlines()]
        sent = [one for one in self.server.transactions if one.is_accepted and line in one.octets.splitlines()]
        # Killed while it was handed over it may be sent, and waits for a person: in the outbox it is shown.
        held = [] if sent else [entry for entry in self.held() if entry["subject"] == identity]
        return ["stored"] * len(stored) + ["sent"] * len(sent) + ["held"] * len(held)

    def held(self):
        entries = map(json.loads, self.workspace.run("outbox", "list", "--json").text.splitlines())
        return [entry for entry in entries if entry["state"] == "maybe-sent"]

    def clear(self):
        for entry in self.held():
            self.workspace.run("outbox", "cancel", str(entry["id"]))
        for path in [*(self.workspace.state / "drafts").glob("*.*"), *self.workspace.stored(folder="Drafts")]:
            if path.is_file():
                path.unlink()


if __name__ == "__main__":
    soak(ComposerLoop, Lost, rounds=500, every=50)
