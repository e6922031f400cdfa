"""`valija compose`, as a desktop or a shell starts it: the message is there on the first screen, and a link gets nothing but what RFC 6068 allows."""

import unittest

from support.terminal import Terminal
from support.workspace import Workspace


class MailtoTest(unittest.TestCase):
    def setUp(self):
        self.workspace = self.enterContext(Workspace())
        self.workspace.settings('[account.work]\naddress = "ana@example.test"\nreceive = "imaps://ana@localhost:1"\nsend = "command:false"\n'
                                'password-command = "echo secret"\n[aliases]\nfamily = "Marta <marta@example.test>, jun@example.test"\n'
                                '[compose]\neditor = "built-in"\n')
        self.workspace.mail.mkdir(parents=True)

    def open(self, *arguments):
        return self.enterContext(Terminal(["compose", *arguments], self.workspace.environment(), 110, 30, folder=self.workspace.home))

    def test_a_link_fills_the_message(self):
        terminal = self.open("mailto:ben@example.test,jun@example.test?cc=eva@example.test&subject=Caf%C3%A9%20at%205&body=One%0D%0ATwo")
        for text in ("ben@example.test, jun@example.test", "eva@example.test", "Café at 5", "One", "Two", "ana@example.test"):
            terminal.wait_for(text)

    def test_a_file_of_the_command_line_is_attached_and_one_of_a_link_is_not(self):
        (self.workspace.home / "the report.txt").write_text("x" * 2000)
        (self.workspace.home / "secret.txt").write_text("x")
        terminal = self.open("--attach", "the report.txt", f"mailto:ben@example.test?attach={self.workspace.home}/secret.txt&subject=Report")
        terminal.wait_for("the report.txt")
        terminal.wait_for("2.0 kB")
        self.assertNotIn("secret.txt", terminal.text)

    def test_recipients_are_completed_from_aliases_and_from_those_written_to(self):
        sent = self.workspace.mail / "work" / "Sent" / "cur"
        sent.mkdir(parents=True)
        (sent / "1:2,S").write_text("From: ana@example.test\nTo: Fàtima Roig <fatima@example.test>\nSubject: x\nMessage-ID: <1@x>\n\nhello\n")
        self.workspace.notmuch("new")
        terminal = self.open()
        terminal.wait_for("Subject")
        terminal.press("fam")
        terminal.wait_for("family: 2 people")
        terminal.wait_for("Marta <marta@example.test>, jun@example.test")

        def offers(text):
            # Mail history is read behind the first screen: ask again until it is there.
            for key in "\x7ft":
                terminal.press(key)
                terminal.settle(0.1)
            return text in terminal.text
        terminal.wait_until(lambda: offers("Fàtima Roig <fatima@example.test>"), 30, "the person of the Sent folder")

    def test_what_cannot_be_begun_with_takes_no_screen(self):
        for arguments, status in ((["https://example.test/"], 65), (["--attach", "none.txt"], 74), (["a", "b"], 64)):
            outcome = self.workspace.run("compose", *arguments)
            self.assertEqual(outcome.status, status, outcome)
            self.assertNotIn(b"\x1b", outcome.stdout + outcome.stderr)


if __name__ == "__main__":
    unittest.main()
