"""Figures (e) to (h): a sync in which nothing changed, changes to the server, a slow line, and the memory of a large first sync."""

import contextlib
import os
import pathlib
import subprocess
import tempfile
import time

from servers.corpus import Corpus
from servers.dovecot import Dovecot
from slow_line import SlowLine
from support.workspace import Workspace

MBSYNC = """
IMAPAccount far
Host localhost
Port {port}
User ana@example.test
Pass secret
SSLType IMAPS
CertificateFile {ca_file}

IMAPStore far
Account far

MaildirStore near
Path {mail}/
Inbox {mail}/INBOX
SubFolders Verbatim

Channel all
Far :far:
Near :near:
Patterns *
Create Both
Expunge Both
Sync All
SyncState *
"""
USER = "ana@example.test"


class Run:
    """How long a command took, by the clock on the wall and by the processor."""

    def __init__(self, wall_s, cpu_s, peak_mib):
        self.wall_s, self.cpu_s, self.peak_mib = wall_s, cpu_s, peak_mib


def run(command, environment):
    """A command that must succeed."""
    begun = time.monotonic()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(list(map(str, command)), env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.monotonic() - begun
        if process.returncode != 0:
            output.seek(0)
            raise RuntimeError(f"{command[0]}: status {process.returncode}: {output.read()[-1500:]!r}")
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


class Mbsync:
    """A mailbox of mbsync's on the same server."""

    def __init__(self, server, kept):
        folder = kept.enter_context(tempfile.TemporaryDirectory(prefix="vjb", dir="/tmp"))
        self.mail = pathlib.Path(folder, "mail")
        self.mail.mkdir()
        self.config = pathlib.Path(folder, "mbsyncrc")
        self.config.write_text(MBSYNC.format(port=server.imaps_port, ca_file=server.ca_file, mail=self.mail))
        self._environment = {"PATH": "/usr/bin:/bin", "HOME": folder, "LC_ALL": "C.UTF-8"}

    def sync(self):
        return run(["mbsync", "-q", "-c", self.config, "all"], self._environment)

    def folder(self, name):
        return self.mail / name


class Ours:
    """The same of valija's, without an index: mbsync has none."""

    def __init__(self, program, server, kept, more=""):
        self.program = program
        self.workspace = kept.enter_context(Workspace())
        self.workspace.account(server, more=more)

    def sync(self):
        return run([self.program, "sync", "--no-index"], self.workspace.environment())

    def folder(self, name):
        return self.workspace.mail / "work" / name


def flag(folder, count):
    """Marks `count` messages as flagged, as another Maildir program would."""
    for path in sorted((folder / "cur").iterdir())[:count]:
        base, _, letters = path.name.partition(":2,")
        path.rename(path.with_name(f"{base}:2,{''.join(sorted(set(letters) | {'F'}))}"))


def move(source, target, count, strip):
    """Moves `count` messages; mbsync wants its UID part of the name gone."""
    for path in sorted((source / "cur").iterdir())[:count]:
        name = path.name
        if strip and ",U=" in name:
            base, _, rest = name.partition(",U=")
            name = base + ":" + rest.partition(":")[2]
        path.rename(target / "cur" / name)


def folders(count):
    return ["INBOX", *(f"Folder {number:02}" for number in range(1, count))]


def seeded(messages, count, kept):
    """A server with this many messages in this many folders."""
    server = kept.enter_context(Dovecot())
    all_octets = Corpus(messages, newest=int(time.time()) - 600, size=1200).octets()
    share = messages // count
    for number, name in enumerate(folders(count)):
        if name != "INBOX":
            with server.client() as client:
                client.create(name)
        server.seed(name, [(octets, "\\Seen") for octets in all_octets[number * share:(number + 1) * share]])
    return server


def nothing_changed(program, messages, runs, say):
    """(ours, theirs): lists of runs in which nothing changed, over 20 folders."""
    with contextlib.ExitStack() as kept:
        server = seeded(messages, 20, kept)
        ours, theirs = Ours(program, server, kept), Mbsync(server, kept)
        say(f"{messages} messages: first sync valija {ours.sync().wall_s:.1f} s, mbsync {theirs.sync().wall_s:.1f} s")
        for side in (ours, theirs):  # what the first one left to settle
            side.sync()
            side.sync()
        rows = [(ours.sync(), theirs.sync()) for _ in range(runs)]
        for mine, other in rows:
            say(f"nothing changed in {messages}: valija {mine.wall_s * 1000:.0f} ms ({mine.cpu_s * 1000:.0f} ms of processor), mbsync {other.wall_s * 1000:.0f} ms")
        return [mine for mine, _ in rows], [other for _, other in rows]


def changes(program, runs, say, count=1000, messages=5000):
    """{"flags": [(ours, theirs)], "moves": ...} in seconds, and the octets of bodies that valija sent for it."""
    rows = {"flags": [], "moves": []}
    bodies = 0
    for number in range(runs):
        with contextlib.ExitStack() as kept:
            times = {}
            for who in ("valija", "mbsync"):  # each on a server of its own, with the same mail
                server = seeded(messages, 2, kept)
                side = Ours(program, server, kept) if who == "valija" else Mbsync(server, kept)
                for _ in range(3):
                    side.sync()
                before = server.bodies_fetched() if who == "valija" else 0
                flag(side.folder("INBOX"), count)
                times["flags", who] = side.sync().wall_s
                move(side.folder("INBOX"), side.folder("Folder 01"), count, who == "mbsync")
                times["moves", who] = side.sync().wall_s
                check(server, count, messages)
                if who == "valija":
                    bodies += server.bodies_fetched() - before
            for what in rows:
                rows[what].append((times[what, "valija"], times[what, "mbsync"]))
                say(f"{count} {what}, run {number + 1}: valija {times[what, 'valija']:.2f} s, mbsync {times[what, 'mbsync']:.2f} s")
    return rows, bodies


def check(server, count, messages):
    """The server has what was done."""
    with server.client() as client:
        def exists(folder):
            rows = client.command(f'STATUS "{folder}" (MESSAGES)')
            return int(rows[0][0].split(b"MESSAGES ")[1].split(b")")[0])
        here, there = exists("INBOX"), exists("Folder 01")
    if (here, there) != (messages // 2 - count, messages // 2 + count):
        raise RuntimeError(f"the server has {here} and {there} messages after {count} moves")


def slow_line(program, messages, say, round_trip_s=0.05, bits_per_second=10_000_000):
    """(share of the line that a first sync used, octets without, octets with compression)"""
    octets, shares = [], []
    for compress in ("never", "always"):
        with contextlib.ExitStack() as kept:
            server = kept.enter_context(Dovecot())
            server.seed("INBOX", [(one, "\\Seen") for one in Corpus(messages, newest=int(time.time()) - 600).octets()])
            workspace = kept.enter_context(Workspace())
            with SlowLine(server.imaps_port, round_trip_s, bits_per_second) as line:
                workspace.account(server, port=line.port, more=f'compress = "{compress}"')
                seconds = run([program, "sync", "--no-index"], workspace.environment()).wall_s
            octets.append(line.octets_from_server)
            shares.append(line.octets_from_server * 8 / bits_per_second / seconds)
            say(f"line of {round_trip_s * 1000:.0f} ms and {bits_per_second / 1e6:.0f} Mbit/s, compression {compress}: {line.octets_from_server / 1e6:.1f} MB in "
                f"{seconds:.1f} s, {shares[-1]:.2f} of the line")
    return shares[0], octets[0], octets[1]


def memory(program, messages, largest, say):
    """Peak MiB of a first sync with one message of `largest` octets among the others."""
    with contextlib.ExitStack() as kept:
        server = seeded(messages, 2, kept)
        line = b"x" * 76 + b"\r\n"
        head = b"From: Big <big@example.org>\r\nTo: ana@example.test\r\nSubject: large\r\nDate: Mon, 2 Nov 2026 10:00:00 +0000\r\nMessage-ID: <big@example.org>\r\n\r\n"
        server.seed("INBOX", [(head + line * (largest // len(line)), "")])
        peak = Ours(program, server, kept).sync().peak_mib
        say(f"first sync of {messages} messages, one of {largest / 1e6:.0f} MB: at most {peak:.1f} MiB")
        return peak
