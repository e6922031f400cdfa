"""Writing on a real pseudo-terminal and sending through a real submission server: what is typed arrives, and nothing that was typed is lost."""

import email
import email.policy
import os
import signal
import unittest

from servers.submission import Submission
from support.both_sides import folders_of, message
from support.terminal import Terminal
from support.workspace import Workspace

# A line editor: prints what the file has, adds what is typed, ends at a dot.
EDITOR = r"""#!/bin/sh
cat "$1"
echo "editor ready"
while IFS= read -r line; do
  [ "$line" = . ] && exit 0
  printf '%s\n' "$line" >> "$1"
  echo "added $line"
done
"""


class ComposeTest(unittest.TestCase):
    def setUp(self):
        self.workspace = self.enterContext(Workspace())
        self.server = self.enterContext(Submission())
        self.server.seed("INBOX", [message("first", subject="Presupuesto")])

    def settings(self, compose='editor = "built-in"\nhold = 0'):
        self.workspace.account(self.server, more=f'send = "smtps://ana%40example.test@localhost:{self.server.smtps_port}"',
                               rest=f"[compose]\n{compose}")
        self.assertEqual(self.workspace.run("sync").status, 0)

    def open(self, *arguments, **environment):
        terminal = self.enterContext(Terminal(list(arguments), self.workspace.environment(**environment), 100, 36, folder=self.workspace.home))
        terminal.wait_for("Inbox", timeout=30)
        return terminal

    def write(self, terminal, to="ana@example.test", subject="Hola", text="Un saludo"):
        terminal.press("c")
        terminal.wait_for("Subject")
        terminal.press(f"{to}\r{subject}\r")
        terminal.wait_for(subject)
        terminal.press(text)
        terminal.wait_for(text.split("\r")[-1])
        self.leave_text(terminal)

    @staticmethod
    def leave_text(terminal):
        """Escape is a key of its own only when nothing follows it at once."""
        terminal.press("\x1b")
        terminal.wait_for("y send")

    def bodies(self, folder):
        with self.server.client() as client:
            return [octets for octets, _ in client.messages(folder).values()] if folder in folders_of(client) else []

    def arrived(self, subject, terminal):
        """The message of this subject that the server delivered, parsed by somebody else's parser."""
        def found():
            return [body for body in self.bodies("INBOX") if f"Subject: {subject}".encode() in body]
        terminal.wait_until(found, 30, f"the message {subject} at the server")
        self.assertEqual(len(found()), 1)
        return email.message_from_bytes(found()[0], policy=email.policy.default)

    def test_a_mail_is_written_sent_received_and_answered(self):
        self.settings()
        (self.workspace.home / "plan b.txt").write_bytes(b"the plan\n\xff\x00")
        terminal = self.open()
        terminal.wait_for("Presupuesto")
        self.write(terminal, subject="Árbol y niño", text="Querida Ana:\rñandú — 漢字")
        terminal.press("A")
        terminal.press("~/plan b.txt")
        terminal.wait_for("~/plan b.txt")
        terminal.press("\r")
        terminal.wait_until(lambda: "~/plan" not in terminal.text and "plan b.txt" in terminal.text, what="the attachment behind the prompt")
        terminal.press("y")
        got = self.arrived("=?", terminal)
        self.assertEqual(got["subject"], "Árbol y niño")
        self.assertEqual(got["from"], "Ana Ruiz <ana@example.test>")
        self.assertEqual(got.get_body(("plain",)).get_content().replace("\r\n", "\n").rstrip("\n"), "Querida Ana:\nñandú — 漢字")
        attachment = next(got.iter_attachments())
        self.assertEqual((attachment.get_filename(), attachment.get_payload(decode=True)), ("plan b.txt", b"the plan\n\xff\x00"))
        self.assertNotIn("bcc", got)
        terminal.press("$")
        terminal.wait_for("Árbol")
        terminal.wait_until(lambda: len(self.bodies("Sent")) == 1, 30, "the copy in Sent")

    def test_a_reply_quotes_and_is_tied_to_what_it_answers(self):
        self.settings()
        terminal = self.open()
        terminal.wait_for("Presupuesto")
        terminal.press("r")
        terminal.wait_for("Re: Presupuesto")
        terminal.press("Vale.")
        terminal.wait_for("Vale.")
        self.leave_text(terminal)
        terminal.press("y")
        terminal.wait_until(lambda: self.server.bridge.messages, 30, "the reply at the server")
        got = email.message_from_bytes(self.server.bridge.messages[0][2], policy=email.policy.default)
        self.assertEqual((got["in-reply-to"], got["references"]), ("<first@example.org>", "<first@example.org>"))
        self.assertEqual(got["to"], "Ben <ben@example.org>")
        self.assertRegex(got.get_content(), r"(?m)^> ")
        terminal.wait_until(lambda: self.workspace.count("tag:replied and id:first@example.org") == 1, 30, "the tag replied")

    def test_what_was_typed_is_there_after_a_kill(self):
        self.settings()
        terminal = self.open()
        self.write(terminal, subject="Unfinished", text="half a thought")
        drafts = self.workspace.state / "drafts"
        terminal.wait_until(lambda: any(b"half a thought" in path.read_bytes() for path in drafts.glob("*.draft")), 30, "the draft on the disk")
        os.killpg(terminal.process.pid, signal.SIGKILL)
        terminal.process.wait()
        again = self.open()
        again.wait_for(":drafts")
        again.press(":drafts\r")
        again.wait_for("Unfinished")
        again.press("\r")
        again.wait_for("half a thought")

    def test_a_lost_line_keeps_the_newest_letter(self):
        self.settings()
        terminal = self.open()
        self.write(terminal, subject="Cut", text="the very last words")
        terminal.kill(signal.SIGHUP)
        terminal.wait_for_exit()
        drafts = list((self.workspace.state / "drafts").glob("*.draft"))
        self.assertEqual(len(drafts), 1)
        self.assertIn(b"the very last words", drafts[0].read_bytes())

    def test_sending_is_taken_back_within_the_hold(self):
        self.settings('editor = "built-in"\nhold = 600')
        terminal = self.open()
        self.write(terminal, subject="Too soon")
        terminal.press("y")
        terminal.wait_for("takes it back")
        self.assertIn("Too soon", self.workspace.run("outbox").text)
        terminal.press("u")
        terminal.wait_for("Un saludo")
        terminal.wait_until(lambda: "Too soon" not in self.workspace.run("outbox").text, 30, "the outbox to be empty")
        self.assertEqual(self.server.bridge.messages, [])

    def test_a_forgotten_attachment_is_asked_about(self):
        self.settings()
        terminal = self.open()
        self.write(terminal, subject="Report", text="See the attached report.")
        terminal.press("y")
        terminal.wait_for("speaks of an attachment")
        self.assertEqual(self.server.bridge.messages, [])
        terminal.press("y")
        terminal.wait_until(lambda: self.server.bridge.messages, 30, "the message, sent all the same")

    def test_a_draft_is_shared_through_the_drafts_folder(self):
        self.settings()
        terminal = self.open()
        terminal.wait_for("Presupuesto")
        self.write(terminal, subject="Later", text="not yet")
        terminal.press("P")
        terminal.wait_until(lambda: any(b"not yet" in body for body in self.bodies("Drafts")), 30, "the draft at the server")

    def test_the_editor_runs_in_a_pane_beside_the_mail(self):
        editor = self.workspace.home / "line editor"
        editor.write_text(EDITOR)
        editor.chmod(0o700)
        self.settings(f"editor = \"'{editor}'\"\nhold = 0")
        terminal = self.open()
        terminal.wait_for("Presupuesto")
        terminal.press("c")
        terminal.wait_for("Subject")
        terminal.press("ana@example.test\rFrom an editor\r")
        terminal.wait_for("editor ready")
        terminal.press("typed in the pane\r")
        terminal.wait_for("added typed in the pane")
        terminal.press("\x1d")
        terminal.press("gT")
        terminal.wait_for("Presupuesto")
        terminal.press("gt")
        terminal.wait_for("added typed in the pane")
        terminal.press("e")
        terminal.press("second line\r")
        terminal.wait_for("added second line")
        terminal.press(".\r")
        terminal.wait_while("editor ready")
        terminal.wait_for("second line")
        terminal.press("y")
        got = self.arrived("From an editor", terminal)
        self.assertEqual(got.get_content().replace("\r\n", "\n").strip(), "typed in the pane\nsecond line")


if __name__ == "__main__":
    unittest.main()
