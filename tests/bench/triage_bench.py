"""Figure (k): how long triage takes over a large mailbox, alone and in bulk, and what memory a walk through all of it needs."""

import contextlib
import re
import subprocess
import tempfile
import time

from large_mailbox import LongThread
from screen_bench import COLUMNS, ROWS, Recording, first_subjects, memory_of

WORDS = ("from:lena", "subject:ticket", "to:ana", "tag:unread", "cancel", "permit", "from:costa")
LIST = slice(2, 30)  # lines that hold the list whatever is asked at the lower end


class Mailbox:
    """The interface over a large mailbox, its first screen drawn."""

    def __init__(self, program, mailbox, *arguments):
        environment = mailbox.environment()
        self._subject = first_subjects(environment, 1)[0]
        self.terminal = Recording(arguments, environment, COLUMNS, ROWS, program=program)

    def __enter__(self):
        terminal = self.terminal.__enter__()
        terminal.wait_for(self._subject, timeout=60)
        terminal.settle(1.0)
        return self

    def __exit__(self, *error):
        return self.terminal.__exit__(*error)

    def list(self):
        return self.terminal.lines()[LIST]

    def _take(self, quiet):
        """All that comes until so many seconds nothing came."""
        while self.terminal.take(quiet):
            quiet = min(quiet, 0.15)

    def latency(self, key, look=None):
        """Seconds from the key to the first frame in which look() differs, the whole text unless said; None where nothing changes."""
        terminal, look = self.terminal, look or (lambda: self.terminal.text)
        before, pressed = look(), time.perf_counter()
        terminal.press(key)
        self._take(0.5)
        seen = terminal.replay_until(lambda: look() != before)
        terminal.replay_until(lambda: False)
        return None if seen is None else seen - pressed

    def is_open(self):
        """Whether a message is on the screen: whom it is to is known only from its file."""
        return "to Ana Ruiz" in self.terminal.text

    def walk(self):
        """Pages down to the end of the list, as a person would; the number of pages."""
        terminal, pages, rows = self.terminal, 0, None
        while terminal.text != rows:
            rows = terminal.text
            terminal.press("\x04")
            for patience in (0.05, 1):  # a busy machine may need longer, and an end shows nothing
                while terminal.take(patience):
                    patience = 0.01
                terminal.replay_until(lambda: False)
                if terminal.text != rows:
                    pages += 1
                    break
        return pages


def keys(program, mailbox, count):
    """{what: latencies in seconds} of a flag, taking it back, opening and closing a message."""
    rows = {"flag": [], "undo": [], "open": []}
    with Mailbox(program, mailbox) as box:
        for _ in range(count):
            rows["flag"].append(box.latency("s"))
            rows["undo"].append(box.latency("u"))
            box.latency("j")
        for _ in range(count):  # by itself: a change of the index throws away what was read ahead
            rows["open"].append(box.latency("\r", box.is_open))
            box.latency("q")
            box.latency("j")
    return {what: [seen for seen in row if seen is not None] for what, row in rows.items()}


def search(program, mailbox):
    """Seconds from each letter of a search to the first rows that differ, where any do."""
    found = []
    with Mailbox(program, mailbox) as box:
        for word in WORDS:
            box.latency("/")
            found += [box.latency(letter, box.list) for letter in word]
            box.latency("\x07", box.list)
    return [seen for seen in found if seen is not None]


def long_thread(program, count, runs):
    """Seconds from Enter to a message of a thread of so many, each time by a program that has just begun."""
    opened = []
    with tempfile.TemporaryDirectory(prefix="vjb", dir="/tmp") as folder:
        mailbox = LongThread(folder, count)
        mailbox.make(lambda _: None)
        for _ in range(runs):
            with Mailbox(program, mailbox) as box:
                opened.append(box.latency("\r", box.is_open))
    return opened


def memory_after_a_walk(program, mailbox, say):
    """MiB of the interface behind the last page of the list."""
    with Mailbox(program, mailbox) as box:
        pages = box.walk()
        memory = memory_of(box.terminal.process.pid)
    say(f"walked {pages} pages of {mailbox.count} messages")
    return memory


def newest(environment, count):
    """A query for about so many of the newest messages."""
    command = ["notmuch", "search", "--output=messages", f"--offset={count}", "--limit=1", "*"]
    identity = subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout.strip()
    shown = subprocess.run(["notmuch", "show", "--format=json", "--body=false", "--entire-thread=false", identity], env=environment, check=True, capture_output=True, text=True)
    moment = re.search(r'"timestamp": ([0-9]+)', shown.stdout).group(1)
    return f"date:@{moment}.."


@contextlib.contextmanager
def untagged(environment):
    """Without the tag of this figure, before and behind."""
    untag = ["notmuch", "tag", "-bench", "--", "tag:bench"]
    subprocess.run(untag, env=environment, check=True)
    try:
        yield
    finally:
        subprocess.run(untag, env=environment, check=True)


def keyboard_after_bulk(program, mailbox, count, runs):
    """Seconds from the Enter that tags so many messages to the row that a key right behind it chose."""
    environment, found = mailbox.environment(), []
    query = newest(environment, count)
    for _ in range(runs):
        with untagged(environment), Mailbox(program, mailbox, query) as box:
            terminal = box.terminal
            box.latency("*")
            for letter in ":tag +bench":
                box.latency(letter)
            found.append(box.latency("\rj", terminal.marked_row))
            terminal.wait_for("u undoes", timeout=300)
    return found


def bulk(program, mailbox, count, runs, say):
    """[(seconds of valija tag, seconds of notmuch tag)] on the same messages."""
    environment = mailbox.environment()
    query = newest(environment, count)
    rows = []
    for _ in range(runs):
        row = []
        for command in ([program], ["notmuch"]):
            with untagged(environment):
                begun = time.perf_counter()
                subprocess.run([*command, "tag", "+bench", "--", query], env=environment, check=True, stdout=subprocess.DEVNULL)
                row.append(time.perf_counter() - begun)
        rows.append(tuple(row))
    say(f"tagging {count} messages: " + ", ".join(f"{ours:.2f}/{theirs:.2f}" for ours, theirs in rows) + " s (valija/notmuch)")
    return rows
