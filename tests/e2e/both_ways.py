"""Both directions against a real server, the same scenes for each: see test_both_ways.py and test_cyrus.py."""

import os
import signal
import time

from support.both_sides import delete, in_index, message, move, on_disk, on_server, store
from support.workspace import PATIENCE, Workspace

SUMS = ("downloaded", "uploaded", "flags_to_server", "flags_to_local", "moved", "deleted_local", "deleted_server")


class TwoSides:
    """One account on a server and here. Mixed into a TestCase that has make_server()."""

    def setUp(self):
        self.workspace = self.enterContext(Workspace())
        self.server = self.enterContext(self.make_server())
        self.workspace.account(self.server)

    def seed(self, *identities, folder="INBOX", flags=""):
        self.server.seed(folder, [(message(identity), flags) for identity in identities])

    def sync(self, *arguments, status=0):
        outcome = self.workspace.run("sync", "--json", *arguments)
        self.assertEqual(outcome.status, status, outcome)
        return {name: outcome.events()[-1].get(name) for name in SUMS}

    def assert_quiet(self):
        """Both sides agree, and the next sync finds nothing to do."""
        self.assertEqual(self.sync(), dict.fromkeys(SUMS, 0))
        server, disk = on_server(self.server), on_disk(self.workspace)
        self.assertEqual({folder: {identity: [letters for letters, _ in copies] for identity, copies in rows.items()} for folder, rows in server.items()}, disk)

    def path_of(self, identity, folder="INBOX"):
        return next(path for path, octets in self.workspace.stored(folder=folder).items() if f"<{identity}@".encode() in octets)

    def tags(self, identity):
        return in_index(self.workspace, f"id:{identity}@example.org")[identity]

    def wait_for(self, condition, what):
        deadline = time.monotonic() + 30 * PATIENCE
        while not condition():
            self.assertLess(time.monotonic(), deadline, what)
            time.sleep(0.1)


class BothWays(TwoSides):
    """Scenes that go well."""

    def test_flags_travel_both_ways(self):
        self.seed("a", "b", "c")
        self.sync()
        with self.server.client() as client:
            store(client, "INBOX", "a", "+FLAGS (\\Seen \\Flagged)")
        self.workspace.notmuch("tag", "-unread", "+replied", "--", "id:b@example.org")
        self.assertEqual(self.workspace.run("tag", "+flagged", "--", "id:c@example.org").status, 0)
        sums = self.sync()
        self.assertEqual((sums["flags_to_local"], sums["flags_to_server"]), (1, 2))
        inbox = on_server(self.server)["INBOX"]
        self.assertEqual([inbox[name][0][0] for name in "abc"], ["FS", "RS", "F"])
        self.assertEqual(self.tags("a"), {"inbox", "flagged"})
        self.assert_quiet()

    def test_the_same_message_changed_on_both_sides_gets_both(self):
        self.seed("a", flags="\\Flagged")
        self.sync()
        with self.server.client() as client:
            store(client, "INBOX", "a", "+FLAGS (\\Seen)")
        self.workspace.notmuch("tag", "-flagged", "+replied", "--", "*")
        self.sync()
        self.assertEqual(on_server(self.server)["INBOX"]["a"][0][0], "RS")
        self.assertEqual(self.tags("a"), {"inbox", "replied"})
        self.assert_quiet()

    def test_other_tags_are_keywords(self):
        self.seed("a", "b", flags="\\Seen")
        self.sync()
        self.workspace.notmuch("tag", "+todo", "+to be done", "--", "id:a@example.org")
        with self.server.client() as client:
            store(client, "INBOX", "b", "+FLAGS (Work $Junk)")
        self.sync()
        inbox = on_server(self.server)["INBOX"]
        self.assertEqual([keyword.lower() for keyword in inbox["a"][0][1]], ["to=20be=20done", "todo"])
        self.assertEqual(self.tags("b"), {"inbox", "Work", "junk"})
        self.workspace.notmuch("tag", "-todo", "--", "id:a@example.org")
        with self.server.client() as client:
            store(client, "INBOX", "b", "-FLAGS (Work)")
        self.sync()
        self.assertEqual([keyword.lower() for keyword in on_server(self.server)["INBOX"]["a"][0][1]], ["to=20be=20done"])
        self.assertEqual(self.tags("b"), {"inbox", "junk"})
        self.assert_quiet()

    def test_moves_travel_both_ways_without_their_bodies(self):
        self.seed("a", "b", "c", flags="\\Seen")
        self.sync()
        base = {identity: self.path_of(identity).name.partition(":2,")[0] for identity in "abc"}
        with self.server.client() as client:
            move(client, "INBOX", "a", "Archive")
        self.workspace.notmuch("tag", "-inbox", "+archive", "--", "id:b@example.org")
        sums = self.sync()
        self.assertEqual((sums["moved"], sums["downloaded"], sums["uploaded"], sums["deleted_local"], sums["deleted_server"]), (2, 0, 0, 0, 0))
        self.assertEqual(set(on_server(self.server)["Archive"]), {"a", "b"})
        self.assertEqual({self.path_of(identity, "Archive").name.partition(":2,")[0] for identity in "ab"}, {base["a"], base["b"]})
        self.assertEqual(self.tags("a"), {"archive"})
        self.assertEqual(self.tags("b"), {"archive"})
        self.assertEqual(self.tags("c"), {"inbox"})
        self.assert_quiet()

    def test_a_file_moved_by_another_program_is_moved_on_the_server(self):
        self.seed("a", "b", flags="\\Seen")
        self.sync()
        old = self.path_of("a")
        old.rename(self.workspace.mail / "work" / "Archive" / "cur" / "1700000000.Mother_program.host:2,FS")
        sums = self.sync()
        self.assertEqual((sums["moved"], sums["uploaded"], sums["deleted_server"]), (1, 0, 0))
        self.assertEqual(on_server(self.server)["Archive"]["a"], [("FS", ())])
        self.assert_quiet()

    def test_deletions_travel_both_ways(self):
        self.seed("a", "b", "c")
        self.sync()
        with self.server.client() as client:
            delete(client, "INBOX", "a")
        self.path_of("b").unlink()
        sums = self.sync()
        self.assertEqual((sums["deleted_local"], sums["deleted_server"]), (1, 1))
        self.assertEqual(set(on_server(self.server)["INBOX"]), {"c"})
        self.assertEqual(len([path for path in (self.workspace.state / "trash").rglob("*") if path.is_file()]), 1)
        self.assert_quiet()

    def test_a_new_file_is_uploaded_once(self):
        self.seed("a")
        self.sync()
        (self.workspace.mail / "work" / "INBOX" / "new" / "1700000001.M1.host").write_bytes(message("mine").replace(b"\r\n", b"\n"))
        sums = self.sync()
        self.assertEqual((sums["uploaded"], sums["downloaded"]), (1, 0))
        with self.server.client() as client:
            self.assertIn(message("mine"), [octets for octets, _ in client.messages("INBOX").values()])
        self.assertEqual(self.tags("mine"), {"inbox", "unread"})
        self.assert_quiet()

    def test_folders_are_made_renamed_and_deleted_both_ways(self):
        self.seed("a", "b")
        with self.server.client() as client:
            client.create("Theirs")
        self.seed("t1", "t2", folder="Theirs")
        self.sync()
        mine = self.workspace.mail / "work" / "Mine"
        for name in ("cur", "new", "tmp"):
            (mine / name).mkdir(parents=True)
        (mine / "cur" / "1700000002.M1.host:2,S").write_bytes(message("m1"))
        self.sync()
        self.assertEqual(on_server(self.server)["Mine"], {"m1": [("S", ())]})
        with self.server.client() as client:
            client.command('RENAME "Theirs" "Renamed"')
        mine.rename(mine.with_name("Mine too"))
        sums = self.sync()
        self.assertEqual((sums["downloaded"], sums["uploaded"], sums["deleted_local"], sums["deleted_server"]), (0, 0, 0, 0))
        server = on_server(self.server)
        self.assertEqual((set(server["Renamed"]), set(server["Mine too"])), ({"t1", "t2"}, {"m1"}))
        self.assertNotIn("Mine", server)
        self.assertFalse((self.workspace.mail / "work" / "Theirs").exists())
        self.assert_quiet()
        with self.server.client() as client:
            client.command('DELETE "Renamed"')
        self.sync()
        self.assertFalse((self.workspace.mail / "work" / "Renamed").exists())
        self.assert_quiet()

    def test_a_mass_deletion_is_held_back_until_it_is_confirmed(self):
        self.server.seed("INBOX", [message(f"m{number}") for number in range(300)])
        self.sync()
        for path in self.workspace.stored():
            path.unlink()
        outcome = self.workspace.run("sync")
        self.assertEqual(outcome.status, 75, outcome)
        self.assertIn("--confirm-deletes", outcome.errors)
        self.assertEqual(len(on_server(self.server)["INBOX"]), 300)
        self.assertEqual(self.sync("--confirm-deletes")["deleted_server"], 300)
        self.assert_quiet()

    def test_a_dry_run_changes_nothing(self):
        self.seed("a", "b", "c", "d")
        self.sync()
        with self.server.client() as client:
            delete(client, "INBOX", "a")
            store(client, "INBOX", "c", "+FLAGS (\\Flagged)")
        self.seed("e")
        self.workspace.notmuch("tag", "-inbox", "+archive", "--", "id:b@example.org")
        self.path_of("d").unlink()
        before = on_server(self.server), on_disk(self.workspace), in_index(self.workspace)
        outcome = self.workspace.run("sync", "--dry-run")
        self.assertEqual(outcome.status, 0, outcome)
        self.assertIn("moved to Archive on the server", outcome.text)
        self.assertIn("deleted on the server", outcome.text)
        self.assertEqual(before, (on_server(self.server), on_disk(self.workspace), in_index(self.workspace)))
        self.sync()
        self.assert_quiet()

    def test_the_log_tells_what_happened_to_a_message(self):
        self.seed("a", "b")
        self.sync()
        self.workspace.notmuch("tag", "-inbox", "+archive", "--", "id:a@example.org")
        self.sync()
        told = self.workspace.run("log", "id:a@example.org")
        self.assertEqual(told.status, 0, told)
        self.assertIn("fetched", told.text)
        self.assertIn("moved", told.text)
        self.assertIn("Archive", told.text)

    def test_watching_hears_of_changes_on_both_sides(self):
        self.seed("a")
        process = self.workspace.start("sync", "--watch")
        try:
            self.wait_for(lambda: "a" in on_disk(self.workspace).get("INBOX", {}), "the first message")
            self.seed("pushed")
            self.wait_for(lambda: "pushed" in on_disk(self.workspace)["INBOX"], "a message that another client appended")
            self.wait_for(lambda: self.workspace.count("id:pushed@example.org") == 1, "it in the index")
            self.workspace.notmuch("tag", "+flagged", "--", "id:a@example.org")
            self.wait_for(lambda: on_server(self.server)["INBOX"]["a"][0][0] == "F", "the flag on the server")
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=20 * PATIENCE)
            self.assertEqual(process.returncode, 0)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.communicate()
