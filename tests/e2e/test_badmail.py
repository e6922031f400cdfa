"""Mail that is hardly mail: stored byte for byte, listed, opened; what kills a parser is set aside, and all else goes on."""

import json
import unittest

from servers.corpus import Corpus
from servers.dovecot import Dovecot
from servers.honest_imap import ImapServer, Mailbox, Session
from support.terminal import Terminal
from support.workspace import PATIENCE, Workspace

HEAD = b"From: Eve <eve@example.test>\r\nTo: ana@example.test\r\nDate: Wed, 18 Nov 2026 09:41:00 +0000\r\n"


def nested(depth):
    """Parts within parts, `depth` of them."""
    opening = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (level, level) for level in range(depth))
    closing = b"".join(b"\r\n--b%d--" % level for level in reversed(range(depth)))
    return HEAD + b"Message-ID: <nested@example.test>\r\nSubject: nested deep\r\nMIME-Version: 1.0\r\n" + opening + b"\r\nthe kernel\r\n" + closing + b"\r\n"


# name -> (octets, what a list must show of it)
BAD = {
    "not mail": (b"\x7fELF\x02\x01\x01\r\nthis was never a mail\r\n" + bytes(range(1, 10)) + b"\r\n", None),
    "no headers": (b"\r\njust a body, after an empty line\r\n", None),
    "mbox from": (b"From eve Wed Nov 18 09:41:00 2026\r\nSubject: mbox line\r\n\r\nhello\r\n", None),
    "huge subject": (HEAD + b"Message-ID: <huge@example.test>\r\nSubject: vast " + b"s" * (2 << 20) + b"\r\n\r\nbody\r\n", "vast"),
    "nul": (HEAD + b"Message-ID: <nul@example.test>\r\nSubject: nul inside\r\n\r\nbefore\r\nmiddle \x80\xff end\r\n", "nul inside"),
    "nested": (nested(10_000), "nested deep"),
    "many parts": (HEAD + b"Message-ID: <many@example.test>\r\nSubject: many parts\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=q\r\n\r\n"
                   + b"--q\r\n\r\nx\r\n" * 5000 + b"--q--\r\n", "many parts"),
    "escapes": (HEAD + b"Message-ID: <esc@example.test>\r\nSubject: =?utf-8?q?safe_=1b]52=3bc=3bcm0=07=1b[2J_subject?=\r\n\r\n\x1b[2J\x1b]0;owned\x07 text\r\n", "safe"),
}
KILLERS = {
    "groups": HEAD.replace(b"To: ana@example.test", b"To: " + b"g:" * 50_000) + b"Message-ID: <groups@example.test>\r\nSubject: killer groups\r\n\r\nbody\r\n",
    "colons": HEAD.replace(b"To: ana@example.test", b"To: " + b":" * 100_000) + b"Message-ID: <colons@example.test>\r\nSubject: killer colons\r\n\r\nbody\r\n",
    "parameter": HEAD + b"Message-ID: <param@example.test>\r\nSubject: killer parameter\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; "
                 + b"p" * 71 + b'="\xc3\xa9\xc3\xa9"\r\n\r\nbody\r\n',
}


class BadMailTest(unittest.TestCase):
    """One mailbox for all the tests: good mail around the bad."""

    @classmethod
    def setUpClass(cls):
        cls.workspace = cls.enterClassContext(Workspace())
        cls.server = cls.enterClassContext(Dovecot(extra="imap_max_line_length = 64k"))
        cls.good = Corpus(40).octets()
        bad = [octets for octets, _ in BAD.values()] + list(KILLERS.values())
        rows = cls.good[:20] + bad + cls.good[20:]
        cls.server.seed("INBOX", [(octets, "\\Seen") for octets in rows])
        with cls.server.client() as client:
            cls.held = [octets for octets, _ in client.messages("INBOX").values()]
        cls.workspace.account(cls.server)
        cls.outcome = cls.workspace.run("sync", "--json")

    def test_the_sync_succeeds(self):
        self.assertEqual(self.outcome.status, 0, self.outcome)
        self.assertEqual(self.outcome.events()[-1]["downloaded"], len(self.held))

    def test_everything_is_stored_byte_for_byte(self):
        self.assertEqual(sorted(self.workspace.stored().values()), sorted(self.held))

    def test_all_good_mail_is_indexed(self):
        self.assertGreaterEqual(self.workspace.count(), len(self.good))
        self.assertEqual(self.workspace.count("from:example and to:ana"), self.workspace.count("to:ana and from:example"))
        for octets in self.good:
            identity = octets.partition(b"Message-ID: <")[2].partition(b">")[0].decode()
            self.assertEqual(self.workspace.count(f"id:{identity}"), 1)

    def test_what_is_not_in_the_index_is_counted(self):
        self.assertEqual(self.workspace.count() + self.outcome.events()[-1]["unindexed"], len(self.held))

    def test_a_second_run_tries_nothing_again(self):
        again = self.workspace.run("sync", "--json")
        self.assertEqual(again.status, 0, again)
        self.assertEqual(again.events()[-1]["downloaded"], 0)
        self.assertEqual(again.events()[-1]["unindexed"], self.outcome.events()[-1]["unindexed"])
        self.assertLess(again.seconds, 20 * PATIENCE)

    def test_indexed_bad_mail_is_found_and_shown(self):
        for name, (_, subject) in BAD.items():
            if subject is None:
                continue
            with self.subTest(name):
                outcome = self.workspace.run("search", "--format=json", f'subject:"{subject}"')
                self.assertEqual(outcome.status, 0, outcome)
                self.assertGreaterEqual(len(json.loads(outcome.text)), 1)
                shown = self.workspace.run("show", f'subject:"{subject}"')
                self.assertEqual(shown.status, 0, shown)
                self.assertNotIn(b"\x1b", shown.stdout)
                self.assertNotIn(b"\x07", shown.stdout)

    def test_the_raw_octets_of_every_indexed_message_come_back(self):
        for name, identity in (("huge subject", "huge@example.test"), ("nul", "nul@example.test"), ("nested", "nested@example.test")):
            with self.subTest(name):
                outcome = self.workspace.run("show", "--format=raw", f"id:{identity}")
                self.assertEqual(outcome.status, 0, outcome.errors)
                self.assertIn(outcome.stdout, self.held)

    def test_the_interface_lists_and_opens_all_of_it(self):
        with Terminal([], self.workspace.environment(), columns=120, rows=70) as terminal:
            terminal.wait_for("nested deep")
            for text in ("vast", "nul inside", "many parts", "safe"):
                terminal.wait_for(text)
            for _ in range(14):
                terminal.press("\r")
                terminal.settle()
                self.assertIsNone(terminal.process.poll(), terminal.text)
                terminal.press("q")
                terminal.settle()
                terminal.press("j")
            self.assertNotIn(b"\x1b]52", terminal.output)
            self.assertNotIn(b"owned\x07", terminal.output)

    def test_what_is_not_indexed_is_listed_and_read(self):
        with Terminal([], self.workspace.environment(), columns=120, rows=40) as terminal:
            terminal.wait_for("Not indexed")
            terminal.press(":view not-indexed\r")
            terminal.wait_for("killer groups")
            self.assertNotIn("nested deep", terminal.text)
            terminal.press("\r")
            terminal.wait_for("nests too many groups")
            terminal.wait_for("g:g:g:")
            terminal.press("q")
            terminal.wait_while("nests too many groups")
            terminal.press("G\r")
            terminal.wait_for_match("this was never a mail|just a body")


class NulTest(unittest.TestCase):
    """Dovecot never sends a NUL; a server that does is obeyed, for the message is stored as it is."""

    def test_a_message_with_a_nul_is_stored_listed_and_opened(self):
        message = HEAD + b"Message-ID: <zero@example.test>\r\nSubject: zero inside\r\n\r\nbefore \x00\x00 after\r\n"
        with ImapServer(Session, [Mailbox("INBOX", [*Corpus(3).octets(), message])]) as server, Workspace() as workspace:
            workspace.account(server, port=server.port)
            outcome = workspace.run("sync", "--json")
            self.assertEqual(outcome.status, 0, outcome)
            self.assertIn(message, workspace.stored().values())
            shown = workspace.run("show", "id:zero@example.test")
            self.assertIn("after", shown.text)
            self.assertNotIn(b"\x00", shown.stdout)
            self.assertEqual(workspace.run("show", "--format=raw", "id:zero@example.test").stdout, message)


if __name__ == "__main__":
    unittest.main()
