#!/usr/bin/env python3
"""Holds the sources to src/README.md: which layer may include what, how long a file may be, what no file may hold."""
import pathlib
import re
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent

# The layers whose headers a layer may include, besides its own. "all above" of the design is written out.
PROTOCOLS = {"imap", "pop3", "smtp"}
MODEL = {"mail", "base"}
WORKER_BASE = MODEL | PROTOCOLS | {"mime", "html", "image", "sync", "net", "remote", "store", "index", "config", "messages", "demo"}
ALLOWED = {
    "base": set(),
    "mail": {"base"},
    "imap": MODEL,
    "pop3": MODEL,
    "smtp": MODEL,
    "mime": MODEL,
    "html": MODEL,
    "image": MODEL,
    "print": {"base"},
    "sync": MODEL,
    "net": {"base"},
    "remote": MODEL | PROTOCOLS | {"sync", "net"},
    "store": MODEL | {"sync"},
    "index": MODEL,
    "config": MODEL,
    "messages": MODEL,
    "demo": MODEL,
    "workers": WORKER_BASE,
    "app": MODEL | {"config", "messages"},
    "pty": {"base", "config"},
    "ui": MODEL | {"app", "config", "pty"},
    "cli": WORKER_BASE | {"workers"},
    "main": WORKER_BASE | {"print", "workers", "app", "pty", "ui", "cli"},
}

# Who owns a library: its headers appear in no other layer.
OWNED = [
    (re.compile(r"gmime/|gio/|glib|gobject/"), {"mime"}),
    (re.compile(r"notmuch\.h|xapian"), {"index"}),
    (re.compile(r"curl/"), {"net"}),
    (re.compile(r"openssl/"), {"net"}),
    (re.compile(r"zlib\.h|zconf\.h"), {"mime", "remote"}),
    (re.compile(r"sqlite3"), {"store"}),
    (re.compile(r"gumbo"), {"html"}),
    (re.compile(r"cmark"), {"mime"}),
    (re.compile(r"stb/"), {"image"}),
    (re.compile(r"pango|cairo"), {"print"}),
    (re.compile(r"idn2"), {"mime"}),
    (re.compile(r"vterm"), {"pty"}),
    (re.compile(r"fribidi"), {"ui"}),
    (re.compile(r"chafa"), {"ui"}),
    (re.compile(r"n?curses(w|/|\.h)|^term\.h"), {"ui"}),
    (re.compile(r"seccomp|linux/(seccomp|filter|landlock)\.h"), {"workers"}),
    (re.compile(r"toml\+\+/"), {"config"}),
    (re.compile(r"nlohmann/"), {"cli"}),
    (re.compile(r"utf8proc"), {"base"}),
    (re.compile(r"libintl\.h"), {"base"}),
]
# Of POSIX, but of one layer all the same.
TERMINAL = (re.compile(r"^termios\.h"), {"ui", "pty"})

INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]', re.MULTILINE)
SLEEPS = re.compile(r"\b(sleep|usleep|nanosleep|sleep_for|sleep_until)\s*\(")
GOAL, LIMIT = 400, 600


def sources(*patterns):
    for pattern in patterns:
        yield from sorted(ROOT.glob(pattern))


def layer_of(path):
    """src/imap/x.cpp and include/valija/imap/x.hpp belong to imap."""
    parts = path.relative_to(ROOT).parts
    return parts[1] if parts[0] == "src" else parts[2]


def product_sources():
    return sources("src/**/*.cpp", "src/**/*.hpp", "include/valija/**/*.hpp")


def all_sources():
    yield from product_sources()
    yield from sources("tests/**/*.cpp", "tests/**/*.hpp")


def without_comments(text):
    return re.sub(r"//[^\n]*|/\*.*?\*/", "", text, flags=re.DOTALL)


class Layers(unittest.TestCase):
    def problems(self, found):
        self.assertEqual([], sorted(found), "\n" + "\n".join(sorted(found)))

    def test_a_layer_includes_only_what_the_table_allows(self):
        found = []
        for path in product_sources():
            layer = layer_of(path)
            allowed = ALLOWED.get(layer)
            if allowed is None:
                found.append(f"{path.relative_to(ROOT)}: {layer} is no layer of the table")
                continue
            for kind, header in INCLUDE.findall(path.read_text(encoding="utf-8")):
                where = f"{path.relative_to(ROOT)}: {header}"
                if header.startswith("valija/"):
                    other = header.split("/")[1]
                    if other != layer and other not in allowed:
                        found.append(f"{where}: {layer} may not include {other}")
                elif kind == '"' and not (path.parent / header).resolve().is_relative_to(ROOT / "src" / layer):
                    found.append(f"{where}: a private header of another layer")
                elif kind == '"' and path.is_relative_to(ROOT / "include"):
                    found.append(f"{where}: a public header includes a private one")
        self.problems(found)

    def test_a_library_is_included_by_the_layer_that_owns_it(self):
        found = []
        for path in product_sources():
            for _, header in INCLUDE.findall(path.read_text(encoding="utf-8")):
                for pattern, owners in [*OWNED, TERMINAL]:
                    if pattern.search(header) and layer_of(path) not in owners:
                        found.append(f"{path.relative_to(ROOT)}: {header} belongs to {', '.join(sorted(owners))}")
        self.problems(found)

    def test_library_headers_stay_out_of_the_public_headers(self):
        found = []
        for path in sources("include/valija/**/*.hpp"):
            for _, header in INCLUDE.findall(path.read_text(encoding="utf-8")):
                if any(pattern.search(header) for pattern, _ in OWNED):
                    found.append(f"{path.relative_to(ROOT)}: {header}")
        self.problems(found)

    def test_the_base_knows_nothing_of_mail(self):
        words = [path for path in sources("src/base/*", "include/valija/base/*") if path.suffix in (".cpp", ".hpp")]
        found = []
        for path in words:
            for number, line in enumerate(without_comments(path.read_text(encoding="utf-8")).splitlines(), 1):
                if re.search(r"\be?mail", line, re.IGNORECASE):
                    found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()}")
        self.problems(found)

    def test_files_stay_short(self):
        found = []
        for path in all_sources():
            lines = path.read_text(encoding="utf-8").splitlines()
            explains = any(line.startswith("//") for line in lines[:3])
            if len(lines) > LIMIT or (len(lines) > GOAL and not explains):
                found.append(f"{path.relative_to(ROOT)}: {len(lines)} lines")
        self.problems(found)

    def test_headers_are_guarded_and_open_no_namespace(self):
        found = []
        for path in all_sources():
            if path.suffix != ".hpp":
                continue
            text = path.read_text(encoding="utf-8")
            if "#pragma once" not in text:
                found.append(f"{path.relative_to(ROOT)}: no #pragma once")
            if re.search(r"^\s*using namespace\b", text, re.MULTILINE):
                found.append(f"{path.relative_to(ROOT)}: using namespace")
        self.problems(found)

    def test_no_thread_is_detached_and_no_work_is_put_off(self):
        found = []
        for path in all_sources():
            text = path.read_text(encoding="utf-8")
            if re.search(r"\bdetach\s*\(", without_comments(text)):
                found.append(f"{path.relative_to(ROOT)}: a detached thread")
            if re.search(r"\b(TODO|FIXME|XXX)\b", text):
                found.append(f"{path.relative_to(ROOT)}: unfinished work")
        self.problems(found)

    def test_no_unit_test_sleeps(self):
        found = [
            str(path.relative_to(ROOT))
            for path in sources("tests/**/*_test.cpp", "tests/**/*.hpp")
            if SLEEPS.search(without_comments(path.read_text(encoding="utf-8")))
        ]
        self.problems(found)


if __name__ == "__main__":
    sys.exit(unittest.main())
