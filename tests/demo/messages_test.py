"""The sample messages are good mail in the eyes of another parser: messages_test.py DUMP_PROGRAM."""

import datetime
import email
import email.policy
import email.utils
import json
import re
import subprocess
import sys
import unittest

NOW = 1795428600
RESERVED = ("example.org", "example.com", "example.net", "test")


def load(program):
    output = subprocess.run([program, str(NOW)], check=True, capture_output=True, text=True).stdout
    rows = [json.loads(line) for line in output.splitlines()]
    for row in rows:
        row["octets"] = bytes.fromhex(row["octets"])
        row["message"] = email.message_from_bytes(row["octets"], policy=email.policy.default)
    return rows


class SampleMessages(unittest.TestCase):
    rows = []

    def test_every_message_and_part_is_without_defects(self):
        for row in self.rows:
            for part in row["message"].walk():
                with self.subTest(subject=row["message"]["Subject"]):
                    self.assertEqual(part.defects, [])
                    for name, value in part.items():
                        self.assertEqual(list(value.defects), [], name)

    def test_every_text_decodes_in_its_charset(self):
        for row in self.rows:
            for part in row["message"].walk():
                if part.get_content_maintype() == "text" and not part.is_attachment():
                    octets = part.get_payload(decode=True)
                    octets.decode(part.get_content_charset("us-ascii"))

    def test_every_message_has_the_headers_of_real_mail(self):
        for row in self.rows:
            message = row["message"]
            with self.subTest(subject=message["Subject"]):
                for name in ("From", "To", "Subject", "Date", "Message-ID", "MIME-Version"):
                    self.assertEqual(len(message.get_all(name, [])), 1, name)
                self.assertEqual(message["Date"].datetime, datetime.datetime.fromtimestamp(row["date"], datetime.timezone.utc))

    def test_message_ids_are_unique(self):
        ids = [row["message"]["Message-ID"] for row in self.rows]
        self.assertEqual(len(ids), len(set(ids)))

    def test_threads_hold_together(self):
        known = {row["message"]["Message-ID"]: row for row in self.rows}
        replies = 0
        for row in self.rows:
            message = row["message"]
            parent = message["In-Reply-To"]
            if parent is None:
                continue
            replies += 1
            with self.subTest(subject=message["Subject"]):
                self.assertIn(parent, known)
                self.assertGreater(row["date"], known[parent]["date"])
                references = message["References"].split()
                self.assertEqual(references[-1], parent)
                self.assertEqual(references[:-1], (known[parent]["message"]["References"] or "").split())
        self.assertGreaterEqual(replies, 25)

    def test_only_reserved_domains_occur(self):
        for row in self.rows:
            for part in row["message"].walk():
                if part.is_multipart():
                    continue
                octets = part.get_payload(decode=True) or b""
                if part.get_content_maintype() in ("image", "application"):
                    continue
                text = octets.decode(part.get_content_charset("utf-8") or "utf-8")
                hosts = re.findall(r"(?:https?://|@)([a-z0-9.-]+\.[a-z]{2,})", text)
                hosts += [address.domain for name in ("From", "To", "Cc") if row["message"][name] for address in row["message"][name].addresses]
                for host in hosts:
                    self.assertTrue(host in RESERVED or host.endswith(tuple("." + end for end in RESERVED)), host)

    def test_the_kinds_of_mail_that_a_reader_must_show_are_there(self):
        types = {part.get_content_type() for row in self.rows for part in row["message"].walk()}
        for needed in ("text/html", "text/calendar", "text/csv", "application/pdf", "image/png", "message/rfc822",
                       "multipart/signed", "multipart/report", "multipart/alternative", "message/delivery-status"):
            self.assertIn(needed, types)
        charsets = {part.get_content_charset() for row in self.rows for part in row["message"].walk()}
        self.assertLessEqual({"utf-8", "us-ascii", "iso-2022-jp", "windows-1252", "iso-8859-15"}, charsets)
        encodings = {part["Content-Transfer-Encoding"] for row in self.rows for part in row["message"].walk()}
        self.assertLessEqual({"7bit", "8bit", "quoted-printable", "base64"}, encodings)

    def test_the_attachments_are_what_they_say(self):
        starts = {"application/pdf": b"%PDF-1.4", "image/png": b"\x89PNG\r\n\x1a\n"}
        for row in self.rows:
            for part in row["message"].walk():
                start = starts.get(part.get_content_type())
                if start is not None:
                    self.assertTrue(part.get_payload(decode=True).startswith(start), part.get_filename())


if __name__ == "__main__":
    SampleMessages.rows = load(sys.argv.pop(1))
    unittest.main()
