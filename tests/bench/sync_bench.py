"""Figures (a) and (b): the first sync of a mailbox, against mbsync, and with indexing, against `notmuch new` alone."""

import contextlib
import pathlib
import subprocess
import tempfile
import time

import mbsync
from servers.corpus import Corpus
from servers.dovecot import Dovecot
from support.workspace import Workspace


def timed(command, environment):
    """Wall seconds of a command that must succeed."""
    begun = time.monotonic()
    done = subprocess.run(list(map(str, command)), env=environment, capture_output=True)
    seconds = time.monotonic() - begun
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]}: status {done.returncode}: {done.stdout[-500:]!r} {done.stderr[-1500:]!r}")
    return seconds


def count_files(folder):
    return sum(1 for _ in pathlib.Path(folder).rglob("cur/*"))


class SyncBench:
    """with SyncBench(program, messages) as bench: bench.download(runs), bench.with_index(runs)

    What the runs wrote is deleted at the end only: ext4 does not give out the inodes of a deleted file for some minutes, and
    looks for others one by one, so that every run behind a deletion would measure that search."""

    def __init__(self, program, messages, say):
        self.program, self.messages, self.say = program, messages, say
        self.server = Dovecot()
        self.kept = contextlib.ExitStack()

    def __enter__(self):
        self.server.__enter__()
        self.server.seed("INBOX", [(octets, "\\Seen") for octets in Corpus(self.messages, newest=int(time.time()) - 600).octets()])
        return self

    def __exit__(self, *_):
        self.server.__exit__()
        self.kept.close()

    def _mbsync(self):
        folder = self.kept.enter_context(tempfile.TemporaryDirectory(prefix="vjb", dir="/tmp"))
        mail = pathlib.Path(folder, "mail")
        mail.mkdir()
        config = pathlib.Path(folder, "mbsyncrc")
        config.write_text(mbsync.settings(self.server, mail, "Patterns INBOX\nCreate Near\nSync Pull"))
        seconds = timed(["mbsync", "-q", "-c", config, "all"], {"PATH": "/usr/bin:/bin", "HOME": folder, "LC_ALL": "C.UTF-8"})
        self._check(count_files(mail), "mbsync")
        return seconds

    def _valija(self, workspace, *options):
        workspace.account(self.server)
        seconds = timed([self.program, "sync", *options], workspace.environment())
        self._check(count_files(workspace.mail), "valija")
        return seconds

    def _check(self, stored, who):
        if stored != self.messages:
            raise RuntimeError(f"{who} stored {stored} of {self.messages} messages")

    def download(self, runs):
        """[(seconds of valija sync --no-index, seconds of mbsync)], in turn."""
        rows = []
        for number in range(runs):
            ours = self._valija(self.kept.enter_context(Workspace()), "--no-index")
            theirs = self._mbsync()
            self.say(f"first sync, run {number + 1}: valija {ours:.2f} s, mbsync {theirs:.2f} s")
            rows.append((ours, theirs))
        return rows

    def with_index(self, runs):
        """[(seconds of valija sync, seconds of notmuch new on the same files)], in turn."""
        rows = []
        for number in range(runs):
            workspace = self.kept.enter_context(Workspace())
            ours = self._valija(workspace)
            if workspace.count() != self.messages:
                raise RuntimeError(f"valija indexed {workspace.count()} of {self.messages} messages")
            workspace = self.kept.enter_context(Workspace())
            self._valija(workspace, "--no-index")
            config = workspace.folder / "peer-config"
            config.write_text(f"[database]\npath={workspace.mail}\n[user]\nname=Ana\nprimary_email=ana@example.test\n[new]\ntags=inbox;unread\n")
            theirs = timed(["notmuch", "new", "--quiet"], workspace.environment(NOTMUCH_CONFIG=str(config)))
            self.say(f"with indexing, run {number + 1}: valija {ours:.2f} s, notmuch new alone {theirs:.2f} s")
            rows.append((ours, theirs))
        return rows
