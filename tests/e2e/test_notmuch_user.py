"""Somebody who has used notmuch for years starts valija: the mail is there, and notmuch keeps working beside it."""

import subprocess
import unittest

from servers.corpus import Corpus
from servers.dovecot import Dovecot
from support.terminal import categorise_older_mail, Terminal
from support.workspace import PATIENCE, Workspace


class NotmuchUserTest(unittest.TestCase):
    def setUp(self):
        self.workspace = self.enterContext(Workspace())
        self.mail = self.workspace.home / "old-mail"
        Corpus(120).write_maildir(self.mail / "inbox")
        self.config = self.workspace.home / ".notmuch-config"
        self.config.write_text(f"[database]\npath={self.mail}\n[user]\nname=Ana Ruiz\nprimary_email=ana@example.test\n[new]\ntags=unread;inbox;old\n"
                               "[maildir]\nsynchronize_flags=true\n[query]\nfrom-ito=from:ito\n")
        self.notmuch("new")
        self.newest = self.notmuch("search", "--limit=1", "tag:inbox").partition("; ")[2].rpartition(" (")[0][:20]

    def notmuch(self, *arguments):
        done = subprocess.run(["notmuch", *arguments], env=self.workspace.environment(), capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_the_mail_is_shown_with_no_settings_file_at_all(self):
        with Terminal([], self.workspace.environment(), folder=self.workspace.home) as terminal:
            terminal.wait_for(self.newest)
            terminal.wait_for("from-ito")
            terminal.press("Q")
            self.assertEqual(terminal.wait_for_exit(), 0)
        self.assertFalse((self.workspace.home / "Mail").exists())

    def test_opening_it_changes_no_tag(self):
        before = self.notmuch("dump")
        with Terminal([], self.workspace.environment(), folder=self.workspace.home) as terminal:
            terminal.wait_for(self.newest)
            terminal.press("Q")
            self.assertEqual(terminal.wait_for_exit(), 0)
        self.assertEqual(self.notmuch("dump"), before)

    def test_the_commands_answer_from_it(self):
        outcome = self.workspace.run("count", "*")
        self.assertEqual((outcome.status, outcome.text.strip()), (0, "120"), outcome)
        self.assertEqual(self.workspace.run("count", "tag:old").text.strip(), "120")

    def test_notmuch_tags_beside_an_open_interface(self):
        with Terminal([], self.workspace.environment(), folder=self.workspace.home) as terminal:
            terminal.wait_for(self.newest)
            self.notmuch("tag", "+beside", "--", "not from:ito")
            terminal.press("/tag:beside\r")
            terminal.wait_while(self.newest)
            terminal.wait_for("Sonlegure")
            terminal.press("Q")
            self.assertEqual(terminal.wait_for_exit(), 0)
        self.assertEqual(self.workspace.run("count", "tag:beside").text.strip(), "116")

    def test_notmuch_new_runs_while_valija_tags(self):
        Corpus(60, seed=9).write_maildir(self.mail / "later")
        tagging = [self.workspace.start("tag", f"+round{number}", "--", "tag:old") for number in range(4)]
        self.notmuch("new")
        for process in tagging:
            _, errors = process.communicate(timeout=120 * PATIENCE)
            self.assertEqual(process.returncode, 0, errors)
        self.assertEqual(self.notmuch("count", "*").strip(), "180")
        for number in range(4):
            self.assertEqual(self.notmuch("count", f"tag:round{number} and path:inbox/**").strip(), "120")

    def test_mail_of_before_gets_its_categories_when_that_is_asked_for(self):
        (self.mail / "inbox" / "cur" / "news").write_bytes(
            b"From: Weekly Shop <news@shop.example>\r\nTo: ana@example.test\r\nSubject: week 7\r\nMessage-ID: <news@shop.example>\r\n"
            b"List-Id: <news.shop.example>\r\nList-Unsubscribe: <https://shop.example/leave>\r\n\r\nhello\r\n")
        self.notmuch("new")
        self.notmuch("tag", "+list", "--", "from:ito")
        before = self.notmuch("search", "--output=files", "*")
        self.assertEqual(categorise_older_mail(self.workspace, self.newest, "Weekly Shop"), 0)
        self.assertEqual(self.notmuch("count", "tag:newsletter").strip(), "1")
        self.assertEqual(self.notmuch("count", "not (tag:newsletter or tag:list or tag:personal or tag:marketing or tag:transactional or tag:notification)").strip(), "0")
        self.assertEqual(self.notmuch("count", "tag:list and tag:personal").strip(), "0")
        self.assertEqual(self.notmuch("search", "--output=files", "*"), before)

    def test_synced_mail_lands_in_the_same_database(self):
        server = self.enterContext(Dovecot())
        server.seed("INBOX", [(octets, "\\Seen") for octets in Corpus(30, seed=5).octets()])
        self.workspace.account(server)
        outcome = self.workspace.run("sync", "--json")
        self.assertEqual(outcome.status, 0, outcome)
        self.assertEqual(self.notmuch("count", "*").strip(), "150")
        self.assertEqual(self.notmuch("count", "path:work/INBOX/** and tag:unread").strip(), "0")
        self.assertEqual(len(list((self.mail / "work" / "INBOX" / "cur").iterdir())), 30)

    def test_notmuch_new_does_not_move_synced_files_out_of_sight(self):
        server = self.enterContext(Dovecot())
        server.seed("INBOX", [(octets, "\\Seen") for octets in Corpus(30, seed=5).octets()])
        self.workspace.account(server)
        self.assertEqual(self.workspace.run("sync").status, 0)
        self.notmuch("tag", "+flagged", "--", "path:work/**")  # renames the files: synchronize_flags
        self.notmuch("new")
        outcome = self.workspace.run("sync", "--json")
        self.assertEqual(outcome.status, 0, outcome)
        self.assertEqual(outcome.events()[-1]["downloaded"], 0)
        self.assertEqual(self.notmuch("count", "path:work/**").strip(), "30")

    def test_a_mail_root_outside_of_the_database_is_a_fault(self):
        self.workspace.settings('[mail]\nroot = "/tmp/elsewhere"\n')
        outcome = self.workspace.run("count", "*")
        self.assertEqual(outcome.status, 78, outcome)


if __name__ == "__main__":
    unittest.main()
