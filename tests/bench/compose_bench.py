"""Figures of writing: how long a new message takes to be on the screen, and a completion over very many known people, on a real pseudo-terminal."""

import sqlite3
import time

from screen_bench import COLUMNS, ROWS, Recording
from support.workspace import Workspace

SETTINGS = """[account.work]
address = "ana@example.test"
receive = "imaps://ana@localhost:1"
send = "command:false"
password-command = "echo secret"
[sync]
interval = 0
[compose]
editor = "built-in"
"""


def _time_until(terminal, keys, holds):
    begun = time.perf_counter()
    terminal.press(keys)
    while True:
        terminal.take(1)
        moment = terminal.replay_until(holds)
        if moment is not None:
            return moment - begun
        if time.perf_counter() - begun > 30:
            raise RuntimeError(f"{keys!r} did not do what it should; the screen is:\n{terminal.text}")


def _quiet(terminal, seconds=0.15):
    while terminal.take(seconds):
        pass
    terminal.replay_until(lambda: False)


def _know_people(workspace, count):
    """As if so many had been written to in the course of three years."""
    now = int(time.time())
    with sqlite3.connect(workspace.state / "state.db") as state:
        state.executemany("INSERT INTO person VALUES(?, ?, ?, ?, ?, ?)",
                          ((f"p{n}.surname{n % 997}@host{n % 211}.example.test", f"Person{n} Surname{n % 997}", n % 50, n % 7, now - n * 1000, now - n * 900) for n in range(count)))


def writing(program, people, runs):
    """(seconds from the key to the new message, seconds from a key to its suggestions)"""
    opened, completed = [], []
    with Workspace() as workspace:
        workspace.settings(SETTINGS)
        workspace.mail.mkdir(parents=True)
        environment = workspace.environment()
        with Recording([], environment, COLUMNS, ROWS, program=program) as terminal:
            terminal.wait_for("Inbox")
            terminal.press("Q")
            terminal.wait_for_exit()
        _know_people(workspace, people)
        with Recording([], environment, COLUMNS, ROWS, program=program) as terminal:
            terminal.wait_for("Inbox")
            terminal.settle(1.0)
            for _ in range(runs):
                opened.append(_time_until(terminal, "c", lambda: "Subject" in terminal.text))
                _quiet(terminal)
                typed = "person1"
                terminal.press(typed)
                _quiet(terminal)
                for digit in "234":
                    typed += digit
                    completed.append(_time_until(terminal, digit, lambda: sum(typed in line.lower() for line in terminal.lines()) > 3))
                    _quiet(terminal)
                terminal.press("\x1b")
                _quiet(terminal)
                terminal.press(":discard yes\r")
                _quiet(terminal)
                if "Subject" in terminal.text:
                    raise RuntimeError(f"the draft stays; the screen is:\n{terminal.text}")
    return opened, completed
