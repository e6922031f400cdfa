"""Hostile and broken IMAP servers, one small class each. What an attack may break is in its row of ATTACKS.

scope  folder: INBOX fails, the next folder goes on · account: nothing can be fetched · none: nothing is lost at all
exits  the exit statuses that are right · stored: how many of INBOX's messages are on disk afterwards (None: any whole ones)
"""

import dataclasses
import os
import socket
import struct
import time

from servers.honest_imap import Mailbox, Session

ATTACKS = {}
PROTOCOL, LATER = (76,), (69, 75, 76)


@dataclasses.dataclass(frozen=True)
class Attack:
    session: type
    scope: str
    exits: tuple
    stored: int | None = None
    implicit_tls: bool = True
    certificate: str = "good"


def attack(name, scope, exits, **more):
    def register(session):
        ATTACKS[name] = Attack(session, scope, exits, **more)
        return session
    return register


class InInbox(Session):
    """Honest everywhere but in INBOX."""

    @property
    def in_inbox(self):
        return self.selected is not None and self.selected.wire == "INBOX"

    def body(self, number, uid, octets):
        if self.in_inbox and uid == 3:
            return self.attack_body(number, uid, octets)
        return super().body(number, uid, octets)

    def attack_body(self, number, uid, octets):
        return super().body(number, uid, octets)


# -- A: before TLS, and the certificate --
for _variant in ("wronghost", "expired", "selfsigned", "cn-only"):
    ATTACKS["tls-" + _variant] = Attack(Session, "account", PROTOCOL, 0, certificate=_variant)


@attack("starttls-strip", "account", PROTOCOL, stored=0, implicit_tls=False)
class StartTlsStrip(Session):
    def capabilities_now(self):
        return "IMAP4rev1 AUTH=PLAIN"

    def do_starttls(self, _):
        self.line(f"{self.tag} BAD unknown command")


@attack("starttls-no", "account", PROTOCOL, stored=0, implicit_tls=False)
class StartTlsNo(Session):
    def do_starttls(self, _):
        self.line(f"{self.tag} NO not today")


@attack("starttls-preauth", "account", PROTOCOL, stored=0, implicit_tls=False)
class StartTlsPreauth(Session):
    def greeting(self):
        self.line("* PREAUTH [CAPABILITY IMAP4rev1] welcome, no need for TLS")


@attack("starttls-inject-suffix", "account", (0,) + LATER, implicit_tls=False)
class StartTlsInject(Session):
    def do_starttls(self, _):
        self.send(f"{self.tag} OK begin TLS\r\n* LIST () \"/\" \"Injected\"\r\n* CAPABILITY IMAP4rev1 LOGINDISABLED\r\n")
        self.start_tls()


# -- C: the parser and its limits --
@attack("greeting-nonsense", "account", LATER, stored=0)
class GreetingNonsense(Session):
    def greeting(self):
        self.send(b"\x16\x03\x00\xff\xfe nonsense \x00\x01\r\n220 smtp.example.test ESMTP\r\n")


@attack("greeting-stall", "account", LATER, stored=0)
class GreetingStall(Session):
    def greeting(self):
        self.wait_until_closed()


def _literal_attack(name, size):
    @attack(name, "folder", PROTOCOL)
    class Literal(InInbox):
        def attack_body(self, number, uid, octets):
            self.send(b"* %d FETCH (UID %d BODY[] {%s}\r\n" % (number, uid, size) + octets + b")\r\n")
            self.wait_until_closed()
            return "close"
    return Literal


for _name, _size in (("literal-4g", b"4294967295"), ("literal-u64", b"18446744073709551617"), ("literal-negative", b"-1"),
                     ("literal-hex", b"0x10"), ("literal-blank", b"1 ")):
    _literal_attack(_name, _size)


@attack("literal-too-small", "folder", PROTOCOL)
class LiteralTooSmall(InInbox):
    def attack_body(self, number, uid, octets):
        self.send(b"* %d FETCH (UID %d BODY[] {16}\r\n" % (number, uid) + octets[:16] + b"\r\n* 1 EXPUNGE\r\n" + octets[16:] + b")\r\n")


@attack("line-endless", "folder", PROTOCOL)
class LineEndless(InInbox):
    def attack_body(self, number, uid, octets):
        self.send(b"* OK ")
        for _ in range(64):
            self.send(b"a" * (1 << 20))
        self.wait_until_closed()
        return "close"


@attack("paren-bomb", "folder", (0,) + PROTOCOL)
class ParenBomb(InInbox):
    def attack_body(self, number, uid, octets):
        self.send(b"* %d FETCH (UID %d BODYSTRUCTURE " % (number, uid) + b"(" * 500_000 + b"\r\n")


@attack("nul-bytes", "folder", (0,) + PROTOCOL)
class NulBytes(InInbox):
    def attack_body(self, number, uid, octets):
        self.send(b"* 1 FE\0TCH (UID \0 3)\r\n")
        return Session.body(self, number, uid, octets)


@attack("tag-mismatch", "folder", LATER)
class TagMismatch(InInbox):
    def do_uid_fetch(self, arguments):
        if self.in_inbox:
            self.tag = "nobody-asked"
        return super().do_uid_fetch(arguments)


@attack("stray-continuation", "none", (0,))
class StrayContinuation(InInbox):
    def attack_body(self, number, uid, octets):
        self.line("+ send me your password")
        return super().attack_body(number, uid, octets)


@attack("appenduid-unexpected", "none", (0,))
class UnexpectedCodes(Session):
    def ok(self, text="done"):
        super().ok("[APPENDUID 1 4294967295] " + text if not text.startswith("[") else text)


@attack("no-without-text", "folder", LATER)
class NoWithoutText(Session):
    def select(self, mailbox):
        if mailbox.wire == "INBOX":
            return self.line(f"{self.tag} NO")
        return super().select(mailbox)


@attack("keyword-flood", "none", (0,) + PROTOCOL)
class KeywordFlood(InInbox):
    def fetch_lists(self, rows):
        if not self.in_inbox:
            return super().fetch_lists(rows)
        flood = " ".join(f"key{number}" for number in range(100_000))
        for number, uid, octets in rows:
            self.line(f"* {number} FETCH (UID {uid} FLAGS (\\Seen {flood}) RFC822.SIZE {len(octets)})")
        return self.ok()


@attack("exists-huge", "none", (0,) + PROTOCOL)
class ExistsHuge(InInbox):
    def select(self, mailbox):
        if mailbox.wire == "INBOX":
            self.line("* 4294967295 EXISTS")
        return super().select(mailbox)


@attack("list-flood", "account", (0,) + PROTOCOL)
class ListFlood(Session):
    def do_list(self, arguments):
        for start in range(0, 300_000, 1000):
            self.send("".join(f'* LIST (\\Noselect) "/" "flood{number}"\r\n' for number in range(start, start + 1000)))
        return super().do_list(arguments)


@attack("fetch-stall", "folder", LATER)
class FetchStall(InInbox):
    def attack_body(self, number, uid, octets):
        self.wait_until_closed()
        return "close"


@attack("slowloris", "folder", LATER)
class Slowloris(InInbox):
    def attack_body(self, number, uid, octets):
        self.send(b"* %d FETCH (UID %d BODY[] {%d}\r\n" % (number, uid, len(octets)))
        for octet in octets[:8]:
            self.send(bytes([octet]))
            time.sleep(0.3)
        self.wait_until_closed()
        return "close"


@attack("text-escapes", "none", (0,))
class TextEscapes(InInbox):
    def attack_body(self, number, uid, octets):
        self.send(b"* OK [ALERT] \x1b]52;c;cm0gLXJm\x07\x1b[2Jyour mail\x9b31m is gone\r\n")
        return super().attack_body(number, uid, octets)


# -- D: names --
TRAVERSAL = ("../../escaped", "/etc/escaped", "..", ".", "a//b", "a/../../b", "cur", "new/x", "tmp", ".notmuch", "x/.notmuch/y", "&AC8-x",
             "&AC4ALg-", "&AC4ALgAv-x", "x" * 3000, "/".join("d" * 200 for _ in range(40)), "a\tb", "-rf", "~root", "$(touch pwned)", "`touch pwned`",
             "|touch pwned", "a;touch pwned", "..\\\\..\\\\x", "&2AA-", "con fusion ")


class AnyName(Session):
    """Every name can be selected, so a name that should have been refused would become a folder."""

    def find(self, name):
        return super().find(name) or Mailbox(name, [])


@attack("mailbox-traversal", "none", (0, 65) + PROTOCOL)
class MailboxTraversal(AnyName):
    def do_list(self, arguments):
        for name in TRAVERSAL:
            self.line(f'* LIST () "/" "{name}"')
        return super().do_list(arguments)


@attack("delimiter-weird", "none", (0, 65) + PROTOCOL)
class DelimiterWeird(AnyName):
    def do_list(self, arguments):
        self.line('* LIST () NIL "flat/../name"')
        self.line('* LIST () "\\\\" "back\\\\..\\\\slash"')
        return super().do_list(arguments)


# -- E: meaning --
@attack("fetch-wrong-uid", "folder", (0,) + PROTOCOL)
class FetchWrongUid(InInbox):
    def attack_body(self, number, uid, octets):
        return Session.body(self, number, 777, b"From: mallory@example.test\r\nSubject: PLANTED\r\n\r\nplanted\r\n")


@attack("fetch-unsolicited", "none", (0,) + PROTOCOL)
class FetchUnsolicited(InInbox):
    def fetch_lists(self, rows):
        if self.in_inbox:
            Session.body(self, 1, 1, b"From: mallory@example.test\r\nSubject: PLANTED\r\n\r\nplanted\r\n")
        return super().fetch_lists(rows)


@attack("fetch-nil-body", "folder", (0,) + LATER)
class FetchNilBody(InInbox):
    def attack_body(self, number, uid, octets):
        self.line(f"* {number} FETCH (UID {uid} BODY[] NIL)")


@attack("fetch-no-headers", "none", (0,))
class FetchNoHeaders(Session):
    pass


@attack("fetch-out-of-order", "none", (0,))
class FetchOutOfOrder(InInbox):
    def fetch_bodies(self, rows):
        return super().fetch_bodies(sorted(rows, key=lambda row: (row[1] % 3, -row[1])))


@attack("expunge-bogus", "none", (0,))
class ExpungeBogus(InInbox):
    def attack_body(self, number, uid, octets):
        self.line("* 4000000000 EXPUNGE")
        self.line("* 0 EXPUNGE")
        return super().attack_body(number, uid, octets)


@attack("uid-overflow", "folder", (0,) + PROTOCOL)
class UidOverflow(InInbox):
    def fetch_lists(self, rows):
        if self.in_inbox:
            for uid in ("0", "4294967296", "99999999999999999999"):
                self.line(f"* 1 FETCH (UID {uid} FLAGS () RFC822.SIZE 10)")
        return super().fetch_lists(rows)


@attack("uidvalidity-missing", "folder", (0,) + PROTOCOL)
class UidValidityMissing(InInbox):
    def select(self, mailbox):
        if mailbox.wire != "INBOX":
            return super().select(mailbox)
        self.line(f"* {len(mailbox.messages)} EXISTS")
        return self.ok("[READ-ONLY] selected")


def _cut(session, number, uid, octets, how):
    session.send(b"* %d FETCH (UID %d BODY[] {%d}\r\n" % (number, uid, len(octets)) + octets[:len(octets) // 2])
    how(session.connection)
    return "close"


def _fin(connection):
    """A FIN without the close_notify of TLS."""
    connection.shutdown(socket.SHUT_RDWR)


def _reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    os.close(connection.detach())


@attack("literal-short-fin", "folder", LATER)
class LiteralShortFin(InInbox):
    def attack_body(self, number, uid, octets):
        return _cut(self, number, uid, octets, _fin)


@attack("literal-short-rst", "folder", LATER)
class LiteralShortReset(InInbox):
    def attack_body(self, number, uid, octets):
        return _cut(self, number, uid, octets, _reset)


@attack("bye-mid-session", "folder", LATER)
class ByeMidSession(InInbox):
    def attack_body(self, number, uid, octets):
        self.line("* BYE shutting down for maintenance")
        return "close"


@attack("bye-mid-literal", "folder", LATER)
class ByeMidLiteral(InInbox):
    def attack_body(self, number, uid, octets):
        self.send(b"* %d FETCH (UID %d BODY[] {%d}\r\n" % (number, uid, len(octets)) + octets[:30] + b"\r\n* BYE gone\r\n")
        return "close"
