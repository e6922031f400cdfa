"""A real Cyrus IMAP as a normal process of the test, beside Dovecot. The package conflicts with Dovecot's, so its programs are unpacked below
build/cyrus (see `./dev`); where they are missing `available()` is false and the tests that want it skip, and say so."""

import os
import pathlib
import shutil
import subprocess

from servers.imap_server import ImapServer

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


class Cyrus(ImapServer):
    """with Cyrus() as server: ... server.imaps_port, server.ca_file. Accounts: {"ana@example.test": "secret"}. Used like Dovecot."""

    NAME = "Cyrus"
    PREFIX = "vjc"
    PATIENCE = 2

    def _make_files(self):
        for name in ("conf/db", "conf/user", "conf/quota", "conf/log", "conf/msg", "conf/socket", "conf/sync", "conf/backup", "spool", "sock",
                     "proc", "lock"):
            (self.folder / name).mkdir(parents=True)
        for user, password in self.users.items():
            name, domain = user.split("@")
            for realm in (domain, "localhost"):
                subprocess.run(["saslpasswd2", "-p", "-c", "-f", str(self.folder / "sasldb2"), "-u", realm, name], input=password.encode(), check=True)

    def start(self):
        super().start()
        for user in self.users:  # the first login makes a user's folders
            with self.client(user):
                pass

    def _write_settings(self, ports):
        values = {"run": self.folder, "user": self._user.pw_name, "certificate": self._certificate, "key": self._key, "common": _COMMON,
                  "programs": _programs(), **ports}
        (self.folder / "imapd.conf").write_text(_IMAPD.format(**values))
        (self.folder / "cyrus.conf").write_text(_MASTER.format(**values))

    def _command(self):
        return ["/usr/sbin/cyrmaster", "-C", str(self.folder / "imapd.conf"), "-M", str(self.folder / "cyrus.conf"), "-p", str(self.folder / "master.pid")]
