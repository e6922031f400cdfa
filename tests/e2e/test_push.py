"""`valija sync --watch`: what changes on a server is here a moment later, by NOTIFY, IDLE or STATUS, and again behind a cut."""

import contextlib
import json
import signal
import threading
import time
import unittest

from servers.dovecot import Dovecot
from servers.gmail import Gmail
from servers.proxy import Proxy
from support.both_sides import message, store
from support.workspace import PATIENCE, Workspace

NO_NOTIFY = """
protocol imap {
  imap_capability = IMAP4rev1 LITERAL+ IDLE ENABLE CONDSTORE QRESYNC UIDPLUS MOVE LIST-EXTENDED LIST-STATUS SPECIAL-USE UNSELECT ESEARCH
}
"""
SOON = 30 * PATIENCE  # seconds; without a push it would be minutes


class Watch:
    """A running `sync --watch` and the events that it told."""

    def __init__(self, workspace):
        self.process = workspace.start("sync", "--watch", "--json")
        self.events, self.told = [], threading.Condition()
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.reader.join()
        self.process.stdout.close()
        self.process.stderr.close()

    def read(self):
        for line in self.process.stdout:
            with self.told:
                self.events.append(json.loads(line))
                self.told.notify_all()

    def wait_for(self, what, within=SOON):
        """The first event, of those not asked for yet, of which `what` is true."""
        deadline = time.monotonic() + within
        with self.told:
            while True:
                while self.events:
                    event = self.events.pop(0)
                    if what(event):
                        return event
                left = deadline - time.monotonic()
                if left <= 0 or not self.told.wait(left):
                    raise AssertionError(f"nothing within {within} s")

    def wait_for_pass(self):
        return self.wait_for(lambda event: event["event"] == "done")

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(20 * PATIENCE)


def brings(folder, what="downloaded", count=1):
    return lambda event: event["event"] == "folder" and event["folder"] == folder and event[what] == count


class PushTest(unittest.TestCase):
    def setUp(self):
        self.workspace = self.enterContext(Workspace())

    def watch(self):
        watch = self.enterContext(Watch(self.workspace))
        watch.wait_for_pass()
        return watch

    def watched_dovecot(self, more=""):
        server = self.enterContext(Dovecot())
        server.seed("INBOX", [message("a")])
        server.seed("Archive", [message("z")])
        self.workspace.account(server, more=more)
        return server, self.watch()

    def test_every_folder_is_pushed_where_the_server_notifies(self):
        for more in ("", 'compress = "always"\nconnections = 4'):
            with self.subTest(more), contextlib.ExitStack() as stack:
                self.workspace = stack.enter_context(Workspace())
                server, watch = self.watched_dovecot(more)
                server.seed("INBOX", [message("b")])
                watch.wait_for(brings("INBOX"))
                server.seed("Archive", [message("c")])
                watch.wait_for(brings("Archive"))
                with server.client() as client:
                    store(client, "Archive", "z", "+FLAGS (\\Flagged)")
                watch.wait_for(brings("Archive", "flags_to_local"))
                self.assertEqual(watch.end(), 0)
                self.assertEqual(len(self.workspace.stored()), 2)

    def test_a_folder_that_is_made_on_the_server_is_pushed_with_its_mail(self):
        server, watch = self.watched_dovecot()
        # A folder that is made between a pass and the NOTIFY behind it is found by the next pass only: then it is another one that is told.
        for number in range(4):
            with server.client() as client:
                client.create(f"New {number}")
            server.seed(f"New {number}", [message(f"n{number}")])
            with contextlib.suppress(AssertionError) if number < 3 else contextlib.nullcontext():
                watch.wait_for(brings(f"New {number}"), within=SOON / 3)
                break
        self.assertEqual(watch.end(), 0)

    def test_each_chosen_folder_is_pushed_where_the_server_does_not_notify(self):
        server = self.enterContext(Dovecot(extra=NO_NOTIFY))
        with server.client() as client:
            for folder in ("Lists", "Work"):
                client.create(folder)
        for folder in ("INBOX", "Lists", "Work"):
            server.seed(folder, [message(folder)])
        self.workspace.account(server, more='connections = 2\nidle-folders = ["INBOX", "Work"]')
        watch = self.watch()
        server.seed("Work", [message("w")])
        watch.wait_for(brings("Work"))
        server.seed("INBOX", [message("i")])
        watch.wait_for(brings("INBOX"))
        with server.client() as client:
            store(client, "Work", "w", "+FLAGS (\\Flagged)")
        watch.wait_for(brings("Work", "flags_to_local"))
        self.assertEqual(watch.end(), 0)

    def test_what_is_done_here_goes_out_while_it_waits(self):
        server, watch = self.watched_dovecot()
        deadline = time.monotonic() + SOON
        while not self.workspace.is_indexed("a@example.org") and time.monotonic() < deadline:
            time.sleep(0.05)  # a pass does not wait for the index
        self.assertEqual(self.workspace.run("tag", "+flagged", "--", "id:a@example.org").status, 0)
        watch.wait_for(brings("INBOX", "flags_to_server"))
        with server.client() as client:
            self.assertEqual([flags for _, flags in client.messages("INBOX").values()][0] & {"\\Flagged"}, {"\\Flagged"})

    def test_behind_a_cut_it_listens_again(self):
        server = self.enterContext(Dovecot())
        proxy = self.enterContext(Proxy(server.imaps_port))
        server.seed("INBOX", [message("a")])
        self.workspace.account(server, port=proxy.port)
        watch = self.watch()
        connections = proxy.connections
        server.stop()
        server.start()
        proxy.target_port = server.imaps_port
        server.seed("INBOX", [message("b")])
        watch.wait_for(brings("INBOX"), 30 * PATIENCE)
        self.assertGreater(proxy.connections, connections)
        server.seed("INBOX", [message("c")])
        watch.wait_for(brings("INBOX"), 30 * PATIENCE)

    def test_gmail_is_pushed_by_idle(self):
        server = self.enterContext(Gmail())
        server.add(message("a"), labels=["\\Inbox"])
        self.workspace.account(server, port=server.port)
        watch = self.watch()
        server.add(message("b"), labels=["\\Inbox", "Work"])
        watch.wait_for(brings("[Gmail]/All Mail"))
        self.assertEqual(watch.end(), 0)


if __name__ == "__main__":
    unittest.main()
