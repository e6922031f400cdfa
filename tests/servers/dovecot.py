"""A real Dovecot as a normal process of the test: own folder, own ports, own users; it ends with the test."""

import ctypes
import os
import pathlib
import pwd
import grp
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from servers.imap_client import ImapClient
from servers.pki import Authority
from servers.ports import free_ports

_CONFIG = """
base_dir = {run}/run
state_dir = {run}/state
instance_name = valija-test
log_path = {run}/dovecot.log
protocols = imap pop3
listen = 127.0.0.1
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
first_valid_gid = 1
mail_uid = {user}
mail_gid = {group}
mail_home = {run}/home/%u
mail_location = sdbox:~/mail
mail_fsync = never
mail_max_userip_connections = 100
mail_plugins = zlib
protocol imap {{
  mail_plugins = zlib imap_zlib
}}
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{key}
auth_mechanisms = plain login
auth_failure_delay = 0
auth_cache_size = 0
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%Lu {run}/users
}}
userdb {{
  driver = passwd-file
  args = username_format=%Lu {run}/users
  default_fields = uid={user} gid={group} home={run}/home/%u
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Archive {{
    special_use = \\Archive
    auto = subscribe
  }}
  mailbox Drafts {{
    special_use = \\Drafts
    auto = subscribe
  }}
  mailbox Junk {{
    special_use = \\Junk
    auto = subscribe
  }}
  mailbox Sent {{
    special_use = \\Sent
    auto = subscribe
  }}
  mailbox Trash {{
    special_use = \\Trash
    auto = subscribe
  }}
}}
# Penalties for failed logins would slow the tests down; empty chroots make it work for any user.
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  chroot =
  service_count = 0
  inet_listener imap {{
    port = {imap_port}
  }}
  inet_listener imaps {{
    port = {imaps_port}
    ssl = yes
  }}
}}
service pop3-login {{
  chroot =
  service_count = 0
  inet_listener pop3 {{
    port = {pop3_port}
  }}
  inet_listener pop3s {{
    port = {pop3s_port}
    ssl = yes
  }}
}}
{extra}
"""


def _end_with_parent():
    """In the child: SIGTERM when the test dies, however it dies (PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


class Dovecot:
    """with Dovecot() as server: ... server.imaps_port, server.ca_file. Accounts: {"ana@example.test": "secret"}."""

    def __init__(self, users=None, certificate="good", extra=""):
        self.users = users or {"ana@example.test": "secret"}
        self._variant, self._extra = certificate, extra
        self._process = None
        # Unix sockets want paths under 108 bytes, so never below a build folder.
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="vjd", dir="/tmp"))
        self.ca_file = self.folder / "ca.pem"
        self.imap_port = self.imaps_port = self.pop3_port = self.pop3s_port = 0

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

    def _account_of_process(self):
        """As root Dovecot runs as nobody, like any daemon; else as whoever runs the test."""
        if os.geteuid() != 0:
            return pwd.getpwuid(os.geteuid()), {}
        nobody = pwd.getpwnam("nobody")
        return nobody, {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}

    def _prepare(self):
        self._user, self._drop = self._account_of_process()
        for name in ("run", "state", "home"):
            (self.folder / name).mkdir()
        (self.folder / "users").write_text("".join(f"{user}:{{PLAIN}}{password}::::::\n" for user, password in self.users.items()))
        authority = Authority(self.folder)
        self._certificate, self._key = authority.certificate(self._variant)
        if self._drop:
            for path in [self.folder, *self.folder.rglob("*")]:
                os.chown(path, self._user.pw_uid, self._user.pw_gid)
        self.folder.chmod(0o755)
        self.ca_file.chmod(0o644)

    def _ports(self):
        return self.imap_port, self.imaps_port, self.pop3_port, self.pop3s_port

    def start(self):
        """Starts with fresh ports; another program may take one in between, then with others."""
        for _ in range(5):
            ports = self._ports() if self.imap_port else free_ports(4)
            if self._try_to_start(*ports):
                self.imap_port, self.imaps_port, self.pop3_port, self.pop3s_port = ports
                return
        raise RuntimeError(f"Dovecot does not start: {self.log()}")

    def _try_to_start(self, imap_port, imaps_port, pop3_port, pop3s_port):
        config = self.folder / "dovecot.conf"
        config.write_text(_CONFIG.format(run=self.folder, user=self._user.pw_name, group=grp.getgrgid(self._user.pw_gid).gr_name,
                                         certificate=self._certificate, key=self._key, imap_port=imap_port,
                                         imaps_port=imaps_port, pop3_port=pop3_port, pop3s_port=pop3s_port, extra=self._extra))
        with open(self.folder / "start.out", "wb") as output:
            self._process = subprocess.Popen(["/usr/sbin/dovecot", "-F", "-c", str(config)], stdin=subprocess.DEVNULL,
                                             stdout=output, stderr=output, start_new_session=True, cwd=self.folder,
                                             preexec_fn=_end_with_parent, **self._drop)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                with socket.create_connection(("127.0.0.1", imap_port), timeout=5) as probe:
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
        for number, seconds in ((signal.SIGTERM, 0.3), (signal.SIGKILL, 10)):
            try:
                os.killpg(process.pid, number)
            except ProcessLookupError:
                pass
            try:
                process.wait(seconds)
            except subprocess.TimeoutExpired:
                continue
        # The master's children lead no group of their own: what is left of the group goes too.
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass

    def log(self):
        texts = [path.read_text(errors="replace") for path in (self.folder / "start.out", self.folder / "dovecot.log") if path.exists()]
        return "".join(texts)

    def bodies_fetched(self):
        """How many message bodies all sessions were sent; waits until the sessions have ended, which is when Dovecot tells."""
        deadline = time.monotonic() + 10
        while True:
            log = self.log()
            counts = re.findall(r"body_count=(\d+)", log)
            if len(counts) == log.count("imap-login: Info: Login: user=") or time.monotonic() > deadline:
                return sum(map(int, counts))
            time.sleep(0.02)

    def retrieved(self):
        """How many messages all POP3 sessions were sent, as `bodies_fetched` counts for IMAP."""
        deadline = time.monotonic() + 10
        while True:
            log = self.log()
            counts = re.findall(r"retr=(\d+)/", log)
            if len(counts) == log.count("pop3-login: Info: Login: user=") or time.monotonic() > deadline:
                return sum(map(int, counts))
            time.sleep(0.02)

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
