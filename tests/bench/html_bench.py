"""Figures of HTML: mails of machines as text, against w3m and lynx, which a reader without an HTML of its own starts for every mail."""

import collections
import pathlib
import re
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


def _words(text):
    """By their letters: punctuation, rules, bullets and the numbers of links are drawn differently."""
    bare = re.sub(r"\[\d+\]|\{\{[#/].*?\}\}", " ", text)
    return [word for word in re.findall(r"\S+", bare) for word in [re.sub(r"[^A-Za-z0-9]", "", word)] if word]


def _in_order(wanted, seen):
    """How many words two texts have in common, in one order: their longest common subsequence, by one bit for each word that is wanted."""
    places = collections.defaultdict(int)
    for i, word in enumerate(wanted):
        places[word] |= 1 << i
    every = (1 << len(wanted)) - 1
    left = every
    for word in seen:
        matched = left & places[word]
        left = (left + matched | left - matched) & every
    return len(wanted) - left.bit_count()


class Legibility:
    """What pages are as text, beside the texts that a person wrote for them."""

    def __init__(self):
        self.wanted = self.found = self.shown = 0

    def add(self, text, twin):
        wanted, seen = _words(twin), _words(text)
        self.wanted += len(wanted)
        self.shown += len(seen)
        self.found += _in_order(wanted, seen)

    @property
    def missing(self):
        """Share of the words by hand that are lost or out of order."""
        return 1 - self.found / self.wanted

    @property
    def strange(self):
        """Share of the words on the screen that the person did not write."""
        return 1 - self.found / self.shown


def _twins(folder):
    """(page, its text without the addresses of links and without the preview, which the page hides)."""
    for page in sorted((folder / "other").rglob("*.html")):
        twin = folder / "expected" / page.relative_to(folder / "other").with_suffix(".txt")
        text = re.sub(r"\( .*? \)", " ", twin.read_text(encoding="utf-8"))
        yield page, text.partition("\n")[2] if "preheader" in page.read_text(encoding="utf-8") else text


def _output(command, environment=None):
    return subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=True).stdout.decode("utf-8", "replace")


def legibility(program, corpora):
    """[ours, w3m's, lynx's] over all pages that have a text by hand. The list of addresses at the end counts for none of them."""
    ours, w3m, lynx = Legibility(), Legibility(), Legibility()
    with Workspace() as workspace:
        workspace.settings(SETTINGS)
        message = workspace.mail / "work" / "INBOX" / "cur" / "1:2,S"
        message.parent.mkdir(parents=True)
        workspace.notmuch("new", "--quiet")
        for page, twin in _twins(corpora / "postmark-html"):
            message.write_text(HEADER.format(1) + page.read_text(encoding="utf-8"), encoding="utf-8")
            text = _output([program, "show", "--columns=80", str(message)], workspace.environment())
            ours.add(re.sub(r"(?m)^\[\d+\] \S+$", "", text.partition("\n\n")[2]), twin)
            w3m.add(_output([*DUMPS[0], str(page)]), twin)
            lynx.add(_output([*DUMPS[1], str(page)]).partition("\nReferences\n")[0], twin)
    return [ours, w3m, lynx]
