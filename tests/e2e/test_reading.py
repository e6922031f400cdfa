"""What a person does around one message: its parts and pictures, its other forms, its headers, and leaving a list."""

import email.message
import email.policy
import re
import struct
import subprocess
import unittest
import zlib

from support.terminal import Terminal
from support.workspace import Workspace

ESCAPE = "\x1b"
SUBJECT = "The plan of the garden"


def png(width, height, rgb):
    """A picture of one colour."""
    def chunk(kind, octets):
        return struct.pack(">I", len(octets)) + kind + octets + struct.pack(">I", zlib.crc32(kind + octets))
    rows = (b"\0" + bytes(rgb) * width) * height
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def garden():
    message = email.message.EmailMessage(policy=email.policy.SMTP)
    message["From"] = "Marta Gil <marta@example.org>"
    message["To"] = "Ana Ruiz <ana@example.test>"
    message["Subject"] = SUBJECT
    message["Date"] = "Sun, 22 Nov 2026 10:00:00 +0000"
    message["Message-ID"] = "<garden@example.org>"
    message["X-Mailer"] = "a hand and a pen"
    message["List-Id"] = "Gardeners <gardeners.example.org>"
    message["List-Unsubscribe"] = "<https://lists.example.org/leave?a=1>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content("The plain form of it.\nThe apple tree stays.\n" + "A line between.\n" * 40 + "The APPLE harvest is in autumn.\n")
    message.add_alternative("<p>The <b>rich form</b> of it, and <a href='https://garden.example.org/plan'>the plan</a>.</p>", subtype="html")
    message.add_attachment(b"plum,3\r\npear,4\r\n", maintype="text", subtype="csv", filename="trees.csv")
    message.add_attachment(png(200, 100, (200, 30, 30)), maintype="image", subtype="png", filename="plan.png")
    return message.as_bytes()


class Reading(unittest.TestCase):
    """One mail, which is open."""

    def open(self, settings="", **environment):
        self.workspace = self.enterContext(Workspace())
        mail = self.workspace.home / "old-mail"
        for name in ("cur", "new", "tmp"):
            (mail / "inbox" / name).mkdir(parents=True)
        self.original = garden()
        (mail / "inbox" / "cur" / "1.garden:2,").write_bytes(self.original)
        (self.workspace.home / ".notmuch-config").write_text(f"[database]\npath={mail}\n[user]\nname=Ana Ruiz\nprimary_email=ana@example.test\n[new]\ntags=inbox\n")
        self.workspace.settings(settings)
        subprocess.run(["notmuch", "new"], env=self.workspace.environment(), capture_output=True, check=True)
        self.terminal = self.enterContext(Terminal([], self.workspace.environment(COLORTERM="truecolor", **environment), 110, 40, folder=self.workspace.home))
        self.terminal.wait_for(SUBJECT)
        self.terminal.press("\r")
        self.terminal.wait_for("of it")

    def command(self, line):
        self.terminal.press(":")
        self.terminal.wait_until(lambda: self.terminal.lines()[-1].startswith(":"), what="the line for a command")
        self.terminal.press(line + "\r")

    def reds(self):
        """Cells in about the colour of the picture."""
        def is_red(color):
            if len(color) != 6 or not all(digit in "0123456789abcdef" for digit in color):
                return False
            red, green, blue = bytes.fromhex(color)
            return red > 150 and green < 80 and blue < 80
        return sum(1 for row in self.terminal.screen.buffer.values() for cell in row.values() if is_red(cell.fg) or is_red(cell.bg))


class ReadingTest(Reading):
    def setUp(self):
        self.open()

    def test_the_parts_are_listed_and_viewed(self):
        self.terminal.press("v")
        self.terminal.wait_for("Parts of the message")
        self.terminal.wait_for("plan.png")
        self.terminal.press("\r")
        self.terminal.wait_for("plum,3")
        self.terminal.press("q")
        self.terminal.wait_for("Parts of the message")
        self.terminal.press("q")
        self.terminal.wait_while("Parts of the message")

    def test_all_attachments_are_saved(self):
        saved = self.workspace.home / "saved"
        saved.mkdir()
        self.command("save all ~/saved")
        self.terminal.wait_until(lambda: len(list(saved.iterdir())) == 2, what="the two files")
        self.terminal.wait_for("Saved 2 files")
        self.assertEqual((saved / "trees.csv").read_bytes().replace(b"\r\n", b"\n"), b"plum,3\npear,4\n")
        self.assertTrue((saved / "plan.png").read_bytes().startswith(b"\x89PNG"))

    def test_the_other_form_the_headers_and_the_source(self):
        first = "plain form" if "plain form" in self.terminal.text else "rich form"
        other = "rich form" if first == "plain form" else "plain form"
        self.terminal.press("i")
        self.terminal.wait_for(other)
        self.terminal.press("i")
        self.terminal.wait_for(first)
        self.terminal.press("H")
        self.terminal.wait_for("X-Mailer: a hand and a pen")
        self.terminal.press("H")
        self.terminal.wait_while("X-Mailer: a hand and a pen")
        self.terminal.press("=")
        self.terminal.wait_for("X-Mailer: a hand and a pen")
        self.terminal.press("=")
        self.terminal.wait_while("X-Mailer: a hand and a pen")

    def test_a_text_is_found_and_found_again(self):
        if "plain form" not in self.terminal.text:
            self.terminal.press("i")
            self.terminal.wait_for("plain form")
        self.command("find apple")
        self.terminal.wait_for("Place 1 of 2")
        self.terminal.press(";")
        self.terminal.wait_for("The APPLE harvest")
        self.terminal.press("'")
        self.terminal.wait_for("The apple tree")

    def test_leaving_a_list_shows_who_is_asked_and_waits(self):
        self.terminal.press("U")
        self.terminal.wait_for("Leave Gardeners?")
        self.terminal.wait_for("Ask lists.example.org to take you off")
        self.terminal.press(ESCAPE)
        self.terminal.wait_while("Leave Gardeners?")

    def test_the_message_is_exported_and_piped(self):
        self.command("export ~/garden.eml")
        target = self.workspace.home / "garden.eml"
        self.terminal.wait_until(lambda: target.exists() and target.read_bytes() == self.original, what="the file")
        self.command("pipe 1 sort -r")
        self.terminal.wait_for("What the command wrote")
        self.terminal.wait_for("pear,4")

    def test_the_numbers_of_links_stand_in_the_text_while_one_is_chosen(self):
        if "rich form" not in self.terminal.text:
            self.terminal.press("i")
            self.terminal.wait_for("rich form")
        self.terminal.press("o")
        self.terminal.wait_for("3he plan")
        self.terminal.press(ESCAPE)
        self.terminal.wait_for("the plan")

    def test_why_tells_the_kind_of_mail(self):
        self.terminal.press("W")
        self.terminal.wait_for("What kind of mail this is")
        self.terminal.press("q")
        self.terminal.wait_while("What kind of mail this is")


class PictureTest(Reading):
    """The picture on terminals that draw pictures and answer so when they are asked, and on those that do not."""

    question = b"\x1b[16t\x1b[c"
    cells_of_8_by_16 = "\x1b[6;16;8t"
    kitty = rb"\x1b_Ga=T,[^;]*"
    sixel = rb'\x1bP[0-9;]*q"1;1;(\d+);(\d+)'

    def answer(self, answers):
        self.terminal.wait_until(lambda: self.question in self.terminal.output, what="the question")
        self.terminal.press(answers)

    def sent(self, pattern):
        return list(re.finditer(pattern, self.terminal.output))

    def wait_for_pictures(self, pattern, count):
        self.terminal.wait_until(lambda: len(self.sent(pattern)) == count, what=f"{count} pictures")

    def show_once(self, pattern):
        """Keys that change something else do not send it again; the help and the way back do."""
        self.command("show 2")
        self.wait_for_pictures(pattern, 1)
        self.terminal.press("%")
        self.terminal.wait_for("The key % does nothing here.")
        self.wait_for_pictures(pattern, 1)
        self.terminal.press("?")
        self.terminal.wait_while("plan.png")
        self.terminal.press("q")
        self.terminal.wait_for("plan.png")
        self.wait_for_pictures(pattern, 2)
        return self.sent(pattern)[-1]

    def leave(self):
        """What goes out from then on."""
        before = len(self.terminal.output)
        self.terminal.press("q")
        self.terminal.wait_for("of it")
        return bytes(self.terminal.output[before:])

    def test_kitty(self):
        self.open(KITTY_WINDOW_ID="1")
        self.answer(f"\x1b_Gi=31;OK\x1b\\{self.cells_of_8_by_16}\x1b[?62c")
        picture = self.show_once(self.kitty)
        self.assertIn(b",s=200,v=96,c=25,r=6", picture.group())
        self.assertEqual(self.reds(), 0)
        after = self.leave()
        self.assertIn(b"\x1b_Ga=d,d=A\x1b\\", after)
        self.assertIn(b"\x1b[2J", after)
        self.assertEqual(len(self.sent(self.kitty)), 2)

    def test_sixel(self):
        self.open()
        self.answer(self.cells_of_8_by_16 + "\x1b[?62;4;22c")
        picture = self.show_once(self.sixel)
        self.assertEqual(picture.groups(), (b"200", b"96"))
        self.assertIn(b"\x1b[2J", self.leave())
        self.assertEqual(len(self.sent(self.sixel)), 2)
        self.assertNotIn(b"\x1b_", self.terminal.output)

    def test_a_terminal_is_asked_when_the_settings_want_its_pictures(self):
        self.open('[ui]\npictures = "blocks"\n')
        self.assertNotIn(self.question, self.terminal.output)
        self.command("set ui.pictures sixel")
        self.answer(self.cells_of_8_by_16)
        self.command("show 2")
        self.wait_for_pictures(self.sixel, 1)
        self.assertEqual(self.sent(self.sixel)[0].groups(), (b"200", b"96"))

    def test_half_blocks(self):
        self.open()
        self.check_half_blocks()

    def test_tmux_gets_half_blocks_whatever_is_around_it(self):
        self.open(TERM="tmux-256color", TMUX="/tmp/tmux/default,1,0", KITTY_WINDOW_ID="1")
        self.answer("\x1b[?1;2c")
        self.check_half_blocks()
        self.assertNotIn(b"\x1b_", self.terminal.output)
        self.assertNotIn(b"\x1bP", self.terminal.output)

    def check_half_blocks(self):
        self.command("show 2")
        self.terminal.wait_until(lambda: self.reds() >= 50, what="the red of the picture")
        self.terminal.press("q")
        self.terminal.wait_until(lambda: self.reds() == 0, what="the page to go")


del Reading  # is no test by itself

if __name__ == "__main__":
    unittest.main()
