"""Random changes on both sides, `valija sync` killed at a random moment, two syncs: both sides, the index and the state agree, nothing is lost or doubled.

By hand: VALIJA=build/dev/src/main/valija PYTHONPATH=tests python3 tests/e2e/kill_loop.py [ROUNDS]; VALIJA_SEED repeats the changes of a run (but not its
timing), VALIJA_SOAK_BUSY=0.3 makes changes during three of ten syncs as well.
"""

import collections
import contextlib
import os
import pathlib
import random
import re
import shutil
import signal
import sys
import tempfile
import time

from servers.dovecot import Dovecot
from servers.proxy import Proxy
from support.both_sides import message
from support.changes import FEWEST, Changes
from support.soak import soak
from support.workspace import PATIENCE, Workspace
from support.world import Finding, World

SUMS = ("downloaded", "uploaded", "flags_to_server", "flags_to_local", "moved", "deleted_local", "deleted_server")


def children_of(pid):
    found = []
    for path in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            if int(path.read_text().rpartition(")")[2].split()[1]) == pid:
                found.append(int(path.parent.name))
        except OSError:
            pass
    return found


class KillLoop:
    """with KillLoop(seed) as loop: loop.run(rounds). What it did is in `figures`."""

    KILLS = {"group": 5, "main": 2, "index": 2, "cut": 3, "term": 1, "none": 1}

    def __init__(self, seed, busy=0.0):
        """busy: how many of the syncs see changes while they run, from 0 to 1."""
        self.seed, self.busy = seed, busy
        self.luck = random.Random(seed)
        self.figures = collections.Counter()
        self.kills = collections.Counter()
        self.seconds, self.octets = 0.3, 20_000  # of a sync: what the moments are chosen below
        self.round = 0

    def __enter__(self):
        self.workspace, self.server = Workspace(), Dovecot()
        self.server.__enter__()
        self.proxy = Proxy(self.server.imaps_port).__enter__()
        self.client = self.server.client()
        self.workspace.account(self.server, port=self.proxy.port)
        self.changes = Changes(self.luck, self.workspace, self.client)
        return self

    def __exit__(self, kind, *_):
        if kind is not None and kind is not KeyboardInterrupt:
            kept = tempfile.mkdtemp(prefix=f"valija-kill-{self.seed}-{self.round}-", dir="/tmp")
            shutil.copytree(self.workspace.folder, f"{kept}/workspace", symlinks=True, ignore_dangling_symlinks=True)
            shutil.copytree(self.server.folder / "home", f"{kept}/server")
            print(f"The state is kept in {kept}.", file=sys.stderr)
        self.client.__exit__()
        self.proxy.__exit__()
        self.server.__exit__()
        self.workspace.__exit__()

    def run(self, rounds, every=0):
        """every: how many rounds are between two lines of progress; 0: none."""
        begun = time.monotonic()
        self.server.seed("INBOX", [message(self.changes._identity()) for _ in range(FEWEST)])
        self.sync()
        self.world = World(self.workspace, self.client)
        for self.round in range(1, rounds + 1):
            try:
                self.play()
            except Exception as error:
                names = set(re.findall(r"\bm\d+\b", str(error).partition("before: ")[0]))
                told = "\n  ".join(line for line in self.changes.told if not names or names & set(re.findall(r"\w+", line)) or not re.search(r"\bm\d", line))
                raise Finding(f"seed {self.seed}, round {self.round}: {error}\n  {told}") from error
            finally:
                self.figures["seconds"] = round(time.monotonic() - begun)
            if every and self.round % every == 0:
                print(self.summary(), flush=True)

    def summary(self):
        kills = ", ".join(f"{count} {kind}" for kind, count in sorted(self.kills.items()))
        figures = ", ".join(f"{self.figures[name]} {name}" for name in ("losses", "doubles", "forgotten", "second syncs with work", "third syncs", "seconds"))
        return (f"seed {self.seed}: {self.round} rounds, kills: {kills}; {self.changes.made} messages, {sum(self.changes.done.values())} operations, "
                f"{figures}")

    def play(self):
        self.changes.begin(self.world.copies())
        self.changes.make(self.luck.randrange(4, 14))
        self.kill()
        if self.luck.random() < 0.3:
            self.changes.look()
            self.changes.make(self.luck.randrange(1, 5))
        self.sync()
        self.figures["second syncs with work"] += any(self.sync().values())
        last = self.world
        self.world = World(self.workspace, self.client)
        findings = list(self.world.disagreements())
        did = {} if findings else self.sync()
        if any(did.values()):
            self.figures["third syncs"] += 1
            findings.append(f"a third sync did {did}")
        if not findings:
            for kind, text in self.changes.promised.broken(self.world.copies(), self.world.folders):
                self.figures[kind] += 1
                findings.append(text)
        findings += [f"{path} was left over" for path in self.workspace.leftovers()]
        if findings:
            before = {identity: last.copies()[identity] for identity in last.copies() if any(f"{identity}" in finding for finding in findings)}
            raise Finding("\n".join([*findings, f"before: {before}"]))

    def sync(self):
        begun, octets = time.monotonic(), self.proxy.octets_from_server
        outcome = self.workspace.run("sync", "--json")
        if outcome.status != 0:
            raise Finding(f"a sync that nobody disturbed: {outcome}")
        self.seconds = 0.8 * self.seconds + 0.2 * (time.monotonic() - begun)
        self.octets = int(0.8 * self.octets + 0.2 * (self.proxy.octets_from_server - octets))
        return {name: outcome.events()[-1].get(name) for name in SUMS}

    def kill(self):
        how, = self.luck.choices(list(self.KILLS), list(self.KILLS.values()))
        self.proxy.cut_after = self.luck.randrange(1, self.octets) if how == "cut" else None
        deadline = time.monotonic() + self.luck.uniform(0, 1.2 * self.seconds)
        process = self.workspace.start("sync", "--json")
        busy = self.luck.random() < self.busy
        try:
            while (left := deadline - time.monotonic()) > 0 and process.poll() is None:
                if busy:
                    self.changes.is_syncing = True
                    self.changes.make(1)
                else:
                    time.sleep(min(left, 0.01))
            victims = {"main": lambda: [process.pid], "term": lambda: [process.pid], "index": lambda: children_of(process.pid)}.get(how, list)()
            if process.poll() is not None and how in ("group", "main", "term", "index"):
                how = "too late"
            elif how == "index" and not victims:
                how = "too early"
            elif how == "group":
                os.killpg(process.pid, signal.SIGKILL)
            for pid in victims:
                with contextlib.suppress(ProcessLookupError):  # it ended by itself
                    os.kill(pid, signal.SIGTERM if how == "term" else signal.SIGKILL)
            self.kills[how] += 1
            process.communicate(timeout=60 * PATIENCE)
        finally:
            self.proxy.cut_after = None
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.communicate()
        self.changes.is_syncing = False
        self.changes.told.append(f"-- kill: {how}, status {process.returncode}")


if __name__ == "__main__":
    busy = float(os.environ.get("VALIJA_SOAK_BUSY") or 0)
    soak(lambda seed: KillLoop(seed, busy), Finding, rounds=1000, every=50)
