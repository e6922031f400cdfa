"""A real submission server: Dovecot takes mail from who logs in and hands it to a bridge, which hands it to Dovecot's LMTP, so that it lies in the mailboxes of the same Dovecot.

Dovecot's submission speaks only SMTP to its relay, and its LMTP only LMTP: hence the bridge. What is for another domain is kept in `elsewhere` and never leaves."""

import asyncio
import re
import smtplib

from aiosmtpd.controller import Controller

from servers.dovecot import Dovecot
from servers.ports import free_ports, give_back

DOMAIN = "example.test"

_CONFIG = """
protocols = imap pop3 submission lmtp
hostname = localhost
submission_relay_host = 127.0.0.1
submission_relay_port = {relay_port}
submission_relay_trusted = no
protocol lmtp {{
  postmaster_address = postmaster@example.test
}}
service submission-login {{
  chroot =
  service_count = 0
  inet_listener submission {{
    port = {smtp_port}
  }}
  inet_listener submissions {{
    port = {smtps_port}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp_port}
  }}
}}
"""


class Bridge:
    """SMTP -> LMTP. A recipient like 452@example.test is refused with that code."""

    def __init__(self):
        self.lmtp_port = 0
        self.messages = []   # (sender, recipients, octets) in the order they came
        self.elsewhere = []  # those among them for nobody of ours

    async def handle_RCPT(self, _server, _session, envelope, address, _options):
        code = re.match(r"([45]\d\d)@", address)
        if code:
            return f"{code[1]} {code[1][0]}.1.1 as asked"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(self, _server, _session, envelope):
        return await asyncio.to_thread(self._deliver, envelope.mail_from, list(envelope.rcpt_tos), envelope.original_content)

    def _deliver(self, sender, recipients, octets):
        self.messages.append((sender, recipients, octets))
        ours = [recipient for recipient in recipients if recipient.lower().endswith("@" + DOMAIN)]
        if not ours:
            self.elsewhere.append((sender, recipients, octets))
            return "250 kept"
        refused = {}
        with smtplib.LMTP("127.0.0.1", self.lmtp_port) as lmtp:
            for recipient in ours:  # LMTP answers for each, which smtplib does not know
                try:
                    refused |= lmtp.sendmail(sender, [recipient], octets)
                except smtplib.SMTPRecipientsRefused as error:
                    refused |= error.recipients
        if refused:
            code, text = next(iter(refused.values()))
            return f"{code} {text.decode(errors='replace')}"
        return "250 delivered"


class Submission(Dovecot):
    """with Submission() as server: ... server.smtp_port (STARTTLS), server.smtps_port, and all that Dovecot has; server.bridge.messages."""

    PORTS = (*Dovecot.PORTS, "smtp_port", "smtps_port", "lmtp_port")

    def __enter__(self):
        self.bridge = Bridge()
        self._more = self._extra
        self._relay_port, = free_ports(1)
        self._controller = Controller(self.bridge, hostname="127.0.0.1", port=self._relay_port, ready_timeout=60, enable_SMTPUTF8=True, data_size_limit=100_000_000)
        self._controller.start()
        return super().__enter__()

    def __exit__(self, *_):
        super().__exit__()
        self._controller.stop()
        give_back([self._relay_port])

    def _write_settings(self, ports):
        self.bridge.lmtp_port = ports["lmtp_port"]
        self._extra = self._more + _CONFIG.format(relay_port=self._relay_port, **ports)
        super()._write_settings(ports)
