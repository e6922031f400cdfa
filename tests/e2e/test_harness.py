"""The servers, the mail generator and the terminal that the other tests stand on do what they say."""

import imaplib
import pathlib
import signal
import smtplib
import ssl
import tempfile
import unittest

from servers.corpus import Corpus
from servers.dovecot import Dovecot
from servers.hostile_imap import ATTACKS
from servers.honest_imap import ImapServer, Mailbox, Session
from servers.imap_client import wire_name
from servers.proxy import Proxy
from servers.smtp import CUT, SmtpServer
from servers.submission import Submission
from support.terminal import Terminal

ENVIRONMENT = {"PATH": "/usr/bin:/bin", "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}


def trusting(ca_file):
    return ssl.create_default_context(cafile=str(ca_file))


class CorpusTest(unittest.TestCase):
    def test_the_same_seed_gives_the_same_mail(self):
        self.assertEqual(Corpus(300).octets(), Corpus(300).octets())
        self.assertNotEqual(Corpus(300).octets(), Corpus(300, seed=2).octets())

    def test_messages_are_as_large_as_mail_is(self):
        messages = Corpus(1000).octets()
        self.assertAlmostEqual(sum(map(len, messages)) / len(messages), 2500, delta=500)

    def test_a_maildir_holds_one_file_a_message(self):
        with tempfile.TemporaryDirectory() as folder:
            Corpus(50).write_maildir(folder)
            files = list(pathlib.Path(folder, "cur").iterdir())
            self.assertEqual(len(files), 50)
            self.assertNotIn(b"\r", files[0].read_bytes())


class SubmissionTest(unittest.TestCase):
    MAIL = "Subject: dots\r\n\r\n.\r\n..a\r\nñ\r\n".encode()

    def client(self, server, port, password="secret"):
        client = self.enterContext(smtplib.SMTP_SSL("localhost", port, context=trusting(server.ca_file)))
        client.login("ana@example.test", password)
        return client

    def test_what_dovecot_takes_lies_in_the_mailbox_of_the_recipient(self):
        server = self.enterContext(Submission({"ana@example.test": "secret", "bob@example.test": "other"}))
        self.client(server, server.smtps_port).sendmail("ana@example.test", ["bob@example.test", "eve@example.org"], self.MAIL, ["BODY=8BITMIME"])
        with smtplib.SMTP("localhost", server.smtp_port) as client:
            client.starttls(context=trusting(server.ca_file))
            client.login("ana@example.test", "secret")
            with self.assertRaises(smtplib.SMTPRecipientsRefused) as refused:
                client.sendmail("ana@example.test", ["552@example.test"], self.MAIL)
        with server.client("bob@example.test") as client:
            held = [octets for octets, _ in client.messages("INBOX").values()]
        self.assertEqual(refused.exception.recipients["552@example.test"][0], 552)
        self.assertEqual([octets.endswith(b"\r\n" + self.MAIL) for octets in held], [True])

    def test_the_scripted_server_fails_where_it_is_told_and_keeps_what_came(self):
        server = self.enterContext(SmtpServer())
        server.refused["eve@example.test"] = "550 5.1.1 no such user"
        server.faults["dot"] = ["451 4.3.0 later"]
        client = self.client(server, server.port)
        with self.assertRaises(smtplib.SMTPDataError):
            client.sendmail("ana@example.test", ["bob@example.test"], self.MAIL)
        refused = client.sendmail("ana@example.test", ["bob@example.test", "eve@example.test"], self.MAIL)
        server.faults["accepted"] = CUT
        with self.assertRaises(smtplib.SMTPServerDisconnected):
            client.sendmail("ana@example.test", ["bob@example.test"], self.MAIL)
        self.assertEqual(list(refused), ["eve@example.test"])
        self.assertEqual([transaction.is_accepted for transaction in server.transactions], [False, True, True])
        self.assertTrue(all(transaction.octets == self.MAIL and transaction.is_whole for transaction in server.transactions))
        self.assertIn(b"\r\n..\r\n...a\r\n", server.transactions[0].wire)
        self.assertEqual(server.transactions[1].refused, ["eve@example.test"])

    def test_only_one_line_of_a_dot_ends_a_message(self):
        server = self.enterContext(SmtpServer())
        client = self.client(server, server.port)
        client.ehlo()
        client.mail("ana@example.test")
        client.rcpt("bob@example.test")
        client.docmd("DATA")
        smuggled = b"a\n.\nb\n.\r\nc\r\n.\rd\r\n.e\r\n"
        client.send(smuggled + b".\r\n")
        self.assertEqual(client.getreply()[0], 250)
        self.assertEqual([transaction.wire for transaction in server.accepted()], [smuggled])


class DovecotTest(unittest.TestCase):
    def test_seeded_messages_come_back_byte_for_byte(self):
        messages = Corpus(1200).octets()
        with Dovecot() as server:
            server.seed("INBOX", [(octets, "\\Seen") for octets in messages])
            with server.client() as client:
                held = client.messages("INBOX")
        self.assertEqual([held[uid][0] for uid in sorted(held)], messages)
        self.assertIn("\\Seen", held[1][1])

    def test_it_counts_the_bodies_that_it_sent(self):
        with Dovecot() as server:
            server.seed("INBOX", Corpus(7).octets())
            with imaplib.IMAP4_SSL("localhost", server.imaps_port, ssl_context=trusting(server.ca_file)) as client:
                client.login("ana@example.test", "secret")
                client.select("INBOX", readonly=True)
                client.uid("FETCH", "1:5", "(BODY.PEEK[])")
                client.logout()
            self.assertEqual(server.bodies_fetched(), 5)

    def test_starttls_works_and_a_wrong_password_is_refused(self):
        with Dovecot() as server, imaplib.IMAP4("localhost", server.imap_port) as client:
            client.starttls(trusting(server.ca_file))
            with self.assertRaises(imaplib.IMAP4.error):
                client.login("ana@example.test", "wrong")
            client.login("ana@example.test", "secret")

    def test_bad_certificates_are_bad(self):
        for variant in ("wronghost", "expired", "selfsigned", "cn-only"):
            with self.subTest(variant), Dovecot(certificate=variant) as server:
                with self.assertRaises(ssl.SSLCertVerificationError):
                    imaplib.IMAP4_SSL("localhost", server.imaps_port, ssl_context=trusting(server.ca_file))

    def test_it_ends_with_the_test(self):
        with Dovecot() as server:
            process, folder = server._process, server.folder
        self.assertIsNotNone(process.returncode)
        self.assertFalse(folder.exists())

    def test_folder_names_are_spelt_for_the_wire(self):
        self.assertEqual(wire_name("Entwürfe & mehr"), "Entw&APw-rfe &- mehr")
        self.assertEqual(wire_name("日本語"), "&ZeVnLIqe-")


class ScriptedServerTest(unittest.TestCase):
    def test_the_honest_server_serves(self):
        mailboxes = [Mailbox("INBOX", Corpus(4).octets()), Mailbox("Zebra", [])]
        with ImapServer(Session, mailboxes) as server:
            with imaplib.IMAP4_SSL("localhost", server.port, ssl_context=trusting(server.ca_file)) as client:
                client.login("ana@example.test", "secret")
                self.assertEqual(client.select("INBOX", readonly=True)[1], [b"4"])
                rows = client.uid("FETCH", "2:3", "(BODY.PEEK[])")[1]
        self.assertEqual([row[1] for row in rows if isinstance(row, tuple)], Corpus(4).octets()[1:3])

    def test_every_attack_has_a_scope_and_exits(self):
        self.assertGreater(len(ATTACKS), 35)
        for name, attack in ATTACKS.items():
            with self.subTest(name):
                self.assertIn(attack.scope, ("folder", "account", "none"))
                self.assertEqual(0 in attack.exits, attack.scope == "none" or 0 in attack.exits)

    def test_the_proxy_cuts_where_it_is_told(self):
        with Dovecot() as server, Proxy(server.imap_port, cut_after=300) as proxy:
            server.seed("INBOX", Corpus(3).octets())
            with self.assertRaises((imaplib.IMAP4.abort, OSError)):
                with imaplib.IMAP4("localhost", proxy.port) as client:
                    client.login("ana@example.test", "secret")
            self.assertLessEqual(proxy.octets_from_server, 300)


class TerminalTest(unittest.TestCase):
    def test_it_shows_what_the_program_draws_and_sends_keys(self):
        with Terminal(["-c", "echo one; read line; echo two $line; read line"], ENVIRONMENT, program="/bin/sh") as terminal:
            terminal.wait_for("one")
            terminal.press("abc\r")
            terminal.wait_for("two abc")
            terminal.press("\r")
            self.assertEqual(terminal.wait_for_exit(), 0)

    def test_the_program_learns_of_a_new_size(self):
        with Terminal(["-c", "trap 'stty size' WINCH; echo ready; while :; do read line; done"], ENVIRONMENT, program="/bin/sh") as terminal:
            terminal.wait_for("ready")
            terminal.resize(91, 17)
            terminal.press("\r")
            terminal.wait_for("17 91")
            terminal.kill(signal.SIGKILL)
            self.assertEqual(terminal.wait_for_exit(), -signal.SIGKILL)

    def test_it_knows_whether_a_terminal_was_restored(self):
        for end, restored in (("tput rmcup", True), ("true", False), ("tput rmcup; stty raw", False), ("tput rmcup; tput civis", False)):
            with self.subTest(end), Terminal(["-c", f"tput smcup; {end}"], ENVIRONMENT, program="/bin/sh") as terminal:
                terminal.wait_for_exit()
                self.assertEqual(terminal.is_restored(), restored)

    def test_repeated_characters_and_scrolling_are_understood(self):
        with Terminal(["-c", r"printf 'ab\033[3b\r\nlast\033[1S'; sleep 0.2"], ENVIRONMENT, program="/bin/sh") as terminal:
            terminal.wait_until(lambda: terminal.line_of("last") == 0, what="the text in the first line")


if __name__ == "__main__":
    unittest.main()
