"""Leaving a list on a real pseudo-terminal: nothing goes anywhere before a person said yes, by mail only what they send, and nothing to a machine of their own network."""

import email
import email.policy
import socket
import unittest

from servers.submission import Submission
from support.both_sides import message
from support.terminal import Terminal
from support.workspace import Workspace

ONE_CLICK = "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"


class UnsubscribeTest(unittest.TestCase):
    def setUp(self):
        self.workspace = self.enterContext(Workspace())
        self.server = self.enterContext(Submission())

    def open_letter(self, header):
        """The terminal, with a letter of a list open that has this header."""
        self.server.seed("INBOX", [f"List-Id: Boats <boats.lists.example>\r\n{header}".encode() + message("boats", subject="The boats of May")])
        self.workspace.account(self.server, more=f'send = "smtps://ana%40example.test@localhost:{self.server.smtps_port}"',
                               rest='[compose]\neditor = "built-in"\nhold = 0')
        self.assertEqual(self.workspace.run("sync").status, 0)
        terminal = self.enterContext(Terminal([], self.workspace.environment(), 110, 36, folder=self.workspace.home))
        terminal.wait_for("The boats of May", timeout=30)
        terminal.press("\r")
        terminal.wait_for("text of boats")
        terminal.press(":unsubscribe\r")
        terminal.wait_for("Leave Boats?")
        return terminal

    def test_the_mail_that_asks_for_it_waits_to_be_sent(self):
        terminal = self.open_letter("List-Unsubscribe: <mailto:leave@lists.example?subject=leave%207&body=please>\r\n")
        terminal.wait_for("leave@lists.example")
        terminal.press("y")
        terminal.wait_for("leave 7")
        terminal.wait_for("please")
        self.assertEqual(self.server.bridge.messages, [])
        terminal.press("\x1b")
        terminal.wait_for("y send")
        terminal.press("y")
        terminal.wait_until(lambda: self.server.bridge.elsewhere, 30, "the mail to the list")
        (_, recipients, octets), = self.server.bridge.elsewhere
        self.assertEqual(recipients, ["leave@lists.example"])
        got = email.message_from_bytes(octets, policy=email.policy.default)
        self.assertEqual((got["to"], got["subject"], got.get_content().strip()), ("leave@lists.example", "leave 7", "please"))

    def one_click(self):
        """A web server that only counts who comes, and the terminal before the question."""
        web = self.enterContext(socket.create_server(("127.0.0.1", 0)))
        web.setblocking(False)
        terminal = self.open_letter(f"List-Unsubscribe: <https://localhost:{web.getsockname()[1]}/leave?id=7>\r\n{ONE_CLICK}")
        terminal.wait_for("Ask localhost")
        return web, terminal

    def assert_nobody_came(self, web):
        self.assertRaises(BlockingIOError, web.accept)

    def test_no_answer_to_the_question_sends_nothing(self):
        web, terminal = self.one_click()
        terminal.press("\x1b")
        terminal.wait_until(lambda: "Ask localhost" not in terminal.text, what="the end of the question")
        terminal.press(":unsubscribe yes\r")
        terminal.wait_for("Nothing is to be left.")
        self.assert_nobody_came(web)

    def test_a_machine_of_ones_own_network_is_not_asked(self):
        web, terminal = self.one_click()
        terminal.press("y")
        terminal.wait_for("nothing was sent")
        self.assert_nobody_came(web)


if __name__ == "__main__":
    unittest.main()
