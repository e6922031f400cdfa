"""A real Dovecot as a normal process of the test: own folder, own ports, own users; it ends with the test."""

import grp
import re
import socket
import time

from servers.imap_server import ImapServer

_CONFIG = """
base_dir = {run}/run
state_dir = {run}/state
instance_name = valija-test
log_path = {run}/server.log
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
login_log_format_elements = user=<%u> method=%m rip=%r port=<%b> lip=%l mpid=%e %c session=<%{{session}}>
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


class Dovecot(ImapServer):
    """with Dovecot() as server: ... server.imaps_port, server.ca_file. Accounts: {"ana@example.test": "secret"}."""

    NAME = "Dovecot"
    PREFIX = "vjd"
    PORTS = ("imap_port", "imaps_port", "pop3_port", "pop3s_port")

    def __init__(self, users=None, certificate="good", extra=""):
        super().__init__(users, certificate)
        self._extra = extra

    def _make_files(self):
        for name in ("run", "state", "home"):
            (self.folder / name).mkdir()
        (self.folder / "users").write_text("".join(f"{user}:{{PLAIN}}{password}::::::\n" for user, password in self.users.items()))

    def _write_settings(self, ports):
        (self.folder / "dovecot.conf").write_text(
            _CONFIG.format(run=self.folder, user=self._user.pw_name, group=grp.getgrgid(self._user.pw_gid).gr_name, certificate=self._certificate,
                           key=self._key, extra=self._extra, **ports))

    def _command(self):
        return ["/usr/sbin/dovecot", "-F", "-c", str(self.folder / "dovecot.conf")]

    def bodies_fetched(self):
        """How many message bodies all IMAP sessions were sent."""
        return self._sum(r"body_count=(\d+)", "imap")

    def octets_received(self):
        """How many octets all IMAP sessions sent, behind their logins."""
        return self._sum(r" in=(\d+) out=", "imap")

    def retrieved(self):
        """How many messages all POP3 sessions were sent."""
        return self._sum(r"retr=(\d+)/", "pop3")

    def _sum(self, pattern, protocol):
        """Of what the log says of each session; waits until the sessions have ended, which is when Dovecot tells."""
        before, mark = len(self.log()), self._mark(protocol)
        deadline = time.monotonic() + 60
        while True:
            log = self.log()
            counts = re.findall(pattern, log)
            if mark in log[before:] and len(counts) == log.count(f"{protocol}-login: Info: Login: user="):
                return sum(map(int, counts))
            if time.monotonic() > deadline:
                raise RuntimeError(f"the log of {self.NAME} does not tell the end of each session:\n{log}")
            time.sleep(0.02)

    def _mark(self, protocol):
        """How the log calls somebody who comes behind all logins so far: they are written a moment after they are answered."""
        with socket.create_connection(("127.0.0.1", getattr(self, f"{protocol}_port")), timeout=60) as line:
            line.recv(1)
            return f"port=<{line.getsockname()[1]}>"
