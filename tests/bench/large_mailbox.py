"""A mailbox of any size in a notmuch database, made once and kept under build/bench."""

import json
import os
import pathlib
import shutil
import subprocess
import time

from servers.corpus import Corpus

MONTH = 30 * 86400
WHOLE = 300_000  # messages; in a larger mailbox they have next to no text, for the index would take hours


class LargeMailbox:
    """`count` messages, all tagged inbox, one in twenty unread; made again when it is older than a month."""

    def __init__(self, cache, count):
        self.count = count
        self.folder = pathlib.Path(cache).resolve() / f"mailbox-{count}"
        self.mail = self.folder / "mail"
        self.config = self.folder / "notmuch-config"
        self._stamp = self.folder / "made.json"

    def environment(self, **more):
        return {"PATH": os.environ["PATH"], "HOME": str(self.folder / "home"), "NOTMUCH_CONFIG": str(self.config), "LC_ALL": "C.UTF-8",
                "TERM": "xterm-256color", **more}

    def make(self, say):
        if self._stamp.exists() and time.time() - json.loads(self._stamp.read_text())["time"] < MONTH:
            return
        say(f"making a mailbox of {self.count} messages in {self.folder}, once")
        shutil.rmtree(self.folder, ignore_errors=True)
        (self.folder / "home").mkdir(parents=True)
        now = int(time.time())
        self._corpus(now - 600).write_maildir(self.mail / "inbox", unread_every=20)
        self.config.write_text(f"[database]\npath={self.mail}\nautocommit={max(8000, self.count // 20)}\n[user]\nname=Ana Ruiz\n"
                               "primary_email=ana@example.test\n[new]\ntags=inbox;unread\n[maildir]\nsynchronize_flags=true\n")
        begun = time.monotonic()
        subprocess.run(["notmuch", "new", "--quiet"], env=self.environment(), check=True)
        self._stamp.write_text(json.dumps({"time": now, "seconds": time.monotonic() - begun}))

    def _corpus(self, newest):
        return Corpus(self.count, newest=newest, size=2500 if self.count <= WHOLE else 0)


class LongThread(LargeMailbox):
    """`count` messages of one thread, made anew."""

    def _corpus(self, newest):
        return Corpus(self.count, newest=newest, threads=1)
