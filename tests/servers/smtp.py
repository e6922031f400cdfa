"""A scripted submission server: honest by itself, and told to fail where a test wants it. Every transaction is kept.

    with SmtpServer() as server:                                  # smtps on server.port, server.ca_file; implicit_tls=False: STARTTLS
        server.refused["bob@example.test"] = "550 5.1.1 no such user"
        server.faults["dot"] = CUT                                # every time
        server.faults["mail"] = ["451 4.3.0 later"]               # once, then honest again
        ...
        server.accepted()                                         # the transactions that the server took responsibility for

Stages of `faults`: greeting, ehlo, starttls, auth, mail, rcpt, data, body, dot, accepted, rset, quit. A fault is a reply (text or octets) in place of the honest one; CUT: the line
is closed; SILENCE: nothing more is said; or a function of the session; a list of them: one each time, and honest behind. `body` happens at each line of a message and ends
the connection, `dot` behind the final dot and before the message is
taken, `accepted` after it was taken and before that is said.
"""

import base64
import dataclasses
import hashlib
import hmac
import re
import socket
import struct
import threading
import time

from servers.honest_imap import ImapServer, Session

CUT, SILENCE = "cut", "silence"
FEATURES = ("PIPELINING", "8BITMIME", "SMTPUTF8", "DSN", "ENHANCEDSTATUSCODES", "SIZE 50000000", "AUTH PLAIN LOGIN")


@dataclasses.dataclass
class Transaction:
    sender: str = ""
    parameters: tuple = ()                                    # of MAIL
    recipients: list = dataclasses.field(default_factory=list)   # those taken
    refused: list = dataclasses.field(default_factory=list)
    wire: bytes = b""                                          # behind DATA, as it came, without the last dot
    octets: bytes = b""                                        # the same without the stuffed dots
    is_whole: bool = False                                     # the final dot came
    is_accepted: bool = False
    connection: int = 0


class SmtpSession(Session):
    """One connection."""

    def run(self):
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # two replies in a row do not wait for each other
        self.file = self.connection.makefile("rb")
        self.number = self.server.next_connection()
        self.user, self.transaction = None, None
        if self.server.implicit_tls:
            self.start_tls()
        if self.reply("greeting", "220 localhost ready") == CUT:
            return
        while raw := self.file.readline(1 << 20):
            command = raw.decode("utf-8", "replace").rstrip("\r\n")
            self.server.commands.append((self.secure, command))
            name, _, arguments = command.partition(" ")
            step = getattr(self, "do_" + name.lower(), None)
            if (self.line(f"500 5.5.2 what is {name[:40]}?") if step is None else step(arguments)) == CUT:
                return

    def reply(self, stage, honest):
        """Says what the stage has to say: the honest reply (None: nothing yet), or its fault, which is returned. CUT: the line is to be closed."""
        fault = self.server.take_fault(stage)
        if fault == CUT:
            return CUT
        if fault == SILENCE:
            self.wait_until_closed()
            return CUT
        if callable(fault):
            return fault(self)
        said = honest if fault is None else fault
        if said is not None:
            self.send((said if isinstance(said, bytes) else said.encode()) + b"\r\n")
        return fault

    # -- the commands --
    def do_ehlo(self, _):
        features = [*self.server.features, *([] if self.secure or self.server.starttls_hidden else ["STARTTLS"])]
        if not self.secure:
            features = [feature for feature in features if not feature.startswith("AUTH") or self.server.auth_in_clear]
        return self.reply("ehlo", "\r\n".join(["250-localhost", *(f"250-{feature}" for feature in features), "250 HELP"]))

    def do_helo(self, _):
        self.line("250 localhost")

    def do_starttls(self, _):
        fault = self.reply("starttls", "220 2.0.0 go on")
        if fault is None:
            self.start_tls()
        return fault

    def do_auth(self, arguments):
        if (fault := self.reply("auth", None)) is not None:
            return fault
        mechanism, _, initial = arguments.partition(" ")
        prove = {"PLAIN": self.plain, "LOGIN": self.login, "CRAM-MD5": self.cram_md5, "DIGEST-MD5": self.digest_md5, "NTLM": self.ntlm}.get(mechanism.upper())
        user = prove(base64.b64decode(initial)) if prove else None
        if user is None:
            return self.line("535 5.7.8 authentication failed")
        self.user, self.mechanism = user, mechanism.upper()
        self.server.logins.append((self.mechanism, user))
        return self.line("235 2.7.0 welcome")

    # -- mechanisms: who proved to be somebody, or None --
    def plain(self, initial):
        _, user, password = (initial or self.ask(b"")).decode().split("\0")
        return user if password == self.server.password else None

    def login(self, initial):
        user = (initial or self.ask(b"Username:")).decode()
        return user if self.ask(b"Password:").decode() == self.server.password else None

    def cram_md5(self, _):
        """RFC 2195."""
        challenge = b"<1896.697170952@localhost>"
        user, _, digest = self.ask(challenge).decode().rpartition(" ")
        return user if digest == hmac.new(self.server.password.encode(), challenge, hashlib.md5).hexdigest() else None

    def digest_md5(self, _):
        """RFC 2831, qop=auth."""
        nonce = "OA6MG9tEQGm2hh"
        answer = self.ask(f'realm="localhost",nonce="{nonce}",qop="auth",algorithm=md5-sess,charset=utf-8'.encode()).decode()
        told = {name: value.strip('"') for name, value in re.findall(r'([a-z-]+)=("[^"]*"|[^,]*)', answer)}
        secret = hashlib.md5(f"{told['username']}:{told.get('realm', '')}:{self.server.password}".encode()).digest()
        first = hashlib.md5(secret + f":{nonce}:{told['cnonce']}".encode()).hexdigest()

        def proof(method):
            second = hashlib.md5(f"{method}:{told['digest-uri']}".encode()).hexdigest()
            return hashlib.md5(f"{first}:{nonce}:{told['nc']}:{told['cnonce']}:auth:{second}".encode()).hexdigest()

        if told["nonce"] != nonce or told["response"] != proof("AUTHENTICATE"):
            return None
        self.ask(f"rspauth={proof('')}".encode())
        return told["username"]

    def ntlm(self, initial):
        """[MS-NLMP]; the proof itself is not computed, only that there is one, and whose."""
        if not (initial or self.ask(b"")).startswith(b"NTLMSSP\0\1\0\0\0"):
            return None
        flags = 0x1 | 0x200 | 0x8000                           # Unicode, NTLM, always sign
        proof = self.ask(b"NTLMSSP\0\2\0\0\0" + struct.pack("<HHII", 0, 0, 48, flags) + b"nonce678" + bytes(8) + struct.pack("<HHI", 0, 0, 48))
        size, _, at = struct.unpack_from("<HHI", proof, 20)
        user_size, _, user_at = struct.unpack_from("<HHI", proof, 36)
        return proof[user_at:user_at + user_size].decode("utf-16-le") if size >= 24 and any(proof[at:at + size]) else None

    def ask(self, word):
        self.line("334 " + base64.b64encode(word).decode())
        return base64.b64decode(self.file.readline())

    def do_mail(self, arguments):
        if self.server.needs_login and self.user is None:
            return self.line("530 5.7.0 authentication required")
        fault = self.reply("mail", "250 2.1.0 ok")
        if fault is None:
            path, *parameters = arguments.split(" ")
            self.transaction = self.server.begin(Transaction(path.partition(":")[2].strip("<>"), tuple(parameters), connection=self.number))
        return fault

    def do_rcpt(self, arguments):
        if self.transaction is None:
            return self.line("503 5.5.1 MAIL first")
        recipient = arguments.split(" ")[0].partition(":")[2].strip("<>")
        refusal = self.server.refused.get(recipient)
        if refusal is None and self.server.most_recipients and len(self.transaction.recipients) >= self.server.most_recipients:
            refusal = "452 4.5.3 too many recipients"
        if refusal is not None:
            self.transaction.refused.append(recipient)
            return self.line(refusal)
        fault = self.reply("rcpt", "250 2.1.5 ok")
        (self.transaction.recipients if fault is None else self.transaction.refused).append(recipient)
        return fault

    def do_data(self, _):
        if self.transaction is None or not self.transaction.recipients:
            return self.line("554 5.5.1 no valid recipients")
        fault = self.reply("data", "354 go on")
        return self.read_message() if fault is None else fault

    def read_message(self):
        """The end is CRLF.CRLF and nothing like it."""
        transaction, self.transaction = self.transaction, None
        lines = []
        while (raw := self.file.readline()) and self.reply("body", None) is None:
            if raw == b".\r\n" and (not lines or lines[-1].endswith(b"\r\n")):
                transaction.is_whole = True
                break
            lines.append(raw)
        transaction.wire = b"".join(lines)
        transaction.octets = unstuffed(lines)
        if not transaction.is_whole:
            return CUT
        if (fault := self.reply("dot", None)) is not None:
            return fault
        transaction.is_accepted = True
        return self.reply("accepted", f"250 2.0.0 queued as {len(self.server.transactions)}")

    def do_rset(self, _):
        self.transaction = None
        return self.reply("rset", "250 2.0.0 ok")

    def do_noop(self, _):
        self.line("250 2.0.0 ok")

    def do_quit(self, _):
        self.reply("quit", "221 2.0.0 bye")
        return CUT


def unstuffed(lines):
    starts = [True, *(line.endswith(b"\r\n") for line in lines)]
    return b"".join(line[1:] if is_start and line.startswith(b".") else line for line, is_start in zip(lines, starts))


class SmtpServer(ImapServer):
    """See above. One thread a connection."""

    def __init__(self, implicit_tls=True, certificate="good", password="secret", features=FEATURES, needs_login=True):
        super().__init__(SmtpSession, [], implicit_tls, certificate, password)
        self.features, self.needs_login = features, needs_login
        self.starttls_hidden = self.auth_in_clear = False
        self.faults, self.refused = {}, {}
        self.most_recipients = 0                               # of one transaction; 0: no limit
        self.transactions, self.logins = [], []                # logins: (mechanism, user)
        self.connections = 0
        self._lock = threading.Lock()

    @property
    def smtp_port(self):
        return self.port

    smtps_port = smtp_port

    def accepted(self):
        return [transaction for transaction in self.transactions if transaction.is_accepted]

    def next_connection(self):
        with self._lock:
            self.connections += 1
            return self.connections

    def begin(self, transaction):
        with self._lock:
            self.transactions.append(transaction)
        return transaction

    def take_fault(self, stage):
        """The fault of the stage; of a list the first, which is then gone."""
        with self._lock:
            fault = self.faults.get(stage)
            if not isinstance(fault, list):
                return fault
            return fault.pop(0) if fault else None


# -- faults that are more than a line --
def endless_lines(session):
    while True:
        session.send("250-and more\r\n" * 10_000)


def endless_line(session):
    while True:
        session.send(b"250 " + b"x" * (1 << 20))


def endless_challenge(session):
    while True:
        session.line("334 " + "A" * 10_000)
        if not session.file.readline():
            return CUT


def tarpit(session):
    """An octet now and then; it never becomes an answer."""
    while True:
        session.send("2")
        time.sleep(0.3)


def injected(session):
    """Octets of a man in the middle in the packet of the answer to STARTTLS."""
    session.send("220 2.0.0 go on\r\n250-injected\r\n250 AUTH PLAIN\r\n235 2.7.0 welcome\r\n")


ESCAPES = b"550 5.7.1 \x1b]52;c;cm0gLXJm\x07\x1b[2Jno \x9b31mmail \xe2\x80\xae for you"
