"""An honest little POP3 server, and hostile and broken ones made from it, one small class each. What an attack may break is in its row of ATTACKS.

exits  the exit statuses that are right · stored: how many messages are on disk afterwards (None: any whole ones)
"""

import base64
import dataclasses
import time

from servers.honest_imap import ImapServer, Session

ATTACKS = {}
PROTOCOL, LATER = (76,), (69, 75, 76)


class Pop3Session(Session):
    """One connection. Attacks override the steps; every step sends what it says, nothing else."""

    features = ("TOP", "UIDL", "PIPELINING", "RESP-CODES", "SASL PLAIN LOGIN")

    def run(self):
        self.file = self.connection.makefile("rb")
        if self.server.implicit_tls:
            self.start_tls()
        self.messages = list(enumerate(self.server.mailboxes, 1))
        self.deleted = set()
        self.greeting()
        while raw := self.file.readline(1 << 20):
            command = raw.decode("utf-8", "replace").rstrip("\r\n")
            self.server.commands.append((self.secure, command))
            name, _, arguments = command.partition(" ")
            step = getattr(self, "do_" + name.lower(), None)
            if step is None:
                self.line(f"-ERR what is {name[:40]}?")
            elif step(arguments) == "close":
                return

    def greeting(self):
        self.line("+OK ready")

    def listing(self, lines):
        self.send("+OK\r\n" + "".join(line + "\r\n" for line in lines) + ".\r\n")

    def left(self):
        return [(number, octets) for number, octets in self.messages if number not in self.deleted]

    def do_capa(self, _):
        self.listing(self.features if self.secure else (*self.features, "STLS"))

    def do_stls(self, _):
        self.line("+OK begin TLS")
        self.start_tls()

    def do_auth(self, arguments):
        _, _, initial = arguments.partition(" ")
        if not initial:
            self.line("+ ")
            initial = self.file.readline().decode().strip()
        self.logged_in(base64.b64decode(initial).split(b"\0")[-1].decode())

    def do_user(self, _):
        self.line("+OK")

    def do_pass(self, password):
        self.logged_in(password)

    def logged_in(self, password):
        self.line("+OK welcome" if password == self.server.password else "-ERR [AUTH] no")

    def do_stat(self, _):
        self.line(f"+OK {len(self.left())} {sum(len(octets) for _, octets in self.left())}")

    def do_list(self, _):
        self.listing(f"{number} {len(octets)}" for number, octets in self.left())

    def do_uidl(self, _):
        self.listing(f"{number} {self.uidl(number)}" for number, _ in self.left())

    def uidl(self, number):
        return f"uidl-{number}"

    def do_retr(self, arguments):
        octets = dict(self.messages).get(int(arguments))
        return self.line("-ERR no such message") if octets is None else self.message(int(arguments), octets)

    def message(self, number, octets):
        self.send(b"+OK\r\n" + self.stuffed(octets) + b".\r\n")

    @staticmethod
    def stuffed(octets):
        return (b"." if octets.startswith(b".") else b"") + octets.replace(b"\r\n.", b"\r\n..")

    def do_top(self, arguments):
        octets = dict(self.messages).get(int(arguments.split()[0]))
        if octets is None:
            return self.line("-ERR no such message")
        return self.send(b"+OK\r\n" + self.stuffed(octets.partition(b"\r\n\r\n")[0] + b"\r\n\r\n") + b".\r\n")

    def do_dele(self, arguments):
        self.deleted.add(int(arguments))
        self.line("+OK")

    def do_noop(self, _):
        self.line("+OK")

    def do_quit(self, _):
        self.server.mailboxes[:] = [octets for _, octets in self.left()]
        self.line("+OK bye")
        return "close"


class Pop3Server(ImapServer):
    """with Pop3Server(Pop3Session, messages) as server: ... server.port."""


@dataclasses.dataclass(frozen=True)
class Attack:
    session: type
    exits: tuple
    stored: int | None = None
    implicit_tls: bool = True


def attack(name, exits, **more):
    def register(session):
        ATTACKS[name] = Attack(session, exits, **more)
        return session
    return register


class InThird(Pop3Session):
    """Honest everywhere but in the third message."""

    def message(self, number, octets):
        if number == 3:
            return self.third(octets)
        return super().message(number, octets)


ATTACKS["none"] = Attack(Pop3Session, (0,), 6)
ATTACKS["none-stls"] = Attack(Pop3Session, (0,), 6, implicit_tls=False)


# -- before TLS --
@attack("stls-strip", PROTOCOL, stored=0, implicit_tls=False)
class StlsStrip(Pop3Session):
    def do_capa(self, _):
        self.listing(self.features)

    def do_stls(self, _):
        self.line("-ERR what is that?")


@attack("stls-err", PROTOCOL, stored=0, implicit_tls=False)
class StlsErr(Pop3Session):
    def do_stls(self, _):
        self.line("-ERR not today")


@attack("stls-inject", (0,) + LATER, implicit_tls=False)
class StlsInject(Pop3Session):
    def do_stls(self, _):
        self.send("+OK begin TLS\r\n+OK\r\nSASL PLAIN\r\n.\r\n+OK logged in\r\n")
        self.start_tls()


@attack("apop-bogus", (0, 77), implicit_tls=True)
class ApopBogus(Pop3Session):
    features = ("TOP", "UIDL", "USER")

    def greeting(self):
        self.line("+OK ready <\x01\x02crafted.challenge@example.test>")

    def do_apop(self, _):
        self.server.state["apop"] = True
        self.line("+OK")


@attack("greeting-nonsense", LATER, stored=0)
class GreetingNonsense(Pop3Session):
    def greeting(self):
        self.send(b"* OK I am another protocol\r\n\x16\x03\x00\xff\r\n")


@attack("login-spoken-for", (0,), stored=6)
class LoginSpokenFor(Pop3Session):
    def logged_in(self, password):
        self.send("+OK welcome\r\n+OK 5 messages\r\nnonsense that nobody asked for\r\n")


# -- the mailbox --
@attack("in-use", (75,), stored=0)
class InUse(Pop3Session):
    def logged_in(self, password):
        self.line("-ERR [IN-USE] Do you have another POP session running?")


@attack("uidl-traversal", (0,), stored=6)
class UidlTraversal(Pop3Session):
    def uidl(self, number):
        return ("../../escaped", "/etc/escaped", "..", "x/../y", "$(touch pwned)", "~")[number - 1]


@attack("uidl-empty", (0,), stored=6)
class UidlEmpty(Pop3Session):
    def uidl(self, number):
        return ""


@attack("uidl-duplicate", (0,), stored=6)
class UidlDuplicate(Pop3Session):
    def uidl(self, number):
        return "the-same"


@attack("uidl-odd", (0,), stored=6)
class UidlOdd(Pop3Session):
    def uidl(self, number):
        return ("\x1b]52;c;cm0gLXJm\x07", "x" * 100_000, "with spaces in it", "\xff\xfe", "'; DROP TABLE uid_book; --", "ok")[number - 1]


@attack("uidl-flood", PROTOCOL, stored=0)
class UidlFlood(Pop3Session):
    def do_uidl(self, _):
        self.send("+OK\r\n")
        for start in range(1, 1_000_000, 10_000):
            self.send("".join(f"{number} uidl-{number}\r\n" for number in range(start, start + 10_000)))


@attack("list-flood", PROTOCOL, stored=0)
class ListFlood(Pop3Session):
    def do_list(self, _):
        self.send("+OK\r\n")
        for start in range(1, 1_000_000, 10_000):
            self.send("".join(f"{number} 100\r\n" for number in range(start, start + 10_000)))


@attack("line-endless", PROTOCOL, stored=0)
class LineEndless(Pop3Session):
    def do_uidl(self, _):
        self.send("+OK\r\n1 ")
        for _ in range(64):
            self.send(b"a" * (1 << 20))
        self.wait_until_closed()
        return "close"


@attack("count-lies", (0,), stored=6)
class CountLies(Pop3Session):
    def do_stat(self, _):
        self.line("+OK 4294967296 18446744073709551616")


@attack("sizes-absurd", (0,) + LATER)
class SizesAbsurd(Pop3Session):
    def do_list(self, _):
        self.listing(("1 18446744073709551615", "2 18446744073709551616", "3 -1", "4 4294967296", "5 0", "4294967295 10"))


# -- messages --
@attack("retr-cut", LATER, stored=5)
class RetrCut(InThird):
    def third(self, octets):
        self.send(b"+OK\r\n" + octets[:len(octets) // 2])
        return "close"


@attack("retr-cut-at-line", LATER, stored=5)
class RetrCutAtLine(InThird):
    def third(self, octets):
        self.send(b"+OK\r\n" + self.stuffed(octets))
        return "close"


@attack("retr-short", (75,), stored=5)
class RetrShort(InThird):
    def do_list(self, _):
        self.listing(f"{number} {len(octets) + (100_000 if number == 3 else 0)}" for number, octets in self.left())

    def third(self, octets):
        return Pop3Session.message(self, 0, octets)


@attack("retr-endless", LATER, stored=5)
class RetrEndless(InThird):
    def third(self, octets):
        self.send(b"+OK\r\n")
        for _ in range(300):
            self.send(b"a" * (1 << 20))
        self.wait_until_closed()
        return "close"


@attack("retr-empty", (75,), stored=5)
class RetrEmpty(InThird):
    def third(self, octets):
        self.send("+OK\r\n.\r\n")


@attack("err-escapes", (75,), stored=5)
class ErrEscapes(InThird):
    def third(self, octets):
        self.send(b"-ERR \x1b]52;c;cm0gLXJm\x07\x1b[2Jyour mail\x9b31m is gone\r\n")


@attack("retr-stall", LATER, stored=None)
class RetrStall(InThird):
    def third(self, octets):
        self.send(b"+OK\r\n" + octets[:20])
        self.wait_until_closed()
        return "close"


@attack("slowloris", LATER)
class Slowloris(InThird):
    def third(self, octets):
        self.send(b"+OK\r\n")
        for octet in octets[:8]:
            self.send(bytes([octet]))
            time.sleep(0.3)
        self.wait_until_closed()
        return "close"


@attack("answers-too-many", (0,) + LATER)
class AnswersTooMany(InThird):
    def third(self, octets):
        Pop3Session.message(self, 3, octets)
        self.send("+OK\r\n" * 100)


@attack("no-status", PROTOCOL)
class NoStatus(InThird):
    def third(self, octets):
        self.send(b"Subject: no status line\r\n\r\nx\r\n.\r\n")
