"""What a person did to mail is taken back and done again: in bulk, after a restart, after the server was told, and wherever a process was killed."""

import os
import random
import signal
import time
import unittest

from servers.dovecot import Dovecot
from support.both_sides import in_index, message, on_disk, on_server
from support.workspace import PATIENCE, Workspace

INBOX = [f"mail-{number}" for number in range(6)]


class UndoTest(unittest.TestCase):
    def setUp(self):
        self.workspace = self.enterContext(Workspace())
        self.server = self.enterContext(Dovecot({"ana@example.test": "secret"}))
        self.workspace.account(self.server)
        self.server.seed("INBOX", [(message(identity), "") for identity in INBOX])
        with self.server.client() as client:
            for folder in ("Lists", "Trash"):
                client.create(folder)
        self.server.seed("Archive", [(message("old"), "\\Seen")])
        self.server.seed("Lists", [(message("list"), "\\Seen")])
        self.sync()
        self.before = self.state()

    def run_well(self, *arguments):
        outcome = self.workspace.run(*arguments)
        self.assertEqual(outcome.status, 0, outcome)
        return outcome

    def sync(self):
        self.run_well("sync", "--json")

    def state(self):
        """Server, files and tags."""
        return on_server(self.server), on_disk(self.workspace), in_index(self.workspace)

    def folder_of(self, identity):
        return [folder for folder, messages in on_server(self.server).items() if identity in messages]

    def test_an_archived_mailbox_comes_back_after_the_server_was_told(self):
        self.run_well("tag", "+archive", "-inbox", "-unread", "--", "tag:inbox")
        self.sync()
        for identity in INBOX:
            self.assertEqual(self.folder_of(identity), ["Archive"])
        archived = self.state()
        self.run_well("undo")
        self.sync()
        self.assertEqual(self.state(), self.before)
        self.run_well("undo", "--redo")
        self.sync()
        self.assertEqual(self.state(), archived)

    def test_only_what_really_changed_goes_back(self):
        self.run_well("tag", "+flagged", "+todo", "--", "id:mail-1@example.org")
        self.sync()
        flagged = self.state()
        self.run_well("tag", "+flagged", "-unread", "--", "tag:inbox")
        self.sync()
        self.run_well("undo")
        self.sync()
        self.assertEqual(self.state(), flagged)

    def test_what_came_meanwhile_stays_as_it_is(self):
        self.run_well("tag", "+archive", "-inbox", "--", "tag:inbox")
        self.sync()
        self.server.seed("INBOX", [(message("new"), "")])
        self.sync()
        self.run_well("undo")
        self.sync()
        self.assertEqual(self.folder_of("new"), ["INBOX"])
        self.assertEqual(sorted(on_server(self.server)["INBOX"]), sorted([*INBOX, "new"]))

    def test_deleted_mail_comes_back_from_the_trash(self):
        self.run_well("tag", "+trash", "-inbox", "--", "id:mail-2@example.org")
        self.sync()
        self.assertNotIn("INBOX", self.folder_of("mail-2"))
        self.run_well("undo")
        self.sync()
        self.assertEqual(self.folder_of("mail-2"), ["INBOX"])

    def test_a_move_to_a_folder_without_a_tag_is_taken_back(self):
        self.run_well("move", "Lists", "--", "id:mail-3@example.org", "or", "id:mail-4@example.org")
        self.sync()
        self.assertEqual(self.folder_of("mail-3"), ["Lists"])
        self.run_well("undo")
        self.sync()
        self.assertEqual(self.state(), self.before)
        self.run_well("undo", "--redo")
        self.sync()
        self.assertEqual(self.folder_of("mail-4"), ["Lists"])

    def test_step_by_step_to_the_beginning_and_no_further(self):
        for tag in ("one", "two", "three"):
            self.run_well("tag", f"+{tag}", "--", "tag:inbox")
        self.assertIn("+three, 6 messages", self.run_well("undo", "--list").text.splitlines()[0])
        for left in (12, 6, 0):
            self.run_well("undo")
            counted = sum(self.workspace.count(f"tag:{tag}") for tag in ("one", "two", "three"))
            self.assertEqual(counted, left)
        self.assertEqual(self.workspace.run("undo").status, 64)
        self.assertEqual(self.state(), self.before)

    def test_killed_anywhere_no_tag_is_lost_and_all_of_it_can_be_taken_back(self):
        """A change and its way back are killed after a random while; the next process ends what was begun."""
        chance = random.Random(5)
        for _ in range(8):
            self.kill_after(chance.uniform(0, 0.12), "tag", "+kept", "-inbox", "--", "tag:inbox")
            self.run_well("undo", "--list")
            self.run_well("sync", "--json")  # whoever comes next carries it out
            done = self.workspace.count("tag:kept")
            self.assertIn(done, (0, len(INBOX)))
            self.assertEqual(self.workspace.count("tag:inbox"), len(INBOX) - done)
            if done:
                self.kill_after(chance.uniform(0, 0.12), "undo")
                self.run_well("sync", "--json")
                if self.workspace.count("tag:kept"):
                    self.run_well("undo")
            self.assertEqual(self.workspace.count("tag:inbox"), len(INBOX))
            self.assertEqual(self.workspace.count("tag:kept"), 0)

    def kill_after(self, seconds, *arguments):
        process = self.workspace.start(*arguments)
        try:
            process.wait(timeout=seconds)
        except Exception:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


if __name__ == "__main__":
    unittest.main()
