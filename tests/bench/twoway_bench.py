"""Figures (e) to (h): a sync in which nothing changed, changes to the server, a slow line, and the memory of a large first sync."""

import contextlib
import os
import pathlib
import re
import subprocess
import tempfile
import threading
import time

import mbsync
from servers.corpus import Corpus
from servers.dovecot import Dovecot
from slow_line import SlowLine
from support.workspace import Workspace

# With vfork the peak memory of a command would be at least that of this script, which makes mail of 500 MB.
subprocess._USE_VFORK = False


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
        self.config.write_text(mbsync.settings(server, self.mail, "Patterns *\nCreate Both\nExpunge Both\nSync All"))
        self._environment = {"PATH": "/usr/bin:/bin", "HOME": folder, "LC_ALL": "C.UTF-8"}

    def sync(self):
        return run(["mbsync", "-q", "-c", self.config, "all"], self._environment)

    def folder(self, name):
        return self.mail / name


class Ours:
    """The same of valija's; without an index, for mbsync has none."""

    def __init__(self, program, server, kept, more="", index=False):
        self._command = [program, "sync", *([] if index else ["--no-index"])]
        self.workspace = kept.enter_context(Workspace())
        self.workspace.account(server, more=more)

    def sync(self, *options):
        return run([*self._command, *options], self.workspace.environment())

    def folder(self, name):
        return self.workspace.mail / "work" / name


def flag(folder, count, start=0):
    """Marks `count` messages as flagged, as another Maildir program would."""
    for path in sorted((folder / "cur").iterdir())[start:start + count]:
        base, _, letters = path.name.partition(":2,")
        path.rename(path.with_name(f"{base}:2,{''.join(sorted(set(letters) | {'F'}))}"))


def move(source, target, count):
    """Moves `count` messages, without the UID that mbsync writes into its names."""
    for path in sorted((source / "cur").iterdir())[:count]:
        path.rename(target / "cur" / re.sub(r",U=\d+", "", path.name))


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


class Mailbox:
    """with Mailbox(program, messages, say) as mailbox: the same mail in 20 folders of one server, synced by valija and by mbsync."""

    def __init__(self, program, messages, say):
        self.messages, self.say, self.program = messages, say, program
        self.kept = contextlib.ExitStack()

    def __enter__(self):
        self.server = seeded(self.messages, 20, self.kept)
        self.ours, self.theirs = Ours(self.program, self.server, self.kept), Mbsync(self.server, self.kept)
        self.say(f"{self.messages} messages: first sync valija {self.ours.sync().wall_s:.1f} s, mbsync {self.theirs.sync().wall_s:.1f} s")
        self.settle()
        return self

    def __exit__(self, *_):
        self.kept.close()

    def settle(self):
        """Until neither side has anything left to do. (mbsync moves by deleting and sending again, which is a deletion of many to us.)"""
        for _ in range(2):
            self.ours.sync("--confirm-deletes")
            self.theirs.sync()

    def nothing_changed(self, runs):
        """[(run of ours, run of theirs)]"""
        rows = [(self.ours.sync(), self.theirs.sync()) for _ in range(runs)]
        for ours, theirs in rows:
            self.say(f"nothing changed in {self.messages}: valija {ours.wall_s * 1000:.0f} ms ({ours.cpu_s * 1000:.0f} ms of processor), "
                     f"mbsync {theirs.wall_s * 1000:.0f} ms")
        return rows

    def changes(self, runs, count=1000):
        """({"flags": [(ours, theirs)], "moves": ...} in seconds, how many message bodies valija fetched and how many octets it sent for that)"""
        rows, fetched, sent = {"flags": [], "moves": []}, 0, 0
        for number in range(runs):
            fetched_before, sent_before = self.server.bodies_fetched(), self.server.octets_received()
            ours = self._change(self.ours, number, count)
            fetched += self.server.bodies_fetched() - fetched_before
            sent += self.server.octets_received() - sent_before
            self.settle()
            theirs = self._change(self.theirs, number, count)
            self.settle()
            for what, seconds, others in zip(rows, ours, theirs):
                rows[what].append((seconds, others))
                self.say(f"{count} {what}, run {number + 1}: valija {seconds:.2f} s, mbsync {others:.2f} s")
        return rows, fetched, sent

    def _change(self, side, number, count):
        """Seconds for `count` flags, and for as many moves, of a folder that no run before has used."""
        source, target = (side.folder(f"Folder {2 * number + (1 if side is self.ours else 2):02}"), side.folder("Folder 19"))
        before = self._exists(target.name)
        flag(source, count)
        flags = side.sync().wall_s
        move(source, target, count)
        moves = side.sync().wall_s
        if self._exists(target.name) != before + count:
            raise RuntimeError(f"the server has {self._exists(target.name)} messages after {count} moves to {before}")
        return flags, moves

    def _exists(self, folder):
        with self.server.client() as client:
            rows = client.command(f'STATUS "{folder}" (MESSAGES)')
        return int(rows[0][0].split(b"MESSAGES ")[1].split(b")")[0])


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


class Peaks:
    """with Peaks() as peaks: ... peaks.mib: {name: MiB} of the most memory that a process of this script's had, looked at five times a second."""

    def __enter__(self):
        self.mib = {}
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._ended.set()
        self._thread.join()

    def _watch(self):
        while not self._ended.wait(0.2):
            self._look(os.getpid())

    def _look(self, parent):
        for task in pathlib.Path(f"/proc/{parent}/task").glob("*/children"):
            with contextlib.suppress(OSError):  # it has just ended
                for child in task.read_text().split():
                    self._take(child)
                    self._look(child)

    def _take(self, process):
        with contextlib.suppress(OSError):
            status = dict(line.split(":", 1) for line in pathlib.Path(f"/proc/{process}/status").read_text().splitlines())
            name, peak = status["Name"].strip(), status.get("VmHWM")  # an ended process has no memory
            if peak and name.startswith("valija"):
                self.mib[name] = max(self.mib.get(name, 0), int(peak.split()[0]) / 1024)


def memory(program, messages, largest, say, index=False):
    """Peak MiB of the largest process of a first sync with one message of `largest` octets among the others, nearly all of it an attachment."""
    with contextlib.ExitStack() as kept:
        server = seeded(messages, 2, kept)
        line = b"x" * 76 + b"\r\n"
        head = (b"From: Big <big@example.org>\r\nTo: ana@example.test\r\nSubject: large\r\nDate: Mon, 2 Nov 2026 10:00:00 +0000\r\n"
                b"Message-ID: <big@example.org>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=edge\r\n\r\n"
                b"--edge\r\nContent-Type: text/plain\r\n\r\nThe film.\r\n--edge\r\nContent-Type: video/mp4\r\n"
                b"Content-Disposition: attachment; filename=film.mp4\r\nContent-Transfer-Encoding: base64\r\n\r\n")
        server.seed("INBOX", [(head + line * (largest // len(line)) + b"--edge--\r\n", "")])
        with Peaks() as peaks:
            done = Ours(program, server, kept, index=index).sync()
        processes = ", ".join(f"{name} {mib:.1f} MiB" for name, mib in peaks.mib.items())
        say(f"first sync of {messages} messages, one of {largest / 1e6:.0f} MB, in {done.wall_s:.0f} s: at most {processes}")
        return max(done.peak_mib, *peaks.mib.values())
