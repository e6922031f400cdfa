"""Every attack of servers/hostile_imap.py: the right exit status, a message that names the place, and whole mail only."""

import os
import unittest

from servers.corpus import Corpus
from servers.hostile_imap import ATTACKS
from servers.honest_imap import ImapServer, Mailbox
from support.beside import beside
from support.workspace import PATIENCE, Workspace

load_tests = beside("test_slowloris", "test_fetch_stall", "test_greeting_stall")
INBOX, ZEBRA = Corpus(6, seed=3).octets(), Corpus(4, seed=4).octets()
INBOX[1] = b"\r\nThis message begins with an empty line and has no headers.\r\n"


class HostileServerTest(unittest.TestCase):
    maxDiff = 4000

    def sync(self, name):
        attack = ATTACKS[name]
        mailboxes = [Mailbox("INBOX", INBOX), Mailbox("Zebra", ZEBRA)]
        with ImapServer(attack.session, mailboxes, attack.implicit_tls, attack.certificate) as server, Workspace() as workspace:
            workspace.account(server, scheme="imaps" if attack.implicit_tls else "imap", port=server.port, rest="[sync]\ntimeout = 5\n")
            outcome = workspace.run("sync", "--json", timeout=300)
            with self.subTest(name):
                self.check(name, attack, outcome, workspace, server)

    def check(self, name, attack, outcome, workspace, server):
        self.assertIn(outcome.status, attack.exits, outcome)
        self.assertEqual(outcome.events()[-1]["event"], "done", outcome)
        self.check_stored(attack, outcome, workspace)
        if outcome.status != 0:
            self.assertIn("work", outcome.errors)
            if attack.scope == "folder":
                self.assertIn("INBOX", outcome.errors)
        self.assertNotIn("\x1b", outcome.text + outcome.errors)
        self.assertNotIn("PLANTED", outcome.text + outcome.errors)
        self.assertFalse([command for secure, command in server.commands if not secure and ("LOGIN" in command.upper() or "AUTH" in command.upper())],
                         "a password crossed the line in clear")
        self.check_outside(workspace)
        if "ASAN_OPTIONS" not in os.environ and PATIENCE == 1:
            self.assertLess(outcome.peak_kib, 400 << 10)

    def check_stored(self, attack, outcome, workspace):
        inbox, zebra = workspace.stored("work", "INBOX").values(), workspace.stored("work", "Zebra").values()
        self.assertEqual(workspace.leftovers(), [])
        for octets in inbox:
            self.assertIn(octets, INBOX, "not a whole message of the server")
        self.assertEqual(len(set(inbox)), len(list(inbox)), "a message is there twice")
        if attack.stored is not None:
            self.assertEqual(len(inbox), attack.stored)
        if attack.scope != "account":
            self.assertEqual(sorted(zebra), sorted(ZEBRA), outcome)
        if attack.scope == "none" and outcome.status == 0:
            self.assertEqual(sorted(inbox), sorted(INBOX))

    def check_outside(self, workspace):
        """Nothing may lie outside of the account's tree, whatever the server calls its folders."""
        names = {path.name for path in workspace.folder.rglob("*")}
        self.assertFalse(names & {"escaped", "pwned", "Injected"})
        outside = {path.relative_to(workspace.home).parts[0] for path in workspace.home.rglob("*")} - {"Mail", ".config", ".local", ".cache"}
        self.assertEqual(outside, set())
        self.assertLessEqual({path.name for path in workspace.mail.glob("*")} if workspace.mail.exists() else set(), {"work", ".notmuch", ".valija", ".valija-root"})

    def test_inside_the_limits_an_honest_server_is_served(self):
        self.sync("fetch-no-headers")

    def test_the_next_run_completes_a_mailbox_that_was_cut(self):
        for name in ("literal-short-fin", "bye-mid-session"):
            attack = ATTACKS[name]
            mailboxes = [Mailbox("INBOX", INBOX), Mailbox("Zebra", ZEBRA)]
            with self.subTest(name), Workspace() as workspace:
                with ImapServer(attack.session, mailboxes) as server:
                    workspace.account(server, port=server.port, rest="[sync]\ntimeout = 5\n")
                    workspace.run("sync", "--json", timeout=300)
                with ImapServer(ATTACKS["fetch-no-headers"].session, mailboxes) as server:
                    workspace.account(server, port=server.port)
                    outcome = workspace.run("sync", "--json")
                self.assertEqual(outcome.status, 0, outcome)
                self.assertEqual(sorted(workspace.stored().values()), sorted(INBOX))


def _test_of(name):
    def test(self):
        self.sync(name)
    return test


for _name in ATTACKS:
    setattr(HostileServerTest, "test_" + _name.replace("-", "_"), _test_of(_name))


if __name__ == "__main__":
    unittest.main()
