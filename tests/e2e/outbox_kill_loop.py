"""Mails through `valija send` while it is killed, the line is cut at every stage and the server says 4xx and 5xx: each arrives once, or is shown as held. None is lost, none doubled.

By hand: VALIJA=build/dev/src/main/valija PYTHONPATH=tests python3 tests/e2e/outbox_kill_loop.py [ROUNDS]; VALIJA_SEED repeats the choices of a run (but not its timing).
"""

import collections
import email
import json
import os
import random
import signal
import subprocess
import time

from servers.smtp import CUT, SmtpServer
from support.soak import soak
from support.workspace import PATIENCE, Workspace

STAGES = ("greeting", "ehlo", "auth", "mail", "rcpt", "data", "body", "dot", "accepted")
ANSWERS = (CUT, "451 4.3.0 later", "421 4.3.2 going down", "550 5.7.1 no")
MOST_SECONDS = 60
ENDING = b"text\r\nthe end\r\n"


class Lost(Exception):
    """What must not happen, in words."""


class OutboxLoop:
    """with OutboxLoop(seed) as loop: loop.run(rounds). What happened is in `figures`."""

    def __init__(self, seed):
        self.seed, self.luck = seed, random.Random(seed)
        self.figures = collections.Counter()
        self.round = 0
        self.open = {}           # mails that are not known to have left: identity -> whether `valija send` said that it has it
        self.arrived = collections.Counter()
        self.judged = 0          # transactions of the server
        self.given_up = set()    # cancelled by the person
        self.resent = set()      # sent again by the person
        self.seconds = 0.05      # of a run, what the moments of death are chosen below

    def __enter__(self):
        self.workspace, self.server = Workspace().__enter__(), SmtpServer().__enter__()
        self.workspace.settings(f'[account.work]\naddress = "ana@example.test"\npassword = "secret"\ntls-ca-file = "{self.server.ca_file}"\n'
                                f'send = "smtps://ana%40example.test@localhost:{self.server.port}"\n')
        return self

    def __exit__(self, *_):
        self.server.__exit__(None, None, None)
        self.workspace.__exit__()

    def run(self, rounds, every=0):
        begun = time.monotonic()
        for self.round in range(1, rounds + 1):
            try:
                self.play(self.round)
            except Lost as error:
                raise Lost(f"seed {self.seed}, round {self.round}: {error}") from None
            if every and self.round % every == 0:
                print(self.summary(), flush=True)
        self.figures["seconds"] = round(time.monotonic() - begun)

    def summary(self):
        return f"seed {self.seed}: {self.round} rounds, " + ", ".join(f"{count} {what}" for what, count in sorted(self.figures.items()))

    def play(self, number):
        self.trouble()
        for count in range(self.luck.randrange(1, 4)):
            self.send(f"m{number}-{count}")
        if self.luck.random() < 0.5:
            self.disturbed("outbox", "flush")
        self.server.faults.clear()
        self.settle()
        self.judge()

    def trouble(self):
        """What the server does in this round, once or a few times."""
        self.server.faults.clear()
        if self.luck.random() < 0.6:
            stage, answer = self.luck.choice(STAGES), self.luck.choice(ANSWERS)
            if stage in ("body", "accepted") and answer != CUT:
                answer = CUT  # in the middle of a message nothing can be said, and what was taken was taken
            self.server.faults[stage] = [answer] * self.luck.randrange(1, 4)
            self.figures[f"faults at {stage}"] += 1

    def send(self, identity):
        header = f"From: ana@example.test\nTo: ben@example.test\nSubject: {identity}\nMessage-ID: <{identity}@example.test>\n\n"
        status = self.disturbed("send", "-i", "ben@example.test", given=header.encode() + b"text\n" * 10 + b"the end\n")
        # Refused (69) is kept, too; killed, it may be kept.
        self.open[identity] = status in (0, 69)
        self.figures["mails"] += 1

    def disturbed(self, *arguments, given=b""):
        """Runs it; it may be killed at any moment. Returns the exit status."""
        dies = self.luck.random() < 0.6
        deadline = time.monotonic() + self.luck.uniform(0, 1.2 * self.seconds)
        begun = time.monotonic()
        process = self.workspace.start(*arguments, stdin=subprocess.PIPE)
        try:
            if given:
                process.stdin.write(given)
            process.stdin.close()
        except BrokenPipeError:
            pass
        if dies:
            while process.poll() is None and time.monotonic() < deadline:
                time.sleep(0.001)
            self.figures["too late to kill" if process.poll() is not None else "kills"] += 1
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=MOST_SECONDS * PATIENCE)
        process.stdout.close()
        process.stderr.close()
        if process.returncode >= 0:
            self.seconds = 0.8 * self.seconds + 0.2 * (time.monotonic() - begun)
        return process.returncode

    def entries(self):
        outcome = self.workspace.run("outbox", "--json")
        if outcome.status != 0:
            raise Lost(f"the outbox cannot be read: {outcome}")
        return [json.loads(line) for line in outcome.lines()]

    def settle(self):
        """Nobody disturbs any more: what waits leaves. Then a person sees to what is held, now and then."""
        self.workspace.run("outbox", "flush", "--json")
        for entry in self.entries():
            identity = entry["subject"]
            if entry["state"] not in ("refused", "maybe-sent"):
                raise Lost(f"{identity} is left {entry['state']} where nothing hinders it: {entry}")
            self.figures[f"{entry['state']} seen"] += 1
            what = self.luck.choice(("leave", "leave", "cancel", "send"))
            if what == "cancel":
                self.given_up.add(identity)
                self.workspace.run("outbox", "cancel", entry["id"])
            elif what == "send":
                if entry["state"] == "maybe-sent":
                    self.resent.add(identity)
                self.workspace.run("outbox", "send", entry["id"])

    def judge(self):
        self.server.wait_for_sessions()
        new = [transaction for transaction in self.server.transactions[self.judged:] if transaction.is_accepted]
        self.judged = len(self.server.transactions)
        for transaction in new:
            identity = email.message_from_bytes(transaction.octets)["Subject"]
            self.arrived[identity] += 1
            if self.arrived[identity] > 1 + (identity in self.resent):
                raise Lost(f"{identity} arrived {self.arrived[identity]} times")
            if not transaction.octets.endswith(ENDING):
                raise Lost(f"{identity} was cut: {transaction.octets!r}")
        held = {entry["subject"] for entry in self.entries()}
        for identity, is_promised in self.open.items():
            if is_promised and not self.arrived[identity] and identity not in held and identity not in self.given_up:
                raise Lost(f"{identity} is lost")
        self.open = {identity: is_promised for identity, is_promised in self.open.items() if identity in held}
        files = len(list((self.workspace.state / "outbox").iterdir()))
        if files < len(held):
            raise Lost(f"{len(held)} mails have {files} files")
        # A process that was killed before its row was written leaves a file, until that is old.
        self.figures["files without a mail"] = files - len(held)
        self.figures["arrived"] = sum(self.arrived.values())


if __name__ == "__main__":
    soak(OutboxLoop, Lost, rounds=1000, every=100)
