"""What goes wrong between both sides mends itself: nothing is lost, nothing doubled, nothing fetched twice, and no person is needed."""

import contextlib
import os
import pathlib
import random
import sqlite3
import subprocess
import tempfile
import time
import unittest

from both_ways import TwoSides
from servers import cyrus
from servers.cyrus import Cyrus
from servers.dovecot import Dovecot
from servers.proxy import Proxy
from support.both_sides import delete, in_index, message, move, on_disk, on_server, store
from support.workspace import PATIENCE, Workspace

DAY = 24 * 60 * 60
QUOTA = """
mail_plugins = zlib quota
protocol imap {
  mail_plugins = zlib quota imap_zlib imap_quota
}
plugin {
  quota = count:User quota
  quota_rule = *:storage=64K
  quota_grace = 0
  quota_vsizes = yes
}
"""
ACL = """
mail_plugins = zlib acl
protocol imap {
  mail_plugins = zlib acl imap_zlib imap_acl
}
plugin {
  acl = vfile:%s
}
"""


def large(identity, kilobytes=150):
    return message(identity) + (b"y" * 126 + b"\r\n") * (8 * kilobytes)


class Scene(TwoSides):
    def doveadm(self, *arguments):
        subprocess.run(["doveadm", "-c", str(self.server.folder / "dovecot.conf"), *arguments], check=True, capture_output=True, timeout=30)

    def agree(self):
        """Whatever waited is done, and then nothing is left to do."""
        self.sync()
        self.assert_quiet()

    def identities(self):
        """{identity: how often it is on the server}"""
        counts = {}
        for rows in on_server(self.server).values():
            for identity, copies in rows.items():
                counts[identity] = counts.get(identity, 0) + len(copies)
        return counts

    @contextlib.contextmanager
    def held_download(self, folder="INBOX", count=40):
        """Messages m0 .. of the folder are being fetched, and the line stands still in the middle of them."""
        self.server.seed(folder, [large(f"m{number}") for number in range(count)])
        with Proxy(self.server.imaps_port, hold_after=2_500_000) as proxy:
            self.workspace.account(self.server, port=proxy.port)
            process = self.workspace.start("sync", "--json")
            try:
                self.assertTrue(proxy.held.wait(30 * PATIENCE), "the download did not begin")
                yield process
                proxy.release()
                process.communicate(timeout=60 * PATIENCE)
            finally:
                if process.poll() is None:
                    process.kill()
                    process.communicate()
        self.workspace.account(self.server)


class OnAnyServer(Scene):
    """What can be brought about through the protocol alone."""

    def test_a_folder_that_was_made_anew_costs_no_body_and_no_tag(self):
        with self.server.client() as client:
            client.create("Lists")
        self.seed("a", "b", "c", folder="Lists", flags="\\Seen")
        self.sync()
        self.workspace.notmuch("tag", "+mine", "--", "id:a@example.org")
        self.sync()
        self.workspace.notmuch("tag", "+flagged", "--", "id:b@example.org")  # not sent yet when it happens
        with self.server.client() as client:
            client.create("Other")
            for identity in "cba":
                move(client, "Lists", identity, "Other")
            store(client, "Other", "c", "-FLAGS (\\Seen)")
            client.command("UNSELECT")
            client.command('DELETE "Lists"')
            client.command('RENAME "Other" "Lists"')
        sums = self.sync()
        self.assertEqual([sums[name] for name in ("downloaded", "uploaded", "deleted_local", "deleted_server")], [0] * 4)
        self.agree()
        self.assertEqual([self.tags(identity) for identity in "abc"], [{"mine"}, {"flagged"}, set()])  # united: nothing is marked unread again
        self.assertEqual(self.identities(), {"a": 1, "b": 1, "c": 1})

    def test_messages_expunged_while_they_are_fetched(self):
        gone = {f"m{number}" for number in (0, 1, 5, 20, 38, 39)}
        with self.held_download():
            with self.server.client() as client:
                for identity in gone:
                    delete(client, "INBOX", identity)
        self.agree()
        self.assertEqual(set(on_disk(self.workspace)["INBOX"]), {f"m{number}" for number in range(40)} - gone)
        self.assertEqual(self.workspace.leftovers(), [])

    def test_a_folder_that_vanishes_while_it_is_fetched(self):
        with self.server.client() as client:
            client.create("Lists")
        self.seed("a", "b")
        with self.held_download("Lists"):
            with self.server.client() as client:
                client.command('DELETE "Lists"')
        self.agree()
        self.assertNotIn("Lists", on_disk(self.workspace))
        self.assertEqual(set(on_disk(self.workspace)["INBOX"]), {"a", "b"})
        self.assertEqual(self.workspace.count(), 2)

    def test_a_folder_that_vanishes_takes_only_itself_along(self):
        with self.server.client() as client:
            client.create("Lists")
        self.seed("a", "b", folder="Lists")
        self.seed("c")
        self.sync()
        mine = self.workspace.mail / "work" / "Lists" / "cur" / "1700000003.M1.host:2,S"
        mine.write_bytes(message("mine"))
        with self.server.client() as client:
            client.command('DELETE "Lists"')
        self.agree()
        self.assertEqual(self.identities().get("mine"), 1)
        self.assertEqual(self.identities().get("c"), 1)

    def test_a_line_that_is_cut_again_and_again(self):
        names = [f"m{number}" for number in range(30)]
        self.seed(*names, flags="\\Seen")
        self.sync()
        folders = dict.fromkeys(names, "INBOX")
        for number, cut in enumerate(range(3000, 18000, 1000)):
            mine, theirs = names[number], names[number + 15]
            with self.server.client() as client:
                store(client, "INBOX", names[(number + 7) % 15 + 15] if number < 8 else theirs, "+FLAGS (\\Flagged)")
                move(client, "INBOX", theirs, "Archive")
            self.seed(f"n{number}")
            self.workspace.notmuch("tag", "+todo", "-inbox", "+archive", "--", f"id:{mine}@example.org")
            (self.workspace.mail / "work" / "INBOX" / "new" / f"17000001{number:02}.M1.host").write_bytes(message(f"own{number}"))
            folders |= {mine: "Archive", theirs: "Archive", f"n{number}": "INBOX", f"own{number}": "INBOX"}
            with self.subTest(cut), Proxy(self.server.imaps_port, cut_after=cut) as proxy:
                self.workspace.account(self.server, port=proxy.port)
                self.workspace.run("sync")
                self.workspace.account(self.server)
                self.agree()
                server = on_server(self.server)
                self.assertEqual(self.identities(), dict.fromkeys(folders, 1))
                self.assertEqual({identity: folder for folder, rows in server.items() for identity in rows}, folders)
                self.assertEqual(self.tags(mine), {"archive", "todo"})


class TwoMachines(Scene):
    """Two homes with one account: what one of them does the other one has after a sync of each."""

    def setUp(self):
        super().setUp()
        self.other = self.enterContext(Workspace())
        self.other.account(self.server)
        self.names = [f"m{number}" for number in range(24)]
        self.seed(*self.names)
        self.each_syncs()

    def each_syncs(self, rounds=2):
        for _ in range(rounds):
            for workspace in (self.workspace, self.other):
                outcome = workspace.run("sync", "--json", "--confirm-deletes")
                self.assertEqual(outcome.status, 0, outcome)

    def assert_all_agree(self):
        for workspace in (self.workspace, self.other):
            done = workspace.run("sync", "--json").events()[-1]
            self.assertEqual([done[name] for name in ("downloaded", "uploaded", "moved", "flags_to_server", "flags_to_local", "deleted_local", "deleted_server")], [0] * 7)
        server = {folder: {identity: [letters for letters, _ in copies] for identity, copies in rows.items()} for folder, rows in on_server(self.server).items()}
        self.assertEqual(on_disk(self.workspace), server)
        self.assertEqual(on_disk(self.other), server)
        self.assertEqual(in_index(self.workspace), in_index(self.other))
        self.assertEqual(set(in_index(self.workspace)), set(self.identities()))
        self.assertEqual(set(self.identities().values()), {1})

    def test_each_gets_what_the_other_did(self):
        self.workspace.notmuch("tag", "+todo", "-unread", "--", "id:m0@example.org")
        self.other.notmuch("tag", "+flagged", "+very own", "--", "id:m0@example.org")
        self.workspace.notmuch("tag", "-inbox", "+archive", "--", "id:m1@example.org")
        self.other.notmuch("tag", "+todo", "--", "id:m1@example.org")
        next(path for path, octets in self.other.stored().items() if b"<m2@" in octets).unlink()
        self.workspace.notmuch("tag", "+todo", "--", "id:m2@example.org")
        self.each_syncs()
        self.assert_all_agree()
        tags = in_index(self.other)
        self.assertEqual(tags["m0"], {"inbox", "todo", "flagged", "very own"})
        self.assertEqual(tags["m1"], {"archive", "todo", "unread"})
        self.assertNotIn("m2", tags)

    def test_moved_to_two_places_it_is_at_one_of_them(self):
        self.workspace.notmuch("tag", "-inbox", "+archive", "--", "id:m0@example.org")
        self.other.notmuch("tag", "-inbox", "+trash", "--", "id:m0@example.org")
        self.each_syncs()
        self.assert_all_agree()
        self.assertIn("m0", on_server(self.server)["Archive"])

    def test_any_changes_on_both_at_once(self):
        chance = random.Random(11)
        for number in range(6):
            with self.subTest(number):
                for workspace in (self.workspace, self.other):
                    self.change(workspace, chance)
                self.each_syncs()
                self.assert_all_agree()

    def change(self, workspace, chance):
        known = sorted(in_index(workspace))
        for name in chance.sample(known, min(8, len(known))):
            what = chance.randrange(4)
            if what == 0:
                workspace.notmuch("tag", chance.choice("+-") + "todo", chance.choice("+-") + "unread", chance.choice("+-") + "flagged", "--", f"id:{name}@example.org")
            elif what == 1:
                place = chance.choice(["archive", "trash", "inbox"])
                others = [f"-{tag}" for tag in ("archive", "trash", "inbox") if tag != place]
                workspace.notmuch("tag", f"+{place}", *others, "--", f"id:{name}@example.org")
            elif what == 2 and chance.random() < 0.3:
                found = [path for folder in ("INBOX", "Archive", "Trash") for path, octets in workspace.stored(folder=folder).items() if f"<{name}@".encode() in octets]
                for path in found:
                    path.unlink()


class DovecotAnyTest(OnAnyServer, unittest.TestCase):
    def make_server(self):
        return Dovecot()


class DovecotTwoMachinesTest(TwoMachines, unittest.TestCase):
    def make_server(self):
        return Dovecot()


@unittest.skipUnless(cyrus.available(), "skipped: there is no Cyrus; ./dev test unpacks it")
class CyrusAnyTest(OnAnyServer, unittest.TestCase):
    def make_server(self):
        return Cyrus()


@unittest.skipUnless(cyrus.available(), "skipped: there is no Cyrus; ./dev test unpacks it")
class CyrusTwoMachinesTest(TwoMachines, unittest.TestCase):
    def make_server(self):
        return Cyrus()


class UidValidityTest(Scene, unittest.TestCase):
    def make_server(self):
        return Dovecot()

    def test_a_new_uidvalidity_costs_no_body_and_no_tag(self):
        names = [f"m{number}" for number in range(200)]
        self.seed(*names, flags="\\Seen")
        self.seed("z", folder="Archive")
        self.sync()
        self.workspace.notmuch("tag", "+mine", "--", "id:m1@example.org")
        self.sync()
        bodies, paths = self.server.bodies_fetched(), set(self.workspace.stored())
        for validity in (1234567, 7654321):
            self.doveadm("mailbox", "update", "-u", "ana@example.test", "--uid-validity", str(validity), "INBOX")
            with self.server.client() as client:
                store(client, "INBOX", "m2", "+FLAGS (\\Flagged)")
            self.workspace.notmuch("tag", "+todo", "--", "id:m3@example.org")
            self.assertEqual([self.sync()[name] for name in ("downloaded", "uploaded", "deleted_local", "deleted_server")], [0] * 4)
            self.sync()
            self.assertEqual(self.server.bodies_fetched(), bodies)
            self.assertEqual([path.name.partition(":2,")[0] for path in sorted(self.workspace.stored())], [path.name.partition(":2,")[0] for path in sorted(paths)])
        self.assert_quiet()
        self.assertEqual([self.tags(identity) for identity in ("m1", "m2", "m3")], [{"inbox", "mine"}, {"inbox", "flagged"}, {"inbox", "todo"}])
        self.assertEqual(self.identities(), dict.fromkeys([*names, "z"], 1))

    def test_a_message_that_left_while_the_numbers_changed_is_not_deleted_here(self):
        self.seed("a", "b")
        self.sync()
        with self.server.client() as client:
            delete(client, "INBOX", "a")
        self.doveadm("mailbox", "update", "-u", "ana@example.test", "--uid-validity", "99", "INBOX")
        self.agree()
        self.assertEqual(self.identities(), {"a": 1, "b": 1})


class QuotaTest(Scene, unittest.TestCase):
    def make_server(self):
        return Dovecot(extra=QUOTA)

    def test_what_the_server_has_no_room_for_stays_here_and_goes_when_there_is(self):
        self.server.seed("INBOX", [large("big", 40)])
        self.seed("a")
        self.sync()
        files = self.workspace.mail / "work" / "INBOX" / "new"
        (files / "1700000000.M1.host").write_bytes(large("mine", 30))
        (files / "1700000001.M1.host").write_bytes(message("small"))
        self.workspace.notmuch("tag", "+todo", "--", "id:a@example.org")
        for _ in range(2):
            outcome = self.workspace.run("sync", "--json")
            self.assertNotEqual(outcome.status, 0, outcome)
            self.assertEqual([(event["account"], event["folder"]) for event in outcome.events("error")], [("work", "INBOX")], outcome)
            self.assertIn("uota", outcome.errors)
            self.assertEqual(len([octets for octets in self.workspace.stored().values() if b"<mine@" in octets]), 1)
            self.assertEqual(self.identities(), {"big": 1, "a": 1, "small": 1})
        self.assertEqual(on_server(self.server)["INBOX"]["a"], [("", ("todo",))])
        with self.server.client() as client:
            delete(client, "INBOX", "big")
        self.assertEqual(self.sync()["uploaded"], 1)
        self.assert_quiet()
        self.assertEqual(self.identities(), {"mine": 1, "a": 1, "small": 1})


class ReadOnlyTest(Scene, unittest.TestCase):
    """A folder that only its administrator may change."""

    def make_server(self):
        rights = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="vja", dir="/tmp")))
        rights.chmod(0o755)
        (rights / "acl").write_text("")
        self.rights, self.changed = rights / "acl", int(time.time())
        return Dovecot(extra=ACL % self.rights)

    def setUp(self):
        super().setUp()
        with self.server.client() as client:
            client.create("News")
        self.seed("a", "b", "c", folder="News")
        self.seed("z")
        self.sync()
        self.grant("News owner lr\n")

    def grant(self, rights):
        self.rights.write_text(rights)
        self.changed += 2  # Dovecot tells a changed file by its time, in seconds
        os.utime(self.rights, (self.changed, self.changed))

    def told(self, outcome):
        return [event["message"] for event in outcome.events("error") if event["folder"] == "News"]

    def test_what_waits_is_told_once_in_each_pass_and_goes_when_it_may(self):
        self.workspace.notmuch("tag", "+todo", "-unread", "--", "id:a@example.org")
        (self.workspace.mail / "work" / "News" / "new" / "1700000000.M1.host").write_bytes(message("mine"))
        self.path_of("b", "News").unlink()
        for _ in range(2):
            outcome = self.workspace.run("sync", "--json")
            self.assertEqual(len(self.told(outcome)), 1, outcome)
            self.assertIn("3", self.told(outcome)[0])
            self.assertEqual(set(on_server(self.server)["News"]), {"a", "b", "c"})
            self.assertEqual(on_server(self.server)["News"]["a"], [("", ())])
            self.assertEqual(self.tags("a"), {"todo"})
            self.assertEqual(set(in_index(self.workspace)), {"a", "c", "z"})
        foreseen = self.workspace.run("sync", "--dry-run", "--json")
        self.assertEqual(foreseen.events()[-1]["uploaded"] + foreseen.events()[-1]["flags_to_server"] + foreseen.events()[-1]["deleted_server"], 0)
        self.grant("")
        self.agree()
        self.assertEqual(on_server(self.server)["News"], {"a": [("S", ("todo",))], "c": [("", ())], "mine": [("", ())]})

    def test_tags_that_would_move_it_wait_as_well(self):
        self.grant("")
        self.seed("d", folder="News")
        self.grant("News owner lr\n")
        self.assertEqual(self.sync()["downloaded"], 1)  # from now on it is known that nothing may be changed
        self.workspace.notmuch("tag", "-inbox", "+archive", "--", "id:z@example.org")
        self.workspace.notmuch("tag", "+archive", "--", "id:a@example.org")
        foreseen = self.workspace.run("sync", "--dry-run", "--json")
        self.assertEqual(foreseen.status, 0)
        self.assertEqual([event["folder"] for event in foreseen.events("would") if "would be moved" in event["sentence"]], ["INBOX"])
        self.assertIn("1 change waits", "".join(event["sentence"] for event in foreseen.events("would") if event["folder"] == "News"))
        outcome = self.workspace.run("sync", "--json")
        self.assertEqual(len(self.told(outcome)), 1, outcome)
        self.assertIn("a", on_server(self.server)["Archive"])
        self.assertIn("a", on_server(self.server)["News"])
        self.grant("")
        self.agree()
        self.assertEqual(self.identities(), dict.fromkeys("abcdz", 1))
        self.assertEqual(set(on_server(self.server)["Archive"]), {"a", "z"})

    def test_what_changes_there_still_comes(self):
        self.grant("")
        with self.server.client() as client:
            store(client, "News", "a", "+FLAGS (\\Flagged)")
            delete(client, "News", "b")
        self.seed("d", folder="News")
        self.grant("News owner lr\n")
        sums = self.sync()
        self.assertEqual((sums["downloaded"], sums["flags_to_local"], sums["deleted_local"]), (1, 1, 1))
        self.assert_quiet()


class ClockTest(Scene, unittest.TestCase):
    """The clock of a test cannot be set; but what it left behind can."""

    def make_server(self):
        return Dovecot()

    def tell_clock(self, last, steady):
        """When the clock was last looked at, and from when on it is believed."""
        (self.workspace.state / "clock").write_text(f"{int(last)} {int(steady)}\n")

    def resting(self):
        return [path for path in (self.workspace.state / "trash").rglob("*") if path.is_file()]

    def test_a_clock_that_jumped_empties_no_trash(self):
        self.seed("a", "b")
        self.sync()
        with self.server.client() as client:
            delete(client, "INBOX", "a")
        self.sync()
        path, = self.resting()
        path.rename(path.with_name(f"{int(time.time()) - 31 * DAY}.{path.name.partition('.')[2]}"))
        now = time.time()
        for last, steady in ((now - 40 * DAY, 0), (now + 2 * DAY, 0), (now, now + DAY / 2)):
            self.tell_clock(last, steady)
            self.sync()
            self.assertEqual(len(self.resting()), 1)
        self.tell_clock(now, now - 1)
        self.sync()
        self.assertEqual(self.resting(), [])

    def test_a_clock_that_jumped_deletes_nothing_by_age_on_a_pop3_server(self):
        self.seed("a", "b")
        self.workspace.account(self.server, scheme="pop3s", more="delete-after = 30")
        self.sync()
        with contextlib.closing(sqlite3.connect(self.workspace.state / "state.db")) as state, state:
            state.execute("UPDATE uid_book SET first_seen = first_seen - ?", (31 * DAY,))
        now = time.time()
        self.tell_clock(now - 31 * DAY, 0)
        self.sync()
        self.assertEqual(self.identities(), {"a": 1, "b": 1})
        self.tell_clock(now, now - 1)
        self.sync()
        self.assertEqual(self.identities(), {})
        self.assertEqual(set(on_disk(self.workspace)["INBOX"]), {"a", "b"})

    def test_folders_that_seem_to_come_from_the_future_hide_nothing(self):
        self.seed("a", "b")
        self.sync()
        for path in (self.workspace.mail / "work").rglob("*"):
            os.utime(path, (time.time() + 400 * DAY,) * 2)
        self.assertEqual(sum(self.sync().values()), 0)
        (self.workspace.mail / "work" / "INBOX" / "cur" / "1.M1.host:2,S").write_bytes(message("mine"))
        self.assertEqual(self.sync()["uploaded"], 1)
        for path in (self.workspace.mail / "work").rglob("*"):
            os.utime(path, (1, 1))
        self.path_of("a").unlink()
        self.assertEqual(self.sync()["deleted_server"], 1)
        self.assert_quiet()


if __name__ == "__main__":
    unittest.main()
