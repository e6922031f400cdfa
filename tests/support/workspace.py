"""A home folder of its own for the program under test: settings, mail, state; removed at the end."""

import contextlib
import json
import os
import pathlib
import resource
import shutil
import signal
import subprocess
import tempfile
import time

PROGRAM = os.environ.get("VALIJA", "build/dev/src/main/valija")
PATIENCE = float(os.environ.get("VALIJA_TEST_PATIENCE", "1"))  # more for sanitizers and slow machines


def as_from_a_shell(ignored=()):
    """In the child: whoever started the tests in the background may have had other signals ignored."""
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN if number in ignored else signal.SIG_DFL)


class Outcome:
    """How a run of the program ended."""

    def __init__(self, status, stdout, stderr, seconds, peak_kib):
        self.status, self.stdout, self.stderr, self.seconds, self.peak_kib = status, stdout, stderr, seconds, peak_kib

    @property
    def text(self):
        return self.stdout.decode(errors="replace")

    @property
    def errors(self):
        return self.stderr.decode(errors="replace")

    def lines(self):
        return self.text.splitlines()

    def events(self, kind=None):
        """The objects of `sync --json`."""
        rows = [json.loads(line) for line in self.lines()]
        return [row for row in rows if kind is None or row["event"] == kind]

    def __repr__(self):
        return f"status {self.status}\n--- out\n{self.text[-3000:]}\n--- err\n{self.errors[-3000:]}"


class Workspace:
    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="vjt", dir="/tmp"))
        self.home = self.folder / "home"
        self.mail = self.home / "Mail"
        self.settings_file = self.home / ".config" / "valija" / "valijarc"
        self.settings_file.parent.mkdir(parents=True)
        self.state = self.home / ".local" / "state" / "valija"
        self.temporary = self.folder / "tmp"
        self.temporary.mkdir()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        with contextlib.suppress(FileNotFoundError):  # a process that was killed may be at its last step
            for path in [self.folder, *self.folder.rglob("*")]:
                if path.is_dir() and not path.is_symlink() and not os.access(path, os.W_OK):
                    path.chmod(0o700)
        shutil.rmtree(self.folder, ignore_errors=True)

    def environment(self, **more):
        kept = {name: value for name, value in os.environ.items() if name in ("PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS", "LSAN_OPTIONS")}
        return {**kept, "HOME": str(self.home), "LC_ALL": "C.UTF-8", "TZ": "UTC", "TERM": "xterm-256color",
                "TMPDIR": str(self.temporary), **more}

    def settings(self, text):
        self.settings_file.write_text(text)
        self.settings_file.chmod(0o600)

    def account(self, server, name="work", scheme="imaps", user="ana@example.test", password="secret", port=None, more="", rest="", host="localhost"):
        """Settings for one account on a server of the tests."""
        port = port or getattr(server, f"{scheme}_port")
        self.settings(
            f'[account.{name}]\naddress = "{user}"\nname = "Ana Ruiz"\nreceive = "{scheme}://{user.replace("@", "%40")}@{host}:{port}"\n'
            f'password = "{password}"\ntls-ca-file = "{server.ca_file}"\n{more}\n{rest}\n')

    def start(self, *arguments, stdin=subprocess.DEVNULL, limits=None, environment=None, ignored=()):
        """Starts the program in a process group of its own; `ignored` are signals."""
        def prepare():
            as_from_a_shell(ignored)
            for what, value in (limits or {}).items():
                resource.setrlimit(what, (value, value))
            if limits and resource.RLIMIT_FSIZE in limits:
                signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        return subprocess.Popen([PROGRAM, *map(str, arguments)], stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                env=self.environment(**(environment or {})), cwd=self.home, start_new_session=True, preexec_fn=prepare)

    def run(self, *arguments, timeout=600, given=None, **how):
        """Runs the program to its end; what hangs is ended and is a failure."""
        begun = time.monotonic()
        process = self.start(*arguments, stdin=subprocess.DEVNULL if given is None else subprocess.PIPE, **how)
        try:
            stdout, stderr = process.communicate(given, timeout=timeout * PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            stdout, stderr = process.communicate()
            raise AssertionError(f"valija {' '.join(map(str, arguments))} took more than {timeout * PATIENCE} s: "
                                 f"{stdout[-2000:]!r} {stderr[-2000:]!r}") from None
        return Outcome(process.returncode, stdout, stderr, time.monotonic() - begun, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)

    def notmuch(self, *arguments, config=None):
        """The notmuch command on the program's own database, with a configuration that the program does not see."""
        if config is None:
            config = self.folder / "notmuch-config"
            config.write_text(f"[database]\npath={self.mail}\n[user]\nname=Ana\nprimary_email=ana@example.test\n[maildir]\nsynchronize_flags=false\n")
        while True:
            done = subprocess.run(["notmuch", *map(str, arguments)], env=self.environment(NOTMUCH_CONFIG=str(config)), capture_output=True, timeout=120 * PATIENCE)
            if b"revision being read has been discarded" not in done.stderr:
                break  # else the program committed twice while it read
        if done.returncode != 0:
            raise AssertionError(f"notmuch {arguments}: {done.stderr.decode()}")
        return done.stdout.decode()

    def count(self, query="*"):
        return int(self.notmuch("count", "--exclude=false", query))

    def indexed(self, query="*"):
        """How many messages of a query are indexed; none while there is no database, or only half of one: its folder comes before its files."""
        try:
            return self.count(query)
        except AssertionError as error:
            if not any(words in str(error) for words in ("Cannot open", "exception occurred opening")):
                raise
            return 0

    def is_indexed(self, message_id):
        return self.indexed(f"id:{message_id}") > 0

    def count_stored(self, account="work", folder="INBOX"):
        """How many messages lie in a folder that another program fills."""
        return sum(1 for name in ("cur", "new") for _ in (self.mail / account / folder / name).glob("*"))

    def stored(self, account="work", folder="INBOX"):
        """{path: octets} of the messages that lie in a folder; % stands escaped in the names of directories."""
        base = self.mail / account / folder.replace("%", "%25")
        return {path: path.read_bytes() for name in ("cur", "new") for path in (base / name).glob("*") if path.is_file()}

    def leftovers(self):
        """Files of unfinished deliveries anywhere in the mail."""
        return [path for path in self.mail.rglob("tmp/*") if path.is_file()]
