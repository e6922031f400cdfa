#!/usr/bin/env python3
"""Every word that a person reads is translated: the catalogues in po/ against the strings in the sources.

With --update it writes po/valija.pot and merges it into po/*.po (./dev po).
"""
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
PLACEHOLDER = re.compile(r"\{\{|\}\}|\{[^{}]*\}|%[a-z]+")
STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')


def product_sources():
    files = [path for top in ("src", "include") for path in sorted((ROOT / top).rglob("*.[ch]pp"))]
    return [str(path.relative_to(ROOT)) for path in files]


def run(*command):
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, encoding="utf-8").stdout


def extract(template):
    """Writes the strings of the sources as a template; without places and date, so that it changes only with them."""
    run("xgettext", "--language=C++", "--from-code=UTF-8", "--keyword", "--keyword=_", "--keyword=N_", "--keyword=n_:1,2",
        "--package-name=valija", "--no-location", "--sort-by-file", "--no-wrap", f"--output={template}", *product_sources())
    text = pathlib.Path(template).read_text(encoding="utf-8").replace("charset=CHARSET", "charset=UTF-8")
    header, rest = text[text.index('msgid ""'):].split("\n\n", 1)
    header = re.sub(r'"(POT-Creation-Date|PO-Revision-Date|Report-Msgid-Bugs-To)[^\n]*\n', "", header)
    rest = re.sub(r"^#, (c-format|no-c-format)\n", "", rest, flags=re.MULTILINE)
    pathlib.Path(template).write_text(header + "\n\n" + rest, encoding="utf-8")


def unquoted(text):
    pieces = "".join(STRING.findall(text))
    return pieces.replace(r"\n", "\n").replace(r"\"", '"').replace("\\\\", "\\")


def entries(catalogue):
    """(msgid, msgid_plural or "", [msgstr...], is_fuzzy) of a .po text; the header and obsolete entries are left out."""
    for block in catalogue.split("\n\n"):
        lines = [line for line in block.splitlines() if not line.startswith("#~")]
        flags = " ".join(line for line in lines if line.startswith("#,"))
        fields = re.findall(r'^(msgid|msgid_plural|msgstr(?:\[\d\])?) ((?:".*"\n?)+)',
                            "\n".join(line for line in lines if not line.startswith("#")), re.MULTILINE)
        found = {name: unquoted(text) for name, text in fields}
        if found.get("msgid"):
            translations = [text for name, text in found.items() if name.startswith("msgstr")]
            yield found["msgid"], found.get("msgid_plural", ""), translations, "fuzzy" in flags


def merged(po):
    """The catalogue with exactly the strings that the sources have now."""
    with tempfile.TemporaryDirectory() as folder:
        template = f"{folder}/valija.pot"
        extract(template)
        return run("msgmerge", "--quiet", "--no-fuzzy-matching", "--no-wrap", str(po), template)


def untranslated_errors(source):
    """Sentences in fail(...), Error{...} or disk_error(...) that are not inside _(), N_() or n_(). A heuristic: it
    follows brackets and looks at string literals that hold a word and a blank."""
    token = re.compile(r'//[^\n]*|/\*.*?\*/|R"\((?:.*?)\)"|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)+\'|(\w*)\s*([({\[])|[)}\]]', re.DOTALL)
    calls = []
    for match in token.finditer(source):
        text = match[0]
        if match[2]:
            calls.append(match[1])
        elif text in ")}]":
            calls[-1:] = []
        elif text.startswith('"') and re.search(r"[A-Za-z]{2} | [A-Za-z]{2}", text):
            is_said = any(call in ("fail", "Error", "disk_error") for call in calls)
            if is_said and not any(call in ("_", "N_", "n_") for call in calls):
                yield text


class Words(unittest.TestCase):
    def catalogues(self):
        found = sorted((ROOT / "po").glob("*.po"))
        self.assertTrue(found, "no catalogue in po/")
        return found

    def test_every_string_is_translated(self):
        for po in self.catalogues():
            missing = [one for one, _, texts, _ in entries(merged(po)) if not texts or not all(texts)]
            self.assertEqual([], missing, f"{po.name} lacks {len(missing)}:\n" + "\n".join(missing))

    def test_nothing_is_fuzzy(self):
        for po in self.catalogues():
            self.assertEqual([], [one for one, _, _, fuzzy in entries(po.read_text(encoding="utf-8")) if fuzzy])

    def test_placeholders_are_the_same_in_every_language(self):
        for po in self.catalogues():
            for one, many, texts, _ in entries(merged(po)):
                wanted = [sorted(PLACEHOLDER.findall(text)) for text in (one, many) if text]
                for text in filter(None, texts):
                    self.assertIn(sorted(PLACEHOLDER.findall(text)), wanted, f"{po.name}: {one!r} -> {text!r}")

    def test_catalogues_are_sound(self):
        for po in self.catalogues():
            run("msgfmt", "--check-header", "--check-format", "-o", "/dev/null", str(po))

    def test_errors_are_said_in_the_language_of_the_reader(self):
        found = []
        for path in product_sources():
            source = (ROOT / path).read_text(encoding="utf-8")
            found += [f"{path}: {text}" for text in untranslated_errors(source)]
        self.assertEqual([], found, "\n" + "\n".join(found))

    def test_the_search_for_untranslated_errors_finds_them(self):
        self.assertEqual(['"It broke."'], list(untranslated_errors('return fail(Kind::bug, "It broke.");')))
        self.assertEqual(['"It {} broke"'], list(untranslated_errors('Error{k, fmt::format("It {} broke", (1)), {}}')))
        self.assertEqual([], list(untranslated_errors('fail(Kind::bug, _("It broke.")); write("two words"); // fail("x y"')))


def update():
    template = ROOT / "po" / "valija.pot"
    extract(template)
    for po in sorted((ROOT / "po").glob("*.po")):
        po.write_text(merged(po), encoding="utf-8")
        print(run("msgfmt", "--statistics", "-o", "/dev/null", str(po)), end="")


if __name__ == "__main__":
    if sys.argv[1:] == ["--update"]:
        update()
    else:
        unittest.main()
