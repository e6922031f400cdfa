"""`valija sync` against a server that behaves as Gmail documents: one copy of each message, labels are tags."""

import unittest

from servers.gmail import ALL, SPAM, TRASH, Gmail
from support.both_sides import in_index, message
from support.workspace import Workspace

SUMS = ("downloaded", "uploaded", "flags_to_server", "flags_to_local", "moved", "deleted_local", "deleted_server")


class GmailTest(unittest.TestCase):
    def setUp(self):
        self.workspace = self.enterContext(Workspace())
        self.server = self.enterContext(Gmail())
        self.configure()

    def configure(self, more=""):
        self.workspace.account(self.server, port=self.server.port, more=more)

    def add(self, identity, *labels, flags=("\\Seen",), place=ALL):
        return self.server.add(message(identity), flags, labels, place)

    def sync(self, *arguments, status=0):
        outcome = self.workspace.run("sync", "--json", *arguments)
        self.assertEqual(outcome.status, status, outcome)
        return {name: outcome.events()[-1].get(name) for name in SUMS}

    def assert_quiet(self):
        self.assertEqual(self.sync(), dict.fromkeys(SUMS, 0))

    def tags(self, identity):
        return in_index(self.workspace, f"id:{identity}@example.org")[identity]

    def tag(self, identity, *changes):
        outcome = self.workspace.run("tag", *changes, "--", f"id:{identity}@example.org")
        self.assertEqual(outcome.status, 0, outcome)

    def files(self):
        return {folder: len(self.workspace.stored(folder=folder)) for folder in (ALL, SPAM, TRASH)}

    def test_each_message_comes_once_whatever_its_labels(self):
        self.add("a", "\\Inbox", "\\Important", "Work/To Do", "Año")
        self.add("b", "\\Sent", flags=("\\Seen", "\\Flagged"))
        self.add("c", flags=())
        self.add("d", place=SPAM)
        self.add("e", place=TRASH)
        self.assertEqual(self.sync()["downloaded"], 5)
        self.assertEqual(self.files(), {ALL: 3, SPAM: 1, TRASH: 1})
        self.assertEqual(len([path for path in (self.workspace.mail / "work").rglob("*") if path.is_file() and path.parent.name in ("cur", "new")]), 5)
        self.assertEqual(self.tags("a"), {"inbox", "important", "Work/To Do", "Año"})
        self.assertEqual(self.tags("b"), {"sent", "flagged"})
        self.assertEqual(self.tags("c"), {"unread"})
        self.assertEqual(self.tags("d"), {"spam"})
        self.assertEqual(self.tags("e"), {"trash"})
        self.assert_quiet()

    def test_labels_and_tags_travel_both_ways(self):
        a, b = self.add("a", "\\Inbox", "Work"), self.add("b", "\\Inbox", "Work")
        self.sync()
        with self.server.account.lock:
            self.server.account.label(a, ["Work"], False)
            self.server.account.label(a, ["Ürgent & more"], True)
        self.tag("b", "-Work", "+to be done", "+flagged", "+unread", "+important")
        self.sync()
        self.assertEqual(self.tags("a"), {"inbox", "Ürgent & more"})
        self.assertEqual(b.labels, {"\\Inbox", "to be done", "\\Important"})
        self.assertEqual(b.flags, {"\\Flagged"})
        self.assert_quiet()
        self.tag("b", "-to be done", "-flagged", "-unread")
        self.sync()
        self.assertEqual((b.labels, b.flags), ({"\\Inbox", "\\Important"}, {"\\Seen"}))
        self.assert_quiet()

    def test_archiving_takes_the_inbox_label_and_no_body_travels(self):
        a = self.add("a", "\\Inbox", "Work")
        b = self.add("b", "\\Inbox")
        self.sync()
        self.tag("a", "-inbox")
        with self.server.account.lock:
            self.server.account.label(b, ["\\Inbox"], False)
        self.server.commands.clear()
        sums = self.sync()
        self.assertEqual((sums["downloaded"], sums["moved"], sums["deleted_server"], sums["deleted_local"]), (0, 0, 0, 0))
        self.assertEqual(a.labels, {"Work"})
        self.assertEqual(a.place, ALL)
        self.assertEqual(self.tags("b"), set())
        self.assertFalse([command for _, command in self.server.commands if "BODY.PEEK[]" in command])
        self.assert_quiet()

    def test_trash_and_spam_are_moves_both_ways(self):
        messages = {name: self.add(name, "\\Inbox") for name in "abcd"}
        self.sync()
        self.tag("a", "-inbox", "+trash")
        self.tag("b", "-inbox", "+spam")
        with self.server.account.lock:
            self.server.account.copy(messages["c"], TRASH)
            self.server.account.copy(messages["d"], SPAM)
        sums = self.sync()
        self.assertEqual((sums["downloaded"], sums["deleted_server"], sums["deleted_local"]), (0, 0, 0))
        self.assertEqual({name: message.place for name, message in messages.items()}, {"a": TRASH, "b": SPAM, "c": TRASH, "d": SPAM})
        self.assertEqual(self.files(), {ALL: 0, SPAM: 2, TRASH: 2})
        self.assertEqual(self.tags("c"), {"trash"})
        self.assertEqual(self.tags("d"), {"spam"})
        self.assert_quiet()

    def test_a_deleted_file_goes_to_the_trash_of_gmail(self):
        messages = {name: self.add(name, "\\Inbox") for name in "ab"}
        self.sync()
        path = next(path for path, octets in self.workspace.stored(folder=ALL).items() if b"<a@" in octets)
        path.unlink()
        self.sync()
        self.assertEqual(messages["a"].place, TRASH)
        self.assertEqual(messages["b"].place, ALL)
        self.assertEqual(len(self.server.account.messages), 2)

    def test_compressed_it_is_the_same(self):
        self.configure('compress = "always"\nconnections = 4')
        for number in range(50):
            self.add(f"m{number}", "\\Inbox", f"L{number % 5}")
        self.assertEqual(self.sync()["downloaded"], 50)
        self.assertTrue([command for _, command in self.server.commands if "COMPRESS DEFLATE" in command])
        self.assertEqual(self.workspace.count("tag:L3"), 10)
        self.assert_quiet()


if __name__ == "__main__":
    unittest.main()
