"""`valija sync` against a real Dovecot: what lies on disk and in the index afterwards is what the server has."""

import collections
import contextlib
import hashlib
import os
import resource
import signal
import stat
import subprocess
import time
import unittest

from servers.corpus import Corpus
from servers.dovecot import Dovecot
from servers.imap_client import quoted, wire_name
from servers.ports import free_ports
from servers.proxy import Proxy
from support.terminal import categorise_older_mail, Terminal
from support.workspace import PATIENCE, Workspace

SUMS = ("downloaded", "uploaded", "flags_to_server", "flags_to_local", "moved", "deleted_local", "deleted_server")
NEWSLETTER = (b"From: Weekly Shop <news@shop.example>\r\nTo: ana@example.test\r\nSubject: week 7\r\nMessage-ID: <news@shop.example>\r\n"
              b"List-Id: <news.shop.example>\r\nList-Unsubscribe: <https://shop.example/leave>\r\n\r\nhello\r\n")
LETTER = b"From: bob@example.test\r\nTo: ana@example.test\r\nSubject: lunch\r\nMessage-ID: <lunch@example.test>\r\n\r\nhello\r\n"
ALL_FLAGS = ("", "\\Seen", "\\Flagged", "\\Seen \\Answered", "\\Seen \\Flagged \\Answered", "\\Draft", "\\Seen $Forwarded")


def digests(messages):
    """How often each message occurs, as a multiset that compares and prints well."""
    return collections.Counter(hashlib.sha256(octets).hexdigest()[:16] for octets in messages)


class SyncTest(unittest.TestCase):
    def setUp(self):
        self.workspace = self.enterContext(Workspace())

    def dovecot(self, **how):
        return self.enterContext(Dovecot(**how))

    def sync(self, *arguments, status=0, **how):
        outcome = self.workspace.run("sync", "--json", *arguments, **how)
        self.assertEqual(outcome.status, status, outcome)
        return outcome

    def done(self, outcome):
        self.assertEqual(outcome.events()[-1]["event"], "done")
        return outcome.events()[-1]

    def assert_same_as_server(self, server, folder="INBOX", account="work"):
        with server.client() as client:
            held = client.messages(folder)
        self.assertEqual(digests(self.workspace.stored(account, folder).values()), digests(octets for octets, _ in held.values()))
        self.assertEqual(self.workspace.leftovers(), [])


class FirstSyncTest(SyncTest):
    def test_five_lines_of_settings_bring_the_whole_mailbox(self):
        server = self.dovecot()
        messages = Corpus(1500).octets()
        server.seed("INBOX", [(octets, ALL_FLAGS[number % len(ALL_FLAGS)]) for number, octets in enumerate(messages)])
        self.workspace.account(server)
        outcome = self.sync()
        self.assertEqual(self.done(outcome)["downloaded"], 1500)
        self.assert_same_as_server(server)
        self.assertEqual(self.workspace.count(), 1500)
        self.assertEqual(server.bodies_fetched(), 3000)  # once by us, once by the comparison

    def test_flags_become_tags_and_letters(self):
        server = self.dovecot()
        messages = Corpus(70).octets()
        server.seed("INBOX", [(octets, ALL_FLAGS[number % len(ALL_FLAGS)]) for number, octets in enumerate(messages)])
        self.workspace.account(server)
        self.sync()
        for tag, flag in (("flagged", "\\Flagged"), ("replied", "\\Answered"), ("draft", "\\Draft"), ("passed", "$Forwarded")):
            self.assertEqual(self.workspace.count(f"tag:{tag}"), 10 * sum(flag in flags for flags in ALL_FLAGS), tag)
        self.assertEqual(self.workspace.count("tag:unread"), 10 * sum("\\Seen" not in flags for flags in ALL_FLAGS))
        self.assertEqual(self.workspace.count("tag:inbox"), 70)
        letters = collections.Counter(path.name.rpartition(":2,")[2] for path in self.workspace.stored())
        self.assertEqual(letters["FRS"], 10)
        self.assertEqual(letters["D"], 10)

    def assert_no_tag_leaves(self, server):
        for _ in range(2):
            done = self.done(self.sync())
            self.assertEqual({name: done[name] for name in SUMS}, dict.fromkeys(SUMS, 0))
        with server.client() as client:
            for _, flags in client.messages("INBOX").values():
                self.assertLessEqual(flags, {"\\Recent"})

    def test_the_kind_of_a_mail_is_a_tag_that_stays_here(self):
        server = self.dovecot()
        server.seed("INBOX", [NEWSLETTER, LETTER])
        self.workspace.account(server)
        self.sync()
        self.assertEqual(self.workspace.count("tag:newsletter and tag:inbox and from:shop"), 1)
        self.assertEqual(self.workspace.count("tag:personal and tag:inbox and from:bob"), 1)
        self.assert_no_tag_leaves(server)

    def test_categories_that_older_mail_gets_stay_here_too(self):
        server = self.dovecot()
        server.seed("INBOX", [NEWSLETTER, LETTER])
        self.workspace.account(server, rest="[mail]\ncategories = false")
        self.sync()
        self.assertEqual(self.workspace.count("tag:newsletter or tag:personal"), 0)
        self.workspace.account(server)
        self.assertEqual(categorise_older_mail(self.workspace, "week 7", "Weekly Shop"), 0)
        self.assertEqual(self.workspace.count("tag:newsletter and tag:inbox and from:shop"), 1)
        self.assertEqual(self.workspace.count("tag:personal and tag:inbox and from:bob"), 1)
        self.assert_no_tag_leaves(server)

    def test_nested_and_foreign_folder_names(self):
        server = self.dovecot()
        names = ["Projects/2026/tide gauge", "Entwürfe & Pläne", "日本語/受信", "Caixa d'eixida", "[Old] stuff", "100 % cotton", "trailing."]
        corpus = Corpus(len(names) * 3).octets()
        with server.client() as client:
            for number, name in enumerate(names):
                client.create(name)
                client.append(name, corpus[number * 3:number * 3 + 3])
        self.workspace.account(server)
        outcome = self.sync()
        self.assertEqual(self.done(outcome)["downloaded"], len(corpus))
        for name in names:
            with self.subTest(name):
                self.assert_same_as_server(server, name)
        self.assertEqual(self.workspace.count(), len(corpus))
        self.assertLessEqual(set(names), {event["folder"] for event in outcome.events("folder")})

    def test_folders_with_a_role_give_the_tag_of_their_place(self):
        server = self.dovecot()
        corpus = Corpus(8).octets()
        for number, folder in enumerate(("INBOX", "Archive", "Sent", "Junk")):
            server.seed(folder, [(octets, "\\Seen") for octets in corpus[number * 2:number * 2 + 2]])
        self.workspace.account(server)
        self.sync()
        for tag in ("inbox", "archive", "sent", "spam"):
            self.assertEqual(self.workspace.count(f"tag:{tag}"), 2, tag)
        self.assertEqual(self.workspace.count("tag:unread"), 0)

    def test_equal_messages_and_messages_without_an_id_all_survive(self):
        server = self.dovecot()
        one = Corpus(1).octets()[0]
        nameless = b"Subject: no id\r\n\r\nhello\r\n"
        server.seed("INBOX", [one, one, nameless, nameless, one])
        server.seed("Archive", [one])
        self.workspace.account(server)
        self.assertEqual(self.done(self.sync())["downloaded"], 6)
        self.assert_same_as_server(server)
        self.assert_same_as_server(server, "Archive")

    def test_the_newest_message_comes_first(self):
        server = self.dovecot()
        messages = Corpus(2000).octets()
        server.seed("INBOX", messages)
        self.workspace.account(server)
        self.sync("--no-index")
        paths = self.workspace.stored()
        written = sorted(paths, key=lambda path: path.stat().st_ctime_ns)
        self.assertIn(paths[written[-1]], messages[:1000])
        self.assertIn(paths[written[0]], messages[1000:])

    def test_nobody_else_can_read_what_was_stored(self):
        server = self.dovecot()
        server.seed("INBOX", Corpus(5).octets())
        self.workspace.account(server)
        before = os.umask(0)
        try:
            self.sync()
        finally:
            os.umask(before)
        for base in (self.workspace.mail, self.workspace.state):
            for path in [base, *base.rglob("*")]:
                self.assertEqual(stat.S_IMODE(path.stat().st_mode) & 0o077, 0, path)


class NextSyncTest(SyncTest):
    def setUp(self):
        super().setUp()
        self.server = self.dovecot()
        self.messages = Corpus(300).octets()
        self.server.seed("INBOX", [(octets, "\\Seen") for octets in self.messages[:200]])
        self.server.seed("Archive", [(octets, "\\Seen") for octets in self.messages[200:250]])
        self.workspace.account(self.server)
        self.sync()

    def test_a_run_in_which_nothing_changed_reports_zeros(self):
        bodies = self.server.bodies_fetched()
        done = self.done(self.sync())
        self.assertEqual({name: done[name] for name in SUMS}, dict.fromkeys(SUMS, 0))
        self.assertEqual(self.server.bodies_fetched(), bodies)

    def test_only_what_is_new_is_fetched(self):
        bodies = self.server.bodies_fetched()
        self.server.seed("INBOX", self.messages[250:])
        outcome = self.sync()
        self.assertEqual(self.done(outcome)["downloaded"], 50)
        self.assertEqual(self.server.bodies_fetched() - bodies, 50)
        self.assertEqual(self.workspace.count(), 300)
        self.assertEqual(self.workspace.count("tag:unread"), 50)

    def test_flags_that_changed_on_the_server_change_here(self):
        with self.server.client() as client:
            client.command("SELECT INBOX")
            client.command("UID STORE 1:10 +FLAGS (\\Flagged)")
            client.command("UID STORE 11:15 -FLAGS (\\Seen)")
        self.assertEqual(self.done(self.sync())["flags_to_local"], 15)
        self.assertEqual(self.workspace.count("tag:flagged"), 10)
        self.assertEqual(self.workspace.count("tag:unread"), 5)
        self.assertEqual(sum(path.name.endswith(":2,FS") for path in self.workspace.stored()), 10)

    def test_a_tag_that_a_person_set_survives_the_next_sync(self):
        self.workspace.notmuch("tag", "+mine", "--", "tag:archive")
        self.server.seed("INBOX", self.messages[250:])
        self.sync()
        self.assertEqual(self.workspace.count("tag:mine"), 50)

    def test_a_dry_run_changes_nothing(self):
        self.server.seed("INBOX", self.messages[250:])
        before = sorted(self.workspace.stored())
        self.sync("--dry-run")
        self.assertEqual(sorted(self.workspace.stored()), before)
        self.assertEqual(self.workspace.count(), 250)

    def test_a_named_folder_is_synced_alone(self):
        self.server.seed("INBOX", self.messages[250:275])
        self.server.seed("Archive", self.messages[275:])
        outcome = self.sync("Archive")
        self.assertEqual(self.done(outcome)["downloaded"], 25)
        self.assertEqual({event["folder"] for event in outcome.events("folder")}, {"Archive"})

    def dump(self):
        return sorted(self.workspace.notmuch("dump").splitlines())

    def lose_index(self):
        subprocess.run(["rm", "-rf", str(self.workspace.mail / ".notmuch")], check=True)

    def assert_indexed_again(self, before, bodies):
        self.assertEqual(self.dump(), before)
        self.assertEqual(self.server.bodies_fetched(), bodies)

    def test_a_lost_index_is_made_again_from_the_mail(self):
        before, bodies = self.dump(), self.server.bodies_fetched()
        self.lose_index()
        self.sync()
        self.assert_indexed_again(before, bodies)
        self.lose_index()
        with Terminal([], self.workspace.environment(), folder=self.workspace.home) as terminal:
            deadline = time.monotonic() + 30 * PATIENCE
            while self.workspace.indexed() < 250:
                self.assertLess(time.monotonic(), deadline)
                terminal.settle(0.2)
            terminal.press("Q")
            terminal.wait_for_exit()
        self.assert_indexed_again(before, bodies)

    def test_an_index_replaced_by_an_empty_one_is_filled_again(self):
        before, bodies = self.dump(), self.server.bodies_fetched()
        self.lose_index()
        other = self.workspace.home / "other"
        other.mkdir()
        subprocess.run(["notmuch", "--config=", "new"], env=self.workspace.environment(NOTMUCH_DATABASE=str(other)), check=True, capture_output=True)
        (other / ".notmuch").rename(self.workspace.mail / ".notmuch")
        self.sync()
        self.assert_indexed_again(before, bodies)

    def test_a_rebuild_that_was_killed_goes_on(self):
        before, bodies = self.dump(), self.server.bodies_fetched()
        for number in range(8):
            self.lose_index()
            process = self.workspace.start("sync", "--json")
            deadline = time.monotonic() + 30 * PATIENCE
            while process.poll() is None and not (self.workspace.mail / ".notmuch").exists():
                self.assertLess(time.monotonic(), deadline)
                time.sleep(0.001)
            time.sleep(0.002 * number)  # a creation that was cut off, or a first batch
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
        self.sync()
        self.assert_indexed_again(before, bodies)

    def test_a_compacted_index_keeps_the_tags_of_a_person(self):
        self.workspace.notmuch("tag", "-inbox", "+mine", "--", "*")
        before, bodies = self.dump(), self.server.bodies_fetched()
        self.workspace.notmuch("compact")  # gives it a new identity
        self.sync()
        self.assert_indexed_again(before, bodies)


class CutTest(SyncTest):
    @contextlib.contextmanager
    def half_fetched(self, server, stored):
        """A sync that has stored so many messages, and cannot get all of them: the line stands still in the middle."""
        with Proxy(server.imaps_port, hold_after=5_000_000) as proxy:
            self.workspace.account(server, port=proxy.port)
            process = self.workspace.start("sync", "--json")
            deadline = time.monotonic() + 60 * PATIENCE
            try:
                while self.workspace.count_stored() < stored:
                    self.assertIsNone(process.poll(), "the sync ended")
                    self.assertLess(time.monotonic(), deadline)
                    time.sleep(0.01)
                yield process
            finally:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)
                    process.communicate()
        self.workspace.account(server)

    def test_after_a_kill_nothing_is_fetched_twice(self):
        server = self.dovecot()
        total = 6000
        server.seed("INBOX", [(octets, "\\Seen") for octets in Corpus(total).octets()])
        with self.half_fetched(server, 1000) as process:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
        stored = len(self.workspace.stored()) + len(self.workspace.leftovers())  # the kill may come between a note and its renames, which are done later
        before = server.bodies_fetched()
        outcome = self.sync()
        downloaded = self.done(outcome)["downloaded"]
        self.assertEqual(server.bodies_fetched() - before, downloaded)
        # A batch that was renamed but not recorded when the kill came may be fetched again, nothing else.
        self.assertLessEqual(downloaded, total - stored + 1000)
        self.assertGreaterEqual(downloaded, total - stored)
        self.assert_same_as_server(server)
        self.assertEqual(self.workspace.count(), total)

    def test_a_stop_asked_for_with_a_signal_keeps_what_is_there(self):
        server = self.dovecot()
        server.seed("INBOX", Corpus(3000).octets())
        with self.half_fetched(server, 500) as process:
            begun = time.monotonic()
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=120 * PATIENCE)
        self.assertLess(time.monotonic() - begun, 20 * PATIENCE)
        self.assertEqual(self.workspace.leftovers(), [])
        self.sync()
        self.assert_same_as_server(server)

    def test_ctrl_c_reaches_all_of_us_and_blames_no_message(self):
        server = self.dovecot()
        server.seed("INBOX", Corpus(1500).octets())
        self.workspace.account(server)
        database = self.workspace.mail / ".notmuch/xapian/postlist.glass"
        for size in (1, 2_000_000, 4_000_000):  # octets: somewhere in the middle of the work
            process = self.workspace.start("sync")
            while process.poll() is None and not (database.exists() and database.stat().st_size >= size):
                time.sleep(0.02)
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGINT)  # as the terminal does
            process.communicate(timeout=120 * PATIENCE)
        self.assertEqual(self.done(self.sync())["unindexed"], 0)
        self.assertEqual(self.workspace.count(), 1500)

    def test_a_connection_that_is_cut_now_and_then_is_taken_up_again(self):
        server = self.dovecot()
        server.seed("INBOX", self.large_messages())
        with Proxy(server.imaps_port, cut_after=1_500_000) as proxy:
            self.workspace.account(server, port=proxy.port)
            self.assertEqual(self.done(self.sync())["downloaded"], 30)
            self.assertGreater(proxy.connections, 3)
        self.assert_same_as_server(server)

    def test_a_server_that_is_always_cut_off_in_the_middle_of_a_message(self):
        server = self.dovecot()
        server.seed("INBOX", self.large_messages())
        with Proxy(server.imaps_port, cut_after=100_000) as proxy:
            self.workspace.account(server, port=proxy.port)
            outcome = self.workspace.run("sync", "--json")
            self.assertIn(outcome.status, (69, 75, 76), outcome)
            self.assertIn("work", outcome.errors)
            self.assertIn("INBOX", outcome.errors)
        self.assertEqual(self.workspace.stored(), {})
        self.assertEqual(self.workspace.leftovers(), [])
        self.workspace.account(server)
        self.sync()
        self.assert_same_as_server(server)

    @staticmethod
    def large_messages():
        """Thirty messages of 155 KB."""
        return [octets + b"x" * 70 + b"\r\n" + (b"y" * 76 + b"\r\n") * 2000 for octets in Corpus(30).octets()]

    def test_a_server_that_ends_between_two_runs(self):
        server = self.dovecot()
        server.seed("INBOX", Corpus(20).octets())
        self.workspace.account(server)
        self.sync()
        server.stop()
        outcome = self.workspace.run("sync")
        self.assertEqual(outcome.status, 69, outcome)
        self.assertEqual(len(self.workspace.stored()), 20)
        server.start()
        self.sync()


class FullDiskTest(SyncTest):
    def test_a_full_disk_stops_the_sync_and_loses_nothing(self):
        server = self.dovecot()
        messages = Corpus(1200).octets()
        server.seed("INBOX", messages[:100])
        self.workspace.mail.mkdir(parents=True)
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=5m,mode=700", "tmpfs", str(self.workspace.mail)], capture_output=True).returncode == 0
        if mounted:
            self.addCleanup(subprocess.run, ["umount", "-l", str(self.workspace.mail)], check=True)
        limits = None if mounted else {resource.RLIMIT_FSIZE: 1 << 20}
        self.workspace.account(server)
        self.sync()
        before = self.workspace.stored()
        server.seed("INBOX", messages[100:] if mounted else [messages[100] + b"z" * (2 << 20) + b"\r\n"])
        outcome = self.workspace.run("sync", "--json", limits=limits)
        self.assertEqual(outcome.status, 74, outcome)
        self.assertIn(str(self.workspace.mail), outcome.errors)
        after = self.workspace.stored()
        self.assertEqual({path: after.get(path) for path in before}, before)
        self.assertEqual(self.workspace.leftovers(), [])
        if mounted:
            subprocess.run(["mount", "-o", "remount,size=80m", str(self.workspace.mail)], check=True)
        self.sync()
        self.assert_same_as_server(server)
        self.assertEqual(self.workspace.count(), len(self.workspace.stored()))


class ConnectionTest(SyncTest):
    def assert_fails(self, status, *words):
        outcome = self.workspace.run("sync")
        self.assertEqual(outcome.status, status, outcome)
        for word in words:
            self.assertIn(word, outcome.errors)
        self.assertNotIn("secret", outcome.errors + outcome.text)
        return outcome

    def test_starttls(self):
        server = self.dovecot()
        server.seed("INBOX", Corpus(20).octets())
        self.workspace.account(server, scheme="imap")
        self.assertEqual(self.done(self.sync())["downloaded"], 20)
        self.assert_same_as_server(server)
        self.assertIn("TLS", server.log())

    def test_a_wrong_password(self):
        server = self.dovecot()
        self.workspace.account(server, password="not this one")
        outcome = self.assert_fails(77, "work")
        self.assertNotIn("not this one", outcome.errors)
        log = self.workspace.home / ".local/state/valija/log"
        self.assertIn(" work: ", log.read_text())
        self.assertNotIn("not this one", log.read_text())

    def test_the_log_keeps_what_a_sync_did(self):
        server = self.dovecot()
        server.seed("INBOX", Corpus(3).octets())
        self.workspace.account(server)
        self.sync()
        self.sync()
        log = self.workspace.home / ".local/state/valija/log"
        self.assertRegex(log.read_text(), r"^[-0-9T:]+Z work/INBOX: 3 downloaded\n$")
        self.assertEqual(log.stat().st_mode & 0o777, 0o600)

    def test_a_server_that_is_not_there(self):
        self.workspace.account(self.dovecot(), port=free_ports(1)[0])
        self.assert_fails(69, "work", "localhost")

    def test_certificates_that_do_not_hold(self):
        for variant in ("wronghost", "expired", "selfsigned", "cn-only"):
            with self.subTest(variant), Dovecot(certificate=variant) as server:
                self.workspace.account(server)
                self.assert_fails(76, "work", "localhost")
                self.assertNotIn("Login:", server.log())

    def test_an_authority_that_nobody_trusts(self):
        server = self.dovecot()
        self.workspace.account(server)
        self.workspace.settings("\n".join(line for line in self.workspace.settings_file.read_text().splitlines() if "tls-ca-file" not in line))
        self.assert_fails(76, "work")

    def test_mail_never_crosses_the_network_in_clear(self):
        self.workspace.settings('[account.work]\naddress = "ana@example.test"\nreceive = "imap+plain://ana@mail.example.test"\npassword = "secret"\n')
        self.assert_fails(78)

    def test_settings_with_faults_name_them_all(self):
        self.workspace.settings('[account.work]\naddress = 7\nreceve = "imaps://ana@localhost"\n\n[sync]\nintervall = 5\n')
        outcome = self.assert_fails(78, "receve", "receive", "intervall", "interval")
        for line in (":2:", ":3:", ":6:"):
            self.assertIn(line, outcome.errors)

    def test_one_bad_account_does_not_stop_the_other(self):
        server = self.dovecot()
        server.seed("INBOX", Corpus(10).octets())
        self.workspace.account(server, name="good", rest='[account.bad]\naddress = "bob@example.test"\nreceive = "imaps://bob@localhost:%d"\npassword = "x"\n' % free_ports(1)[0])
        outcome = self.workspace.run("sync", "--json")
        self.assertEqual(outcome.status, 69, outcome)
        self.assertEqual(len(self.workspace.stored("good")), 10)
        self.assertEqual([event["account"] for event in outcome.events("error")], ["bad"])

    def test_an_account_with_a_password_command(self):
        server = self.dovecot()
        server.seed("INBOX", Corpus(3).octets())
        self.workspace.account(server)
        self.workspace.settings(self.workspace.settings_file.read_text().replace('password = "secret"', 'password-command = "echo secret"'))
        self.assertEqual(self.done(self.sync())["downloaded"], 3)

    def test_watching_goes_on_until_a_signal_ends_it_in_order(self):
        server = self.dovecot()
        server.seed("INBOX", Corpus(3).octets())
        self.workspace.account(server)
        for sent in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with self.subTest(sent):
                process = self.workspace.start("sync", "--watch")
                self.assertTrue(any(line.startswith((b"Done", b"Nothing new")) for line in process.stdout))
                process.send_signal(sent)
                process.communicate(timeout=120 * PATIENCE)
                self.assertEqual(process.returncode, 0)

    def test_two_runs_at_once_do_not_double_anything(self):
        server = self.dovecot()
        server.seed("INBOX", Corpus(2000).octets())
        self.workspace.account(server)
        first, second = self.workspace.start("sync"), self.workspace.start("sync")
        for process in (first, second):
            process.communicate(timeout=120 * PATIENCE)
        self.assertEqual(sorted({first.returncode, second.returncode} | {0}), sorted({0, 75} & {first.returncode, second.returncode, 0}))
        self.sync()
        self.assert_same_as_server(server)
        self.assertEqual(self.workspace.count(), 2000)


class WeirdFolderTest(SyncTest):
    def test_a_parent_that_cannot_be_selected_is_passed_over(self):
        server = self.dovecot()
        with server.client() as client:
            client.command(f"CREATE {quoted(wire_name('Parent/Child'))}")
            client.append("Parent/Child", Corpus(2).octets())
        self.workspace.account(server)
        self.assertEqual(self.done(self.sync())["downloaded"], 2)

    def test_the_folders_setting_chooses(self):
        server = self.dovecot()
        server.seed("INBOX", Corpus(2).octets())
        server.seed("Junk", Corpus(3).octets())
        self.workspace.account(server, more='folders = ["*", "!Junk"]')
        self.assertEqual(self.done(self.sync())["downloaded"], 2)
        self.assertFalse((self.workspace.mail / "work" / "Junk" / "cur").exists())


if __name__ == "__main__":
    unittest.main()
