"""A small scripted IMAP4rev1 server that answers honestly. What lies is made from it (hostile_imap.py)."""

import base64
import contextlib
import re
import socket
import ssl
import tempfile
import threading

from servers.imap_client import wire_name
from servers.pki import Authority


class Mailbox:
    def __init__(self, name, messages, role="", uid_validity=4711):
        self.wire, self.role, self.uid_validity = wire_name(name), role, uid_validity
        self.messages = [(uid, octets) for uid, octets in enumerate(messages, 1)]

    @property
    def uid_next(self):
        return max((uid for uid, _ in self.messages), default=0) + 1


class Session:
    """One connection. Attacks override the steps; every step sends what it says, nothing else."""

    capabilities = "IMAP4rev1 LITERAL+ SASL-IR AUTH=PLAIN SPECIAL-USE UIDPLUS"

    def __init__(self, server, connection):
        self.server, self.connection = server, connection
        self.file = None
        self.secure = False
        self.selected = None
        self.tag = "*"

    # -- the wire --
    def send(self, octets):
        self.connection.sendall(octets if isinstance(octets, bytes) else octets.encode())

    def line(self, text):
        self.send(text.encode() + b"\r\n")

    def ok(self, text="done"):
        self.line(f"{self.tag} OK {text}")

    def wait_until_closed(self):
        """Says nothing more, until the other side loses patience."""
        with contextlib.suppress(OSError):
            while self.connection.recv(65536):
                pass

    def start_tls(self):
        self.connection = self.server.tls.wrap_socket(self.connection, server_side=True)
        self.server.opened(self.connection)
        self.file = self.connection.makefile("rb")
        self.secure = True

    def read_command(self):
        """One command line; literals stand in it in quotes. Nothing at the end."""
        text = ""
        while True:
            raw = self.file.readline(1 << 20)
            if not raw:
                return None
            text += raw.decode("utf-8", "replace").rstrip("\r\n")
            literal = re.search(r"\{(\d+)(\+?)\}$", text)
            if not literal:
                return text
            if not literal.group(2):
                self.line("+ go on")
            text = text[:literal.start()] + '"' + self.file.read(int(literal.group(1))).decode("utf-8", "replace") + '"'

    def run(self):
        self.file = self.connection.makefile("rb")
        if self.server.implicit_tls:
            self.start_tls()
        self.greeting()
        while (command := self.read_command()) is not None:
            self.server.commands.append((self.secure, command))
            self.tag, _, rest = command.partition(" ")
            name, _, arguments = rest.partition(" ")
            if name.upper() == "UID":
                name, _, arguments = arguments.partition(" ")
                name = "uid_" + name
            step = getattr(self, "do_" + name.lower(), None)
            if step is None:
                self.line(f"{self.tag} BAD what is {name[:40]}?")
            elif step(arguments) == "close":
                return

    # -- the steps --
    def greeting(self):
        self.line(f"* OK [CAPABILITY {self.capabilities_now()}] ready")

    def capabilities_now(self):
        return self.capabilities if self.secure else "IMAP4rev1 STARTTLS LOGINDISABLED"

    def do_capability(self, _):
        self.line(f"* CAPABILITY {self.capabilities_now()}")
        self.ok()

    def do_starttls(self, _):
        self.ok("begin TLS")
        self.start_tls()

    def do_authenticate(self, arguments):
        _, _, initial = arguments.partition(" ")
        if not initial:
            self.line("+ ")
            initial = self.file.readline().decode().strip()
        self.logged_in(base64.b64decode(initial).split(b"\0")[-1].decode())

    def do_login(self, arguments):
        self.logged_in(arguments.rpartition(" ")[2].strip('"'))

    def logged_in(self, password):
        if password != self.server.password:
            self.line(f"{self.tag} NO [AUTHENTICATIONFAILED] no")
        else:
            self.ok(f"[CAPABILITY {self.capabilities_now()}] welcome")

    def do_noop(self, _):
        self.ok()

    def do_id(self, _):
        self.line("* ID NIL")
        self.ok()

    def do_enable(self, _):
        self.line("* ENABLED")
        self.ok()

    def do_namespace(self, _):
        self.line('* NAMESPACE (("" "/")) NIL NIL')
        self.ok()

    def do_logout(self, _):
        self.line("* BYE")
        self.ok()
        return "close"

    def do_list(self, _):
        for mailbox in self.server.mailboxes:
            self.line(f'* LIST ({mailbox.role}) "/" "{mailbox.wire}"')
        self.ok()

    def do_status(self, arguments):
        name = re.match(r'"?([^"(]*?)"?\s*\(', arguments).group(1)
        mailbox = self.find(name)
        if mailbox:
            self.line(f'* STATUS "{mailbox.wire}" (MESSAGES {len(mailbox.messages)} UIDNEXT {mailbox.uid_next} UIDVALIDITY {mailbox.uid_validity})')
        self.ok()

    def find(self, name):
        return next((mailbox for mailbox in self.server.mailboxes if mailbox.wire == name), None)

    def do_select(self, arguments):
        name = re.match(r'"([^"]*)"|(\S+)', arguments)
        mailbox = self.find(name.group(1) or name.group(2) or "")
        if mailbox is None:
            return self.line(f"{self.tag} NO [NONEXISTENT] no such mailbox")
        self.selected = mailbox
        return self.select(mailbox)

    do_examine = do_select

    def select(self, mailbox):
        self.line("* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)")
        self.line(f"* {len(mailbox.messages)} EXISTS")
        self.line(f"* OK [UIDVALIDITY {mailbox.uid_validity}] valid")
        self.line(f"* OK [UIDNEXT {mailbox.uid_next}] next")
        self.ok("[READ-ONLY] selected")

    def do_close(self, _):
        self.selected = None
        self.ok()

    do_unselect = do_close

    def asked(self, sequence_set, by_uid=True):
        """[(sequence number, uid, octets)] of a set like 1:3,7:*."""
        rows = [(number, uid, octets) for number, (uid, octets) in enumerate(self.selected.messages, 1)]
        last = max((row[1 if by_uid else 0] for row in rows), default=0)
        wanted = []
        for item in sequence_set.split(","):
            low, _, high = item.partition(":")
            low = last if low == "*" else int(low)
            high = low if not high else last if high == "*" else int(high)
            wanted.append((min(low, high), max(low, high)))
        key = 1 if by_uid else 0
        return [row for row in rows if any(low <= row[key] <= high for low, high in wanted)]

    def do_uid_search(self, _):
        self.line("* SEARCH " + " ".join(str(uid) for uid, _ in self.selected.messages))
        self.ok()

    def do_uid_fetch(self, arguments):
        sequence_set, _, items = arguments.partition(" ")
        if "BODY" in items.upper():
            return self.fetch_bodies(self.asked(sequence_set))
        return self.fetch_lists(self.asked(sequence_set))

    def fetch_lists(self, rows):
        for number, uid, octets in rows:
            self.line(f"* {number} FETCH (UID {uid} FLAGS (\\Seen) RFC822.SIZE {len(octets)} "
                      f'INTERNALDATE "18-Nov-2026 09:41:00 +0000")')
        self.ok()

    def fetch_bodies(self, rows):
        for row in rows:
            if self.body(*row) == "close":
                return "close"
        return self.ok()

    def body(self, number, uid, octets):
        self.send(b"* %d FETCH (UID %d FLAGS (\\Seen) BODY[] {%d}\r\n" % (number, uid, len(octets)) + octets + b")\r\n")


class ImapServer:
    """with ImapServer(Session, mailboxes) as server: ... server.port. One thread a connection."""

    def __init__(self, session, mailboxes, implicit_tls=True, certificate="good", password="secret"):
        self.session, self.mailboxes, self.implicit_tls, self.password = session, mailboxes, implicit_tls, password
        self.commands = []  # (was it encrypted?, command line) of all connections
        self.state = {}     # for attacks that happen once
        self._certificate = certificate
        self._sockets, self._threads, self._stopping = [], [], False

    def __enter__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="vjh", dir="/tmp")
        authority = Authority(self._folder.name)
        self.ca_file = authority.ca_file
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(*authority.certificate(self._certificate))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()
        return self

    def __exit__(self, *_):
        self._stopping = True
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in list(self._sockets):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self._accepting.join(10)
        for thread in self._threads:
            thread.join(10)
        self._folder.cleanup()

    def opened(self, connection):
        """One more socket to close at the end; TLS makes a new one."""
        self._sockets.append(connection)

    def wait_for_sessions(self):
        """Until everything is read that clients sent who have gone. There may be no other clients."""
        for thread in self._threads:
            thread.join()

    def _accept(self):
        while not self._stopping:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.opened(connection)
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection):
        session = self.session(self, connection)
        # A client that goes away, or whose certificate check fails, is the normal case here.
        with contextlib.suppress(OSError, ValueError):
            session.run()
        with contextlib.suppress(OSError):
            session.connection.shutdown(socket.SHUT_RDWR)
        session.connection.close()
