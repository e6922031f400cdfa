"""The headless commands answer as notmuch does on the same database."""

import json
import os
import unittest

from servers.corpus import Corpus
from servers.dovecot import Dovecot
from support.workspace import PATIENCE, Workspace

QUERIES = ("*", "tag:inbox", "from:lind", "subject:re", "date:..2025", "tag:inbox and not from:example.net", "id:nothing@example.test")
MIXED = (b"From: Ana Ruiz <ana@example.test>\r\nTo: Bob <bob@example.test>\r\nCc: eve@example.test\r\nSubject: =?utf-8?q?caf=C3=A9?= with parts\r\n"
         b"Date: Wed, 18 Nov 2026 10:00:00 +0000\r\nMessage-ID: <mixed@example.test>\r\nMIME-Version: 1.0\r\n"
         b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nthe visible text\r\n"
         b"--b\r\nContent-Type: text/csv\r\nContent-Disposition: attachment; filename=\"table.csv\"\r\nContent-Transfer-Encoding: base64\r\n\r\nYSxiCjEsMgo=\r\n--b--\r\n")


class CommandTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.workspace = cls.enterClassContext(Workspace())
        cls.server = cls.enterClassContext(Dovecot())
        cls.server.seed("INBOX", [*Corpus(200).octets(), MIXED])
        cls.workspace.account(cls.server)
        outcome = cls.workspace.run("sync")
        assert outcome.status == 0, outcome

    def run_valija(self, *arguments, status=0):
        outcome = self.workspace.run(*arguments)
        self.assertEqual(outcome.status, status, outcome)
        return outcome


class CountTest(CommandTest):
    def test_messages_and_threads_are_counted_as_notmuch_counts(self):
        for output in ("messages", "threads"):
            for query in QUERIES:
                with self.subTest(query, output=output):
                    ours = self.run_valija("count", f"--output={output}", query).text.strip()
                    self.assertEqual(ours, self.workspace.notmuch("count", f"--output={output}", query).strip())


class SearchTest(CommandTest):
    def test_json_is_the_json_of_notmuch(self):
        for query in QUERIES:
            for sort in ("newest", "oldest"):
                with self.subTest(query, sort=sort):
                    ours = json.loads(self.run_valija("search", "--format=json", f"--sort={sort}", query).text)
                    theirs = json.loads(self.workspace.notmuch("search", "--format=json", f"--sort={sort}-first", query))
                    for row in ours + theirs:
                        row.pop("date_relative")
                    self.assertEqual(ours, theirs)

    def test_the_limit_holds(self):
        self.assertEqual(len(json.loads(self.run_valija("search", "--format=json", "--limit=7", "*").text)), 7)

    def test_messages_files_and_tags(self):
        for output in ("messages", "files", "tags"):
            with self.subTest(output):
                ours = json.loads(self.run_valija("search", "--format=json", f"--output={output}", "tag:inbox").text)
                theirs = json.loads(self.workspace.notmuch("search", "--format=json", f"--output={output}", "tag:inbox"))
                self.assertEqual(ours, theirs)

    def test_text_has_one_line_a_thread(self):
        threads = int(self.workspace.notmuch("count", "--output=threads", "*"))
        self.assertEqual(len(self.run_valija("search", "*").lines()), threads)

    def test_a_query_in_several_words(self):
        ours = self.run_valija("search", "--output=messages", "tag:inbox", "and", "from:lind").lines()
        self.assertEqual(ours, self.workspace.notmuch("search", "--output=messages", "tag:inbox and from:lind").splitlines())


class ShowTest(CommandTest):
    def show(self):
        answer = json.loads(self.run_valija("show", "--format=json", "id:mixed@example.test").text)
        return answer[0] if isinstance(answer, list) else answer

    def test_json_holds_headers_tags_files_parts_and_text(self):
        shown = self.show()
        self.assertEqual(shown["id"], "mixed@example.test")
        self.assertEqual(shown["timestamp"], 1794996000)
        self.assertEqual(shown["headers"]["subject"], "café with parts")
        self.assertIn("bob@example.test", json.dumps(shown["headers"]["to"]))
        self.assertIn("inbox", shown["tags"])
        self.assertEqual(len(shown["files"]), 1)
        self.assertIn("the visible text", shown["text"])
        table = next(part for part in shown["parts"] if part["filename"] == "table.csv")
        self.assertEqual((table["type"], table["size"]), ("text/csv", 8))

    def test_a_part_comes_decoded(self):
        number = next(part["part"] for part in self.show()["parts"] if part["filename"] == "table.csv")
        outcome = self.run_valija("show", f"--part={number}", "id:mixed@example.test")
        self.assertEqual(outcome.stdout, b"a,b\n1,2\n")

    def test_raw_is_byte_for_byte(self):
        self.assertEqual(self.run_valija("show", "--format=raw", "id:mixed@example.test").stdout, MIXED)

    def test_text_is_readable(self):
        text = self.run_valija("show", "id:mixed@example.test").text
        for expected in ("café with parts", "the visible text", "table.csv", "ana@example.test"):
            self.assertIn(expected, text)


class TagTest(CommandTest):
    def test_tags_are_added_and_removed(self):
        self.run_valija("tag", "+project x", "+kept", "--", "from:lind")
        self.assertEqual(self.workspace.count('tag:"project x"'), self.workspace.count("from:lind"))
        self.run_valija("tag", "-project x", "--", "*")
        self.assertEqual(self.workspace.count('tag:"project x"'), 0)
        self.assertEqual(self.workspace.count("tag:kept"), self.workspace.count("from:lind"))

    def test_a_change_without_a_tag_is_a_usage_error(self):
        self.run_valija("tag", "--", "*", status=64)


class UsageTest(CommandTest):
    def test_version_and_help(self):
        self.assertRegex(self.run_valija("--version").text, r"valija \d+\.\d+")
        self.assertIn("sync", self.run_valija("--help").text)
        for command in ("sync", "search", "count", "show", "tag", "config", "demo", "doctor"):
            with self.subTest(command):
                self.assertIn(command, self.run_valija(command, "--help").text)

    def test_mistakes_on_the_command_line_exit_64_and_name_the_nearest(self):
        self.assertIn("sync", self.run_valija("synk", "--json", status=64).errors)
        self.assertIn("--limit", self.run_valija("search", "--limt=3", "*", status=64).errors)

    def test_settings_are_checked_and_shown_without_the_password(self):
        self.assertEqual(self.run_valija("config", "check").status, 0)
        shown = self.run_valija("config", "show").text
        self.assertIn("ana@example.test", shown)
        self.assertNotIn('"secret"', shown)
        self.assertIn("[account.", self.run_valija("config", "sample").text)

    def test_a_key_that_is_bound_to_no_command_is_a_fault_with_its_line(self):
        sane = self.workspace.settings_file.read_text()
        self.workspace.settings(sane + '\n[keys.list]\nx = "serch tag:todo"\ny = "search tag:todo"\n')
        outcome = self.run_valija("config", "check", status=78)
        for expected in (f":{len(sane.splitlines()) + 3}:", 'x = "serch tag:todo"', "search"):
            self.assertIn(expected, outcome.errors)
        self.assertNotIn("y =", outcome.errors)
        self.run_valija("count", "*", status=78)
        self.workspace.settings(sane)

    def test_the_doctor_finds_a_healthy_account(self):
        outcome = self.workspace.run("doctor")
        self.assertEqual(outcome.status, 0, outcome)  # root is worth a warning, no failure
        self.assertIn("work", outcome.text)
        self.assertNotIn("bad", outcome.text)

    def test_the_doctor_finds_a_sick_one(self):
        with Workspace() as workspace:
            workspace.account(self.server, password="wrong")
            outcome = workspace.run("doctor")
            self.assertEqual(outcome.status, 77, outcome)

    def test_a_closed_output_is_no_crash(self):
        process = self.workspace.start("search", "*")
        process.stdout.close()
        process.wait(60 * PATIENCE)
        process.stderr.close()
        self.assertNotIn(-process.returncode, (6, 11))


if __name__ == "__main__":
    unittest.main()
