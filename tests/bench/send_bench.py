"""Figure (i): mail that waits leaves over one connection, against a run of msmtp for each."""

import pathlib
import subprocess
import tempfile
import time

from servers.ports import free_ports
from servers.smtp import SmtpServer
from support.workspace import Workspace

MSMTP = """account default
host localhost
port {port}
tls on
tls_starttls off
tls_trust_file {ca_file}
auth plain
user ana@example.test
password secret
from ana@example.test
"""


def message(number):
    return (f"From: Ana <ana@example.test>\nTo: Ben <ben@example.test>\nSubject: number {number}\nMessage-ID: <{number}@example.test>\n"
            f"Date: Mon, 23 Nov 2026 09:00:00 +0000\n\n" + "A line of a mail as people write it, not long.\n" * 40).encode()


class SendBench:
    """with SendBench(program) as bench: bench.compare(runs, mails) -> [(seconds of ours, of msmtp)]"""

    def __init__(self, program, say):
        self.program, self.say = program, say

    def __enter__(self):
        self.workspace, self.server = Workspace().__enter__(), SmtpServer().__enter__()
        return self

    def __exit__(self, *_):
        self.server.__exit__(None, None, None)
        self.workspace.__exit__()

    def compare(self, runs, mails):
        rows = []
        for _ in range(runs):
            rows.append((self.ours(mails), self.theirs(mails)))
            self.say(f"{mails} mails: {rows[-1][0]:.2f} s, {rows[-1][1]:.2f} s")
        return rows

    def ours(self, mails):
        self._settings(free_ports(1)[0])  # nobody listens: they wait
        for number in range(mails):
            self._run("send", "ben@example.test", given=message(number))
        self._settings(self.server.port)
        return self._timed(mails, lambda: self._run("outbox", "flush"))

    def theirs(self, mails):
        with tempfile.TemporaryDirectory(prefix="vjb", dir="/tmp") as folder:
            config = pathlib.Path(folder, "msmtprc")
            config.write_text(MSMTP.format(port=self.server.port, ca_file=self.server.ca_file))
            config.chmod(0o600)

            def send_all():
                for number in range(mails):
                    subprocess.run(["msmtp", "-C", str(config), "--", "ben@example.test"], input=message(number), check=True, env={"HOME": folder})

            return self._timed(mails, send_all)

    def _timed(self, mails, work):
        before = len(self.server.accepted())
        begun = time.monotonic()
        work()
        seconds = time.monotonic() - begun
        if len(self.server.accepted()) != before + mails:
            raise RuntimeError(f"{len(self.server.accepted()) - before} of {mails} mails arrived")
        return seconds

    def _settings(self, port):
        self.workspace.settings(f'[account.work]\naddress = "ana@example.test"\npassword = "secret"\ntls-ca-file = "{self.server.ca_file}"\n'
                                f'send = "smtps://ana%40example.test@localhost:{port}"\n')

    def _run(self, *arguments, given=b""):
        subprocess.run([self.program, *arguments], input=given, env=self.workspace.environment(), check=True, capture_output=True)
