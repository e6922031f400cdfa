"""`valija send` and `valija outbox`: what programs send leaves as they meant it, once, and nothing is lost where it cannot leave."""

import collections
import email
import email.policy
import os
import pathlib
import re
import subprocess
import unittest

from servers.ports import free_ports
from servers.smtp import CUT, FEATURES, SmtpServer
from servers.submission import Submission
from support.workspace import PATIENCE, PROGRAM, Workspace

MESSAGE = ("From: Ana Ruiz <ana@example.test>\nTo: Ben <ben@example.test>\nSubject: =?utf-8?Q?=C2=BFQu=C3=A9_tal=3F?=\n"
           "Message-ID: <one@example.test>\nDate: Mon, 23 Nov 2026 09:00:00 +0000\n\n{body}")
BODY = ".\n..\n.leading dot\nFrom the beginning\n\ntrailing blanks  \nlast line\n"


def message(body="Hello.\n", **fields):
    text = MESSAGE.format(body=body)
    for name, value in fields.items():
        text = re.sub(rf"(?m)^{name}: .*\n", f"{name}: {value}\n" if value else "", text, count=1)
    return text.encode()


def on_the_wire(octets):
    return octets.replace(b"\n", b"\r\n")


class SendTest(unittest.TestCase):
    def setUp(self):
        self.workspace = self.enterContext(Workspace())

    def account(self, server, scheme="smtps", more="", send=None):
        send = send or f"{scheme}://ana%40example.test@localhost:{getattr(server, scheme + '_port')}"
        self.workspace.settings(f'[account.work]\naddress = "ana@example.test"\nname = "Ana Ruiz"\naliases = ["ana.ruiz@example.test"]\npassword = "secret"\n'
                                f'send = "{send}"\n' + (f'tls-ca-file = "{server.ca_file}"\n' if server else "") + more + "\n")

    def scripted(self, **how):
        server = self.enterContext(SmtpServer(**how))
        self.account(server)
        return server

    def send(self, *arguments, given=None, status=0, **how):
        outcome = self.workspace.run("send", *arguments, given=message() if given is None else given, **how)
        self.assertEqual(outcome.status, status, outcome)
        return outcome

    def outbox(self, *arguments, status=0):
        outcome = self.workspace.run("outbox", *arguments, "--json")
        self.assertEqual(outcome.status, status, outcome)
        return [row for row in outcome.events() if "id" in row]

    def files(self):
        return list((self.workspace.state / "outbox").iterdir())


class SendmailTest(SendTest):
    def test_a_message_leaves_as_it_was_given(self):
        server = self.scripted()
        self.send("ben@example.test", given=message(BODY))
        sent, = server.accepted()
        self.assertEqual(sent.octets, on_the_wire(message(BODY)))
        self.assertEqual((sent.sender, sent.recipients), ("ana@example.test", ["ben@example.test"]))
        self.assertEqual(self.outbox(), [])
        self.assertEqual(self.files(), [])

    def test_starttls(self):
        server = self.enterContext(SmtpServer(implicit_tls=False))
        self.account(server, send=f"smtp://ana%40example.test@localhost:{server.port}")
        self.send("ben@example.test")
        self.assertEqual(len(server.accepted()), 1)

    def test_every_mechanism_that_this_libcurl_has(self):
        """The build of Debian 12 has no gsasl, so no SCRAM; a token for XOAUTH2 and OAUTHBEARER has no setting yet."""
        for mechanism in ("PLAIN", "LOGIN", "CRAM-MD5", "DIGEST-MD5", "NTLM"):
            for implicit_tls in (True, False):
                with self.subTest(mechanism=mechanism, implicit_tls=implicit_tls):
                    server = self.enterContext(SmtpServer(implicit_tls=implicit_tls, features=("PIPELINING", "8BITMIME", f"AUTH {mechanism}")))
                    self.account(server, send=f"smtp{'s' if implicit_tls else ''}://ana%40example.test@localhost:{server.port}")
                    self.send("ben@example.test")
                    self.assertEqual(server.logins, [(mechanism, "ana@example.test")])
                    self.assertEqual(len(server.accepted()), 1)
                    self.assertFalse([command for secure, command in server.commands if not secure and command.startswith("AUTH")])

    def test_a_wrong_password_proves_nothing(self):
        for mechanism in ("CRAM-MD5", "DIGEST-MD5"):
            with self.subTest(mechanism=mechanism):
                server = self.scripted(features=("PIPELINING", "8BITMIME", f"AUTH {mechanism}"), password="other")
                self.send("ben@example.test")
                self.assertEqual((server.logins, server.accepted()), ([], []))
                row, = self.outbox()
                self.outbox("cancel", str(row["id"]))

    def test_mechanisms_that_are_missing_are_a_failed_login_and_no_weaker_one_is_tried(self):
        for mechanism in ("SCRAM-SHA-256", "SCRAM-SHA-1", "XOAUTH2", "OAUTHBEARER", "EXTERNAL", "GSS-SPNEGO"):
            with self.subTest(mechanism=mechanism):
                server = self.scripted(features=("PIPELINING", "8BITMIME", f"AUTH {mechanism}"))
                self.send("ben@example.test")
                self.assertEqual(server.accepted(), [])
                self.assertFalse([command for _, command in server.commands if command.startswith("AUTH")])
                row, = self.outbox()
                self.assertEqual(row["state"], "waiting")
                self.outbox("cancel", str(row["id"]))

    def test_nothing_is_said_where_the_line_stays_unencrypted(self):
        server = self.enterContext(SmtpServer(implicit_tls=False, features=("PIPELINING", "8BITMIME", "AUTH PLAIN CRAM-MD5 DIGEST-MD5 NTLM")))
        server.starttls_hidden = server.auth_in_clear = True
        self.account(server, send=f"smtp://ana%40example.test@localhost:{server.port}")
        self.send("ben@example.test")
        self.assertFalse([command for _, command in server.commands if command.startswith("AUTH")])
        self.assertEqual(server.accepted(), [])

    def test_recipients_from_the_header_and_bcc_is_not_sent(self):
        server = self.scripted()
        self.send("-t", given=b"Bcc: Secret <secret@example.test>,\n hidden@example.test\nCc: eva@example.test\n" + message())
        sent, = server.accepted()
        self.assertEqual(sorted(sent.recipients), ["ben@example.test", "eva@example.test", "hidden@example.test", "secret@example.test"])
        for word in (b"bcc", b"secret", b"hidden"):
            self.assertNotIn(word, sent.octets.lower())

    def test_options_of_sendmail_are_taken(self):
        server = self.scripted()
        for options in (["-i"], ["-oi"], ["-oem", "-oi"], ["-bm", "-i", "--"], ["-ti"], ["-it"], ["-F", "Somebody", "-i"], ["-FSomebody"], ["-B", "8BITMIME"],
                        ["-odq", "-v"], ["-N", "never"], ["-R", "hdrs"], ["-Am"], ["-h", "3"]):
            with self.subTest(options=options):
                self.send(*options, *([] if "t" in options[0] else ["ben@example.test"]))
        self.assertTrue(all(sent.recipients == ["ben@example.test"] for sent in server.accepted()))
        self.assertEqual(len(server.accepted()), 14)

    def test_the_sender_decides_the_account(self):
        first, second = self.enterContext(SmtpServer()), self.enterContext(SmtpServer())
        self.workspace.settings("".join(
            f'[account.{name}]\naddress = "{name}@example.test"\naliases = ["*@{name}.test"]\npassword = "secret"\ntls-ca-file = "{server.ca_file}"\n'
            f'send = "smtps://u@localhost:{server.port}"\n' for name, server in (("one", first), ("two", second))))
        self.send("-f", "two@example.test", "ben@example.test")
        self.send("-ftwo@example.test", "ben@example.test")
        self.send("ben@example.test", given=message(From="Me <any@two.test>"))
        self.send("-t", "-f", "two+tag@example.test")
        self.assertEqual(collections.Counter(sent.sender for sent in second.accepted()), {"two@example.test": 2, "any@two.test": 1, "two+tag@example.test": 1})
        self.send("ben@example.test", given=message(From="root@localhost"))  # a program's own: the first account says who it is to the server
        self.assertEqual([sent.sender for sent in first.accepted()], ["one@example.test"])

    def test_what_misses_in_the_header_is_made(self):
        server = self.scripted()
        self.send("ben@example.test", given=b"Subject: from cron\n\ntext\n")
        parsed = email.message_from_bytes(server.accepted()[0].octets, policy=email.policy.default)
        self.assertEqual(parsed["From"].addresses[0].addr_spec, "ana@example.test")
        self.assertIsNotNone(parsed["Date"].datetime)
        self.assertRegex(parsed["Message-ID"], r"^<[^@<>]+@example\.test>$")
        self.assertEqual(parsed.get_payload(), "text\r\n")

    def test_the_name_of_the_sender(self):
        server = self.scripted()
        for given, expected in ((b"Subject: from cron\n\ntext\n", "Ñandú, cron"), (message(From="ana@example.test"), "Ñandú, cron"), (message(), "Ana Ruiz")):
            with self.subTest(expected=expected):
                self.send("-F", "Ñandú, cron", "ben@example.test", given=given)
                sender, = email.message_from_bytes(server.accepted()[-1].octets, policy=email.policy.default)["From"].addresses
                self.assertEqual((sender.display_name, sender.addr_spec), (expected, "ana@example.test"))

    def test_a_dot_alone_ends_nothing(self):
        server = self.scripted()
        self.send("ben@example.test", given=message("one\n.\ntwo\n"))
        self.assertTrue(server.accepted()[0].octets.endswith(b"one\r\n.\r\ntwo\r\n"))

    def test_delivery_reports_are_asked_for(self):
        server = self.scripted()
        self.send("-N", "success,failure", "ben@example.test")
        self.assertTrue(any("NOTIFY=" in command for _, command in server.commands))

    def test_recipients_are_split_by_the_limit_of_the_server(self):
        people = [f"p{number}@example.test" for number in range(7)]
        for features in (FEATURES, (*FEATURES, "LIMITS RCPTMAX=3")):
            with self.subTest(features=features):
                server = self.scripted(features=features)
                server.most_recipients = 3
                server.faults["dot"] = [None, "451 4.3.0 later"]  # the second transaction comes back
                self.send(*people)
                self.assertEqual([sent.recipients for sent in server.accepted()], [people[:3]])
                row, = self.outbox()
                self.outbox("send", str(row["id"]))
                self.assertEqual([sent.recipients for sent in server.accepted()], [people[:3], people[3:6], people[6:]])
                self.assertEqual(self.outbox(), [])
                if features != FEATURES:
                    self.assertFalse(any(transaction.refused for transaction in server.transactions))

    def test_a_server_without_eight_bits_gets_seven(self):
        server = self.scripted(features=("PIPELINING", "AUTH PLAIN LOGIN"))
        body = "Año nuevo, ¡qué frío!\n"
        header = "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n"
        self.send("ben@example.test", given=header.encode() + message(body))
        sent, = server.accepted()
        self.assertTrue(sent.octets.isascii())
        self.assertEqual(email.message_from_bytes(sent.octets, policy=email.policy.default).get_content().replace("\r\n", "\n"), body)

    def test_wrong_use(self):
        self.scripted()
        for arguments, given, status in ((["no address"], None, 65), (["-t"], b"Subject: nobody\n\ntext\n", 65), (["-bs"], None, 64), (["--what"], None, 64), (["-f"], None, 64)):
            with self.subTest(arguments=arguments):
                outcome = self.workspace.run("send", *arguments, given=message() if given is None else given)
                self.assertIn(outcome.status, (64, 65), outcome)
                self.assertTrue(outcome.errors)
        self.assertEqual(self.outbox(), [])

    def test_an_account_that_cannot_send(self):
        self.workspace.settings('[account.work]\naddress = "ana@example.test"\nreceive = "imaps://u@localhost:1"\npassword = "secret"\n')
        self.assertEqual(self.workspace.run("send", "ben@example.test", given=message()).status, 78)
        self.assertEqual(self.outbox(), [])

    def test_an_injected_recipient_is_refused(self):
        server = self.scripted()
        for recipient in ("ben@example.test>\r\nRCPT TO:<eva@example.test", "ben@example.test\r\nDATA", "<a@b> SIZE=1"):
            self.workspace.run("send", "--", recipient, given=message())
        self.assertFalse([command for _, command in server.commands if "eva" in command])
        self.assertFalse(server.accepted())


class RefusalTest(SendTest):
    def test_one_refused_recipient_of_several_is_named_and_nothing_is_sent(self):
        server = self.scripted()
        server.refused["eva@example.test"] = "550 5.1.1 no such user here"
        outcome = self.send("ben@example.test", "eva@example.test", status=69)
        self.assertIn("eva@example.test", outcome.errors)
        self.assertIn("no such user here", outcome.errors)
        self.assertEqual(server.accepted(), [])
        held, = self.outbox()
        self.assertEqual((held["state"], held["to"]), ("refused", ["ben@example.test", "eva@example.test"]))
        self.assertIn(f"valija outbox send {held['id']}", outcome.errors)
        del server.refused["eva@example.test"]
        self.assertEqual(self.outbox("send", str(held["id"])), [])
        self.assertEqual(len(server.accepted()), 1)
        self.assertEqual(self.outbox(), [])

    def test_a_refused_mail_can_be_given_up(self):
        server = self.scripted()
        server.faults["dot"] = "554 5.7.1 spam"
        self.send("ben@example.test", status=69)
        held, = self.outbox()
        self.outbox("cancel", str(held["id"]))
        self.assertEqual(self.outbox(), [])
        self.assertEqual(self.files(), [])
        self.outbox("cancel", str(held["id"]), status=64)

    def test_what_is_too_large_for_the_server_is_said(self):
        server = self.scripted(features=("PIPELINING", "SIZE 1000", "AUTH PLAIN LOGIN"))
        outcome = self.send("ben@example.test", given=message("x" * 70 + "\n") + b"0123456789\n" * 200, status=69)
        self.assertRegex(outcome.errors, r"\d")
        self.assertEqual(server.accepted(), [])
        self.assertEqual([row["state"] for row in self.outbox()], ["refused"])

    def test_a_wrong_password_keeps_the_mail(self):
        server = self.scripted(password="another")
        outcome = self.send("ben@example.test")
        held, = self.outbox()
        self.assertEqual(held["state"], "waiting")
        self.assertIn("log", held["answer"].lower(), outcome)
        server.password = "secret"
        self.outbox("flush")
        self.assertEqual(len(server.accepted()), 1)

    def test_try_later_is_tried_later(self):
        server = self.scripted()
        server.faults["mail"] = ["451 4.3.0 come back"]
        self.send("ben@example.test")
        held, = self.outbox()
        self.assertEqual((held["state"], held["tries"]), ("waiting", 1))
        self.assertIn("come back", held["answer"])
        self.assertGreater(held["due"], held["queued"] + 30)
        self.send("ben@example.test", given=message(Subject="another"))  # the first is not due
        self.assertEqual(len(server.accepted()), 1)
        self.outbox("flush")
        self.assertEqual(len(server.accepted()), 2)
        self.assertEqual(self.outbox(), [])


class OfflineTest(SendTest):
    def test_without_a_network_it_waits_and_leaves_later(self):
        port, = free_ports(1)
        server = self.enterContext(SmtpServer())
        self.account(server, send=f"smtps://u@localhost:{port}")
        for number in range(3):
            self.send("ben@example.test", given=message(Subject=f"number {number}"))
        self.assertEqual([row["state"] for row in self.outbox()], ["waiting"] * 3)
        self.account(server)
        self.outbox("flush")
        self.assertEqual([email.message_from_bytes(sent.octets)["Subject"] for sent in server.accepted()], [f"number {number}" for number in range(3)])
        self.assertEqual(server.connections, 1)
        self.assertEqual(self.outbox(), [])

    def test_a_line_that_is_cut_behind_the_final_dot_holds_the_mail(self):
        server = self.scripted()
        server.faults["accepted"] = [CUT]
        outcome = self.send("ben@example.test")
        held, = self.outbox()
        self.assertEqual(held["state"], "maybe-sent")
        self.assertIn(str(held["id"]), outcome.errors)
        for _ in range(2):
            self.outbox("flush")
        self.assertEqual(len(server.transactions), 1)
        self.outbox("send", str(held["id"]))  # a person looked: it did not arrive
        first, second = server.accepted()
        self.assertEqual(first.octets, second.octets)  # the same Message-ID
        self.assertEqual(self.outbox(), [])

    def test_many_at_once_send_each_mail_once(self):
        server = self.scripted()
        processes = []
        for number in range(8):
            process = self.workspace.start("send", "-i", "ben@example.test", stdin=subprocess.PIPE)
            process.stdin.write(message(Subject=f"number {number}"))
            process.stdin.close()
            processes.append(process)
        for process in processes:
            self.assertEqual(process.wait(timeout=60 * PATIENCE), 0, process.stderr.read())
            process.stdout.close(), process.stderr.close()
        self.assertEqual(self.outbox(), [])
        self.assertEqual(sorted(email.message_from_bytes(sent.octets)["Subject"] for sent in server.accepted()), [f"number {number}" for number in range(8)])


class CommandTest(SendTest):
    def command(self, script):
        path = self.workspace.home / "our sendmail"
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o700)
        self.account(None, send=f"command:'{path}' --flag")

    def test_a_command_gets_the_message_and_the_addresses(self):
        self.command('printf "%s\\n" "$@" > arguments; cat > message')
        self.send("-f", "ana@example.test", "ben@example.test", "eva@example.test", given=message(BODY))
        found = {name: next(self.workspace.folder.rglob(name)).read_bytes() for name in ("arguments", "message")}
        self.assertEqual(found["arguments"].decode().split("\n")[:-1], ["--flag", "-f", "ana@example.test", "--", "ben@example.test", "eva@example.test"])
        self.assertEqual(found["message"], message(BODY))
        self.assertEqual(self.outbox(), [])

    def test_its_exit_status_decides(self):
        self.command("exit 75")
        self.send("ben@example.test")
        self.assertEqual([row["state"] for row in self.outbox()], ["waiting"])
        self.command("echo 'nobody is called that' >&2; exit 67")
        outcome = self.workspace.run("outbox", "flush")
        self.assertEqual(outcome.status, 69)
        self.assertIn("nobody is called that", outcome.errors)
        self.assertEqual([row["state"] for row in self.outbox()], ["refused"])


class RoundTripTest(SendTest):
    def setUp(self):
        super().setUp()
        self.server = self.enterContext(Submission(users={"ana@example.test": "secret", "ben@example.test": "secret"}))
        self.workspace.account(self.server, more=f'send = "smtps://ana%40example.test@localhost:{self.server.smtps_port}"')

    def sync(self):
        self.assertEqual(self.workspace.run("sync", "--json").status, 0)

    def test_a_mail_to_myself_comes_back_byte_for_byte_and_lies_in_sent_once(self):
        self.sync()
        octets = message(BODY, To="ana@example.test")
        self.send("-t", given=b"Bcc: ben@example.test\n" + octets)
        self.assertEqual(self.outbox(), [])
        self.sync()
        arrived, = self.workspace.stored().values()
        self.assertTrue(arrived.replace(b"\r\n", b"\n").endswith(octets), arrived)
        self.assertNotIn(b"bcc", arrived.lower())
        copy, = self.workspace.stored(folder="Sent").values()
        self.assertEqual(copy, b"Bcc: ben@example.test\r\n" + on_the_wire(octets))
        with self.server.client() as client:
            held = client.messages("Sent")
        self.assertEqual([bytes(body) for body, _ in held.values()], [copy])
        self.assertEqual(self.workspace.count("tag:sent and id:one@example.test"), 1)

    def test_git_sends_a_series_through_it(self):
        repository = self.workspace.home / "series"
        person = {f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER") for what, value in (("NAME", "Ana Ruiz"), ("EMAIL", "ana@example.test"))}

        def run(*words):
            done = subprocess.run(["git", *words], cwd=repository, capture_output=True, env=self.workspace.environment(**person))
            self.assertEqual(done.returncode, 0, done.stderr.decode())

        repository.mkdir()
        run("init", "-q")
        for number in range(4):
            (repository / "file").write_text("".join(f"línea {line}\n" for line in range(number + 1)))
            run("add", "file")
            run("commit", "-q", "-m", f"Change number {number} — ¡sí!")
        run("send-email", "--quiet", "--confirm=never", "--from=Ana Ruiz <ana@example.test>", "--to=ben@example.test", "--cc=ana@example.test",
            f"--sendmail-cmd={os.path.abspath(PROGRAM)} send", "HEAD~3")
        self.sync()
        patches = [email.message_from_bytes(octets, policy=email.policy.default) for octets in self.workspace.stored().values()]
        subjects = sorted(str(patch["Subject"]) for patch in patches)
        self.assertEqual(subjects, [f"[PATCH {number}/3] Change number {number} — ¡sí!" for number in (1, 2, 3)])
        first, = [patch for patch in patches if "1/3" in str(patch["Subject"])]
        self.assertTrue(all(str(patch["In-Reply-To"]) == str(first["Message-ID"]) for patch in patches if patch is not first))
        self.assertEqual(len(self.server.bridge.messages), 3)
        # What arrived is what git made: it applies.
        for path, octets in self.workspace.stored().items():
            applied = subprocess.run(["git", "apply", "--reverse", "--check", "-"], input=octets.replace(b"\r\n", b"\n"), cwd=repository, capture_output=True)
            if b"3/3" in octets:
                self.assertEqual(applied.returncode, 0, applied.stderr)

    def test_what_the_sent_folder_has_is_not_sent_again(self):
        """Behind a cut, a server that keeps its own copies answers for the person."""
        scripted = self.enterContext(SmtpServer())
        self.workspace.account(self.server, more=f'send = "smtps://u@localhost:{scripted.port}"\nsent-copy = "never"')
        (self.workspace.settings_file).write_text(self.workspace.settings_file.read_text().replace(str(self.server.ca_file), self.both_authorities(scripted)))
        scripted.faults["accepted"] = [CUT]
        self.send("ben@example.test")
        self.assertEqual([row["state"] for row in self.outbox()], ["maybe-sent"])
        self.server.seed("Sent", [on_the_wire(message())])
        self.outbox("flush")
        self.assertEqual(self.outbox(), [])
        self.assertEqual(len(scripted.transactions), 1)

    def both_authorities(self, scripted):
        path = self.workspace.folder / "authorities.pem"
        path.write_bytes(pathlib.Path(self.server.ca_file).read_bytes() + pathlib.Path(scripted.ca_file).read_bytes())
        return str(path)


if __name__ == "__main__":
    unittest.main()
