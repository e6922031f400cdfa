"""Figure (k): how long triage takes over a large mailbox, alone and in bulk, and what memory a walk through all of it needs."""

import re
import subprocess
import time

from screen_bench import COLUMNS, ROWS, Recording, first_subjects, memory_of


class Mailbox:
    """The interface over a large mailbox, its first screen drawn."""

    def __init__(self, program, mailbox):
        environment = mailbox.environment()
        self._subject = first_subjects(environment, 1)[0]
        self.terminal = Recording([], environment, COLUMNS, ROWS, program=program)

    def __enter__(self):
        terminal = self.terminal.__enter__()
        terminal.wait_for(self._subject, timeout=60)
        terminal.settle(1.0)
        return self

    def __exit__(self, *error):
        return self.terminal.__exit__(*error)

    def latency(self, key):
        """Seconds from the key to the first frame that differs; None where nothing changes."""
        terminal = self.terminal
        pressed = time.perf_counter()
        terminal.press(key)
        patience = 0.5
        while terminal.take(patience):
            patience = 0.15
        before = terminal.text
        seen = terminal.replay_until(lambda: terminal.text != before)
        terminal.replay_until(lambda: False)
        return None if seen is None else seen - pressed

    def walk(self, most_pages):
        """Pages down to the end of the list, as a person would; the number of pages."""
        terminal, rows = self.terminal, None
        for page in range(most_pages):
            terminal.press("\x04")
            while terminal.take(0.05):
                pass
            terminal.replay_until(lambda: False)
            if terminal.text == rows:
                return page
            rows = terminal.text
        return most_pages


def keys(program, mailbox, count):
    """{what: latencies in seconds} of a flag, taking it back, opening and closing a message."""
    rows = {"flag": [], "undo": [], "open": []}
    with Mailbox(program, mailbox) as box:
        for _ in range(count):
            for what, key in (("flag", "s"), ("undo", "u"), ("open", "\r")):
                seen = box.latency(key)
                if seen is not None:
                    rows[what].append(seen)
            box.latency("q")
            box.latency("j")
    return rows


def memory_after_a_walk(program, mailbox, say):
    """MiB of the interface behind the last page of the list."""
    with Mailbox(program, mailbox) as box:
        pages = box.walk(mailbox.count)
        memory = memory_of(box.terminal.process.pid)
    say(f"walked {pages} pages of {mailbox.count} messages")
    return memory


def _newest(environment, count):
    """A query for about so many of the newest messages."""
    command = ["notmuch", "search", "--output=messages", f"--offset={count}", "--limit=1", "*"]
    identity = subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout.strip()
    shown = subprocess.run(["notmuch", "show", "--format=json", "--body=false", "--entire-thread=false", identity], env=environment, check=True, capture_output=True, text=True)
    moment = re.search(r'"timestamp": ([0-9]+)', shown.stdout).group(1)
    return f"date:@{moment}.."


def bulk(program, mailbox, count, runs, say):
    """[(seconds of valija tag, seconds of notmuch tag)] on the same messages, each adding a tag that the other one takes away."""
    environment = mailbox.environment()
    query = _newest(environment, count)
    rows = []
    for _ in range(runs):
        row = []
        for command in ([program], ["notmuch"]):
            begun = time.perf_counter()
            subprocess.run([*command, "tag", "+bench", "--", query], env=environment, check=True, stdout=subprocess.DEVNULL)
            row.append(time.perf_counter() - begun)
            subprocess.run(["notmuch", "tag", "-bench", "--", "tag:bench"], env=environment, check=True)
        rows.append(tuple(row))
    say(f"tagging {count} messages: " + ", ".join(f"{ours:.2f}/{theirs:.2f}" for ours, theirs in rows) + " s (valija/notmuch)")
    return rows
