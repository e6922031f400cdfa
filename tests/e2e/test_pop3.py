"""`valija sync` by POP3: a real Dovecot, and every attack of servers/hostile_pop3.py."""

import collections
import hashlib
import os
import poplib
import signal
import sqlite3
import ssl
import time
import unittest

from servers.corpus import Corpus
from servers.dovecot import Dovecot
from servers.hostile_pop3 import ATTACKS, Pop3Server, Pop3Session
from support.beside import beside
from support.workspace import PATIENCE, Workspace

load_tests = beside("test_slowloris", "test_retr_stall", "test_a_locked_mailbox_is_for_later")
DAY = 24 * 60 * 60
DOTS = (b"Message-ID: <dots@example.test>\r\nSubject: dots\r\n\r\n.\r\n..\r\n. \r\n.a\r\n...b\r\n\r\n.\r\n",
        b".starts: with a dot\r\nSubject: dots again\r\n\r\n.end\r\n")


def digests(messages):
    """How often each message occurs, as a multiset that compares and prints well."""
    return collections.Counter(hashlib.sha256(octets).hexdigest()[:16] for octets in messages)


class Pop3Test(unittest.TestCase):
    def setUp(self):
        self.workspace = self.enterContext(Workspace())

    def dovecot(self, messages, scheme="pop3s", more="", **how):
        server = self.enterContext(Dovecot(**how))
        if messages:
            server.seed("INBOX", messages)
        self.workspace.account(server, scheme=scheme, more=more)
        return server

    def sync(self, *arguments, status=0, **how):
        outcome = self.workspace.run("sync", "--json", *arguments, **how)
        self.assertEqual(outcome.status, status, outcome)
        return outcome.events()[-1]

    def assert_stored(self, messages):
        self.assertEqual(digests(self.workspace.stored().values()), digests(messages))
        self.assertEqual(self.workspace.leftovers(), [])

    def left_on(self, server):
        with server.client() as client:
            return [octets for octets, _ in client.messages("INBOX").values()]


class DovecotTest(Pop3Test):
    def test_a_first_sync_brings_all_and_a_second_nothing(self):
        messages = Corpus(1000).octets() + list(DOTS)
        for scheme in ("pop3s", "pop3"):
            with self.subTest(scheme), Workspace() as self.workspace:
                server = self.dovecot(messages, scheme)
                self.assertEqual(self.sync()["downloaded"], len(messages))
                self.assert_stored(messages)
                self.assertEqual(self.workspace.count("tag:inbox and tag:unread"), len(messages))
                self.assertEqual(self.sync()["downloaded"], 0)
                self.assertEqual(server.retrieved(), len(messages))
                new = Corpus(3, seed=9).octets()
                server.seed("INBOX", new)
                self.assertEqual(self.sync()["downloaded"], 3)
                self.assert_stored(messages + new)
                self.assertEqual(len(self.left_on(server)), len(messages) + 3)

    def test_ten_thousand_small_messages_come_in_one_flow(self):
        messages = [b"Message-ID: <%d@example.test>\r\nSubject: %d\r\n\r\nsmall\r\n" % (number, number) for number in range(10_000)]
        server = self.dovecot(messages)
        begun = time.monotonic()
        self.assertEqual(self.sync("--no-index")["downloaded"], 10_000)
        self.assertLess(time.monotonic() - begun, 60 * PATIENCE)
        self.assert_stored(messages)
        self.assertEqual(self.sync("--no-index")["downloaded"], 0)
        self.assertEqual(server.retrieved(), 10_000)

    def test_deleted_at_once_when_it_is_safe(self):
        messages = Corpus(300).octets()
        server = self.dovecot(messages, more="leave-on-server = false")
        done = self.sync()
        self.assertEqual((done["downloaded"], done["deleted_server"]), (300, 300))
        self.assertEqual(self.left_on(server), [])
        self.assert_stored(messages)
        self.assertEqual(self.workspace.count(), 300)
        self.assertEqual(self.sync()["downloaded"], 0)
        self.assert_stored(messages)
        self.assertEqual(server.retrieved(), 300)

    def test_nothing_is_deleted_before_the_index_has_it(self):
        messages = Corpus(50).octets()
        server = self.dovecot(messages, more="leave-on-server = false")
        self.sync("--no-index")
        self.assertEqual(len(self.left_on(server)), 50)
        self.sync("--no-index")
        self.assertEqual(len(self.left_on(server)), 50)
        self.sync()
        self.assertEqual(self.left_on(server), [])
        self.assertEqual(self.workspace.count(), 50)
        self.assertEqual(server.retrieved(), 50)

    def test_deleted_when_the_days_are_over(self):
        messages = Corpus(20).octets()
        server = self.dovecot(messages, more="delete-after = 30")
        self.sync()
        self.sync()
        self.assertEqual(len(self.left_on(server)), 20)
        with sqlite3.connect(self.workspace.state / "state.db") as state:
            state.execute("UPDATE uid_book SET first_seen = first_seen - ? WHERE uid <= 5", (31 * DAY,))
        self.sync()
        self.assertEqual(len(self.left_on(server)), 15)
        self.assert_stored(messages)

    def test_killed_at_any_moment_nothing_is_lost_or_doubled(self):
        messages = Corpus(600).octets()
        server = self.dovecot(messages, more="leave-on-server = false")
        for number in range(6):
            process = self.workspace.start("sync", "--json")
            time.sleep(0.05 + 0.12 * number)
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
        deadline = time.monotonic() + 60 * PATIENCE
        while True:
            outcome = self.workspace.run("sync", "--json")
            if outcome.status == 0 or time.monotonic() > deadline:
                break  # Dovecot may hold the lock of a killed session for a moment
        self.assertEqual(outcome.status, 0, outcome)
        self.sync()
        self.assert_stored(messages)
        self.assertEqual(self.workspace.count(), 600)
        self.assertEqual(self.left_on(server), [])

    def test_a_server_that_renumbers_sends_nothing_twice(self):
        messages = Corpus(200).octets()
        server = self.dovecot(messages)
        self.sync()
        server.stop()
        server._extra = "pop3_uidl_format = %g\n"
        server.start()
        self.assertEqual(self.sync()["downloaded"], 0)
        self.assertEqual(self.sync()["downloaded"], 0)
        self.assert_stored(messages)
        self.assertEqual(server.retrieved(), 200)

    def test_a_lost_state_recognises_the_mail_that_is_here(self):
        messages = Corpus(100).octets()
        server = self.dovecot(messages)
        self.sync()
        for path in self.workspace.state.glob("state.db*"):
            path.unlink()
        self.sync()
        self.assert_stored(messages)
        self.assertEqual(server.retrieved(), 100)

    def test_tags_of_a_person_stay_here_and_disturb_nothing(self):
        messages = Corpus(10).octets()
        self.dovecot(messages)
        self.sync()
        self.workspace.notmuch("tag", "-unread", "+work", "--", "*")
        self.sync()
        self.sync()
        self.assertEqual(self.workspace.count("tag:work and not tag:unread"), 10)
        self.assert_stored(messages)

    def test_a_folder_of_a_person_stays_here_and_disturbs_nothing(self):
        messages = Corpus(3).octets()
        self.dovecot(messages)
        self.sync()
        mine = self.workspace.mail / "work" / "Mine"
        for name in ("cur", "new", "tmp"):
            (mine / name).mkdir(parents=True)
        (mine / "cur" / "1700000000.M1.host:2,S").write_bytes(messages[0])
        for _ in range(2):
            outcome = self.workspace.run("sync")
            self.assertEqual((outcome.status, outcome.errors.strip()), (0, ""), outcome)
        self.assertEqual(len(list((mine / "cur").iterdir())), 1)

    def test_a_file_deleted_here_does_not_come_back(self):
        server = self.dovecot(Corpus(10).octets())
        self.sync()
        next(iter(self.workspace.stored())).unlink()
        self.assertEqual(self.sync()["downloaded"], 0)
        self.assertEqual(len(self.workspace.stored()), 9)
        self.assertEqual(len(self.left_on(server)), 10)

    def test_a_locked_mailbox_is_for_later(self):
        server = self.dovecot(Corpus(3).octets(), extra="pop3_lock_session = yes\n")
        trust = ssl.create_default_context(cafile=server.ca_file)
        other = poplib.POP3_SSL("localhost", server.pop3s_port, context=trust)
        other.user("ana@example.test")
        other.pass_("secret")
        self.sync("--no-index", status=75)
        other.quit()
        self.assertEqual(self.sync()["downloaded"], 3)


MESSAGES = Corpus(5, seed=3).octets()
MESSAGES.insert(2, b"Subject: the third\r\n\r\nIt has\n.\nlines\n.\r\nthat look like an end, and\r\n.\r\n..\r\nstuffed ones.\r\n")


class HostileTest(Pop3Test):
    def attacked(self, name):
        attack = ATTACKS[name]
        with Pop3Server(attack.session, list(MESSAGES), attack.implicit_tls) as server:
            scheme = "pop3s" if attack.implicit_tls else "pop3"
            self.workspace.account(server, scheme=scheme, port=server.port, more="leave-on-server = false", rest="[sync]\ntimeout = 5\n")
            outcome = self.workspace.run("sync", "--json", timeout=300)
            self.assertIn(outcome.status, attack.exits, outcome)
            stored = list(self.workspace.stored().values())
            for octets in stored:
                self.assertIn(octets, MESSAGES, "not a whole message of the server")
            self.assertEqual(len(set(stored)), len(stored), "a message is there twice")
            self.assertEqual(self.workspace.leftovers(), [])
            if attack.stored is not None:
                self.assertEqual(len(stored), attack.stored, outcome)
            self.assertEqual(digests(stored + server.mailboxes) | digests(MESSAGES), digests(stored + server.mailboxes), "a message was deleted, not stored")
            self.assertNotIn("\x1b", outcome.text + outcome.errors)
            clear = [command for secure, command in server.commands if not secure]
            self.assertFalse([command for command in clear if command.split(" ")[0] in ("USER", "PASS", "AUTH", "APOP")], "a password crossed the line in clear")
            self.assertFalse(server.state.get("apop"), "APOP was used")
            self.assertFalse({path.name for path in self.workspace.folder.rglob("*")} & {"escaped", "pwned"})
            return outcome

    def test_what_was_cut_comes_with_the_next_sync(self):
        self.attacked("retr-cut")
        with Pop3Server(Pop3Session, list(MESSAGES)) as server:
            self.workspace.account(server, scheme="pop3s", port=server.port)
            self.sync()
        self.assert_stored(MESSAGES)

    def test_a_lost_quit_leads_to_no_second_fetch(self):
        class LostQuit(Pop3Session):
            def do_quit(self, arguments):
                if self.server.state.setdefault("lost", 0) < 2:
                    self.server.state["lost"] += 1
                    return "close"
                return super().do_quit(arguments)

        with Pop3Server(LostQuit, list(MESSAGES)) as server:
            self.workspace.account(server, scheme="pop3s", port=server.port, more="leave-on-server = false")
            for _ in range(3):
                self.sync()
            self.assertEqual(server.mailboxes, [])
            self.assertEqual(len([command for _, command in server.commands if command.startswith("RETR")]), len(MESSAGES))
        self.assert_stored(MESSAGES)


def _test_of(name):
    def test(self):
        self.attacked(name)
    return test


for _name in ATTACKS:
    setattr(HostileTest, "test_" + _name.replace("-", "_"), _test_of(_name))


if __name__ == "__main__":
    unittest.main()
