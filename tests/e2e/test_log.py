"""What a sync says it would do, refuses to do, and did: the dry run, the guard against mass deletion, and `valija log`."""

import json
import unittest

from servers.corpus import Corpus
from servers.dovecot import Dovecot
from support.workspace import Workspace


class TellingTest(unittest.TestCase):
    def setUp(self):
        self.workspace = self.enterContext(Workspace())
        self.server = self.enterContext(Dovecot())

    def run_valija(self, *arguments, status=0):
        outcome = self.workspace.run(*arguments)
        self.assertEqual(outcome.status, status, outcome)
        return outcome

    def fetch(self, count, folder="INBOX"):
        self.server.seed(folder, Corpus(count).octets())
        self.workspace.account(self.server)
        self.run_valija("sync")
        self.assertEqual(len(self.workspace.stored(folder=folder)), count)

    def on_server(self, *folders):
        """{folder: {uid: (octets, flags)}}; whoever looks first takes \\Recent away."""
        with self.server.client() as client:
            return {folder: {uid: (octets, flags - {"\\Recent"}) for uid, (octets, flags) in client.messages(folder).items()} for folder in folders}

    def delete_on_server(self, count, folder="INBOX"):
        with self.server.client() as client:
            client.command(f'SELECT "{folder}"')
            client.command(f"STORE 1:{count} +FLAGS.SILENT (\\Deleted)")
            client.command("EXPUNGE")

    def delete_here(self, count):
        for path in sorted(self.workspace.stored())[:count]:
            path.unlink()

    def everything_here(self):
        """The mail with its times, and what the index says of it."""
        files = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in self.workspace.mail.rglob("*")
                 if path.is_file() and ".notmuch" not in path.parts}
        return files, self.workspace.notmuch("dump")


class DryRunTest(TellingTest):
    def test_it_says_what_would_be_done_and_changes_nothing_on_either_side(self):
        self.fetch(30)
        with self.server.client() as client:
            client.create("Trash2")
            client.command('SELECT "INBOX"')
            client.command("STORE 1:3 +FLAGS.SILENT (\\Flagged)")
            client.command('MOVE 4:5 "Trash2"')
            client.append("INBOX", [(b"From: eve@example.test\r\nSubject: new\r\nMessage-ID: <new@example.test>\r\n\r\nhello\r\n", "")])
        self.delete_here(1)
        self.workspace.notmuch("tag", "+todo", "--", "*")
        here, there = self.everything_here(), self.on_server("INBOX", "Trash2")

        said = self.run_valija("sync", "--dry-run").text
        self.assertEqual(self.everything_here(), here)
        self.assertEqual(self.on_server("INBOX", "Trash2"), there)
        for sentence in ("1 message would be fetched", "messages would change here", "2 messages would be moved to Trash2 here",
                         "messages would change on the server", "1 message would be deleted on the server"):
            self.assertIn(sentence, said)
        self.assertNotIn("1 new message,", said.replace("In sum: 1 new message,", ""))  # not told as if it were done

        done = self.run_valija("sync", "--json").events("done")[0]
        self.assertEqual([done[name] for name in ("downloaded", "moved", "deleted_server")], [1, 2, 1])
        self.assertIn("Nothing would change", self.run_valija("sync", "--dry-run").text)

    def test_before_the_first_sync_there_is_nothing_here_and_stays_nothing(self):
        self.server.seed("INBOX", Corpus(20).octets())
        self.workspace.account(self.server)
        self.assertIn("20 messages would be fetched", self.run_valija("sync", "--dry-run").text)
        self.assertFalse(any(path.is_file() for path in self.workspace.mail.rglob("*")))

    def test_json_has_the_sentences_too(self):
        self.server.seed("INBOX", Corpus(3).octets())
        self.workspace.account(self.server)
        rows = self.run_valija("sync", "--dry-run", "--json").events("would")
        self.assertIn(("work", "INBOX"), [(row["account"], row["folder"]) for row in rows])
        self.assertTrue(any("3 messages would be fetched" in row["sentence"] for row in rows), rows)


class GuardTest(TellingTest):
    def assert_held(self, outcome):
        self.assertEqual(outcome.status, 75, outcome)
        self.assertIn("--confirm-deletes", outcome.errors)
        self.assertIn("INBOX", outcome.errors)

    def test_mass_deletion_on_the_server_waits_for_a_word(self):
        self.fetch(100)
        self.delete_on_server(80)
        for _ in range(2):
            self.assert_held(self.workspace.run("sync"))
            self.assertEqual(len(self.workspace.stored()), 100)
        done = self.run_valija("sync", "--confirm-deletes", "--json").events("done")[0]
        self.assertEqual(done["deleted_local"], 80)
        self.assertEqual(len(self.workspace.stored()), 20)
        self.assertEqual(self.workspace.count(), 20)
        trash = [path for path in (self.workspace.state / "trash").rglob("*") if path.is_file()]
        self.assertEqual(len(trash), 80)

    def test_mass_deletion_here_waits_for_a_word(self):
        self.fetch(100)
        self.delete_here(80)
        self.assert_held(self.workspace.run("sync"))
        self.assertEqual(len(self.on_server("INBOX")["INBOX"]), 100)
        done = self.run_valija("sync", "--confirm-deletes", "--json").events("done")[0]
        self.assertEqual(done["deleted_server"], 80)
        self.assertEqual(len(self.on_server("INBOX")["INBOX"]), 20)

    def test_few_deletions_need_no_word(self):
        self.fetch(100)
        self.delete_on_server(50)
        self.run_valija("sync")
        self.assertEqual(len(self.workspace.stored()), 50)

    def test_a_held_deletion_lets_everything_else_pass(self):
        self.fetch(100)
        self.delete_on_server(80)
        self.server.seed("INBOX", [b"From: eve@example.test\r\nSubject: new\r\nMessage-ID: <new@example.test>\r\n\r\nhello\r\n"])
        self.assert_held(self.workspace.run("sync"))
        self.assertEqual(len(self.workspace.stored()), 101)


class LogTest(TellingTest):
    def test_the_story_of_a_message(self):
        self.fetch(5)
        identity = self.workspace.notmuch("search", "--output=messages", "--limit=1", "*").strip()
        with self.server.client() as client:
            client.command('SELECT "INBOX"')
            client.command("STORE 1:5 +FLAGS.SILENT (\\Flagged)")
        self.run_valija("sync")
        self.run_valija("tag", "+todo", "--", identity)
        self.run_valija("sync")
        self.run_valija("tag", "-inbox", "+trash", "--", identity)
        self.run_valija("sync")

        story = json.loads(self.run_valija("log", "--format=json", identity).text)
        what = [entry["what"] for entry in story]
        self.assertEqual([what[-1], what[-2]], ["downloaded", "flags_to_local"], story)
        self.assertIn("flags_to_server", what)
        self.assertIn("+flagged", next(entry["why"] for entry in story if entry["what"] == "flags_to_local"))
        self.assertIn("+todo", next(entry["why"] for entry in story if entry["what"] == "flags_to_server"))
        self.assertEqual({entry["id"] for entry in story}, {identity[3:]})
        self.assertEqual({entry["account"] for entry in story}, {"work"})

        text = self.run_valija("log", identity).text
        self.assertIn("new on the server", text)
        for line in text.splitlines():
            self.assertLessEqual(len(line), 80)

    def test_without_a_search_the_newest_come_first(self):
        self.fetch(60)
        everything = json.loads(self.run_valija("log", "--format=json").text)
        self.assertEqual(len(everything), 50)
        self.assertEqual({entry["what"] for entry in everything}, {"downloaded"})
        times = [entry["timestamp"] for entry in everything]
        self.assertEqual(times, sorted(times, reverse=True))
        self.assertEqual(len(json.loads(self.run_valija("log", "--format=json", "--limit=3").text)), 3)
        self.assertIn("50 messages: new on the server", self.run_valija("log").text)

    def test_what_changed_nothing_is_not_told(self):
        self.fetch(5)
        before = self.run_valija("log").text
        self.run_valija("sync")
        self.assertEqual(self.run_valija("log").text, before)


class MoveTest(TellingTest):
    def test_a_move_reaches_the_server_without_a_transfer(self):
        with self.server.client() as client:
            client.create("Archive")
        self.fetch(10)
        identity = self.workspace.notmuch("search", "--output=messages", "--limit=1", "*").strip()
        fetched = self.server.bodies_fetched()
        self.run_valija("move", "Archive", "--", identity)
        self.assertEqual(len(self.workspace.stored(folder="Archive")), 1)
        self.assertEqual(self.workspace.count(f"{identity} and tag:archive and not tag:inbox"), 1)
        done = self.run_valija("sync", "--json").events("done")[0]
        self.assertEqual([done[name] for name in ("moved", "downloaded", "uploaded", "deleted_server")], [1, 0, 0, 0])
        self.assertEqual(self.server.bodies_fetched(), fetched)
        self.assertEqual(len(self.on_server("Archive")["Archive"]), 1)
        self.assertIn("Nothing new", self.run_valija("sync").text)

    def test_a_folder_that_is_not_there_is_not_made(self):
        self.fetch(3)
        self.assertIn("no folder Archiv", self.run_valija("move", "Archiv", "--", "*", status=64).errors)
        self.assertEqual(len(self.workspace.stored()), 3)


if __name__ == "__main__":
    unittest.main()
