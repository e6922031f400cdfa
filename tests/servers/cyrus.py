"""A real Cyrus IMAP as a normal process of the test, beside Dovecot. The package conflicts with Dovecot's, so its programs are unpacked below
build/cyrus (see `./dev`); where they are missing `available()` is false and the tests that want it skip, and say so."""

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
from servers.ports import free_ports

_PROJECT = pathlib.Path(__file__).resolve().parents[2]
_UNPACKED = pathlib.Path(os.environ.get("VALIJA_CYRUS", _PROJECT / "build/cyrus"))
_COMMON = pathlib.Path("/usr/lib/cyrus/bin")

_IMAPD = """
configdirectory: {run}/conf
proc_path: {run}/proc
mboxname_lockpath: {run}/lock
defaultpartition: default
partition-default: {run}/spool
cyrus_user: {user}
admins: cyrus
servername: localhost
virtdomains: userid
defaultdomain: example.test
altnamespace: yes
unixhierarchysep: yes
umask: 077
sasl_pwcheck_method: auxprop
sasl_auxprop_plugin: sasldb
sasl_sasldb_path: {run}/sasldb2
sasl_mech_list: PLAIN LOGIN
allowplaintext: yes
tls_server_cert: {certificate}
tls_server_key: {key}
tls_versions: tls1_2 tls1_3
autocreate_quota: 1024000
autocreate_post: yes
autocreate_inbox_folders: Drafts|Sent|Trash|Junk|Archive
autocreate_subscribe_folders: Drafts|Sent|Trash|Junk|Archive
xlist-drafts: Drafts
xlist-sent: Sent
xlist-trash: Trash
xlist-junk: Junk
xlist-archive: Archive
idlesocket: {run}/sock/idle
notifysocket: {run}/sock/notify
idlemethod: idled
conversations: yes
conversations_db: twoskip
delete_mode: immediate
expunge_mode: immediate
specialusealways: yes
duplicatesuppression: no
syslog_prefix: cyrus
"""

# Every service carries -C: else it would read /etc/imapd.conf.
_MASTER = """
START {{
  recover cmd="{common}/ctl_cyrusdb -C {run}/imapd.conf -r"
}}
DAEMON {{
  idled cmd="{programs}/idled -C {run}/imapd.conf"
}}
SERVICES {{
  imap  cmd="{programs}/imapd -C {run}/imapd.conf"    listen="127.0.0.1:{imap_port}"  proto="tcp4" prefork=1 maxchild=50
  imaps cmd="{programs}/imapd -C {run}/imapd.conf -s" listen="127.0.0.1:{imaps_port}" proto="tcp4" prefork=1 maxchild=50
}}
EVENTS {{
}}
"""


def _programs():
    for folder in (_COMMON, _UNPACKED / "usr/lib/cyrus/bin"):
        if (folder / "imapd").exists() and (folder / "idled").exists():
            return folder
    return None


def available():
    return _programs() is not None and (_COMMON / "ctl_cyrusdb").exists() and shutil.which("saslpasswd2") is not None


def _end_with_parent():
    """In the child: SIGTERM when the test dies, however it dies (PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


class Cyrus:
    """with Cyrus() as server: ... server.imaps_port, server.ca_file. Accounts: {"ana@example.test": "secret"}. Used like Dovecot."""

    def __init__(self, users=None):
        self.users = users or {"ana@example.test": "secret"}
        self._process = None
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="vjc", dir="/tmp"))
        self.ca_file = self.folder / "ca.pem"
        self.imap_port = self.imaps_port = 0

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
        shutil.rmtree(self.folder, ignore_errors=True)

    def _prepare(self):
        is_root = os.geteuid() == 0
        self._user = pwd.getpwnam("nobody") if is_root else pwd.getpwuid(os.geteuid())
        self._drop = {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []} if is_root else {}
        for name in ("conf/db", "conf/user", "conf/quota", "conf/log", "conf/msg", "conf/socket", "conf/sync", "conf/backup", "spool", "sock",
                     "proc", "lock"):
            (self.folder / name).mkdir(parents=True)
        for user, password in self.users.items():
            name, domain = user.split("@")
            for realm in (domain, "localhost"):
                subprocess.run(["saslpasswd2", "-p", "-c", "-f", str(self.folder / "sasldb2"), "-u", realm, name], input=password.encode(), check=True)
        self._certificate, self._key = Authority(self.folder).certificate()
        if is_root:
            for path in [self.folder, *self.folder.rglob("*")]:
                os.chown(path, self._user.pw_uid, self._user.pw_gid)
        self.folder.chmod(0o755)
        self.ca_file.chmod(0o644)

    def start(self):
        """Starts with fresh ports; another program may take one in between, then with others."""
        for _ in range(5):
            ports = (self.imap_port, self.imaps_port) if self.imap_port else free_ports(2)
            if self._try_to_start(*ports):
                self.imap_port, self.imaps_port = ports
                self._make_mailboxes()
                return
        raise RuntimeError(f"Cyrus does not start: {self.log()}")

    def _try_to_start(self, imap_port, imaps_port):
        values = {"run": self.folder, "user": self._user.pw_name, "certificate": self._certificate, "key": self._key, "common": _COMMON,
                  "programs": _programs(), "imap_port": imap_port, "imaps_port": imaps_port}
        (self.folder / "imapd.conf").write_text(_IMAPD.format(**values))
        (self.folder / "cyrus.conf").write_text(_MASTER.format(**values))
        with open(self.folder / "start.out", "wb") as output:
            self._process = subprocess.Popen(
                ["/usr/sbin/cyrmaster", "-C", str(self.folder / "imapd.conf"), "-M", str(self.folder / "cyrus.conf"), "-p", str(self.folder / "master.pid")],
                stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True, cwd=self.folder, preexec_fn=_end_with_parent, **self._drop)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                with socket.create_connection(("127.0.0.1", imap_port), timeout=5) as probe:
                    if probe.recv(4) == b"* OK":
                        return True
            except OSError:
                time.sleep(0.02)
        self.stop()
        return False

    def _make_mailboxes(self):
        """The first login makes a user's folders."""
        for user in self.users:
            with self.client(user):
                pass

    def stop(self):
        """Ends the process group that we started."""
        if self._process is None:
            return
        process, self._process = self._process, None
        for number, seconds in ((signal.SIGTERM, 2), (signal.SIGKILL, 10)):
            try:
                os.killpg(process.pid, number)
            except ProcessLookupError:
                pass
            try:
                process.wait(seconds)
            except subprocess.TimeoutExpired:
                continue
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass

    def log(self):
        path = self.folder / "start.out"
        return path.read_text(errors="replace") if path.exists() else ""

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
