"""Tags and the server in step, beside other programs: several accounts, a lost index, kills, and the program that watches."""

import contextlib
import fcntl
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import time
import unittest

from servers.dovecot import Dovecot
from support.both_sides import in_index, message, move, on_disk, on_server, store
from support.workspace import PATIENCE, Workspace


class TwoWayTest(unittest.TestCase):
    USERS = ("ana@example.test",)

    def setUp(self):
        self.workspace = self.enterContext(Workspace())
        self.server = self.enterContext(Dovecot(dict.fromkeys(self.USERS, "secret")))
        self.workspace.account(self.server)

    def seed(self, *identities, folder="INBOX", flags="", user=None):
        self.server.seed(folder, [(message(identity), flags) for identity in identities], **({"user": user} if user else {}))

    def sync(self, *arguments, status=0):
        outcome = self.workspace.run("sync", "--json", *arguments)
        self.assertEqual(outcome.status, status, outcome)
        return outcome.events()[-1]

    def tags(self, identity):
        return in_index(self.workspace, f"id:{identity}@example.org")[identity]

    def keywords(self, identity, folder="INBOX", user=None):
        (_, keywords), = on_server(self.server, user)[folder][identity]
        return {keyword.lower() for keyword in keywords}

    def wait_for(self, condition, seconds, what):
        deadline = time.monotonic() + seconds * PATIENCE
        while not condition():
            self.assertLess(time.monotonic(), deadline, what)
            time.sleep(0.05)

    def watch(self):
        process = self.workspace.start("sync", "--watch")
        self.addCleanup(self.kill, process)
        return process

    def kill(self, process):
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()

    def end(self, process, sent=signal.SIGTERM):
        begun = time.monotonic()
        process.send_signal(sent)
        process.communicate(timeout=20 * PATIENCE)
        self.assertEqual(process.returncode, 0)
        self.assertLess(time.monotonic() - begun, 10 * PATIENCE)


class SeveralAccountsTest(TwoWayTest):
    USERS = ("ana@example.test", "ben@example.test")

    def setUp(self):
        super().setUp()
        for user in self.USERS:
            self.seed("shared", "own-" + user[:3], user=user)
        accounts = "\n".join(
            f'[account.{user[:3]}]\naddress = "{user}"\nreceive = "imaps://{user.replace("@", "%40")}@localhost:{self.server.imaps_port}"\n'
            f'password = "secret"\ntls-ca-file = "{self.server.ca_file}"\n' for user in self.USERS)
        self.workspace.settings(accounts)
        self.sync()

    def test_a_tag_of_a_message_of_two_accounts_reaches_both_servers(self):
        self.assertEqual(self.workspace.count(), 3)
        self.assertEqual(self.workspace.run("tag", "+todo", "-unread", "--", "id:shared@example.org").status, 0)
        self.sync()
        for user in self.USERS:
            self.assertEqual(on_server(self.server, user)["INBOX"]["shared"][0][0], "S")
            self.assertEqual(self.keywords("shared", user=user), {"todo"})
        self.assertEqual(self.tags("shared"), {"inbox", "todo"})
        self.assertEqual(sum(self.sync()[name] for name in ("flags_to_server", "flags_to_local", "moved", "downloaded", "uploaded")), 0)

    def test_one_account_alone_finds_what_the_scan_of_the_other_took(self):
        self.workspace.notmuch("tag", "+todo", "--", "id:own-ana@example.org", "or", "id:own-ben@example.org")
        for name, user in (("ana", self.USERS[0]), ("ben", self.USERS[1])):
            self.sync("--account", name)
            self.assertEqual(self.keywords("own-" + name, user=user), {"todo"})

    def test_two_places_are_two_tags(self):
        with self.server.client(self.USERS[1]) as client:
            move(client, "INBOX", "shared", "Archive")
        self.sync()
        self.assertEqual(self.tags("shared") - {"unread"}, {"inbox", "archive"})
        self.sync()
        self.assertIn("shared", on_server(self.server, self.USERS[0])["INBOX"])
        self.assertIn("shared", on_server(self.server, self.USERS[1])["Archive"])


class LostIndexTest(TwoWayTest):
    def setUp(self):
        super().setUp()
        self.seed("a", "b", "c")
        self.sync()
        self.workspace.notmuch("tag", "+todo", "-unread", "--", "id:a@example.org")
        self.workspace.notmuch("tag", "-inbox", "+archive", "+deep thought", "--", "id:b@example.org")
        self.sync()
        self.before = in_index(self.workspace), on_server(self.server)
        self.assertEqual(self.before[0], {"a": {"inbox", "todo"}, "b": {"archive", "unread", "deep thought"}, "c": {"inbox", "unread"}})

    def assert_same(self):
        for _ in range(2):
            outcome = self.sync()
            self.assertEqual([outcome[name] for name in ("flags_to_server", "flags_to_local", "moved", "downloaded", "uploaded", "deleted_server")], [0] * 6)
            self.assertEqual((in_index(self.workspace), on_server(self.server)), self.before)

    def test_an_index_that_was_removed_is_made_again_with_all_tags(self):
        shutil.rmtree(self.workspace.mail / ".notmuch")
        self.assert_same()

    def test_an_index_that_notmuch_made_again_gets_all_tags(self):
        shutil.rmtree(self.workspace.mail / ".notmuch")
        self.workspace.notmuch("new", "--quiet")
        self.assert_same()

    def test_mail_that_notmuch_indexed_first_gets_the_tags_of_the_server(self):
        self.seed("d", folder="Archive", flags="\\Seen Work")
        self.sync("--no-index")
        self.workspace.notmuch("new", "--quiet")
        self.sync()
        self.sync()
        self.assertEqual(self.tags("d"), {"archive", "Work"})
        self.assertEqual(on_server(self.server)["Archive"]["d"], [("S", ("Work",))])
        self.assertNotIn("d", on_server(self.server)["INBOX"])


class KilledTest(TwoWayTest):
    def test_tags_survive_kills_at_any_moment(self):
        names = [f"m{number}" for number in range(40)]
        self.seed(*names)
        self.sync()
        chance = random.Random(7)
        for number in range(8):
            with self.subTest(number):
                for name in chance.sample(names, 5):
                    place = chance.choice([("-inbox", "+archive"), ("+inbox", "-archive")])
                    self.workspace.notmuch("tag", chance.choice("+-") + "todo", chance.choice("+-") + "unread", *place, "--", f"id:{name}@example.org")
                with self.server.client() as client:
                    held = set(on_server(self.server)["INBOX"])
                    for name in chance.sample(sorted(held), min(3, len(held))):
                        store(client, "INBOX", name, chance.choice("+-") + "FLAGS (\\Flagged)")
                process = self.workspace.start("sync")
                time.sleep(chance.uniform(0, 0.5))
                os.killpg(process.pid, signal.SIGKILL)
                process.communicate()
                for _ in range(3):
                    self.sync()
                self.assert_agreement(names)

    def assert_agreement(self, names):
        index, server, disk = in_index(self.workspace), on_server(self.server), on_disk(self.workspace)
        self.assertEqual(sorted(index), sorted(names))
        for name in names:
            folder, = [folder for folder in ("INBOX", "Archive") if name in server[folder]]
            (letters, keywords), = server[folder][name]
            expected = {"INBOX": "inbox", "Archive": "archive"}[folder]
            tags = {expected, *keywords, *(["flagged"] if "F" in letters else []), *([] if "S" in letters else ["unread"])}
            self.assertEqual(index[name], tags, name)
            self.assertEqual(disk[folder][name], [letters])


class NotmuchBesideTest(TwoWayTest):
    """Another notmuch at work on the same mail, which keeps flags in the names of files by itself."""

    IS_SHARED = False  # our program has the same configuration, and renames files too
    SUMS = ("downloaded", "uploaded", "flags_to_server", "flags_to_local", "moved", "deleted_local", "deleted_server")

    def setUp(self):
        super().setUp()
        self.config = self.workspace.home / (".notmuch-config" if self.IS_SHARED else "their-notmuch-config")
        self.config.write_text(f"[database]\npath={self.workspace.mail}\n[user]\nname=Ana\nprimary_email=ana@example.test\n"
                               "[new]\ntags=unread;inbox\n[maildir]\nsynchronize_flags=true\n")
        if self.IS_SHARED:
            self.workspace.mail.mkdir()
            self.notmuch("new")
        self.seed("a", "b", "c")
        self.sync()

    def notmuch(self, *arguments):
        return self.workspace.notmuch(*arguments, config=self.config)

    def letters(self, identity, folder="INBOX"):
        on_both = on_server(self.server)[folder][identity][0][0], on_disk(self.workspace)[folder][identity][0]
        self.assertEqual(*on_both)
        return on_both[0]

    def assert_quiet(self):
        self.sync()  # what notmuch renamed may have to be noted
        before = on_server(self.server), on_disk(self.workspace), in_index(self.workspace)
        for command in ("new", "count"):
            self.notmuch(command)
            outcome = self.sync()
            self.assertEqual([outcome[name] for name in self.SUMS], [0] * len(self.SUMS))
            self.assertEqual((on_server(self.server), on_disk(self.workspace), in_index(self.workspace)), before)

    def test_its_tags_reach_the_server_once(self):
        self.notmuch("tag", "-unread", "+flagged", "+todo", "--", "id:a@example.org")
        self.notmuch("tag", "+replied", "--", "id:b@example.org")
        sums = self.sync()
        self.assertEqual([sums[name] for name in self.SUMS], [0, 0, 2, 0, 0, 0, 0])
        self.assertEqual((self.letters("a"), self.letters("b"), self.letters("c")), ("FS", "R", ""))
        self.assertEqual(self.keywords("a"), {"todo"})
        self.assert_quiet()
        self.notmuch("tag", "+unread", "-flagged", "-todo", "--", "id:a@example.org")
        self.sync()
        self.assertEqual((self.letters("a"), self.keywords("a")), ("", set()))
        self.assert_quiet()

    def test_flags_of_the_server_reach_it_once(self):
        with self.server.client() as client:
            store(client, "INBOX", "a", "+FLAGS (\\Seen \\Flagged)")
            store(client, "INBOX", "b", "+FLAGS (\\Answered Work)")
        self.assertEqual(self.sync()["flags_to_server"], 0)
        self.notmuch("new")
        self.assertEqual((self.tags("a"), self.tags("b")), ({"inbox", "flagged"}, {"inbox", "unread", "replied", "Work"}))
        self.assertEqual((self.letters("a"), self.letters("b")), ("FS", "R"))
        self.assert_quiet()
        with self.server.client() as client:
            store(client, "INBOX", "a", "-FLAGS (\\Seen \\Flagged)")
        self.sync()
        self.notmuch("new")
        self.assertEqual((self.tags("a"), self.letters("a")), ({"inbox", "unread"}, ""))
        self.assert_quiet()

    def test_both_at_once_on_one_message(self):
        self.notmuch("tag", "-unread", "+flagged", "--", "id:a@example.org")
        with self.server.client() as client:
            store(client, "INBOX", "a", "+FLAGS (\\Answered)")
            store(client, "INBOX", "b", "+FLAGS (\\Seen)")
        self.notmuch("tag", "+todo", "--", "id:b@example.org")
        self.sync()
        self.assertEqual((self.letters("a"), self.tags("a")), ("FRS", {"inbox", "flagged", "replied"}))
        self.assertEqual((self.letters("b"), self.tags("b"), self.keywords("b")), ("S", {"inbox", "todo"}, {"todo"}))
        self.assert_quiet()

    def test_a_file_that_another_program_renamed_and_notmuch_new_read(self):
        path, = [path for path, octets in self.workspace.stored().items() if b"<a@" in octets]
        path.rename(path.with_name(path.name.partition(":2,")[0] + ":2,FS"))
        self.notmuch("new")
        self.sync()
        self.assertEqual((self.letters("a"), self.tags("a")), ("FS", {"inbox", "flagged"}))
        self.assert_quiet()

    def test_a_move_by_tags_of_a_file_that_it_renames(self):
        self.notmuch("tag", "-unread", "-inbox", "+archive", "--", "id:a@example.org")
        with self.server.client() as client:
            store(client, "INBOX", "b", "+FLAGS (\\Flagged)")
            move(client, "INBOX", "b", "Archive")
        self.assertEqual(self.sync()["moved"], 2)
        self.notmuch("new")
        self.assertEqual((self.letters("a", "Archive"), self.letters("b", "Archive")), ("S", "F"))
        self.assertEqual((self.tags("a"), self.tags("b")), ({"archive"}, {"archive", "unread", "flagged"}))
        self.assert_quiet()

    def test_mail_that_notmuch_new_finds_first_and_tags(self):
        self.seed("d", "e", flags="\\Seen")
        self.sync("--no-index")
        self.notmuch("new")
        self.notmuch("tag", "+flagged", "--", "id:d@example.org")
        self.sync()
        self.sync()
        self.assertEqual((self.letters("d"), self.letters("e")), ("FS", "S"))
        self.assertEqual((self.tags("d"), self.tags("e")), ({"inbox", "flagged"}, {"inbox"}))
        self.assert_quiet()


class SharedNotmuchTest(NotmuchBesideTest):
    IS_SHARED = True


class HeldIndexTest(TwoWayTest):
    """`valija tag` while another program holds the index."""

    def setUp(self):
        super().setUp()
        self.seed("a", "b")
        self.sync()

    @contextlib.contextmanager
    def held(self):
        lock, = (self.workspace.mail / ".notmuch").rglob("flintlock")
        with open(lock, "r+b") as file:
            fcntl.lockf(file, fcntl.LOCK_EX, 1)
            yield

    def asked(self):
        state = sqlite3.connect(f"file:{self.workspace.state}/state.db?mode=ro", uri=True)
        with contextlib.closing(state):
            return state.execute("SELECT count(*) FROM asked_change").fetchone()[0]

    def start_tagging(self, **how):
        process = self.workspace.start("tag", "+todo", "--", "tag:inbox", **how)
        self.addCleanup(self.kill, process)
        self.wait_for(lambda: self.asked() == 1, 30, "what was asked for in the state")
        return process

    def test_killed_it_is_done_by_the_next_program_and_reaches_the_server(self):
        with self.held():
            self.kill(self.start_tagging())
            self.assertEqual(self.asked(), 1)
        self.seed("later")
        for _ in range(2):
            self.sync()
        self.assertEqual((self.keywords("a"), self.keywords("b"), self.keywords("later")), ({"todo"}, {"todo"}, set()))
        self.assertEqual(self.asked(), 0)

    def test_stopped_by_a_person_it_leaves_nothing(self):
        for sent in (signal.SIGINT, signal.SIGTERM):
            with self.held():
                process = self.start_tagging()
                process.send_signal(sent)
                process.communicate(timeout=30 * PATIENCE)
                self.assertEqual(process.returncode, -sent)
                self.assertEqual(self.asked(), 0)
        self.sync()
        self.assertEqual(self.tags("a"), {"inbox", "unread"})

    def test_a_signal_that_it_was_started_to_ignore_does_not_stop_it(self):
        with self.held():
            process = self.start_tagging(ignored=[signal.SIGHUP])
            process.send_signal(signal.SIGHUP)
            with self.assertRaises(subprocess.TimeoutExpired):
                process.wait(1)
        process.communicate(timeout=30 * PATIENCE)
        self.assertEqual((process.returncode, self.asked()), (0, 0))

    def test_it_is_done_when_the_index_is_free(self):
        with self.held():
            process = self.start_tagging()
        process.communicate(timeout=30 * PATIENCE)
        self.assertEqual((process.returncode, self.asked()), (0, 0))
        self.assertIn("todo", self.tags("a"))


class WatchTest(TwoWayTest):
    def test_it_hears_at_once_of_mail_and_soon_of_tags(self):
        self.seed("a", "b")
        process = self.watch()
        self.wait_for(lambda: self.workspace.run("count", "*").text.strip() == "2", 30, "the first sync")
        self.seed("pushed")
        self.wait_for(lambda: "pushed" in on_disk(self.workspace)["INBOX"], 30, "a message of another client")  # without a push it would be minutes
        self.wait_for(lambda: self.workspace.count("id:pushed@example.org") == 1, 30, "the message in the index")
        self.workspace.notmuch("tag", "+todo", "--", "id:a@example.org")
        self.wait_for(lambda: self.keywords("a") == {"todo"}, 30, "the tag of notmuch")
        self.assertEqual(self.workspace.run("tag", "-inbox", "+archive", "--", "id:b@example.org").status, 0)
        self.wait_for(lambda: "b" in on_server(self.server)["Archive"], 30, "the tag of valija")
        with self.server.client() as client:
            store(client, "INBOX", "a", "+FLAGS (\\Seen)")
        self.wait_for(lambda: self.tags("a") == {"inbox", "todo"}, 30, "the flag of another client")
        self.end(process)

    def test_another_sync_works_beside_it(self):
        self.seed("a")
        process = self.watch()
        self.wait_for(lambda: "a" in on_disk(self.workspace).get("INBOX", {}), 30, "the first sync")
        for number in range(3):
            self.seed(f"n{number}")
            self.sync()
        self.wait_for(lambda: self.workspace.count() == 4, 30, "all of it in the index")
        self.assertEqual(sorted(on_disk(self.workspace)["INBOX"]), ["a", "n0", "n1", "n2"])
        self.end(process)

    def test_a_signal_asks_for_a_sync_now(self):
        settings = self.workspace.settings_file.read_text()
        self.workspace.settings(settings + "push = false\n")
        self.seed("a")
        process = self.watch()
        self.wait_for(lambda: "a" in on_disk(self.workspace).get("INBOX", {}), 30, "the first sync")
        self.seed("b")
        process.send_signal(signal.SIGUSR1)
        self.wait_for(lambda: "b" in on_disk(self.workspace)["INBOX"], 30, "the second sync")
        self.end(process, signal.SIGINT)


if __name__ == "__main__":
    unittest.main()
