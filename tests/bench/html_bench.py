"""Figures of HTML: mails of machines as text, against w3m and lynx, which a reader without an HTML of its own starts for every mail."""

import pathlib
import subprocess
import time

from support.workspace import Workspace

GOLDEN = pathlib.Path(__file__).resolve().parent.parent / "html" / "golden"
SETTINGS = """[account.work]
address = "ana@example.test"
receive = "imaps://ana@localhost:1"
send = "command:false"
password-command = "echo secret"
"""
HEADER = ("From: news@example.test\nTo: ana@example.test\nSubject: News {0}\nMessage-ID: <{0}@example.test>\nMIME-Version: 1.0\n"
          "Content-Type: text/html; charset=utf-8\n\n")
DUMPS = (["w3m", "-dump", "-cols", "80", "-I", "UTF-8", "-O", "UTF-8", "-T", "text/html"],
         ["lynx", "-dump", "-width=80", "-assume_charset=utf-8", "-display_charset=utf-8"])


def _seconds(commands, least_octets, environment=None):
    begun = time.perf_counter()
    for command in commands:
        done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        if done.returncode != 0 or len(done.stdout) < least_octets:
            raise RuntimeError(f"{command[0]} failed: {done.stderr.decode(errors='replace')}")
    return time.perf_counter() - begun


def rendering(program, copies, runs):
    """(how many mails, [(ours, w3m, lynx)]): seconds for the pages of the golden tests, so many times each, as text."""
    with Workspace() as workspace:
        workspace.settings(SETTINGS)
        folder = workspace.mail / "work" / "INBOX"
        for name in ("cur", "new", "tmp"):
            (folder / name).mkdir(parents=True)
        pages = sorted(GOLDEN.glob("*.html"))
        for number in range(copies * len(pages)):
            html = pages[number % len(pages)].read_text(encoding="utf-8")
            (folder / "cur" / f"{number}:2,S").write_text(HEADER.format(number) + html, encoding="utf-8")
        workspace.notmuch("new", "--quiet")
        rows = []
        for _ in range(runs):
            ours = _seconds([[program, "show", "*"]], 200 * copies * len(pages), workspace.environment())
            rows.append((ours, *(_seconds([[*dump, str(page)] for page in pages] * copies, 200) for dump in DUMPS)))
    return copies * len(pages), rows
