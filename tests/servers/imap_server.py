"""A real IMAP server as a normal process of the test: what Dovecot and Cyrus have in common."""

import ctypes
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from servers.imap_client import ImapClient
from servers.pki import Authority
from servers.ports import free_ports, give_back


def _end_with_parent():
    """In the child: SIGTERM when the test dies, however it dies (PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


class ImapServer:
    """Own folder, own ports, own users; it ends with the test. A subclass names itself and its ports, and has _write_settings and _command."""

    NAME = "The server"
    PREFIX = "vjs"
    PORTS = ("imap_port", "imaps_port")
    PATIENCE = 0.3  # seconds between TERM and KILL

    def __init__(self, users=None, certificate="good"):
        self.users = users or {"ana@example.test": "secret"}
        self._variant = certificate
        self._process = None
        self._ports = {}
        # Unix sockets want paths under 108 bytes, so never below a build folder.
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix=self.PREFIX, dir="/tmp"))
        self.ca_file = self.folder / "ca.pem"
        for name in self.PORTS:
            setattr(self, name, 0)

    def __enter__(self):
        try:
            self._prepare()
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.stop()
        give_back(self._ports.values())
        shutil.rmtree(self.folder, ignore_errors=True)

    def _make_files(self):
        """Folders and users, before the certificate is made and everything is given to the account of the process."""

    def _prepare(self):
        """As root the server runs as nobody, like any daemon; else as whoever runs the test."""
        is_root = os.geteuid() == 0
        self._user = pwd.getpwnam("nobody") if is_root else pwd.getpwuid(os.geteuid())
        self._drop = {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []} if is_root else {}
        self._make_files()
        self._certificate, self._key = Authority(self.folder).certificate(self._variant)
        if is_root:
            for path in [self.folder, *self.folder.rglob("*")]:
                os.chown(path, self._user.pw_uid, self._user.pw_gid)
        self.folder.chmod(0o755)
        self.ca_file.chmod(0o644)

    def start(self):
        """The first time with fresh ports; a program that is no test may take one in between, then with others."""
        is_new = not self._ports
        for _ in range(5):
            if is_new:
                give_back(self._ports.values())
                self._ports = dict(zip(self.PORTS, free_ports(len(self.PORTS))))
            if self._try_to_start(self._ports):
                self.__dict__.update(self._ports)
                return
        raise RuntimeError(f"{self.NAME} does not start: {self.log()}")

    def _try_to_start(self, ports):
        self._write_settings(ports)
        with open(self.folder / "start.out", "wb") as output:
            self._process = subprocess.Popen(self._command(), stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True,
                                             cwd=self.folder, preexec_fn=_end_with_parent, **self._drop)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                with socket.create_connection(("127.0.0.1", ports["imap_port"]), timeout=5) as probe:
                    if probe.recv(4) == b"* OK":
                        return True
            except OSError:
                time.sleep(0.01)
        self.stop()
        return False

    def stop(self):
        """Ends the process group that we started: a TERM to the master alone takes seconds."""
        if self._process is None:
            return
        process, self._process = self._process, None
        for number, seconds in ((signal.SIGTERM, self.PATIENCE), (signal.SIGKILL, 10)):
            try:
                os.killpg(process.pid, number)
            except ProcessLookupError:
                pass
            try:
                process.wait(seconds)
            except subprocess.TimeoutExpired:
                continue
        self._end_children(process.pid)

    @staticmethod
    def _end_children(group):
        """The master's children lead no group of their own. Until they are gone they may hold a port or write a file."""
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            try:
                os.killpg(group, signal.SIGKILL)
            except ProcessLookupError:
                return
            time.sleep(0.005)

    def log(self):
        texts = [path.read_text(errors="replace") for path in (self.folder / "start.out", self.folder / "server.log") if path.exists()]
        return "".join(texts)

    def client(self, user=None):
        """A logged-in connection of the test's own."""
        user = user or next(iter(self.users))
        client = ImapClient("127.0.0.1", self.imap_port)
        client.login(user, self.users[user])
        return client

    def seed(self, folder, messages, user=None):
        """Appends messages: octets, or (octets, "\\\\Seen \\\\Flagged"), or (octets, flags, INTERNALDATE)."""
        with self.client(user) as client:
            client.append(folder, messages)
